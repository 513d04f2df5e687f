"""Rules about reputation, agreements and what actions answer: what others remember of a player."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.coopetitions.rules import Effect, Moment, Unseen, mean_of_last, pushed


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Reputation:
    """A reputation that is seen and pays nothing: `ρ ← kept ρ + (1 − kept) x` of the share x."""

    start: Any
    kept: Any

    def bounds(self, endowment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From 0 to 1 for every player."""
        return np.zeros(len(endowment)), np.ones(len(endowment))

    def begin(self, n: int) -> jax.Array:
        """The reputation of all, `[n]`."""
        return jnp.full(n, jnp.asarray(self.start, jnp.result_type(float)))

    def apply(self, kept: jax.Array, moment: Moment) -> Effect:
        """A new reputation, told."""
        now = self.kept * kept + (1.0 - self.kept) * moment.shares
        return Effect(now, told={"reputation": now})

    def seen(self, key: jax.Array, kept: jax.Array) -> jax.Array:
        """That of all."""
        return kept


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Tiers:
    """Reputation decides by what rewards are multiplied: `ρ ← ρ + rate (x − ½)` within [0, 1].

    The factor is that of the number of `steps` which the new reputation reaches. Others see it with normal noise of
    standard deviation `1 − visibility`.
    """

    start: Any
    rate: Any
    steps: Any
    factors: Any
    visibility: Any

    def bounds(self, endowment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From 0 to 1 for every player."""
        return np.zeros(len(endowment)), np.ones(len(endowment))

    def begin(self, n: int) -> jax.Array:
        """The reputation of all, `[n]`."""
        return jnp.full(n, jnp.asarray(self.start, jnp.result_type(float)))

    def apply(self, kept: jax.Array, moment: Moment) -> Effect:
        """The factor of the tier in which each is after this round."""
        now = jnp.clip(kept + self.rate * (moment.shares - 0.5), 0.0, 1.0)
        tier = (now[:, None] >= jnp.asarray(self.steps, now.dtype)).sum(axis=1)
        return Effect(now, jnp.asarray(self.factors, now.dtype)[tier], told={"reputation": now, "tier": tier})

    def seen(self, key: jax.Array, kept: jax.Array) -> jax.Array:
        """That of all, with noise."""
        noise = (1.0 - self.visibility) * jax.random.normal(key, kept.shape, kept.dtype)
        return jnp.clip(kept + noise, 0.0, 1.0)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Agreed:
    """An agreement: what each is to invest, `[2]`, and whether there is one."""

    invested: jax.Array
    there: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Agreement:
    """Two who invest alike within `room` have agreed on that; who leaves it by more than `room` breaks it.

    Where anybody breaks it, each pays `penalty` times its own deviation. It is replaced by the next agreement alone.
    """

    room: Any
    penalty: Any

    def bounds(self, endowment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Investments, and a flag."""
        return np.zeros(len(endowment) + 1), np.append(endowment, 1.0)

    def begin(self, n: int) -> Agreed:
        """None."""
        return Agreed(jnp.zeros(n), jnp.asarray(False))

    def apply(self, kept: Agreed, moment: Moment) -> Effect:
        """What a breach costs, and the agreement afterwards."""
        away = jnp.abs(moment.invested - kept.invested)
        breach = kept.there & (away > self.room).any()
        alike = jnp.abs(moment.invested[0] - moment.invested[1]) <= self.room
        now = Agreed(jnp.where(alike, moment.invested, kept.invested), kept.there | alike)
        penalty = jnp.where(breach, self.penalty * away, 0.0)
        return Effect(now, penalty=penalty, told={"breach": breach, "agreed": alike, "penalty": penalty})

    def seen(self, key: jax.Array, kept: Agreed) -> jax.Array:
        """What was agreed on, zeros where nothing was, and whether there is an agreement."""
        return jnp.append(kept.invested, kept.there.astype(kept.invested.dtype))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Reciprocity(Unseen):
    """Rewards are multiplied by `max(.01, 1 + u_i / mean e)`, which answers what others changed.

        u_i = strength Σ_{j≠i} T_ij (1 + amplified D_ij) weight D_ij^power tanh(slope (a_j − ā_j))

    In the first round ā_j is 0; afterwards it is the mean of the last actions, that of this round among them: of as
    many as `rounds`, and of no more than rounds were played before.
    """

    weight: Any
    power: Any
    slope: Any
    strength: Any
    amplified: Any
    rounds: int = field(metadata={"static": True})

    def begin(self, n: int) -> jax.Array:
        """No action yet, `[rounds, n]`."""
        return jnp.zeros((self.rounds, n))

    def apply(self, kept: jax.Array, moment: Moment) -> Effect:
        """The factor of each."""
        now = pushed(kept, moment.invested)
        usual = mean_of_last(now, jnp.minimum(self.rounds, moment.played - 1))
        needs = moment.dependence
        apart = ~jnp.eye(len(needs), dtype=bool)
        # who does not depend on another does not answer it, whatever the power
        answers = self.weight * jnp.where(apart & (needs > 0), needs, 1.0) ** self.power * (apart & (needs > 0))
        weights = moment.trust * (1.0 + self.amplified * needs) * answers
        gain = self.strength * weights @ jnp.tanh(self.slope * (moment.invested - usual))
        return Effect(now, jnp.maximum(0.01, 1.0 + gain / moment.endowment.mean()))
