"""Shares followed along a field from many starts at once, each with its own steps."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.evolution.mean_dynamics import Field

Floats = npt.NDArray[np.float64]

RELATIVE = 1e-6
"""Tolerance of a step, of each share."""
LEAST_STEP = 1e-9
"""Of the time: steps over kinks become no shorter."""


class Accuracy(NamedTuple):
    """How exact steps are.

    Attributes:
        absolute: tolerance of shares that are small. Where types that are gone stay away it is far below all shares
            that come back, so that none is lost on the way.
        most: steps that are tried.
    """

    absolute: float = 1e-10
    most: int = 20_000


def followed(field: Field, starts: Floats, time: float, accuracy: Accuracy) -> Floats:
    """Where starts `[N, types]` are after a time: by the pair of Dormand and Prince, order five."""
    from scipy.integrate import RK45

    x, now = starts.copy(), np.zeros(len(starts))
    step = np.full(len(starts), 1e-3 * time)
    for _ in range(accuracy.most):
        going = np.flatnonzero(now < time)
        if not len(going):
            break
        h = np.minimum(step[going], time - now[going])
        before = x[going]
        slopes = np.empty((7, *before.shape))
        slopes[0] = field(before)
        for k in range(1, 6):
            slopes[k] = field(_within(before + h[:, None] * np.tensordot(RK45.A[k, :k], slopes[:k], 1)))
        after = _within(before + h[:, None] * np.tensordot(RK45.B, slopes[:6], 1))
        slopes[6] = field(after)
        off = np.abs(h[:, None] * np.tensordot(RK45.E, slopes, 1))
        wrong = (off / (accuracy.absolute + RELATIVE * np.maximum(before, after))).max(-1)
        fine = (wrong <= 1) | (h <= LEAST_STEP * time)
        x[going[fine]] = after[fine]
        now[going] = np.where(fine, np.where(h >= time - now[going], time, now[going] + h), now[going])
        step[going] = h * np.clip(0.9 * np.maximum(wrong, 1e-10) ** -0.2, 0.2, 5.0)
    return x


def _within(shares: Floats) -> Floats:
    """On the simplex, where rounding or a stage of a step has left it."""
    kept = np.maximum(shares, 0.0)
    made: Floats = kept / kept.sum(-1, keepdims=True)
    return made
