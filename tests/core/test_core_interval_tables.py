"""Both interval evaluators, operation by operation, against exact fractions: boxes across zero, points, and ties."""

import decimal
import itertools
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.interval_arrays import bounds_of
from nashscape.tracing.interval_formulas import ELEMENTARY, ROUNDING, TINY
from nashscape.tracing.intervals import BOUNDS, Interval, down, enclosed, up
from nashscape.tracing.numeric_intervals import OPERATIONS, Bounds, contracted, picked, summed

EXACT = decimal.Context(prec=60)
ENDS = [-3.7, -0.1, 0.0, 0.3, 1.0, 2.9]
BOXES = np.array(list(itertools.combinations_with_replacement(ENDS, 2)))
"""Ends of boxes: points, boxes with zero inside and at an end, and boxes that touch others."""

PAIRS = np.array([(*a, *b) for a in BOXES for b in BOXES])


class Compiled:
    """`nashscape.tracing.intervals`, as it is used in compiled programs."""

    table = BOUNDS

    @staticmethod
    def run(name, *boxes):
        with jax.enable_x64(True):
            made = [Interval(jnp.asarray(low), jnp.asarray(high)) for low, high in boxes]
            found = BOUNDS[name](*made)
            return np.asarray(found.low), np.asarray(found.high)

    @staticmethod
    def trace(function, *boxes):
        with jax.enable_x64(True):
            run = enclosed(function, *[jax.ShapeDtypeStruct((), "float64")] * len(boxes))
            [found] = run([Interval(jnp.asarray(low), jnp.asarray(high)) for low, high in boxes])
            return np.asarray(found.low), np.asarray(found.high)


class Numeric:
    """`nashscape.tracing.numeric_intervals`, as `bounds_of` uses it."""

    table = OPERATIONS

    @staticmethod
    def run(name, *boxes):
        with np.errstate(all="ignore"):
            found = OPERATIONS[name](*(Bounds(np.asarray(low)[None], np.asarray(high)[None]) for low, high in boxes))
        return found.low[0], found.high[0]

    @staticmethod
    def trace(function, *boxes):
        with jax.enable_x64(True):
            run = bounds_of(function, *[jax.ShapeDtypeStruct((), "float64")] * len(boxes))
        [found] = run([Bounds(np.asarray(low)[None], np.asarray(high)[None]) for low, high in boxes])
        return found.low[0], found.high[0]


both = pytest.mark.parametrize("kind", [Compiled, Numeric])


def hold(found, exact, share=ROUNDING, tiny=TINY, times=1):
    """That bounds are beyond what is exact by about what they are moved: half of it at least, all of it at most."""
    for low, high, ends in zip(*found, exact, strict=True):
        least, most = (Fraction(end) for end in ends)
        for way, bound, end in ((1, low, least), (-1, high, most)):
            spare = way * (end - Fraction(float(bound)))
            wanted = abs(end) * Fraction(share) * times
            assert Fraction(tiny) / 2 + wanted / 2 < spare, (way, bound, end)
            assert spare < 2 * wanted + 2 * Fraction(tiny), (way, bound, end)


def fractions(values):
    return [[Fraction(x) for x in row] for row in values.tolist()]


def extremes(operation, boxes):
    found = []
    for a, b, c, d in fractions(boxes):
        values = [operation(x, y) for x in (a, b) for y in (c, d)]
        found.append((min(values), max(values)))
    return found


@both
@pytest.mark.parametrize(
    ("name", "exact"),
    [("add", lambda x, y: x + y), ("add_any", lambda x, y: x + y), ("sub", lambda x, y: x - y),
     ("mul", lambda x, y: x * y)],
)  # fmt: skip
def test_sums_and_products(kind, name, exact):
    columns = PAIRS.T
    hold(kind.run(name, columns[:2], columns[2:]), extremes(exact, PAIRS))


@both
def test_quotients_say_nothing_where_the_divisor_may_be_zero(kind):
    apart = (PAIRS[:, 2] > 0) | (PAIRS[:, 3] < 0)
    low, high = kind.run("div", PAIRS.T[:2], PAIRS.T[2:])
    assert np.isneginf(low[~apart]).all()
    assert np.isposinf(high[~apart]).all()
    assert 0 < apart.sum() < len(apart)
    hold((low[apart], high[apart]), extremes(lambda x, y: x / y, PAIRS[apart]))


