"""What is remembered of rounds that were played."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Plays:
    """T rounds of B episodes side by side, which begin anew as they end. Arrays are `[T, B, …]`, time first; of what
    belongs to a player there is a tuple, one entry for each.

    Attributes:
        observations: what players saw before they acted.
        actions: what they drew, as it was drawn; what was played of it is `head.played`.
        log_probs: the log-probability, or density, of just that draw, `[T, B]`.
        legal: which actions were legal, `[T, B, a_i]`; None where all always are.
        begins: whether an episode begins with this observation: memory is fresh then.
        rewards: what was paid for the round, raw, `[T, B, n]`.
        terminated: whether the game was over after the round: nothing is left to be earned.
        truncated: whether the episode was cut off after it: what its last observation is worth still counts.
        after: what players saw after the round, before a new episode began. Equal to the next observation but where
            one ended.
        memory: what players remembered before the first of these rounds, `[B, …]`.
        measures: what the environment told of the rounds.
        legal_after: which actions were legal after the round, before a new episode began, `[T, B, a_i]` or None.
    """

    observations: tuple[jax.Array, ...]
    actions: tuple[jax.Array, ...]
    log_probs: tuple[jax.Array, ...]
    legal: tuple[jax.Array | None, ...]
    begins: jax.Array
    rewards: jax.Array
    terminated: jax.Array
    truncated: jax.Array
    after: tuple[jax.Array, ...]
    memory: tuple[Any, ...]
    measures: Mapping[str, jax.Array]
    legal_after: tuple[jax.Array | None, ...] = ()

    @property
    def ended(self) -> jax.Array:
        """Whether the round was the last of its episode, `[T, B]`."""
        return self.terminated | self.truncated
