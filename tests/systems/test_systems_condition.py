"""The gradient of entry, the border and its normal: against a half-space whose chances are known, and in Stag Hunt."""

import numpy as np
import pytest
from scipy.stats import norm

import nashscape as ns
from nashscape.systems.basin_entry.condition import condition
from nashscape.systems.basin_entry.entry_borders import Entering, border, gradient_of_entry, towards

SLOPE = np.array([0.6, -0.3, 0.2])


def half_space(theta):
    """Enters where a linear form is above one half."""
    return theta @ SLOPE > 0.5


def test_the_gradient_of_entry_of_a_half_space_is_that_of_the_normal_distribution():
    theta = np.array([[0.5, 0.1, -0.2], [1.5, 0.3, 0.4], [0.0, 0.0, 0.0]])
    spread, length = 0.7, np.linalg.norm(SLOPE)
    found = gradient_of_entry(half_space, theta, spread, 40_000, 1)
    height = norm.pdf((theta @ SLOPE - 0.5) / (spread * length)) / (spread * length)
    np.testing.assert_allclose(found, height[:, None] * SLOPE, atol=0.012)


def test_the_border_is_found_by_halving():
    inside, outside = np.full((5, 3), 3.0), -np.eye(5, 3)
    np.testing.assert_allclose(border(half_space, inside, outside) @ SLOPE, 0.5, atol=2e-3)


def test_directions_to_the_target_are_gradients_of_log_probabilities():
    theta = np.random.default_rng(0).normal(size=(2, 10))
    found, h = towards(ns.games.iterated_prisoners_dilemma(), theta), 1e-6

    def likelihood(theta, columns):
        return -np.log1p(np.exp(-theta[:, columns])).sum(axis=1)

    for name, columns in (("target in the first round", [0, 5]), ("target in all states", list(range(10)))):
        for k in range(10):
            step = h * np.eye(10)[k]
            slope = (likelihood(theta + step, columns) - likelihood(theta - step, columns)) / (2 * h)
            np.testing.assert_allclose(found[name][:, k], slope, atol=1e-8)


@pytest.mark.long
def test_in_stag_hunt_the_peer_term_crosses_the_border_which_policy_gradient_does_not():
    found = {(one.where, one.direction, one.term): one for one in condition(ns.games.stag_hunt(), n=300, lines=60)}
    assert found["border", "normal of the border", "peer"].positive.value == 1.0
    assert found["starts", "target", "peer"].positive.value == 1.0
    assert found["starts", "target", "total"].auc.low > found["starts", "target", "peer"].auc.high
    along = [found[f"first {k} updates", "target in the first round", "total"] for k in (5, 50, 260)]
    # late in a run its updates say where it already is
    assert along[0].auc.value < along[-1].auc.value == 1.0
    assert along[0].auc.low > found["starts", "target", "peer"].auc.high


def test_starts_enter_as_their_probabilities_say():
    enters = Entering(ns.games.stag_hunt(), ns.pg(), chunk=64)
    theta = np.random.default_rng(3).normal(size=(150, 2))
    whole = ns.entry_probability(
        ns.games.stag_hunt(), ns.pg(), starts=ns.starts.parameters(theta), n=150, steps=260, targets="CC"
    )
    np.testing.assert_array_equal(enters(theta), whole.held == 0)
    assert 0 < enters(theta).mean() < 1