def powers(exponent, boxes):
    found = []
    for a, b in fractions(boxes):
        values = [a**exponent, b**exponent]
        found.append((0 if exponent % 2 == 0 and a <= 0 <= b else min(values), max(values)))
    return found


@both
@pytest.mark.parametrize("exponent", [2, 3, 4, 5, 6, 7])
def test_powers_and_the_share_of_rounding_of_every_multiplication(kind, exponent):
    low, high = kind.trace(lambda x: x**exponent, BOXES.T)
    exact = powers(exponent, BOXES)
    flat = np.array([exponent % 2 == 0 and not ends[0] for ends in exact])
    # even powers are never negative
    assert (low[flat] == 0.0).all()
    ends = [own for own, zero in zip(exact, flat, strict=True) if not zero]
    hold((low[~flat], high[~flat]), ends, times=exponent)
    tops = [(own[1], own[1]) for own, zero in zip(exact, flat, strict=True) if zero]
    hold((-high[flat], high[flat]), [(-top, top) for top, _ in tops], times=exponent)


@both
@pytest.mark.parametrize("exponent", [-1, -2, -3])
def test_negative_powers(kind, exponent):
    low, high = kind.trace(lambda x: x**exponent, BOXES.T)
    apart = (BOXES[:, 0] > 0) | (BOXES[:, 1] < 0)
    assert np.isneginf(low[~apart]).all()
    assert np.isposinf(high[~apart]).all()
    exact = [sorted((a**exponent, b**exponent)) for a, b in fractions(BOXES[apart])]
    for bottom, top, (least, most) in zip(low[apart], high[apart], exact, strict=True):
        assert Fraction(float(bottom)) < least <= most < Fraction(float(top))
        assert top - bottom <= float(most - least) * (1 + 1e-14) + 4e-15 * max(abs(bottom), abs(top))


@both
def test_something_times_itself_is_its_square(kind):
    low, high = kind.trace(lambda x: x * x, BOXES.T)
    squares = kind.run("square", BOXES.T)
    np.testing.assert_array_equal((low, high), squares)
    assert (low >= 0).all()


@both
def test_what_does_not_round_is_exact(kind):
    a, b = PAIRS.T[:2], PAIRS.T[2:]
    for name, exact in (("max", np.maximum), ("min", np.minimum)):
        np.testing.assert_array_equal(kind.run(name, a, b), [exact(a[0], b[0]), exact(a[1], b[1])])
    np.testing.assert_array_equal(kind.run("neg", BOXES.T), [-BOXES[:, 1], -BOXES[:, 0]])
    sizes = np.abs(BOXES)
    least = np.where((BOXES[:, 0] <= 0) & (BOXES[:, 1] >= 0), 0.0, sizes.min(axis=1))
    np.testing.assert_array_equal(kind.run("abs", BOXES.T), [least, sizes.max(axis=1)])
    floor, top = (np.full(len(BOXES), end) for end in (-0.5, 0.5))
    np.testing.assert_array_equal(
        kind.run("clamp", (floor, floor + 0.1), BOXES.T, (top, top + 0.1)),
        [np.clip(BOXES[:, 0], -0.5, 0.5), np.clip(BOXES[:, 1], -0.4, 0.6)],
    )
    for name in ("stop_gradient", "copy"):
        np.testing.assert_array_equal(kind.run(name, BOXES.T), BOXES.T)


# --- functions that grow with their argument -------------------------------------------------------------


def decimals(function):
    def exact(x):
        with decimal.localcontext(EXACT):
            return Fraction(function(decimal.Decimal(x)))

    return exact


GROWING = {
    "exp": decimals(lambda x: x.exp()),
    "expm1": decimals(lambda x: x.exp() - 1),
    "log": decimals(lambda x: x.ln()),
    "log1p": decimals(lambda x: (1 + x).ln()),
    "sqrt": decimals(lambda x: x.sqrt()),
    "logistic": decimals(lambda x: 1 / (1 + (-x).exp())),
    "tanh": decimals(lambda x: 1 - 2 / ((2 * x).exp() + 1)),
}
FROM = {"log": 0.0, "sqrt": 0.0, "log1p": -0.99}


