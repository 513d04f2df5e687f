"""Policies of Markov games: in every state a mixed strategy of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp

from nashscape.core import positive_integer
from nashscape.semantics.independence import independent
from nashscape.semantics.semantics import Semantics


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PerState(Semantics):
    """Stationary Markov policies: in state s player i plays `within` of the parameters `θ_i[s]`.

    The parameters of a player lie state after state: `θ_i` is `[S, d_i]` in row-major order, where `d_i` are the
    parameters that `within` needs in one state. Strategies have the shapes `[S, a_i]`.

    Attributes:
        within: the semantics in each state.
        states: the number of states S.
    """

    within: Semantics
    states: int = field(metadata={"static": True})

    @property
    def domain(self) -> str:  # type: ignore[override]
        """What the parameters are in every state."""
        return self.within.domain

    @property
    def normalised(self) -> bool:  # type: ignore[override]
        """Whether those in every state are."""
        return self.within.normalised

    @property
    def sizes(self) -> tuple[int, ...]:
        """As many parameters in every state as `within` needs."""
        return tuple(self.states * size for size in self.within.sizes)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The policies `σ_i(a | s)`, of shapes `[S, a_i]`.

        >>> semantics = per_state(3, (2, 2))
        >>> semantics.strategies(jnp.zeros(6))[1].tolist()
        [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
        """
        return jax.vmap(self.within.strategies)(self._rows(theta))

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms of the policies, finite where a probability rounds to zero."""
        return jax.vmap(self.within.log_strategies)(self._rows(theta))

    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Those within every state."""
        return jax.vmap(self.within.log_weights)(self._rows(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The parameters of interior policies of shapes `[S, a_i]`."""
        rows = jax.vmap(self.within.parameters)([jnp.asarray(policy) for policy in strategies])
        return jnp.concatenate([rows[:, part].ravel() for part in self.within.slices])

    def _rows(self, theta: jax.Array) -> jax.Array:
        """The parameters of all players in each state, `[S, Σ d_i]`."""
        return jnp.concatenate([own.reshape(self.states, -1) for own in self.split(theta)], axis=1)


def per_state(states: int, shape: Sequence[int], forms: str | Sequence[str] | None = None) -> PerState:
    """Independent policies for every state of a Markov game.

    Args:
        states: the number of states.
        shape: action counts `(a_1, …, a_n)`, the same in all states.
        forms: "sigmoid" or "softmax", as in `independent`.

    Raises:
        InputError: for fewer states than one, and what `independent` refuses.

    Example:
        >>> per_state(5, (2, 2)).sizes
        (5, 5)
    """
    return PerState(independent(shape, forms), positive_integer(states, "number of states"))
