"""Plays of a Markov game as records of a few bits a round.

A round is the state in which it was played and what every player did there: three bits for one of five states and
one for each of two players with two actions. Several rounds make a word of 32 bits, and the whole play a few words.
How often a player took an action in a state is then one population count per word, whatever the number of rounds.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

WORD = 32
MOST_COMPARED = 256


@dataclass(frozen=True)
class Layout:
    """Where in a record everything lies: the state first, then the players' actions.

    Attributes:
        states: the number of states.
        shape: action counts.
        rounds: rounds of a play.
    """

    states: int
    shape: tuple[int, ...]
    rounds: int

    @property
    def state_bits(self) -> int:
        """Bits for a state."""
        return bits_for(self.states)

    @property
    def action_bits(self) -> tuple[int, ...]:
        """Bits for the action of each player."""
        return tuple(bits_for(actions) for actions in self.shape)

    @property
    def record(self) -> int:
        """Bits for a round."""
        return self.state_bits + sum(self.action_bits)

    @property
    def words(self) -> int:
        """Words for a play. Every word has room for the state after its last round."""
        return math.ceil(self.rounds / ((WORD - self.state_bits) // self.record))

    @property
    def per_word(self) -> int:
        """Rounds in a word."""
        return math.ceil(self.rounds / self.words)

    def rounds_until(self, last: Any) -> list[jax.Array]:
        """For every word ones where the records of rounds 0 to `last` begin."""

        def within(word: int) -> jax.Array:
            first = word * self.per_word
            ones = [
                jnp.where(last >= first + k, jnp.uint32(1 << (self.record * k)), jnp.uint32(0))
                for k in range(min(self.per_word, self.rounds - first))
            ]
            return functools.reduce(jnp.bitwise_or, ones)

        return [within(word) for word in range(self.words)]

    def offset(self, player: int) -> int:
        """Where in a record a player's action begins."""
        return self.state_bits + sum(self.action_bits[:player])

    def counts(self, words: Sequence[jax.Array], last: Any, dtype: Any) -> tuple[list[list[jax.Array]], ...]:
        """How often each player took each action in each state in rounds 0 to `last`: `[player][state][action]`."""
        within = self.rounds_until(last)
        states = [_where(words, 0, self.state_bits, s, within) for s in range(self.states)]
        found = []
        for i, actions in enumerate(self.shape):
            taken = [_where(words, self.offset(i), self.action_bits[i], a, within) for a in range(actions)]
            found.append([[_count(_both(state, took), dtype) for took in taken] for state in states])
        return tuple(found)

    def round(self, words: jax.Array, number: jax.Array) -> tuple[jax.Array, list[jax.Array]]:
        """State and actions of one round; `words` is `[words, …]`."""
        word = lax.dynamic_index_in_dim(words, number // self.per_word, keepdims=False)
        record = word >> (self.record * (number % self.per_word)).astype(jnp.uint32)

        def part(offset: int, bits: int) -> jax.Array:
            return (record >> jnp.uint32(offset)) & jnp.uint32((1 << bits) - 1)

        actions = [part(self.offset(i), bits) for i, bits in enumerate(self.action_bits)]
        return part(0, self.state_bits), actions

    def joint(self, actions: Sequence[jax.Array]) -> jax.Array:
        """The index of a joint action in row-major order."""
        joint = jnp.zeros_like(actions[0])
        for action, size in zip(actions, self.shape, strict=True):
            joint = joint * jnp.uint32(size) + action
        return joint


def bits_for(count: int) -> int:
    """Bits that tell so many things apart."""
    return (count - 1).bit_length()


def _where(
    words: Sequence[jax.Array], offset: int, bits: int, value: int, within: Sequence[jax.Array]
) -> list[jax.Array]:
    """For every word ones where a part of the record has a value."""
    found = []
    for word, ones in zip(words, within, strict=True):
        here = jnp.broadcast_to(ones, word.shape)
        for k in range(bits):
            plane = word >> jnp.uint32(offset + k)
            here = here & (plane if value >> k & 1 else ~plane)
        found.append(here)
    return found


def _count(masks: Sequence[jax.Array], dtype: Any) -> jax.Array:
    """Ones in all words together."""
    ones = [lax.population_count(mask).astype(jnp.int32) for mask in masks]
    return functools.reduce(jnp.add, ones).astype(dtype)


def _both(masks: Sequence[jax.Array], others: Sequence[jax.Array]) -> list[jax.Array]:
    return [mask & other for mask, other in zip(masks, others, strict=True)]


def lookup(table: Sequence[Any], index: jax.Array) -> Any:
    """`table[index]`, by comparing the bits of the index: a gather would not vectorise.

    Branches that cannot differ, because both hold the same number or the same array, are not compared at all; the
    index must be below the length of the table.
    """
    if len(table) > MOST_COMPARED:
        rows = jnp.stack([jnp.asarray(entry) for entry in table])
        return rows[index] if rows.ndim == 1 else jnp.take_along_axis(rows, index.astype(jnp.int32), axis=0)
    level = list(table)
    bit = 0
    while len(level) > 1:
        wanted = (index >> jnp.asarray(bit, index.dtype)) & jnp.asarray(1, index.dtype) == 1
        level = [
            _either(wanted, level[k + 1], level[k]) if k + 1 < len(level) else level[k] for k in range(0, len(level), 2)
        ]
        bit += 1
    return level[0]


def _either(wanted: jax.Array, high: Any, low: Any) -> Any:
    if high is low or (isinstance(high, int) and isinstance(low, int) and high == low):
        return low
    return jnp.where(wanted, high, low)
