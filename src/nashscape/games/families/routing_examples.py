"""The two networks that everybody learns about selfish routing from: Pigou's and Braess'."""

from fractions import Fraction
from typing import Any, overload

from nashscape.core import positive_integer
from nashscape.core.calls import public
from nashscape.games.families.networks import Network, network
from nashscape.games.families.routing import _atomic, _flowing
from nashscape.games.families.routing_game import RoutingGame
from nashscape.games.forms.dense_game import DenseGame


@overload
def pigou(degree: int = 1, *, players: None = None) -> RoutingGame: ...
@overload
def pigou(degree: int = 1, *, players: int) -> DenseGame: ...
@public()
def pigou(degree: int = 1, *, players: int | None = None) -> RoutingGame | DenseGame:
    """Pigou's example: of two roads one always takes an hour, the other `x^d` hours if the share x of all is on it.

    Traffic without end of travellers, in two populations of one half: the only equilibrium is that all take the road
    that fills up, and costs 1; best is that `x = (d + 1)^{−1/d}` do. The price of anarchy is `1/(1 − d (d +
    1)^{−(d+1)/d})`, 4/3 for d = 1, and grows beyond all bounds with d. With a number of players it is the finite game
    in which each is `1/players` of the traffic.

    Args:
        degree: d.
        players: how many; by default traffic of which nobody makes a difference.

    Raises:
        InputError: for a degree below one, and fewer than two players.

    Example:
        >>> pigou(), [one.name for one in pigou().named_points]
        (<RoutingGame pigou: 2 populations, 2×2 paths>, ['all on the filling road'])
        >>> print(pigou(players=2).table())
                   steady   filling
        steady     -1, -1  -1, -0.5
        filling  -0.5, -1    -1, -1

    Source: Pigou (1920); Roughgarden (2003) for degrees above one.
    """
    d = positive_integer(degree, "degree")
    roads, names = [("s", "t"), ("s", "t")], ("steady", "filling")
    if players is not None:
        n = positive_integer(players, "players", at_least=2)
        costs: list[Any] = [1, [0] * d + [Fraction(1, n**d)]]
        return _atomic(network(roads, costs, [("s", "t")] * n, [1] * n), "pigou", [names] * n)
    made = _two_halves(roads, [1, [0] * d + [1]])
    return _flowing(made, "pigou", [("all on the filling road", ((0.0, 0.5), (0.0, 0.5)), 0.05)])


@overload
def braess(with_shortcut: bool = True, *, players: None = None) -> RoutingGame: ...
@overload
def braess(with_shortcut: bool = True, *, players: int) -> DenseGame: ...
@public()
def braess(with_shortcut: bool = True, *, players: int | None = None) -> RoutingGame | DenseGame:
    """Braess' paradox: a new road that costs nothing makes everybody's way longer.

    From s to t there are two ways, over u and over v; s–u and v–t cost the share x of all that is on them, u–t and s–v
    cost 1. Without the shortcut from u to v half of all take each way, at a cost of 3/2, which is best. With it all go
    s–u–v–t, at a cost of 2: the price of anarchy is 4/3. With a number of players each is `1/players` of the traffic.

    Args:
        with_shortcut: whether the road from u to v is there.
        players: how many; by default traffic of which nobody makes a difference, in two populations of one half.

    Raises:
        InputError: for fewer than two players.

    Example:
        >>> braess().paths[0], [one.name for one in braess().named_points]
        (('s-u-t', 's-u-v-t', 's-v-t'), ['all on the shortcut'])

    Source: Braess (1968).
    """
    edges = [("s", "u"), ("u", "t"), ("s", "v"), ("v", "t")] + ([("u", "v")] if with_shortcut else [])
    if players is not None:
        n = positive_integer(players, "players", at_least=2)
        part = Fraction(1, n)
        costs: list[Any] = [[0, part], 1, 1, [0, part], 0]
        return _atomic(network(edges, costs[: len(edges)], [("s", "t")] * n, [1] * n), "braess")
    all_on = [("all on the shortcut", ((0.0, 0.5, 0.0), (0.0, 0.5, 0.0)), 0.05)] if with_shortcut else []
    flows: list[Any] = [[0, 1], 1, 1, [0, 1], 0]
    return _flowing(_two_halves(edges, flows[: len(edges)]), "braess", all_on)


def _two_halves(edges: list[tuple[str, str]], costs: list[Any]) -> Network:
    return network(edges, costs, [("s", "t")] * 2, [Fraction(1, 2)] * 2)
