"""Bounds hold for every number in a box: against decimal arithmetic, and against values at points of random boxes."""

import decimal

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.semantics import coupled, independent, parametric
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.entries import STRUCTURE
from nashscape.tracing.intervals import BOUNDS, Interval, enclosed

decimal.getcontext().prec = 40
ONE = jax.ShapeDtypeStruct((), "float64")


def exact_exp(x):
    return decimal.Decimal(float(x)).exp()


ELEMENTARY = {
    "exp": exact_exp,
    "log": lambda x: decimal.Decimal(float(x)).ln(),
    "log1p": lambda x: (1 + decimal.Decimal(float(x))).ln(),
    "expm1": lambda x: exact_exp(x) - 1,
    "sqrt": lambda x: decimal.Decimal(float(x)).sqrt(),
    "logistic": lambda x: 1 / (1 + exact_exp(-x)),
    "tanh": lambda x: 1 - 2 / (exact_exp(2 * x) + 1),
}
POSITIVE = {"log", "log1p", "sqrt"}


@pytest.mark.parametrize("name", ELEMENTARY)
def test_elementary_functions_are_within_their_bounds_of_decimal_arithmetic(name):
    random = np.random.default_rng(1)
    x = np.concatenate([random.normal(size=1500) * 10.0 ** random.integers(-6, 2, 1500), [1.0, 1.0 + 1e-12, 0.5, 30.0]])
    x = np.abs(x) + 1e-9 if name in POSITIVE else x
    with jax.enable_x64(True):
        found = jax.jit(lambda v: _ends(BOUNDS[name](Interval(v))))(x)
    for point, low, high in zip(x, *map(np.asarray, found), strict=True):
        assert decimal.Decimal(float(low)) <= ELEMENTARY[name](point) <= decimal.Decimal(float(high))
        assert high - low <= 1e-12 * abs(high) + 1e-290


def test_sums_and_products_contain_what_fractions_give():
    random = np.random.default_rng(2)
    x, y = random.normal(size=(2, 2000)) * 10.0 ** random.integers(-8, 8, (2, 2000))
    with jax.enable_x64(True):
        found = {name: [np.asarray(end) for end in _ends(BOUNDS[name](Interval(x), Interval(y)))] for name in EXACT}
    for name, exact in EXACT.items():
        low, high = found[name]
        for k in range(len(x)):
            true = exact(decimal.Decimal(float(x[k])), decimal.Decimal(float(y[k])))
            assert decimal.Decimal(float(low[k])) < true < decimal.Decimal(float(high[k]))


EXACT = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
}


def learners():
    random = np.random.default_rng(3)
    uneven = games.dense(random.normal(size=(3, 2, 3, 2)))
    yield "sigmoids", parametric(games.chicken())
    yield "three players, unequal actions", parametric(uneven, independent((2, 3, 2)))
    yield "coupled", ns.open_source(games.dense(random.normal(size=(3, 2, 2, 2))), random.normal(size=(3, 3)) * OFF)
    yield "coupled softmaxes", parametric(games.dense(random.normal(size=(2, 3, 3))), coupled((3, 3), 0.7))


OFF = 1 - np.eye(3)


@pytest.mark.parametrize("game", [pytest.param(game, id=name) for name, game in learners()])
def test_utilities_and_their_derivatives_over_boxes_contain_the_values_at_points(game):
    def function(theta):
        return game.utilities(theta), jax.jacrev(game.utilities)(theta)

    random = np.random.default_rng(4)
    centre = random.normal(size=(60, game.dimension)) * 2
    half = 10.0 ** random.uniform(-6, 0, size=(60, 1)) * np.ones(game.dimension)
    points = centre + half * random.uniform(-1, 1, size=(200, 60, game.dimension))
    with jax.enable_x64(True):
        run = enclosed(function, jax.ShapeDtypeStruct((game.dimension,), "float64"))
        boxes = [Interval(*ends) for ends in zip((centre - half).T, (centre + half).T, strict=True)]
        found = jax.jit(lambda: [_ends(own) for own in run(boxes)])()
        values = jax.jit(jax.vmap(jax.vmap(function)))(points)
    low, high = (np.stack([np.asarray(own[end]) for own in found]) for end in (0, 1))
    flat = np.concatenate([np.asarray(value).reshape(200, 60, -1) for value in values], axis=2)
    assert flat.shape[2] == len(low)
    assert (flat.min(axis=0) >= low.T).all()
    assert (flat.max(axis=0) <= high.T).all()
    # and they tighten as boxes shrink
    small = half.max(axis=1) < 1e-3
    assert (high - low).T[small].max() < 0.1 * (high - low).max()


def test_choices_that_are_not_certain_contain_both_cases():
    def function(x):
        return jnp.where(x > 0.5, x, -2.0 * x)

    with jax.enable_x64(True):
        run = enclosed(function, ONE)
        [found] = run([Interval(jnp.array([0.0, 0.6, 0.4]), jnp.array([0.25, 0.7, 0.6]))])
    low, high = np.asarray(found.low), np.asarray(found.high)
    np.testing.assert_allclose(low, [-0.5, 0.6, -1.2], atol=1e-12)
    np.testing.assert_allclose(high, [0.0, 0.7, 0.6], atol=1e-12)


def test_a_quotient_over_zero_and_a_bound_that_is_lost_say_nothing():
    with jax.enable_x64(True):
        run = enclosed(lambda x: 1.0 / x, ONE)
        [found] = run([Interval(jnp.array([-1.0, 1.0]), jnp.array([1.0, 2.0]))])
        lost = enclosed(lambda x: x - x, ONE)([Interval(jnp.array([-np.inf]), jnp.array([np.inf]))])[0]
    assert np.isneginf(found.low[0])
    assert np.isposinf(found.high[0])
    np.testing.assert_allclose([found.low[1], found.high[1]], [0.5, 1.0], rtol=1e-12)
    assert np.isneginf(lost.low[0])
    assert np.isposinf(lost.high[0])


def test_operations_without_bounds_are_refused():
    with jax.enable_x64(True):
        run = enclosed(jnp.sin, ONE)
        with pytest.raises(NotUnrollable, match="'sin'"):
            run([Interval(jnp.zeros(1), jnp.ones(1))])


def _ends(interval):
    return interval.low, interval.high


@pytest.mark.parametrize(
    "padding", [((0, 0, 1), (1, 2, 0)), ((-1, 0, 0), (2, -1, 2)), ((1, 1, 2), (-2, 3, 1))], ids=["gaps", "cut", "both"]
)
def test_padding_that_cuts_or_goes_between_entries_moves_them_as_jax_does(padding):
    x = np.arange(6.0).reshape(2, 3)
    program = jax.make_jaxpr(lambda at: jax.lax.pad(at, 9.0, padding))(jnp.asarray(x, "float32"))
    [moved] = STRUCTURE["pad"](program.eqns[-1], x, np.array(9.0))
    np.testing.assert_array_equal(moved, jax.lax.pad(jnp.asarray(x, "float32"), np.float32(9.0), padding))
