import math

import numpy as np
import pytest
from scipy.stats import binom, binomtest, fisher_exact, norm
from scipy.stats import t as student

from nashscape import core
from nashscape.core import Estimate, InputError

COUNTS = [(0, 1), (1, 1), (0, 20), (20, 20), (3, 17), (50, 100), (4218, 10_000)]


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_wilson_and_clopper_pearson_agree_with_scipy(k, n, level):
    for ours, theirs in ((core.wilson, "wilson"), (core.clopper_pearson, "exact")):
        estimate = ours(k, n, level)
        reference = binomtest(k, n).proportion_ci(level, method=theirs)
        assert estimate.value == k / n
        assert (estimate.low, estimate.high) == pytest.approx((reference.low, reference.high), abs=1e-12)
        assert (estimate.successes, estimate.trials, estimate.level) == (k, n, level)


def test_wilson_ends_solve_the_score_equation():
    estimate = core.wilson(7, 30, level=0.9)
    z = norm.ppf(0.95)
    for p in (estimate.low, estimate.high):
        assert abs(7 / 30 - p) == pytest.approx(z * math.sqrt(p * (1 - p) / 30))


@pytest.mark.parametrize("interval", [core.wilson, core.clopper_pearson])
def test_ends_at_no_and_all_successes_are_exact(interval):
    for n in (1, 3, 7, 1000):
        assert interval(0, n).low == 0.0
        assert interval(n, n).high == 1.0
        assert 0 < interval(0, n).high == pytest.approx(1 - interval(n, n).low)


@pytest.mark.parametrize("n", [5, 23])
def test_clopper_pearson_covers_at_least_at_its_level(n):
    intervals = [core.clopper_pearson(k, n, 0.9) for k in range(n + 1)]
    shares = np.linspace(0.001, 0.999, 333)
    coverage = np.array([sum(binom.pmf(k, n, p) for k, e in enumerate(intervals) if e.contains(p)) for p in shares])
    assert coverage.min() >= 0.9
    assert coverage.min() < 0.97  # an interval that always covers would be of no use


def test_estimate_reads_as_one_line():
    assert str(core.wilson(4218, 10_000)) == "0.4218 [0.4122, 0.4315] (Wilson 95 %, n = 10000)"
    assert str(core.bracket(0.0, 1e-5, 123456.0, "cells")) == "1e-05 [0.0000, 1.235e+05] (cells)"
    assert float(core.wilson(1, 4)) == 0.25


def test_overlaps_and_contains_count_the_ends():
    left, right, far = (Estimate(m, m - 1, m + 1, 0.95, "x") for m in (0.0, 2.0, 4.5))
    assert left.overlaps(right)
    assert right.overlaps(left)
    assert not right.overlaps(far)
    assert not far.overlaps(right)
    assert left.contains(1.0)
    assert not left.contains(1.001)
    assert left.to_dict()["method"] == "x"


def test_stratified_variance_is_the_brute_force_one():
    rng = np.random.default_rng(3)
    rollouts, chances = 5, np.array([0.1, 0.5, 0.5, 0.9, 0.02, 0.7])
    successes = rng.binomial(rollouts, chances)
    samples = [np.r_[np.ones(k), np.zeros(rollouts - k)] for k in successes]
    variance = sum(s.var(ddof=1) / rollouts for s in samples) / len(samples) ** 2
    p = np.mean([s.mean() for s in samples])
    within = [s.var(ddof=1) for s in samples]
    freedom = (rollouts - 1) * sum(within) ** 2 / sum(v**2 for v in within)  # Satterthwaite's
    effective = p * (1 - p) / variance * (norm.ppf(0.975) / student.ppf(0.975, freedom)) ** 2
    assert effective > successes.size * rollouts
    estimate = core.stratified(successes, rollouts)
    z = norm.ppf(0.975)
    assert estimate.value == pytest.approx(p)
    for end in (estimate.low, estimate.high):  # the score equation at the effective size
        assert abs(p - end) == pytest.approx(z * math.sqrt(end * (1 - end) / effective))
    assert f"effective n = {effective:.0f}" in estimate.method


def test_stratified_is_unbiased_for_the_variance_of_the_mean():
    # exact expectation over all outcomes of two strata with three rollouts
    rollouts, chances = 3, (0.3, 0.8)
    mean = variance = expected = 0.0
    for a in range(4):
        for b in range(4):
            weight = binom.pmf(a, rollouts, chances[0]) * binom.pmf(b, rollouts, chances[1])
            p = (a + b) / 6
            shares = np.array([a, b]) / rollouts
            mean += weight * p
            variance += weight * (p - np.mean(chances)) ** 2
            expected += weight * np.sum(shares * (1 - shares)) / (rollouts - 1) / 4
    assert mean == pytest.approx(0.55)
    assert expected == pytest.approx(variance)


def test_stratified_without_variance_within_is_wilson_of_all_trials():
    estimate = core.stratified([4, 0, 4, 4], 4)
    plain = core.wilson(12, 16)
    assert (estimate.low, estimate.high) == (plain.low, plain.high)
    # and strata that differ less than chance would make them are not trusted to be worse than one sample
    even = core.stratified([1, 1, 1, 1], 2)
    assert (even.low, even.high) == (core.wilson(4, 8).low, core.wilson(4, 8).high)


