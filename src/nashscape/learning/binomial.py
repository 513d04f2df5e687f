"""Binomial counts from fair coins.

Compare the uniform number of every trial with the success probability `q`, binary digit by binary digit: at each
digit about half of the undecided trials are decided, and how many of them is the number of ones among fair bits.
So `B` trials cost about `2 B` random *bits* instead of `B` random numbers, all of it masks and population counts.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import jax
import jax.numpy as jnp
from jax import lax

DIGITS = 16
"""Digits that are compared one by one. The trials of a call still undecided after them (one in 65536) are decided
together by one uniform number. So every expectation stays exact, while the variance of a count of B trials is too
large by a share of itself: about 1e-7 at B = 768 for ordinary probabilities, and up to B/65536, 1 % at B = 768, for
probabilities below 1/65536, where the expected count itself is below .012."""

WORD = 32


def head_words(capacity: int) -> list[int]:
    """Random words for each of the first digits: enough for all undecided trials but with probability 1e-15.

    The digits after these have at most 32 undecided trials and take one word each.
    """
    widths: list[int] = []
    while len(widths) < DIGITS:
        share = 2.0 ** -len(widths)
        undecided = min(capacity, capacity * share + 8.0 * math.sqrt(capacity * share * (1.0 - share)))
        if undecided <= WORD:
            break
        widths.append(math.ceil(undecided / WORD))
    return widths


def binomial_words(capacity: int) -> int:
    """How many random words one call of `divide_groups` takes."""
    head = head_words(capacity)
    return sum(head) + (DIGITS - len(head)) + 1


def divide_groups(groups: Sequence[jax.Array], chance: jax.Array, words: jax.Array, capacity: int) -> list[jax.Array]:
    """Successes in several groups of independent trials: `Binomial(groups[g], chance)` for each.

    Args:
        groups: sizes of the groups, whole numbers that together are at most `capacity`.
        chance: probability of a success, the same in all groups.
        words: `binomial_words(capacity)` random words of 32 bits.
        capacity: how many trials there is room for.
    """
    undecided = list(groups)
    successes = [jnp.zeros((), jnp.int32) for _ in groups]
    used = 0
    for width in head_words(capacity):
        doubled = chance + chance
        digit = doubled >= 1.0
        chance = doubled - digit.astype(chance.dtype)
        ones = _ones_in_groups(undecided, words[used : used + width])
        used += width
        for g, drawn in enumerate(ones):
            # digit 1: a zero bit lies below the probability, a success; digit 0: a one bit lies above, a failure
            zeros = undecided[g] - drawn
            successes[g] = successes[g] + jnp.where(digit, zeros, 0)
            undecided[g] = jnp.where(digit, drawn, zeros)
    last = _one_word_of_trials(chance, words[used:])
    return [done + more for done, more in zip(successes, _ones_in_groups(undecided, last[None]), strict=True)]


def _one_word_of_trials(chance: jax.Array, words: jax.Array) -> jax.Array:
    """A word whose 32 bits are ones with the given probability each.

    From the last binary digit of the probability to the first: OR with fair bits where the digit is one, AND where
    it is zero. Each halves the distance to 0 or 1.
    """
    digits = []
    for _ in range(words.shape[0] - 1):
        doubled = chance + chance
        digit = doubled >= 1.0
        chance = doubled - digit.astype(chance.dtype)
        digits.append(digit)
    uniform = (words[0] >> jnp.uint32(8)).astype(chance.dtype) * jnp.asarray(2.0**-24, chance.dtype)
    bits = jnp.where(uniform < chance, jnp.uint32(0xFFFFFFFF), jnp.uint32(0))
    for k, digit in enumerate(reversed(digits)):
        bits = jnp.where(digit, bits | words[k + 1], bits & words[k + 1])
    return bits


def _ones_in_groups(sizes: Sequence[jax.Array], words: jax.Array) -> list[jax.Array]:
    """The groups lie one after the other along the bits of the words; count the ones in each."""
    end = jnp.zeros((), jnp.int32)
    below = [end]
    for size in sizes:
        end = end + size
        ones = [lax.population_count(words[w] & _low_bits(end - 32 * w)) for w in range(words.shape[0])]
        below.append(sum(ones[1:], start=ones[0]).astype(jnp.int32))
    return [high - low for low, high in pairwise(below)]


def _low_bits(count: jax.Array) -> jax.Array:
    """A word whose lowest `count` bits are ones; `count` may lie outside 0 to 32."""
    # two shifts of at most 16, since a shift by the full width is not defined
    cleared = jnp.clip(32 - count, 0, 32)
    half = cleared >> 1
    return (jnp.uint32(0xFFFFFFFF) >> half.astype(jnp.uint32)) >> (cleared - half).astype(jnp.uint32)
