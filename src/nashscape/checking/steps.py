"""One update of a whole box of coordinates: bounds of where every start in it goes.

Let `G(y) = y + h F(y)`, and J a ball for `∂G/∂y` over the box. Where `J_ij` has one sign, `G_i` only rises or only
falls with `y_j`, and its extremes lie at an end of that side. Along all other sides it stays within `|J_ij| r_j` of
what it is in the middle, r_j half the side. So the bounds are values at two points, and what those sides add.

Parameters of sigmoids are clipped: so are their bounds. Logits of a softmax must stay inside the box by themselves.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from nashscape.checking.expressions import Program, ball
from nashscape.checking.models import Atoms, Model, Range

Box = tuple[list[arb], list[arb]]


class Updates:
    """The updates of a problem, one by one, on boxes. A step returns None where nothing can be said."""

    def __init__(self, model: Model) -> None:
        problem = model.problem
        assert problem.step_size is not None, "these are for updates"
        self.model, self.step_size = model, problem.step_size
        self.schedules = list(problem.coefficients.values())
        self.escape = ball(problem.escape)
        self.zero, self.one, self.half = arb(0), arb(1), arb(0.5)
        self.numbers: list[tuple[arb, Atoms]] = []
        self.clipped = [last is None for k, last in enumerate(problem.last) if k in set(problem.followed)]

    def at(self, step: int) -> tuple[arb, Atoms]:
        """The step size, and the coefficients as arguments of the model's programs."""
        while len(self.numbers) <= step:
            time = Fraction(len(self.numbers))
            values = self.model.coefficients([own.at(time) for own in self.schedules])
            self.numbers.append((self.step_size.at(time), values))
        return self.numbers[step]

    def box(self, low: list[arb], high: list[arb], step: int) -> Box | None:
        """The box after an update."""
        size, coefficients = self.at(step)
        bounds = moved(self.model, low, high, size, coefficients, (self.zero, self.one, self.half))
        return None if bounds is None else self._projected(*bounds)

    def _projected(self, low: list[arb], high: list[arb]) -> Box | None:
        model, escape = self.model, self.escape
        bottom, top = [], []
        for least, most, clipped in zip(low, high, self.clipped, strict=True):
            if clipped and not (least > -escape and most < escape):
                return None
            bottom.append(least.max(model.low).min(model.high) if clipped else least)
            top.append(most.max(model.low).min(model.high) if clipped else most)
        return (bottom, top) if logits_inside(model, bottom, top) else None


def moved(
    model: Model, low: list[arb], high: list[arb], size: arb, coefficients: Atoms, numbers: tuple[arb, arb, arb]
) -> Box | None:
    """Bounds of `y + size · F(y)` over a box, before anything is clipped; the numbers are 0, 1 and ½."""
    zero, one, half = numbers
    d = model.dimension
    over = model.over(low, high)
    slopes = model.jacobian(*over.atoms, *coefficients)
    middle = [(x + y) * half for x, y in zip(low, high, strict=True)]
    bottom, top = [], []
    for i in range(d):
        row = [size * slope for slope in slopes[i * d : (i + 1) * d]]
        row[i] = one + row[i]
        least, most, spread = extremes(row, low, high, middle, zero)
        program = model.components[i]
        ends = [
            _end(low[i], high[i], middle[i], choice[i]) + size * program(*over.at(choice, middle), *coefficients)[0]
            for choice in (least, most)
        ]
        first, second = (ends[0] - spread).lower(), (ends[1] + spread).upper()
        if not (first.is_finite() and second.is_finite()):
            return None
        bottom.append(first)
        top.append(second)
    return bottom, top


def extremes(
    row: Sequence[arb], low: Sequence[arb], high: Sequence[arb], middle: Sequence[arb], zero: arb
) -> tuple[list[int], list[int], arb]:
    """Where a function with these slopes over a box is bounded from below and from above, and what is to be added."""
    least, most, spread = [], [], zero
    for j, slope in enumerate(row):
        if slope >= zero:
            least.append(0)
            most.append(1)
        elif slope <= zero:
            least.append(1)
            most.append(0)
        else:
            least.append(2)
            most.append(2)
            spread = spread + slope.abs_upper() * (high[j] - middle[j]).max(middle[j] - low[j])
    return least, most, spread


def bounded(
    program: Program, row: Sequence[arb], over: Range, middle: list[arb], coefficients: Atoms, zero: arb
) -> tuple[arb, arb]:
    """Bounds of a component with these slopes over a box."""
    least, most, spread = extremes(row, over.low, over.high, middle, zero)
    ends = [program(*over.at(choice, middle), *coefficients)[0] for choice in (least, most)]
    return (ends[0] - spread).lower(), (ends[1] + spread).upper()


def logits_inside(model: Model, low: Sequence[arb], high: Sequence[arb]) -> bool:
    """Whether all logits of softmax players, with mean zero, stay inside the box, so that nothing clips them."""
    for first, count, soft in model.groups:
        if not soft:
            continue
        bottom, top = low[first : first + count], high[first : first + count]
        least, most = (sum(own, arb(0)) / (count + 1) for own in (bottom, top))
        if not (-most >= model.low and -least <= model.high):
            return False
        share = arb(1) / (count + 1)
        for a in range(count):
            # y_a − mean rises with y_a and falls with the others
            lowest = bottom[a] * (1 - share) - (most - top[a] * share)
            highest = top[a] * (1 - share) - (least - bottom[a] * share)
            if not (lowest >= model.low and highest <= model.high):
                return False
    return True


def _end(low: arb, high: arb, middle: arb, choice: int) -> arb:
    return (low, high, middle)[choice]
