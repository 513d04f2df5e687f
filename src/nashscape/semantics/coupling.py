"""Coupled semantics: players of open source, whose behaviour reads the others' parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_array, finite_number, unknown
from nashscape.games import NormalForm
from nashscape.games.graphs import adjacency
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.parametric_game import ParametricGame, parametric
from nashscape.semantics.semantics import Semantics

Floats = npt.NDArray[np.float64]
OPTIONS = ("own", "mixing", "graph", "bias", "alignment", "form")


@dataclass(frozen=True, eq=False)
class Coupled(Semantics):
    """Logits that read everybody's parameters: `z = K θ + c`, and of them sigmoids or softmaxes. Made by `coupled`.

    Attributes:
        inner: how logits become strategies.
        matrix: `K`, `[d, d]`.
        bias: `c`, `[d]`.
        alignment: see `coupled`; None where action k of one is action k of all.
    """

    inner: Independent
    matrix: Any
    bias: Any
    alignment: tuple[tuple[int, ...], ...] | None = None

    normalised: ClassVar[bool] = True

    @property
    def sizes(self) -> tuple[int, ...]:
        """Those of the logits."""
        return self.inner.sizes

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Those of the inner semantics."""
        return self.inner.strategy_shapes

    def logits(self, theta: jax.Array) -> jax.Array:
        """`K θ + c`, `[d]`."""
        return jnp.matmul(jnp.asarray(self.matrix), theta, precision=lax.Precision.HIGHEST) + jnp.asarray(self.bias)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Strategies at the logits."""
        return self.inner.strategies(self.logits(theta))

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Their logarithms."""
        return self.inner.log_strategies(self.logits(theta))

    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Those at the logits."""
        return self.inner.log_weights(self.logits(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The least parameters with the logits of the strategies, where there are any.

        Where `K` is singular, as at κ = 1 for two players, only some profiles of strategies can be played; of others
        these are the parameters that come closest in logits.
        """
        wanted = self.inner.parameters(strategies) - jnp.asarray(self.bias)
        return jnp.linalg.pinv(jnp.asarray(self.matrix, wanted.dtype)) @ wanted


jax.tree_util.register_dataclass(Coupled, data_fields=["matrix", "bias"], meta_fields=["inner", "alignment"])


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
        graph: whom everybody reads, as in `games.graphs.adjacency` ("ring:10"); by default all others.
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
    n, entries = len(inner.shape), inner.sizes[0]
    weights = _weights(n, coupling, own, mixing, graph)
    order = None if alignment is None else _checked_alignment(inner, alignment)
    offsets = finite_array(bias, "bias")
    try:
        offset = np.broadcast_to(offsets[:, None] if offsets.ndim == 1 else offsets, (n, entries)).reshape(-1)
    except ValueError:
        raise InputError(f"bias must be one number, one per player, or [{n}, {entries}]; got {offsets.shape}") from None
    return Coupled(inner, _matrix(inner, weights, order), offset.astype(np.float64), order)


def open_source(game: NormalForm, coupling: npt.ArrayLike = 0.0, **options: Any) -> ParametricGame:
    """A one-shot game between players who read each other's parameters: the game with `coupled` semantics.

    Args:
        game: a one-shot game whose players have the same number of actions.
        coupling: see `coupled`.
        **options: the others of `coupled`.

    Raises:
        InputError: for a game of another kind, and as `coupled` does.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> for coupling in (0.2, 0.5, 0.95):                 # the threshold of the diagonal is c/b = 1/3
        ...     learners = open_source(games.donation(benefit=3, cost=1), coupling)
        ...     print(simulate(learners, pg(), [0.5, 0.5], targets=["CC", "DD"], steps=2000).outcome)
        DD
        fragile
        CC

    At .5 two who are exactly alike cooperate, and two who differ by the least do not.

    Source: arXiv 2606.27068.
    """
    if not isinstance(game, NormalForm):
        raise InputError(f"open-source semantics are for bare one-shot games; got {game!r}")
    for name in options:
        if name not in OPTIONS:
            raise unknown("option of coupled", name, OPTIONS)
    return parametric(game, coupled(tuple(len(names) for names in game.actions), coupling, **options))


