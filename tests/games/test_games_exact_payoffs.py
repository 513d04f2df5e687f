"""Games keep payoffs as they were given, through everything that makes another game of them."""

import dataclasses
from fractions import Fraction

import jax
import numpy as np
import pytest

from nashscape import equilibria, games
from nashscape.core import InputError
from nashscape.games import DenseGame
from nashscape.games.rounding import rounded_game

THIRD = Fraction(1, 3)


def thirds():
    return games.bimatrix([["1/3", 0, 1], ["0.1", 2, 3]], [[1, 2, 3], [4, "5/7", 6]])


def test_exact_payoffs_are_there_only_where_doubles_are_other_numbers():
    assert games.stag_hunt().exact_payoffs is None
    assert games.bimatrix([["1/2", 0], [0, "0.25"]]).exact_payoffs is None
    game = thirds()
    assert game.exact_payoffs[0, 0, 0] == THIRD
    np.testing.assert_array_equal(game.exact_payoffs.astype(float), game.payoffs)
    assert game.payoffs.dtype == np.float64
    assert games.stag_hunt().fractions[0, 0, 0] == 4
    with pytest.raises(ValueError, match="read-only"):
        game.exact_payoffs[0, 0, 0] = 0


def test_they_go_with_the_game():
    game = thirds()
    turned = game.relabel(1, [2, 0, 1])
    assert turned.exact_payoffs[0, 0, 1] == THIRD
    assert game.permute_players([1, 0]).exact_payoffs[1, 0, 0] == THIRD
    assert game.affine(scale=3.0, shift=[0.5, 0.0]).exact_payoffs[0, 0, 0] == Fraction(3, 2)
    assert game.replace(name="other").exact_payoffs[0, 0, 0] == THIRD
    assert game.replace(payoffs=np.zeros((2, 2, 3))).exact_payoffs is None
    assert dataclasses.replace(game, name="other").exact_payoffs[0, 0, 0] == THIRD
    # a compiled program needs the doubles alone
    again = jax.tree.unflatten(jax.tree.structure(game), jax.tree.leaves(game))
    assert again.exact_payoffs is None


def test_a_game_is_built_again_from_its_data():
    game = thirds()
    data = game.to_dict()
    assert data["exact_payoffs"][0][0] == ["1/3", "0", "1"]
    again = DenseGame(**data)
    assert again.exact_payoffs.tolist() == game.exact_payoffs.tolist()
    assert "exact_payoffs" not in games.stag_hunt().to_dict()
    with pytest.raises(InputError, match="are not its payoffs"):
        DenseGame(**{**data, "exact_payoffs": np.zeros((2, 2, 3))})


def test_players_with_one_action_play_in_every_form():
    single = games.random_game((1, 3), seed=2)
    assert single.shape == (1, 3)
    assert single.profile("AC") == (0, 2)
    graph = games.polymatrix(
        {(0, 1): ([[1.0, 2.0]], [[0.0], [1.0]])},
    )
    assert graph.shape == (1, 2)
    np.testing.assert_array_equal(graph.to_dense().payoffs[0], [[1.0, 2.0]])


def test_learners_are_refused_where_doubles_tie_what_is_strict():
    great = 10**20
    game = games.bimatrix([[str(great + 1), str(great)], [str(great), str(great + 1)]], [[1, 0], [0, 1]])
    with pytest.raises(InputError, match="learners cannot tell them apart"):
        rounded_game(game, "float32")
    less = game.affine(shift=[-1e20, 0])
    np.testing.assert_array_equal(rounded_game(less, "float32").game.payoffs[0], np.eye(2))
    with pytest.raises(InputError, match=r"differ by 3\.33e-18, and are equal as doubles"):
        rounded_game(games.bimatrix([["1/3"], ["0.33333333333333333"]], [[1], [1]]), "float32")
    # a near-tie beside larger differences is one for learners too
    near = games.bimatrix([["1/3", 1], ["0.33333333333333333", 0], [0, 0]], [[1, 1]] * 3)
    assert rounded_game(near, "float64").precision == "float64"


def test_a_loss_too_small_for_a_double_is_a_loss():
    tiny = "1e-400"
    found = equilibria(games.bimatrix([[tiny, 0], [0, tiny]], [[tiny, 0], [0, tiny]]), logit=None)
    assert {one.name for one in found if one.strict} == {"AA", "BB"}
