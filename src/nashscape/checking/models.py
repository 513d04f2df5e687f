"""The field of a problem over balls: atoms of the logits at points and over boxes, and compiled formulas of them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flint import arb

from nashscape.checking.expressions import ONE, Number, Program, Tape, ball
from nashscape.checking.linear_forms import LinearForm, sigmoid_forms, softmax_forms
from nashscape.checking.problems import Problem
from nashscape.checking.rule_fields import RuleField
from nashscape.checking.sigmoids import Sigmoids
from nashscape.checking.utilities import utilities_of

Ends = Sequence[arb]
Atoms = tuple[arb, ...]


class Model:
    """Field and Jacobian of a problem in the coordinates y that are followed. Balls hold exact values throughout.

    Attributes:
        problem: what it is about.
        dimension: of y.
    """

    def __init__(self, problem: Problem) -> None:
        """At the present precision of `flint.ctx`."""
        self.problem, self.dimension = problem, len(problem.followed)
        terms = bool(problem.coefficients)
        self.order = 3 if terms else 2
        self.sigmoids = Sigmoids(self.order)
        self.low, self.high = ball(problem.low), ball(problem.high)
        # rows of K as places and balls; None where the logit is one of the coordinates itself
        rows = zip(problem.matrix, problem.bias, strict=True)
        self.rows: list[Any] = [
            None if problem.identity else ([(k, ball(x)) for k, x in enumerate(row) if x], ball(c)) for row, c in rows
        ]
        self.factor = ball(problem.inner_lr)

    # formulas

    def _formulas(self, order: int) -> tuple[Tape, RuleField]:
        problem = self.problem
        counts = self._counts(problem)
        tape = Tape(sum(counts) + len(problem.coefficients))
        left: list[Number] = list(tape.inputs)
        atoms = [[left.pop(0) for _ in range(count)] for count in counts]
        return tape, RuleField(
            problem, utilities_of(problem, atoms, order), dict(zip(problem.coefficients, left, strict=True))
        )

    def _counts(self, problem: Problem) -> list[int]:
        states = len(problem.game.initial)
        counts: list[int] = []
        for actions, soft in zip(problem.actions, problem.softmax, strict=True):
            counts += [actions] if soft else [self.order + 1] * states
        return counts

    @cached_property
    def _values(self) -> tuple[Tape, RuleField]:
        return self._formulas(self.order - 1)

    @cached_property
    def _slopes(self) -> tuple[Tape, RuleField]:
        return self._formulas(self.order)

    @cached_property
    def components(self) -> list[Program]:
        """The field's components along y, one program each, from atoms and coefficients."""
        tape, field = self._values
        return [tape.program([self._followed(field.component, k)]) for k in self.problem.followed]

    @cached_property
    def jacobian(self) -> Program:
        """`∂F_y/∂y`, row after row."""
        tape, field = self._slopes
        columns = self.problem.followed
        return tape.program([self._followed(lambda k, m=m: field.slope(k, m), k) for k in columns for m in columns])

    @cached_property
    def every_component(self) -> list[Program]:
        """The components along all parameters θ."""
        tape, field = self._values
        return [tape.program([field.component(k)]) for k in range(self.problem.total)]

    @cached_property
    def every_slope(self) -> list[Program]:
        """The derivatives of every component along all parameters θ by y."""
        tape, field = self._slopes
        columns = self.problem.followed
        return [tape.program([field.slope(k, m) for m in columns]) for k in range(self.problem.total)]

    @cached_property
    def parts(self) -> list[tuple[Program, Program] | None]:
        """Of every parameter what its component is a product of: what is common to its terms, and the rest.

        None of the last of a softmax, which is less the sum of the others.
        """
        tape, field = self._values
        found: list[tuple[Program, Program] | None] = []
        for k, last in enumerate(self.problem.last):
            if k == last:
                found.append(None)
                continue
            common = field.utilities.factor(k)
            found.append((tape.program([ONE if common is None else common]), tape.program([field.bare(k)])))
        return found

    def _followed(self, of: Any, k: int) -> Number:
        """What holds of a parameter, less what holds of the one that is taken off."""
        last = self.problem.last[k]
        own: Number = of(k)
        return own if last is None else own - of(last)

    # atoms

    def coefficients(self, values: Sequence[arb]) -> Atoms:
        """The last arguments of all programs: `η c` from the values c of the schedules."""
        return tuple(self.factor * value for value in values)

    def at(self, point: Ends) -> Atoms:
        """The atoms at a point of y, given by exact or thin balls."""
        found: list[arb] = []
        for part in self._at(point):
            found += part
        return tuple(found)

    def _at(self, point: Ends) -> list[Atoms]:
        if any(self.problem.softmax):
            return [self.own_at(point, *own) for own in self.groups]
        return [self.sigmoids.at(z) for z in self._logits(point)]

    def _logits(self, point: Ends) -> Sequence[arb]:
        return point if self.problem.identity else [_row(own, point) for own in self.rows]

    def over(self, low: Ends, high: Ends) -> "Range":
        """The atoms over a box of y."""
        return Range(self, low, high)

    @cached_property
    def groups(self) -> list[tuple[int, int, bool]]:
        """For every player the first coordinate, how many there are, and whether they are a softmax's."""
        found, first = [], 0
        for size, soft in zip(self.problem.sizes, self.problem.softmax, strict=True):
            count = size - 1 if soft else size
            found.append((first, count, soft))
            first += count
        return found

    def own_at(self, point: Ends, first: int, count: int, soft: bool) -> Atoms:
        """The atoms of one of the groups at a point."""
        own = point[first : first + count]
        return _softmax(own) if soft else self.sigmoids.at(own[0])


