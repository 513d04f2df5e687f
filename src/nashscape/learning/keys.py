"""Which random numbers: a key names them by seed, start and step instead of drawing them in sequence."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class StepKey:
    """The random numbers of one update: seed (two words), index of the start, step, and question within it."""

    seed_low: Any
    seed_high: Any
    start: Any
    step: Any
    question: Any = 0


@public()
def check_seed(seed: Any) -> int:
    """A seed: a whole number from 0 to 2⁶⁴ − 1."""
    seed = positive_integer(seed, "seed", at_least=0)
    if seed >= 2**64:
        raise InputError(f"seed must be below 2**64; got {seed}")
    return seed


@public()
def seed_words(seed: int) -> tuple[np.uint32, np.uint32]:
    """A seed of up to 64 bits as two words of 32."""
    seed = check_seed(seed)
    return np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)


@public()
def step_key(seed: int, start: int = 0, step: int = 0) -> StepKey:
    """The key of one update, for use outside a run."""
    low, high = seed_words(seed)
    return StepKey(low, high, jnp.uint32(start), jnp.uint32(step))
