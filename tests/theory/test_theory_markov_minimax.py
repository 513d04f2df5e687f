"""Minimax policies of Markov games against linear programs, matching games, and every best response."""

import numpy as np
import pytest
from scipy.optimize import linprog

from nashscape import games, theory
from nashscape.core import InputError
from nashscape.theory.zero_sum import markov_minimax
from nashscape.theory.zero_sum.markov_policies import zero_sum_chain


def value(table):
    """Of a matrix game to who chooses rows, by SciPy's linear program."""
    rows, columns = table.shape
    found = linprog(np.append(np.zeros(rows), -1.0), A_ub=np.column_stack([-table.T, np.ones(columns)]),
                    b_ub=np.zeros(columns), A_eq=[np.append(np.ones(rows), 0.0)], b_eq=[1.0],
                    bounds=[(0, None)] * rows + [(None, None)])  # fmt: skip
    return -found.fun


def drawn(seed, states=4, shape=(2, 3), discount=0.7, **more):
    random = np.random.default_rng(seed)
    paid = random.normal(size=(states, *shape))
    moves = random.dirichlet(np.full(states, 0.5), (states, *shape))
    initial = random.dirichlet(np.ones(states))
    return games.markov([paid, -paid], moves, discount=discount, initial=initial, **more)


@pytest.mark.parametrize("seed", [0, 1])
def test_values_are_those_of_linear_programs_again_and_again(seed):
    game, found = drawn(seed), theory.markov_minimax(drawn(seed))
    values = np.zeros(4)
    for _ in range(60):
        ahead = game.payoffs[0] + 0.7 * game.transitions @ values
        values = np.array([value(own) for own in ahead])
    np.testing.assert_allclose((found.low + found.high) / 2, values, atol=1e-7)
    assert found.value == pytest.approx(game.initial @ values, abs=1e-7)
    assert np.all(found.high - found.low < 1e-9)
    assert np.all(found.low <= values + 1e-7)


def test_values_of_soccer_are_those_one_round_ahead():
    game = games.soccer(2, 3)
    found = theory.markov_minimax(game)
    ahead = game.payoffs[0] + 0.9 * game.transitions @ found.low
    np.testing.assert_allclose([value(own) for own in ahead], found.low, atol=1e-7)
    assert abs(found.value) < 1e-9
    assert found.low.max() > 0.8
    assert (found.policies[0].max(axis=1) < 0.99).any()  # mixtures are needed


def test_bounds_are_what_the_policies_get_against_all_pure_policies():
    game = drawn(3, states=3, discount=0.5)
    found, values = theory.markov_minimax(game), []
    for number in range(3**3):
        pure = np.eye(3)[[number // 9, number // 3 % 3, number % 3]]
        there = np.einsum("sabt,sa,sb->st", game.transitions, found.policies[0], pure)
        paid = np.einsum("sab,sa,sb->s", game.payoffs[0], found.policies[0], pure)
        values.append(np.linalg.solve(np.eye(3) - 0.5 * there, paid))
    np.testing.assert_allclose(np.min(values, axis=0), found.low, atol=1e-9)


def test_repetitions_are_worth_their_rounds_times_the_value():
    game = games.repeated(games.random_zero_sum((3, 3), seed=2), discount=0.8)
    stage = float(theory.zero_sum_value(games.random_zero_sum((3, 3), seed=2)).value)
    assert theory.markov_minimax(game).value == pytest.approx(stage / (1 - 0.8), abs=1e-8)


def test_the_slow_way_comes_to_the_same(monkeypatch):
    quick = theory.markov_minimax(drawn(0))
    monkeypatch.setattr(markov_minimax, "QUICK_ROUNDS", 0)
    slow = theory.markov_minimax(drawn(0), tolerance=1e-6)
    np.testing.assert_allclose(quick.low, slow.low, atol=1e-5)


def test_responses_and_meetings_are_those_of_the_game_itself():
    game, random = drawn(5), np.random.default_rng(0)
    one, two = random.dirichlet(np.ones(2), 4), random.dirichlet(np.ones(3), 4)
    chain = zero_sum_chain(game, "test")
    met = game.initial @ chain.met(one, two)
    assert met == pytest.approx(float(game.expected_payoffs([one, two])[0]), abs=1e-5)
    gains = np.asarray(game.regrets([one, two]))
    first, best = chain.best_of_first(two)
    assert game.initial @ best - met == pytest.approx(gains[0], abs=1e-4)
    np.testing.assert_allclose(chain.met(first, two), best, atol=1e-12)
    second, left = chain.best_of_second(one)
    assert met - game.initial @ left == pytest.approx(gains[1], abs=1e-4)
    np.testing.assert_allclose(chain.met(one, second), left, atol=1e-12)


def test_other_games_are_refused():
    with pytest.raises(InputError, match="without a horizon"):
        theory.markov_minimax(drawn(0, horizon=3))
    with pytest.raises(InputError, match="do not sum to zero"):
        theory.markov_minimax(games.repeated(games.prisoners_dilemma(), discount=0.9))
    with pytest.raises(InputError, match="takes two players"):
        theory.markov_minimax(games.markov(np.zeros((3, 1, 2, 2, 2)), np.ones((1, 2, 2, 2, 1)), discount=0.5))
    with pytest.raises(InputError, match="find minimax policies"):
        theory.markov_minimax(games.matching_pennies())
    with pytest.raises(InputError, match="tolerance"):
        theory.markov_minimax(drawn(0), tolerance=0)
