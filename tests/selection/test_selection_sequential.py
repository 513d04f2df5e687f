"""Intervals that hold at all times at once, and searches that assume nothing of the curve."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from nashscape import InputError
from nashscape.core import clopper_pearson
from nashscape.selection.searching import axis_of, search
from nashscape.selection.sequential import confidence_sequence, decided, evidence_against


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


def test_values_are_those_of_the_finest_bisection():
    axis = axis_of(-1, 3, 5, 0.3)
    assert axis.candidates == 17
    assert [axis.value(k) for k in axis.scanned] == [-1, 0, 1, 2, 3]
    whole = axis_of(2, 9, 3, 0.1, whole=True)
    assert (whole.candidates, [whole.value(k) for k in whole.scanned]) == (8, [2, 6, 9])


@pytest.mark.parametrize("edge", [0.0, 1e-9, 0.31, 2.7182818, 3.999])
def test_a_rising_curve_has_one_bracket_as_narrow_as_wanted(edge):
    asked = []

    def ask(x):
        asked.append(x)
        return x > edge

    found = search(ask, axis_of(0, 4, 9, 1e-6))
    (one,) = found.switches
    assert one.rises
    assert one.low <= edge < one.high
    assert one.width <= 1e-6
    assert len(asked) == len(set(asked)) <= 9 + 19


def test_switches_of_a_curve_that_goes_up_and_down_are_all_found():
    def wave(x):
        return math.sin(3 * x) + 0.2 * x > 0.9

    values = np.linspace(0, 6, 600_001)
    truth = values[1:][np.diff([wave(x) for x in values])]
    found = search(wave, axis_of(0, 6, 33, 1e-4))
    assert [one.rises for one in found.switches] == [k % 2 == 0 for k in range(len(truth))]
    for one, place in zip(found.switches, truth, strict=True):
        assert one.low - 1e-5 <= place <= one.high + 1e-5
    first = search(wave, axis_of(0, 6, 33, 1e-4), every=False).switches
    assert first[0] == found.switches[0]
    assert first[1].width > 0.1


def test_a_stretch_that_stays_open_is_narrowed_from_both_sides():
    def ask(x):
        return None if 1.3 <= x <= 1.7 else x > 1.5

    found = search(ask, axis_of(0, 4, 5, 1 / 64))
    (one,) = found.switches
    assert 1.3 - 1 / 64 <= one.low < 1.3
    assert 1.7 < one.high <= 1.7 + 1 / 64


def test_nothing_and_everything_have_no_switch():
    axis = axis_of(0, 1, 5, 0.01)
    assert search(lambda x: False, axis).switches == ()
    assert search(lambda x: True, axis).switches == ()
    assert search(lambda x: None, axis).switches == ()


def test_an_interruption_keeps_the_answers():
    def ask(x):
        if x > 0.6:
            raise KeyboardInterrupt
        return x > 0.3

    found = search(ask, axis_of(0, 1, 5, 0.01))
    assert found.interrupted
    assert found.verdicts == {0.0: False, 0.25: False, 0.5: True}
    with pytest.raises(KeyboardInterrupt):
        search(ask, axis_of(0.7, 1, 5, 0.01))


@pytest.mark.parametrize(
    ("how", "part"),
    [
        ({"low": 1, "high": 1}, "low < high"),
        ({"scan": 1}, "scan must be at least 2"),
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": 1e-30}, "too fine"),
        ({"low": 0.5, "whole": True}, "whole numbers"),
    ],
)
def test_bad_axes_are_refused(how, part):
    with pytest.raises(InputError, match=part):
        axis_of(**{"low": 0, "high": 4, "scan": 5, "tolerance": 0.1, **how})