@both
@pytest.mark.parametrize("name", GROWING)
def test_functions_that_grow(kind, name):
    ends = [x for x in [*ENDS, 1e-7, 12.5, -25.0] if x > FROM.get(name, -np.inf)]
    boxes = np.array(list(itertools.combinations_with_replacement(sorted(ends), 2)))
    exact = [tuple(GROWING[name](float(x)) for x in box) for box in boxes]
    low, high = kind.run(name, boxes.T)
    # limits that the function never passes are those of its bounds
    least = {"exp": 0, "logistic": 0, "expm1": -1, "tanh": -1, "sqrt": 0}.get(name)
    most = {"logistic": 1, "tanh": 1}.get(name)
    assert least is None or (low >= least).all()
    assert most is None or (high <= most).all()
    for bottom, top, (first, last) in zip(low, high, exact, strict=True):
        for way, bound, end, limit in ((1, bottom, first, least), (-1, top, last, most)):
            spare = way * (end - Fraction(float(bound)))
            moved = abs(end) * Fraction(ELEMENTARY)
            # not beyond the limit, where that is nearer
            wanted = moved / 2 if limit is None else min(moved / 2, abs(end - limit))
            assert wanted <= spare <= 2 * moved + Fraction(1, 10**290)


@both
@pytest.mark.parametrize(
    ("name", "low", "high", "least", "most"),
    [
        ("exp", -1e4, 1e4, 0.0, np.inf),
        ("exp", 800.0, 900.0, np.finfo(float).max, np.inf),
        ("log", -1.0, 1.0, -np.inf, 1e-300),
        ("log1p", -3.0, 0.0, -np.inf, 1e-300),
        ("sqrt", -4.0, 0.0, 0.0, 1e-300),
        ("expm1", -1e4, -1e3, -1.0, -1.0),
        ("logistic", -1e4, 1e4, 0.0, 1.0),
        ("tanh", -1e4, 1e4, -1.0, 1.0),
    ],
)
def test_limits_and_what_is_outside_of_where_a_function_is_known(kind, name, low, high, least, most):
    bottom, top = (float(end[0]) for end in kind.run(name, (np.array([low]), np.array([high]))))
    assert (bottom, top) == (pytest.approx(least, rel=1e-12, abs=0), pytest.approx(most, rel=1e-12, abs=1e-299))
    assert bottom <= least
    assert top >= most


def test_one_less_a_sigmoid_is_small_where_it_is_small():
    low, high = Compiled.trace(lambda x: 1.0 - jax.nn.sigmoid(x), (np.array([40.0]), np.array([41.0])))
    assert np.exp(-41.0) * (1 - 1e-12) < low[0] < np.exp(-41.0)
    assert np.exp(-40.0) * (1 - 1e-12) < high[0] < np.exp(-40.0) * (1 + 1e-12)


# --- comparisons and choices -----------------------------------------------------------------------------

COMPARED = {
    "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y,
}  # fmt: skip


@both
@pytest.mark.parametrize("name", [*COMPARED, "eq", "ne"])
def test_a_comparison_is_certain_of_all_numbers_and_possible_of_some(kind, name):
    found = kind.run(name, PAIRS.T[:2], PAIRS.T[2:])
    for certain, possible, (a, b, c, d) in zip(*found, PAIRS, strict=True):
        if name in COMPARED:
            values = [COMPARED[name](x, y) for x in (a, b) for y in (c, d)]
        else:
            same, apart = a == b == c == d, b < c or d < a
            values = [same, not apart] if name == "eq" else [not same, apart]
        assert (certain, possible) == (all(values), any(values))


@both
@pytest.mark.parametrize("name", [*COMPARED, "eq", "ne"])
def test_of_bounds_that_are_no_numbers_everything_is_possible(kind, name):
    lost, other = np.full((2, 3), np.nan), np.array([[-1.0, 0.5, 2.0]] * 2)
    for one, two in ((lost, other), (other, lost), (lost, lost)):
        certain, possible = kind.run(name, one, two)
        assert not certain.any()
        assert possible.all()


TRUTHS = [(False, False), (False, True), (True, True)]


