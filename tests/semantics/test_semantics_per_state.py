"""Policies of Markov games: where the parameters of a state lie, and what they mean."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics import make_setup, starts
from nashscape.learning import box, pg
from nashscape.semantics import independent, parametric, per_state
from nashscape.semantics.policies import per_row

CASES = [(3, (2, 2), None), (2, (2, 3, 2), None), (4, (3, 2), "softmax"), (1, (2, 4), ("softmax", "softmax"))]


def by_hand(theta, states, shape, sigmoids):
    """Policies state by state: a player's parameters of one state follow those of the state before."""
    policies, place = [], 0
    for actions, sigmoid in zip(shape, sigmoids, strict=True):
        rows = []
        for _ in range(states):
            own = [theta[place], 0.0] if sigmoid else theta[place : place + actions]
            place += 1 if sigmoid else actions
            powers = np.exp(np.asarray(own, float))
            rows.append(powers / powers.sum())
        policies.append(np.stack(rows))
    assert place == len(theta)
    return policies


@pytest.mark.parametrize(("states", "shape", "forms"), CASES)
def test_parameters_lie_player_after_player_and_state_after_state(states, shape, forms):
    semantics = per_state(states, shape, forms)
    sigmoids = [forms is None and actions == 2 for actions in shape]
    wanted_sizes = tuple(states * (1 if s else actions) for s, actions in zip(sigmoids, shape, strict=True))
    assert semantics.sizes == wanted_sizes
    assert semantics.dimension == sum(wanted_sizes)
    theta = np.random.default_rng(0).normal(size=semantics.dimension)
    with jax.enable_x64(True):
        found = semantics.strategies(jnp.asarray(theta))
        logs = semantics.log_strategies(jnp.asarray(theta))
        again = semantics.strategies(semantics.parameters(found))
    for own, log, back, wanted in zip(found, logs, again, by_hand(theta, states, shape, sigmoids), strict=True):
        assert own.shape == wanted.shape
        np.testing.assert_allclose(own, wanted, atol=1e-14)
        np.testing.assert_allclose(log, np.log(wanted), atol=1e-13)
        np.testing.assert_allclose(back, wanted, atol=1e-13)


def test_one_state_is_the_ordinary_semantics():
    one, plain = per_state(1, (2, 3)), independent((2, 3))
    theta = jnp.asarray(np.random.default_rng(1).normal(size=4), jnp.float32)
    for own, wanted in zip(one.strategies(theta), plain.strategies(theta), strict=True):
        np.testing.assert_allclose(own[0], wanted, rtol=1e-6)
    np.testing.assert_allclose(
        one.parameters([own[None] for own in plain.strategies(theta)]), plain.parameters(plain.strategies(theta)),
        atol=1e-6,
    )  # fmt: skip


def test_logarithms_stay_finite_where_probabilities_round_to_zero():
    semantics = per_state(2, (2, 3))
    theta = jnp.asarray([200.0, -200.0, 200.0, 0.0, 0.0, 0.0, 0.0, -300.0])
    logs = semantics.log_strategies(theta)
    np.testing.assert_allclose(logs[0], [[0.0, -200.0], [-200.0, 0.0]], atol=1e-5)
    np.testing.assert_allclose(logs[1][0], [0.0, -200.0, -200.0], atol=1e-4)
    assert all(np.isfinite(own).all() for own in logs)


def test_a_start_in_strategies_is_one_in_every_state():
    learners = parametric(games.iterated_prisoners_dilemma())
    cooperate = [[0.9, 0.8, 0.5, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4, 0.5]]
    source = starts.strategies([cooperate])
    theta = source.parameters(learners, np.arange(1), 0)
    np.testing.assert_allclose(1 / (1 + np.exp(-theta[0])), np.concatenate(cooperate), rtol=1e-9)
    with pytest.raises(InputError, match="5 states"):
        starts.strategies([[[0.5] * 4, 0.5]]).parameters(learners, np.arange(1), 0)


@pytest.mark.long
def test_uniform_strategies_are_uniform_in_every_state():
    learners = parametric(games.markov(np.zeros((2, 2, 2, 3)), np.full((2, 2, 3, 2), 0.5), discount=0.5))
    theta = starts.uniform_strategies().parameters(learners, np.arange(4000), 0)
    first, second = jax.vmap(learners.strategies)(jnp.asarray(theta, jnp.float32))
    error = 4.5 / np.sqrt(4000)
    np.testing.assert_allclose(first.mean(axis=0), 1 / 2, atol=error / np.sqrt(12))
    np.testing.assert_allclose(second.mean(axis=0), 1 / 3, atol=error / np.sqrt(18))
    np.testing.assert_allclose(second.var(axis=0), 1 / 18, atol=0.005)  # Dirichlet(1, 1, 1)
    # states are drawn apart from each other
    assert abs(np.corrcoef(np.asarray(first)[:, 0, 0], np.asarray(first)[:, 1, 0])[0, 1]) < error


def test_the_usual_projection_is_the_box_of_logits():
    setup = make_setup(games.iterated_prisoners_dilemma(), pg())
    assert setup.projection == box(8.0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((0, (2, 2)), "number of states must be at least 1"),
        ((2.0, (2, 2)), "whole number"),
        ((2, (2, 0)), "number of actions must be at least 1"),
        ((2, (2, 3), "sigmoid"), "two actions"),
        ((2, (2, 2), ["softmax"]), "one each"),
    ],
)
def test_impossible_policies_are_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        per_state(*arguments)


def test_policies_for_another_number_of_states_are_refused():
    with pytest.raises(InputError, match="the game needs"):
        parametric(games.iterated_prisoners_dilemma(), per_state(4, (2, 2)))
    with pytest.raises(InputError, match="the game needs"):
        parametric(games.iterated_prisoners_dilemma(), independent((2, 2)))


@pytest.mark.long
def test_players_may_have_different_numbers_of_rows():
    semantics = per_row((2, 3), (2, 4), ["sigmoid", "softmax"])
    assert semantics.sizes == (2, 12)
    assert semantics.strategy_shapes == ((2, 2), (3, 4))
    theta = jax.random.normal(jax.random.key(0), (14,))
    one, two = semantics.strategies(theta)
    for row in range(2):
        p = 1 / (1 + np.exp(-float(theta[row])))
        np.testing.assert_allclose(one[row], [p, 1 - p], rtol=1e-6)
    for row in range(3):
        logits = np.asarray(theta[2 + 4 * row : 6 + 4 * row], np.float64)
        np.testing.assert_allclose(two[row], np.exp(logits) / np.exp(logits).sum(), rtol=1e-5)
    for exact, logs in zip((one, two), semantics.log_strategies(theta), strict=True):
        np.testing.assert_allclose(logs, np.log(exact), rtol=1e-5, atol=1e-6)
    back = semantics.parameters([one, two])
    for made, wanted in zip(semantics.strategies(back), (one, two), strict=True):
        np.testing.assert_allclose(made, wanted, rtol=1e-5)
    assert not semantics.reads_others


def test_rows_of_equal_number_are_those_of_a_state():
    assert per_row((3, 3), (2, 3)) == per_state(3, (2, 3))
    with pytest.raises(InputError, match="2 players but 3 numbers of rows"):
        per_row((3, 3, 3), (2, 3))
    with pytest.raises(InputError, match="number of rows"):
        per_row((3, 0), (2, 3))
