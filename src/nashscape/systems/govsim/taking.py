"""What taking all gains over anything less, whatever others demand, and months until a newcomer ends the lake."""

from itertools import product

import numpy as np
import numpy.typing as npt

from nashscape.environments.commons.rationings import mean_rationed

Floats = npt.NDArray[np.float64]

FISHERS, CAPACITY, COLLAPSE = 5, 100, 5


def later(left: npt.ArrayLike, players: int = FISHERS, capacity: int = CAPACITY, collapse: int = COLLAPSE) -> Floats:
    """What each player gets on average of what is left, if it doubles and all take all of it in the next month.

    >>> later([50, 10, 5, 4]).tolist()
    [20.0, 4.0, 2.0, 0.0]
    """
    stock = np.asarray(left, float)
    alive = (stock > 0) & (stock >= collapse)
    made: Floats = np.where(alive, np.minimum(capacity, 2 * stock) / players, 0.0)
    return made


def least_gain(*, last: bool) -> float:
    """The least that demanding 100 gains over any demand below the stock, with the same part of every demand met.

    What one gets then depends on the sum of what others demand alone, so that all sums stand for all profiles.

    Args:
        last: whether it is the last month; in others all take all in the next one.
    """
    others = np.arange((FISHERS - 1) * CAPACITY + 1)[:, None]
    own, found = np.arange(CAPACITY)[None, :], []
    for stock in range(COLLAPSE, CAPACITY + 1):
        less, wanted = own[:, :stock], others + own[:, :stock]
        got = np.where(wanted <= stock, less, stock * less / np.maximum(wanted, 1))
        rest = 0.0 if last else later(np.maximum(stock - wanted, 0))
        everything = np.where(others == 0, stock, stock * CAPACITY / (CAPACITY + others))
        found.append(float((everything - got - rest).min()))
    return min(found)


def least_gain_drawn(players: int, capacity: int, collapse: int, *, last: bool) -> float:
    """The same where units are drawn one by one, against every profile of the others; for small pools."""
    found = []
    for stock in range(max(collapse, 1), capacity + 1):
        for others in product(range(capacity + 1), repeat=players - 1):
            worth = []
            for own in range(stock + 1):
                got = mean_rationed("random", stock, (own, *others))
                assert got is not None
                rest = 0.0 if last else float(later(max(stock - own - sum(others), 0), players, capacity, collapse))
                worth.append(float(got[0]) + rest)
            found.append(worth[-1] - max(worth[:-1]))
    return min(found)


def last_month(newcomer: int, *, arrives: int = 3, months: int = 12) -> tuple[int, int]:
    """The last month that is fished, and what is left then, of four universalisers and one with a fixed demand.

    A universaliser takes `(R // 2) // 5`, and the newcomer nothing before it comes. All in whole numbers.

    >>> last_month(30), last_month(100), last_month(10)
    ((5, 0), (3, 0), (12, 50))
    """
    stock = left = CAPACITY
    for month in range(1, months + 1):
        wanted = (FISHERS - 1) * (stock // 2 // FISHERS) + (newcomer if month >= arrives else 0)
        left = max(stock - wanted, 0)
        if left < COLLAPSE:
            return month, left
        stock = min(CAPACITY, 2 * left)
    return months, left
