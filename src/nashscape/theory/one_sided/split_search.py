"""How the informed player splits beliefs, by gradient descent from many starts, in one compiled program per shape."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from nashscape.theory.one_sided.linear_quadratic import Floats

RATE = 0.1
NOISE = 0.1
"""Standard deviation of the logits at the start: nearly nothing is revealed, by other chances in every node."""
CLEARINGS = ((0.0, 0.0), (0.05, 0.05), (0.1, 0.2), (0.2, 0.4), (0.3, 0.6))
"""Chances as near as the first number to 0 or 1 are made so, and splits of all states as near each other as the second
the same."""


def searched(prior: Floats, information: Floats, starts: int, iterations: int, seed: int) -> list[list[Floats]]:
    """The splits that save most, by step, `[signals^n, states, signals]`: the chance of each signal by state.

    As they were found, and cleared in several ways of what descent leaves undone.

    Args:
        prior: of the states; there are as many signals in every step as states.
        information: N_n, `[steps, states, states]`.
        starts: random ones.
        iterations: of Adam.
        seed: of the starts.
    """
    states, steps = len(prior), len(information)
    random = np.random.default_rng(seed)
    logits = [NOISE * random.standard_normal((starts, states**n, states, states)) for n in range(steps)]
    with jax.enable_x64(True):
        ends, saved = _descended(tuple(map(jnp.asarray, logits)), jnp.asarray(prior), jnp.asarray(information),
                                 iterations)  # fmt: skip
        best = int(np.argmax(saved))
        found = [np.asarray(jax.nn.softmax(own[best], axis=-1)) for own in ends]
    return [_cleared(found, *near) for near in CLEARINGS]


@partial(jax.jit, static_argnames="iterations")
def _descended(logits: Any, prior: Any, information: Any, iterations: int) -> Any:
    adam = optax.adam(RATE)

    def saved(own: Any) -> Any:
        return _saved([jax.nn.softmax(one, axis=-1) for one in own], prior, information)

    def step(carried: Any, _: None) -> Any:
        own, state = carried
        slopes = jax.tree.map(jnp.negative, jax.grad(saved)(own))
        moved, state = adam.update(slopes, state, own)
        return (optax.apply_updates(own, moved), state), None

    def one(own: Any) -> Any:
        (end, _), _ = jax.lax.scan(step, (own, adam.init(own)), None, length=iterations)
        return end, saved(end)

    return jax.vmap(one)(logits)


def _saved(splits: Any, prior: Any, information: Any) -> Any:
    """`Σ_n E p_nᵀ N_n p_n` over the tree of beliefs."""
    reach, total = prior[None], jnp.zeros(())
    for split, own in zip(splits, information, strict=True):
        reach = jnp.swapaxes(reach[:, :, None] * split, 1, 2).reshape(-1, len(prior))
        total = total + jnp.sum(jnp.einsum("hi,ij,hj->h", reach, own, reach) / jnp.maximum(reach.sum(axis=1), 1e-300))
    return total


def _cleared(splits: list[Floats], near: float, same: float) -> list[Floats]:
    """The same splits with chances that are nearly 0 or 1 made so, and nearly the same ones of all states the same."""
    made = []
    for own in splits:
        pure = np.where(own < near, 0.0, np.where(own > 1 - near, 1.0, own))
        pure /= pure.sum(axis=-1, keepdims=True)
        alike = np.ptp(own, axis=1).max(axis=-1) < same
        made.append(np.where(alike[:, None, None], pure.mean(axis=1, keepdims=True), pure))
    return made
