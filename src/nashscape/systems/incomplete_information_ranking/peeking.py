"""How likely two chances are put in the wrong order where their intervals are looked at again and again, exactly."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.ranking.looks import clopper_pearson_ends, errors, looks

Floats = npt.NDArray[np.float64]

WINDOW = 6
"""Standard deviations on either side of the mean, within which counts are followed."""


class Settled(NamedTuple):
    """How likely an edge is settled at the first look at which two intervals are apart.

    Attributes:
        wrong: with the smaller chance as the better one.
        right: with the larger chance as the better one.
        open: not by the last look.
        lost: how likely counts left the window, by which the others may be too small together.
    """

    wrong: float
    right: float
    open: float
    lost: float


def settled(larger: float, smaller: float, error: Floats) -> Settled:
    """An edge between two chances to win, each of which is played once a round, by the law of both counts of wins.

    Counts are followed round by round; where the intervals of Clopper and Pearson are apart the edge is settled, and
    these counts are taken out.

    Args:
        larger: chance of the better one.
        smaller: of the other.
        error: of both intervals after each round, `[rounds]`; 0 where nobody looks.

    >>> found = settled(0.8, 0.3, np.array([0.0, 0.0, 0.5]))
    >>> round(found.right, 6), round(0.8**3 * 0.7**3, 6)   # at three wins to none alone
    (0.175616, 0.175616)
    """
    rounds = len(error)
    half = int(np.ceil(WINDOW * np.sqrt(rounds) / 2)) + 2
    chances, size = (larger, smaller), 2 * half + 1
    law = np.zeros((size, size))
    law[half, half] = 1.0
    wrong = right = 0.0
    for n in range(1, rounds + 1):
        for axis, chance in enumerate(chances):
            law = _played(law, axis, chance, moves=int(n * chance) > int((n - 1) * chance))
        if not error[n - 1]:
            continue
        wins = [int(n * chance) - half + np.arange(size) for chance in chances]
        low, high = zip(*(clopper_pearson_ends(np.clip(k, 0, n), n, error[n - 1]) for k in wins), strict=True)
        better, worse = low[0][:, None] > high[1], high[0][:, None] < low[1]
        wrong, right = wrong + float(law[worse].sum()), right + float(law[better].sum())
        law[better | worse] = 0.0
    left = float(law.sum())
    return Settled(wrong, right, left, max(1.0 - wrong - right - left, 0.0))


def _played(law: Floats, axis: int, chance: float, *, moves: bool) -> Floats:
    """After one play more of one of the two; the window of counts moves on by one or stays."""
    law = np.moveaxis(law, axis, 0)
    made = np.zeros_like(law)
    if moves:
        made[:-1] = (1 - chance) * law[1:]
        made += chance * law
    else:
        made[:] = (1 - chance) * law
        made[1:] += chance * law[:-1]
    return np.moveaxis(made, 0, axis)


def every_round(error: float, rounds: int) -> Floats:
    """The same error at a look after every round, for `settled`."""
    return np.full(rounds, error)


def at_our_looks(level: float, rounds: int) -> Floats:
    """The errors of `ranking.response_graph` for two means, which share out 1 − level over all looks."""
    made = np.zeros(rounds)
    at = looks(rounds)
    at = at[at <= rounds]
    made[at - 1] = errors(np.arange(len(at)), 2, level)
    return made
