"""Intervals that hold at all times at once."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from nashscape import InputError
from nashscape.core import clopper_pearson
from nashscape.selection.steering.sequential import confidence_sequence, decided, evidence_against


@pytest.mark.parametrize(("p", "s", "n"), [(0.5, 3, 10), (0.2, 7, 11), (0.9, 0, 4), (0.03, 5, 5)])
def test_evidence_is_the_mean_likelihood_ratio_under_the_mixture(p, s, n):
    # q = sin²(x), under which Jeffreys' density is 2/π on [0, π/2]
    def ratio(x):
        q = math.sin(x) ** 2
        return (q / p) ** s * ((1 - q) / (1 - p)) ** (n - s) * 2 / math.pi

    assert evidence_against(p, s, n) == pytest.approx(math.log(quad(ratio, 0, math.pi / 2)[0]), abs=1e-9)


def test_evidence_is_a_martingale_under_the_truth():
    p = 0.37
    for s, n in [(0, 0), (4, 9), (30, 31)]:
        now = math.exp(evidence_against(p, s, n))
        after = p * math.exp(evidence_against(p, s + 1, n + 1)) + (1 - p) * math.exp(evidence_against(p, s, n + 1))
        assert after == pytest.approx(now, rel=1e-12)
    n = 20
    mean = sum(binom.pmf(k, n, p) * math.exp(evidence_against(p, k, n)) for k in range(n + 1))
    assert mean == pytest.approx(1.0, rel=1e-10)


@pytest.mark.parametrize(("s", "n"), [(0, 5), (5, 5), (1, 40), (300, 1000)])
def test_an_interval_ends_where_the_evidence_suffices(s, n):
    found = confidence_sequence(s, n, 0.9)
    for end in {found.low, found.high} - {0.0, 1.0}:
        assert evidence_against(end, s, n) == pytest.approx(math.log(10), abs=1e-6)
    assert evidence_against(s / n, s, n) < math.log(10)
    assert found.low < clopper_pearson(s, n, 0.9).low or s == 0
    assert (found.low == 0.0, found.high == 1.0) == (s == 0, s == n)


@pytest.mark.long
@pytest.mark.parametrize("p", [0.04, 0.5, 0.83])
def test_coverage_at_all_times_and_when_the_worst_moment_is_chosen(p):
    level, paths, longest = 0.9, 3000, 800
    random = np.random.default_rng(5)
    sums = np.cumsum(random.random((paths, longest)) < p, axis=1)
    counts = np.arange(1, longest + 1)
    values = np.array(
        [[evidence_against(p, s, n) for s in range(n + 1)] + [np.inf] * (longest - n) for n in counts[::1]]
    )
    evidence = values[counts - 1, sums]
    missed = (evidence >= -math.log1p(-level)).any(axis=1).mean()
    spread = math.sqrt((1 - level) * level / paths)
    assert missed <= 1 - level + norm.ppf(0.999) * spread
    # and it is no empty promise: a fixed-time interval at its own level is missed far more often along the path
    naive = np.abs(sums / counts - p) > norm.ppf(0.95) * math.sqrt(p * (1 - p)) / np.sqrt(counts)
    assert naive[:, 20:].any(axis=1).mean() > 2.5 * (1 - level)
    stops = random.integers(1, longest, size=paths)
    at_random = evidence[np.arange(paths), stops - 1] >= -math.log1p(-level)
    assert at_random.mean() <= missed


def test_a_decision_is_rarely_wrong_and_comes_at_last():
    random, wrong, when = np.random.default_rng(1), 0, []
    for _ in range(400):
        successes = trials = 0
        verdict = None
        while verdict is None and trials < 20_000:
            successes, trials = successes + int(random.binomial(50, 0.45)), trials + 50
            verdict = decided(0.5, successes, trials, 0.1)
        wrong += verdict is True
        when.append(trials)
        assert verdict is not None
    assert wrong / 400 <= 0.1
    assert 100 < np.mean(when) < 5000


@pytest.mark.parametrize("wanted", [0.0, 1.0, -1])
def test_sure_things_are_no_matter_of_trials(wanted):
    with pytest.raises(InputError, match="wanted"):
        decided(wanted, 3, 4, 0.05)
