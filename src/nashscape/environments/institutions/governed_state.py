"""Where an episode under institutions is."""

from dataclasses import dataclass
from typing import Any

import jax


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class GovernedState:
    """Where an episode under institutions is.

    Attributes:
        inner: the state of the environment.
        seen: what players last saw of it.
        own: the state of every institution.
        accounts: what every institution has moved so far, `[m, n + 1]`; each row sums to zero.
        at: the stage that comes next, counted from 0.
        over: whether the environment said that it is over (terminated) or cut off (truncated), `[2]`.
    """

    inner: Any
    seen: tuple[jax.Array, ...]
    own: tuple[Any, ...]
    accounts: jax.Array
    at: jax.Array
    over: jax.Array
