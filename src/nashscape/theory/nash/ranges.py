"""Bounds of payoffs over boxes of strategies, rounded outwards."""

import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import Objects

Floats = npt.NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)

ROUNDINGS = 16.0
"""Units of rounding, per action and player, by which a sum of payoffs of size one with weights of sum one may be off:
each costs a product and two sums forwards, and as many again in the weights."""


def in_units(rows: Objects) -> Floats:
    """Rows of exact payoff differences `[R, …]`, each divided by its largest and rounded once; rows of zeros stay."""
    made = np.zeros(rows.shape)
    for r, row in enumerate(rows):
        largest = max((abs(value) for value in row.flat), default=0)
        if largest:
            made[r] = (row / largest).astype(np.float64)
    return made


def bounds(table: Floats, low: list[Floats], high: list[Floats]) -> tuple[Floats, Floats]:
    """Least and largest values of `Σ table[r, a, b, …] σ_1(a) σ_2(b) …` over boxes of mixed strategies.

    Linear in each strategy: over the part of a simplex in a box the least value is found by filling up the cheapest
    actions first. One player after another is averaged over; a last allowance covers all rounding.

    Args:
        table: `[R, s_1, …, s_p]`, with entries of size at most two.
        low: least probabilities, `[N, s_q]` for every player.
        high: largest probabilities.

    Returns:
        Both `[N, R]`.

    Example:
        >>> zero, one = np.zeros((1, 2)), np.ones((1, 2))
        >>> [own.round(9).tolist() for own in bounds(np.array([[1.0, -1.0]]), [zero], [one])]
        [[[-1.0]], [[1.0]]]
    """
    count = len(low[0]) if low else 1
    least = most = np.broadcast_to(table, (count, *table.shape))
    for own_low, own_high in zip(reversed(low), reversed(high), strict=True):
        shape = (count, *(1 for _ in least.shape[1:-1]), own_low.shape[1])
        box = own_low.reshape(shape), own_high.reshape(shape)
        least, most = _filled(least, *box), -_filled(-most, *box)
    allowance = 2 * ROUNDINGS * EPS * (1 + sum(own.shape[1] for own in low))
    return least - allowance, most + allowance


def _filled(costs: Floats, low: Floats, high: Floats) -> Floats:
    """Least `Σ_a costs[…, a] σ(a)` over `low ≤ σ ≤ high` with sum one, along the last axis."""
    if costs.shape[-1] == 2:
        # the first probability goes as low, or as high, as both bounds let it
        least = np.maximum(low[..., 0], 1.0 - high[..., 1])
        most = np.minimum(high[..., 0], 1.0 - low[..., 1])
        rise = costs[..., 0] - costs[..., 1]
        return np.asarray(costs[..., 1] + rise * np.where(rise > 0, least, most))
    order = np.argsort(costs, axis=-1)
    cheap = np.take_along_axis(costs, order, axis=-1)
    room = np.take_along_axis(np.broadcast_to(high - low, costs.shape), order, axis=-1)
    rest = 1.0 - low.sum(axis=-1)
    total = (costs * low).sum(axis=-1)
    for a in range(costs.shape[-1]):
        taken = np.minimum(room[..., a], np.maximum(rest, 0.0))
        total = total + cheap[..., a] * taken
        rest = rest - taken
    return np.asarray(total)
