"""Ratios of players who read each other: what i's weights move is what all do, and nothing else counts for i."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games, neural, parametric
from nashscape.environments import of_game
from nashscape.learning.plays.collecting import evaluate
from nashscape.neural.objectives import log_ratios

REPEATED = games.repeated(games.dense(np.random.default_rng(6).normal(size=(2, 2, 2))), horizon=4, discount=0.9)


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def readers(coupling):
    environment = of_game(REPEATED)
    return parametric(environment, neural.coupled(neural.perceptrons(environment, (), last=1.0), coupling))


@pytest.mark.long
def test_ratios_of_readers_are_those_of_all_that_was_drawn_with_the_others_as_they_were(rounds_of):
    learners = readers([[0.0, 0.7], [0.3, 0.0]])
    played = learners.semantics.initial(jax.random.key(0)).astype(float)
    plays = rounds_of(learners, played).plays
    theta = played + 0.3 * jnp.asarray(np.random.default_rng(1).normal(size=played.shape))
    ratios, entropies = log_ratios(learners.semantics, theta, played, plays)
    for i, part in enumerate(learners.semantics.slices):
        moved = np.array(played)
        moved[part] = theta[part]
        now = evaluate(learners, jnp.asarray(moved), plays)
        wanted = sum(np.asarray(own - was) for own, was in zip(now.log_probs, plays.log_probs, strict=True))
        np.testing.assert_allclose(ratios[i], wanted, atol=1e-12)
        np.testing.assert_allclose(entropies[i], now.entropies[i], atol=1e-12)
    same, _ = log_ratios(learners.semantics, played, played, plays)
    np.testing.assert_allclose(same, 0.0, atol=1e-14)


@pytest.mark.long
def test_the_first_gradient_of_readers_is_that_of_the_joint_score(rounds_of, updated):
    learners = readers(0.7)
    theta = learners.semantics.initial(jax.random.key(0)).astype(float)
    terms = rounds_of(learners, theta)
    rule = neural.reinforce(learning_rate=1.0)
    moved = updated(rule, learners, terms, theta)[0]
    gains = rule.for_game(learners).lesson(terms.plays, terms.plays.rewards, (), 0.9).advantages

    def joint(theta, player):
        return jnp.mean(gains[..., player] * sum(evaluate(learners, theta, terms.plays).log_probs))

    wanted = [jax.grad(joint)(theta, i)[part] for i, part in enumerate(learners.semantics.slices)]
    np.testing.assert_allclose(moved, np.concatenate(wanted), rtol=1e-9, atol=1e-14)