def _shared(shape: Sequence[int], form: str | None) -> Independent:
    inner = independent(shape, form)
    if len(inner.shape) < 2 or len(set(inner.shape)) > 1:
        raise InputError(
            f"coupled players share a set of actions; these have {list(inner.shape)}: give all the same number, or use "
            "independent semantics"
        )
    return inner


def _weights(n: int, coupling: npt.ArrayLike, own: npt.ArrayLike, mixing: float | None, graph: Any) -> Floats:
    """`a_i` on the diagonal and `b_ij` beside it."""
    reads = np.ones((n, n)) - np.eye(n) if graph is None else adjacency(graph).astype(float)
    if reads.shape != (n, n):
        raise InputError(f"the graph has {len(reads)} nodes; there are {n} players")
    if mixing is not None:
        if np.any(np.asarray(coupling) != 0) or np.any(np.asarray(own) != 1):
            raise InputError("give either mixing or coupling and own, not both")
        m = finite_number(mixing, "mixing", low=0.0, high=1.0)
        return (1.0 - m) * np.eye(n) + m * reads / reads.sum(axis=1, keepdims=True)
    given, diagonal = finite_array(coupling, "coupling"), finite_array(own, "own")
    if given.shape == (n, n):
        if graph is not None:
            raise InputError("a matrix of couplings says who reads whom; leave the graph out")
        if np.diagonal(given).any():
            raise InputError("a matrix of couplings has zeros on its diagonal; the own weight is given by own")
    elif given.ndim == 0:
        given = given * reads
    else:
        raise InputError(f"coupling must be one number or a matrix [{n}, {n}]; got shape {given.shape}")
    if diagonal.shape not in ((), (n,)):
        raise InputError(f"own must be one number or one per player, [{n}]; got shape {diagonal.shape}")
    weights: Floats = given + np.diag(np.broadcast_to(diagonal, n))
    silent = np.flatnonzero(~weights.any(axis=1))
    if silent.size:
        raise InputError(f"the logits of player {silent[0] + 1} would depend on no parameter: give own or coupling")
    return weights


Alignment = tuple[tuple[int, ...], ...]


def _checked_alignment(inner: Independent, alignment: Any) -> Alignment:
    n, actions = len(inner.shape), inner.shape[0]
    try:
        order = tuple(tuple(int(k) for k in own) for own in alignment)
    except (TypeError, ValueError):
        order = ()
    if len(order) != n or any(sorted(own) != list(range(actions)) for own in order):
        raise InputError(f"alignment must have a permutation of 0 … {actions - 1} for each of {n} players")
    return order


def _matrix(inner: Independent, weights: Floats, alignment: Alignment | None) -> Floats:
    frames, n = _frames(inner, alignment), len(weights)
    return np.block([[weights[i, j] * frames[i].T @ frames[j] for j in range(n)] for i in range(n)])


def weights_of(semantics: Coupled) -> Floats:
    """The weights `[n, n]` of coupled semantics: `a_i` on the diagonal and `b_ij` beside it."""
    frames, parts = _frames(semantics.inner, semantics.alignment), semantics.slices
    matrix = np.asarray(semantics.matrix, dtype=np.float64)
    found = np.empty((len(parts), len(parts)))
    for i, rows in enumerate(parts):
        for j, columns in enumerate(parts):
            frame = frames[i].T @ frames[j]
            found[i, j] = np.sum(matrix[rows, columns] * frame) / np.sum(frame * frame)
    return found


def with_weights(semantics: Coupled, weights: Floats) -> Coupled:
    """The same players with other weights `[n, n]`."""
    return replace(semantics, matrix=_matrix(semantics.inner, weights, semantics.alignment))


def _frames(inner: Independent, alignment: Alignment | None) -> list[Floats]:
    """For every player the matrix from its own parameters to those in the common order of actions."""
    n, actions = len(inner.shape), inner.shape[0]
    if alignment is None:
        return [np.eye(inner.sizes[0]) for _ in range(n)]
    if inner.forms[0] == "sigmoid":
        # the logit of the first action is minus that of the second
        return [np.array([[1.0 if own[0] == 0 else -1.0]]) for own in alignment]
    return [np.eye(actions)[:, list(own)] for own in alignment]
