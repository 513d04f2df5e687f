"""Rewards on a scale that networks can learn: divided by a positive number, never centred.

A positive factor keeps every equilibrium. Taking a mean away from each round does not: long episodes would lose more
than short ones. Payoffs that are reported are raw; the scale is part of how players learn, not of what they earn.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import choice

ROUNDING = 1e-5
"""A deviation below this share of the root of the mean square is rounding: what was tracked is constant."""

PER = ("each", "one")
"""A scale for each player, which changes what their payoffs add up to, or one for all, which does not."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Tracked:
    """The discounted sums `G ← γ G + r` of what was paid so far in episodes, and their moments over all rounds.

    Attributes:
        sums: G of the episodes that go on, or have just ended, `[B, n]`.
        seen: how many rounds were counted.
        mean: mean of G over them, `[n]`.
        squares: sum of squared distances from that mean, `[n]`.
    """

    sums: jax.Array
    seen: jax.Array
    mean: jax.Array
    squares: jax.Array


def nothing_tracked(episodes: int, players: int) -> Tracked:
    """Before the first round of so many episodes side by side."""
    zeros = jnp.zeros(players, jnp.result_type(float))
    return Tracked(jnp.zeros((episodes, players), zeros.dtype), zeros[0], zeros, zeros)


def tracked(before: Tracked, rewards: jax.Array, begins: jax.Array, discount: float | jax.Array) -> Tracked:
    """What is tracked after more rounds. Sums begin anew with every episode, whatever ended the last one.

    Args:
        before: what was tracked.
        rewards: what was paid, raw, `[T, B, n]`.
        begins: whether an episode begins with the round, `[T, B]`.
        discount: γ.
    """

    def on(sums: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        paid, anew = now
        total = discount * jnp.where(anew[:, None], 0.0, sums) + paid
        return total, total

    sums, totals = lax.scan(on, before.sums, (rewards.astype(before.sums.dtype), begins))
    count = totals.shape[0] * totals.shape[1]
    mean = jnp.mean(totals, axis=(0, 1))
    squares = jnp.sum((totals - mean) ** 2, axis=(0, 1))
    seen, apart = before.seen + count, mean - before.mean
    return Tracked(
        sums,
        seen,
        before.mean + apart * count / seen,
        before.squares + squares + apart**2 * before.seen * count / seen,
    )


def scale_of(seen: Tracked, per: str) -> jax.Array:
    """What rewards are divided by, `[n]`: the standard deviation of the discounted sums, 1 where they do not vary.

    Reading it changes nothing: policies are evaluated under the scale with which learning stopped.

    Args:
        seen: what was tracked.
        per: "each" for a scale for each player, "one" for the root of the mean of their variances.

    Raises:
        InputError: for another word.
    """
    choice(per, "reward scale", PER)
    count = jnp.maximum(seen.seen, 1.0)
    variance = seen.squares / count
    varies = variance > ROUNDING**2 * (variance + seen.mean**2)
    if per == "one":
        variance, varies = (jnp.broadcast_to(own, seen.mean.shape) for own in (jnp.mean(variance), jnp.any(varies)))
    return jnp.where(varies, jnp.sqrt(jnp.where(varies, variance, 1.0)), 1.0)
