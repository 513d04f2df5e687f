"""`common_pool`: any stock, any way in which it grows back."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError, choice, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.graphs import Adjacency, adjacency
from nashscape.environments.commons.common_pool import ORDERS, CommonPool
from nashscape.environments.commons.rationings import RATIONINGS
from nashscape.environments.commons.regenerations import Regeneration, Regrown, as_regeneration, written

MOST_UNITS = 100_000
"""Of a capacity: what every stock grows to is written out."""

LONGEST = 2**31 - 1
"""Whole numbers are those of 32 bits."""


@public()
def common_pool(
    players: int = 5,
    *,
    demands: Sequence[float] = (0.0, 5.0, 10.0, 20.0),
    capacity: float = 100.0,
    initial: float | None = None,
    regeneration: str | Regeneration = "doubling",
    order: str = "take first",
    collapse: float = 0.0,
    rationing: str = "proportional",
    rounds: int = 12,
    clock: bool = True,
    discount: float = 1.0,
    unit: float | None = None,
    totals: bool = False,
    graph: Any = None,
    name: str = "common_pool",
) -> CommonPool:
    """A stock that n players take from in every round, and that grows back; what one takes it is paid.

    In a round all players demand an amount at the same time. Where there is enough each gets it; otherwise:

    * "proportional": each gets the same part of its demand; of whole units what is left over is drawn, so that this
      holds on average.
    * "random": units are handed out one by one, each to a player drawn evenly from those who want more.
    * "all or nothing": nobody gets anything, and the stock stays.

    A pool has collapsed, and the game is over (terminated), with a stock below `collapse`, or of 0. When that is
    tested is part of the order:

    * "take first": players take, the pool is tested, and what is left grows back.
    * "regenerate first": the stock grows back, players take, and the pool is tested.
    * "test last": players take, what is left grows back, and then the pool is tested.

    Where players see the clock the game is over (terminated) after the last round; otherwise episodes are cut off
    (truncated) there. They see, in parts of the capacity: the stock; their own total with `totals=True`; with a clock
    the share of rounds that were played; with a `graph` what they took in the last round, and what those took whom
    they see, by number, filled up with zeros.

    `measures` tell of a round what each has `taken` and `demanded`, `[n]`, the `stock` after it, and whether the pool
    has `collapsed`.

    Args:
        players: n.
        demands: what may be demanded, rising, two amounts or more.
        capacity: K, the largest stock.
        initial: the stock at first; the capacity by default.
        regeneration: what `environments.regeneration` makes, or "doubling".
        order: of a round.
        collapse: below which the pool has collapsed.
        rationing: how demands are met that exceed the stock.
        rounds: of an episode.
        clock: whether players see it.
        discount: γ.
        unit: of which all amounts are multiples; what a stock grows to is then rounded down to one. Such pools have an
            `exact` game where they are small. None for a stock of real numbers.
        totals: whether players see what they have taken in all.
        graph: who sees whose last takings: a name such as "ring:5", edges, or a matrix `[n, n]` of zeros and ones in
            which the row sees the column; None for nobody.
        name: of the pool.

    Raises:
        InputError: for numbers and names that are none, amounts that are no multiples of the unit, a rationing that
            needs units, and a graph of other players.

    Example:
        >>> pool = common_pool(2, demands=(0, 1, 4), capacity=8, unit=1, rounds=3)
        >>> pool.exact()
        <MarkovGame common_pool: 2 players, 3×3 actions, 8 states, 3 rounds, discount 1>
        >>> pool.exact().states[:3]
        ('round 1, stock 8', 'round 2, stock 8', 'round 2, stock 6')
    """
    law = as_regeneration(regeneration)
    n, rounds = positive_integer(players, "players"), positive_integer(rounds, "rounds")
    most = finite_number(capacity, "capacity", low=0.0, low_open=True)
    amounts = _demands(demands)
    numbers: dict[str, Any] = {
        "unit": np.float64(1.0),
        "capacity": np.float64(most),
        "initial": np.float64(most if initial is None else finite_number(initial, "initial", low=0.0, high=most)),
        "demands": amounts,
        "collapse": np.float64(finite_number(collapse, "collapse", low=0.0, high=most)),
        "regrowth": law,
    }
    rationing = choice(rationing, "rationing", RATIONINGS)
    if unit is None and rationing == "random":
        raise InputError('with rationing="random" units are handed out one by one; say what a unit is, as in unit=1')
    if unit is not None:
        numbers = _in_units(numbers, finite_number(unit, "unit", low=0.0, low_open=True), n)
    if not numbers["initial"] > 0 or numbers["initial"] < numbers["collapse"]:
        raise InputError(f"a pool that begins with {float(numbers['initial'] * numbers['unit']):g} has collapsed "
                         f"already; begin with more than that, and with {collapse:g} at least")  # fmt: skip
    return CommonPool(
        **numbers,
        discount=np.float64(finite_number(discount, "discount", low=0.0, high=1.0)),
        size=n,
        rounds=rounds,
        order=choice(order, "order", ORDERS),
        rationing=rationing,
        clock=bool(clock),
        totals=bool(totals),
        seen=None if graph is None else tuple(tuple(np.flatnonzero(row).tolist()) for row in _sees(graph, n)),
        whole=unit is not None,
        name=str(name),
        levels=tuple(f"{own:g}" for own in amounts.tolist()),
    )


def _demands(given: Sequence[float]) -> Any:
    found = finite_array(given, "demands", ndim=1)
    if len(found) < 2 or found[0] < 0 or (np.diff(found) <= 0).any():
        raise InputError(f"demands are two amounts or more from 0 on, rising, as (0, 5, 10); got {found.tolist()}")
    return found


def _in_units(numbers: dict[str, Any], unit: float, n: int) -> dict[str, Any]:
    """The same numbers counted in units, and a table of what every stock grows to."""
    one, law = written(unit), numbers["regrowth"]
    capacity, initial = (_units(numbers[own], one, own) for own in ("capacity", "initial"))
    demands = [_units(own, one, "demands") for own in numbers["demands"]]
    if capacity > MOST_UNITS or (capacity + 1) * max(n * demands[-1], 1) > LONGEST:
        raise InputError(f"of a capacity of {capacity:,} units not all can be counted; take a coarser unit, or none")
    most = capacity * one
    grown = [int(law.exactly(k * one, most) / one) for k in range(capacity + 1)]
    return {
        "unit": np.float64(unit),
        "capacity": np.int32(capacity),
        "initial": np.int32(initial),
        "demands": np.array(demands, np.int32),
        "collapse": np.int32(-(-written(numbers["collapse"]) // one)),
        "regrowth": Regrown(np.array(grown, np.int32)),
    }


def _units(amount: Any, unit: Fraction, name: str) -> int:
    found = written(amount) / unit
    if found.denominator != 1:
        raise InputError(
            f"{name} must be multiples of the unit {float(unit):g}; got {float(amount):g}: take a finer unit"
        )
    return int(found)


def _sees(graph: Any, n: int) -> Adjacency:
    """Who sees whom, `[n, n]`: the row sees the column."""
    given = None if isinstance(graph, str) else np.asarray(graph)
    if given is not None and given.shape == (n, n) and n > 2 and np.isin(given, (0, 1)).all():
        if given.diagonal().any():
            raise InputError("players see themselves in any case: the diagonal of the graph must be zero")
        return given.astype(bool)
    found = adjacency(graph)
    if len(found) != n:
        raise InputError(
            f"the graph has {len(found)} nodes, and {n} players take from the pool; give one node for each"
        )
    return found