@both
def test_truth_values(kind):
    pairs = list(itertools.product(TRUTHS, TRUTHS))
    columns = [(np.array([p[k][0] for p in pairs]), np.array([p[k][1] for p in pairs])) for k in (0, 1)]
    for name, exact in (("and", np.logical_and), ("or", np.logical_or)):
        found = kind.run(name, *columns)
        np.testing.assert_array_equal(found, [exact(columns[0][end], columns[1][end]) for end in (0, 1)])
    low, high = columns[0]
    np.testing.assert_array_equal(kind.run("not", (low, high)), [~high, ~low])


def test_choices_that_are_open_hold_both_cases_where_they_are_compiled():
    which = tuple(np.array(column) for column in zip(*TRUTHS, strict=True))
    no, yes = [(np.full(3, low), np.full(3, high)) for low, high in ((-2.0, 1.0), (0.0, 3.0))]
    low, high = Compiled.run("select_n", which, no, yes)
    assert (low.tolist(), high.tolist()) == ([-2.0, -2.0, 0.0], [1.0, 3.0, 3.0])
    low, high = Compiled.run("select_n", which, yes, no)
    assert (low.tolist(), high.tolist()) == ([0.0, -2.0, -2.0], [3.0, 3.0, 1.0])
    with pytest.raises(NotUnrollable, match="more than two"):
        Compiled.run("select_n", which, no, yes, no)


def test_choices_that_are_open_have_no_bounds_where_derivatives_matter():
    which = tuple(np.array(column) for column in zip(*TRUTHS, strict=True))
    no, yes = [(np.full(3, low), np.full(3, high)) for low, high in ((-2.0, 1.0), (0.0, 3.0))]
    low, high = Numeric.run("select_n", which, no, yes)
    assert (low.tolist(), high.tolist()) == ([-2.0, -np.inf, 0.0], [1.0, np.inf, 3.0])
    # among three by a number: open where it is
    place = np.array([0, 0, 2]), np.array([0, 1, 2])
    third = np.full(3, 7.0), np.full(3, 8.0)
    low, high = Numeric.run("select_n", place, no, yes, third)
    assert (low.tolist(), high.tolist()) == ([-2.0, -np.inf, 7.0], [1.0, np.inf, 8.0])
    # known beforehand: single numbers stay single
    known = OPERATIONS["select_n"](*(Bounds(np.array([[x]])) for x in (True, 1.0, 2.0)))
    assert known.single
    assert known.low.item() == 2.0
    wide = OPERATIONS["select_n"](
        Bounds(np.array([[True]])), Bounds(np.zeros((1, 1))), Bounds(*np.array([[[1.0]], [[2.0]]]))
    )
    assert (wide.low.item(), wide.high.item()) == (1.0, 2.0)


@both
def test_a_bound_that_is_lost_decides_no_choice(kind):
    """Of ∞ − ∞ nothing is known: which of both cases holds is open."""

    def function(x):
        return jnp.where(x - x > 1.0, 5.0, 7.0)

    low, high = kind.trace(function, (np.array([-np.inf]), np.array([np.inf])))
    assert (low[0], high[0]) == ((5.0, 7.0) if kind is Compiled else (-np.inf, np.inf))


# ties go away from zero unless it is said otherwise, as NumPy does
away = np.vectorize(lambda x: float(decimal.Decimal(x).quantize(1, decimal.ROUND_HALF_UP)))
STEPPING = [
    (jnp.floor, np.floor), (jnp.ceil, np.ceil), (jnp.sign, np.sign), (jnp.round, np.round), (jax.lax.round, away),
]  # fmt: skip


@both
def test_steps(kind):
    boxes = np.array([[0.2, 0.4], [-0.6, 0.6], [1.0, 1.0], [-2.5, -2.5], [0.0, 0.0], [-3.0, -0.5]]).T
    for function, exact in STEPPING:
        low, high = kind.trace(function, boxes)
        least, most = exact(boxes)
        if kind is Numeric:
            # no derivative at a step
            least, most = np.where(least == most, least, -np.inf), np.where(least == most, most, np.inf)
        np.testing.assert_array_equal([low, high], [least, most])


