"""Hats: against enumeration of all strategies, integer programs by hand, and models that must fail."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.levine_hats import ascent, continuous, measuring, study
from nashscape.testing import check_game


def _stacks(height, constant=True):
    return np.asarray(ns.games.hats(height, constant=constant).stacks).astype(np.int64)


def test_all_strategies_of_two_hats_are_enumerated():
    stacks, best, game = _stacks(2), 0, ns.games.hats(2)
    for first in product(range(2), repeat=4):
        # for a strategy of one, the best answer of the other by trying both hats for each stack
        total = sum(max(sum(x[first[k]] * y[j] for k, y in enumerate(stacks)) for j in range(2)) for x in stacks)
        best = max(best, total)
        strategies = [np.eye(2)[list(first)], np.eye(2)[[0, 0, 0, 0]]]
        won = sum(x[first[k]] * y[0] for x in stacks for k, y in enumerate(stacks))
        assert float(game.expected_payoffs(strategies)[0]) == pytest.approx(won / 16)
        assert float(game.regrets(strategies)[1]) == pytest.approx((total - won) / 16)
    assert Fraction(best, 16) == measuring.FINITE[1]
    assert max(ascent.optima(stacks, 50, 0)) == best


def test_players_who_answer_in_turn_end_where_the_search_in_whole_numbers_does():
    """Start by start; the first player of the rule answers the second's start, and hats are alike for both."""
    stacks, seed, count = _stacks(3), 4, 150
    won = measuring.chances(study.answers_in_turn(3, count, seed)) * len(stacks) ** 2
    begin = np.random.default_rng(seed).integers(0, 3, (count, 2 * len(stacks)))[:, len(stacks) :]
    ends = np.array([ascent.climbed(stacks, first)[0] for first in begin])
    np.testing.assert_allclose(won, ends, rtol=1e-6)
    assert len(set(ends)) > 2
    assert ends.max() == measuring.FINITE[2] * len(stacks) ** 2


def test_games_of_hats_pass_what_games_must_do():
    for game in (ns.games.hats(3), ns.games.hats(2, constant=False)):
        check_game(game)
    assert ns.games.hats(2).rows[0] == ("ww", "wb", "bw", "bb")


def test_the_value_of_blocks_is_that_of_playing_them():
    """By simulation of the first two blocks, and by the recursion written out."""
    for length, within in ((3, Fraction(15, 36)), (5, Fraction(327, 900))):
        value, left = Fraction(0), Fraction(1)
        r = Fraction(2, 2**length)
        for _ in range(60):
            value += left * ((1 - r) ** 2 * within + 2 * r * (1 - r) / 4)
            left *= r * r
        assert abs(value - ascent.value_of_blocks(length, within)) < Fraction(1, 10**15)
        # after each block what is missing shrinks by r²: per hat by the rate
        assert ascent.rate(length) ** length == pytest.approx(float(r * r))


@pytest.mark.parametrize("length", [3, 4, 5])
def test_blocks_give_the_published_fractions(length):
    stacks = _stacks(length, constant=False)
    pairs = max(ascent.optima(stacks, 400, 0))
    assert ascent.value_of_blocks(length, ascent.share(stacks, pairs)) == measuring.BLOCKS[length]
    # one pair more or less would be noticed
    assert ascent.value_of_blocks(length, ascent.share(stacks, pairs - 1)) != measuring.BLOCKS[length]


def test_best_answers_on_cells_are_those_of_sorting_by_hand():
    first = continuous.drawn(8, 3)
    made, value = continuous.response(first)
    best = 0.0
    for u in range(8):
        gains = sorted(first[:, u], reverse=True)
        best += sum(gains[:4]) / 64
    assert value == pytest.approx(best)
    assert continuous.chance(first, made) == pytest.approx(best)
    assert (made.sum(axis=1) == 4).all()
    assert continuous.chance(*continuous.turning(8)) == 0.5


def test_the_card_stands_where_it_is_quick():
    rows = [*measuring._continuous(0)]
    assert all(row.agrees for row in rows)


def test_stacks_that_cannot_be_played_are_refused():
    with pytest.raises(ns.InputError, match="at most 8 hats"):
        ns.games.hats(9)
    with pytest.raises(ns.InputError, match="have one colour"):
        ns.games.hats(1, constant=False)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("levine-hats", effort="quick").stands
