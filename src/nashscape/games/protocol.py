"""What a game is: players, actions, and the payoffs of mixed strategies, which JAX can trace."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

import jax
import jax.numpy as jnp
import numpy.typing as npt
from jax import lax

from nashscape.games import naming

if TYPE_CHECKING:
    from nashscape.games.forms.dense_game import DenseGame

Strategies = Sequence[Any]
"""One strategy per player: arrays of the shapes `game.strategy_shapes`, of any kind that JAX accepts."""


class Game(Protocol):
    """What is played: in normal form, over states, or with continuous actions.

    What a game is good for it says itself, in `offers`: see `games.offers`. Nobody asks for its class.

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
    def offers(self) -> frozenset[str]:
        """What can be asked of it, by the names of `games.offers`."""

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


GameLike: TypeAlias = Game | Sequence[Any] | npt.NDArray[Any] | jax.Array
"""A game, or what `games.game` makes one of: payoffs as an array, or as a matrix for every player. Objects of other
libraries for which there is a converter stand for games too."""


class NormalForm(Game, Protocol):
    """A finite game in normal form, whatever the form in which its payoffs are kept."""

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """The names of each player's actions."""

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """For every player i the payoff u_i(a, σ_-i) of each own action a, shape [a_i]: ∂u_i/∂σ_i."""


class Table(NormalForm, Protocol):
    """A game in normal form whose payoffs can be written out."""

    def to_dense(self) -> "DenseGame":
        """The same game with its full array of payoffs."""


class Rows(Game, Protocol):
    """A game in which strategies are `[rows, actions]`: a mixed strategy in every state or information set."""

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """The names of each player's actions, the same in all its rows."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of each player's rows."""


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
        """The index of a player given by index or name; see `naming`."""
        return naming.player_index(self, player)

    def action_index(self, player: int | str, action: int | str) -> int:
        """The index of a player's action given by index or name; see `naming`."""
        return naming.action_index(self, player, action)

    def profile(self, value: str | Sequence[int | str]) -> tuple[int, ...]:
        """A pure profile as action indices, from "CC", "C,D", "Left/Right", ("C", "D") or (0, 1); see `naming`.

        Raises `InputError` when `value` is not a profile of this game.
        """
        return naming.pure_profile(self, value)

    def profile_name(self, profile: Sequence[int]) -> str:
        """The name of a pure profile given by action indices, which `profile` reads back: "CD" or "Left/Right"."""
        return naming.profile_name(self, profile)


class NormalFormGame(FiniteGame):
    """What every normal form shares besides: mixed strategies and regret."""

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "normal", "table"})

    if TYPE_CHECKING:

        def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]: ...  # noqa: D102

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
            for strategy, own in zip(strategies, self.action_values(strategies), strict=True)
        ]
        return jnp.stack(gains)
