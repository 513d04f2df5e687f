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

    Linear in each strategy: one player after another is averaged over, with the least and largest of what is left. An
    allowance at the end covers all rounding.

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
        least, most = _least(least, *box), -_least(-most, *box)
    allowance = 2 * ROUNDINGS * EPS * (1 + sum(own.shape[1] for own in low))
    return least - allowance, most + allowance


def _least(costs: Floats, low: Floats, high: Floats) -> Floats:
    """Least `Σ_a costs[…, a] σ(a)` over `low ≤ σ ≤ high` with sum one, along the last axis.

    `λ + Σ_a (c_a − λ) σ(a)` is the same for every λ, so that its least value over the box alone is a bound for every λ,
    and for one of the costs as λ it is attained.
    """
    above = costs[..., None, :] - costs[..., :, None]
    bound = np.maximum(above, 0.0) * low[..., None, :] + np.minimum(above, 0.0) * high[..., None, :]
    return np.asarray((costs + bound.sum(axis=-1)).max(axis=-1))
