"""Constants of a field on balls and beside corners, rounded so that what they promise holds."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.learning.fields import Field
from nashscape.proofs.bounds.enclosures import BENDS, VALUES, enclose

Floats = npt.NDArray[np.float64]
SPARE = 1.0 + 1e-11
"""More than what sums of a few hundred numbers without sign lose by rounding."""

PIECES = 64
"""Boxes into which the box around a ball is cut at most."""

MOST_BOXES = 4096
HALVINGS = 40


def largest_rate(low: Floats, high: Floats, still: Floats) -> float:
    """A number that no eigenvalue of the symmetric part exceeds, whatever matrix lies between the bounds.

    `s I − A + t D Dᵀ` is positive definite, checked in exact fractions, so that `dᵀ A d ≤ s |d|²` for all d that are
    orthogonal to the columns of D; A is the symmetric part of the middle, and the rest is added by its size.

    Args:
        low: bounds of the entries, `[d, d]`.
        high: see `low`.
        still: D `[d, g]`, whole numbers.
    """
    middle = (low + high) / 2
    around = np.maximum(high - middle, middle - low) * SPARE
    # of both halves of the symmetric part the sum is taken exactly, below
    wide = float(((around + around.T) / 2).sum(axis=1).max()) * SPARE
    weight = 2 * float(np.abs(middle).sum())
    basis = np.eye(len(middle)) - still @ np.linalg.pinv(still)
    along = basis @ (middle + middle.T) @ basis / 2
    rate = float(np.linalg.eigvalsh(along - 2 * weight * (np.eye(len(basis)) - basis))[-1])
    step = 1e-14 * (weight + np.finfo(float).tiny)
    while not _is_positive(rate + step, middle, weight, still):
        step *= 4
    return float(np.nextafter(rate + step + wide, np.inf))


def _is_positive(rate: float, middle: Floats, weight: float, still: Floats) -> bool:
    """Whether `rate I − (A + Aᵀ)/2 + weight D Dᵀ` is positive definite, by elimination in fractions."""
    size, entries = range(len(middle)), [[Fraction(float(x)) for x in row] for row in middle]
    whole = [[int(x) for x in row] for row in still]
    rows = [
        [
            Fraction(rate) * (i == j)
            - (entries[i][j] + entries[j][i]) / 2
            + Fraction(weight) * sum(a * b for a, b in zip(whole[i], whole[j], strict=True))
            for j in size
        ]
        for i in size
    ]
    for k in size:
        if rows[k][k] <= 0:
            return False
        for i in range(k + 1, len(rows)):
            share = rows[i][k] / rows[k][k]
            rows[i] = [x - share * y for x, y in zip(rows[i], rows[k], strict=True)]
    return True


@dataclass(frozen=True)
class Steepness:
    """Upper bounds over a ball: of how fast F changes, and how fast its Jacobian does, both in the spectral norm."""

    field: float
    jacobian: float


def steepness(field: Field, middle: Floats, radius: float) -> Steepness:
    """Lipschitz constants of F and of DF on a box around a ball; infinite where nothing is known.

    Of a matrix the norm is at most that of Frobenius, and at most `√(‖·‖₁ ‖·‖_∞)`; `D²F[u, w]`, for unit vectors u and
    w, is no longer than the norm of the matrix `[d, d²]` of all entries, in one row per component of F or of u.
    """
    low, high = pieces(np.nextafter(middle - radius, -np.inf), np.nextafter(middle + radius, np.inf))
    _, slopes, bends = enclose(field, low, high, BENDS)
    flat = [np.moveaxis(bends.size, axis, 1).reshape(len(low), low.shape[1], -1) for axis in (1, 2)]
    curved = np.minimum(_norm(flat[0]), _norm(flat[1]))
    return Steepness(float(_norm(slopes.size).max()), float(curved.max()))


def _norm(sizes: Floats) -> Floats:
    """An upper bound of the spectral norm of matrices `[K, r, c]` whose entries are no larger than these."""
    whole = np.sqrt((sizes**2).sum(axis=(1, 2)) * SPARE)
    crossed = np.sqrt(sizes.sum(axis=1).max(axis=1) * sizes.sum(axis=2).max(axis=1) * SPARE)
    return np.asarray(np.minimum(whole, crossed) * SPARE)


def pieces(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """A box cut into equal ones, as many along each side as keep them few, `[K, d]` each."""
    d = len(low)
    count = max(1, int(PIECES ** (1 / d) + 1e-9))
    edges = np.linspace(low, high, count + 1, axis=0)
    edges[0], edges[-1] = low, high
    index = np.indices((count,) * d).reshape(d, -1)
    column = np.arange(d)[:, None]
    return edges[index, column].T, edges[index + 1, column].T


def certified_radius(field: Field, middle: Floats, drift: float, away: float, most: float) -> tuple[float, Steepness]:
    """The largest radius found with `2 L(ρ) ρ ≤ μ`, L taken on the ball of this radius about a zero, and L there.

    L grows with the ball, so that radii are halved. Zero where not even the smallest tried will do.

    Args:
        field: the field.
        middle: a point.
        drift: μ.
        away: how far the zero may be from the point.
        most: the largest radius of interest.
    """

    def fits(radius: float) -> Steepness | None:
        found = steepness(field, middle, float(np.nextafter(radius + away, np.inf)))
        return found if 2 * found.jacobian * radius * SPARE <= drift else None

    best: tuple[float, Steepness] = (0.0, Steepness(np.inf, np.inf))
    whole = fits(most)
    if whole is not None:
        return most, whole
    low, high = 0.0, most
    for _ in range(HALVINGS):
        radius = (low + high) / 2
        found = fits(radius)
        if found is None:
            high = radius
        else:
            low, best = radius, (radius, found)
        if high - low <= 1e-3 * low:
            break
    return best


def leads_out(field: Field, corner: Floats, sides: Floats, length: float, margin: float) -> bool:
    """Whether it is proved that every component of the field leads out by at least a margin beside a corner.

    Args:
        field: the field.
        corner: the corner of the box, `[d]`.
        sides: 1 at an upper end, −1 at a lower one, `[d]`.
        length: of the sub-box, along every parameter.
        margin: in units of the field.
    """
    other = np.nextafter(corner - sides * length, -sides * np.inf)
    low, high = np.minimum(corner, other)[None], np.maximum(corner, other)[None]
    looked = 0
    while len(low):
        looked += len(low)
        if looked > MOST_BOXES:
            return False
        [found] = enclose(field, low, high, VALUES)
        least = np.where(sides > 0, found.low, -found.high).min(axis=1)
        most = np.where(sides > 0, found.high, -found.low).min(axis=1)
        if (most < margin).any():
            return False
        low, high = _halved(low[least < margin], high[least < margin])
    return True


def _halved(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    rows, side = np.arange(len(low)), np.argmax(high - low, axis=1)
    left, right = high.copy(), low.copy()
    left[rows, side] = right[rows, side] = (low[rows, side] + high[rows, side]) / 2
    return np.concatenate([low, right]), np.concatenate([left, high])
