"""Games kept as one array of payoffs, `[player, a_1, …, a_n]`."""

import dataclasses
from collections.abc import Sequence
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_array
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of
from nashscape.games.protocol import NormalFormGame, Strategies
from nashscape.games.pytrees import register_game

LISTED = 12
"""Most actions of a player whose names are all in the line that stands for a game."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class DenseGame(NormalFormGame):
    """A finite game whose payoffs u_i(a) are the entries `payoffs[i, a_1, …, a_n]`.

    `payoffs` has shape [n, a_1, …, a_n] with n ≥ 2 and every a_i ≥ 1, is kept as a read-only float64 copy,
    and is in whatever units the game has; `players` and `actions` name them. Entries may be fractions or texts
    such as "1/3" too: then `exact_payoffs` keeps what was given, `[n, a_1, …, a_n]` of `Fraction`, where the
    doubles are other numbers, else it is None. Most games are made by `dense`, `bimatrix` or a named function.

    Raises `InputError` for payoffs that are not finite or not of such a shape, and names that do not fit
    them.
    """

    payoffs: npt.NDArray[np.float64]
    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    exact_payoffs: Objects | None = None

    def __post_init__(self) -> None:
        """Check everything, so that a game that exists is one."""
        given = self.payoffs if self.exact_payoffs is None else self.exact_payoffs
        payoffs, exact = exact_array(given, f"the payoffs of {self.name}")
        if self.exact_payoffs is not None and not np.array_equal(payoffs, self.payoffs):
            raise InputError(f"the exact payoffs of {self.name} are not its payoffs; give payoffs alone")
        payoffs.flags.writeable = False
        object.__setattr__(self, "payoffs", payoffs)
        object.__setattr__(self, "exact_payoffs", exact)
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "actions", tuple(tuple(names) for names in self.actions))
        check_payoff_shape(payoffs.shape)
        _check_names(payoffs.shape, self.players, self.actions)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return tuple(self.payoffs.shape[1:])

    @property
    def payoff_range(self) -> float:
        """Largest minus least payoff of any player."""
        return float(np.ptp(self.payoffs))

    @property
    def largest_range(self) -> float:
        """The largest range of one player's payoffs; what others get does not count."""
        return max(float(np.ptp(own)) for own in np.asarray(self.payoffs))

    def to_dense(self) -> "DenseGame":
        """The game itself, which is an array of payoffs."""
        return self

    @property
    def fractions(self) -> Objects:
        """The payoffs as fractions, `[n, a_1, …, a_n]`: those that were given, or the doubles, which are fractions.

        >>> from nashscape import games
        >>> games.bimatrix([["1/3", 0], [0, 0.5]]).fractions[0, 0, 0]
        Fraction(1, 3)
        """
        return fractions_of(self.payoffs) if self.exact_payoffs is None else self.exact_payoffs

    def payoffs_at(self, profile: Sequence[int]) -> npt.NDArray[np.float64]:
        """The payoff of every player at a pure profile of action indices, shape [n].

        >>> from nashscape import games
        >>> games.stag_hunt().payoffs_at((1, 0))
        array([3., 0.])
        """
        index: tuple[Any, ...] = (slice(None), *profile)
        return np.array(self.payoffs[index])

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff of every player, u_i(σ) = Σ_a Π_j σ_j(a_j) u_i(a), shape [n].

        `strategies` holds n arrays of shapes [a_1] … [a_n].

        >>> from nashscape import games
        >>> games.stag_hunt().expected_payoffs([[0.5, 0.5], [0.5, 0.5]]).tolist()
        [2.25, 2.25]
        """
        remaining = jnp.asarray(self.payoffs)
        for strategy in reversed(strategies):
            remaining = _contract(remaining, strategy)
        return remaining

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """For every player i the payoffs u_i(a, σ_-i) of the own actions a, shape [a_i]: these are ∂u_i/∂σ_i.

        `strategies` holds n arrays of shapes [a_1] … [a_n]; entry i of the result does not depend on σ_i.

        >>> from nashscape import games
        >>> [own.tolist() for own in games.stag_hunt().action_values([[1.0, 0.0], [0.5, 0.5]])]
        [[2.0, 2.5], [4.0, 3.0]]
        """
        payoffs = jnp.asarray(self.payoffs)
        return tuple(self._own_payoffs(payoffs, i, strategies) for i in range(len(strategies)))

    def _own_payoffs(self, payoffs: jax.Array, player: int, strategies: Strategies) -> jax.Array:
        remaining = jnp.moveaxis(lax.index_in_dim(payoffs, player, keepdims=False), player, 0)
        others = [strategy for j, strategy in enumerate(strategies) if j != player]
        for strategy in reversed(others):
            remaining = _contract(remaining, strategy)
        return remaining

    def replace(self, **changes: Any) -> "DenseGame":
        """This game with some of its fields changed, checked again: `game.replace(payoffs=…, name=…)`."""
        # other payoffs have other exact values
        kept = {"exact_payoffs": None} if "payoffs" in changes else {}
        return dataclasses.replace(self, **(kept | changes))

    @property
    def _given(self) -> npt.NDArray[Any]:
        """The payoffs to make another game from: the exact ones, where the doubles are other numbers."""
        return self.payoffs if self.exact_payoffs is None else self.exact_payoffs

    def relabel(self, player: int | str, order: Sequence[int | str]) -> "DenseGame":
        """The same game with a player's actions in another order: new action k is the old action `order[k]`.

        Raises `InputError` unless `order` names each action once.
        """
        i = self.player_index(player)
        old = [self.action_index(i, action) for action in order]
        _check_order(old, self.shape[i], f"the actions of {self.players[i]}")
        actions = list(self.actions)
        actions[i] = tuple(self.actions[i][k] for k in old)
        return self.replace(payoffs=np.take(self._given, old, axis=1 + i), actions=tuple(actions))

    def permute_players(self, order: Sequence[int | str]) -> "DenseGame":
        """The same game with the players in another order: new player k is the old player `order[k]`.

        Raises `InputError` unless `order` names each player once.
        """
        old = [self.player_index(player) for player in order]
        _check_order(old, self.n_players, "the players")
        return self.replace(
            payoffs=self._given[old].transpose(0, *(1 + k for k in old)),
            players=tuple(self.players[k] for k in old),
            actions=tuple(self.actions[k] for k in old),
        )

    def affine(self, scale: npt.ArrayLike = 1.0, shift: npt.ArrayLike = 0.0) -> "DenseGame":
        """The game with payoffs scale_i · u_i + shift_i, which has the same equilibria.

        `scale` and `shift` are numbers or arrays of shape [n]. Raises `InputError` unless every scale is
        positive.
        """
        factors = self._per_player(scale, "scale")
        if (factors <= 0).any():
            raise InputError(f"scale must be positive; got {np.asarray(scale).tolist()}")
        shifts = self._per_player(shift, "shift")
        if self.exact_payoffs is not None:
            return self.replace(payoffs=fractions_of(factors) * self.exact_payoffs + fractions_of(shifts))
        return self.replace(payoffs=factors * self.payoffs + shifts)

    def _per_player(self, value: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
        numbers = finite_array(value, name)
        if numbers.shape not in ((), (self.n_players,)):
            raise InputError(f"{name} must be a number or {self.n_players} numbers; got shape {numbers.shape}")
        return np.broadcast_to(numbers, self.n_players).reshape(-1, *(1 for _ in self.shape))

    def table(self) -> str:
        """The payoffs as plain text: a table for two players, a line per profile for more.

        >>> from nashscape import games
        >>> print(games.stag_hunt().table())
              C     D
        C  4, 4  0, 3
        D  3, 0  2, 2
        """
        cells = {
            profile: ", ".join(f"{x:g}" for x in self.payoffs_at(profile))
            for profile in product(*map(range, self.shape))
        }
        if self.n_players > 2:
            return "\n".join(f"{self.profile_name(profile)}: {cell}" for profile, cell in cells.items())
        rows, columns = self.actions
        grid = [["", *columns]]
        grid += [[row, *(cells[i, j] for j in range(len(columns)))] for i, row in enumerate(rows)]
        widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
        body = [[x.rjust(w) for x, w in zip(line[1:], widths[1:], strict=True)] for line in grid]
        return "\n".join("  ".join([line[0].ljust(widths[0]), *r]) for line, r in zip(grid, body, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data, from which `DenseGame` can be built again: exact payoffs are texts like "1/3"."""
        made = {
            "name": self.name,
            "players": list(self.players),
            "actions": [list(names) for names in self.actions],
            "payoffs": np.asarray(self.payoffs),
        }
        if self.exact_payoffs is not None:
            made["exact_payoffs"] = np.vectorize(str, otypes=[object])(self.exact_payoffs).tolist()
        return made

    def __repr__(self) -> str:
        """Name, size and actions, as one line."""
        size = "×".join(map(str, self.shape))
        names = "; ".join(_listed(own) for own in dict.fromkeys(self.actions))
        return f"<DenseGame {self.name}: {self.n_players} players, {size} actions ({names})>"


