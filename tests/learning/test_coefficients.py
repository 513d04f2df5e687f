"""Coefficients out of range, rules asked of games or dynamics that they are not made for."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import power, rule_by_name


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ns.sos(a=-0.1), "a must be from 0 to 1; at step 0 it is -0.1"),
        (lambda: ns.sos(a=2), "a must be from 0 to 1"),
        (lambda: ns.sos(b=-1), "b must be at least 0"),
        (lambda: ns.sos(a=power(0.5, exponent=-1.0)), "a must be from 0 to 1; at step 10 it is 5.5"),
        (lambda: ns.learning.local_symplectic_surgery(regularisation=-1), "regularisation must be at least 0"),
        (lambda: rule_by_name("cola"), "make one in Python: ns.learning.cola"),
        (lambda: ns.flow_map(games.stag_hunt(), ns.learning.pola(), grid=5), "rule pola .* has no flow; use basin_map"),
        (lambda: ns.sweep(games.stag_hunt(), ns.meta_mapg, [0, 1]), "it cannot be called with one value"),
        (lambda: ns.sweep(games.stag_hunt(), ns.pg(), [0, 1]), "a number that varies is a name"),
        (lambda: games.polymatrix([((0, 1), [[1, 2], [3, 4]])]), "edges must be a dict"),
        (lambda: games.iterated_prisoners_dilemma(horizon=10**7), "horizon must be at most 100000 rounds"),
        (lambda: ns.corrected_steps_needed(games.stag_hunt(), ns.lola(), [[0.4, 0.4]], n="5"), "n must be a whole"),
    ],
)
def test_what_is_out_of_range_is_one_input_error(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_values_at_the_ends_are_taken():
    assert ns.sos(a=0, b=0).a(0) == 0
    assert ns.sos(a=1).a(0) == 1
    assert ns.learning.local_symplectic_surgery(regularisation=0).regularisation(0) == 0


@pytest.mark.long
def test_cola_is_for_the_game_it_was_trained_on():
    hunt = games.stag_hunt()
    rule = ns.learning.cola(hunt, steps=20, hidden=(2,))
    again = games.stag_hunt()
    assert ns.basin_map(again, rule, grid=2, steps=3).labels.size == 4
    assert rule.renamed("mine").trained_on is rule.trained_on
    for other in (games.stag_hunt(R=40), games.prisoners_dilemma()):
        with pytest.raises(InputError, match="was trained on stag_hunt; "):
            ns.basin_map(other, rule, grid=2, steps=3)


@pytest.mark.long
def test_simulate_takes_the_first_start_of_a_distribution():
    game = games.iterated_prisoners_dilemma()
    source = ns.starts.normal(std=1.0)
    run = ns.simulate(game, ns.pg(), source, steps=2, seed=3)
    wanted = source.parameters(ns.parametric(game), np.arange(1), 3)[0]
    np.testing.assert_allclose(run.theta[0], wanted)


def test_one_number_is_the_same_in_every_state():
    game = games.iterated_prisoners_dilemma()
    mixed = games.mixed_profile(game, [0.3, [0.1, 0.2, 0.3, 0.4, 0.5]])
    np.testing.assert_allclose(mixed[0], [[0.3, 0.7]] * 5)
    np.testing.assert_allclose(mixed[1][:, 0], [0.1, 0.2, 0.3, 0.4, 0.5])
