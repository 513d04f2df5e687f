"""Rounds under policies against the bare environment, of which actions come from a coin: both of them one `scan`."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from benchmarks.rows import Row, paired_ratio
from benchmarks.sizes import Size
from nashscape import environments, games, neural, parametric
from nashscape.learning.plays.collecting import Playing, begin, play
from nashscape.semantics import ParametricGame

LEAST = 0.5
"""Two perceptrons of two layers of 16 units, heads, log-probabilities: no more than the round itself."""

SIZES = {Size.FULL: (64, 32, 64, 9), Size.QUICK: (16, 32, 32, 5), Size.TINY: (2, 2, 2, 1)}
"""Runs, episodes side by side, rounds, and repetitions."""


def run(size: Size) -> list[Row]:
    """See the module."""
    dilemma = environments.of_game(games.iterated_prisoners_dilemma(), limit=32)
    coins = environments.coin_game(limit=32)
    return [
        _measured("perceptrons in the iterated dilemma", dilemma, neural.perceptrons(dilemma), size, LEAST),
        _measured("perceptrons in the coin game", coins, neural.perceptrons(coins), size, LEAST),
        _measured("recurrent units in the coin game", coins, neural.recurrent(coins), size, None),
    ]


def _measured(name: str, environment: Any, policies: Any, size: Size, least: float | None) -> Row:
    runs, batch, rounds, repetitions = SIZES[size]
    learners = parametric(environment, policies)
    keys = jax.random.split(jax.random.key(0), runs)
    start = jax.vmap(lambda key: begin(learners, key, batch))(keys)
    weights = jax.vmap(policies.initial)(keys)
    ours = jax.jit(jax.vmap(lambda theta, key, now: play(learners, theta, key, now, rounds)))
    bare = jax.jit(jax.vmap(lambda key, now: _by_chance(learners, key, now, rounds)))
    speeds: tuple[list[float], list[float]] = ([], [])
    for k in range(repetitions + 1):
        for made, call in zip(speeds, (lambda: ours(weights, keys, start), lambda: bare(keys, start)), strict=True):
            took = _seconds(call)
            if k:  # the first one compiles
                made.append(runs * batch * rounds / took)
    ours_a_second, bare_a_second = (f"{median(own) / 1e3:,.0f}" for own in speeds)
    details = f"thousands of rounds a second: with policies {ours_a_second}, bare {bare_a_second}"
    return Row(f"speed of {name}", paired_ratio(*speeds), least=least, against="the bare environment", details=details)


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    jax.block_until_ready(call())
    return time.perf_counter() - began


def _by_chance(learners: ParametricGame, key: jax.Array, playing: Playing, rounds: int) -> Any:
    """The same rounds without policies, of which the same is kept."""
    environment: Any = learners.game
    batch, n = playing.begins.shape[0], len(environment.action_spaces)

    def advance(now: Playing, t: jax.Array) -> tuple[Playing, Any]:
        keys = jax.random.split(jax.random.fold_in(key, t), (batch, n + 2))
        bits = jax.vmap(jax.vmap(jax.random.bits))(keys[:, 2:])
        drawn = tuple((bits[:, i] % space.n).astype(jnp.int32) for i, space in enumerate(environment.action_spaces))
        step = jax.vmap(environment.step)(keys[:, 0], now.state, drawn)
        ended = step.terminated | step.truncated
        fresh = jax.vmap(environment.reset)(keys[:, 1])
        state, seen = jax.tree.map(
            lambda new, old: jnp.where(ended.reshape(-1, *[1] * (old.ndim - 1)), new, old),
            fresh, (step.state, step.observations),
        )  # fmt: skip
        return Playing(state, seen, ended, now.memory), (now.observations, drawn, now.begins, step)

    return lax.scan(advance, playing, jnp.arange(rounds))
