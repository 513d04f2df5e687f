"""The area under the ROC curve and the rank correlation, against enumeration, SciPy and simulated coverage."""

import itertools

import numpy as np
import pytest
from scipy import stats

from nashscape.core import InputError
from nashscape.core.statistics.rank_statistics import area_under_curve, rank_correlation


def samples(seed, m, n, tied):
    random = np.random.default_rng(seed)
    x, y = random.normal(0.7, 2.0, m), random.normal(size=n)
    return (np.round(x), np.round(y)) if tied else (x, y)


@pytest.mark.parametrize(("m", "n", "tied"), [(1, 1, False), (3, 7, True), (12, 5, True), (9, 30, False)])
def test_the_area_is_the_share_of_pairs_in_order(m, n, tied):
    x, y = samples(m, m, n, tied)
    by_hand = np.mean([(a > b) + (a == b) / 2 for a, b in itertools.product(x, y)])
    found = area_under_curve(x, y)
    assert found.value == pytest.approx(by_hand, abs=1e-14)
    assert found.value == pytest.approx(stats.mannwhitneyu(x, y).statistic / (m * n), abs=1e-14)
    other = area_under_curve(y, x)
    assert (other.low, other.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-12)
    # only the order counts
    assert area_under_curve(np.exp(x / 3), np.exp(y / 3)) == found


def test_the_interval_is_that_of_delong_at_its_effective_size():
    x, y = samples(3, 14, 25, True)
    kernel = (x[:, None] > y[None, :]) + (x[:, None] == y[None, :]) / 2
    parts = np.var(kernel.mean(axis=1), ddof=1) / 14, np.var(kernel.mean(axis=0), ddof=1) / 25
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 13 + parts[1] ** 2 / 24)
    found = area_under_curve(x, y, level=0.9)
    t = stats.t.ppf(0.95, freedom)
    for end in (found.low, found.high):
        # Wilson's ends, at which the area is t standard deviations away; the size is what makes V binomial
        spread = np.sqrt(sum(parts) * end * (1 - end) / (found.value * (1 - found.value)))
        assert abs(found.value - end) == pytest.approx(t * spread, rel=1e-9)


def test_perfect_order_is_no_certainty_and_ties_say_nothing():
    perfect = area_under_curve([2.0, 3.0, np.inf], [0.0, 1.0, -np.inf, 1.5])
    assert (perfect.value, perfect.high) == (1.0, 1.0)
    # Wilson for three of three
    assert perfect.low == pytest.approx(3 / (3 + 1.959963984540054**2))
    tied = area_under_curve([1.0] * 5, [1.0] * 8)
    assert tied.value == 0.5
    assert 0.5 - tied.low == pytest.approx(tied.high - 0.5)
    assert tied.low < 0.2


DRAWS = {
    "normal": lambda r, m, n, d: (r.normal(d, 1.0, m), r.normal(size=n)),
    "unequal": lambda r, m, n, d: (r.normal(d, 3.0, m), r.normal(size=n)),
    "tied": lambda r, m, n, d: (r.poisson(1.0 + d, m), r.poisson(1.0, n)),
}


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize(("m", "n", "shift"), [(10, 30, 0.0), (40, 12, 1.0), (20, 20, 2.5)])
def test_the_area_is_covered(kind, m, n, shift):
    random = np.random.default_rng(8)
    x, y = DRAWS[kind](random, 20_000, 20_000, shift)
    truth = area_under_curve(x, y).value
    covered = np.mean([area_under_curve(*DRAWS[kind](random, m, n, shift)).contains(truth) for _ in range(400)])
    assert covered > 0.9


@pytest.mark.parametrize(("n", "tied"), [(5, False), (12, True), (60, True)])
def test_the_correlation_is_that_of_scipy(n, tied):
    x, y = samples(n, n, n, tied)
    y = y + x / 2
    y = np.round(y) if tied else y
    found = rank_correlation(x, y)
    assert found.value == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    half = stats.norm.ppf(0.975) * np.sqrt((1 + found.value**2 / 2) / (n - 3))
    for end in (found.low, found.high):
        assert abs(np.arctanh(end) - np.arctanh(found.value)) == pytest.approx(half, rel=1e-9)
    back = rank_correlation(-y, x)
    assert (back.value, back.low, back.high) == pytest.approx((-found.value, -found.high, -found.low), abs=1e-12)


def test_a_perfect_correlation_has_an_end_inside():
    found = rank_correlation(np.arange(8.0), np.arange(8.0) ** 3)
    assert found.value == found.high == 1.0
    assert 0.5 < found.low < 1.0
    more = rank_correlation(np.arange(80.0), np.arange(80.0))
    assert found.low < more.low
    few = rank_correlation([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])
    assert (few.low, few.value, few.high) == (-1.0, 0.5, 1.0)


@pytest.mark.parametrize(("rho", "steps"), [(0.0, None), (0.6, None), (0.6, 3)])
def test_the_correlation_is_covered(rho, steps):
    def draw(count):
        both = random.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=count).T
        # what starts gain is mostly 1, 0 or −1
        return (both[0], np.clip(np.round(both[1]), -1, 1)) if steps else both

    random = np.random.default_rng(2)
    truth = rank_correlation(*draw(200_000)).value
    covered = np.mean([rank_correlation(*draw(40)).contains(truth) for _ in range(400)])
    assert 0.91 < covered < 0.99


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: area_under_curve([], [1.0]), "positives and negatives; got 0 and 1"),
        (lambda: area_under_curve([np.nan], [1.0]), "none of them NaN"),
        (lambda: area_under_curve([1.0], [1.0], level=1.0), "level"),
        (lambda: rank_correlation([1.0, 2.0], [1.0]), "pairs"),
        (lambda: rank_correlation([1.0], [1.0]), "two at least"),
        (lambda: rank_correlation([1.0, 2.0], [3.0, 3.0]), "all alike"),
    ],
)
def test_what_has_no_order_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
