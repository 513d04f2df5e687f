"""Self-play on preferences against loops written by hand and exact winners; the card."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.systems.minimax_winner import measuring, self_play


def test_weights_are_those_of_the_loop_by_hand():
    table = self_play.margins(3, 4, 7)[2]
    logs, total, step = np.zeros(4), np.zeros(4), np.sqrt(2 * np.log(4) / 25)
    for _ in range(25):
        mixture = np.exp(logs) / np.exp(logs).sum()
        total += mixture
        logs += step * table @ mixture
    average, last = self_play.played(self_play.margins(3, 4, 7), 25)
    np.testing.assert_allclose(average[2], total / 25, atol=1e-12)
    np.testing.assert_allclose(last[2], np.exp(logs) / np.exp(logs).sum(), atol=1e-12)


def test_nothing_is_left_of_the_exact_winner_and_the_frozen_table_is_antisymmetric():
    table = self_play.FROZEN
    np.testing.assert_array_equal(table, -table.T)
    winner = ns.theory.minimax_winner(games.preferences((1 + table) / 2)).winner
    exact = np.array([[float(p) for p in winner]])
    assert self_play.exploited(table[None], exact)[0] == pytest.approx(0.0, abs=1e-12)
    drawn = self_play.drawn_to(table[None], 20_000, pull=0.1, rate=0.05, moved=1_000)
    np.testing.assert_allclose(drawn, exact, atol=1e-3)


def test_the_magnets_point_is_the_logit_response_to_itself():
    table = self_play.FROZEN
    found = self_play.drawn_to(table[None], 20_000, pull=0.2, rate=0.05)[0]
    powers = np.exp(table @ found / 0.2)
    np.testing.assert_allclose(found, powers / powers.sum(), atol=1e-9)


def test_draws_give_no_other_average_than_exact_rewards_where_there_are_many():
    table = self_play.margins(40, 3, 2)
    left = self_play.exploited(table, self_play.drawn(table, 3_000, 8, 1))
    assert left.mean() < 0.05
    again = self_play.drawn(table, 50, 8, 1)
    np.testing.assert_array_equal(again, self_play.drawn(table, 50, 8, 1))
    assert not np.array_equal(again, self_play.drawn(table, 50, 8, 2))


def test_a_reward_of_actions_prefers_what_is_not_preferred():
    steps, table = measuring.trajectories()
    assert steps[table.min(axis=1).argmax()].tolist() == [2, 2, 2, 0]
    assert (table[0] == -table[:, 0]).all()
    assert table[measuring.best_by_reward(steps, table)].min() < -0.5


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("minimax-winner", effort="quick").stands
