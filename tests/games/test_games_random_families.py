"""Random families: each is what it is said to be, to the last bit where that is said; the same seed, the same game."""

import itertools
import math
import re
from fractions import Fraction

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.theory import potential_test, zero_sum_value

MAKERS = {
    "random_zero_sum": lambda seed: games.random_zero_sum((3, 4), seed),
    "random_common_interest": lambda seed: games.random_common_interest((2, 3, 2), seed),
    "random_potential": lambda seed: games.random_potential((2, 3, 2), seed),
    "covariant": lambda seed: games.covariant((2, 3, 2), -0.25, seed),
    "random_congestion": lambda seed: games.random_congestion(3, 4, seed, size=2),
}


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_gives_the_same_bits_and_another_seed_another_game(name):
    made = [MAKERS[name](seed).payoffs for seed in (0, 0, 1)]
    assert made[0].tobytes() == made[1].tobytes()
    assert not np.array_equal(made[0], made[2])
    assert games.by_name(name).name == name
    # whole multiples of one grain, so that sums are exact
    assert all(float(x * 2**32).is_integer() for x in made[0].flat)


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_draws_have_the_moments_of_their_distribution(distribution):
    draws = games.random_common_interest((100, 100), 3, distribution).payoffs[0].ravel()
    variance = {"normal": 1.0, "uniform": 1 / 3}[distribution]
    fourth = {"normal": 3.0, "uniform": 1 / 5}[distribution]
    n = len(draws)
    assert abs(draws.mean()) < 5 * math.sqrt(variance / n)
    assert abs((draws**2).mean() - variance) < 5 * math.sqrt((fourth - variance**2) / n)
    assert (np.abs(draws).max() <= 1) == (distribution == "uniform")


def test_one_wins_what_the_other_loses():
    game = games.random_zero_sum((4, 3), 2)
    assert (game.payoffs[0] + game.payoffs[1] == 0).all()
    assert zero_sum_value(game).total == 0
    with pytest.raises(InputError, match="such a game has 2 players; got numbers of actions of 3"):
        games.random_zero_sum((2, 2, 2))


def test_of_common_interest_all_payoffs_are_the_same_and_the_potential():
    game = games.random_common_interest((2, 3, 2), 2)
    assert (game.payoffs == game.payoffs[0]).all()
    assert (potential_test(game).potential == game.fractions[0] - game.fractions[0, 0, 0, 0]).all()


def test_potential_games_have_their_potential_at_every_scale():
    for scale in (1e-3, 1.0, 1e4):
        assert potential_test(games.random_potential((3, 2, 4), 1, scale=scale)).exact
    with pytest.raises(InputError, match="scale of the potential must be above 0 and at most 10000; got 20000"):
        games.random_potential((2, 2), scale=2e4)


@pytest.mark.parametrize("players", [2, 3, 4])
def test_payoffs_have_the_correlation_asked_for(players):
    shape = (60, 50, 3, 2)[:players]
    n = math.prod(shape)
    for rho in (-1 / (players - 1), -0.2, 0.0, 0.7, 1.0):
        rows = games.covariant(shape, rho, seed=players).payoffs.reshape(players, -1)
        assert np.abs(rows.mean(axis=1)).max() < 5 / math.sqrt(n)
        assert np.abs(rows.var(axis=1) - 1).max() < 5 * math.sqrt(2 / n)
        for i, j in itertools.combinations(range(players), 2):
            # Fisher's z of a correlation has the deviation 1/√(n − 3)
            found = np.corrcoef(rows[i], rows[j])[0, 1]
            if abs(rho) < 1:
                assert abs(np.arctanh(found) - np.arctanh(rho)) < 5 / math.sqrt(n - 3)
            else:
                assert found == pytest.approx(rho)


@pytest.mark.parametrize("players", [2, 3, 4])
def test_at_the_ends_payoffs_sum_to_zero_and_are_the_same_exactly(players):
    shape = (2, 3, 2, 2)[:players]
    low = games.covariant(shape, -1 / (players - 1), 4)
    assert (low.payoffs.sum(axis=0) == 0).all()
    assert (low.fractions.sum(axis=0) == 0).all()
    high = games.covariant(shape, 1, 4)
    assert (high.payoffs == high.payoffs[0]).all()
    with pytest.raises(InputError, match="correlation must be at least"):
        games.covariant(shape, -1 / (players - 1) - 1e-9)


