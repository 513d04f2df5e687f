"""The card of exploration and cooperation: the stage game by hand, answers of the search, and the card."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.exploration_and_cooperation import learning_runs
from nashscape.systems.exploration_and_cooperation.stage_games import gains, most_regret, payoffs


def test_defecting_pays_the_dilemma_more_whatever_neighbours_do():
    for d in (0.1, 0.4):
        np.testing.assert_allclose(gains(d), d)
        assert payoffs(d) == [[1.0, -d], [1.0 + d, 0.0]]


def test_triggers_hold_where_all_are_seen_and_not_on_a_ring_of_four():
    assert most_regret(0.25) < 1e-6
    # the player opposite to who defects sees nothing, cooperates once more, and is defected on by both neighbours
    assert most_regret(0.25, "ring:4") == pytest.approx(0.25 / 16, abs=1e-4)


def ends(mean, deviation):
    """Runs of which the mean is a function of the budget, half above and half below."""
    return lambda _, budget: mean(budget) + deviation * np.tile([-1.0, 1.0], 10)


def test_a_collapse_is_where_means_are_shown_on_both_sides():
    found = learning_runs.collapse(ends(lambda budget: 0.9 if budget < 1.3 else 0.6, 0.05), 0.25)
    [bracket] = found.brackets
    assert bracket.rises
    assert (2**bracket.low, 2**bracket.high) == pytest.approx((0.25 * 2 ** (5 * 3 / 8), 0.25 * 2**2.5))
    # with more noise the means in between are left open
    wide = learning_runs.collapse(ends(lambda budget: 0.95 - 0.05 * budget, 0.2), 0.25)
    [bracket] = wide.brackets
    assert 0.95 - 0.05 * 2**bracket.low > 0.75 + 0.0935
    assert 0.95 - 0.05 * 2**bracket.high < 0.75 - 0.0935
    assert None in wide.answers.values()
    assert learning_runs.collapse(ends(lambda _: 0.9, 0.1), 0.25).brackets == ()


def test_runs_begin_where_everything_is_tried():
    short = learning_runs.ends_of(3, 0, side=4, rounds=200)
    assert short(None, 0.25, 2).shape == (3,)
    assert short(None, 0.25, 2) is short(None, 0.25, 2)
    assert not np.array_equal(short(None, 0.25, 2), short(None, 0.25, 2, begun=0.0))


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("exploration-and-cooperation", effort="quick").stands


@pytest.mark.long
def test_at_the_published_size_tables_that_look_five_rounds_ahead_cooperate_and_others_do_not():
    """30 × 30 players, 100,000 rounds."""
    published = learning_runs.ends_of(4, 0, side=30, rounds=100_000)
    far, near = published(0.25, 0.25), published(0.25, 0.25, lookahead=1)
    assert far.mean() > 0.5
    assert near.mean() < 0.25
