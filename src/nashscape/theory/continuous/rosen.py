"""Diagonal strict concavity: weights under which all players together climb one hill, so that one equilibrium exists.

If `Σ_i r_i (x_i − y_i)·(F_i(x) − F_i(y)) < 0` for all x ≠ y, two equilibria cannot be. This follows where the
symmetric part of `R ∂F/∂x` is negative definite throughout a convex set that holds all equilibria, `R` having `r_i` in
the rows of player i.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.theory.continuous.ranges import Ranges, SlopeRanges, halved, of_affine, ranges_of
from nashscape.theory.continuous.slopes import affine, looked_at, points_game, sets_of

Floats = npt.NDArray[np.float64]

SPARE = 1e-11
"""Of a scaled matrix with ones on its diagonal: far more than what its eigenvalues lose by rounding."""

MOST_BOXES = 20_000
"""Boxes that are looked at in all, in each of the two steps of a proof."""

TRIED = 24
"""Points at which weights are tried out."""


@dataclass(frozen=True, eq=False)
class DiagonalConcavity:
    """A proof that a game over points has at most one equilibrium. Made by `diagonal_concavity`.

    Attributes:
        weights: `r`, `[n]`, positive, the first is 1.
        margin: with the diagonal of `−(RJ + JᵀR)/2` scaled to ones, its least eigenvalue is at least this, throughout
            the region.
        low: lower ends of a box that holds all equilibria, `[D]`; −∞ where own gradients are affine.
        high: upper ends of it.
        boxes: how many boxes were looked at.
    """

    weights: Floats
    margin: float
    low: Floats
    high: Floats
    boxes: int

    def __repr__(self) -> str:
        """Weights and margin, as one line."""
        return f"<DiagonalConcavity with weights {self.weights.round(4).tolist()}, margin {self.margin:.3g}>"


@public()
def diagonal_concavity(
    game: Any, weights: npt.ArrayLike | None = None, *, most_boxes: int = MOST_BOXES
) -> DiagonalConcavity | None:
    """The proof that there is at most one equilibrium, by Rosen's condition; None where it is not found.

    For own gradients that are affine the matrix is the same everywhere, and one look decides. Otherwise boxes are cut
    until a box that holds every equilibrium is known (an own gradient that has one sign leaves no equilibrium inside),
    and the condition is shown for each piece of it, by bounds that are rounded outwards.

    Args:
        game: over points, within bounds unless own gradients are affine.
        weights: `r`, `[n]`; by default they are searched for.
        most_boxes: boxes that are looked at in each of both steps.

    Returns:
        None says nothing: the condition may fail, or the bounds may be too wide.

    Raises:
        InputError: for games of another kind, and weights that are not positive.

    Example:
        >>> from nashscape import games
        >>> diagonal_concavity(games.cournot(3))
        <DiagonalConcavity with weights [1.0, 1.0, 1.0], margin 0.5>
        >>> diagonal_concavity(games.tandem()) is None           # a line of equilibria
        True

    Source: Rosen, Existence and uniqueness of equilibrium points for concave n-person games (1965), theorems 2 and 6.
    """
    played = points_game(game, to="prove diagonal strict concavity")
    if weights is not None:
        weights = finite_array(weights, "weights", shape=(len(played.sizes),))
        if (weights <= 0).any():
            raise InputError(f"weights must be above 0; got {weights.tolist()}")
    known, ranges = affine(played), ranges_of(played)
    if known is not None:
        return _everywhere(played, known[0], of_affine(known[0], ranges), weights)
    low, high = sets_of(played).bounds
    if ranges is None or not (np.isfinite(low).all() and np.isfinite(high).all()):
        return None
    hull, looked = holding_all(played, ranges, most_boxes)
    if hull is None:
        return None
    chosen = [weights] if weights is not None else _candidates(played, hull)
    for one in chosen[:2]:
        margin, boxes = _proved(ranges, _rows(played, one), hull, most_boxes)
        if margin is not None:
            return DiagonalConcavity(one / one[0], margin, *hull, boxes + looked)
    return None


def _everywhere(game: Any, jacobian: Floats, bounds: Ranges, weights: Floats | None) -> DiagonalConcavity | None:
    size = len(jacobian)
    for one in [weights] if weights is not None else _ordered([jacobian], game):
        margin = float(_margins(*_weighted(_rows(game, one), *bounds))[0])
        if margin > 0:
            anywhere = np.full(size, np.inf)
            return DiagonalConcavity(one / one[0], margin, -anywhere, anywhere, 1)
    return None


def _rows(game: Any, weights: Floats) -> Floats:
    return np.repeat(weights, game.sizes)


def _weighted(rows: Floats, low: Floats, high: Floats) -> Ranges:
    """Middle and radius of `R A` for all A between two."""
    low, high = rows[:, None] * low, rows[:, None] * high
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2
        return middle, np.maximum(high - middle, middle - low)


def _margins(middle: Floats, radius: Floats) -> Floats:
    """Lower bounds of the least eigenvalue of `−(A + Aᵀ)/2`, scaled to a diagonal of ones, for A within the radius."""
    sym = -(middle + np.swapaxes(middle, -1, -2)) / 2
    wide = (radius + np.swapaxes(radius, -1, -2)) / 2
    diagonal = np.diagonal(sym, axis1=-2, axis2=-1)
    finite = np.isfinite(sym).all(axis=(-1, -2)) & np.isfinite(wide).all(axis=(-1, -2))
    good = np.asarray(finite & (diagonal > 0).all(axis=-1))
    scale = 1.0 / np.sqrt(np.where(good[..., None], diagonal, 1.0))
    units = scale[..., :, None] * scale[..., None, :]
    clean = np.where(good[..., None, None], sym * units, 0.0)
    around = np.where(good[..., None, None], wide * units, 0.0)
    least = np.linalg.eigvalsh(clean)[..., 0] - around.sum(axis=-1).max(axis=-1) * (1 + SPARE)
    spare = SPARE * sym.shape[-1] * (1.0 + np.abs(clean).max(axis=(-1, -2)))
    return np.where(good, least - spare, -np.inf)


def _candidates(game: Any, hull: Ranges) -> list[Floats]:
    random = np.random.default_rng(0)
    points = hull[0] + (hull[1] - hull[0]) * random.uniform(0.02, 0.98, (TRIED, len(hull[0])))
    return _ordered([looked_at(game, point)[2] for point in points], game)


def _ordered(jacobians: list[Floats], game: Any) -> list[Floats]:
    """Weights that may do, the best first: equal ones, those that make the matrix symmetric, and better ones near."""
    stack = np.stack([own for own in jacobians if np.isfinite(own).all()] or [np.zeros_like(jacobians[0])])

    def worst(weights: Floats) -> float:
        return float(_margins(_rows(game, weights)[:, None] * stack, np.zeros_like(stack)).min())

    n = len(game.sizes)
    tried = [np.ones(n), _symmetric(stack, game)]
    tried += [_climbed(worst, one) for one in tried]
    scores = [worst(one) for one in tried]
    # weights that fail at a point fail
    return [tried[k] for k in np.argsort(-np.array(scores), kind="stable") if scores[k] > 0]


def _symmetric(stack: Floats, game: Any) -> Floats:
    """Weights with `r_i |J_ij| ≈ r_j |J_ji|`, by least squares of logarithms: those of a weighted potential."""
    ends = np.cumsum([0, *game.sizes])
    n = len(game.sizes)
    rows, sides = [], []
    for i in range(n):
        for j in range(i + 1, n):
            a, b = (np.abs(stack[:, ends[k] : ends[k + 1], ends[m] : ends[m + 1]]).mean() for k, m in ((i, j), (j, i)))
            if a > 0 and b > 0:
                rows.append(np.eye(n)[i] - np.eye(n)[j])
                sides.append(np.log(b / a))
    if not rows:
        return np.ones(n)
    logs = np.linalg.lstsq(np.array(rows), np.array(sides), rcond=None)[0]
    return np.asarray(np.exp(logs - logs[0]))


def _climbed(worst: Any, start: Floats, rounds: int = 40) -> Floats:
    """Weights moved one at a time, by factors that shrink, while the worst margin grows."""
    best, score, step = start, worst(start), 2.0
    for _ in range(rounds):
        moved = [best * np.where(np.arange(len(best)) == k, factor, 1.0) for k in range(len(best))
                 for factor in (step, 1 / step)]  # fmt: skip
        scores = [worst(one) for one in moved]
        k = int(np.argmax(scores))
        if scores[k] > score:
            best, score = moved[k], scores[k]
        else:
            step = 1 + (step - 1) / 2
    return best


def holding_all(game: Any, ranges: SlopeRanges, most: int = MOST_BOXES) -> tuple[Ranges | None, int]:
    """A box that holds all equilibria, within the bounds of the sets, and how many boxes were looked at.

    Where a set is a box, an own gradient above zero throughout a piece leaves no equilibrium in it unless it touches
    the upper bound, and one below zero unless it touches the lower one.
    """
    low, high = sets_of(game).bounds
    boxy = np.concatenate([np.full(own.size, getattr(own, "prices", True) is None) for own in sets_of(game).parts])
    widths, looked = np.maximum(high - low, 1e-300), 0
    left = (low[None], high[None])
    while True:
        slopes = ranges.gradients(*left)
        looked += len(left[0])
        gone = ((slopes[0] > 0) & (left[1] < high) & boxy) | ((slopes[1] < 0) & (left[0] > low) & boxy)
        kept = ~gone.any(axis=1)
        left = (left[0][kept], left[1][kept])
        if not boxy.any():
            return (low, high), looked
        if not len(left[0]):
            # no equilibrium at all, which concave payoffs on bounded sets exclude
            return None, looked
        if looked + 2 * len(left[0]) > most or len(left[0]) > most // 8:
            return (left[0].min(axis=0), left[1].max(axis=0)), looked
        if (((left[1] - left[0]) / widths).max() < 2e-3) and looked > most // 8:
            return (left[0].min(axis=0), left[1].max(axis=0)), looked
        left = halved(*left, widths)


def _proved(ranges: SlopeRanges, rows: Floats, hull: Ranges, most: int) -> tuple[float | None, int]:
    """The least margin over a box, cut until it is above zero in every piece; None where boxes run out."""
    widths, looked, margin = np.maximum(hull[1] - hull[0], 1e-300), 0, np.inf
    left: Ranges = (hull[0][None], hull[1][None])
    while len(left[0]):
        looked += len(left[0])
        if looked > most:
            return None, looked
        low, high = ranges.hessians(*left)
        found = _margins(*_weighted(rows, low, high))
        done = found > 0
        margin = min(margin, float(found[done].min(initial=np.inf)))
        left = halved(left[0][~done], left[1][~done], widths)
    return margin, looked
