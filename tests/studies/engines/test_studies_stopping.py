"""Stopping rules: looks, intervals, and that they cover at their level whenever one stops."""

from collections import defaultdict
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import stats

from nashscape.core import InputError
from nashscape.core.statistics.pooling import LEAST_VALUES, pooled
from nashscape.studies.stopping import Until


@pytest.mark.parametrize(
    ("most", "looks"),
    [(1, (1,)), (2, (1, 2)), (3, (1, 2, 3)), (8, (1, 2, 4, 8)), (9, (1, 2, 4, 8, 9)), (17, (1, 2, 4, 8, 16, 17))],
)
def test_looks_double_up_to_the_most_and_share_the_error(most, looks):
    until = Until("share", "CC", 0.1, most, level=0.9)
    assert until.looks == looks
    assert Fraction(1) - Fraction(until.level_at_a_look).limit_denominator(10**6) == Fraction(1, 10) / len(looks)


@pytest.mark.parametrize(("trials", "width"), [(5, 0.35), (8, 0.5), (20, 0.2)])
@pytest.mark.parametrize("p", [0.02, 0.3, 0.5, 0.91])
def test_the_interval_at_which_one_stops_covers_at_its_level_by_enumeration(trials, width, p):
    """Every way to every count of successes at every look, in whole numbers and powers of p: nothing is drawn."""
    until = Until("share", "CC", width, most=12, level=0.8)
    going, before = {0: 1.0}, 0
    covered = total = 0.0
    stopped_at = set()
    for look in until.looks:
        added = trials * (look - before)
        steps = [comb(added, k) * p**k * (1 - p) ** (added - k) for k in range(added + 1)]
        reached = defaultdict(float)
        for successes, weight in going.items():
            for k, step in enumerate(steps):
                reached[successes + k] += weight * step
        going, before = {}, look
        for successes, weight in reached.items():
            estimate = until.estimate([0.0] * look, [successes] + [0] * (look - 1), [trials] * look)
            if until.narrow(estimate) or look == until.most:
                total += weight
                stopped_at.add(look)
                covered += weight * estimate.contains(p)
            else:
                going[successes] = weight
    assert total == pytest.approx(1.0)
    assert len(stopped_at) > 1
    assert covered >= 0.8


def test_counts_are_pooled_and_values_have_students_interval_each_against_scipy():
    random = np.random.default_rng(5)
    trials = random.integers(1, 30, 7)
    successes = random.binomial(trials, 0.2)
    found = pooled(successes / trials, successes, trials, 0.9)
    exact = stats.binomtest(int(successes.sum()), int(trials.sum())).proportion_ci(0.9, "exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-12)
    values, nothing = random.normal(3.0, 2.0, 11), np.full(11, np.nan)
    found = pooled(values, nothing, nothing, 0.98)
    low, high = stats.t.interval(0.98, 10, values.mean(), stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((values.mean(), low, high), abs=1e-12)
    # one replicate without counts makes all of them values
    mixed = trials.astype(float)
    mixed[3] = np.nan
    assert pooled(successes / trials, successes, mixed, 0.9) is None


def test_there_is_no_interval_where_nothing_says_how_replicates_differ():
    nothing = np.full(40, np.nan)
    values = np.linspace(0.0, 1.0, 40)
    assert pooled(values[: LEAST_VALUES - 1], nothing[: LEAST_VALUES - 1], nothing[: LEAST_VALUES - 1], 0.9) is None
    assert pooled(values[:LEAST_VALUES], nothing[:LEAST_VALUES], nothing[:LEAST_VALUES], 0.9) is not None
    # 0.1 three times has a standard deviation by rounding alone
    assert pooled(np.full(40, 0.1), nothing, nothing, 0.9) is None
    assert pooled(np.where(values > 0.5, np.inf, values), nothing, nothing, 0.9) is None
    assert pooled(np.where(values > 0.5, np.nan, values), nothing, nothing, 0.9) is None
    assert not Until("x", width=0.5).narrow(None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0.0}, "width must be above 0"),
        ({"width": "0.1"}, "width must be a finite number"),
        ({"most": 0}, "most must be at least 1"),
        ({"level": 1.0}, "level must be above 0 and below 1"),
    ],
)
def test_rules_that_cannot_be_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        Until("share", "CC", **options)
