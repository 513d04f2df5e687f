"""Policies: in every state or information set a mixed strategy of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.semantics.heads import UNLIKELY
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.semantics import Semantics

Legal: TypeAlias = tuple[tuple[tuple[bool, ...], ...] | None, ...] | None


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PerState(Semantics):
    """A strategy of its own in every row, a state or information set: in row s player i plays `within` of `θ_i[s]`.

    The parameters of a player lie row after row: `θ_i` is `[S_i, d_i]` in row-major order, where `d_i` are the
    parameters that `within` needs in one row. Strategies have the shapes `[S_i, a_i]`.

    Attributes:
        within: the semantics in each row; independent where players have different numbers of rows.
        rows: the number of rows of every player, `S_i`.
        legal: for every player which actions each row has, nested `[S_i][a_i]`, or None where it has all. The
            parameters of others are there and mean nothing: their probability is zero, and they do not move.
    """

    # the base has such a name too, which would be taken for a default
    within: Semantics = field()
    rows: tuple[int, ...] = field(metadata={"static": True})
    legal: Legal = field(default=None, metadata={"static": True})

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
        """The parameters of interior policies of shapes `[S_i, a_i]`; zero for actions that a row does not have."""
        given = [jnp.asarray(policy) for policy in strategies]
        if self.legal is not None:
            return self._legal_parameters(given)
        return self._parameters(given)

    def _legal_parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        masks = [own is None or jnp.asarray(own) for own in self.legal or ()]
        # some logits, which are then left out
        filled = [jnp.where(mask, own, 1.0) for mask, own in zip(masks, strategies, strict=True)]
        made = self.split(self._parameters(filled))
        return jnp.concatenate([jnp.where(jnp.ravel(mask) if own is not None else True, logits, 0.0)
                                for mask, logits, own in zip(masks, made, self.legal or (), strict=True)])  # fmt: skip

    def _parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        if self._alike:
            rows = jax.vmap(self.within.parameters)(list(strategies))
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
        for player, mask in enumerate(self.legal or ()):
            if mask is not None:
                parts[player] = jnp.where(np.asarray(mask), parts[player], jnp.asarray(UNLIKELY, theta.dtype))
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
def per_row(
    rows: Sequence[int], shape: Sequence[int], forms: str | Sequence[str] | None = None, *, legal: Any = None
) -> PerState:
    """Independent strategies in every row, of which each player may have another number: types, messages, histories.

    Args:
        rows: how many rows each player has.
        shape: action counts `(a_1, …, a_n)`, the same in all rows of a player.
        forms: "sigmoid" or "softmax", as in `independent`; softmax for a player whose rows differ in their actions.
        legal: for every player which actions each row has, `[S_i, a_i]`, as in games in extensive form; all by default.

    Raises:
        InputError: for another number of rows than players, fewer than one, rows without actions, sigmoids of rows that
            have one action, and what `independent` refuses.

    Example:
        >>> semantics = per_row((2, 3), (2, 4))    # two types with two messages, three messages with four answers
        >>> semantics.sizes, semantics.strategy_shapes
        ((2, 12), ((2, 2), (3, 4)))
    """
    masks = None if legal is None else [np.asarray(own, bool) for own in legal]
    whole = [True] * len(shape) if masks is None else [bool(own.all()) for own in masks]
    if forms is None:
        forms = ["sigmoid" if k == 2 and full else "softmax" for k, full in zip(shape, whole, strict=True)]
    within = independent(shape, forms)
    counts = tuple(positive_integer(count, "number of rows") for count in rows)
    if len(counts) != len(within.shape):
        raise InputError(f"there are {len(within.shape)} players but {len(counts)} numbers of rows; give one each")
    return PerState(within, counts, None if masks is None else _kept(masks, within, counts))


def _kept(masks: Sequence[Any], within: Independent, counts: Sequence[int]) -> Legal:
    """Masks as what a program depends on, None where all actions are legal."""
    wanted = list(zip(counts, within.shape, strict=True))
    if [own.shape for own in masks] != wanted:
        raise InputError(f"legal actions are of shapes {[own.shape for own in masks]}; players need {wanted}")
    for own, form in zip(masks, within.forms, strict=True):
        if not own.any(axis=1).all():
            raise InputError("every row needs a legal action")
        if form == "sigmoid" and not own.all():
            raise InputError("a sigmoid describes rows of two actions; where some have one, use 'softmax'")
    kept = tuple(None if own.all() else tuple(map(tuple, own.tolist())) for own in masks)
    return kept if any(kept) else None
