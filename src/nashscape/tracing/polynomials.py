"""Polynomials with a bounded rest: bounds of a function over boxes that are sharp to fourth order.

Intervals forget how two numbers depend on the same variable, so that bounds of a long formula over a box of width w are
too wide by a multiple of w. A `Polynomial` (a Taylor model, as the field calls it) remembers that up to the third
power: with variables `x` between −1 and 1

    f(x) = Σ_m c_m x^m + δ(x),    |δ(x)| ≤ rest,    of degree three at most,

and what is left out of sums and products, rounding included, is added to the rest by its size.

Rounding. Every coefficient of a product is a sum of at most eight products, so that it is off by less than 2⁻⁴⁸ of the
sizes of both factors; sizes, which are sums and products of a few hundred numbers of one sign, are moved outwards by
2⁻⁴⁴ of themselves. Source of the method: M. Berz and
G. Hoffstätter, "Computation and application of Taylor polynomials with interval remainder bounds", 1998.
"""

import functools
import operator
from collections import Counter
from collections.abc import Iterable
from typing import Any

import jax.numpy as jnp

from nashscape.tracing.interval_formulas import TINY
from nashscape.tracing.intervals import Interval

DEGREE = 3
SLIPS = 2.0**-48
SPARE = 1 + 2.0**-44
Monomial = tuple[int, ...]
"""Numbers of variables, in order and as often as they occur."""


class Polynomial:
    """Values over `[−1, 1]^d`, box by box.

    Attributes:
        terms: coefficients by monomial; those that are missing are zero.
        rest: how far values may be from the polynomial.
        size: a bound of the sum of the sizes of all coefficients, not the least.
    """

    __slots__ = ("_parts", "rest", "size", "terms")

    def __init__(self, terms: dict[Monomial, Any], rest: Any, size: Any) -> None:
        self.terms, self.rest, self.size = terms, rest, size
        self._parts: list[Any] | None = None

    @staticmethod
    def exact(terms: dict[Monomial, Any], rest: Any = 0.0) -> "Polynomial":
        """From coefficients and the rest."""
        return Polynomial(terms, rest, more(_sum(map(jnp.abs, terms.values()))))

    @property
    def parts(self) -> list[Any]:
        """Bounds of the parts of degrees 0, 1, 2 and 3, but for rounding."""
        if self._parts is None:
            sizes = [[jnp.abs(x) for key, x in self.terms.items() if len(key) == k] for k in range(DEGREE + 1)]
            self._parts = [_sum(own) if own else 0.0 for own in sizes]
        return self._parts

    def bounds(self) -> Interval:
        """Of all values; nothing is known where a coefficient is no number."""
        middle = self.terms.get((), jnp.float64(0.0))
        below, above = _reaches(self.terms)
        slack = more(self.rest + 16 * SLIPS * self.size)
        low, high = middle - (below + slack), middle + (above + slack)
        lost = jnp.isnan(low) | jnp.isnan(high)
        return Interval(jnp.where(lost, -jnp.inf, low), jnp.where(lost, jnp.inf, high))


def constant(between: Interval) -> Polynomial:
    """A number, or all numbers between bounds."""
    middle, radius = centred(between)
    return Polynomial.exact({(): middle}, radius)


def variable(low: Any, high: Any, number: int) -> Polynomial:
    """All numbers of intervals, as a variable of its own.

    >>> import jax
    >>> with jax.enable_x64(True):
    ...     x = variable(jnp.float64(1.0), jnp.float64(3.0), 0)
    ...     found = product(x, x).bounds()
    >>> round(float(found.low), 6), round(float(found.high), 6)
    (1.0, 9.0)
    """
    middle, radius = centred(Interval(low, high))
    return Polynomial.exact({(): middle, (number,): radius})


def total(a: Polynomial, b: Polynomial, sign: int = 1) -> Polynomial:
    """The sum, or the difference."""
    terms = dict(a.terms)
    for key, value in b.terms.items():
        if key in terms:
            terms[key] = terms[key] + value if sign > 0 else terms[key] - value
        else:
            terms[key] = value if sign > 0 else -value
    size = more(a.size + b.size)
    return Polynomial(terms, more(a.rest + b.rest + SLIPS * size), size)


