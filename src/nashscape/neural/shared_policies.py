"""Policies of players who share their weights: all of a group act with one network, or one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.neural.held_policies import Policies
from nashscape.semantics.acting import Acting
from nashscape.semantics.heads import Head

ALL = "all"


@dataclass(frozen=True, eq=False)
class SharedPolicies(Acting):
    """The players of a group act with the same weights, which belong to its first player. Made by `shared`.

    Attributes:
        inner: policies of which all of a group are alike.
        leaders: for every player the first one of its group.
    """

    inner: Policies
    leaders: tuple[int, ...]

    @property
    def reads_others(self) -> bool:
        """Nobody reads anybody: the players of a group have the same weights, and those of other groups their own."""
        return False

    @property
    def tabular(self) -> bool:
        """Whether all players look their numbers up in tables."""
        return self.inner.tabular

    @property
    @override
    def sizes(self) -> tuple[int, ...]:
        return tuple(own if self.leaders[i] == i else 0 for i, own in enumerate(self.inner.sizes))

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
        """The weights that each player acts with, player after player."""
        own = self.split(theta)
        return jnp.concatenate([own[leader] for leader in self.leaders])

    @override
    def outputs(
        self, theta: jax.Array, observations: tuple[jax.Array, ...], memory: tuple[Any, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[Any, ...]]:
        return self.inner.outputs(self.acting(theta), observations, memory)

    def initial(self, key: jax.Array) -> jax.Array:
        """Random weights to start from, `[d]`: of every group those of its first player."""
        parts = self.inner.split(self.inner.initial(key))
        return jnp.concatenate([own for i, own in enumerate(parts) if self.leaders[i] == i])

    def players(self, theta: Any) -> tuple[Any, ...]:
        """The modules of all players at a flat profile."""
        return self.inner.players(self.acting(jnp.asarray(theta)))


jax.tree_util.register_dataclass(SharedPolicies, data_fields=["inner"], meta_fields=["leaders"])


@public()
def shared(policies: Policies, groups: Sequence[Any] | str = ALL) -> SharedPolicies:
    """The same policies with parameters shared: all players of a group act with one set of weights.

    Every player's own surrogate, or error of values, is summed over the group, so that what one has seen all learn
    from. In θ the weights lie with the first player of a group; the others have none of their own.

    Args:
        policies: such as `perceptrons(environment)` or `tables(environment)`; those of a group have to be alike and to
            see alike.
        groups: for every player the name or number of its group, as in [0, 0, 1]; "all" for one group.

    Raises:
        InputError: for groups of another number of players, and players in one group who differ.

    Example:
        >>> from nashscape import environments, games, neural
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> shared(neural.tables(environment)).sizes
        (10, 0)

    Source: Gupta, Egorov and Kochenderfer (2017), "Cooperative multi-agent control using deep reinforcement learning".
    """
    networks = getattr(policies, "networks", None)
    if networks is None:
        raise InputError(f"shared takes policies as neural.tables(environment) or perceptrons; got {policies!r}")
    n = len(networks)
    given = [0] * n if isinstance(groups, str) and groups == ALL else groups
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != n:
        raise InputError(
            f"groups partition the {n} players: give the group of each, as in {[0] * (n - 1) + [1]}, or 'all'; got "
            f"{groups!r}"
        )
    first = [list(given).index(own) for own in given]
    for i, leader in enumerate(first):
        if not _alike(policies, i, leader):
            raise InputError(
                f"players {leader + 1} and {i + 1} are in one group, {given[i]!r}, and differ in what they see or do, "
                "or in their networks; put them in different ones"
            )
    return SharedPolicies(policies, tuple(first))


def _alike(policies: Policies, i: int, j: int) -> bool:
    """Whether two players see and do the same, by networks that differ in nothing but weights."""
    one, other = policies.networks[i], policies.networks[j]
    if not one.alike(other) or policies.heads[i] != policies.heads[j] or policies.shapes[i] != policies.shapes[j]:
        return False
    kinds = one.rest[3]
    return all(
        kind == "float" or np.array_equal(*own) for kind, *own in zip(kinds, one.numbers, other.numbers, strict=True)
    )
