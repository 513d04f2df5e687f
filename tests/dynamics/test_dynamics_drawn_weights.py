"""Weights of policies that runs start from: by index and seed, whatever else is drawn."""

import jax
import numpy as np
import pytest

from nashscape import InputError, environments, games, neural, parametric, starts
from nashscape.dynamics.drawn_weights import BLOCK
from nashscape.dynamics.start_texts import starts_from_text, usual_starts
from nashscape.learning.keys import step_key
from nashscape.learning.plays.randomness import DRAWING, key_of

ENVIRONMENT = environments.of_game(games.iterated_prisoners_dilemma(), limit=4)
LEARNERS = parametric(ENVIRONMENT, neural.perceptrons(ENVIRONMENT, hidden=(3,)))


def test_start_k_is_the_same_whatever_else_is_drawn_and_that_of_its_key():
    source = starts.weights()
    many = source.parameters(LEARNERS, np.arange(BLOCK + 6), seed=3)
    assert many.shape == (BLOCK + 6, LEARNERS.dimension)
    np.testing.assert_array_equal(source.parameters(LEARNERS, np.array([BLOCK + 5, 2]), seed=3), many[[BLOCK + 5, 2]])
    own = LEARNERS.semantics.initial(key_of(step_key(3, 5), DRAWING))
    np.testing.assert_allclose(many[5], own, atol=1e-6)
    assert source.parameters(LEARNERS, np.array([], int), seed=3).shape == (0, LEARNERS.dimension)


def test_starts_of_different_seeds_share_nothing():
    # were start k of seed s drawn from s + k, ten seeds of ten starts would have nineteen
    drawn = np.concatenate([starts.weights().parameters(LEARNERS, np.arange(10), seed) for seed in range(10)])
    assert len(np.unique(drawn[:, 0])) == 100


def test_runs_of_policies_start_from_drawn_weights_unless_others_are_said():
    assert usual_starts("restarts", LEARNERS) == starts.weights() == starts_from_text("weights")
    assert starts.weights().size is None
    assert repr(starts.weights()) == "starts.weights()"
    coupled = parametric(ENVIRONMENT, neural.coupled(LEARNERS.semantics, 0.5))
    both = [starts.weights().parameters(own, np.arange(2), seed=0) for own in (LEARNERS, coupled)]
    np.testing.assert_array_equal(*both)


def test_who_has_no_networks_has_no_weights_to_be_drawn():
    with pytest.raises(InputError, match=r"are no weights.*starts\.normal"):
        starts.weights().parameters(parametric(games.stag_hunt()), np.arange(2), seed=0)
    assert jax.random.key_data(key_of(step_key(0), DRAWING)).shape == (2,)
