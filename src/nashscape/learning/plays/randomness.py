"""Random keys of rounds that are played, by name: seed, start, step and purpose; never drawn in sequence."""

import jax

from nashscape.learning.keys import StepKey

UPDATING, MINIBATCHES, EVALUATING, BEGINNING, DRAWING = range(5)
"""Purposes, so that no two of them share random numbers."""


def key_of(where: StepKey, purpose: int = UPDATING) -> jax.Array:
    """The key of one purpose at one step of one run. Different for every seed, start, step, question and purpose."""
    key = jax.random.key(0)
    for word in (where.seed_low, where.seed_high, where.start, where.step, where.question, purpose):
        key = jax.random.fold_in(key, word)
    return key