@both
def test_truth_values_as_numbers(kind):
    low, high = kind.trace(lambda x: jnp.asarray(x > 0, "float64"), np.array([[-2.0, -1.0, 1.0], [-1.0, 1.0, 2.0]]))
    expected = [[0.0, -np.inf, 1.0], [0.0, np.inf, 1.0]] if kind is Numeric else [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0]]
    np.testing.assert_array_equal([low, high], expected)


@both
def test_what_has_no_bounds_is_refused(kind):
    with pytest.raises(NotUnrollable, match="'sin'"):
        kind.trace(jnp.sin, np.array([[0.0], [1.0]]))


# --- numbers that are known beforehand, and what only one evaluator has ----------------------------------


def test_moving_outwards():
    for value in (3.0, -3.0, 0.0, 1e-320):
        with jax.enable_x64(True):
            low, high = float(down(jnp.float64(value))), float(up(jnp.float64(value)))
            wide = float(down(jnp.float64(value), ELEMENTARY)), float(up(jnp.float64(value), ELEMENTARY))
        hold(([low], [high]), [(value, value)], tiny=TINY)
        hold(([wide[0]], [wide[1]]), [(value, value)], share=ELEMENTARY, tiny=TINY)


def test_known_numbers_drop_what_they_make_vanish():
    zero, one = np.float64(0.0), np.float64(1.0)
    with jax.enable_x64(True):
        x = Interval(jnp.array([-np.inf]), jnp.array([np.inf]))
        assert BOUNDS["mul"](zero, x) is zero
        assert BOUNDS["mul"](x, zero) is zero
        assert BOUNDS["div"](zero, x) is zero
        for found in (BOUNDS["mul"](one, x), BOUNDS["mul"](x, one), BOUNDS["div"](x, one), BOUNDS["add"](x, zero),
                      BOUNDS["add"](zero, x)):  # fmt: skip
            assert found is x
        assert BOUNDS["neg"](np.float64(2.0)) == -2.0
        single = BOUNDS["neg"](Interval(jnp.array([2.0])))
        assert single.single
        assert float(single.low[0]) == -2.0


def test_a_factor_that_is_zero_by_construction_drops_a_term_and_no_other():
    wild = Bounds(np.array([[-np.inf], [-np.inf]]), np.array([[np.inf], [np.inf]]))
    found = OPERATIONS["mul"](Bounds(np.zeros((2, 1))), wild)
    assert found.single
    assert (found.low == 0.0).all()
    with np.errstate(invalid="ignore"):
        some = OPERATIONS["mul"](wild, Bounds(np.array([[0.0], [1.0]]))).known()
    np.testing.assert_array_equal([some.low, some.high], [wild.low, wild.high])


def test_whole_numbers_do_not_round():
    two, three = (Bounds(np.array([[k]])) for k in (2, 3))
    for name, wanted in (("add", 5), ("mul", 6), ("sub", -1)):
        found = OPERATIONS[name](two, three)
        assert found.single
        assert found.low.dtype.kind == "i"
        assert found.low.item() == wanted
    for name, wanted in (("gt", False), ("ge", False), ("lt", True), ("le", True), ("eq", False), ("ne", True)):
        found = OPERATIONS[name](two, three)
        assert found.single
        assert found.low.item() is wanted
    for name in ("ge", "le", "eq"):
        assert OPERATIONS[name](two, two).low.item() is True
    ones = Bounds(np.array([[1], [2], [4]]))
    assert summed(np.array([[0, 1, 2]]))(ones).low.tolist() == [[7]]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_sums_and_sums_of_products_along_axes(count):
    random = np.random.default_rng(count)
    low = random.normal(size=(count, 40)) * 10.0 ** random.integers(-3, 3, size=(count, 40))
    high = low + random.exponential(size=low.shape)
    other = random.normal(size=(count, 40))
    places = np.arange(count)[None]
    total = summed(places)(Bounds(low, high))
    check_sum(total.low[0], low, count)
    check_sum(-total.high[0], -high, count)
    found = contracted(places, places)(Bounds(low, high), Bounds(other))
    for k in range(40):
        each = [sorted((Fraction(a) * Fraction(c), Fraction(b) * Fraction(c)))
                for a, b, c in zip(low[:, k], high[:, k], other[:, k], strict=True)]  # fmt: skip
        least, most = (sum((own[end] for own in each), Fraction(0)) for end in (0, 1))
        assert Fraction(found.low[0, k]) < least <= most < Fraction(found.high[0, k])


