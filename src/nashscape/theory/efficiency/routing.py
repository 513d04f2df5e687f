"""The price of anarchy of traffic of which nobody alone makes a difference."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError, Source, Status
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import RoutingGame
from nashscape.theory.efficiency.flows import Traffic, edge_costs, equilibrium_flow, lost
from nashscape.theory.efficiency.routing_results import SelfishRouting

HOW_BAD = Source(
    "selfish routing", "Roughgarden, Tardos: How Bad Is Selfish Routing? Journal of the ACM 49, 236–259, 2002."
)
DEGREES = Source(
    "topology of networks",
    "Roughgarden: The Price of Anarchy Is Independent of the Network Topology. Journal of Computer and System Sciences "
    "67, 341–364, 2003.",
)

ROUNDING = 1e-9
"""What may be lost, as a share of what is spent, for a flow to count as an equilibrium."""


@public()
def selfish_routing(game: RoutingGame) -> SelfishRouting:
    """Where traffic goes in a Wardrop equilibrium and at best, and the price of anarchy between them.

    In an equilibrium no used path of a trip costs more than another; at best the same is true of marginal costs
    `c_e(x) + x c_e'(x)`. With affine costs both are found in fractions. The price is 4/3 at most there, and with
    costs of degree d at most that of Pigou's example of the same degree, which `limit` gives.

    Args:
        game: what `games.routing`, `games.pigou` or `games.braess` made of traffic; groups of one trip are counted
            together.

    Raises:
        InputError: for other games; of a finite number of players ask `price_of_anarchy`.

    Example:
        >>> from nashscape import games
        >>> selfish_routing(games.braess())
        <SelfishRouting in braess: cost 2, best 3/2; price of anarchy 4/3>
        >>> cubic = selfish_routing(games.pigou(3))
        >>> [round(float(own), 6) for own in (cubic.anarchy, cubic.limit)]
        [1.895628, 1.895628]

    Source: Wardrop (1952); Beckmann, McGuire, Winsten (1956); Roughgarden, Tardos (2002); Roughgarden (2003).
    """
    net = getattr(game, "network", None)
    if net is None:
        raise InputError(
            f"expected a game made by games.routing, games.pigou or games.braess; got {getattr(game, 'name', game)!r}. "
            "Of a finite game ask theory.price_of_anarchy"
        )
    amounts: dict[Any, Fraction] = defaultdict(Fraction)
    for trip, amount in zip(net.trips, net.amounts, strict=True):
        amounts[trip] += amount
    ways = dict(zip(net.trips, zip(net.paths, net.names, strict=True), strict=True))
    flat = [(t, path, name) for t, trip in enumerate(amounts) for path, name in zip(*ways[trip], strict=True)]
    degree = max(k for own in net.costs for k, c in enumerate(own) if c or not k)
    costs = np.array(
        [[*own, *[Fraction(0)] * (degree + 1 - len(own))][: degree + 1] for own in net.costs], dtype=object
    )
    uses = np.array([[Fraction(int(e in path)) for _, path, _ in flat] for e in range(len(net.edges))], dtype=object)
    traffic = Traffic(uses, costs, np.array([t for t, _, _ in flat]), np.array(list(amounts.values()), dtype=object))
    selfish, best = equilibrium_flow(traffic), equilibrium_flow(traffic.marginal)
    (own, cost), (good, least) = edge_costs(traffic, selfish), edge_costs(traffic, best)
    missed = lost(traffic, selfish), lost(traffic.marginal, best)
    spent = Fraction((own * cost).sum()), Fraction((good * least).sum())
    shares = tuple(float(m / s) if s else float(m) for m, s in zip(missed, spent, strict=True))
    return SelfishRouting(
        game=game.name,
        edges=tuple(f"{tail}-{head}" for tail, head in net.edges),
        trips=tuple(f"{origin}-{goal}" for origin, goal in amounts),
        paths=tuple(name for _, _, name in flat),
        path_trips=tuple(t for t, _, _ in flat),
        selfish=tuple(selfish),
        best=tuple(best),
        selfish_loads=tuple(own),
        best_loads=tuple(good),
        selfish_cost=spent[0],
        best_cost=spent[1],
        degree=degree,
        lost=(shares[0], shares[1]),
        exact=not any(missed),
        status=Status.COMPLETE if max(shares) <= ROUNDING else Status.UNDECIDED,
        provenance=record("selfish routing", {"game": game}, sources=[HOW_BAD, DEGREES]),
    )
