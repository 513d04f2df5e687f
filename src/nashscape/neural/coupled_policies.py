"""Policies of players who read each other's weights."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.neural.held_policies import Policies
from nashscape.semantics.acting import Acting
from nashscape.semantics.heads import Head
from nashscape.semantics.reading_weights import read_weights

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CoupledPolicies(Acting):
    """Player i acts with the weights `φ_i = a_i θ_i + Σ_{j≠i} b_ij θ_j`. Made by `coupled`.

    Attributes:
        inner: the policies at the weights `φ`.
        reading: `a_i` on the diagonal and `b_ij` beside it, `[n, n]`; an argument of compiled programs.
    """

    inner: Policies
    reading: Any

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
    def heads(self) -> tuple[Head, ...]:
        return self.inner.heads

    @property
    @override
    def observation_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.inner.observation_shapes

    @override
    def memory(self) -> tuple[Any, ...]:
        return self.inner.memory()

    def acting(self, theta: jax.Array) -> jax.Array:
        """`φ`, the weights that all players act with, `[d]`."""
        each = theta.reshape(len(self.sizes), -1)
        read = jnp.matmul(jnp.asarray(self.reading, theta.dtype), each, precision=lax.Precision.HIGHEST)
        return read.reshape(theta.shape)

    @override
    def outputs(
        self, theta: jax.Array, observations: tuple[jax.Array, ...], memory: tuple[Any, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[Any, ...]]:
        return self.inner.outputs(self.acting(theta), observations, memory)

    @property
    def weights_read(self) -> Floats:
        """`a_i` on the diagonal and `b_ij` beside it, `[n, n]`."""
        return np.asarray(self.reading, np.float64)

    def reading_with(self, weights: Floats) -> "CoupledPolicies":
        """The same players who read with other weights `[n, n]`."""
        return CoupledPolicies(self.inner, weights)

    def initial(self, key: jax.Array) -> jax.Array:
        """Random weights `θ` to start from, `[d]`, as without reading."""
        return self.inner.initial(key)

    def players(self, theta: Any) -> tuple[Any, ...]:
        """The modules that all players act with at a flat profile, after they have read each other."""
        return self.inner.players(self.acting(jnp.asarray(theta)))


jax.tree_util.register_dataclass(CoupledPolicies, data_fields=["inner", "reading"], meta_fields=[])


@public()
def coupled(
    policies: Policies,
    coupling: npt.ArrayLike = 0.0,
    *,
    own: npt.ArrayLike = 1.0,
    mixing: float | None = None,
    graph: Any = None,
) -> CoupledPolicies:
    """The same policies of players of open source, who read each other's weights: `φ_i = a_i θ_i + Σ_{j≠i} b_ij θ_j`.

    What player i does with what it sees is said by `φ_i`. Over a game whose exact form is known it is what
    `open_source` is over `policy_network`.

    Args:
        policies: of players whose networks are alike, since weights are added up one by one.
        coupling: `b_ij`: one number κ for every j that i reads, or a matrix `[n, n]` with zero diagonal, row i of what
            player i reads.
        own: `a_i`, one number or one per player.
        mixing: in place of coupling and own, the weight m of the others:
            `φ_i = (1 − m) θ_i + m · mean of θ_j over those that i reads`.
        graph: whom everybody reads, as in `core.graphs.adjacency` ("ring:10"); by default all others.

    Raises:
        InputError: for networks that differ in more than their weights, and couplings that do not fit.

    Example:
        >>> from nashscape import environments, games, neural
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> players = coupled(neural.perceptrons(environment, hidden=()), 0.5)
        >>> players.acting(jnp.arange(16.0)).tolist()[:3]       # θ_1 + θ_2 / 2
        [4.0, 5.5, 7.0]

    Source: arXiv 2606.27068; for policies that are played our own extension.
    """
    networks = getattr(policies, "networks", None)
    if networks is None:
        raise InputError(
            f"coupled takes policies whose players read nobody, as neural.perceptrons(environment); got {policies!r}"
        )
    return policies.reading_with(read_weights(len(networks), coupling, own, mixing, graph))
