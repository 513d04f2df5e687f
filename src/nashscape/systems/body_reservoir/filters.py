"""The dilemma, opponents who never react, players that need no body, and how far apart two clouds of points are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

REWARD, SUCKER, TEMPTATION, PUNISHMENT = 3, 0, 5, 1
BLOCKS = ((500, 0), (50, 1), (500, 0), (200, 0.3), (500, 0))
"""The schedule of the opponent: rounds, and the chance of defection in each of them."""


def paid(own: Any, other: Any) -> Any:
    """What a player is paid for actions from 0, defection, to 1, cooperation.

    >>> [paid(own, other) for own, other in ((1, 1), (1, 0), (0, 1), (0, 0), (0.5, 1))]
    [3, 0, 5, 1, 4.0]
    """
    both, neither = own * other, (1 - own) * (1 - other)
    return REWARD * both + SUCKER * own * (1 - other) + TEMPTATION * (1 - own) * other + PUNISHMENT * neither


def schedules(count: int, blocks: Sequence[tuple[int, float]], random: np.random.Generator) -> Floats:
    """What opponents do, `[count, T]`, drawn for each."""
    chances = np.repeat([chance for _, chance in blocks], [rounds for rounds, _ in blocks])
    made: Floats = (random.random((count, len(chances))) >= chances).astype(np.float64)
    return made


def expected(blocks: Sequence[tuple[int, Any]], action: Any = None) -> Any:
    """What a constant action is paid on average over a schedule, exactly; without one what tit for tat is.

    Tit for tat does what the other did before, at first what it does at first. Payoffs are linear in each action, and
    the other's moves are independent, so that averages of actions are enough.

    >>> from fractions import Fraction
    >>> blocks = [(500, 0), (50, 1), (500, 0), (200, Fraction(3, 10)), (500, 0)]
    >>> expected(blocks, 0), expected(blocks, 1), expected(blocks)
    (Fraction(8310, 1), Fraction(4920, 1), Fraction(507309, 100))
    """
    total, before = 0 * blocks[0][1], 1 - blocks[0][1]
    for rounds, chance in blocks:
        other = 1 - chance
        first, later = (before, other) if action is None else (action, action)
        total += paid(first, other) + (rounds - 1) * paid(later, other)
        before = other
    return total


def smoothed(opponents: Floats, keep: float) -> Floats:
    """Tit for tat of a moving average: `a' = keep a + (1 − keep) other`, 1 at first; tit for tat itself with 0."""
    made = np.ones_like(opponents)
    for t in range(1, opponents.shape[-1]):
        made[..., t] = keep * made[..., t - 1] + (1 - keep) * opponents[..., t - 1]
    return made


def averaged(opponents: Floats, window: int) -> Floats:
    """The average of the other's last moves, as many as the window says, before which it cooperated."""
    padded = np.concatenate([np.ones((*opponents.shape[:-1], window)), opponents[..., :-1]], axis=-1)
    sums = np.cumsum(np.concatenate([np.zeros((*opponents.shape[:-1], 1)), padded], axis=-1), axis=-1)
    made: Floats = (sums[..., window:] - sums[..., :-window]) / window
    return made[..., : opponents.shape[-1]]


def squashed(averages: Floats, sure: float = 0.95) -> Floats:
    """An average on the scale of a readout: the logit of `sure` where all cooperated, minus it where all defected."""
    made: Floats = 1 / (1 + np.exp(-np.log(sure / (1 - sure)) * (2 * averages - 1)))
    return made


def recovery(actions: Floats, before: int, block: int) -> int:
    """Rounds after a block of defection until .95 of the average before it is reached; all that are left if never."""
    wanted = 0.95 * actions[:before].mean()
    reached = np.flatnonzero(actions[before + block :] >= wanted)
    return int(reached[0]) if len(reached) else len(actions) - before - block


def divergence(points: Floats, others: Floats, neighbours: int = 5) -> float:
    """The Kullback–Leibler divergence of the law of points from that of others, `[N, d]` and `[M, d]`, in nats.

        d/N Σ log(ν_i/ρ_i) + log(M/(N − 1)),

    with the distances ρ_i and ν_i from a point to its k-th neighbour among the rest of its own, and among the others.

    Source: Pérez-Cruz 2008, equation 14.
    """
    count, size = points.shape
    own = np.partition(_squares(points, points), neighbours, axis=1)[:, neighbours]  # the nearest one is itself
    other = np.partition(_squares(points, others), neighbours - 1, axis=1)[:, neighbours - 1]
    return float(size / 2 * np.mean(np.log(other / own)) + np.log(len(others) / (count - 1)))


def _squares(points: Floats, others: Floats) -> Floats:
    """All squared distances, none of them below zero by rounding."""
    one, two = (np.asarray(own, np.float64) for own in (points, others))
    made: Floats = one @ (-2 * two.T)
    made += (one**2).sum(axis=1)[:, None]
    made += (two**2).sum(axis=1)[None]
    return np.maximum(made, 1e-300, out=made)
