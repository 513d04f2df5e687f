"""What rules have in common that say what is played next in every row."""

import abc
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.core.overriding import override
from nashscape.learning.asking import PARAMETERS, ROW_VALUES, STRATEGIES
from nashscape.learning.oracle import Oracle
from nashscape.learning.row_values import RowValues
from nashscape.learning.rules import Rule, State
from nashscape.semantics import ParametricGame

ORDERS = ("simultaneous", "sequential")

LEAST = 1e-26
"""Probabilities below this are raised to it where a logarithm is taken."""


class RowRule(Rule):
    """A rule whose next strategies follow from what the actions of every row are worth: `σ ← next(σ, values)`.

    A whole step of a run arrives at them, whatever the step size.

    Attributes:
        order: "simultaneous", all players from the same strategies; or "sequential", each from what those before it
            have just become, which is also called alternating.
        shapes: of the players' strategies, once it is made ready for a game.
    """

    order: str = "simultaneous"
    shapes: tuple[tuple[int, ...], ...] = ()

    has_flow: ClassVar[bool] = False  # a round is a round, whatever the step size
    uses_step_size: ClassVar[bool] = False
    units: ClassVar[Mapping[str, int]] = MappingProxyType({"rate": -1, "temperature": 1})
    averaging: str = "uniform"
    """How rounds count in averages that are asked for of it: "uniform", or "linear", round t with weight t."""

    @property
    def needs(self) -> frozenset[str]:
        """What actions are worth, row by row; and strategies."""
        return frozenset({"base", STRATEGIES, PARAMETERS, ROW_VALUES})

    @override
    def for_game(self, game: ParametricGame) -> Self:
        if game.semantics.costs_vary:
            raise InputError(f"{self.name} chooses strategies, which leave open what costs players of {game.name} have")
        return cast(Self, replace(cast(Any, self), shapes=tuple(map(tuple, game.game.strategy_shapes))))

    @abc.abstractmethod
    def begin(self, theta: jax.Array) -> tuple[Any, ...]:
        """What is remembered of every player before the first update, a pytree each."""

    @abc.abstractmethod
    def next(self, oracle: Oracle, player: int, seen: Sequence[jax.Array], own: Any, step: jax.Array) -> Any:
        """What a player plays next, and what it remembers.

        Args:
            oracle: to be asked.
            player: its number.
            seen: the strategies of all players.
            own: what it remembers.
            step: from 0.
        """

    @override
    def init(self, theta: jax.Array) -> State:
        return self.begin(theta)

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """The way to what is played next, divided by the step size, so that a whole step arrives there."""
        before, remembered = oracle.strategies(oracle.theta), []
        now = list(before)
        for player, own in enumerate(state):
            seen = now if self.order == "sequential" else before
            after, kept = self.next(oracle, player, tuple(seen), own, step)
            now[player] = jnp.asarray(after, before[player].dtype)
            remembered.append(kept)
        # logits of zeros would be infinite; a zero that is none would be taken for a reason to be there
        least = 0.0 if oracle.holds_zeros else LEAST
        floored = [jnp.where(mask, jnp.maximum(own, least), 0.0) for own, mask in zip(now, oracle.legal, strict=True)]
        change = oracle.parameters(floored) - oracle.theta
        size = jnp.asarray(oracle.step_size, change.dtype)
        return jnp.where(size > 0, change / jnp.where(size > 0, size, 1), 0), tuple(remembered)

    def values(self, oracle: Oracle, seen: Sequence[jax.Array], player: int) -> RowValues:
        """What is known of a player's actions against these strategies."""
        return oracle.row_values(seen)[player]


def normalised(logs: jax.Array, legal: Any) -> jax.Array:
    """The strategy whose logarithms these are, up to a constant in each row, among legal actions."""
    return jax.nn.softmax(logs, axis=-1, where=jnp.asarray(legal))


def logs_of(strategy: jax.Array, legal: Any) -> jax.Array:
    """Logarithms of a strategy; zero for what is not legal."""
    return jnp.where(legal, jnp.log(jnp.maximum(strategy, LEAST)), 0.0)
