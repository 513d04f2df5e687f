"""Linear complementarity by the path of Lemke, in doubles or in fractions, with upper bounds too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array

Numbers = npt.NDArray[Any]

TIE = 1e-12
"""Entries of a tableau of doubles below this share of the largest count as zero."""

MOST_PIVOTS = 50
"""Pivots for each variable after which a path of doubles, which rounding may have led astray, is given up."""


@dataclass(frozen=True, eq=False)
class Complementarity:
    """What the path of Lemke found.

    Attributes:
        point: `z`, `[d]`, where a solution was found; None where the path ended in a ray.
        slack: `w = Mz + q`, `[d]`; None likewise.
        residual: the largest of `|min(z, w)|`, or of `|z − clip(z − w, 0, high)|` with upper bounds; ∞ without a
            solution.
        pivots: the number of steps.
        exact: whether it was computed in fractions.
        ray: the direction in `z` of the ray in which the path ended, `[d]`; None where it ended in none.
    """

    point: Numbers | None
    slack: Numbers | None
    residual: float
    pivots: int
    exact: bool
    ray: Numbers | None = None

    @property
    def solved(self) -> bool:
        """Whether a solution was found. A ray means that there is none where M is copositive plus, else nothing."""
        return self.point is not None


@public()
def complementarity(
    matrix: npt.ArrayLike, offset: npt.ArrayLike, *, high: npt.ArrayLike | None = None, exact: bool = False
) -> Complementarity:
    """A point `z ≥ 0` with `w = Mz + q ≥ 0` and `zᵀw = 0`; with upper bounds also `z ≤ u`.

    With upper bounds w may be negative where `z_k = u_k`: the box form, which is the first form in `(z, v)` with
    `w + v ≥ 0, u − z ≥ 0` and a multiplier v of the upper bound.

    Args:
        matrix: `M`, `[d, d]`.
        offset: `q`, `[d]`.
        high: `u`, above 0, `[d]`; infinite where there is none.
        exact: whether to compute in fractions, which decides every tie; some thirty variables take a second.

    Returns:
        A `Complementarity`: a solution whenever every variable has an upper bound, but for rounding; else one where
        M is copositive plus and there is one at all.

    Raises:
        InputError: for arrays that are not finite, or do not fit together.

    Example:
        >>> complementarity([[2, 1], [1, 2]], [-5, -6]).point.round(4).tolist()
        [1.3333, 2.3333]
        >>> [str(z) for z in complementarity([[2, 1], [1, 2]], [-5, -6], high=[1, 9], exact=True).point]
        ['1', '5/2']

    Source: Lemke (1965); Cottle, Pang, Stone, The linear complementarity problem (1992), for the lexicographic rule.
    """
    (m, fractions), (q, offsets) = exact_array(matrix, "matrix", ndim=2), exact_array(offset, "offset", ndim=1)
    d = len(q)
    if m.shape != (d, d):
        raise InputError(f"an offset of {d} numbers needs a matrix of shape {[d, d]}; got {list(m.shape)}")
    ends, limits = (np.full(d, np.inf), None) if high is None else _ends(high)
    if ends.shape != (d,) or np.isnan(ends).any() or (ends <= 0).any():
        raise InputError(f"upper bounds must be above 0, one for each of {d} variables; got {ends.tolist()}")
    if exact:
        m, q = in_fractions(m) if fractions is None else fractions, in_fractions(q) if offsets is None else offsets
    bounded = np.flatnonzero(np.isfinite(ends))
    upper = _like(q, ends[bounded]) if limits is None or not exact else limits[bounded]
    found, ray, pivots = _lemke(*_widened(m, q, bounded, upper), d)
    if found is None:
        return Complementarity(None, None, np.inf, pivots, exact, None if ray is None else ray[:d])
    z = found[:d]
    w = m @ z + q
    return Complementarity(z, w, _residual(z, w, ends), pivots, exact)


def _ends(high: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], Numbers | None]:
    """Upper bounds as doubles, and as they were given where they are fractions or texts."""
    given = np.asarray(high, dtype=object)
    endless = [isinstance(own, float | np.floating) and own == np.inf for own in given.ravel()]
    finite = ~np.array(endless, dtype=bool).reshape(given.shape)
    rounded, exact = exact_array(np.where(finite, given, 0).tolist(), "high", ndim=1)
    return np.where(finite, rounded, np.inf), exact


def in_fractions(values: npt.NDArray[np.float64]) -> Numbers:
    """Doubles as the fractions that they are."""
    made = np.empty(values.shape, dtype=object)
    for index, value in np.ndenumerate(values):
        made[index] = Fraction(float(value))
    return made


def _like(model: Numbers, values: npt.NDArray[np.float64]) -> Numbers:
    return in_fractions(values) if model.dtype == object else values


def _widened(m: Numbers, q: Numbers, bounded: npt.NDArray[Any], upper: Numbers) -> tuple[Numbers, Numbers]:
    """The form without upper bounds: `w = Mz + v + q ≥ 0` and `u − z ≥ 0`, with a multiplier v for each bound."""
    d, k = len(q), len(bounded)
    if not k:
        return m, q
    zero = q[:1] * 0
    wide = np.full((d + k, d + k), zero[0], dtype=m.dtype)
    wide[:d, :d] = m
    one = zero[0] + 1
    for place, at in enumerate(bounded):
        wide[at, d + place], wide[d + place, at] = one, -one
    return wide, np.concatenate([q, upper])


def _residual(z: Numbers, w: Numbers, high: npt.NDArray[np.float64]) -> float:
    point, slack = z.astype(np.float64), w.astype(np.float64)
    return float(np.abs(point - np.clip(point - slack, 0.0, high)).max(initial=0.0))


def _lemke(m: Numbers, q: Numbers, covered: int) -> tuple[Numbers | None, Numbers | None, int]:
    """The path that begins on the ray of the artificial variable, in a tableau `[I | −M | −c | q]`.

    c is one in the first `covered` rows and zero in those of upper bounds, which hold at the start: so z cannot grow
    without end along a variable that has one, and where all have one no path ends in a ray. Gives z, the direction of
    the ray in which it ended, one of them None, and how many steps it took; both are None where a path of doubles was
    given up.
    """
    d, exact = len(q), q.dtype == object
    if all(value >= 0 for value in q):
        return q * 0, None, 0
    zero, one = q[0] * 0, q[0] * 0 + 1
    unit = np.full((d, d), zero, dtype=q.dtype)
    for k in range(d):
        unit[k, k] = one
    # columns: w, z, the artificial variable, the right side
    table = np.hstack([unit, -m, np.full((d, 1), -one, dtype=q.dtype), q[:, None]])
    table[covered:, 2 * d] = zero
    basic = list(range(d))
    row = _least(range(covered), {k: [table[k, -1], *table[k, :d]] for k in range(covered)}, exact)
    column, pivots = 2 * d, 0
    while pivots <= MOST_PIVOTS * (d + 1) or exact:
        table = _pivoted(table, row, column)
        left, basic[row] = basic[row], column
        pivots += 1
        if left == 2 * d:
            break
        column = left + d if left < d else left - d
        entries, nothing = table[:, column], 0 if exact else TIE * float(np.abs(table).max())
        rows = [k for k in range(d) if entries[k] > nothing]
        if not rows:
            ray = _on_basis(basic, -entries, q)
            if d <= column < 2 * d:
                ray[column - d] = one
            return None, ray, pivots
        artificial = basic.index(2 * d)
        row = _least(rows, {k: [table[k, -1] / entries[k], *(table[k, :d] / entries[k])] for k in rows}, exact)
        # the artificial variable leaves as soon as it can: where it ties, the path ends
        ties = artificial in rows and table[artificial, -1] / entries[artificial] <= table[row, -1] / entries[row]
        row = artificial if ties else row
    else:
        return None, None, pivots
    return _on_basis(basic, table[:, -1], q), None, pivots


def _on_basis(basic: Sequence[int], values: Numbers, q: Numbers) -> Numbers:
    """The z of which basic variables have these values, those of doubles not below 0, and others none."""
    d = len(q)
    z = np.full(d, q[0] * 0, dtype=q.dtype)
    for value, variable in zip(values, basic, strict=True):
        if d <= variable < 2 * d:
            z[variable - d] = value if q.dtype == object else max(value, 0.0)
    return z


def _least(rows: Iterable[int], keys: Mapping[int, Sequence[Any]], exact: bool) -> int:
    """The row with the lexicographically least key, which is the only one: then no path goes round in a circle."""
    best, *others = list(rows)
    low = keys[best]
    for k in others:
        own = keys[k]
        for a, b in zip(own, low, strict=True):
            near = 0 if exact else TIE * (1.0 + abs(a) + abs(b))
            if a < b - near:
                best, low = k, own
                break
            if a > b + near:
                break
    return best


def _pivoted(table: Numbers, row: int, column: int) -> Numbers:
    made = table - np.outer(table[:, column], table[row] / table[row, column])
    made[row] = table[row] / table[row, column]
    return made
