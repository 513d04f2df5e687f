"""Polynomials with a rest: what they bound is checked in exact fractions, and how tightly by dense samples."""

import operator
from fractions import Fraction
from itertools import product as grid

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.tracing.components import NotUnrollable, by_component
from nashscape.tracing.intervals import Interval
from nashscape.tracing.polynomial_arithmetic import POLYNOMIALS
from nashscape.tracing.polynomials import DEGREE, Polynomial, product, scaled, total, variable

VARIABLES = 3


def exact(polynomial, x):
    """Value of the stored polynomial at a point of exact fractions."""
    value = Fraction(0)
    for key, coefficient in polynomial.terms.items():
        term = Fraction(float(coefficient))
        for number in key:
            term *= x[number]
        value += term
    return value


def some_points(random, count):
    """Corners of the cube, and points inside, as fractions."""
    corners = [tuple(map(Fraction, point)) for point in grid((-1, 0, 1), repeat=VARIABLES)]
    inside = [tuple(Fraction(int(k), 64) for k in random.integers(-64, 65, size=VARIABLES)) for _ in range(count)]
    return corners + inside


def random_polynomial(random, scale=1.0):
    """Coefficients of all monomials up to the third degree, some missing."""
    keys = [()] + [(i,) for i in range(VARIABLES)]
    keys += [(i, j) for i in range(VARIABLES) for j in range(i, VARIABLES)]
    keys += [(i, j, k) for i in range(VARIABLES) for j in range(i, VARIABLES) for k in range(j, VARIABLES)]
    kept = [key for key in keys if random.random() < 0.8 or not key]
    return Polynomial.exact({key: jnp.float64(scale * random.normal()) for key in kept}, jnp.float64(0.0))


@pytest.fixture(autouse=True)
def double():
    with jax.enable_x64(True):
        yield


@pytest.mark.long
@pytest.mark.parametrize("seed", range(30))
def test_sums_products_and_multiples_hold_their_values_rounding_included(seed):
    random = np.random.default_rng(seed)
    scale = 10.0 ** random.integers(-6, 7)
    a, b = random_polynomial(random, scale), random_polynomial(random)
    factor = Interval(jnp.float64(random.normal()))
    between = scaled(a, Interval(jnp.float64(-0.3), jnp.float64(0.7)))
    made = (
        (total(a, b), lambda p, q: p + q),
        (total(a, b, -1), lambda p, q: p - q),
        (product(a, b), lambda p, q: p * q),
        (product(product(a, b), b), lambda p, q: p * q * q),
        (product(b, product(a, b)), lambda p, q: p * q * q),
        (scaled(a, factor), lambda p, q: p * Fraction(float(factor.low))),
        (between, lambda p, q: p * Fraction(1, 2)),
        (between, lambda p, q: p * Fraction(-3, 10)),
    )
    values = [(exact(a, x), exact(b, x), x) for x in some_points(random, 10)]
    for found, truth in made:
        bounds, rest = found.bounds(), Fraction(float(found.rest))
        low, high = Fraction(float(bounds.low)), Fraction(float(bounds.high))
        for p, q, x in values:
            real = truth(p, q)
            assert abs(exact(found, x) - real) <= rest
            assert low <= real <= high


def test_what_rounding_adds_to_the_rest_is_not_more_than_it_must_be():
    random = np.random.default_rng(1)
    a, b = random_polynomial(random), random_polynomial(random)
    assert 0 < float(total(a, b).rest) < 1e-13
    low = {key: value for key, value in a.terms.items() if len(key) <= 1}
    assert 0 < float(product(Polynomial.exact(low), Polynomial.exact(low)).rest) < 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_ranges_hold_all_values_and_are_near_the_extremes_where_slopes_dominate(seed):
    random = np.random.default_rng(seed)
    polynomial = random_polynomial(random)
    # slopes that are larger than everything else together, whatever their signs
    steep = dict(polynomial.terms)
    for i in range(VARIABLES):
        steep[(i,)] = jnp.float64(random.choice([-1, 1]) * (30.0 + random.random()))
    points = np.array(list(grid(np.linspace(-1, 1, 9), repeat=VARIABLES)))
    for own, slack in ((polynomial, np.inf), (Polynomial.exact(steep), 1.6)):
        values = sum(
            float(c) * np.prod([points[:, i] for i in key], axis=0) for key, c in own.terms.items() if key
        ) + float(own.terms[()])
        bounds = own.bounds()
        assert float(bounds.low) <= values.min() + 1e-12
        assert float(bounds.high) >= values.max() - 1e-12
        # what is left are cubes in three variables, and half of those in two
        loose = max(float(bounds.high) - values.max(), values.min() - float(bounds.low))
        cubes = sum(abs(float(c)) for key, c in own.terms.items() if len(key) == DEGREE)
        assert loose <= slack * cubes + 1e-9


