"""Learners of games that are only played: the plainest rule, from whole episodes."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, neural
from nashscape.dynamics import Starts
from nashscape.learning import Estimator
from nashscape.learning.plays.collecting import begin, evaluate, play
from nashscape.learning.plays.randomness import key_of
from nashscape.learning.terms import Terms

BATCH = 16


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class WholeEpisodes(Estimator):
    """Policy gradients of whole episodes less their mean."""

    gives = frozenset({"base"})

    @property
    def exact(self):
        return False

    def estimate(self, game, theta, key, wanted=None):
        opening, playing = jax.random.split(key_of(key))
        plays, _ = play(game, theta, playing, begin(game, opening, BATCH), game.game.horizon)
        paid = plays.rewards.sum(axis=0)
        paid = paid - paid.mean(axis=0)

        def loss(theta, i):
            return jnp.mean(evaluate(game, theta, plays).log_probs[i].sum(axis=0) * paid[:, i])

        parts = [jax.grad(loss)(theta, i)[own] for i, own in enumerate(game.semantics.slices)]
        return Terms(game.sizes, base=jnp.concatenate(parts))


class Drawn(Starts):
    """Weights as the policies draw them."""

    def parameters(self, game, indices, seed):
        key = jax.random.key(seed)
        return np.stack([game.semantics.initial(jax.random.fold_in(key, int(k))) for k in indices]).astype(float)

    def to_dict(self):
        return {"kind": "drawn"}


@pytest.fixture(scope="session")
def dilemma():
    """Perceptrons in the repeated dilemma."""
    env = environments.of_game(ns.games.iterated_prisoners_dilemma())
    return ns.parametric(env, neural.perceptrons(env, hidden=(4,), last=1.0))


@pytest.fixture(scope="session")
def learning():
    """What a verb takes besides game, rule and targets."""
    return {
        "estimator": WholeEpisodes(), "starts": Drawn(), "steps": 40, "step_size": 0.05,
        "settling": ns.dynamics.observing(episodes=32, moments=4, greedy=4),
    }  # fmt: skip
