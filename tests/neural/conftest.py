"""What tests of training share: estimators that give rounds, and runs of a few updates."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.environments import of_game
from nashscape.learning import Estimator, Oracle, Terms, step_key
from nashscape.learning.keys import StepKey
from nashscape.learning.plays.collecting import begin, play
from nashscape.learning.plays.estimator import played
from nashscape.learning.plays.randomness import BEGINNING, key_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Given(Estimator):
    """The terms that it was given."""

    terms: Any
    exact = False
    gives = frozenset({"own", "peer", "lookahead", "plays"})

    def estimate(self, game, theta, key, wanted=None):
        return self.terms


@jax.jit
def _update(rule, learners, terms, theta, state, step):
    state = rule.init(theta) if state is None else state
    key = StepKey(jnp.uint32(3), jnp.uint32(0), jnp.uint32(0), step.astype(jnp.uint32))
    oracle = Oracle(learners, Given(terms), theta, key, 1.0, rule.needs)
    return rule.update(oracle, state, step)


def update(rule, learners, terms, theta, *, state=None, step=0, ready=False):
    """Where one update of a rule goes, and its state after it."""
    ready = rule if ready else rule.for_game(learners)
    return _update(ready, learners, terms, theta, state, jnp.int32(step))


@pytest.fixture(scope="session")
def updated():
    return update


def _learned(rule, learners, theta, steps, batch, rounds, seed):
    estimator = played(batch, rounds=rounds, fresh=False).for_game(learners)
    low, high = jnp.uint32(seed), jnp.uint32(0)

    def turn(carry, step):
        theta, state, playing = carry
        key = StepKey(low, high, jnp.uint32(0), step.astype(jnp.uint32))
        oracle = Oracle(learners, estimator, theta, key, 1.0, rule.needs, playing)
        direction, state = rule.update(oracle, state, step)
        terms, playing = estimator.answer(learners, theta, key, None, playing)
        return (theta + direction, state, playing), (state.told, jnp.mean(terms.plays.rewards, axis=(0, 1)))

    start = (theta, rule.init(theta), estimator.init(learners, theta))
    (theta, state, _), (told, paid) = jax.lax.scan(turn, start, jnp.arange(steps))
    return theta, state, told, paid


@pytest.fixture(scope="session")
def learned():
    """Runs some updates: weights, state, what was told and what was paid on average in every one."""
    compiled = jax.jit(_learned, static_argnames=("steps", "batch", "rounds"))

    def run(rule, learners, theta, *, steps, batch, rounds, seed=0):
        return compiled(rule.for_game(learners), learners, theta, steps=steps, batch=batch, rounds=rounds, seed=seed)

    return run


@pytest.fixture(scope="session")
def three():
    """Three players with 3, 2 and 2 actions, four rounds, unequal payoffs."""
    stage = games.dense(np.random.default_rng(5).normal(size=(3, 3, 2, 2)))
    return of_game(games.repeated(stage, horizon=4, discount=0.9))


@pytest.fixture(scope="session")
def rounds_of():
    """Rounds played at weights, with random corrections, as an estimator would give them."""

    def made(learners, theta, *, batch=8, rounds=6, corrections=()):
        playing = begin(learners, key_of(step_key(1), BEGINNING), batch)
        plays, _ = jax.jit(play, static_argnames="rounds")(learners, theta, key_of(step_key(2)), playing, rounds=rounds)
        random = np.random.default_rng(0)
        extra = {name: jnp.asarray(random.normal(size=theta.shape), theta.dtype) for name in corrections}
        return Terms(learners.sizes, plays=plays, **extra)

    return made