def check_sum(bottom, terms, count):
    """Every term may have been rounded with every other."""
    for found, own in zip(bottom, terms.T, strict=True):
        exact = sum((Fraction(x) for x in own), Fraction(0))
        size = sum((abs(Fraction(x)) for x in own), Fraction(0))
        spare = exact - Fraction(found)
        assert (count + 1) * Fraction(ROUNDING) * size / 2 < spare < 2 * (count + 1) * Fraction(ROUNDING) * size


def test_operations_repeated_along_an_axis():
    x = Bounds(np.array([[1.0], [-2.0], [3.0]]), np.array([[4.0], [5.0], [3.5]]))
    for name, low, high in (("max", 3.0, 5.0), ("min", -2.0, 3.5)):
        found = picked(name, np.array([[0, 1, 2]]))(x)
        assert (found.low.item(), found.high.item()) == (low, high)


def test_bounds_are_joined_picked_and_told_apart():
    single, wide = Bounds(np.array([[1.0]])), Bounds(np.array([[2.0, 3.0]]), np.array([[4.0, 5.0]]))
    assert single.single
    assert not wide.single
    assert Bounds.joined([wide]) is wide
    joined = Bounds.joined([single, wide])
    np.testing.assert_array_equal([joined.low, joined.high], [[[1.0, 1.0], [2.0, 3.0]], [[1.0, 1.0], [4.0, 5.0]]])
    assert Bounds.joined([single, single]).single
    second = joined.at(np.array([1]))
    assert (second.low.tolist(), second.high.tolist()) == ([[2.0, 3.0]], [[4.0, 5.0]])
    assert single.at(np.array([0, 0])).single
    lost = Bounds(np.array([[np.nan, 0.0, 1.0]]), np.array([[1.0, np.nan, 2.0]])).known()
    np.testing.assert_array_equal([lost.low[0], lost.high[0]], [[-np.inf, -np.inf, 1.0], [np.inf, np.inf, 2.0]])


@both
def test_a_bound_that_is_no_number_says_nothing(kind):
    low, high = kind.trace(lambda x: x - x, (np.array([-np.inf, 1.0]), np.array([np.inf, 1.0])))
    assert (low[0], high[0]) == (-np.inf, np.inf)
    assert np.isfinite([low[1], high[1]]).all()


def test_more_that_is_known_beforehand_is_folded_where_it_is_compiled():
    """Whole numbers and truth values stay what they are; a choice by one of them takes its case."""
    assert BOUNDS["select_n"](np.bool_(True), "no", "yes") == "yes"
    with jax.enable_x64(True):
        found = enclosed(lambda x: jnp.where(jnp.arange(2)[1] > 0, x, -x), jax.ShapeDtypeStruct((), "float64"))(
            [Interval(jnp.array([1.0]), jnp.array([2.0]))]
        )
    assert (float(found[0].low[0]), float(found[0].high[0])) == (1.0, 2.0)


@both
@pytest.mark.parametrize("exponent", [0.75, -0.25, 2.5])
def test_powers_with_any_exponent(kind, exponent):
    power = decimals(lambda x: x ** decimal.Decimal(exponent))
    boxes = np.array(list(itertools.combinations_with_replacement([0.0, 1e-7, 0.3, 1.0, 12.5], 2)))
    low, high = kind.trace(lambda x: x**exponent, boxes.T)
    for (first, last), bottom, top in zip(boxes, low, high, strict=True):
        ends = [power(float(x)) for x in (first, last) if x > 0 or exponent >= 0]
        if first == 0 and exponent < 0:
            assert top == np.inf
        spare = max(ends, default=Fraction(0)) * Fraction(ELEMENTARY)
        if ends:
            assert min(ends) - 2 * spare - Fraction(1, 10**290) <= Fraction(float(bottom)) <= min(ends)
        if top < np.inf:
            assert max(ends) <= Fraction(float(top)) <= max(ends) + 2 * spare + Fraction(1, 10**290)
    # nothing is known of roots of what may be negative
    assert [float(end[0]) for end in kind.trace(lambda x: x**0.75, (np.array([-0.1]), np.array([1.0])))] == [
        -np.inf, np.inf,
    ]  # fmt: skip