def test_stratified_covers_on_a_map_with_a_boundary():
    rng = np.random.default_rng(0)
    chances = np.r_[np.zeros(60), np.ones(30), np.linspace(0.1, 0.9, 30)]
    estimates = [core.stratified(rng.binomial(4, chances), 4) for _ in range(400)]
    coverage = np.mean([e.contains(chances.mean()) for e in estimates])
    width = np.mean([e.high - e.low for e in estimates])
    assert 0.91 <= coverage <= 0.985
    assert width < 0.6 * (core.wilson(45 * 4, 480).high - core.wilson(45 * 4, 480).low)


@pytest.mark.parametrize(("rollouts", "mixed", "strata"), [(2, 3, 303), (4, 3, 303), (2, 30, 120), (3, 100, 441)])
def test_stratified_covers_however_few_strata_are_mixed(rollouts, mixed, strata):
    rng = np.random.default_rng(0)
    certain = (strata - mixed) // 2
    chances = np.r_[rng.uniform(0.2, 0.8, mixed), np.zeros(certain), np.ones(strata - mixed - certain)]
    estimates = [core.stratified(rng.binomial(rollouts, chances), rollouts) for _ in range(400)]
    assert np.mean([e.contains(chances.mean()) for e in estimates]) >= 0.92


def test_bootstrap_covers_the_mean():
    rng = np.random.default_rng(1)
    hits = [core.bootstrap(rng.exponential(size=60), level=0.9, resamples=400).contains(1.0) for _ in range(300)]
    assert 0.80 <= np.mean(hits) <= 0.94


def test_bootstrap_agrees_with_the_normal_interval_and_scales_with_size():
    sample = np.random.default_rng(2).normal(size=400)
    full, small = core.bootstrap(sample), core.bootstrap(sample, size=25)
    half = 1.96 * sample.std() / math.sqrt(400)
    assert full.low == pytest.approx(sample.mean() - half, abs=0.15 * half)
    assert (small.high - small.low) / (full.high - full.low) == pytest.approx(4, rel=0.12)


def test_bootstrap_of_any_statistic_is_that_of_the_vectorised_one():
    sample = np.random.default_rng(4).normal(size=37)
    fast = core.bootstrap(sample, np.var, resamples=200)
    slow = core.bootstrap(sample, lambda row: np.mean((row - row.mean()) ** 2), resamples=200)
    assert (fast.value, fast.low, fast.high) == pytest.approx((slow.value, slow.low, slow.high))
    assert fast == core.bootstrap(sample, np.var, resamples=200)
    assert fast != core.bootstrap(sample, np.var, resamples=200, seed=1)


def test_bootstrap_does_not_depend_on_how_it_is_cut_into_blocks(monkeypatch):
    sample = np.random.default_rng(5).normal(size=30)
    whole = core.bootstrap(sample, resamples=101)
    monkeypatch.setattr("nashscape.core.statistics.estimates._BLOCK", 70)
    assert core.bootstrap(sample, resamples=101) == whole


@pytest.mark.parametrize(("b", "c"), [(0, 0), (1, 9), (9, 1), (5, 5), (0, 12), (400, 350)])
def test_mcnemar_is_the_binomial_test_of_the_discordant_pairs(b, c):
    expected = binomtest(b, b + c, 0.5).pvalue if b + c else 1.0
    test = core.mcnemar(b, c)
    assert test.p_value == pytest.approx(expected)
    assert (test.first_only, test.second_only) == (b, c)


def test_exact_tests_agree_with_scipy():
    assert core.binomial_test(3, 20, 0.4) == pytest.approx(binomtest(3, 20, 0.4).pvalue)
    assert core.two_proportion_test(8, 10, 2, 15) == pytest.approx(fisher_exact([[8, 2], [2, 13]]).pvalue)


def test_a_bracket_has_no_level():
    estimate = core.bracket(0.2, 0.25, 0.3, "boundary cells")
    assert (estimate.low, estimate.value, estimate.high, estimate.level) == (0.2, 0.25, 0.3, None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: core.wilson(5, 4), "exceed"),
        (lambda: core.wilson(-1, 4), "at least 0"),
        (lambda: core.wilson(0, 0), "trials must be at least 1"),
        (lambda: core.wilson(1.5, 4), "whole number"),
        (lambda: core.wilson(1, 4, level=1.0), "below 1"),
        (lambda: core.clopper_pearson(1, 4, level=0.0), "above 0"),
        (lambda: core.stratified([1, 0], 1), "at least 2"),
        (lambda: core.stratified([3, 0], 2), "from 0 to 2"),
        (lambda: core.stratified([0.5, 0], 2), "from 0 to 2"),
        (lambda: core.stratified([], 2), "one at least"),
        (lambda: core.bootstrap([]), "empty"),
        (lambda: core.bootstrap([1.0, math.nan]), "finite"),
        (lambda: core.bootstrap([1.0], seed=-1), "seed"),
        (lambda: core.mcnemar(-1, 2), "at least 0"),
        (lambda: core.bracket(0.5, 0.2, 0.7, "cells"), "low ≤ value"),
        (lambda: core.bracket(0.5, math.nan, 0.7, "cells"), "low ≤ value"),
        (lambda: core.binomial_test(1, 2, 1.5), "at most 1"),
        (lambda: core.two_proportion_test(1, 2, 3, 2), "exceed"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_bootstrap_draws_from_all_observations():
    """Of 40 zeros and ones the first or the last alone is in a resample with probability 1 − (1 − 1/40)⁴⁰ ≈ .64."""
    for place in (0, -1):
        sample = np.zeros(40)
        sample[place] = 1.0
        found = core.bootstrap(sample, level=0.5, resamples=400)
        assert found.high >= 1 / 40
