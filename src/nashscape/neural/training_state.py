"""What a rule that trains policies remembers, and how it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.neural.optimising import Moments

CRITICS = 19
"""Names the random numbers of critics, so that no other drawing has the same."""

TOLD = ("kl", "clip_fraction", "entropy", "value_loss")
"""What is told of every update, a number for every player."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Training:
    """What a rule that trains policies remembers from one update to the next.

    Attributes:
        critics: weights of every critic, flat.
        policy_moments: what the optimiser of every player's policy remembers.
        critic_moments: what the optimiser of every critic remembers.
        rewards: what rewards are scaled by; () where they are not.
        told: what is told of the last update, `[n]` each: `kl`, approximate divergence of the policy from the one that
            played, in nats; `clip_fraction`; `entropy`, in nats; `value_loss`; and of every correction in use, under
            its name, its norm over the mean one of the policy gradient, 1e6 at most. Means over minibatches.
    """

    critics: tuple[jax.Array, ...]
    policy_moments: Moments
    critic_moments: Moments
    rewards: Any
    told: Mapping[str, jax.Array]


def key_of_start(theta: jax.Array) -> jax.Array:
    """A random key that follows from the bits of a flat profile: for every start its own."""
    bits = lax.bitcast_convert_type(theta, jnp.uint32).ravel()
    places = jnp.arange(len(bits), dtype=jnp.uint32)
    # odd factors, so that no bit is lost and no two places are alike
    mixed = jnp.sum(
        (bits ^ (bits >> 15)) * (places * jnp.uint32(0x9E3779B2) + jnp.uint32(0x85EBCA6B)), dtype=jnp.uint32
    )
    return jax.random.fold_in(jax.random.key(CRITICS), mixed)
