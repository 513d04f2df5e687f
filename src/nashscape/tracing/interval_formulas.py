"""The formulas of interval arithmetic, once for all array libraries: what operations do to bounds, rounded outwards.

After every sum, product and quotient the bounds are moved outwards by 2⁻⁵¹ of their size and by 10⁻³⁰⁰, four times the
rounding error and far more than what is lost below the least normal number. Exponentials, logarithms, sigmoids and
hyperbolic tangents are moved by 2⁻⁴⁶ of their size, some sixty units in the last place; those of the compiler and of
NumPy are right to a few, which tests compare with decimal arithmetic of forty digits.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

ROUNDING = 2.0**-51
ELEMENTARY = 2.0**-46
TINY = 1e-300
LARGEST = np.finfo(np.float64).max

STEPS = ("sign", "floor", "ceil", "round")
"""Operations that never fall and do not round."""

Operation = Callable[..., Any]


def _ends(x: Any) -> list[Any]:
    return [x.low] if x.single else [x.low, x.high]


@dataclass(frozen=True)
class IntervalFormulas:
    """What operations do to bounds.

    Bounds have the arrays `low` and `high`, and are `single` where these are known to be the same. Of truth values
    `low` is whether it is certain, `high` whether it is possible.

    Attributes:
        xp: the array library, `numpy` or `jax.numpy`.
        made: makes bounds of a lower and an upper one; of one alone, single numbers.
    """

    xp: Any
    made: Operation

    def down(self, value: Any, share: float = ROUNDING) -> Any:
        """Not above the number that `value` was rounded from."""
        return value - (self.xp.abs(value) * share + TINY)

    def up(self, value: Any, share: float = ROUNDING) -> Any:
        """Not below the number that `value` was rounded from."""
        return value + (self.xp.abs(value) * share + TINY)

    def outwards(self, low: Any, high: Any, share: float = ROUNDING) -> Any:
        """Bounds around results that were rounded."""
        return self.made(self.down(low, share), self.up(high, share))

    def known(self, x: Any) -> Any:
        """Nothing is known where a bound is no number."""
        lost = self.xp.isnan(x.low) | self.xp.isnan(x.high)
        return self.made(self.xp.where(lost, -self.xp.inf, x.low), self.xp.where(lost, self.xp.inf, x.high))

    # --- sums and products ------------------------------------------------------------------------------

    def add(self, a: Any, b: Any) -> Any:
        """Sums."""
        return self.outwards(a.low + b.low, a.high + b.high)

    def neg(self, a: Any) -> Any:
        """Negative numbers, exactly."""
        return self.made(-a.low) if a.single else self.made(-a.high, -a.low)

    def mul(self, a: Any, b: Any) -> Any:
        """Products; of something with itself, its square."""
        return self.power(a, 2) if a is b else self._extremes([p * q for p in _ends(a) for q in _ends(b)])

    def div(self, a: Any, b: Any) -> Any:
        """Quotients; without bounds where the divisor may be zero."""
        found = self._extremes([p / q for p in _ends(a) for q in _ends(b)])
        apart = (b.low > 0) | (b.high < 0)
        return self.made(self.xp.where(apart, found.low, -self.xp.inf), self.xp.where(apart, found.high, self.xp.inf))

    def _extremes(self, values: list[Any]) -> Any:
        return self.outwards(functools.reduce(self.xp.minimum, values), functools.reduce(self.xp.maximum, values))

    def power(self, a: Any, exponent: int) -> Any:
        """Powers with a whole exponent."""
        if exponent < 0:
            return self.div(self.made(self.xp.float64(1.0)), self.power(a, -exponent))
        # each of its multiplications may round
        share = ROUNDING * max(exponent, 1)
        low, high = a.low**exponent, a.high**exponent
        if exponent % 2:
            return self.outwards(low, high, share)
        least = self.xp.where((a.low <= 0) & (a.high >= 0), 0.0, self.xp.minimum(low, high))
        found = self.outwards(least, self.xp.maximum(low, high), share)
        return self.made(self.xp.maximum(found.low, 0.0), found.high)

    def raised(self, a: Any, b: Any) -> Any:
        """Powers with any exponent, of what is not negative: monotone in both, so that corners are extreme."""
        base = [self.xp.maximum(end, 0.0) for end in _ends(a)]
        values = [self.xp.power(p, q) for p in base for q in _ends(b)]
        low, high = functools.reduce(self.xp.minimum, values), functools.reduce(self.xp.maximum, values)
        found = self.outwards(self.xp.minimum(low, LARGEST), high, ELEMENTARY)
        known = a.low >= 0
        return self.made(
            self.xp.where(known, self.xp.maximum(found.low, 0.0), -self.xp.inf),
            self.xp.where(known, found.high, self.xp.inf),
        )

    # --- functions that never fall ----------------------------------------------------------------------

    def growing(self, function: Operation, least: float = -np.inf, most: float = np.inf) -> Operation:
        """Bounds of a function that rounds, itself between `least` and `most`."""

        def bounds(a: Any) -> Any:
            low = function(a.low)
            high = low if a.single else function(a.high)
            # the least bound of something beyond all numbers is the largest of them
            found = self.outwards(self.xp.minimum(low, LARGEST), high, ELEMENTARY)
            return self.made(self.xp.maximum(found.low, least), self.xp.minimum(found.high, most))

        return bounds

    def exactly(self, function: Operation) -> Operation:
        """Bounds of a function that never falls in any argument and does not round."""

        def bounds(*entries: Any) -> Any:
            low = function(*(x.low for x in entries))
            single = all(x.single for x in entries)
            return self.made(low) if single else self.made(low, function(*(x.high for x in entries)))

        return bounds

    def sigmoid(self, x: Any) -> Any:
        """The logistic function of numbers."""
        # of a small size on both sides, so that the error is small beside the value also where that is tiny
        small = self.xp.exp(-self.xp.abs(x))
        return self.xp.where(x >= 0, 1.0, small) / (1.0 + small)

    def abs(self, a: Any) -> Any:
        """Sizes, exactly."""
        least = self.xp.maximum(self.xp.maximum(a.low, -a.high), 0.0)
        return self.made(least, self.xp.maximum(self.xp.abs(a.low), self.xp.abs(a.high)))

    # --- comparisons ------------------------------------------------------------------------------------

    # what is possible is written as what is not excluded, so that of a bound that is no number everything is possible

    def greater(self, a: Any, b: Any) -> Any:
        """Whether the first is greater."""
        return self.made(a.low > b.high, ~(a.high <= b.low))

    def not_less(self, a: Any, b: Any) -> Any:
        """Whether the first is as great at least."""
        return self.made(a.low >= b.high, ~(a.high < b.low))

    def equal(self, a: Any, b: Any) -> Any:
        """Whether both are the same number."""
        return self.made((a.low == b.high) & (a.high == b.low), ~((a.low > b.high) | (b.low > a.high)))

    def opposite(self, a: Any) -> Any:
        """Whether something does not hold."""
        return self.made(~a.low) if a.single else self.made(~a.high, ~a.low)

    # --- the table --------------------------------------------------------------------------------------

    def table(self) -> dict[str, Operation]:
        """The formulas by the names of JAX's operations."""
        xp = self.xp
        return {
            "add": self.add, "add_any": self.add, "sub": lambda a, b: self.add(a, self.neg(b)), "neg": self.neg,
            "mul": self.mul, "div": self.div, "pow": self.raised, "square": lambda a: self.power(a, 2), "abs": self.abs,
            "exp": self.growing(xp.exp, least=0.0), "expm1": self.growing(xp.expm1, least=-1.0),
            "log": self.growing(lambda x: xp.log(xp.maximum(x, 0.0))),
            "log1p": self.growing(lambda x: xp.log1p(xp.maximum(x, -1.0))),
            "sqrt": self.growing(lambda x: xp.sqrt(xp.maximum(x, 0.0)), least=0.0),
            "logistic": self.growing(self.sigmoid, least=0.0, most=1.0),
            "tanh": self.growing(xp.tanh, least=-1.0, most=1.0),
            "max": self.exactly(xp.maximum), "min": self.exactly(xp.minimum),
            "clamp": self.exactly(lambda low, x, high: xp.minimum(xp.maximum(x, low), high)),
            "gt": self.greater, "ge": self.not_less,
            "lt": lambda a, b: self.greater(b, a), "le": lambda a, b: self.not_less(b, a),
            "eq": self.equal, "ne": lambda a, b: self.opposite(self.equal(a, b)), "not": self.opposite,
            "and": self.exactly(xp.logical_and), "or": self.exactly(xp.logical_or),
        }  # fmt: skip
