"""Three players who are paid whole numbers again and again, and random legal play."""

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games


def goods(limit=6):
    """Three players of unequal numbers of actions, who are paid whole numbers, again and again."""
    random = np.random.default_rng(5)
    payoffs = random.integers(-4, 9, (3, 2, 3, 2)).astype(float)
    actions = [["keep", "give"], ["keep", "give", "more"], ["keep", "give"]]
    return environments.of_game(games.repeated(games.dense(payoffs, actions=actions), discount=0.9), limit=limit)


def played(env, seed, rounds):
    """Random legal play: all steps, and the state at the end."""

    @jax.jit
    def one(key, state):
        first, second = jax.random.split(key)
        masks = env.legal(state)
        keys = jax.random.split(first, len(masks))
        actions = tuple(
            jax.random.categorical(k, jnp.where(jnp.ones(space.n, bool) if mask is None else mask, 0.0, -jnp.inf))
            for k, mask, space in zip(keys, masks, env.action_spaces, strict=True)
        )
        return actions, env.step(second, state, actions)

    state, _ = env.reset(jax.random.key(seed))
    steps = []
    for t in range(rounds):
        before = state
        actions, step = one(jax.random.fold_in(jax.random.key(seed), t), state)
        state = step.state
        steps.append((before, actions, step))
    return steps, state


@pytest.fixture(scope="session")
def rounds():
    return SimpleNamespace(goods=goods, played=played)
