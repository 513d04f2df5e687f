"""Ratios of means with intervals that cover, crashes of mixtures by sums over members, thresholds by scanning."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

import nashscape as ns
from nashscape.environments import crossing
from nashscape.systems.risk_averse_populations import drivers, measuring
from nashscape.systems.risk_averse_populations.ratios import fieller, ratio_above

ROADS = crossing(cells=(3, 4), fastest=(2, 1), places=2, rounds=6)


def test_ends_are_where_students_test_begins_to_reject():
    random = np.random.default_rng(0)
    first, second = random.gamma(2.0, size=(2, 15)) * [[3.0], [1.0]]
    for level in (0.8, 0.95):
        for end in fieller(first, second, level):
            assert ttest_1samp(first - end * second, 0.0).pvalue == pytest.approx(1 - level, abs=1e-9)


def test_there_is_no_end_where_the_second_mean_may_be_nothing():
    first, second = np.array([3.0, 2.9, 3.1, 3.0]), np.array([0.0, 0.0, 0.0, 1.0])
    low, high = fieller(first, second)
    assert high == np.inf
    assert ttest_1samp(first - low * second, 0.0).pvalue == pytest.approx(0.05, abs=1e-9)
    assert ttest_1samp(first - 1e9 * second, 0.0).pvalue > 0.05
    assert fieller(second, second[::-1])[0] == 0.0
    assert fieller(np.ones(3), np.zeros(3)) == (np.inf, np.inf)
    assert fieller(np.ones(3), np.full(3, 0.5)) == (2.0, 2.0)


def test_intervals_cover_the_ratio_of_rates_that_are_skewed():
    random, covered, tries = np.random.default_rng(1), 0, 1000
    for _ in range(tries):
        common = random.gamma(2.0, size=24)
        first, second = (common * random.gamma(4.0, scale, size=24) for scale in (0.05, 0.02))
        low, high = fieller(first, second)
        covered += low <= 2.5 <= high
    assert covered / tries > 0.925


def test_a_ratio_is_shown_only_where_students_test_says_so():
    first, second = np.array([2.0, 4.0, 3.0, 3.0]), np.array([1.0, 2.0, 1.0, 2.0])
    for bound in (1.0, 1.8, 2.5):
        row = ratio_above("claim", "label", bound, first, second)
        expected = ttest_1samp(first - bound * second, 0.0, alternative="greater").pvalue
        assert row.p_value == pytest.approx(expected)
        assert row.agrees == (expected < 0.05)
    assert not ratio_above("claim", "label", 2.0, 2 * second, second).agrees
    assert ratio_above("claim", "label", 2.0, first, np.zeros(4)).ours == np.inf


def test_mixtures_crash_and_get_what_their_members_do_on_average():
    random = np.random.default_rng(2)
    members = [[ROADS.start(side, random) for _ in range(3)] for side in (0, 1)]
    weights = random.dirichlet(np.ones(3), size=2)
    two = tuple(drivers.mean_drive(ROADS, side, members[side], weights[side]) for side in (0, 1))
    found = drivers.met(*[drivers.Drivers(ROADS, two, 0.0)] * 2)
    crash = payoff = 0.0
    for i, one in enumerate(members[0]):
        for j, other in enumerate(members[1]):
            chance = weights[0, i] * weights[1, j]
            crash += chance * ROADS.crashes((one, other))
            payoff += chance * ROADS.payoffs((one, other)).mean()
    assert found.crash == pytest.approx(crash, abs=1e-12)
    assert found.payoff == pytest.approx(payoff, abs=1e-12)
    assert found.rounds(ROADS) == pytest.approx(-payoff - ROADS.crash * crash, abs=1e-12)


def test_strangers_are_of_two_populations_each_in_one_pair():
    random = np.random.default_rng(3)
    every = [
        drivers.Drivers(ROADS, tuple(ROADS.drive(side, ROADS.start(side, random)) for side in (0, 1)), 0.0)
        for _ in range(5)
    ]
    found = drivers.strangers(every)
    wanted = [
        (drivers.met(every[k], every[k + 1]).crash + drivers.met(every[k + 1], every[k]).crash) / 2 for k in (0, 2)
    ]
    assert found.tolist() == wanted


def test_an_answer_leaves_what_the_population_says():
    found = ns.populations.grow(ROADS, drivers.averse(ROADS, 0.1, 0.05), generations=10, until=None, seed=4)
    made = drivers.grown(ROADS, drivers.averse(ROADS, 0.1, 0.05), 4)
    assert made.left == found.gains[-1].mean()
    both = [[own[int(k)] for k in np.flatnonzero(mix)] for own, mix in zip(found.members, found.answer, strict=True)]
    most = max(ROADS.crashes((one, other)) for one in both[0] for other in both[1])
    assert 0 <= drivers.met(made, made).crash <= most + 1e-12


def test_kinds_of_populations_share_their_seeds_and_are_grown_once():
    kinds = measuring.Kinds(ROADS, 2, 3)
    for every, way in ((kinds.nash, "psro"), (kinds.averse(0.2), drivers.averse(ROADS, 0.2, measuring.FLOOR))):
        wanted = [drivers.met(own, own) for own in (drivers.grown(ROADS, way, k) for k in (3000, 3001))]
        assert [drivers.met(own, own) for own in every] == wanted
        assert measuring.crash_rates(every).tolist() == [one.crash for one in wanted]
        assert measuring.payoffs(every).tolist() == [one.payoff for one in wanted]
    assert kinds.nash is kinds.nash
    shared = measuring.Kinds(crossing(cells=3, places=2, rounds=6, pool="one"), 1, 0)
    [own] = shared.averse()
    np.testing.assert_array_equal(own.drives[0].over, own.drives[1].over)


def test_the_stag_goes_where_hares_are_worth_more_by_either_tremble():
    hunt = ns.games.stag_hunt()
    np.testing.assert_array_equal(np.asarray(hunt.payoffs), measuring.HUNT)
    for floor, known in ((0.05, 0.7456), (0.025, 1.581)):
        found = measuring.stag_threshold(floor)
        assert found == pytest.approx(known, abs=5e-4)
        # Var of stag less that of hare, by hand: 4² and 1² times ε(1 − ε), to first order in what goes to hares
        t = floor * (1 - floor)
        worth = [(4 * (1 - floor), 16 * t), (3 - floor, t)]
        slope = (worth[0][0] - worth[1][0]) - 2 * found * (worth[0][1] - 4 * t)
        assert slope == pytest.approx(0.0, abs=1e-6)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("risk-averse-populations", effort="quick").stands