class Range:
    """Atoms over a box of y, and at its vertices and middles.

    Attributes:
        atoms: over the whole box.
    """

    def __init__(self, model: Model, low: Ends, high: Ends) -> None:
        """The box with these exact ends."""
        self.model, self.low, self.high = model, low, high
        self.vertices: list[tuple[Atoms, Atoms]] = []
        found: list[arb] = []
        sigmoids = model.sigmoids
        if any(model.problem.softmax):
            for first, count, soft in model.groups:
                bottom, top = low[first : first + count], high[first : first + count]
                if soft:
                    found += _softmax_over(bottom, top)
                else:
                    found += sigmoids.over(bottom[0], top[0], sigmoids.at(bottom[0]), sigmoids.at(top[0]))
            self.simple = False
        else:
            self.simple = model.problem.identity
            if self.simple:
                ends = list(zip(low, high, strict=True))
            else:
                balls = [x.union(y) for x, y in zip(low, high, strict=True)]
                ends = [(z.lower(), z.upper()) for z in (_row(own, balls) for own in model.rows)]
            for bottom_z, top_z in ends:
                pair = sigmoids.at(bottom_z), sigmoids.at(top_z)
                self.vertices.append(pair)
                found += sigmoids.over(bottom_z, top_z, *pair)
        self.atoms = tuple(found)

    def shares_of(self, form: LinearForm) -> list[float]:
        """How much of the width of a form is due to each coordinate; of the rest, by how far its probability varies."""
        left, varies = list(self.atoms), []
        for _, count, soft in self.model.groups:
            own = [left.pop(0) for _ in range(count + 1 if soft else self.model.order + 1)]
            varies += [float(x.rad()) for x in own[:count]]
        share = float(form.rest.upper()) / (sum(varies) or 1.0)
        return [float(x.abs_upper()) + share * y for x, y in zip(form.slopes, varies, strict=True)]

    def linear_forms(self) -> tuple[LinearForm, ...]:
        """The atoms as linear forms, where there is a softmax."""
        model, left = self.model, list(self.atoms)
        middle = [(x + y) / 2 for x, y in zip(self.low, self.high, strict=True)]
        found: list[LinearForm] = []
        for first, count, soft in model.groups:
            places = range(first, first + count)
            at = model.own_at(middle, first, count, soft)
            over = [left.pop(0) for _ in at]
            low, high = self.low[first : first + count], self.high[first : first + count]
            if soft:
                found += softmax_forms(low, high, over, at, places, len(middle))
            else:
                found += sigmoid_forms(low[0], high[0], over, at, first, len(middle))
        return tuple(found)

    def at(self, choice: Sequence[int], middle: Ends) -> Atoms:
        """The atoms at the point with, in every coordinate, the low end (0), the high end (1) or the middle (2)."""
        if not self.simple:
            return self.model.at([(self.low, self.high, middle)[own][j] for j, own in enumerate(choice)])
        found: list[arb] = []
        for j, own in enumerate(choice):
            found += self.vertices[j][own] if own < 2 else self.model.sigmoids.at(middle[j])
        return tuple(found)


def _row(own: Any, point: Ends) -> arb:
    places, total = own
    for k, slope in places:
        total = total + slope * point[k]
    return total


def _softmax(point: Ends) -> Atoms:
    """The probabilities at a point; the last logit is zero."""
    powers = [y.exp() for y in point]
    last = 1 / sum(powers, arb(1))
    return (*(power * last for power in powers), last)


def _softmax_over(low: Ends, high: Ends) -> Atoms:
    """Over a box: a probability rises with the own logit and falls with all others."""
    least, most = [y.exp() for y in low], [y.exp() for y in high]
    below, above = sum(least, arb(1)), sum(most, arb(1))
    found = []
    for x, y in zip(least, most, strict=True):
        # all others at their other end
        found.append((x / (x + (above - y))).union(y / (y + (below - x))))
    return (*found, (1 / above).union(1 / below))
