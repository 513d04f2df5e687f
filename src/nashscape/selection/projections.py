"""Projections of what terms of a rule add onto the direction in which a pure profile becomes likelier."""

import functools
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.dynamics import Setup
from nashscape.learning import Oracle, StepKey, seed_words

TOTAL = "total"
"""The name of the sum of all terms."""


@functools.partial(jax.jit, static_argnames=("places",))
def projected(setup: Setup, theta: jax.Array, step: Any, places: Any) -> Any:
    """Projections by term `[N]`, by term and player `[N, n]`, and `|d|` `[N]`."""
    seed = seed_words(0)

    def likelihood(theta: jax.Array) -> jax.Array:
        logs = setup.game.semantics.log_strategies(theta)
        chosen = (own[place] for own, each in zip(logs, places, strict=True) for place in each)
        return sum(chosen, start=jnp.zeros((), theta.dtype))

    def one(theta: jax.Array, number: jax.Array) -> Any:
        key = StepKey(*seed, number, jnp.asarray(step, jnp.uint32))
        oracle = Oracle(setup.game, setup.estimator, theta, key, jnp.asarray(setup.step_size(step), theta.dtype))
        parts = setup.rule.contributions(oracle, setup.rule.init(theta), jnp.asarray(step, jnp.int32))
        parts = {**parts, TOTAL: sum(parts.values(), start=jnp.zeros_like(theta))}
        towards = jax.grad(likelihood)(theta)
        blocks = oracle.slices
        whole = {name: _along(part, towards) for name, part in parts.items()}
        players = {name: jnp.stack([_along(part[own], towards[own]) for own in blocks]) for name, part in parts.items()}
        return whole, players, jnp.linalg.norm(towards)

    return jax.vmap(one)(theta, jnp.arange(len(theta), dtype=jnp.uint32))


def _along(part: jax.Array, towards: jax.Array) -> jax.Array:
    """`⟨c, d⟩/|d|`, NaN where there is no direction."""
    length = jnp.sqrt(jnp.sum(jnp.square(towards)))
    pointing = (length > 0) & jnp.isfinite(length)
    unit = jnp.where(pointing, towards / jnp.where(pointing, length, 1.0), jnp.nan)
    return jnp.sum(part * unit)
