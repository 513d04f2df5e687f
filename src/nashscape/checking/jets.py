"""Taylor polynomials in several variables, cut off after a degree; coefficients are numbers or expressions.

A jet is a table from monomials, as sorted tuples of variables such as `(0, 0, 1)` for `t_0² t_1`, to coefficients.
What is not in the table is zero, so that a function of few variables costs little.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import factorial

from nashscape.checking.expressions import ONE, ZERO, Number

Monomial = tuple[int, ...]
Jet = dict[Monomial, Number]


def constant(value: Number) -> Jet:
    """A jet that does not depend on anything."""
    return {} if value == ZERO else {(): value}


def add(x: Jet, y: Jet) -> Jet:
    """The sum of two jets."""
    total = dict(x)
    for monomial, value in y.items():
        total[monomial] = total[monomial] + value if monomial in total else value
    return total


def scale(x: Jet, factor: Number) -> Jet:
    """A multiple."""
    return {} if factor == ZERO else {monomial: value * factor for monomial, value in x.items()}


def multiply(x: Jet, y: Jet, degree: int) -> Jet:
    """The product up to a degree."""
    total: Jet = {}
    for first, a in x.items():
        for second, b in y.items():
            if len(first) + len(second) <= degree:
                monomial = tuple(sorted(first + second))
                total[monomial] = total.get(monomial, ZERO) + a * b
    return total


def reciprocal(x: Jet, degree: int) -> Jet:
    """One divided by a jet: with `x = a (1 + n)`, `1/x = (1 − n + n² − …)/a`."""
    inverse = ONE / x[()]
    rest = scale({monomial: value for monomial, value in x.items() if monomial}, -inverse)
    power = total = constant(ONE)
    for _ in range(degree):
        power = multiply(power, rest, degree)
        total = add(total, power)
    return scale(total, inverse)


def composed(derivatives: Sequence[Number], slopes: Mapping[int, Fraction], degree: int) -> Jet:
    """`f(z + Σ_j slope_j t_j)` from the derivatives `f, f′, …` at z."""
    line: Jet = {(j,): slope for j, slope in slopes.items() if slope}
    power, total = constant(ONE), constant(derivatives[0])
    for k in range(1, degree + 1):
        power = multiply(power, line, degree)
        total = add(total, scale(power, derivatives[k] * Fraction(1, factorial(k))))
    return total


def derivative(x: Jet, variables: Monomial) -> Number:
    """The partial derivative along the variables, at the middle."""
    monomial = tuple(sorted(variables))
    repeats = 1
    for variable in set(monomial):
        repeats *= factorial(monomial.count(variable))
    return x.get(monomial, ZERO) * Fraction(repeats)
