"""A whole update of PPO once more in NumPy: clipping, entropy, normalising, shortening and Adam, written out."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games, neural, parametric
from nashscape.environments import of_game
from nashscape.learning.keys import StepKey
from nashscape.learning.plays.randomness import MINIBATCHES, key_of
from nashscape.neural.minibatches import dealt

RATE, CLIP, BONUS, LONGEST, EPOCHS, PARTS, PLAYS = 0.3, 0.15, 0.05, 0.4, 3, 2, 12


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


class Learner:
    """One player with a logit for every action, which is a weight on the number 1 and a bias."""

    def __init__(self, theta):
        self.theta, self.first, self.second, self.steps = theta, np.zeros_like(theta), np.zeros_like(theta), 0

    def chances(self):
        logits = self.theta.reshape(2, -1).sum(axis=0)
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()

    def gradient(self, actions, before, gains):
        p = self.chances()
        gains = (gains - gains.mean()) / gains.std()
        ratio = p[actions] / before
        counts = ratio * gains <= np.clip(ratio, 1 - CLIP, 1 + CLIP) * gains
        slopes = (counts * ratio * gains)[:, None] * (np.eye(len(p))[actions] - p)
        entropy = -np.sum(p * np.log(p))
        return slopes.mean(axis=0) - BONUS * p * (np.log(p) + entropy), np.mean(~counts)

    def climb(self, slope):
        slope = np.concatenate([slope, slope])
        slope = slope * min(1.0, LONGEST / np.linalg.norm(slope))
        self.steps += 1
        self.first = 0.9 * self.first + 0.1 * slope
        self.second = 0.999 * self.second + 0.001 * slope**2
        first, second = self.first / (1 - 0.9**self.steps), self.second / (1 - 0.999**self.steps)
        self.theta = self.theta + RATE * first / (np.sqrt(second) + 1e-5)


@pytest.mark.long
def test_an_update_is_what_is_written_in_the_paper(rounds_of, updated):
    environment = of_game(games.dense(np.random.default_rng(2).normal(size=(2, 2, 3))))
    learners = parametric(environment, neural.perceptrons(environment, (), last=1.0))
    theta = learners.semantics.initial(jax.random.key(1)).astype(float)
    terms = rounds_of(learners, theta, batch=PLAYS, rounds=1)
    rule = neural.ppo(
        learning_rate=RATE, clip=CLIP, entropy=BONUS, max_norm=LONGEST, epochs=EPOCHS, minibatches=PARTS, critics=None
    )
    moved, _ = updated(rule, learners, terms, theta)
    plays = terms.plays
    key = key_of(StepKey(jnp.uint32(3), jnp.uint32(0), jnp.uint32(0), jnp.uint32(0)), MINIBATCHES)
    players = [Learner(np.array(theta[own])) for own in learners.semantics.slices]
    clipped = []
    for epoch in range(EPOCHS):
        order = np.asarray(dealt(jax.random.fold_in(key, epoch), PLAYS, PARTS, False))
        assert sorted(order.ravel()) == list(range(PLAYS))
        for which in order:
            for i, player in enumerate(players):
                actions, before = np.asarray(plays.actions[i])[0, which], np.exp(plays.log_probs[i])[0, which]
                slope, flat = player.gradient(actions, before, np.asarray(plays.rewards)[0, which, i])
                player.climb(slope)
                clipped.append(flat)
    assert max(clipped) > 0.0  # or nothing would have been seen of clipping
    np.testing.assert_allclose(theta + moved, np.concatenate([own.theta for own in players]), rtol=1e-9)
