"""Probabilities as parameters, in rows with actions of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.core.overriding import override
from nashscape.semantics.semantics import Semantics

ROUNDING = 4.0
"""A sum of a probabilities that misses one by less than `4 a` units of rounding counts as one."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RowSimplexes(Semantics):
    """The parameters of a player are the probabilities of its actions in every row. Made by `simplex`.

    The nearest strategy whose legal entries sum to one, `θ − (Σ θ − 1)/k` over the k legal ones. Entries of actions
    that a row does not have are there, are zero and do not move.

    Attributes:
        legal: for every player which actions each row has, nested `[R_i][a_i]`.
    """

    legal: tuple[tuple[tuple[bool, ...], ...], ...] = field(metadata={"static": True})

    domain: ClassVar[str] = "simplex"

    @property
    @override
    def reads_others(self) -> bool:
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """One parameter for every action of every row."""
        return tuple(len(own) * len(own[0]) for own in self.legal)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Behaviour strategies, of shapes `[R_i, a_i]`."""
        masks = map(np.asarray, self.legal)
        return tuple(centred(own.reshape(mask.shape), mask) for own, mask in zip(self.split(theta), masks, strict=True))

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms, −∞ where a probability is zero; see `SimplexParameters`."""
        return tuple(logarithm(strategy) for strategy in self.strategies(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The probabilities, row after row, one player after another."""
        masks = map(np.asarray, self.legal)
        return jnp.concatenate([
            jnp.where(mask, jnp.asarray(own), 0.0).ravel() for own, mask in zip(strategies, masks, strict=True)
        ])  # fmt: skip


def row_simplexes(shape: Sequence[int], legal: Any, states: int | None) -> RowSimplexes:
    """The semantics of masks that fit.

    Raises:
        InputError: for masks that do not.
    """
    if states is not None:
        raise InputError("give states= for a Markov game or legal= for one in extensive form, not both")
    masks = [np.asarray(own, bool) for own in legal]
    if [own.shape[1:] for own in masks] != [(k,) for k in shape]:
        raise InputError(
            f"legal actions are of shapes {[own.shape for own in masks]}; players with {tuple(shape)} actions need "
            "rows of as many: give legal=game.legal"
        )
    if not all(own.any(axis=1).all() and len(own) for own in masks):
        raise InputError("every row needs a legal action")
    return RowSimplexes(tuple(tuple(map(tuple, own.tolist())) for own in masks))


def centred(own: jax.Array, legal: Any = None) -> jax.Array:
    """The nearest point of the plane of probabilities; among legal actions, where these are given."""
    if legal is not None:
        own = jnp.where(legal, own, 0.0)
    excess = jnp.sum(own, axis=-1, keepdims=True) - 1.0
    # on the simplex, nothing is taken off, so that a zero stays a zero; the derivative is the same
    rounding = ROUNDING * own.shape[-1] * float(np.finfo(own.dtype).eps)
    excess = jnp.where(jnp.abs(excess) <= rounding, excess - jax.lax.stop_gradient(excess), excess)
    if legal is None:
        return own - excess / own.shape[-1]
    return jnp.where(legal, own - excess / legal.sum(axis=-1, keepdims=True), 0.0)


@jax.custom_jvp
def logarithm(strategy: jax.Array) -> jax.Array:
    """The logarithm, which can be had and not differentiated."""
    return jnp.log(strategy)


@logarithm.defjvp
def _logarithm_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    raise InputError(
        "terms cannot be sampled where parameters are probabilities: an action of probability zero is never taken, and "
        "its score is infinite; use exact(), or independent(shape) semantics"
    )
