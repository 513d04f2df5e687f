"""Numbers over a box as linear forms with a rest, which know how they depend on one another to first order.

For coordinates `y_j = c_j + r_j t_j` with t between −1 and 1, a `LinearForm` holds all values

    middle + Σ_j slopes_j t_j + δ,   |δ| ≤ rest.

What is of second order in a product goes to the rest. Middles and slopes are balls that hold the exact numbers. The
programs of `nashscape.checking.expressions` are run on linear forms as they are on balls.
"""

from collections.abc import Sequence
from typing import Union

from flint import arb

Value = Union["LinearForm", arb, int]


class LinearForm:
    """A linear form with a rest; see above."""

    __slots__ = ("middle", "rest", "slopes", "spread")

    def __init__(self, middle: arb, slopes: Sequence[arb], rest: arb) -> None:
        """From its parts; `spread` is a bound of the linear part."""
        self.middle, self.slopes, self.rest = middle, slopes, rest
        self.spread: arb = sum((x.abs_upper() for x in slopes), start=arb(0)).abs_upper()

    def __add__(self, other: Value) -> "LinearForm":
        if not isinstance(other, LinearForm):
            return LinearForm(self.middle + other, self.slopes, self.rest)
        slopes = [x + y for x, y in zip(self.slopes, other.slopes, strict=True)]
        return LinearForm(self.middle + other.middle, slopes, (self.rest + other.rest).abs_upper())

    def __neg__(self) -> "LinearForm":
        return LinearForm(-self.middle, [-x for x in self.slopes], self.rest)

    def __sub__(self, other: Value) -> "LinearForm":
        return self + -other

    def __rsub__(self, other: arb | int) -> "LinearForm":
        return -self + other

    def __mul__(self, other: Value) -> "LinearForm":
        if not isinstance(other, LinearForm):
            return LinearForm(self.middle * other, [x * other for x in self.slopes], (self.rest * other).abs_upper())
        a, b = self, other
        slopes = [a.middle * y + b.middle * x for x, y in zip(a.slopes, b.slopes, strict=True)]
        rest = a.spread * b.spread + (abs(a.middle) + a.spread) * b.rest + (abs(b.middle) + b.spread + b.rest) * a.rest
        return LinearForm(a.middle * b.middle, slopes, rest.abs_upper())

    __radd__, __rmul__ = __add__, __mul__

    def ends(self) -> tuple[arb, arb]:
        """Below and above all values, exact numbers."""
        reach = self.spread + self.rest
        return (self.middle - reach).lower(), (self.middle + reach).upper()


def softmax_forms(
    low: Sequence[arb], high: Sequence[arb], over: Sequence[arb], at: Sequence[arb], places: range, count: int
) -> list[LinearForm]:
    """The probabilities of a softmax, whose last logit is zero, over a box of the others.

    Beside the middle a probability changes by `σ_a (δ_aj − σ_j)` with logit j, and by half of its second derivatives
    `σ_a ((δ_aj − σ_j)(δ_ak − σ_k) − σ_j (δ_jk − σ_k))` over the whole box, at most.

    Args:
        low: ends of the own coordinates.
        high: see `low`.
        over: the probabilities over the box, as balls.
        at: at the middle of every coordinate, `(low + high)/2`.
        places: which coordinates these are,
        count: of so many.
    """
    half = [(y - x) / 2 for x, y in zip(low, high, strict=True)]
    free = range(len(half))
    found = []
    for a, own in enumerate(at):
        slopes = [arb(0)] * count
        for j in free:
            slopes[places[j]] = own * ((1 if a == j else 0) - at[j]) * half[j]
        bent = arb(0)
        for j in free:
            for k in free:
                change = ((1 if a == j else 0) - over[j]) * ((1 if a == k else 0) - over[k])
                second = over[a] * (change - over[j] * ((1 if j == k else 0) - over[k]))
                bent += second.abs_upper() * half[j] * half[k]
        found.append(LinearForm(own, slopes, (bent / 2).abs_upper()))
    return found


def sigmoid_forms(
    low: arb, high: arb, over: Sequence[arb], at: Sequence[arb], place: int, count: int
) -> list[LinearForm]:
    """A sigmoid and its derivatives `s′ = s (1 − s)`, `s″ = s′ (1 − 2s)`, `s‴ = s′ (1 − 6s′)`, as many as are known."""
    half = (high - low) / 2
    slopes = [arb(0)] * count
    slopes[place] = at[1] * half
    s = LinearForm(at[0], slopes, (over[2].abs_upper() * half * half / 2).abs_upper())
    first = s * (1 - s)
    found = [s, first, first * (1 - s - s), first * (1 - 6 * first)]
    return found[: len(at)]
