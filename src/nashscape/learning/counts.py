"""How often each joint action occurs in a batch, drawn without drawing the batch.

In a one-shot game a sampled update depends on its batch only through the counts of joint actions. Player by
player and action by action, the plays that agree so far are divided into those that take the action and the
rest, and how many take it is binomial. `nashscape.learning.binomial` draws that from fair coins.
"""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.learning.binomial import binomial_words, divide_groups

Words = Callable[[jax.Array, int], jax.Array]
"""`words(stage, n)`: `n` random words of 32 bits, fresh for every stage."""


class Division(NamedTuple):
    """One stage: `groups` groups of plays are divided by whether `player` takes `action`."""

    player: int
    action: int
    groups: int


def joint_counts(strategies: Sequence[jax.Array], words: Words, batch: jax.Array, capacity: int) -> jax.Array:
    """Counts of joint actions in `batch` independent plays.

    Args:
        strategies: one mixed strategy per player, of shapes `[a_i]`.
        words: gives the random words of each stage.
        batch: number of plays, at most `capacity`.
        capacity: how many plays the compiled program has room for.

    Returns:
        Counts as whole numbers in floating point, of shape `[a_1, …, a_n]`.
    """
    shape = [strategy.shape[0] for strategy in strategies]
    divided = divisions(shape)
    if not divided:  # nobody has a choice
        return jnp.full(shape, jnp.asarray(batch, strategies[0].dtype))
    most = max(division.groups for division in divided)
    chances = [_chance(strategies[division.player], division.action) for division in divided]
    packing = Packing(capacity, sum(division.groups for division in divided))

    def divide(state: tuple[jax.Array, tuple[jax.Array, ...]]) -> tuple[jax.Array, tuple[jax.Array, ...]]:
        stage, packed = state
        taken = packing.unpack(packed)
        waiting, _ = _walk(divided, taken, batch)
        groups = [_at(stage, [sizes[g] if g < len(sizes) else 0 for sizes in waiting]) for g in range(most)]
        drawn = divide_groups(groups, _at(stage, chances), words(stage, binomial_words(capacity)), capacity)
        slots = [(s, g) for s, division in enumerate(divided) for g in range(division.groups)]
        filled = [jnp.where(stage == s, drawn[g], old) for (s, g), old in zip(slots, taken, strict=True)]
        return stage + 1, packing.pack(filled)

    # A loop over the stages instead of one long formula: the code of a stage is compiled once.
    start = (jnp.zeros((), jnp.int32), packing.pack([jnp.zeros((), jnp.int32)] * packing.size))
    _, packed = lax.while_loop(lambda state: state[0] < len(divided), divide, start)
    _, leaves = _walk(divided, packing.unpack(packed), batch)
    return jnp.stack(leaves).astype(strategies[0].dtype).reshape(shape)


def divisions(shape: Sequence[int]) -> list[Division]:
    """The stages in order: for every player all actions but the last."""
    return [
        Division(player, action, math.prod(shape[:player]))
        for player, actions in enumerate(shape)
        for action in range(actions - 1)
    ]


def _chance(strategy: jax.Array, action: int) -> jax.Array:
    """Probability of an action given that none before it was taken."""
    rest = jnp.sum(strategy[action:])
    return jnp.clip(strategy[action] / jnp.maximum(rest, np.finfo(strategy.dtype).tiny), 0.0, 1.0)


def _at(stage: jax.Array, values: Sequence[jax.Array | int]) -> jax.Array:
    """`values[stage]`, by comparisons: a lookup would not vectorise."""
    pairs = list(enumerate(values))
    return functools.reduce(
        lambda found, pair: jnp.where(stage == pair[0], pair[1], found), pairs[1:], jnp.asarray(pairs[0][1])
    )


def _walk(
    divided: Sequence[Division], taken: Sequence[jax.Array], batch: jax.Array
) -> tuple[list[list[jax.Array]], list[jax.Array]]:
    """Group sizes before every stage, and the counts of joint actions after the last, from what was taken."""
    waiting: list[list[jax.Array]] = []
    parts: list[list[jax.Array]] = []
    left = [jnp.asarray(batch, jnp.int32)]
    place = 0
    for s, division in enumerate(divided):
        waiting.append(left)
        took = list(taken[place : place + division.groups])
        place += division.groups
        parts.append(took)
        left = [rest - taking for rest, taking in zip(left, took, strict=True)]
        if s + 1 == len(divided) or divided[s + 1].player != division.player:
            left = [part[g] for g in range(division.groups) for part in [*parts, left]]
            parts = []
    return waiting, left


@dataclass(frozen=True)
class Packing:
    """Counts up to `capacity` side by side in as few 32-bit words as possible.

    XLA on a CPU compiles one loop for each array that a step hands on, and repeats in each what they share: here
    the random numbers, which are nearly all of the work. One word, one loop.
    """

    capacity: int
    size: int

    @property
    def bits(self) -> int:
        """Bits for one count."""
        return self.capacity.bit_length()

    @property
    def per_word(self) -> int:
        """Counts in one word."""
        return 32 // self.bits

    def pack(self, counts: Sequence[jax.Array]) -> tuple[jax.Array, ...]:
        """The counts as words."""
        shifted = [
            count.astype(jnp.uint32) << jnp.uint32(self.bits * (k % self.per_word)) for k, count in enumerate(counts)
        ]
        return tuple(
            functools.reduce(jnp.bitwise_or, shifted[i : i + self.per_word]) for i in range(0, self.size, self.per_word)
        )

    def unpack(self, words: Sequence[jax.Array]) -> list[jax.Array]:
        """The words as counts."""
        mask = jnp.uint32(2**self.bits - 1)
        return [
            ((words[k // self.per_word] >> jnp.uint32(self.bits * (k % self.per_word))) & mask).astype(jnp.int32)
            for k in range(self.size)
        ]
