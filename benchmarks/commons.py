"""Common pools of five players under actions from a coin: rounds a second on this machine."""

import time
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from benchmarks.rows import Row
from benchmarks.sizes import Size
from nashscape import environments

WANTED = 1e6
"""Rounds a second on two cores."""

SIZES = {Size.FULL: (4096, 240, 5), Size.QUICK: (4096, 60, 3), Size.TINY: (8, 4, 1)}
"""Pools side by side, rounds, and repetitions."""


def run(size: Size) -> list[Row]:
    """See the module."""
    logistic = environments.regeneration("logistic", growth=0.5)
    least = None if size is Size.TINY else WANTED
    return [
        _measured("the fishery, whole tons", environments.fishery(rationing="proportional"), size, least),
        _measured("a logistic pool", environments.common_pool(regeneration=logistic, collapse=5), size, least),
        _measured("the fishery, tons drawn one by one", environments.fishery(), size, None),
    ]


def _measured(name: str, pool: Any, size: Size, least: float | None) -> Row:
    pools, rounds, repetitions = SIZES[size]
    state = jax.vmap(pool.reset)(jax.random.split(jax.random.key(0), pools))[0]
    play = jax.jit(lambda pool, key, state: _played(pool, key, state, rounds))
    jax.block_until_ready(play(pool, jax.random.key(0), state))  # compiles
    speeds = []
    for k in range(repetitions):
        began = time.perf_counter()
        jax.block_until_ready(play(pool, jax.random.key(k), state))
        speeds.append(pools * rounds / (time.perf_counter() - began))
    details = f"five players, {pools} pools side by side; best {max(speeds) / 1e6:.2f} million"
    return Row(f"speed of {name}", median(speeds), unit="rounds/s", least=least, details=details)


def _played(pool: Any, key: jax.Array, state: Any, rounds: int) -> Any:
    """What players are paid in all; pools that are over begin anew."""
    start, _ = pool.reset(key)

    def one(carry: Any, here: jax.Array) -> Any:
        state, paid = carry
        choosing, moving = jax.random.split(here)
        batch = paid.shape[0]
        actions = jax.random.randint(choosing, (batch, pool.size), 0, len(pool.levels))
        after = jax.vmap(pool.step)(jax.random.split(moving, batch), state, tuple(actions.T))
        over = after.terminated | after.truncated
        fresh = jax.tree.map(lambda new, old: jnp.where(over.reshape(-1, *[1] * (old.ndim - 1)), new, old), start,
                             after.state)  # fmt: skip
        return (fresh, paid + after.rewards), None

    zero = jnp.zeros((state.stock.shape[0], pool.size))
    return lax.scan(one, (state, zero), jax.random.split(key, rounds))[0][1]
