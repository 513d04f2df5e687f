"""Quotas: some actions are not allowed, for all, or above a level on which players vote."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_array, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.institutions.protocol import BareInstitution, Settled, Stage

VOTES = ("median", "plurality")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Quota(BareInstitution):
    """Actions above a limit are forbidden; made by `quota`.

    Attributes:
        limit: the largest amount that is allowed.
        amounts: of every player the amount that each action stands for.
        name: what its measures are called by.
    """

    limit: Any
    amounts: tuple[tuple[float, ...], ...] = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Quota":
        return replace(self, amounts=amounts_of(environment, self.name))

    @override
    def admits(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        return tuple(within(own, self.limit) for own in self.amounts)


def within(amounts: tuple[float, ...], limit: Any) -> jax.Array:
    """Which actions stay within a limit, `[a_i]`; where none does, those of the least amount."""
    own = jnp.asarray(amounts)
    return own <= jnp.maximum(limit, jnp.min(own))


def amounts_of(environment: Any, who: str) -> tuple[tuple[float, ...], ...]:
    """What each action of every player amounts to.

    Raises:
        InputError: for an environment that has no `amounts`.
    """
    given = getattr(environment, "amounts", None)
    if given is None:
        raise InputError(
            f"{who} forbids actions by their amounts, which {environment.name} does not tell; an environment that does "
            "has `amounts`, the amount of every action, for each player"
        )
    n = len(environment.players)
    each = [given] * n if np.ndim(given[0]) == 0 else list(given)
    return tuple(tuple(map(float, own)) for own in each)


@public()
def quota(limit: float, *, name: str = "quota") -> Quota:
    """A quota: actions that amount to more than the limit are not legal; where all do, those of the least amount are.

    Args:
        limit: the largest amount that is allowed, as the environment counts amounts.
        name: what its measures are called by.

    Raises:
        InputError: for what is no number; `governed` refuses an environment that tells no amounts.

    Example:
        >>> float(quota(10).limit)
        10.0
    """
    return Quota(np.float64(finite_array(limit, "limit", ndim=0)), (), name)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Votes:
    """What was voted on.

    Attributes:
        limit: which level holds.
        left: rounds until the next vote.
    """

    limit: jax.Array
    left: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Voting(BareInstitution):
    """Players vote on a quota; made by `voting`.

    Attributes:
        levels: that can be voted for, `[l]`, rising.
        rule: how votes are counted.
        every: rounds from a vote to the next.
        amounts: of every player the amount that each action stands for.
        name: what its measures are called by.
    """

    levels: Any
    rule: str = field(metadata={"static": True})
    every: int = field(metadata={"static": True})
    amounts: tuple[tuple[float, ...], ...] = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Voting":
        return replace(self, amounts=amounts_of(environment, self.name))

    @override
    def stage(self, environment: Any) -> Stage:
        own = tuple(f"{self.name} for {level:g}" for level in np.asarray(self.levels))
        return Stage((own,) * len(environment.players), first=True)

    @override
    def begin(self, environment: Any) -> Any:
        return Votes(jnp.int32(len(self.levels) - 1), jnp.int32(0))

    @override
    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        held = jnp.stack([jnp.asarray(self.levels)[state.limit], (state.left == 0).astype(float)])
        return (held,) * len(environment.players)

    @override
    def admits(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        limit = jnp.asarray(self.levels)[state.limit]
        return tuple(within(own, limit) for own in self.amounts)

    @override
    def decides(self, key: jax.Array, environment: Any, state: Any, chosen: jax.Array) -> Settled:
        counts = jnp.sum(jax.nn.one_hot(chosen, len(self.levels)), axis=0)
        middle = jnp.sort(chosen)[(len(chosen) - 1) // 2]
        won = middle if self.rule == "median" else jnp.argmax(counts)
        votes = state.left == 0
        limit = jnp.where(votes, won, state.limit).astype(jnp.int32)
        left = jnp.where(votes, self.every - 1, state.left - 1).astype(jnp.int32)
        told = {f"{self.name}: level": jnp.asarray(self.levels)[limit].astype(float)}
        return Settled(Votes(limit, left), jnp.zeros(len(chosen) + 1), told)


@public()
def voting(levels: Sequence[float], *, rule: str = "median", every: int = 1, name: str = "vote") -> Voting:
    """Voting on a quota: before a round all vote for one of some levels, and no action above what won is legal.

    Until the next vote the level stays. Between votes players still choose in the stage, and it counts for nothing.

    Args:
        levels: that can be voted for, rising, two or more; where nobody has voted yet the last one holds.
        rule: "median" (of an even number of votes the lower one of the middle), or "plurality" (of ties the lowest).
        every: rounds from one vote to the next.
        name: what its choices and measures are called by.

    Raises:
        InputError: for levels that do not rise, unknown rules; `governed` refuses an environment without amounts.

    Example:
        >>> voting([2, 5, 10]).rule
        'median'
    """
    given = finite_array(levels, "levels", ndim=1)
    if len(given) < 2 or (np.diff(given) <= 0).any():
        raise InputError(f"levels to vote on rise, and are two or more; got {given.tolist()}")
    if rule not in VOTES:
        raise InputError(f"votes are counted by {' or '.join(map(repr, VOTES))}; got {rule!r}")
    return Voting(given, rule, positive_integer(every, "every"), (), name)
