"""Coupled semantics: players of open source, whose behaviour reads the others' parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.reading_weights import (
    Floats,
    Orders,
    block_matrix,
    checked_alignment,
    frames_of,
    read_weights,
)
from nashscape.semantics.semantics import Semantics


@dataclass(frozen=True, eq=False)
class Coupled(Semantics):
    """Logits that read everybody's parameters: `z = K θ + c`, and of them strategies. Made by `coupled`, `open_source`.

    Attributes:
        inner: how logits become strategies: sigmoids or softmaxes, in every state for policies, or any others.
        matrix: `K`, `[d, d]`.
        bias: `c`, `[d]`.
        alignment: see `coupled`; None where action k of one is action k of all.
        rows: see `open_source`; None where state s of one is state s of all.
    """

    inner: Semantics
    matrix: Any
    bias: Any
    alignment: Orders | None = None
    rows: Orders | None = None

    normalised: ClassVar[bool] = True
    linear = True

    @property
    def sigmoids(self) -> bool:
        """Whether every player plays the sigmoid of one logit, as the closed forms have it."""
        return self.inner.sigmoids

    @property
    def reads_others(self) -> bool:
        """By what it is for, whatever the numbers."""
        return True

    @property
    @override
    def sizes(self) -> tuple[int, ...]:
        return self.inner.sizes

    @property
    @override
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.inner.strategy_shapes

    def logits(self, theta: jax.Array) -> jax.Array:
        """`K θ + c`, `[d]`."""
        return jnp.matmul(jnp.asarray(self.matrix), theta, precision=lax.Precision.HIGHEST) + jnp.asarray(self.bias)

    @override
    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.strategies(self.logits(theta))

    @override
    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.log_strategies(self.logits(theta))

    @override
    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.log_weights(self.logits(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The least parameters with the logits of the strategies, where there are any.

        Where `K` is singular, as at κ = 1 for two players, only some profiles of strategies can be played; of others
        these are the parameters that come closest in logits.
        """
        wanted = self.inner.parameters(strategies) - jnp.asarray(self.bias)
        return jnp.linalg.pinv(jnp.asarray(self.matrix, wanted.dtype)) @ wanted


jax.tree_util.register_dataclass(Coupled, data_fields=["matrix", "bias"], meta_fields=["inner", "alignment", "rows"])


@public()
def coupled(
    shape: Sequence[int],
    coupling: npt.ArrayLike = 0.0,
    *,
    own: npt.ArrayLike = 1.0,
    mixing: float | None = None,
    graph: Any = None,
    bias: npt.ArrayLike = 0.0,
    alignment: Sequence[Sequence[int]] | None = None,
    form: str | None = None,
) -> Coupled:
    """Coupled logits for players who share a set of actions: `z_i = a_i θ_i + Σ_{j≠i} b_ij θ_j + c_i`.

    For two actions `z_i` is a number and the strategy its sigmoid; for more it has an entry per action and the strategy
    is its softmax.

    Args:
        shape: action counts `(a_1, …, a_n)`, all the same.
        coupling: `b_ij`: one number κ for every j that i reads, or a matrix `[n, n]` with zero diagonal. Row i is what
            player i reads; a row of zeros is a player who reads nobody.
        own: `a_i`, one number or one per player.
        mixing: in place of coupling and own, the weight m of the others:
            `z_i = (1 − m) θ_i + m · mean of θ_j over those that i reads`.
        graph: whom everybody reads, as in `core.graphs.adjacency` ("ring:10"); by default all others.
        bias: `c_i`, one number or one per player (for softmaxes one per player and action, `[n, a]`).
        alignment: for every player a permutation of its actions: `alignment[i][k]` is the common number of i's action
            k. Logits are added up by common number. By default action k of one is action k of all.
        form: "sigmoid" or "softmax"; by default a sigmoid for two actions.

    Raises:
        InputError: for players with different numbers of actions, a coupling that does not fit, and one under which a
            player's logit depends on no parameter at all.

    Example:
        >>> semantics = coupled((2, 2), 0.5)
        >>> semantics.logits(jnp.array([1.0, 2.0])).tolist()
        [2.0, 2.5]

    Source: arXiv 2606.27068.
    """
    inner = _shared(shape, form)
    weights = read_weights(len(inner.shape), coupling, own, mixing, graph)
    return reading_others(
        inner, weights, bias, None if alignment is None else checked_alignment(inner.shape, alignment)
    )


def reading_others(
    inner: Semantics, weights: Floats, bias: npt.ArrayLike, order: Orders | None, rows: Orders | None = None
) -> Coupled:
    """Any semantics of logits at the logits that are read, given weights `[n, n]`; see `coupled` and `open_source`."""
    n, entries = len(inner.sizes), inner.sizes[0]
    offsets = finite_array(bias, "bias")
    try:
        offset = np.broadcast_to(offsets[:, None] if offsets.ndim == 1 else offsets, (n, entries)).reshape(-1)
    except ValueError:
        raise InputError(f"bias must be one number, one per player, or [{n}, {entries}]; got {offsets.shape}") from None
    return Coupled(inner, block_matrix(inner, weights, order, rows), offset.astype(np.float64), order, rows)


def _shared(shape: Sequence[int], form: str | None) -> Independent:
    inner = independent(shape, form)
    if len(inner.shape) < 2 or len(set(inner.shape)) > 1:
        raise InputError(
            f"coupled players share a set of actions; these have {list(inner.shape)}: give all the same number, or use "
            "independent semantics"
        )
    return inner


def weights_of(semantics: Coupled) -> Floats:
    """The weights `[n, n]` of coupled semantics: `a_i` on the diagonal and `b_ij` beside it."""
    frames, parts = frames_of(semantics.inner, semantics.alignment, semantics.rows), semantics.slices
    matrix = np.asarray(semantics.matrix, dtype=np.float64)
    found = np.empty((len(parts), len(parts)))
    for i, rows in enumerate(parts):
        for j, columns in enumerate(parts):
            frame = frames[i].T @ frames[j]
            found[i, j] = np.sum(matrix[rows, columns] * frame) / np.sum(frame * frame)
    return found


def with_weights(semantics: Coupled, weights: Floats) -> Coupled:
    """The same players with other weights `[n, n]`."""
    return replace(semantics, matrix=block_matrix(semantics.inner, weights, semantics.alignment, semantics.rows))
