"""How far best replies move with what others play, at most, and whether they contract."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.theory.continuous.contraction import Contraction, contraction
from nashscape.theory.continuous.ranges import SlopeRanges, halved, of_affine
from nashscape.theory.continuous.slopes import affine, sets_of

Floats = npt.NDArray[np.float64]

MOST_BOXES = 4_096
SPARE = 1.0 + 1e-10
"""More than what norms and eigenvalues of small matrices lose by rounding."""


def reply_contraction(game: Any, ranges: SlopeRanges | None) -> Contraction | None:
    """The proof that best replies contract, from `S_ij = sup ‖∂F_i/∂x_j‖ / inf λ_min(−∂F_i/∂x_i)`; None without one.

    A payoff that bends down by at least m in the own point has a best reply that moves by at most 1/m for each unit by
    which the own gradient moves, on whatever convex set.
    """
    steep, bent = _norms(game, ranges)
    return None if steep is None or bent is None else _proved(steep, bent)


def _proved(steep: Floats, bent: Floats) -> Contraction | None:
    if not (bent > 0).all() or not np.isfinite(steep).all():
        return None
    sensitivity = steep / bent[:, None]
    np.fill_diagonal(sensitivity, 0.0)
    return contraction(sensitivity * SPARE)


def _norms(game: Any, ranges: SlopeRanges | None) -> tuple[Floats | None, Floats | None]:
    """Upper bounds of the norms of the cross derivatives, `[n, n]`, and lower ones of own curvature, `[n]`."""
    known = affine(game)
    if known is not None:
        return _of_blocks(game, *of_affine(known[0], ranges))
    low, high = sets_of(game).bounds
    if ranges is None or not (np.isfinite(low).all() and np.isfinite(high).all()):
        return None, None
    middle = (low + high) / 2
    if _proved(*_of_blocks(game, *ranges.hessians(middle[None], middle[None]))) is None:
        return None, None
    left = (low[None], high[None])
    while 2 * len(left[0]) <= MOST_BOXES:
        left = halved(*left, np.maximum(high - low, 1e-300))
    return _of_blocks(game, *ranges.hessians(*left))


def _of_blocks(game: Any, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    ends = np.cumsum([0, *game.sizes])
    parts = [slice(a, b) for a, b in itertools.pairwise(ends)]
    n = len(parts)
    steep, bent = np.zeros((n, n)), np.zeros(n)
    largest = np.maximum(np.abs(low), np.abs(high))
    for i in range(n):
        for j in range(n):
            block = largest[:, parts[i], parts[j]]
            # ‖A‖₂² ≤ ‖A‖₁ ‖A‖_∞
            sides = block.sum(axis=1).max(axis=1) * block.sum(axis=2).max(axis=1)
            steep[i, j] = float(np.sqrt(sides.max()))
        bent[i] = _curvature(low[:, parts[i], parts[i]], high[:, parts[i], parts[i]])
    return steep, bent


def _curvature(low: Floats, high: Floats) -> float:
    """The least eigenvalue of `−A` over all symmetric A between two, over all boxes; −∞ where nothing is known."""
    if low.shape[1] == 1:
        return float(-high.max())
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        return -np.inf
    middle, radius = (low + high) / 2, (high - low) / 2
    largest = np.linalg.eigvalsh((middle + middle.swapaxes(1, 2)) / 2)[:, -1] + radius.sum(axis=2).max(axis=1)
    return float(-largest.max() - 1e-12 * np.abs(middle).max())
