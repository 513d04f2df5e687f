"""Selfish routing: travellers choose the path that is cheapest for themselves, and crowd it."""

import dataclasses
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.families.congestion_games import congestion
from nashscape.games.families.networks import Network, network
from nashscape.games.families.routing_game import RoutingGame, lost, minus_potential
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.differentiable_checks import differentiable
from nashscape.games.sets_of_points import simplex_set


@public()
def atomic_routing(
    edges: Sequence[Sequence[Hashable]],
    costs: Sequence[Any],
    trips: Sequence[Sequence[Hashable]],
    *,
    name: str = "atomic_routing",
) -> DenseGame:
    """Selfish routing of n travellers: each takes a path, and pays what its edges cost at the number who use them.

    `u_i(P) = −Σ_{e ∈ P_i} c_e(ℓ_e)` with `c_e(x) = Σ_k c_ek x^k`. A congestion game (see `congestion`), so that it has
    a potential and pure equilibria. Actions are the paths that meet no node twice, called by their nodes.

    Args:
        edges: (tail, head) of every edge; nodes are called by texts or numbers.
        costs: of every edge a number, or the coefficients of 1, x, x², …, none below 0; fractions and texts such as
            "1/3" are kept.
        trips: (origin, destination) of every traveller.
        name: of the game.

    Raises:
        InputError: for trips without a path, unknown nodes, costs that are negative or fall with the load, and too many
            paths or payoffs.

    Example:
        >>> game = atomic_routing(["sv", "vt", "st"], [[0, 1], 1, [0, 2]], ["st", "st"])
        >>> print(game.table())
                s-v-t     s-t
        s-v-t  -3, -3  -2, -2
        s-t    -2, -2  -4, -4

    Source: Rosenthal (1973); Roughgarden, Tardos (2002).
    """
    if len(trips) < 2:
        raise InputError(f"a game has two travellers or more; got {len(trips)} trips")
    return _atomic(network(edges, costs, trips, [1] * len(trips)), name)


def _atomic(made: Network, name: str, actions: Any = None) -> DenseGame:
    loads = range(1, len(made.trips) + 1)
    table: Any = [[made.cost(e, Fraction(load)) for load in loads] for e in range(len(made.edges))]
    return congestion(table, made.paths, actions=made.names if actions is None else actions, name=name)


@public()
def routing(
    edges: Sequence[Sequence[Hashable]],
    costs: Sequence[Any],
    demands: Sequence[tuple[Hashable, Hashable, Any]],
    *,
    groups: int | None = None,
    name: str = "routing",
) -> RoutingGame:
    """Selfish routing of traffic of which no traveller alone changes what a path costs.

    A population chooses how much of it takes each of its paths, `f_p ≥ 0, Σ_p f_p = demand`. All get minus the
    potential `Φ(f) = Σ_e ∫_0^{x_e} c_e(x) dx` of what edges carry, so that the own gradient is minus what paths cost. Φ
    is convex: the equilibria of this game are the flows in which every path that is used is a cheapest one, Wardrop's.
    What a population is said to gain by another point is what its travellers lose in all by not taking the cheapest
    path, `Σ_p f_p (c_p − min c)`, in units of cost times flow, and not less than what it could gain of Φ. What
    travellers pay is told by `path_costs` and `total_cost` of the game.

    Args:
        edges: (tail, head) of every edge.
        costs: of every edge a number, or the coefficients of 1, x, x², …, none below 0.
        demands: (origin, destination, amount), one for each kind of traveller.
        groups: into how many populations of the same size each of them is divided, each of which learns by itself; by
            default two where there is one demand, since a game has two players, else one.
        name: of the game.

    Raises:
        InputError: for demands without a path, unknown nodes, costs that are negative or fall with the load, and a
            single population.

    Example:
        >>> game = routing(["su", "ut", "sv", "vt", "uv"], [[0, 1], 1, 1, [0, 1], 0], [("s", "t", 1)])
        >>> game, game.paths[0]
        (<RoutingGame routing: 2 populations, 3×3 paths>, ('s-u-t', 's-u-v-t', 's-v-t'))

    Source: Wardrop (1952); Beckmann, McGuire, Winsten (1956).
    """
    parts = positive_integer((2 if len(demands) == 1 else 1) if groups is None else groups, "groups")
    if any(not isinstance(own, Sequence) or len(own) != 3 for own in demands):
        raise InputError(f"a demand is (origin, destination, amount), such as ('s', 't', 1); got {demands!r}")
    if len(demands) * parts < 2:
        raise InputError("a game has two populations or more; give more demands, or groups=2")
    every = [own for own in demands for _ in range(parts)]
    one = network(edges, costs, [own[:2] for own in every], [own[2] for own in every])
    return _flowing(dataclasses.replace(one, amounts=tuple(own / parts for own in one.amounts)), name)


def _flowing(made: Network, name: str, named: Any = ()) -> RoutingGame:
    degree = max(map(len, made.costs))
    costs = np.array([[float(own) for own in (*row, *[0] * (degree - len(row)))] for row in made.costs])
    flat = [path for own in made.paths for path in own]
    uses = np.array([[float(e in path) for path in flat] for e in range(len(made.edges))])
    whole = sum(made.amounts, Fraction(0))
    full = [made.cost(e, whole) for e in range(len(made.edges))]
    dearest = max(sum((full[e] for e in path), Fraction(0)) for path in flat)
    bare = differentiable(
        minus_potential,
        [len(own) for own in made.paths],
        coefficients={"uses": uses, "costs": costs},
        constraints=[simplex_set(len(own), float(size)) for own, size in zip(made.paths, made.amounts, strict=True)],
        regrets=lost,
        payoff_range=float(whole * dearest) or 1.0,
        players=[f"population {k + 1}" for k in range(len(made.paths))],
        named_points=named,
        name=name,
    )
    fields = {field.name: getattr(bare, field.name) for field in dataclasses.fields(bare)}
    return RoutingGame(**fields, network=made)
