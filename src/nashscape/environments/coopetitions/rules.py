"""Extra rules of single environments: what they keep in mind, by what they multiply rewards, and what they take away.

A rule is a frozen pytree with three functions: `begin`, what it keeps at the start; `apply`, its effect in a round; and
`seen`, what players see of it, flat. An environment applies its rules one after the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np

Told = Mapping[str, jax.Array]


@dataclass(frozen=True)
class Moment:
    """A round, as rules see it.

    Attributes:
        invested: actions, `[n]`.
        shares: actions over endowments, `[n]`.
        endowment: `[n]`.
        dependence: D, `[n, n]`.
        trust: after this round, `[n, n]`.
        played: rounds, with this one.
        told: measures of the rules before this one.
    """

    invested: jax.Array
    shares: jax.Array
    endowment: jax.Array
    dependence: jax.Array
    trust: jax.Array
    played: jax.Array
    told: Told


@dataclass(frozen=True)
class Effect:
    """What a rule does in a round.

    Attributes:
        kept: what it has in mind afterwards.
        factor: by which rewards are multiplied, `[n]` or one number.
        penalty: what is subtracted from rewards after that, `[n]` or one number.
        told: measures.
    """

    kept: Any
    factor: Any = 1.0
    penalty: Any = 0.0
    told: Told = field(default_factory=dict)


class Rule(Protocol):
    """An extra rule of an environment."""

    def bounds(self, endowment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The least and largest values of what players see of it, flat."""

    def begin(self, n: int) -> Any:
        """What it keeps at the start of an episode of n players."""

    def apply(self, kept: Any, moment: Moment) -> Effect:
        """Its effect in a round."""

    def seen(self, key: jax.Array, kept: Any) -> jax.Array:
        """What players see of it, flat."""


class Unseen:
    """A rule of which players see nothing."""

    def bounds(self, endowment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """None."""
        return np.zeros(0), np.zeros(0)

    def seen(self, key: jax.Array, kept: Any) -> jax.Array:
        """Nothing."""
        return jnp.zeros(0)


class Forgetful(Unseen):
    """A rule that keeps nothing in mind."""

    def begin(self, n: int) -> Any:
        """Nothing."""
        return ()


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Idleness(Forgetful):
    """Who invests a smaller share than `below` has its reward multiplied by `factor`."""

    below: Any
    factor: Any

    def apply(self, kept: Any, moment: Moment) -> Effect:
        """The factor of the idle."""
        idle = moment.shares < self.below
        return Effect(kept, jnp.where(idle, self.factor, 1.0), told={"idle": idle})


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Together(Forgetful):
    """Where every share is `at_least` so large, all rewards are multiplied by `factor`."""

    at_least: Any
    factor: Any

    def apply(self, kept: Any, moment: Moment) -> Effect:
        """The factor of all."""
        every = (moment.shares >= self.at_least).all()
        return Effect(kept, jnp.where(every, self.factor, 1.0))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Steadiness(Unseen):
    """Whose mean share L over the last `rounds` is `at_least` so large has its reward multiplied by `1 + bonus · L`."""

    at_least: Any
    bonus: Any
    rounds: int = field(metadata={"static": True})

    def begin(self, n: int) -> jax.Array:
        """No share yet, `[rounds, n]`."""
        return jnp.zeros((self.rounds, n))

    def apply(self, kept: jax.Array, moment: Moment) -> Effect:
        """The bonus of the steady."""
        now = pushed(kept, moment.shares)
        mean = mean_of_last(now, jnp.minimum(self.rounds, moment.played))
        return Effect(now, jnp.where(mean >= self.at_least, 1.0 + self.bonus * mean, 1.0))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Loyalty(Unseen):
    """Loyalty rises by .02 x where the share x is one half or more, and falls by .05 (½ − x) where it is less.

    It is between 0 and `most`, and pays nothing by itself.
    """

    start: Any
    most: Any

    def begin(self, n: int) -> jax.Array:
        """The loyalty of all, `[n]`."""
        return jnp.full(n, jnp.asarray(self.start, jnp.result_type(float)) * self.most)

    def apply(self, kept: jax.Array, moment: Moment) -> Effect:
        """A new loyalty, told."""
        x = moment.shares
        now = jnp.clip(kept + jnp.where(x >= 0.5, 0.02 * x, 0.05 * (x - 0.5)), 0.0, self.most)
        return Effect(now, told={"loyalty": now})


def pushed(kept: jax.Array, new: jax.Array) -> jax.Array:
    """The last rows of a memory with a new one, the newest last."""
    return jnp.concatenate([kept[1:], new[None]])


def mean_of_last(kept: jax.Array, count: jax.Array) -> jax.Array:
    """The mean of the last so many rows of a memory; nothing but zero where there are none."""
    age = jnp.arange(len(kept))[::-1]
    total = jnp.where((age < count)[:, None], kept, 0.0).sum(axis=0)
    return total / jnp.maximum(count, 1)
