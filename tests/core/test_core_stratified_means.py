"""Means over strata and medians: against formulas of others on the same numbers, and by how often they cover."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import stats

from nashscape.core import InputError, median_interval, stratified_mean

DRAWS = np.random.default_rng(11)


def test_of_one_stratum_it_is_students_interval_and_of_two_welchs():
    x, y = DRAWS.normal(1.0, 2.0, 7), DRAWS.normal(5.0, 0.3, 7)
    one = stratified_mean(x[:, None], 0.9)
    low, high = stats.t.interval(0.9, 6, x.mean(), stats.sem(x))
    assert (one.value, one.low, one.high) == pytest.approx((x.mean(), low, high), rel=1e-12)
    # the mean of two is half of x − (−y), of which SciPy has Welch's interval
    two = stratified_mean(np.stack([x, y], axis=1), 0.9)
    welch = stats.ttest_ind(x, -y, equal_var=False).confidence_interval(0.9)
    assert (two.value, two.low, two.high) == pytest.approx(((x.mean() + y.mean()) / 2, welch.low / 2, welch.high / 2))


def test_of_many_strata_it_is_the_formula_in_exact_fractions():
    values = DRAWS.integers(-9, 9, (3, 5))
    cells = [[Fraction(int(own)) for own in column] for column in values.T]
    parts = [sum((own - sum(cell) / 3) ** 2 for own in cell) / 2 / 3 / 25 for cell in cells]
    freedom = sum(parts) ** 2 / sum(part**2 / 2 for part in parts)
    half = stats.t.ppf(0.975, float(freedom)) * float(sum(parts)) ** 0.5
    found = stratified_mean(values)
    assert found.value == pytest.approx(float(sum(map(sum, cells)) / 15), abs=1e-12)
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), rel=1e-12)


def test_there_is_no_interval_where_nothing_says_how_values_of_a_stratum_differ():
    for values in ([[1.0, 2.0, 5.0]], [[0.1, 0.7]] * 3, [[4.0]]):
        found = stratified_mean(values)
        assert found.value == pytest.approx(np.mean(values))
        assert np.isnan([found.low, found.high]).all()
    for values, counted in (([[1.0, np.nan]], None), ([1.0, 2.0], None), ([[1.0, 2.0]], [[False, False]])):
        with pytest.raises(InputError, match=r"must be finite|are \[R, N\]"):
            stratified_mean(values, counted=counted)


def covered(draw, true, sets=1500):
    found = [draw() for _ in range(sets)]
    return np.mean([own.low <= true <= own.high for own in found])


@pytest.mark.parametrize("rollouts", [2, 3, 5])
def test_it_covers_at_its_level(rollouts):
    """Strata unlike in mean and spread; four standard errors of 1,500 sets at .95 are .023."""
    draws = np.random.default_rng(rollouts)
    middle, spread = draws.normal(size=36) * 3, draws.uniform(0.5, 2.0, 36)
    size = (rollouts, 36)
    normal = covered(lambda: stratified_mean(middle + spread * draws.normal(size=size)), middle.mean())
    skewed = covered(lambda: stratified_mean(middle + spread * (draws.exponential(size=size) - 1)), middle.mean())
    chances = draws.beta(0.5, 0.5, 36)
    mixed = covered(lambda: stratified_mean(3.0 * (draws.random(size) < chances)), 3 * chances.mean())
    few = covered(lambda: stratified_mean(draws.normal(size=(rollouts, 1))), 0.0)
    assert min(normal, skewed, mixed, few) >= 0.93


@pytest.mark.parametrize("rollouts", [2, 5])
def test_of_values_that_do_not_all_count_it_covers_the_mean_of_those_that_do(rollouts):
    draws = np.random.default_rng(20 + rollouts)
    chances, middle = draws.uniform(0.1, 0.9, 49), draws.uniform(5.0, 40.0, 49)

    def draw():
        hit = draws.random((rollouts, 49)) < chances
        return stratified_mean(np.where(hit, draws.exponential(middle, hit.shape), -1.0), counted=hit)

    assert covered(draw, (chances * middle).sum() / chances.sum(), 1000) >= 0.93
    # of one sample those that count are the sample
    values = draws.normal(size=(9, 1))
    counted = values > np.median(values)
    alone, with_others = stratified_mean(values[counted][:, None]), stratified_mean(values, counted=counted)
    assert (with_others.low, with_others.high) == (alone.low, alone.high)


@pytest.mark.parametrize("n", [6, 7, 12, 41])
def test_the_ends_of_a_median_are_the_last_that_cover_by_enumeration(n):
    """That of n values above and below their median fewer than k are on one side, in exact fractions."""

    def missed(k):
        return Fraction(2 * sum(comb(n, own) for own in range(k)), 2**n)

    found = median_interval(np.arange(1, n + 1)[::-1], 0.95)
    k = int(found.low)
    assert found.high == n + 1 - k
    assert missed(k) <= Fraction(1, 20) < missed(k + 1)
    assert found.value == (n + 1) / 2


def test_medians_cover_also_with_ties_and_over_strata():
    draws = np.random.default_rng(3)
    assert covered(lambda: median_interval(draws.poisson(2.0, 15)), 2.0) >= 0.95 - 0.023
    # half of the cells below the median of the mixture by as much as the others are above
    apart = np.repeat([-1.3, 1.3], 25)
    assert covered(lambda: median_interval(draws.normal(apart, 1.0)), 0.0) >= 0.95 - 0.023
    assert np.isnan(median_interval([1.0] * 5).low)
    with pytest.raises(InputError, match="at least one value"):
        median_interval([])
