"""Who reads whom and how much: from weights between players to the matrix that acts on all their parameters."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.graphs import adjacency
from nashscape.semantics.semantics import Semantics, has_forms, has_rows_within

Floats = npt.NDArray[np.float64]
Orders = tuple[tuple[int, ...], ...]
"""A permutation for every player: from its own numbers of actions, or of states, to common ones."""


def read_weights(
    n: int, coupling: npt.ArrayLike, own: npt.ArrayLike = 1.0, mixing: float | None = None, graph: Any = None
) -> Floats:
    """`a_i` on the diagonal and `b_ij` beside it."""
    reads = np.ones((n, n)) - np.eye(n) if graph is None else adjacency(graph).astype(float)
    if reads.shape != (n, n):
        raise InputError(f"the graph has {len(reads)} nodes; there are {n} players")
    if mixing is not None:
        if np.any(np.asarray(coupling) != 0) or np.any(np.asarray(own) != 1):
            raise InputError("give either mixing or coupling and own, not both")
        m = finite_number(mixing, "mixing", low=0.0, high=1.0)
        if n == 1:
            raise InputError("one player alone reads nobody, so that there is no mean of others to mix in")
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


def checked_alignment(shape: Sequence[int], alignment: Any) -> Orders:
    """Permutations of the actions of all players, who have the same number of them."""
    return permutations(alignment, len(shape), shape[0], "alignment")


def permutations(given: Any, n: int, size: int, name: str) -> Orders:
    """A permutation of 0 … size − 1 for each of n players, or one error."""
    try:
        order = tuple(tuple(int(k) for k in own) for own in given)
    except (TypeError, ValueError):
        order = ()
    if len(order) != n or any(sorted(own) != list(range(size)) for own in order):
        raise InputError(f"{name} must have a permutation of 0 … {size - 1} for each of {n} players")
    return order


def block_matrix(inner: Semantics, weights: Floats, alignment: Orders | None, rows: Orders | None = None) -> Floats:
    """`K`, `[d, d]`: the blocks are `w_ij F_iᵀ F_j`, with F from own numbers to common ones."""
    frames, n = frames_of(inner, alignment, rows), len(weights)
    return np.block([[weights[i, j] * frames[i].T @ frames[j] for j in range(n)] for i in range(n)])


def frames_of(inner: Semantics, alignment: Orders | None, rows: Orders | None = None) -> list[Floats]:
    """For every player the matrix from its own parameters to those in the common order of actions and states."""
    n = len(inner.sizes)
    if has_rows_within(inner):
        within = frames_of(inner.within, alignment)
        orders = rows or (tuple(range(inner.states)),) * n
        return [
            np.asarray(np.kron(np.eye(inner.states)[:, list(own)], part), np.float64)
            for own, part in zip(orders, within, strict=True)
        ]
    if alignment is None:
        return [np.eye(inner.sizes[0]) for _ in range(n)]
    assert has_forms(inner), "only these have an alignment"
    actions = inner.shape[0]
    if inner.forms[0] == "sigmoid":
        # the logit of the first action is minus that of the second
        return [np.array([[1.0 if own[0] == 0 else -1.0]]) for own in alignment]
    return [np.eye(actions)[:, list(own)] for own in alignment]
