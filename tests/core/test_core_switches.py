"""Brackets of a switch from counts, against binomial laws added up and every outcome of small experiments."""

import itertools

import numpy as np
import pytest
from scipy import stats

from nashscape.core import Bracket, Estimate, InputError, switch_interval, switches, within_factor

AT = [1.0, 2.0, 3.0, 4.0]


def test_ends_are_the_last_values_at_which_it_was_shown_without_a_break():
    found = switch_interval(AT, [0, 1, 10, 12], [12] * 4)
    assert stats.binom.cdf(1, 12, 0.5) < 0.025
    assert (found.low, found.high) == (2.0, 3.0)
    # at the second value nothing is shown, so that the third does not count either
    broken = switch_interval(AT, [0, 4, 1, 12], [12] * 4)
    assert stats.binom.cdf(4, 12, 0.5) > 0.025
    assert (broken.low, broken.high) == (1.0, 4.0)
    assert found.trials == 48
    turned = switch_interval(AT, [12, 11, 2, 0], [12] * 4, rises=False)
    assert (turned.low, turned.value, turned.high) == pytest.approx((found.low, found.value, found.high))


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ([0, 0, 0, 0], (4.0, np.inf, np.inf)),
        ([6, 6, 6, 6], (-np.inf, -np.inf, 1.0)),
        ([3, 3, 3, 3], (-np.inf, 2.5, np.inf)),
        ([0, 6, 6, 6], (1.0, 1.5, 2.0)),
    ],
)
def test_where_nothing_is_shown_an_end_is_infinite(counts, ends):
    found = switch_interval(AT, counts, [6] * 4)
    assert (found.low, found.value, found.high) == ends


def test_five_trials_show_nothing_and_six_do():
    assert switch_interval([1.0], [0], [5]).low == -np.inf
    assert switch_interval([1.0], [0], [6]).low == 1.0


def test_the_value_is_where_the_pooled_shares_pass():
    # 3 of 4 and 1 of 8 fall, and are one pool of 4 of 12
    found = switch_interval([0.0, 1.0, 2.0, 4.0], [0, 3, 1, 8], [5, 4, 8, 9])
    low, high = 4 / 12, 8 / 9
    assert found.value == pytest.approx(2 + 2 * (0.5 - low) / (high - low))
    assert switch_interval([0.0, 1.0], [1, 3], [4, 4], share=0.25).value == 0.0


def outcomes(laws, trials):
    """Every outcome with its probability."""
    for counts in itertools.product(*(range(n + 1) for n in trials)):
        yield counts, np.prod([stats.binom.pmf(k, n, p) for k, n, p in zip(counts, trials, laws, strict=True)])


@pytest.mark.parametrize(
    ("laws", "crossing"),
    [((0.1, 0.5, 0.9), 2.0), ((0.45, 0.5, 0.5), 2.0), ((0.5, 0.5, 0.55), 2.0), ((0.2, 0.4, 0.7), 2.5)],
)
def test_the_crossing_of_a_rising_probability_is_covered_whatever_it_is(laws, crossing):
    trials, held = (7, 9, 6), 0.0
    for counts, chance in outcomes(laws, trials):
        found = switch_interval([1.0, 2.0, 3.0], counts, trials, 0.8)
        held += chance * (found.low <= crossing <= found.high)
    assert held >= 0.8


@pytest.mark.long
def test_without_order_both_claims_hold_together():
    laws, trials, right = (0.4, 0.55, 0.3, 0.6), (6, 7, 6, 7), 0.0
    at = np.arange(4.0)
    for counts, chance in outcomes(laws, trials):
        found = switch_interval(at, counts, trials, 0.8)
        wrong = any(p >= 0.5 for p, x in zip(laws, at, strict=True) if x <= found.low)
        wrong |= any(p <= 0.5 for p, x in zip(laws, at, strict=True) if x >= found.high)
        right += chance * (not wrong)
    assert right >= 0.8


def test_all_brackets_are_right_together():
    laws, trials, right = (0.2, 0.8, 0.5), (8, 8, 8), 0.0
    at = [0.0, 1.0, 2.0]
    for counts, chance in outcomes(laws, trials):
        found = switches(at, counts, trials, 0.8)
        right += chance * all(one in (Bracket(0.0, 1.0, True),) for one in found)
    assert right >= 0.8
    assert switches(at, [0, 8, 4], trials) == (Bracket(0.0, 1.0, True),)
    assert switches(at, [8, 4, 0], trials) == (Bracket(0.0, 2.0, False),)
    assert switches(at, [4, 4, 8], trials) == ()
    # one of eight would do if it were the only value
    assert 0.05 / 6 < stats.binom.cdf(1, 8, 0.5) < 0.05
    assert switches(at, [1, 8, 4], trials) == ()


def test_within_a_factor_is_undecided_where_the_interval_straddles():
    one = Estimate(0.5, 0.4, 0.6, 0.95, "by hand")
    assert within_factor(one, 0.5) is True
    assert within_factor(one, 0.3) is True  # to the end, 0.6
    assert within_factor(one, 0.8) is True  # from the end, 0.4
    assert within_factor(one, 0.29) is None
    assert within_factor(one, 0.81) is None
    assert within_factor(one, 0.19) is False
    assert within_factor(one, 0.2) is None  # 0.4 is an end of both
    assert within_factor(one, 1.3) is False
    assert within_factor(Estimate(0.5, 0.4, np.inf, 0.95, ""), 0.5) is None
    assert within_factor(Estimate(0.5, 0.4, np.inf, 0.95, ""), 0.1) is False
    assert within_factor(Bracket(0.4, 0.6, True), 0.5, 1.25) is True
    assert within_factor(Bracket(0.4, 0.6, True), 0.5, 1.1) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: switch_interval([1.0, 1.0], [0, 1], [2, 2]), "must rise"),
        (lambda: switch_interval([], [], []), "one at least"),
        (lambda: switch_interval([1.0], [0, 1], [2, 2]), "1 values need as many counts; got 2"),
        (lambda: switch_interval([1.0], [3], [2]), "must not exceed trials"),
        (lambda: switch_interval([1.0], [1], [2], share=1.0), "share"),
        (lambda: switches([1.0], [1], [2], level=0.0), "level"),
        (lambda: within_factor(Bracket(1, 2, True), 0.0), "prediction"),
        (lambda: within_factor(Bracket(1, 2, True), 1.0, 0.5), "factor"),
        (lambda: within_factor(Estimate(1, np.nan, 2, 0.95, ""), 1.0), "low ≤ high"),
    ],
)
def test_what_is_no_experiment_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
