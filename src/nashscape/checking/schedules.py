"""Schedules of step sizes and coefficients: enclosures of their values at any time, over all times, and of their sum.

Constant, Power `scale/(t + offset)^exponent`, TwoPhase `value · (1 + max(t − warm_up, 0)/decay_steps)^−exponent` and
Handoff `before` until `at`, then `after`. Each runs from its first value monotonely to its last, so that the hull of
the values at two times holds all between them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from nashscape.checking.expressions import ball


@dataclass(frozen=True)
class Schedule:
    """A kind and its exact numbers, as read from a file."""

    kind: str
    numbers: Mapping[str, Fraction]

    def at(self, time: Fraction) -> arb:
        """A ball that holds the value at a time."""
        own = self.numbers
        if self.kind == "Constant":
            return ball(own["value"])
        if self.kind == "Handoff":
            return ball(own["before"] if time < own["at"] else own["after"])
        if self.kind == "Power":
            return ball(own["scale"]) * ball(time + own["offset"]) ** -ball(own["exponent"])
        after = max(time - own["warm_up"], Fraction(0)) / own["decay_steps"]
        return ball(own["value"]) * ball(1 + after) ** -ball(own["exponent"])

    def between(self, first: Fraction, last: Fraction) -> arb:
        """A ball that holds all values from one time to another."""
        return self.at(first).union(self.at(last))

    def fault(self) -> str | None:
        """What keeps the values from being bounded over all times, or defined; None where nothing does."""
        own = self.numbers
        if self.kind == "Power" and own["offset"] <= 0:
            return "its offset is not positive"
        if self.kind == "TwoPhase" and own["decay_steps"] <= 0:
            return "its decay_steps are not positive"
        return "its exponent is negative" if own.get("exponent", 0) < 0 else None

    def ends(self) -> list[arb]:
        """Balls for the ends of the range of all values from time 0 on; one where they are all the same."""
        if self.kind == "Handoff":
            return [ball(self.numbers["before"]), ball(self.numbers["after"])]
        # with an exponent they fall towards zero
        first = self.at(Fraction(0))
        return [first, arb(0)] if self.numbers.get("exponent") else [first]

    def ever(self) -> arb:
        """A ball that holds all values from time 0 on."""
        ends = self.ends()
        return ends[0].union(ends[-1])

    def step_fault(self) -> str | None:
        """What keeps the values from being positive step sizes with an infinite sum; None where nothing does."""
        own = self.numbers
        wrong = self.fault()
        if wrong:
            return wrong
        sizes = {"Constant": ["value"], "Power": ["scale"], "TwoPhase": ["value"], "Handoff": ["before", "after"]}
        if any(own[name] <= 0 for name in sizes[self.kind]):
            return "step sizes are not all positive"
        return "step sizes have a finite sum" if own.get("exponent", 0) > 1 else None
