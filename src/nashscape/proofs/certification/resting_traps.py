"""Traps about places of rest that are no corners: on an edge of the clipped box, or inside it.

Let some parameters s lie near ends of the box and the others u near a point x. K holds all profiles whose s are beyond
some numbers towards these ends and whose u have `|T (u − x)| ≤ r`, for a matrix T. Suppose that on K, with h the
largest step size,

* every component of the field in s points towards its end by a margin;
* `‖T (I + h ∂F_u/∂u) T^{-1}‖ ≤ q < 1`, in the spectral norm;
* `|T h F_u(s, x)| ≤ (1 − q) r` for all s.

Then `|T (u' − x)| ≤ q r + (1 − q) r` after an update with the step size h, and with smaller ones as well, for those lie
between staying and that update and K is convex; s does not fall back. So no run leaves K, which holds no corner of the
box: what enters never reaches one. With constant coefficients two runs whose s are at the ends come closer and closer,
so that all come to one point. For the flow any h > 0 shows the same.

Where to look is found by running; nothing of that is part of the proof.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg

from nashscape.learning.fields import Field
from nashscape.proofs.bounds.enclosures import SLOPES, VALUES, enclose
from nashscape.proofs.bounds.local_bounds import SPARE, pieces

Floats = npt.NDArray[np.float64]
RADII = 2.0 ** -np.arange(1.0, 9.0)
"""Tried, from the largest, in parameters."""

DEPTHS = (1.0, 0.25, 0.0625)
"""How far from the ends s may be, as shares of the radius."""


@dataclass(frozen=True, eq=False)
class RestTrap:
    """A set from which no run comes to a corner.

    Attributes:
        target: its name.
        sides: 1 for parameters at the upper end, −1 at the lower, 0 for the others, `[d]`.
        low: ends of a box inside K: what lies in it has arrived, `[d]`.
        high: see `low`.
        centre: x, `[f]`.
        metric: T, `[f, f]`.
        radius: r.
        contraction: q.
        margin: what every component of the field in s is at least, towards its end.
        largest: what no component exceeds.
        kind: "rest".
    """

    target: str
    sides: Floats
    low: Floats
    high: Floats
    centre: Floats
    metric: Floats
    radius: float
    contraction: float
    margin: float
    largest: float
    kind: str = field(default="rest", init=False)

    @property
    def rows(self) -> Floats:
        """W such that the inner box is `W y ≥ least`, `[2d, d]`."""
        eye = np.eye(len(self.low))
        return np.concatenate([eye, -eye]) + 0.0

    @property
    def least(self) -> Floats:
        """See `rows`; nothing is asked of a parameter at its own end, beyond which it is clipped."""
        ends = np.concatenate([self.low, -self.high])
        beyond = np.concatenate([self.sides < 0, self.sides > 0])
        return np.where(beyond, -np.inf, ends)


def rest_trap(field: Field, name: str, at: Floats, ends: tuple[float, float], step: float) -> RestTrap | None:
    """The largest trap found about a point at which a rule seems to rest; None where none is proved.

    Args:
        field: of the rule, its coefficients constant.
        name: of the trap.
        at: the point, `[d]`; parameters at an end of the box exactly there.
        ends: of the box.
        step: the largest step size.
    """
    sides = np.where(at >= ends[1], 1.0, np.where(at <= ends[0], -1.0, 0.0))
    free = np.flatnonzero(sides == 0)
    if not len(free):
        return None
    metric = _metric(field.jacobian(at)[np.ix_(free, free)])
    for radius in RADII:
        for depth in DEPTHS if sides.any() else DEPTHS[:1]:
            found = _proved(field, name, at, sides, free, metric, float(radius), float(radius * depth), ends, step)
            if found is not None:
                return found
    return None


def _metric(jacobian: Floats) -> Floats:
    """T with `T J T^{-1}` normal or nearly so: from eigenvectors, real and imaginary parts side by side."""
    values, vectors = scipy.linalg.eig(jacobian)
    basis = [part for value, vector in zip(values, vectors.T, strict=True) if value.imag >= 0
             for part in ([vector.real] if value.imag == 0 else [vector.real, vector.imag])]  # fmt: skip
    matrix = np.array(basis).T
    if len(basis) != len(jacobian) or np.linalg.cond(matrix) > 1e3:
        return np.eye(len(jacobian))
    return np.asarray(np.linalg.inv(matrix / np.linalg.norm(matrix, axis=0)))


def _proved(
    field: Field, name: str, at: Floats, sides: Floats, free: Any, metric: Floats, radius: float, depth: float,
    ends: tuple[float, float], step: float,
) -> RestTrap | None:  # fmt: skip
    back = np.asarray(np.linalg.inv(metric), np.float64)
    # |u − x|_j ≤ r |row j of T^{-1}|, a little more for the inverse is rounded
    reach = np.zeros(len(at))
    reach[free] = radius * np.linalg.norm(back, axis=1) * (1 + 1e-9)
    low: Floats = np.where(sides > 0, at - depth, np.where(sides < 0, ends[0], at - reach))
    high: Floats = np.where(sides < 0, at + depth, np.where(sides > 0, ends[1], at + reach))
    if (low < ends[0]).any() or (high > ends[1]).any():
        return None
    values, slopes = enclose(field, *pieces(low, high), SLOPES)
    outwards = np.where(sides > 0, values.low, -values.high)[:, sides != 0]
    margin = float(outwards.min(initial=np.inf))
    if not margin > 0:
        return None
    inner = np.ix_(range(len(values.low)), free, free)
    q = _norm(slopes.low[inner], slopes.high[inner], metric, back, step)
    middle_low, middle_high = low.copy(), high.copy()
    middle_low[free] = middle_high[free] = at[free]
    [there] = enclose(field, *pieces(middle_low, middle_high), VALUES)
    drift = float((np.linalg.norm(there.size[:, free] @ np.abs(metric).T, axis=1) * step * SPARE).max())
    q = np.nextafter(q * SPARE, np.inf)
    if not (q < 1 and drift <= (1 - q) * radius / SPARE):
        return None
    inscribed = radius / (np.linalg.norm(np.abs(metric).sum(axis=1)) * (1 + 1e-9))
    low[free], high[free] = at[free] - inscribed, at[free] + inscribed
    return RestTrap(
        target=name, sides=sides, low=low, high=high, centre=at[free], metric=metric, radius=radius,
        contraction=float(q), margin=0.0 if np.isinf(margin) else margin, largest=float(values.size.max()) * SPARE,
    )  # fmt: skip


def _norm(low: Floats, high: Floats, metric: Floats, back: Floats, step: float) -> float:
    """An upper bound of `‖T (I + h A) T^{-1}‖` over matrices A between bounds, `[K, f, f]`.

    Of the middle it is worked out and moved outwards by far more than is lost by rounding; the rest is added by size.
    """
    middle, around = (low + high) / 2, (high - low) / 2 * SPARE
    whole = metric @ (np.eye(len(metric)) + step * middle) @ back
    rest = np.abs(metric) @ (step * around) @ np.abs(back)
    if not (np.isfinite(whole).all() and np.isfinite(rest).all()):
        return np.inf
    spare = 1e-12 * np.linalg.norm(np.abs(metric)) * np.linalg.norm(np.abs(back)) * (1 + step * np.abs(middle).max())
    return float((np.linalg.norm(whole, 2, axis=(1, 2)) + np.linalg.norm(rest, axis=(1, 2)) + spare).max())
