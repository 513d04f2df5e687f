"""Restricted semantics against the policies written out, and against derivatives of the whole game."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.semantics import parametric, restricted

DILEMMA = games.repeated(games.prisoners_dilemma(), discount=0.9)
FREE = [[("start", "CC", "DC"), "DD"], [("start", "CC", "CD")]]
HELD = {"CD": 0.2, "DD": 0.3}


def written_out(theta):
    """First-action probabilities in start, CC, CD, DC, DD of both players."""
    a, b, c = 1 / (1 + np.exp(-np.asarray(theta)))
    return np.array([[a, a, 0.2, a, b], [c, c, c, 0.5, 0.3]])


def test_strategies_are_those_written_out_and_parameters_go_back():
    learners, random = restricted(DILEMMA, FREE, HELD), np.random.default_rng(0)
    assert learners.sizes == (2, 1)
    with jax.enable_x64(True):
        for theta in random.normal(size=(5, 3)):
            played = learners.strategies(jnp.asarray(theta))
            np.testing.assert_allclose([own[:, 0] for own in played], written_out(theta), atol=1e-14)
            np.testing.assert_allclose(np.exp(learners.semantics.log_strategies(jnp.asarray(theta))[0]), played[0])
            np.testing.assert_allclose(learners.semantics.parameters(played), theta, atol=1e-12)


@pytest.mark.long
def test_gradients_are_sums_of_those_of_the_whole_game_over_each_group():
    learners, whole = restricted(DILEMMA, FREE, HELD), parametric(DILEMMA)
    with jax.enable_x64(True):
        theta = jnp.asarray([0.3, -0.7, 0.5])
        slopes = jax.jacobian(learners.utilities)(theta)
        full = jax.jacobian(whole.utilities)(learners.semantics.logits(theta))
        groups = [(0, 1, 3), (4,), (5, 6, 7)]
        np.testing.assert_allclose(slopes, np.stack([full[:, list(g)].sum(axis=1) for g in groups], axis=1), atol=1e-12)


@pytest.mark.parametrize(
    ("game", "free", "fixed", "message"),
    [
        (games.stag_hunt(), [["CC"], ["CC"]], 0.5, "games over states"),
        (DILEMMA, [["CC"]], 0.5, "each of 2 players"),
        (DILEMMA, [["CX"], ["CC"]], 0.5, "unknown state 'CX'"),
        (DILEMMA, [[("CC", "CD"), "CD"], ["CC"]], 0.5, "named twice"),
        (DILEMMA, [[], ["CC"]], 0.5, "at least one group"),
        (DILEMMA, [["CC"], ["CC"]], 1.0, "fixed probability"),
        (DILEMMA, [["CC"], ["CC"]], {"XX": 0.5}, "unknown state 'XX'"),
    ],
)
def test_bad_input_is_refused(game, free, fixed, message):
    with pytest.raises(InputError, match=message):
        restricted(game, free, fixed)
