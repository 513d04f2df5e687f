"""One standard of agreement: what each test rejects under the truth, and what a family of them does."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nashscape.core import Estimate, InputError, bracket, wilson
from nashscape.systems.agreement import (
    ALIKE,
    ERROR,
    SHOWN,
    Row,
    Spread,
    by_test,
    counts,
    judged,
    mean_of,
    to_the_digit,
    within,
)
from nashscape.systems.statements import above, below, between, more

SPREAD = Spread(20.0, 3.0, 40)


def test_exact_figures_agree_only_in_every_digit():
    assert to_the_digit("t", "x", "0.2744", 0.27438).agrees
    assert not to_the_digit("t", "x", "0.2744", 0.27446).agrees
    assert not to_the_digit("t", "x", "0.2744", 0.27434).agrees
    assert to_the_digit("t", "x", "0.2744", 0.27438).test == ""


def test_counts_are_tested_by_fisher():
    row = counts("t", "x", (20, 100), wilson(800, 1000))
    assert row.p_value == pytest.approx(stats.fisher_exact([[20, 80], [800, 200]]).pvalue)
    assert (row.agrees, row.test, row.runs) == (False, ALIKE, 1000)
    assert counts("t", "x", (79, 100), wilson(800, 1000)).agrees
    with pytest.raises(InputError, match="takes successes of trials"):
        counts("t", "x", (20, 100), Estimate(0.2, 0.1, 0.3, 0.95, "betting"))


def test_shares_are_tested_against_the_nearest_within_the_tolerance():
    ours = wilson(2500, 10_000)
    assert within("t", "x", "0.2519", ours, 0.002).p_value == 1
    row = within("t", "x", "0.27", ours, 0.002)
    assert row.p_value == pytest.approx(stats.binomtest(2500, 10_000, 0.268).pvalue)
    assert not row.agrees
    assert not within("t", "x", "0.23", ours, 0.002).agrees


def test_means_are_tested_by_student():
    """Against the t-test of two samples, one of which has the spread of the other."""
    row = mean_of("t", "x", 27.0, SPREAD, "single maps")
    assert row.p_value == pytest.approx(2 * stats.t.sf(7 / (3 * np.sqrt(1 + 1 / 40)), 39))
    assert row.low < 20 < row.high < 27
    assert (row.agrees, mean_of("t", "x", 25.0, SPREAD, "single maps").agrees) == (False, True)
    of_many = mean_of("t", "x", 22.0, SPREAD, "means of 100", size=100)
    assert of_many.p_value == pytest.approx(2 * stats.t.sf(2 / (3 * np.sqrt(0.01 + 1 / 40)), 39))
    # on both sides alike, and by the ends of the interval of the row
    assert mean_of("t", "x", 13.0, SPREAD, "single maps").p_value == pytest.approx(row.p_value)
    assert mean_of("t", "x", row.high, SPREAD, "single maps").p_value == pytest.approx(0.05)


def test_a_count_has_a_unit_and_values_that_are_all_alike_no_spread():
    assert mean_of("t", "x", 0.5, Spread(0.5049, 0.0, 40), "single maps", unit=0.01).p_value == 1
    assert mean_of("t", "x", 0.5, Spread(0.5051, 0.0, 40), "single maps", unit=0.01).p_value == 0


def published_and_ours(draws, size):
    """The rows of a card of which everything is true, with one of each test, so many times."""
    for _ in range(size):
        yield counts("t", "x", (int(draws.binomial(100, 0.3)), 100), wilson(int(draws.binomial(1536, 0.3)), 1536))
        few, ours = draws.geometric(0.4, 100).mean(), draws.geometric(0.4, 400)
        yield mean_of("t", "x", few, Spread(ours.mean(), ours.std(ddof=1), 400), "means of 100", size=100)
        cells = draws.binomial(441, 0.3, 41) / 441
        yield mean_of("t", "x", cells[0], Spread(cells[1:].mean(), cells[1:].std(ddof=1), 40), "maps", unit=1 / 441)
        yield above("t", "x", 0.3, wilson(int(draws.binomial(400, 0.3)), 400))
        squares = draws.chisquare(2, (2, 100))
        ours = draws.chisquare(2, 4000)
        yield mean_of("t", "x", squares[0].mean(), Spread(ours.mean(), ours.std(ddof=1), 4000), "repeats", size=100)


def test_a_card_of_truths_is_wrong_somewhere_with_probability_of_one_in_twenty_at_most():
    draws, cards = np.random.default_rng(0), 150
    wrong = 0
    for _ in range(cards):
        rows = judged(published_and_ours(draws, 4))
        wrong += any(row.agrees == (row.test == SHOWN) for row in rows)
    # .05 of 150 is 7.5, four standard deviations of that number are 10.7
    assert wrong <= 7.5 + 10.7


def test_each_test_alone_rejects_truths_at_its_level():
    draws, found = np.random.default_rng(1), []
    for _ in range(300):
        found.append([row.p_value for row in published_and_ours(draws, 1)])
    rejected = (np.array(found) <= ERROR).mean(axis=0)
    # four standard errors of 300 draws are .05
    assert (rejected <= 0.05 + 0.05).all()


def test_the_family_is_judged_together():
    rows = [by_test(row(k), ALIKE, p) for k, p in enumerate((0.03, 0.5, 0.012))]
    assert [one.agrees for one in rows] == [False, True, False]
    assert [one.agrees for one in judged(rows)] == [True, True, False]
    assert [one.corrected for one in judged(rows)] == pytest.approx([0.06, 0.5, 0.036])
    # a statement that is shown alone is not shown among others
    shown = [by_test(row(k), SHOWN, p) for k, p in enumerate((0.03, 0.5, 0.012))]
    assert [one.agrees for one in judged(shown)] == [False, False, True]
    exact = replace(row(9), agrees=False)
    assert judged([*rows, exact])[-1] == exact


def row(k):
    return Row("t", f"row {k}", 0.5, 0.5, 0.4, 0.6, "a test", True)


def test_statements_about_shares_hold_where_the_opposite_is_rejected():
    row = above("c", "", 0.5, wilson(60, 100))
    assert row.p_value == pytest.approx(stats.binomtest(60, 100, 0.5, alternative="greater").pvalue)
    assert above("c", "", 0.5, wilson(60, 100), looked=3).p_value == pytest.approx(3 * row.p_value)
    assert (row.agrees, above("c", "", 0.5, wilson(60, 100), looked=3).agrees) == (True, False)
    assert below("c", "", 0.5, wilson(40, 100)).p_value == pytest.approx(row.p_value)
    assert above("c", "", 0.5, wilson(0, 100)).p_value == below("c", "", 0.5, wilson(100, 100)).p_value == 1


def test_statements_about_brackets_hold_by_whole_intervals():
    share = bracket(0.3, 0.4, 0.5, "proved")
    assert [above("c", "", bound, share).agrees for bound in (0.29, 0.3)] == [True, False]
    assert [below("c", "", bound, share).agrees for bound in (0.51, 0.5)] == [True, False]
    assert above("c", "", 0.2, share).test == ""


def test_one_share_is_more_than_another_on_one_side_alone():
    low, high = wilson(20, 100), wilson(45, 100)
    assert more("c", "", high, low).p_value == pytest.approx(stats.fisher_exact([[45, 55], [20, 80]]).pvalue)
    assert (more("c", "", high, low).agrees, more("c", "", low, high).agrees) == (True, False)
    assert not more("c", "", wilson(21, 100), low).agrees


def test_a_number_is_shown_to_be_near_another_by_two_tests():
    found = between("c", "", -1.0, Spread(-1.02, 0.04, 8), 0.1)
    assert found.p_value == pytest.approx(stats.t.sf((0.1 - 0.02) / (0.04 / np.sqrt(8)), 7))
    half = stats.t.ppf(0.975, 7) * 0.04 / np.sqrt(8)
    assert (found.low, found.high) == pytest.approx((-1.02 - half, -1.02 + half))
    assert found.agrees
    # too far, and too noisy to say
    assert not between("c", "", -1.0, Spread(-1.2, 0.04, 8), 0.1).agrees
    assert not between("c", "", -1.0, Spread(-1.0, 0.4, 8), 0.1).agrees