def test_payoffs_of_congestion_games_are_counted_by_hand():
    costs, choices = [[1, 5], [2, 3], [10, 20]], [[[0], [1, 2]], [[0, 1], [2], []]]
    game = games.congestion(costs, choices, name="roads")
    assert game.actions == (("0", "1+2"), ("0+1", "2", "none"))
    assert game.payoffs[0].tolist() == [[-5, -1, -1], [-13, -22, -12]]
    assert game.payoffs[1].tolist() == [[-7, -10, 0], [-4, -20, 0]]


@pytest.mark.parametrize("costs", ["increasing", "any"])
def test_random_congestion_games_are_potential_games(costs):
    game = games.random_congestion(3, 3, 1, costs=costs, size=2)
    assert game.shape == (3, 3, 3)
    assert potential_test(game).exact
    if costs == "increasing":
        alone, together = (games.random_congestion(2, 2, 1).payoffs[0, 0, k] for k in (1, 0))
        assert together < alone < 0


def test_blotto_against_battles_counted_one_by_one():
    values = ["1/2", 2, 1]
    game = games.colonel_blotto(3, (3, 2), values=values)
    assert game.shape == (10, 6)
    worth = [Fraction(v) for v in values]
    for (a, first), (b, second) in itertools.product(enumerate(game.actions[0]), enumerate(game.actions[1])):
        x, y = ([int(t) for t in name.split("-")] for name in (first, second))
        assert (sum(x), sum(y)) == (3, 2)
        won = sum(v * ((p > q) - (p < q)) for v, p, q in zip(worth, x, y, strict=True))
        assert game.fractions[0, a, b] == won == -game.fractions[1, a, b]


def test_small_games_of_blotto_have_the_values_that_arguments_give_them():
    assert zero_sum_value(games.colonel_blotto(3, 4)).value == 0  # the same for both sides
    assert zero_sum_value(games.colonel_blotto(1, (3, 2))).value == 1  # one field
    # two troops can hold both fields, and one can only tie one of them
    assert zero_sum_value(games.colonel_blotto(2, (2, 1))).value == 1
    # four hold both fields with two each, against which one troop wins nothing
    assert zero_sum_value(games.colonel_blotto(2, (4, 1))).value == 2


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: games.random_potential(3), "shape is the number of actions of every player, such as (2, 3); got 3"),
        (lambda: games.random_potential((2,)), "number of players must be at least 2; got 1"),
        (lambda: games.random_zero_sum((2, 2), -1), "seed must be at least 0"),
        (lambda: games.random_common_interest((2, 2), 0, "cauchy"), "unknown distribution 'cauchy'"),
        (lambda: games.random_potential((10**4, 10**4)), "use fewer players or actions"),
        (lambda: games.congestion([[1, 2]], [[[0], [1]], [[0]]]), "there is no resource number 1"),
        (lambda: games.congestion([[1]], [[[0]], [[0]]]), "costs must be given for every load from 1 to 2"),
        (lambda: games.congestion([[1, 2]], [[0], [0]]), "choices are, for every player, its actions"),
        (lambda: games.congestion([[1, 2, 3]], [[[0]], [[0]]], players=3), "choices are given for 2 players"),
        (lambda: games.random_congestion(2, 2, size=3), "an action uses 3 resources, and there are 2"),
        (lambda: games.random_congestion(2, 2, costs="falling"), "unknown kind of costs 'falling'"),
        (lambda: games.colonel_blotto(2, (1, 2, 3)), "troops are one number for both sides, or one for each of two"),
        (lambda: games.colonel_blotto(2, 3, values=[1]), "values must be one for each of 2 battlefields; got 1"),
        (lambda: games.colonel_blotto(2, 3, values=[1, -1]), "values of battlefields must not be negative"),
        (lambda: games.colonel_blotto(20, 20), "use fewer players or actions"),
    ],
)
def test_what_makes_no_such_game_is_refused_with_its_reason(call, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        call()
