"""Rest traps proved again: sets K around a point of rest, inside the box or on a face of it, which no run leaves.

K is a box in the coordinates with sides, one end of it that of the clipped box, times an ellipsoid
`|T(u − centre)| ≤ r` in the free ones. Everywhere in K, for all coefficients that the schedules ever take and h the
largest step size:

* the field points to the sides by at least the margin, so that these coordinates only come closer to them;
* `‖T (I + h ∂F_u/∂u) T⁻¹‖ ≤ q < 1` and, at the centre for all values of the coordinates with sides,
  `|T h F_u| ≤ (1 − q) r`. An update by τh, 0 < τ ≤ 1, leaves `|T(u − centre)|` at most
  `(1 − τ + τ q) r + τ (1 − q) r = r`;
* no component exceeds `largest`, so that nothing counts as diverged.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import inf, nextafter

from flint import arb, arb_mat

from nashscape.checking.corner_traps import extreme_coefficients, overshoot
from nashscape.checking.covers import FAILS, HOLDS, Ends, Finding, fault
from nashscape.checking.documents import RestTrap
from nashscape.checking.expressions import ball
from nashscape.checking.models import Atoms, Model
from nashscape.checking.problems import Problem
from nashscape.checking.steps import bounded


def rest_fault(trap: RestTrap, model: Model) -> str | None:
    """What of the claims about a rest trap is false or was not proved; None where all hold."""
    wrong = _number_fault(trap, model.problem)
    if wrong is not None:
        return wrong
    try:
        searches = [_Search(trap, model, own) for own in extreme_coefficients(model)]
    except ZeroDivisionError:
        return "its metric has no inverse"
    wrong = searches[0].shape_fault() or overshoot(trap.largest, model)
    return wrong or next(filter(None, (search.fault() for search in searches)), None)


def _number_fault(trap: RestTrap, problem: Problem) -> str | None:
    """What is wrong with the numbers of a trap, whatever the field."""
    if not trap.free:
        return "it has a side in every coordinate, so that nothing rests"
    if not 0 <= trap.contraction < 1 or trap.radius <= 0:
        return "its contraction is not below one, or its radius is not positive"
    if any(trap.sides) and trap.margin <= 0:
        return "its margin is not positive"
    for side, low, high in zip(trap.sides, trap.low, trap.high, strict=True):
        if not problem.low <= low <= high <= problem.high:
            return "where a run has arrived is not inside the box"
        if (side > 0 and high != problem.high) or (side < 0 and low != problem.low):
            return "a side of it does not reach the end of the box"
    return None


class _Search:
    def __init__(self, trap: RestTrap, model: Model, coefficients: Atoms) -> None:
        self.trap, self.model, self.coefficients = trap, model, coefficients
        step = model.problem.step_size
        sizes = [ball(model.problem.time_step or Fraction(1))] if step is None else step.ends()
        self.size = sizes[0].max(sizes[-1]).upper()
        self.metric = arb_mat([[ball(x) for x in row] for row in trap.metric])
        self.inverse = self.metric.inv()
        self.centre = [ball(x) for x in trap.centre]
        self.radius, self.contraction = ball(trap.radius), ball(trap.contraction)
        self.margin, self.largest = ball(trap.margin), ball(trap.largest)
        self.zero, self.half = arb(0), arb(0.5)

    def shape_fault(self) -> str | None:
        """Whether K lies in the box, and where runs arrive in K."""
        trap, problem = self.trap, self.model.problem
        low, high = self._hull()
        for j in trap.free:
            if not (arb(low[j]) >= ball(problem.low) and arb(high[j]) <= ball(problem.high)):
                return "it does not lie inside the box"
        for corner in range(2 ** len(trap.free)):
            ends = [(trap.high if corner >> i & 1 else trap.low)[j] for i, j in enumerate(trap.free)]
            away = _norm(self.metric, [ball(x - c) for x, c in zip(ends, trap.centre, strict=True)])
            if not away <= self.radius:
                return "a run that has arrived may be outside of it"
        return None

    def _hull(self) -> tuple[list[float], list[float]]:
        """A box that holds K."""
        low, high = [float(x) for x in self.trap.low], [float(x) for x in self.trap.high]
        for i, j in enumerate(self.trap.free):
            row = [self.inverse[i, k] for k in range(len(self.trap.free))]
            reach = self.radius * sum((x * x for x in row), arb(0)).sqrt()
            low[j] = nextafter(float((self.centre[i] - reach).lower()), -inf)
            high[j] = nextafter(float((self.centre[i] + reach).upper()), inf)
        return low, high

    def fault(self) -> str | None:
        """What of the claims about the field was not proved."""
        low, high = self._hull()
        found = fault(low, high, self.look)
        if found is not None:
            return f"its margin, largest or contraction is {found}"
        for j in self.trap.free:
            low[j] = high[j] = 0.0
        found = fault(low, high, self.look_at_centre)
        return None if found is None else f"how far its centre moves is {found}"

    def look(self, low: Ends, high: Ends) -> Finding:
        """What is known of a box."""
        bottom, top = [arb(x) for x in low], [arb(x) for x in high]
        if self._outside(bottom, top):
            return HOLDS
        if self._holds(bottom, top):
            return HOLDS
        point = [(x + y) * self.half for x, y in zip(bottom, top, strict=True)]
        inside = _norm(self.metric, [point[j] - c for j, c in zip(self.trap.free, self.centre, strict=True)])
        if inside <= self.radius and self._contradicted(point):
            return FAILS
        widths = [y - x for x, y in zip(low, high, strict=True)]
        return Finding(side=widths.index(max(widths)))

    def _outside(self, low: Sequence[arb], high: Sequence[arb]) -> bool:
        away = [low[j].union(high[j]) - c for j, c in zip(self.trap.free, self.centre, strict=True)]
        return bool(_norm(self.metric, away) > self.radius)

    def _holds(self, low: list[arb], high: list[arb]) -> bool:
        """Whether all claims are proved over a box."""
        model, over = self.model, self.model.over(low, high)
        middle = [(x + y) * self.half for x, y in zip(low, high, strict=True)]
        d = model.dimension
        slopes = model.jacobian(*over.atoms, *self.coefficients)
        if not self._contracts(slopes, refute=False):
            return False
        for j in range(d):
            value = model.components[j](*over.atoms, *self.coefficients)[0]
            if not self._fits(j, value):
                row = slopes[j * d : (j + 1) * d]
                least, most = bounded(model.components[j], row, over, middle, self.coefficients, self.zero)
                if not self._fits(j, least.union(most)):
                    return False
        return True

    def _fits(self, j: int, value: arb) -> bool:
        side = int(self.trap.sides[j])
        return bool(abs(value) <= self.largest and (not side or side * value >= self.margin))

    def _contracts(self, slopes: Sequence[arb], refute: bool) -> bool:
        """Whether `‖T (I + h DF) T⁻¹‖ ≤ q` is proved; or, to refute, whether the contrary is."""
        free, d = self.trap.free, self.model.dimension
        count = len(free)
        moves = [[self.size * slopes[i * d + j] + (1 if i == j else 0) for j in free] for i in free]
        matrix = self.metric * arb_mat(moves) * self.inverse
        rest = matrix.transpose() * matrix
        square = self.contraction * self.contraction
        left = [[(square if i == j else self.zero) - rest[i, j] for j in range(count)] for i in range(count)]
        return any(left[i][i] < self.zero for i in range(count)) if refute else _positive(left)

    def _contradicted(self, point: Sequence[arb]) -> bool:
        """Whether a claim is false at a point of K."""
        atoms = self.model.at(point)
        for j, program in enumerate(self.model.components):
            value, side = program(*atoms, *self.coefficients)[0], int(self.trap.sides[j])
            if abs(value) > self.largest or (side and side * value < self.margin):
                return True
        return self._contracts(self.model.jacobian(*atoms, *self.coefficients), refute=True)

    def look_at_centre(self, low: Ends, high: Ends) -> Finding:
        """Whether the centre moves as little as claimed; the free coordinates of the box have no part in it."""
        point = [arb(x).union(arb(y)) for x, y in zip(low, high, strict=True)]
        for j, c in zip(self.trap.free, self.centre, strict=True):
            point[j] = c
        bottom, top = [x.lower() for x in point], [x.upper() for x in point]
        over = self.model.over(bottom, top)
        slopes, d = self.model.jacobian(*over.atoms, *self.coefficients), self.model.dimension
        middle = [(x + y) * self.half for x, y in zip(bottom, top, strict=True)]
        moves = []
        for j in self.trap.free:
            ends = bounded(
                self.model.components[j], slopes[j * d : (j + 1) * d], over, middle, self.coefficients, self.zero
            )
            moves.append(self.size * ends[0].union(ends[1]))
        allowed = (1 - self.contraction) * self.radius
        if _norm(self.metric, moves) <= allowed:
            return HOLDS
        widths = [y - x for x, y in zip(low, high, strict=True)]
        return Finding(side=widths.index(max(widths)))


def _norm(matrix: arb_mat, vector: Sequence[arb]) -> arb:
    """The length of a matrix times a vector."""
    image = matrix * arb_mat([[x] for x in vector])
    total = arb(0)
    for i in range(len(vector)):
        # a square is never negative
        total = total + abs(image[i, 0]) * abs(image[i, 0])
    return total.nonnegative_part().sqrt()


def _positive(matrix: list[list[arb]]) -> bool:
    """Whether a symmetric matrix is proved to be positive definite, by elimination."""
    rows = [list(row) for row in matrix]
    zero = arb(0)
    for k, pivot in enumerate(rows):
        if not pivot[k] > zero:
            return False
        for row in rows[k + 1 :]:
            factor = row[k] / pivot[k]
            for j in range(k + 1, len(rows)):
                row[j] = row[j] - factor * pivot[j]
    return True
