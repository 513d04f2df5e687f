"""A span of the projected flow for a whole box of coordinates: bounds of where every start in it is after it.

With V a ball of velocities over a box B that no run leaves during the span h, a run without clipping has

    y(h) ∈ y + h F(y) + h²/2 (DF · V)(B)

in every coordinate; `y + h F(y)` is bounded over the box of starts as an update is. B is found by trying: if
`box + [0, h] V(B)`, clipped, lies in B, then no run has left B. Where a coordinate may meet the upper end of the box
of parameters, its run is `min(y + m(h), inf_s end + m(h) − m(s))`, m being what the field adds up to. So it is at most
what it would be without the end, and at least the lesser of that and `end + h min(F, 0)`; likewise at the lower end.
"""

from fractions import Fraction

from flint import arb

from nashscape.checking.expressions import ball
from nashscape.checking.models import Atoms, Model
from nashscape.checking.steps import Box, logits_inside, moved

TRIES = 6


class Spans:
    """Spans of the projected flow of a problem, one by one, on boxes. A step returns None where nothing can be said."""

    def __init__(self, model: Model) -> None:
        problem = model.problem
        assert problem.time_step is not None, "these are for flows"
        self.model, self.span = model, ball(problem.time_step)
        self.time_step = problem.time_step
        self.schedules = list(problem.coefficients.values())
        self.numbers: list[Atoms] = []
        self.zero, self.one, self.half = arb(0), arb(1), arb(0.5)
        self.clipped = [last is None for k, last in enumerate(problem.last) if k in set(problem.followed)]

    def at(self, step: int) -> Atoms:
        """The coefficients during a span."""
        while len(self.numbers) <= step:
            first = len(self.numbers) * self.time_step
            values = [own.between(Fraction(first), Fraction(first + self.time_step)) for own in self.schedules]
            self.numbers.append(self.model.coefficients(values))
        return self.numbers[step]

    def box(self, low: list[arb], high: list[arb], step: int) -> Box | None:
        """The box after a span."""
        coefficients = self.at(step)
        around = self._around(low, high, coefficients)
        if around is None:
            return None
        bottom, top, pushed = around
        if any(clipped and all(self._touches(j, bottom[j], top[j])) for j, clipped in enumerate(self.clipped)):
            return None
        bounds = moved(self.model, low, high, self.span, coefficients, (self.zero, self.one, self.half))
        if bounds is None:
            return None
        speeds = [self._speed(j, bottom[j], top[j], push) for j, push in enumerate(pushed)]
        slopes = self.model.jacobian(*self.model.over(bottom, top).atoms, *coefficients)
        d, factor = len(low), self.span * self.span * self.half
        after_low, after_high = [], []
        for i in range(d):
            bend: arb = sum((slopes[i * d + j] * speeds[j] for j in range(d)), self.zero) * factor
            least, most = (bounds[0][i] + bend).lower(), (bounds[1][i] + bend).upper()
            if self.clipped[i]:
                least, most = self._stopped(i, least, most, bottom[i], top[i], pushed[i])
            after_low.append(least)
            after_high.append(most)
        if not logits_inside(self.model, after_low, after_high) or not logits_inside(self.model, bottom, top):
            return None
        return (after_low, after_high) if all(x.is_finite() for x in after_low + after_high) else None

    def _around(
        self, low: list[arb], high: list[arb], coefficients: Atoms
    ) -> tuple[list[arb], list[arb], list[arb]] | None:
        """A box that no run leaves during the span, and the field over it."""
        bottom, top = list(low), list(high)
        for attempt in range(TRIES):
            field = self._field(bottom, top, coefficients)
            if not all(push.is_finite() for push in field):
                return None
            # runs move by no more than the field for no longer than the span
            reach = [(self.span * push).union(self.zero) for push in field]
            least = [self._clip(j, (x + y).lower()) for j, (x, y) in enumerate(zip(low, reach, strict=True))]
            most = [self._clip(j, (x + y).upper()) for j, (x, y) in enumerate(zip(high, reach, strict=True))]
            if (
                attempt
                and all(x >= y for x, y in zip(least, bottom, strict=True))
                and all(x <= y for x, y in zip(most, top, strict=True))
            ):
                return bottom, top, field
            # a little more, so that the next try holds it
            extra = [(y - x) * 0.1 + arb(2) ** -40 for x, y in zip(least, most, strict=True)]
            bottom = [self._clip(j, (x - e).lower()) for j, (x, e) in enumerate(zip(least, extra, strict=True))]
            top = [self._clip(j, (x + e).upper()) for j, (x, e) in enumerate(zip(most, extra, strict=True))]
        return None

    def _field(self, low: list[arb], high: list[arb], coefficients: Atoms) -> list[arb]:
        atoms = self.model.over(low, high).atoms
        return [program(*atoms, *coefficients)[0] for program in self.model.components]

    def _clip(self, j: int, value: arb) -> arb:
        return value.max(self.model.low).min(self.model.high) if self.clipped[j] else value

    def _touches(self, j: int, low: arb, high: arb) -> tuple[bool, bool]:
        return not low > self.model.low, not high < self.model.high

    def _speed(self, j: int, low: arb, high: arb, push: arb) -> arb:
        """Velocities: those of the field, or none at an end of the clipped box."""
        return push.union(self.zero) if self.clipped[j] and any(self._touches(j, low, high)) else push

    def _stopped(self, j: int, least: arb, most: arb, low: arb, high: arb, push: arb) -> tuple[arb, arb]:
        """Bounds of a clipped coordinate from those without clipping."""
        below, above = self._touches(j, low, high)
        falls = (self.span * push).lower().min(self.zero)
        rises = (self.span * push).upper().max(self.zero)
        if above:
            least = least.min((self.model.high + falls).lower())
        if below:
            most = most.max((self.model.low + rises).upper())
        return self._clip(j, least), self._clip(j, most)
