"""Orchards as environments: grid worlds in which players take apples."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.environments.orchards import orchard_states
from nashscape.environments.orchards.orchard_ground import ACTIONS, CLEAN, STAY, Ground
from nashscape.environments.orchards.orchard_growth import Growth
from nashscape.environments.orchards.orchard_rounds import (
    Drawn,
    Grove,
    acted,
    after_growth,
    brought_back,
    drawn,
    order_of,
    sent_out,
)
from nashscape.environments.orchards.orchard_views import planes, windows
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals
from nashscape.games.protocol import Game


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Orchard:
    """Players on a grid who take apples. Made by `harvest` and `cleanup`.

    Attributes:
        growth: how apples and waste come to be.
        cost: what it costs to fire, in payoff units; an apple is worth 1.
        fine: what every beam that hits a player costs it.
        discount: γ.
        ground: the map, and what players and beams reach on it.
        limit: rounds after which an episode is cut off.
        time_out: rounds for which who was hit is out; 0 for none.
        name: of the environment.
    """

    growth: Growth
    cost: Any
    fine: Any
    discount: Any
    ground: Ground = field(metadata={"static": True})
    limit: int = field(metadata={"static": True})
    time_out: int = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def players(self) -> tuple[str, ...]:
        """player 1, player 2, …"""
        return tuple(f"player {i + 1}" for i in range(self.ground.players))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """A window of zeros and ones for each player, `[planes, view, view]`."""
        view = self.ground.view
        return (reals((planes(self.ground), view, view), 0.0, 1.0),) * self.ground.players

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """Steps, turns and beams; the last one cleans, where there is a river."""
        names = ACTIONS if len(self.ground.river) else ACTIONS[:CLEAN]
        return (discrete(len(names), names),) * self.ground.players

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode."""
        return self.limit

    def reset(self, key: jax.Array) -> tuple[Grove, tuple[jax.Array, ...]]:
        """Players on different fields of those on which they start, drawn, each looking any way."""
        ground, n = self.ground, self.ground.players
        where, which = jax.random.split(key)
        cells = jax.random.permutation(where, jnp.asarray(ground.starts))[:n]
        looks = jax.random.randint(which, (n,), 0, 4, jnp.int32)
        out, apples, waste = jnp.zeros(n, jnp.int32), jnp.asarray(ground.first_apples), jnp.asarray(ground.first_waste)
        state = Grove(cells, looks, out, apples, waste, jnp.int32(0))
        return state, self.seen(state)

    def step(self, key: jax.Array, state: Grove, actions: tuple[jax.Array, ...]) -> Step:
        """They move, take apples where they stand, fire and clean at once; then apples and waste appear."""
        return self.round(state, actions, drawn(self.ground, key))

    def round(self, state: Grove, actions: tuple[jax.Array, ...], numbers: Drawn) -> Step:
        """A round with these random numbers."""
        ground = self.ground
        now, told = acted(ground, state, jnp.stack(actions), order_of(numbers.order))
        if self.time_out:
            now = sent_out(ground, now, told["hit"] > 0, self.time_out)
        now = after_growth(ground, self.growth, now, numbers)
        if self.time_out:
            now = brought_back(ground, now, numbers)
        now = replace(now, played=state.played + 1)
        measures = {**told, "apples": now.apples.sum(dtype=jnp.int32)}
        if len(ground.river):
            measures["waste"] = now.waste.sum(dtype=jnp.int32)
        return Step(now, self.seen(now), self.paid(told), jnp.asarray(False), now.played >= self.limit, measures)

    def paid(self, told: Any) -> jax.Array:
        """What players are paid for what they did and suffered, `[n]`."""
        made: jax.Array = told["taken"].astype(float) - self.cost * told["fired"] - self.fine * told["hit"]
        return made

    def seen(self, state: Grove) -> tuple[jax.Array, ...]:
        """What every player sees of a state."""
        return tuple(windows(self.ground, state.cells, state.looks, state.apples, state.waste))

    def legal(self, state: Grove) -> tuple[jax.Array | None, ...]:
        """Always all; who is out can only stay."""
        if not self.time_out:
            return (None,) * self.ground.players
        stays = jnp.arange(self.action_spaces[0].n) == STAY  # type: ignore[union-attr]
        return tuple((state.cells[:, None] < self.ground.size) | stays)

    @property
    def views(self) -> tuple[jax.Array, ...] | None:
        """What each player sees in every state of `exact`, `[S, planes, view, view]`; None where that is None."""
        states = orchard_states.listed(self)
        return None if states is None else jax.vmap(self.seen)(states)

    def exact(self) -> Game | None:
        """The game without end over all states; None for a larger one, and where players can be out."""
        return orchard_states.markov_game(self)
