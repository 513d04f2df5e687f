"""What a game is: players, actions, and the payoffs of mixed strategies, which JAX can trace."""

import math
import operator
import re
from collections.abc import Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, unknown

Strategies = Sequence[Any]
"""One strategy per player: arrays of the shapes `game.strategy_shapes`, of any kind that JAX accepts."""


@runtime_checkable
class Game(Protocol):
    """What is played: in normal form, over states, or with continuous actions.

    A strategy is an array: a mixed strategy `[a_i]` in a normal form, one mixed strategy per state `[S, a_i]` in a
    Markov game, a point `[d_i]` in a game with continuous actions.
    """

    @property
    def name(self) -> str:
        """The name in tables and figures."""

    @property
    def players(self) -> tuple[str, ...]:
        """The names of the n players."""

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shape of each player's strategy."""

    @property
    def payoff_range(self) -> float:
        """Largest minus least payoff that a profile can give, or a bound on it: the unit of tolerances."""

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff u_i(σ) of every player, shape [n]."""

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each player could gain at most by deviating, shape [n]; NaN where it is not known."""


@runtime_checkable
class NormalForm(Game, Protocol):
    """A finite game in normal form, whatever the form in which its payoffs are kept."""

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """The names of each player's actions."""

    def deviation_payoffs(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """For every player i the payoff u_i(a, σ_-i) of each own action a, shape [a_i]: ∂u_i/∂σ_i."""


class FiniteGame:
    """What all games with finitely many actions share: shapes, and pure profiles by name."""

    if TYPE_CHECKING:
        # For type checkers alone: at run time an inherited property would become a dataclass field's default.
        @property
        def name(self) -> str: ...  # noqa: D102
        @property
        def players(self) -> tuple[str, ...]: ...  # noqa: D102
        @property
        def actions(self) -> tuple[tuple[str, ...], ...]: ...  # noqa: D102

    @property
    def n_players(self) -> int:
        """The number of players."""
        return len(self.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return tuple(len(names) for names in self.actions)

    def player_index(self, player: int | str) -> int:
        """The index of a player given by index or name.

        Raises `InputError` when there is no such player.
        """
        return player_index(self, player)

    def action_index(self, player: int | str, action: int | str) -> int:
        """The index of a player's action given by index or name.

        Raises `InputError` when there is no such player or action.
        """
        index = self.player_index(player)
        names = self.actions[index]
        if isinstance(action, str):
            if action not in names:
                raise unknown(f"action of {self.players[index]}", action, names)
            return names.index(action)
        return _index(action, len(names), f"action of {self.players[index]}")

    def profile(self, value: str | Sequence[int | str]) -> tuple[int, ...]:
        """A pure profile as action indices, from "CC", "C,D", "Left/Right", ("C", "D") or (0, 1).

        Raises `InputError` when `value` is not a profile of this game.
        """
        parts = self._parts(value)
        if parts is not None and len(parts) == self.n_players:
            try:
                return tuple(self.action_index(player, part) for player, part in enumerate(parts))
            except InputError as error:
                raise InputError(f"{self._no_profile(value)} ({error})") from error
        raise InputError(self._no_profile(value))

    def _parts(self, value: str | Sequence[int | str]) -> Sequence[int | str] | None:
        if not isinstance(value, str):
            return tuple(value) if hasattr(value, "__iter__") else None
        parts = [part.strip() for part in re.split("[,/]", value)]
        return list(value) if len(parts) == 1 and self._short_names() else parts

    def _short_names(self) -> bool:
        return all(len(action) == 1 for names in self.actions for action in names)

    def _no_profile(self, value: object) -> str:
        first = [repr(self.profile_name(p)) for p in islice(product(*map(range, self.shape)), 8)]
        more = ", …" if math.prod(self.shape) > len(first) else ""
        return f"{value!r} is not a profile of {self.name}; its profiles are {', '.join(first)}{more}"

    def profile_name(self, profile: Sequence[int]) -> str:
        """The name of a pure profile given by action indices, which `profile` reads back.

        It is "CD" where all actions of the game have one-character names, else "Left/Right".
        """
        names = (self.actions[i][self.action_index(i, action)] for i, action in enumerate(profile))
        return ("" if self._short_names() else "/").join(names)


class NormalFormGame(FiniteGame):
    """What every normal form shares besides: mixed strategies and regret."""

    if TYPE_CHECKING:

        def deviation_payoffs(self, strategies: Strategies) -> tuple[jax.Array, ...]: ...  # noqa: D102

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A mixed strategy has one probability per action."""
        return tuple((actions,) for actions in self.shape)

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each player could gain at most by deviating: max_a u_i(a, σ_-i) − u_i(σ), shape [n].

        JAX can trace it; `theory.regret` is the checked form in double precision.
        """
        gains = [
            jnp.max(own) - jnp.tensordot(jnp.asarray(strategy), own, 1, precision=lax.Precision.HIGHEST)
            for strategy, own in zip(strategies, self.deviation_payoffs(strategies), strict=True)
        ]
        return jnp.stack(gains)


def player_index(game: "Game | FiniteGame", player: int | str) -> int:
    """The index of a player given by index or name.

    Raises `InputError` when there is no such player.
    """
    if isinstance(player, str):
        if player not in game.players:
            raise unknown("player", player, game.players)
        return game.players.index(player)
    return _index(player, len(game.players), "player")


def _index(value: Any, size: int, what: str) -> int:
    try:
        index = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        index = -1
    if not 0 <= index < size:
        raise InputError(f"there is no {what} number {value!r}; they are numbered from 0 to {size - 1}")
    return index
