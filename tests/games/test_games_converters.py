"""What stands for a game: arrays, a matrix for every player, objects of other libraries."""

from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, games

HUNT = np.array([[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]])
UNEVEN = np.arange(12.0).reshape(2, 2, 3)


class Nashpy:
    """In place of a `nashpy.Game`, which is known by the name of its class."""

    def __init__(self, *matrices):
        self.payoff_matrices = tuple(map(np.array, matrices))


Nashpy.__module__, Nashpy.__qualname__ = "nashpy.game", "Game"


class Derived(Nashpy):
    """Of a class that derives from it."""


SAME = {
    "an array": lambda own: own,
    "an array of JAX": jnp.asarray,
    "lists": lambda own: own.tolist(),
    "a pair of matrices": tuple,
    "a list of lists of tuples": lambda own: [tuple(map(tuple, one)) for one in own.tolist()],
    "fractions": lambda own: [[[Fraction(x) for x in row] for row in one] for one in own],
    "texts": lambda own: [[[str(x) for x in row] for row in one] for one in own],
    "nashpy": lambda own: Nashpy(*own),
    "derived from nashpy": lambda own: Derived(*own),
}


@pytest.mark.parametrize("write", SAME.values(), ids=SAME)
def test_payoffs_stand_for_the_game_that_has_them(write):
    for payoffs in (HUNT, UNEVEN):
        made = games.game(write(payoffs))
        np.testing.assert_array_equal(made.payoffs, payoffs)
        assert made.players == ("player 1", "player 2")
    assert games.game(made) is made


def test_of_three_players_it_is_an_array_for_each():
    payoffs = np.arange(24.0).reshape(3, 2, 2, 2)
    np.testing.assert_array_equal(games.game(tuple(payoffs)).payoffs, payoffs)


VERBS = {
    "a map": lambda game: ns.basin_map(game, ns.pg(), grid=3, steps=4),
    "equilibria": ns.equilibria,
    "a threshold": lambda game: ns.coupling_threshold(game, target="AA"),
    "players who read": lambda game: ns.simulate(
        ns.open_source(game, 0.5, alignment=[[0, 1], [1, 0]]), ns.pg(), [0.5, 0.5], steps=3
    ),
    "a family": lambda game: ns.threshold(game, dial="peer", at=[0.6, 0.6], samples=5),
}


@pytest.mark.long
@pytest.mark.parametrize("ask", VERBS.values(), ids=VERBS)
def test_a_question_of_an_array_is_that_of_the_game(ask):
    one, other, third = (ask(game) for game in (HUNT, games.dense(HUNT.tolist()), 2 * HUNT))
    assert one.question.key == other.question.key
    assert one.question.key not in (None, third.question.key)


PLAIN = {
    "regret": lambda game: ns.theory.regret(game, [0.5, 0.5]).tolist(),
    "best response": lambda game: [one.actions for one in ns.theory.best_response(game, [0.5, 0.5])],
    "pure equilibria": lambda game: [one.name for one in ns.games.pure_equilibria(game)],
    "mixed profile": lambda game: np.concatenate(games.mixed_profile(game, [0.5, 0.25])).tolist(),
    "the replicator": lambda game: ns.dynamics.share_velocity(game, [0.25, 0.5])[0].tolist(),
    "closed forms": lambda game: ns.theory.symmetric_thresholds(game).R,
    "usual targets": lambda game: [one.name for one in ns.dynamics.choose_targets(game, None)],
    "repeated": lambda game: games.repeated(game, discount=0.5).states,
    "a function of the dial": lambda game: (
        ns.sweep(game, lambda x: x * HUNT, [1.0, 2.0], rule=ns.pg(), n=4, steps=2).estimates[0].value
    ),
}


@pytest.mark.parametrize("ask", PLAIN.values(), ids=PLAIN)
def test_every_function_that_takes_a_game_takes_an_array(ask):
    assert ask(HUNT) == ask(games.dense(HUNT))


REFUSED = {
    "one square matrix": ([[4, 0], [3, 2]], r"shape \[2, 2\].*bimatrix\(A\) where both are alike.*bimatrix\(A, -A\)"),
    "one matrix": (np.ones((2, 3)), r"of shape \[2, 3\].*With matrix A it is games.bimatrix\(A, -A\)"),
    "cells": ([[(4, 4), (0, 3)], [(3, 0), (2, 2)]], r"in cells with a payoff for every player.*moveaxis"),
    "players last": (np.ones((3, 3, 2)), r"those of shape \[3, 3, 2\] have the players last.*moveaxis"),
    "two of three": (np.ones((2, 2, 2, 2)), r"must have shape \[n, a_1, …, a_n\]"),
    "a vector": ([1, 2], r"must have shape \[n, a_1, …, a_n\].*got \[2\]"),
    "ragged": ([[1, 2], [3]], "rows differ in length"),
    "not finite": ([[[1, np.nan], [0, 0]], [[0, 0], [0, 0]]], "finite"),
    "a name": ("stag_hunt", r"got the text 'stag_hunt'; a game by name is games.by_name\('stag_hunt'\)"),
    "a function": (games.stag_hunt, r"got the function stag_hunt; call it, as in stag_hunt\(\)"),
    "a class": (ns.games.DenseGame, r"got the class DenseGame; call it"),
    "nothing": (None, r"expected a game, got NoneType; make one with nashscape.games.dense\(payoffs\)"),
}


@pytest.mark.parametrize(("given", "said"), REFUSED.values(), ids=REFUSED)
def test_what_stands_for_no_game_is_refused_with_its_readings(given, said):
    with pytest.raises(InputError, match=said):
        ns.entry_probability(given, ns.pg(), n=4)
    with pytest.raises(InputError, match=said):
        ns.equilibria(given)


def test_what_a_game_of_ones_own_lacks_is_named():
    class Half:
        name, players = "half", ("one", "two")

        def expected_payoffs(self, strategies): ...

    with pytest.raises(InputError, match="got Half, which has name, players, expected_payoffs and no offers, no s"):
        ns.parametric(Half())


def test_a_bare_game_is_wanted_where_parameters_mean_nothing():
    with pytest.raises(InputError, match=r"expected a bare game, got stag_hunt with a semantics.*\.game"):
        ns.equilibria(ns.parametric(games.stag_hunt()))
