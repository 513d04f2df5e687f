"""What steering costs: payoff that players lose along their runs, or that somebody adds to the game."""

from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp

from nashscape.core.overriding import override
from nashscape.dynamics import Reducer, Seen
from nashscape.games import Game


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PayoffAdded(Reducer):
    """Payoff per round that a game adds to those of another at the same strategies: the mean over a run's profiles.

    Added is `Σ_i [u_i(σ) − u_i⁰(σ)]⁺`, taken is the same sum of negative parts; given is `[added, taken]`.

    Attributes:
        base: the game `u⁰` before anything was added.
    """

    base: Game

    @property
    @override
    def name(self) -> str:  # type: ignore[override]
        return "payoff_added"

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.zeros(2, seen.theta.dtype)

    @override
    def add(self, carried: Any, seen: Seen) -> Any:
        own = seen.game.game.expected_payoffs(seen.strategies)
        more = jnp.asarray(own - self.base.expected_payoffs(seen.strategies), seen.theta.dtype)
        new = jnp.stack([jnp.sum(jnp.maximum(more, 0.0)), jnp.sum(jnp.maximum(-more, 0.0))])
        return carried + (new - carried) / (seen.step + 1).astype(seen.theta.dtype)

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried)
