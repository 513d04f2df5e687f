"""Strengths of most likelihood, of many tables of points at once."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_STEPS = 100
LONGEST = 2.0
"""Of a step of Newton's in any strength: beyond, the curve is no parabola."""
RIDGE = 1e-11
"""Of the largest curvature: strengths stay where nothing moves them, and where they have no maximum they go so far that
this is what is missing to the supremum of the likelihood."""
CLOSE = 1e-12
"""Of the number of matches: what a step must gain to go on."""


def log_likelihood(points: Floats, strengths: Floats) -> Floats:
    """`Σ_ij w_ij log σ(s_i − s_j)` of tables of points `[…, n, n]` and strengths `[…, n]`, `[…]`."""
    apart = strengths[..., :, None] - strengths[..., None, :]
    total: Floats = -(points * np.logaddexp(0.0, -apart)).sum((-2, -1))
    return total


def curvature(points: Floats, strengths: Floats) -> Floats:
    """The information about strengths, `[…, n, n]`: the Laplacian of the weights `n_ij p_ij (1 − p_ij)`."""
    chances = _chances(strengths)
    weights = (points + np.swapaxes(points, -2, -1)) * chances * (1.0 - chances)
    n = points.shape[-1]
    weights[..., np.arange(n), np.arange(n)] = 0.0
    made: Floats = np.eye(n) * weights.sum(-1)[..., None] - weights
    return made


def fitted(points: Floats) -> Floats:
    """Strengths `[…, n]` of most likelihood, of mean zero, by Newton's steps; see `RIDGE` where there are none.

    >>> fitted(np.array([[0.0, 3.0], [1.0, 0.0]])).round(4).tolist()
    [0.5493, -0.5493]
    """
    played = points + np.swapaxes(points, -2, -1)

    def bent(strengths: Floats) -> tuple[Floats, Floats]:
        return (points - played * _chances(strengths)).sum(-1), curvature(points, strengths)

    start = np.zeros(points.shape[:-1])
    return climbed(start, lambda own: log_likelihood(points, own), bent, played.sum((-2, -1)))


def climbed(
    start: Floats, height: Callable[[Floats], Floats], bent: Callable[[Floats], tuple[Floats, Floats]], matches: Floats
) -> Floats:
    """Strengths `[…, n]`, of mean zero, of largest log-likelihood, which nothing but their differences changes.

    Args:
        start: strengths from which Newton's steps begin.
        height: from strengths to the log-likelihood, `[…]`, a concave function.
        bent: from strengths to its slope `[…, n]` and to its curvature with the sign turned, `[…, n, n]`.
        matches: how many there are, `[…]`, of which `CLOSE` is a part.
    """
    strengths, n = start, start.shape[-1]
    value = height(strengths)
    for _ in range(MOST_STEPS):
        slope, curve = bent(strengths)
        most = np.maximum(np.abs(curve).max((-2, -1)), 1e-300)[..., None, None]
        # along the ones nothing changes; without them what is left can be solved
        step = np.linalg.solve(curve + most * (1.0 / n + RIDGE * np.eye(n)), slope[..., None])[..., 0]
        step *= np.minimum(1.0, LONGEST / np.maximum(np.abs(step).max(-1), 1e-300))[..., None]
        tried = height(strengths + step)
        for _ in range(20):
            worse = tried < value
            if not worse.any():
                break
            step = np.where(worse[..., None], step / 2.0, step)
            tried = height(strengths + step)
        better = np.maximum(tried - value, 0.0)
        strengths, value = np.where((tried >= value)[..., None], strengths + step, strengths), value + better
        if (better <= CLOSE * matches).all():
            break
    made: Floats = strengths - strengths.mean(-1, keepdims=True)
    return made


def together(points: Floats, i: int, j: int) -> tuple[Floats, float]:
    """The table in which two players are one, and the likelihood of their matches with each other, which are even."""
    merged = points.copy()
    between = float(merged[i, j] + merged[j, i])
    merged[i, j] = merged[j, i] = 0.0
    merged[i] += merged[j]
    merged[:, i] += merged[:, j]
    merged[j] = merged[:, j] = 0.0
    merged[i, i] = 0.0
    return merged, -between * float(np.log(2.0))


def _chances(strengths: Floats) -> Floats:
    made: Floats = 0.5 * (1.0 + np.tanh(0.5 * (strengths[..., :, None] - strengths[..., None, :])))
    return made
