"""States of another library's environments with the rounds that were played, which they are cut off by here."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Counted:
    """The state of somebody else's environment, and the rounds that were played."""

    state: Any
    played: jax.Array

    def next(self, state: Any) -> "Counted":
        """After one round more; some environments begin with other types than they go on with."""
        own = jax.tree.map(lambda new, old: jnp.asarray(new).astype(old.dtype), state, self.state)
        return Counted(own, self.played + 1)


def begun(state: Any) -> Counted:
    """Before the first round."""
    return Counted(jax.tree.map(jnp.asarray, state), jnp.int32(0))