def test_ranges_of_squares_and_of_products_are_exact():
    x, y = (variable(jnp.float64(-1.0), jnp.float64(1.0), k) for k in range(2))
    for low, high, polynomial in (
        (0.0, 1.0, product(x, x)),
        (-1.0, 1.0, product(x, y)),
        # 2x + x², 3x + 3y − 2xy
        (-1.0, 3.0, total(scaled(x, Interval(jnp.float64(2.0))), product(x, x))),
        (-8.0, 4.0, Polynomial.exact({(0,): jnp.float64(3.0), (1,): jnp.float64(3.0), (0, 1): jnp.float64(-2.0)})),
        # x − x²
        (-2.0, 0.25, total(x, product(x, x), -1)),
    ):
        found = polynomial.bounds()
        assert float(found.low) == pytest.approx(low, abs=1e-12)
        assert float(found.high) == pytest.approx(high, abs=1e-12)


def test_any_function_of_sums_and_products_runs_on_them():
    def function(weights, x):
        return jnp.tensordot(weights, x * x, 1) - 2.0 * x[0] * x[1] ** 3 / 4.0 + jnp.sum(x)

    shapes = (jax.ShapeDtypeStruct((2,), "float64"), jax.ShapeDtypeStruct((2,), "float64"))
    run = by_component(function, *shapes, arithmetic=POLYNOMIALS)
    weights = [Interval(jnp.float64(0.5)), Interval(jnp.float64(-0.25), jnp.float64(-0.125))]
    low, high = np.array([0.2, 0.9]), np.array([0.5, 1.3])
    ends = zip(low, high, strict=True)
    [found] = run([*weights, *(variable(jnp.float64(a), jnp.float64(b), k) for k, (a, b) in enumerate(ends))])
    bounds = found.bounds()
    values = [
        float(function(jnp.array([0.5, w]), jnp.array(x)))
        for x in grid(*np.linspace(low, high, 9).T)
        for w in (-0.25, -0.125)
    ]
    assert float(bounds.low) <= min(values)
    assert float(bounds.high) >= max(values)
    # a weight that is not known widens what it would widen alone
    assert float(bounds.high - bounds.low) < 1.4 * (max(values) - min(values))


def test_an_operation_without_polynomials_is_refused_by_name():
    run = by_component(jnp.exp, jax.ShapeDtypeStruct((), "float64"), arithmetic=POLYNOMIALS)
    with pytest.raises(NotUnrollable, match="'exp'"):
        run([variable(jnp.float64(0.0), jnp.float64(1.0), 0)])
    quotient = by_component(operator.truediv, *[jax.ShapeDtypeStruct((), "float64")] * 2, arithmetic=POLYNOMIALS)
    with pytest.raises(NotUnrollable, match="division"):
        quotient([variable(jnp.float64(1.0), jnp.float64(2.0), k) for k in range(2)])


def test_nothing_is_known_where_a_coefficient_is_no_number():
    bounds = Polynomial.exact({(): jnp.float64(1.0), (0,): jnp.float64(np.nan)}).bounds()
    assert (float(bounds.low), float(bounds.high)) == (-np.inf, np.inf)


def test_a_tiny_bend_is_not_lost_by_underflow():
    """s x − s x² is highest at ½."""
    s = 1e-160
    bounds = Polynomial.exact({(): jnp.float64(0.0), (0,): jnp.float64(s), (0, 0): jnp.float64(-s)}).bounds()
    assert float(bounds.high) >= s / 4