def product(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product; what is of a higher degree goes to the rest."""
    terms: dict[Monomial, Any] = {}
    for key, x in a.terms.items():
        for other, y in b.terms.items():
            if len(key) + len(other) <= DEGREE:
                both = tuple(sorted(key + other))
                terms[both] = terms[both] + x * y if both in terms else x * y
    p, q = a.parts, b.parts
    beyond = _sum(p[i] * _sum(q[DEGREE + 1 - i :]) for i in range(1, DEGREE + 1))
    one, other_one = _sum(p), _sum(q)
    size = more(one * other_one)
    rest = beyond + SLIPS * size + a.rest * (other_one + b.rest) + one * b.rest
    return Polynomial(terms, more(rest), size)


def scaled(a: Polynomial, factor: Interval) -> Polynomial:
    """The product with numbers between bounds."""
    middle, radius = centred(factor)
    size = more(jnp.abs(middle) * a.size)
    rest = jnp.abs(middle) * a.rest + SLIPS * size + radius * (a.size + a.rest)
    return Polynomial({key: value * middle for key, value in a.terms.items()}, more(rest), size)


def centred(between: Interval) -> tuple[Any, Any]:
    """A middle, as rounded, and how far the bounds are from it."""
    if between.single:
        return between.low, 0.0
    middle = (between.low + between.high) / 2
    return middle, more(jnp.maximum(between.high - middle, middle - between.low))


def more(size: Any) -> Any:
    """Not below the number that a size, of at least zero, was rounded from."""
    return size * SPARE + TINY


def _sum(numbers: Iterable[Any]) -> Any:
    """Without a zero to begin with, which would be one operation more."""
    return functools.reduce(operator.add, numbers)


# --- ranges ---------------------------------------------------------------------------------------------


def _reaches(terms: dict[Monomial, Any]) -> tuple[Any, Any]:
    """How far values reach below and above the constant, but for rounding.

    Variables are turned so that linear coefficients l are positive, or all negative for what is below. A part of l pays
    for terms that lower the value where x is high: `−τ x_i x_j ≤ τ (1 − x_i − x_j)`, and `−τ w x_i ≤ τ (1 − x_i)` for
    `w = x_j²` between 0 and 1. What is not paid for counts by its size.
    """
    zero = jnp.float64(0.0)
    variables = sorted({number for key in terms for number in key})
    slopes = {i: terms.get((i,), zero) for i in variables}
    turn = {i: jnp.where(slope < 0, -jnp.ones_like(slope), jnp.ones_like(slope)) for i, slope in slopes.items()}
    left = [{i: jnp.abs(slope) for i, slope in slopes.items()} for _ in range(2)]
    around = zero
    for key, value in terms.items():
        odd = [i for i, count in Counter(key).items() if count % 2]
        if len(key) < 2 or not odd:
            continue
        around = around + jnp.abs(value)
        if len(odd) > 2:
            continue
        turned = functools.reduce(lambda x, i: x * turn[i], odd, value)
        above = jnp.maximum(-turned, 0.0)
        owed = [jnp.maximum(turned, 0.0) if len(odd) == 2 else above, above]
        for mine, debt in zip(left, owed, strict=True):
            paid = functools.reduce(jnp.minimum, (mine[i] for i in odd), debt)
            mine.update({i: mine[i] - paid for i in odd})
    bends = {i: terms[i, i] for i in variables if (i, i) in terms}
    ends = [
        _sum([around, *(_top(mine[i], sign, bends.get(i)) for i in variables)])
        for mine, sign in zip(left, (-1, 1), strict=True)
    ]
    return ends[0], ends[1]


def _top(slope: Any, sign: int, bend: Any) -> Any:
    """The highest value of `l x + q x²` between −1 and 1."""
    if bend is None:
        return slope
    own = bend if sign > 0 else -bend
    inside = slope < -2 * own
    # the quotient is below one half, so that nothing is lost by underflow
    return jnp.where(inside, slope * (slope / jnp.where(inside, -4 * own, jnp.ones_like(own))), slope + own)
