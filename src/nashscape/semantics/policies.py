"""Policies: in every state or information set a mixed strategy of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.semantics import Semantics


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PerState(Semantics):
    """A strategy of its own in every row, a state or information set: in row s player i plays `within` of `θ_i[s]`.

    The parameters of a player lie row after row: `θ_i` is `[S_i, d_i]` in row-major order, where `d_i` are the
    parameters that `within` needs in one row. Strategies have the shapes `[S_i, a_i]`.

    Attributes:
        within: the semantics in each row; independent where players have different numbers of rows.
        rows: the number of rows of every player, `S_i`.
    """

    # the base has such a name too, which would be taken for a default
    within: Semantics = field()
    rows: tuple[int, ...] = field(metadata={"static": True})

    @property
    def states(self) -> int:
        """The number of rows where all players have the same, as in Markov games."""
        return self.rows[0]

    @property
    def domain(self) -> str:  # type: ignore[override]
        """What the parameters are in every state."""
        return self.within.domain

    @property
    def normalised(self) -> bool:  # type: ignore[override]
        """Whether those in every state are."""
        return self.within.normalised

    @property
    def reads_others(self) -> bool:
        """Whether the strategies within a row do."""
        return self.within.reads_others

    @property
    def sizes(self) -> tuple[int, ...]:
        """As many parameters in every row as `within` needs."""
        return tuple(rows * size for rows, size in zip(self.rows, self.within.sizes, strict=True))

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The policies `σ_i(a | s)`, of shapes `[S, a_i]`.

        >>> semantics = per_state(3, (2, 2))
        >>> semantics.strategies(jnp.zeros(6))[1].tolist()
        [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
        """
        return self._in_rows("strategies", theta)

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms of the policies, finite where a probability rounds to zero."""
        return self._in_rows("log_strategies", theta)

    @override
    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self._in_rows("log_weights", theta)

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The parameters of interior policies of shapes `[S_i, a_i]`."""
        if self._alike:
            rows = jax.vmap(self.within.parameters)([jnp.asarray(policy) for policy in strategies])
            return jnp.concatenate([rows[:, part].ravel() for part in self.within.slices])
        each = [
            jax.vmap(lambda row, one=one: one.parameters([row]))(jnp.asarray(own))
            for one, own in zip(self._players(), strategies, strict=True)
        ]
        return jnp.concatenate([own.ravel() for own in each])

    @property
    def _alike(self) -> bool:
        return len(set(self.rows)) == 1

    def _players(self) -> list[Independent]:
        """What each player plays in a row, alone."""
        return [self.within.alone(player) for player in range(len(self.rows))]  # type: ignore[attr-defined]

    def _in_rows(self, function: str, theta: jax.Array) -> tuple[jax.Array, ...]:
        """A function of the strategies within, in every row."""
        parts = [own.reshape(rows, -1) for own, rows in zip(self.split(theta), self.rows, strict=True)]
        if self._alike:
            made: tuple[jax.Array, ...] = jax.vmap(getattr(self.within, function))(jnp.concatenate(parts, axis=1))
            return made
        return tuple(jax.vmap(getattr(one, function))(own)[0] for one, own in zip(self._players(), parts, strict=True))


@public()
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
    within = independent(shape, forms)
    return PerState(within, (positive_integer(states, "number of states"),) * len(within.shape))


@public()
def per_row(rows: Sequence[int], shape: Sequence[int], forms: str | Sequence[str] | None = None) -> PerState:
    """Independent strategies in every row, of which each player may have another number: types, messages, histories.

    Args:
        rows: how many rows each player has.
        shape: action counts `(a_1, …, a_n)`, the same in all rows of a player.
        forms: "sigmoid" or "softmax", as in `independent`.

    Raises:
        InputError: for another number of rows than players, fewer than one, and what `independent` refuses.

    Example:
        >>> semantics = per_row((2, 3), (2, 4))    # two types with two messages, three messages with four answers
        >>> semantics.sizes, semantics.strategy_shapes
        ((2, 12), ((2, 2), (3, 4)))
    """
    within = independent(shape, forms)
    counts = tuple(positive_integer(count, "number of rows") for count in rows)
    if len(counts) != len(within.shape):
        raise InputError(f"there are {len(within.shape)} players but {len(counts)} numbers of rows; give one each")
    return PerState(within, counts)
