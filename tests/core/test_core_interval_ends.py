"""Intervals that promise to cover: coverage by adding up whole laws, at every success rate of a grid."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, multinomial, nbinom

from nashscape import core
from nashscape.core import InputError
from nashscape.core.statistics.paired_differences import difference_interval

SHARES = np.sin(np.pi * np.arange(1, 600) / 1200) ** 2  # dense where shares are close to 0 and 1
EVEN = np.arange(1, 200) / 200
ROUNDING = 1e-9


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_coverage_of_shares_is_the_sum_of_the_binomial_law(n):
    for interval, least in ((core.clopper_pearson, 0.95), (core.wilson, 0.78)):
        found = core.interval_coverage(interval, n, SHARES)
        ends = [(e.low, e.high) for e in (interval(k, n) for k in range(n + 1))]
        for p, coverage in list(zip(SHARES, found, strict=True))[::60]:
            wanted = sum(binom.pmf(k, n, p) for k, (low, high) in enumerate(ends) if low <= p <= high)
            assert coverage == pytest.approx(wanted, abs=1e-12)
        assert found.min() >= least
    # Wilson's promises its level in the mean only
    assert found.min() < 0.9
    assert core.interval_coverage(core.wilson, n, EVEN).mean() >= 0.945


# --- runs that stop at their first success ------------------------------------------------------------------


def law_of_failures(runs, budget, p):
    """The law of failed trials, by adding run after run."""
    one = np.append(p * (1 - p) ** np.arange(budget), (1 - p) ** budget)
    law = np.ones(1)
    for _ in range(runs):
        law = np.convolve(law, one)
    return law


@pytest.mark.parametrize(("runs", "budget"), [(1, 1), (1, 13), (3, 4), (12, 2), (9, 13)])
@pytest.mark.parametrize("level", [0.95, 0.6])
def test_waiting_times_cover_at_least_at_their_level(runs, budget, level):
    ends = np.array([core.waiting_interval(f, runs, budget, level) for f in range(runs * budget + 1)])
    assert (np.diff(ends, axis=0) <= 0).all()  # more failures, smaller chances
    for p in (0.001, 0.02, 0.1, 0.3, 0.5, 0.77, 0.95, 0.999):
        inside = (ends[:, 0] <= p + ROUNDING) & (p <= ends[:, 1] + ROUNDING)
        assert law_of_failures(runs, budget, p) @ inside >= level - 1e-6


@pytest.mark.parametrize(("failed", "runs", "budget"), [(1, 1, 13), (17, 9, 5), (40, 60, 3), (900, 300, 13)])
def test_ends_are_where_the_tails_are_half_of_the_error(failed, runs, budget):
    low, high = core.waiting_interval(failed, runs, budget, 0.9)
    assert law_of_failures(runs, budget, low)[: failed + 1].sum() == pytest.approx(0.05, abs=1e-8)
    assert law_of_failures(runs, budget, high)[failed:].sum() == pytest.approx(0.05, abs=1e-8)


def test_without_a_budget_to_speak_of_waiting_times_are_negative_binomial():
    low, high = core.waiting_interval(37, 12, 4000)
    assert nbinom.cdf(37, 12, low) == pytest.approx(0.025, abs=1e-8)
    assert nbinom.sf(36, 12, high) == pytest.approx(0.025, abs=1e-8)


def test_one_trial_a_run_is_a_count_of_successes():
    for failed in (0, 3, 20):
        wanted = core.clopper_pearson(20 - failed, 20)
        assert core.waiting_interval(failed, 20, 1) == pytest.approx((wanted.low, wanted.high), abs=1e-10)


# --- two rules from the same starts -------------------------------------------------------------------------


def pairs_of(gained, lost, pairs):
    first = np.repeat([True, False, False], [gained, lost, pairs - gained - lost])
    second = np.repeat([False, True, False], [gained, lost, pairs - gained - lost])
    return first, second


@pytest.mark.parametrize(("pairs", "level"), [(1, 0.95), (2, 0.8), (6, 0.95), (9, 0.9)])
def test_paired_differences_cover_at_least_at_their_level(pairs, level):
    counts = [(b, c) for b in range(pairs + 1) for c in range(pairs + 1 - b)]
    ends = np.array([difference_interval(b, c, pairs, level) for b, c in counts])
    whole = np.array([(b, c, pairs - b - c) for b, c in counts])
    rates = [(b, c) for b, c in itertools.product(np.r_[0.003, 0.03, np.arange(0, 1.01, 0.1)], repeat=2) if b + c <= 1]
    for b, c in rates:
        inside = (ends[:, 0] <= b - c + ROUNDING) & (b - c <= ends[:, 1] + ROUNDING)
        mass = multinomial.pmf(whole, pairs, [b, c, max(1 - b - c, 0.0)])
        assert mass @ inside >= level - 1e-9, (b, c)


def tail_of_differences(net, pairs, difference, discordance):
    """`P(D ≤ net)`: so many pairs differ, and of these so many are gained."""
    many = np.arange(pairs + 1)
    gained = binom.cdf((net + many) // 2, many, (discordance + difference) / (2 * discordance))
    return float(binom.pmf(many, pairs, discordance) @ gained)


@pytest.mark.parametrize(("gained", "lost", "pairs"), [(0, 0, 1), (3, 1, 5), (6, 5, 13), (35, 10, 46), (30, 2, 400)])
def test_beyond_the_ends_every_discordance_is_refuted(gained, lost, pairs):
    _, high = difference_interval(gained, lost, pairs, 0.95)
    most = core.clopper_pearson(gained + lost, pairs, 0.99).high  # each side of its error is a tenth of ours
    tails = [tail_of_differences(gained - lost, pairs, high, psi) for psi in np.linspace(high, most, 500)]
    assert max(tails) < 0.0225 + 1e-9
    assert max(tails) > (0.0195 if pairs >= 400 else 0.005)


@pytest.mark.parametrize(("gained", "lost", "pairs"), [(2, 0, 400), (60, 10, 400), (300, 50, 400), (3000, 900, 20_000)])
def test_paired_differences_are_little_wider_than_large_samples_need(gained, lost, pairs):
    low, high = difference_interval(gained, lost, pairs, 0.95)
    value = (gained - lost) / pairs
    normal = 2 * 1.96 * np.sqrt(((gained + lost) / pairs - value**2) / pairs)
    assert low < value < high
    assert 1.0 < (high - low) / normal < (1.25 if gained > 10 else 2.5)
    back = difference_interval(lost, gained, pairs, 0.95)
    assert back == pytest.approx((-high, -low), abs=1e-12)


def test_a_paired_difference_counts_the_pairs_that_differ():
    found = core.paired_difference(*pairs_of(12, 5, 80), level=0.9)
    assert found.value == pytest.approx(7 / 80)
    assert (found.low, found.high) == difference_interval(12, 5, 80, 0.9)
    assert (found.level, found.trials, found.method) == (0.9, 80, "exact paired")


def test_no_difference_seen_is_no_proof_of_equality():
    found = core.paired_difference(*pairs_of(0, 0, 400))
    assert found.value == 0.0
    assert -found.low == pytest.approx(found.high)
    # what 400 pairs cannot show: the rule of three, and what is spent on how often pairs differ at all
    assert 3 / 400 < found.high < 5 / 400


# --- bounded means ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 4, 7])
def test_bets_cover_the_mean_of_two_values_at_least_at_their_level(n):
    draws = np.array(list(itertools.product((0, 1), repeat=n)))
    found = [core.bounded_mean(3.0 * row - 1.0, -1.0, 2.0, 0.7) for row in draws]
    for p in (0.02, 0.2, 0.5, 0.9):
        masses = p ** draws.sum(axis=1) * (1 - p) ** (n - draws.sum(axis=1))
        assert masses @ [one.contains(3.0 * p - 1.0) for one in found] >= 0.7


def test_bets_refute_more_the_less_values_vary():
    random = np.random.default_rng(0)
    wide, narrow = random.random(400), 0.5 + 0.02 * (random.random(400) - 0.5)
    spread = [one.high - one.low for one in (core.bounded_mean(wide, 0, 1), core.bounded_mean(narrow, 0, 1))]
    assert spread[0] < 1.5 * 2 * 1.96 * wide.std() / 20
    assert spread[1] < spread[0] / 3
    assert core.bounded_mean([0.3], 0, 1).low == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: core.waiting_interval(14, 1, 13), "must not exceed 1 runs of 13"),
        (lambda: core.waiting_interval(-1, 1, 13), "at least 0"),
        (lambda: core.waiting_interval(0, 0, 13), "runs must be at least 1"),
        (lambda: core.waiting_interval(0, 1, 0), "budget must be at least 1"),
        (lambda: core.waiting_interval(0, 1, 1, 1.0), "below 1"),
        (lambda: core.paired_difference([True], [True, False]), "same length"),
        (lambda: core.paired_difference([1, 0], [0, 1]), "boolean"),
        (lambda: core.paired_difference([True], [False], level=0), "above 0"),
        (lambda: core.bounded_mean([], 0, 1), "one at least"),
        (lambda: core.bounded_mean([0.5, 1.5], 0, 1), "values from 0 to 1"),
        (lambda: core.bounded_mean([0.5], 1, 1), "need low < high"),
        (lambda: core.interval_coverage(core.wilson, 3, [0.0]), "above 0"),
        (lambda: core.interval_coverage(core.wilson, 3, []), "one at least"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
