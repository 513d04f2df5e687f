"""Concave quadratic programs over the sets of games over points: best replies where payoffs are quadratic."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array
from nashscape.theory.continuous.complementarity import Numbers, complementarity, in_fractions

Floats = npt.NDArray[np.float64]

ZERO = 1e-10
"""What misses a condition by up to this share of the terms that it is the sum of is rounding; beyond it fractions are
asked."""

ROUNDING = 1e-13
"""How far from a bound a point may be that is at it, as a share of the bounds."""

BENDS = 1e-10
"""An eigenvalue up to this share of the largest is rounding of one that is zero."""


@dataclass(frozen=True, eq=False)
class QuadraticProgram:
    """The best point of a concave quadratic function over a set. Made by `quadratic_program`.

    Attributes:
        point: `y`, `[d]`, a best point, the only one where the function is strictly concave; None where there is none.
        value: `½ yᵀHy + rᵀy`; ∞ where there is no best point.
        prices: the multiplier `τ` of each budget, simplexes included, in the order of the blocks of the set: what one
            unit more of it is worth. None where there is no best point.
        residual: by how much the conditions of Karush, Kuhn and Tucker are missed, in the largest component of
            `y − clip(y + Hy + r − τp, low, high)` and, where not all has to be spent, of `min(τ, total − p·y)`.
        status: "optimal", or "unbounded" where values grow without end.
        direction: one in which they do, `[d]`; None where there is a best point.
        pivots: steps of the path of Lemke.
        exact: whether it was computed in fractions.
    """

    point: Numbers | None
    value: Any
    prices: Numbers | None
    residual: float
    status: str
    direction: Numbers | None
    pivots: int
    exact: bool

    def __repr__(self) -> str:
        """Status and value, as one line."""
        return f"<QuadraticProgram: {self.status}, value {float(self.value):.6g}>"


@public()
def quadratic_program(
    matrix: npt.ArrayLike, linear: npt.ArrayLike, region: Any, *, exact: bool = False
) -> QuadraticProgram:
    """A point `y` of a set with the largest `½ yᵀHy + rᵀy`, for H that bends nowhere up: a best reply, say.

    The conditions of Karush, Kuhn and Tucker are a linear complementarity problem, of which the path of Lemke finds a
    solution if there is one. It computes in doubles, and again in fractions where these miss the conditions.

    Args:
        matrix: `H`, `[d, d]`, of which only the symmetric part matters.
        linear: `r`, `[d]`.
        region: the set, one of `games.box_set`, `simplex_set`, `budget_set` and `product_set`.
        exact: whether to compute in fractions throughout; some thirty variables take a second.

    Raises:
        InputError: for H that bends up in some direction, arrays that are not finite or do not fit the set, and a value
            that is no such set. Empty sets are refused where they are made.

    Example:
        >>> from nashscape import games
        >>> best = quadratic_program([[-2, 0], [0, -1]], [3, 3], games.budget_set(2, [1, 1]))
        >>> best, best.point.round(4).tolist(), best.prices.round(4).tolist()
        (<QuadraticProgram: optimal, value 4.66667>, [0.6667, 1.3333], [1.6667])
        >>> quadratic_program([[0, 0], [0, -1]], [1, 1], games.box_set(0, float("inf"), 2)).status
        'unbounded'

    Source: Lemke (1965); Cottle, Pang, Stone, The linear complementarity problem (1992), section 1.2.
    """
    (h, squares), (r, slopes) = exact_array(matrix, "matrix", ndim=2), exact_array(linear, "linear", ndim=1)
    parts = blocks_of(region)
    d = sum(part.size for part in parts)
    if h.shape != (d, d) or r.shape != (d,):
        raise InputError(
            f"a set of points of {d} coordinates needs a matrix of shape {[d, d]} and {d} linear terms; got "
            f"{list(h.shape)} and {list(r.shape)}"
        )
    h = (h + h.T) / 2
    _check_concave(h)
    if not exact:
        form = _Form(parts, exact=False)
        found = _solved(h, r, form)
        if _holds(found, h, r, form):
            return found
    given = in_fractions(h) if squares is None else (squares + squares.T) / 2
    linears, form = in_fractions(r) if slopes is None else slopes, _Form(parts, exact=True)
    found = _solved(given, linears, form)
    if not _holds(found, given, linears, form):
        raise InputError(
            "the matrix bends up by so little that rounding decides; lower its diagonal, or give fractions"
        )
    return found


def blocks_of(region: Any) -> tuple[Any, ...]:
    """The boxes, simplexes and budgets that a set is made of, in order.

    Raises:
        InputError: for a value that is no such set.
    """
    if hasattr(region, "parts"):
        return tuple(block for part in region.parts for block in blocks_of(part))
    if isinstance(region, type) or not all(hasattr(region, name) for name in ("low", "high", "prices", "total")):
        raise InputError(
            f"expected a set such as games.box_set(0, 1), simplex_set(3) or budget_set(10, [1, 2]); got {region!r}"
        )
    return (region,)


def bends_up(hessian: Floats) -> float:
    """The largest eigenvalue of a symmetric matrix where it is above 0, beyond rounding; else 0."""
    values = np.linalg.eigvalsh(hessian)
    largest = float(values.max(initial=0.0))
    return largest if largest > BENDS * float(np.abs(values).max(initial=0.0)) else 0.0


def _check_concave(h: Floats) -> None:
    up = bends_up(h)
    if up:
        raise InputError(
            f"the function must be concave; the matrix has the eigenvalue {up:.6g}, which bends it up. The best points "
            "of one that does are corners or edges: compare them one by one"
        )


class _Form:
    """A set as `y = start + B z` with `0 ≤ z ≤ high` and rows `P y ≤ total`, two of them where all must be spent."""

    def __init__(self, parts: tuple[Any, ...], *, exact: bool) -> None:
        self.exact = exact
        low, high = (np.concatenate([np.asarray(getattr(own, end), float) for own in parts]) for end in ("low", "high"))
        d = len(low)
        below, above = np.isfinite(low), np.isfinite(high)
        self.low, self.high = low, high
        self.start = self.numbers(np.where(below, low, np.where(above, high, 0.0)))
        # down from above where there is no low bound, both ways where there is none at all; what cannot move has none
        moves = [(k, 1.0) for k in range(d) if below[k] and high[k] > low[k]]
        moves += [(k, -1.0) for k in range(d) if not below[k]]
        moves += [(k, 1.0) for k in range(d) if not below[k] and not above[k]]
        signs = np.zeros((d, len(moves)))
        for column, (k, sign) in enumerate(moves):
            signs[k, column] = sign
        self.basis = self.numbers(signs)
        between = [k for k, _ in moves if below[k] and above[k]]
        self.ends = np.full(len(moves), np.inf, dtype=self.basis.dtype)
        self.ends[[column for column, (k, _) in enumerate(moves) if below[k] and above[k]]] = (
            self.numbers(high[between]) - self.start[between]
        )
        self._budgets(parts, d)

    def _budgets(self, parts: tuple[Any, ...], d: int) -> None:
        rows: list[Floats] = []
        totals: list[float] = []
        self.all_spent, first = [], 0
        for part in parts:
            if part.prices is not None:
                row = np.zeros(d)
                row[first : first + part.size] = part.prices
                rows.append(row)
                totals.append(float(part.total))
                self.all_spent.append(bool(part.all_spent))
            first += part.size
        self.rows = self.numbers(np.array(rows).reshape(-1, d))
        self.totals = self.numbers(np.array(totals, dtype=float))
        self.twice = np.flatnonzero(self.all_spent)

    def numbers(self, values: Floats) -> Numbers:
        """Doubles, or fractions of them."""
        return in_fractions(values) if self.exact else values


def _solved(h: Numbers, r: Numbers, form: _Form) -> QuadraticProgram:
    b, p, total = form.basis, form.rows, form.totals
    # values in units of which those of H and r are near one, as prices of budgets mostly are
    unit = 1 if form.exact else _near_power(max(np.abs(h).max(initial=0.0), np.abs(r).max(initial=0.0)))
    steep, start = h / unit, r / unit
    rows, ends = np.vstack([p, -p[form.twice]]), np.concatenate([total, -total[form.twice]])
    across = rows @ b
    n, m = b.shape[1], len(rows)
    square = form.numbers(np.zeros((n + m, n + m)))
    square[:n, :n], square[:n, n:], square[n:, :n] = -(b.T @ steep @ b), across.T, -across
    offset = np.concatenate([-(b.T @ (steep @ form.start + start)), ends - rows @ form.start])
    high = np.concatenate([form.ends, np.full(m, np.inf)])
    if not n + m:
        return _optimal(h, r, form, form.start, total[:0], 0)
    found = complementarity(square, offset, high=high, exact=form.exact)
    if found.point is None:
        way = None if found.ray is None else b @ found.ray[:n]
        return QuadraticProgram(None, np.inf, None, np.inf, "unbounded", way, found.pivots, form.exact)
    prices = found.point[n : n + len(p)].copy()
    prices[form.twice] = prices[form.twice] - found.point[n + len(p) :]
    return _optimal(h, r, form, form.start + b @ found.point[:n], prices * unit, found.pivots)


def _near_power(value: float) -> float:
    """A power of two near a number that is not negative, by which dividing rounds nothing; 1 for none."""
    return float(2.0 ** round(math.log2(min(max(value, 1e-150), 1e150)))) if value else 1.0


def _optimal(h: Numbers, r: Numbers, form: _Form, y: Numbers, prices: Numbers, pivots: int) -> QuadraticProgram:
    value = y @ (h @ y) / 2 + r @ y
    missed = _missed(h, r, form, y, prices)
    return QuadraticProgram(y, value, prices, missed, "optimal", None, pivots, form.exact)


def _missed(h: Numbers, r: Numbers, form: _Form, y: Numbers, prices: Numbers) -> float:
    """By how much the conditions are missed, in the largest component."""
    slope = (h @ y + r - prices @ form.rows).astype(float)
    point, slack = y.astype(float), (form.totals - form.rows @ y).astype(float)
    spent = np.where(form.all_spent, np.abs(slack), np.abs(np.minimum(slack, prices.astype(float))))
    moved = np.abs(point - np.clip(point + slope, form.low, form.high))
    return float(np.concatenate([moved, spent]).max(initial=0.0))


def _holds(found: QuadraticProgram, h: Numbers, r: Numbers, form: _Form) -> bool:
    """Whether what was found is what it is called, but for rounding.

    Nothing is compared with numbers of other units, so that the answer is the same whatever payoffs and points are
    counted in: each slope with the terms that it is the sum of, each distance to a bound with what it lies between.
    """
    if found.point is None or found.prices is None:
        return _grows(found, h, r)
    y, costs = found.point, found.prices @ form.rows
    slope = (h @ y + r - costs).astype(float)
    terms = (abs(h) @ abs(y) + abs(r) + abs(found.prices) @ abs(form.rows)).astype(float)
    at = y.astype(float)
    room_up, room_down = form.high - at, at - form.low
    ends = [np.abs(np.where(np.isfinite(end), end, at)) for end in (form.low, form.high)]
    far = ROUNDING * np.maximum(np.abs(at), np.maximum(*ends))
    inside = bool((room_up >= -far).all() and (room_down >= -far).all())
    rises, falls = slope > ZERO * terms, slope < -ZERO * terms
    settled = not ((rises & (room_up > far)) | (falls & (room_down > far))).any()
    slack = (form.totals - form.rows @ y).astype(float)
    nothing = ZERO * (abs(form.totals) + abs(form.rows) @ abs(y)).astype(float)
    worth = found.prices.astype(float)
    cheap = ZERO * np.array([terms[row > 0].min() / float(row.max()) for row in form.rows.astype(float)])
    spent = np.where(form.all_spent, np.abs(slack) <= nothing, (slack >= -nothing) & (worth >= -cheap))
    paid = (np.abs(slack) <= nothing) | (worth <= cheap)
    return inside and settled and bool((spent & paid).all())


def _grows(found: QuadraticProgram, h: Numbers, r: Numbers) -> bool:
    """Whether values grow without end in the direction that was found."""
    if found.direction is None:
        return False
    way = found.direction
    flat = np.abs((h @ way).astype(float)) <= ZERO * (abs(h).max(initial=0) * abs(way).max(initial=0))
    return bool(flat.all() and r @ way > ZERO * float(abs(r) @ abs(way)))