def _listed(names: tuple[str, ...]) -> str:
    """The names of one player's actions; of many, as strategies of a tree, the first and the last.

    >>> _listed(("a", "b")), _listed(tuple("abcdefghijklm"))
    ('a b', 'a … m')
    """
    return " ".join(names) if len(names) <= LISTED else f"{names[0]} … {names[-1]}"


def _contract(payoffs: jax.Array, strategy: Any) -> jax.Array:
    # HIGHEST: some accelerators would otherwise round single precision to ten bits in a contraction
    return jnp.tensordot(payoffs, jnp.asarray(strategy), 1, precision=lax.Precision.HIGHEST)


register_game(DenseGame, numbers=["payoffs"], names={"name": "", "players": (), "actions": (), "exact_payoffs": None})


def check_payoff_shape(shape: tuple[int, ...]) -> None:
    """Raise `InputError` unless an array of this shape can be the payoffs of a game."""
    n = len(shape) - 1
    if n < 2 or shape[0] != n:
        by_cell = n >= 2 and shape[-1] == n
        turned = ": these are payoffs per cell; give a table per player, as numpy.moveaxis(payoffs, -1, 0) makes them"
        raise InputError(
            f"payoffs must have shape [n, a_1, …, a_n] for n ≥ 2 players; got {list(shape)}{turned if by_cell else ''}"
        )
    if min(shape[1:]) < 1:
        raise InputError(f"every player needs an action; got {list(shape[1:])}")


def _check_names(shape: tuple[int, ...], players: tuple[str, ...], actions: tuple[tuple[str, ...], ...]) -> None:
    if len(players) != shape[0] or len(set(players)) != shape[0]:
        raise InputError(f"the game needs {shape[0]} different player names; got {players}")
    if tuple(len(names) for names in actions) != shape[1:]:
        raise InputError(f"the game needs {list(shape[1:])} action names; got {actions}")
    for names in actions:
        if len(set(names)) != len(names):
            raise InputError(f"a player's actions need different names; got {names}")
        for name in names:
            if not isinstance(name, str) or name != name.strip() or not name or set(name) & set(",/"):
                raise InputError(f"an action name must be a text without commas and slashes; got {name!r}")


def _check_order(order: list[int], size: int, what: str) -> None:
    if sorted(order) != list(range(size)):
        raise InputError(f"an order of {what} names each of the {size} once; got {order}")
