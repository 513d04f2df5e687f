"""Formulas written once for a problem, with exact numbers folded in, and run many times over balls.

A formula is built with ordinary operators on `Expression`s and `Fraction`s. Products with zero and one vanish, equal
parts are shared, and numbers are combined exactly. `program` turns the wanted results into one straight Python
function of balls; every operation in it is one operation of `flint.arb`, so what it returns holds the exact result.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Union

from flint import arb, fmpq

Number = Union[Fraction, "Expression"]
Program = Callable[..., tuple[Any, ...]]

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


class Tape:
    """The parts of formulas in the order in which they were written; inputs come first."""

    def __init__(self, inputs: int) -> None:
        self.lines: list[tuple[str, Any, Any]] = []
        self.known: dict[tuple[str, Any, Any], Expression] = {}
        self.inputs = [self.made("in", k, None) for k in range(inputs)]

    def made(self, operation: str, first: Any, second: Any) -> "Expression":
        """The expression of this operation; the same one whenever it is asked for again."""
        key = (operation, first, second)
        if key not in self.known:
            self.lines.append(key)
            self.known[key] = Expression(self, len(self.lines) - 1)
        return self.known[key]

    def line(self, part: Number) -> int:
        """Where a part is; a number has a line of its own, of another kind than those of inputs and results."""
        return part.number if isinstance(part, Expression) else self.made("number", part, None).number

    def program(self, results: Sequence[Number]) -> Program:
        """A function from balls for all inputs to balls for the results."""
        return _compiled(self, results)


class Expression:
    """One part of a formula."""

    __slots__ = ("number", "tape")

    def __init__(self, tape: Tape, number: int) -> None:
        self.tape, self.number = tape, number

    def __add__(self, other: Number) -> Number:
        if other == ZERO:
            return self
        return self.tape.made("+", *sorted((self.number, self.tape.line(other))))

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, Fraction) and abs(other) <= ONE and other.denominator == 1:
            return ZERO if not other else self if other > 0 else -self
        return self.tape.made("*", *sorted((self.number, self.tape.line(other))))

    def __sub__(self, other: Number) -> Number:
        """The difference; nothing where both are the same."""
        if isinstance(other, Fraction):
            return self + -other
        return ZERO if other is self else self.tape.made("-", self.number, other.number)

    def __rsub__(self, other: Fraction) -> Number:
        return -self if other == ZERO else self.tape.made("-", self.tape.line(other), self.number)

    def __neg__(self) -> "Expression":
        return self.tape.made("neg", self.number, None)

    def __truediv__(self, other: Number) -> Number:
        if isinstance(other, Fraction):
            return self * (ONE / other)
        return self.tape.made("/", self.number, other.number)

    def __rtruediv__(self, other: Fraction) -> Number:
        return ZERO if other == ZERO else self.tape.made("/", self.tape.line(other), self.number)

    __radd__, __rmul__ = __add__, __mul__


def ball(number: Fraction) -> arb:
    """A ball that holds an exact number, at the present precision."""
    return arb(fmpq(number.numerator, number.denominator))


def _compiled(tape: Tape, results: Sequence[Number]) -> Program:
    """Only the lines that the results need, each the assignment of one operation."""
    ends = [tape.line(result) for result in results]
    wanted = set(ends)
    for line in range(max(ends, default=-1), -1, -1):
        operation, first, second = tape.lines[line]
        if line in wanted and operation not in ("in", "number"):
            wanted.update(part for part in (first, second) if part is not None)
    body: list[str] = []
    space: dict[str, Any] = {}
    for line in sorted(wanted):
        operation, first, second = tape.lines[line]
        if operation == "number":
            space[f"v{line}"] = ball(first)
        elif operation == "neg":
            body.append(f" v{line} = -v{first}")
        elif operation != "in":
            body.append(f" v{line} = v{first} {operation} v{second}")
    arguments = ", ".join(f"v{one.number}" for one in tape.inputs)
    text = "\n".join([f"def run({arguments}):", *body, f" return ({''.join(f'v{end}, ' for end in ends)})"])
    # only names and operators of the lines above are in the text
    exec(compile(text, "<formula>", "exec"), space)
    program: Program = space["run"]
    return program
