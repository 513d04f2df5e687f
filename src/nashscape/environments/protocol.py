"""What an environment is: a game that can only be played, by `reset` and `step`, which JAX can trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

import jax

from nashscape.environments.spaces import Space
from nashscape.games.protocol import Game

NOTHING: Mapping[str, Any] = MappingProxyType({})


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Step:
    """What a round of an environment comes to.

    Attributes:
        state: the state after it, never that of a new episode: who plays on calls `reset` where an episode is over.
        observations: what every player sees then, one array of the shape of its space each.
        rewards: what every player is paid for the round, `[n]`, in payoff units.
        terminated: whether the game is over: nothing that could be earned is left.
        truncated: whether the episode is cut off though the game goes on; never both.
        measures: what else is told of the round, by name, arrays of shapes that stay: such as who took which coin.
    """

    state: Any
    observations: tuple[jax.Array, ...]
    rewards: jax.Array
    terminated: jax.Array
    truncated: jax.Array
    measures: Mapping[str, jax.Array] = field(default_factory=dict)


class Environment(Protocol):
    """A game that is played round by round, all players at the same time; who does not act has one legal action.

    It is a pytree, frozen: its numbers are arguments of compiled programs, its structure is part of their shape. One
    episode is what `reset` begins; programs play many of them side by side with `jax.vmap`.

    Two flags say how an episode ends. What is *terminated* is worth nothing any more. What is *truncated* would have
    gone on: who values it adds what its last observations are worth. An endless game that is cut off for convenience
    must never say that it is terminated, and one that really ends must let players see the clock.
    """

    @property
    def name(self) -> str:
        """The name in tables and figures."""

    @property
    def players(self) -> tuple[str, ...]:
        """The names of the n players."""

    @property
    def offers(self) -> frozenset[str]:
        """What can be asked of it: "plays"."""

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What every player sees; static."""

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """What every player may do; static."""

    @property
    def discount(self) -> float:
        """γ: players are after the mean of `Σ_t γ^t r_t` over an episode."""

    @property
    def horizon(self) -> int | None:
        """Rounds after which every episode has ended, one way or the other; None where nobody knows."""

    def reset(self, key: jax.Array) -> tuple[Any, tuple[jax.Array, ...]]:
        """A first state and what every player sees of it."""

    def step(self, key: jax.Array, state: Any, actions: tuple[jax.Array, ...]) -> Step:
        """A round: whole numbers, or points, one action for every player."""

    def legal(self, state: Any) -> tuple[jax.Array | None, ...]:
        """For every player which of its actions it may take, `[a_i]` truth values; None where always all."""

    def exact(self) -> Game | None:
        """The same game with what it pays exactly, where there is one: its rows are what each player may see.

        Who gives one has `views` as well, what each player sees in its rows, `[S_i, …]`: a policy is then a strategy.
        Where some of its states stand for an episode that is over, `ended` tells them, `[S]` truth values: institutions
        move nothing there. Where nothing of what is paid is drawn, `certain` is true.
        """
