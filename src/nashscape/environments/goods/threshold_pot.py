"""A public good over time as an environment: what n players give adds up, and has to reach a threshold."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.environments.goods import exact_goods
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals
from nashscape.games.protocol import Game


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Pot:
    """Where an episode is; amounts in whole units.

    Attributes:
        given: what each player has given in all, `[n]`.
        played: rounds that were played.
    """

    given: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class ThresholdGoods:
    """A public good that is provided if enough has been given by the end. Made by `threshold_goods`.

    Attributes:
        values: what the good is worth to each, `[n]`.
        unit: of which all amounts are multiples.
        gifts: what may be given in a round, `[k]`, in units, rising.
        threshold: what all have to give in all, in units.
        refund: the part of its gifts that each gets back where the good is not provided.
        spared: the chance that all have the good all the same where too little was given.
        discount: γ.
        rounds: of an episode.
        name: of the environment.
        levels: names of the gifts.
    """

    values: Any
    unit: Any
    gifts: Any
    threshold: Any
    refund: Any
    spared: Any
    discount: Any
    rounds: int = field(metadata={"static": True})
    name: str = field(metadata={"static": True})
    levels: tuple[str, ...] = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def size(self) -> int:
        """The number of players."""
        return int(self.values.shape[0])

    @property
    def players(self) -> tuple[str, ...]:
        """The names of the players."""
        return tuple(f"player {i + 1}" for i in range(self.size))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What each has given so far, in parts of the threshold, and the share of rounds that were played."""
        return (reals(self.size + 1, 0.0),) * self.size

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """What may be given."""
        return (discrete(len(self.levels), self.levels),) * self.size

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode."""
        return self.rounds

    def reset(self, key: jax.Array) -> tuple[Pot, tuple[jax.Array, ...]]:
        """Nobody has given anything."""
        state = Pot(jnp.zeros(self.size, jnp.int32), jnp.int32(0))
        return state, self._seen(state)

    def step(self, key: jax.Array, state: Pot, actions: tuple[jax.Array, ...]) -> Step:
        """All give at the same time; after the last round it is counted."""
        gift = jnp.asarray(self.gifts, jnp.int32)[jnp.stack(actions)]
        now = Pot(state.given + gift, state.played + 1)
        last = now.played >= self.rounds
        enough = now.given.sum() >= jnp.asarray(self.threshold, jnp.int32)
        there = enough | jax.random.bernoulli(key, jnp.asarray(self.spared, jnp.result_type(float)))
        worth = jnp.where(there, self._real(self.values), self._real(self.refund) * self._amount(now.given))
        paid = jnp.where(last, worth, 0.0) - self._amount(gift)
        measures = {"given": self._amount(gift), "total": self._amount(now.given.sum()), "provided": last & enough}
        return Step(now, self._seen(now), paid, last, jnp.asarray(False), measures)

    def legal(self, state: Pot) -> tuple[None, ...]:
        """All gifts are legal always."""
        return (None,) * self.size

    @property
    def views(self) -> tuple[jax.Array, ...] | None:
        """What each player sees in every state of `exact`, `[S, m]`; None where that is None."""
        listed = exact_goods.listed(self)
        if listed is None:
            return None
        given = jnp.asarray([own.given for own in listed], jnp.int32)
        return jax.vmap(self._seen)(Pot(given, jnp.asarray([own.played for own in listed], jnp.int32)))

    def exact(self) -> Game | None:
        """The game over what has been given and the rounds; None where there are too many states."""
        return exact_goods.markov_game(self)

    def _amount(self, units: jax.Array) -> jax.Array:
        return units.astype(float) * self._real(self.unit)

    def _real(self, number: Any) -> jax.Array:
        return jnp.asarray(number, jnp.result_type(float))

    def _seen(self, state: Pot) -> tuple[jax.Array, ...]:
        parts = state.given / jnp.asarray(self.threshold, jnp.int32)
        seen = jnp.append(parts, state.played / self.rounds).astype(jnp.result_type(float))
        return (seen,) * self.size
