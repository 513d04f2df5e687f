"""Games on a graph: every player plays a game of two players with each neighbour, and the payoffs add up."""

import dataclasses
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError, finite_array
from nashscape.games.forms.compact import CompactGame, Floats, check_compact_names
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class PolymatrixGame(CompactGame):
    """A game in which u_i(a) = b_i(a_i) + Σ_j u_ij(a_i, a_j), a sum over the other players j.

    The actions of all players are numbered through, player after player, A = Σ a_i in all. One matrix then holds every
    u_ij, and payoffs cost one product of a matrix and a vector, whatever the number of players. Most games of this kind
    are made by `polymatrix` or a named function. Yanovskaya (1968); Howson (1972).

    Attributes:
        interactions: shape [A, A]; the block of rows of player i and columns of player j is u_ij, in payoff units.
            Blocks on the diagonal are zero.
        own: b_i(a_i) of every action, shape [A], in payoff units.
        sizes: the number of actions of each player.
        name: of the game.
        players: names.
        actions: names of each player's actions.

    Raises:
        InputError: for payoffs that are not finite or not of such a shape, payoffs of a player against itself, and
            names that do not fit.
    """

    interactions: Floats
    own: Floats
    sizes: tuple[int, ...]
    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Check everything, so that a game that exists is one."""
        sizes = tuple(int(size) for size in self.sizes)
        total = sum(sizes)
        interactions = finite_array(self.interactions, f"the interactions of {self.name}", shape=(total, total))
        own = finite_array(self.own, f"the own payoffs of {self.name}", shape=(total,))
        for array in (interactions, own):
            array.flags.writeable = False
        fields = {
            "interactions": interactions,
            "own": own,
            "sizes": sizes,
            "players": tuple(self.players),
            "actions": tuple(tuple(names) for names in self.actions),
        }
        for field, value in fields.items():
            object.__setattr__(self, field, value)
        check_compact_names(sizes, self.players, self.actions, self.name)
        for i in range(len(sizes)):
            if self.matrix(i, i).any():
                raise InputError(f"{self.players[i]} cannot play against itself; use own payoffs for that")

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return self.sizes

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """The pairs i < j of players of whom one cares about what the other does."""
        pairs = combinations(range(self.n_players), 2)
        return tuple((i, j) for i, j in pairs if self.matrix(i, j).any() or self.matrix(j, i).any())

    @property
    def payoff_range(self) -> float:
        """Largest minus least payoff of any player, exactly: given a_i, the others' terms vary independently."""
        starts = self._spans()[:-1]
        highest = self.own + np.maximum.reduceat(self.interactions, starts, axis=1).sum(axis=1)
        lowest = self.own + np.minimum.reduceat(self.interactions, starts, axis=1).sum(axis=1)
        return float(highest.max() - lowest.min())

    def _spans(self) -> list[int]:
        """Where each player's actions start in the numbering, and the end."""
        return [0, *np.cumsum(self.sizes).tolist()]

    def matrix(self, player: int | str, other: int | str) -> Floats:
        """The payoffs u_ij(a_i, a_j) of a player from what it and another do, shape [a_i, a_j]."""
        i, j = self.player_index(player), self.player_index(other)
        spans = self._spans()
        return self.interactions[spans[i] : spans[i + 1], spans[j] : spans[j + 1]]

    def payoffs_at(self, profile: Sequence[int]) -> Floats:
        """The payoff of every player at a pure profile of action indices, shape [n]."""
        chosen = np.array(self._spans()[:-1]) + np.array(self._check_profile(profile))
        return np.asarray(self.own[chosen] + self.interactions[np.ix_(chosen, chosen)].sum(axis=1))

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff of every player, u_i(σ) = Σ_a σ_i(a) (b_i(a) + Σ_j Σ_c u_ij(a, c) σ_j(c)), shape [n].

        `strategies` holds n arrays of shapes [a_1] … [a_n].

        >>> from nashscape import games
        >>> ring = games.graph_donation("ring:4", benefit=3, cost=1)
        >>> ring.expected_payoffs([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.0, 1.0]]).tolist()
        [0.5, 2.5, 1.5, 3.0]
        """
        joined = jnp.concatenate([jnp.asarray(strategy) for strategy in strategies])
        weighted = joined * self._deviations(joined)
        # a constant of zeros and ones, so that sums over unequal numbers of actions are one contraction
        owner = np.repeat(np.eye(len(self.sizes)), self.sizes, axis=1).astype(weighted.dtype)
        return jnp.tensordot(owner, weighted, 1, precision=lax.Precision.HIGHEST)

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """For every player i the payoffs u_i(a, σ_-i) of the own actions a, shape [a_i]: these are ∂u_i/∂σ_i.

        `strategies` holds n arrays of shapes [a_1] … [a_n]; entry i of the result does not depend on σ_i.
        """
        payoffs = self._deviations(jnp.concatenate([jnp.asarray(strategy) for strategy in strategies]))
        return tuple(payoffs[low:high] for low, high in pairwise(self._spans()))

    def _deviations(self, joined: jax.Array) -> jax.Array:
        others = jnp.tensordot(jnp.asarray(self.interactions), joined, 1, precision=lax.Precision.HIGHEST)
        return jnp.asarray(self.own) + others

    def _all_payoffs(self) -> Floats:
        payoffs = np.zeros((self.n_players, *self.shape))
        for i, (low, high) in enumerate(pairwise(self._spans())):
            payoffs[i] += _spread(self.own[low:high], [i], self.n_players)
            for j in range(self.n_players):
                if self.matrix(i, j).any():
                    matrix = self.matrix(i, j) if i < j else self.matrix(i, j).T
                    payoffs[i] += _spread(matrix, sorted((i, j)), self.n_players)
        return payoffs

    def table(self) -> str:
        """The payoffs as plain text: own ones, then a table for all edges with the same game."""
        spans = self._spans()
        own: dict[str, list[str]] = {}
        for i, names in enumerate(self.actions):
            payoffs = self.own[spans[i] : spans[i + 1]]
            if payoffs.any():
                text = ", ".join(f"{name} {x:g}" for name, x in zip(names, payoffs, strict=True))
                own.setdefault(text, []).append(self.players[i])
        games: dict[str, list[str]] = {}
        for i, j in self.edges:
            payoffs = np.stack([self.matrix(i, j), self.matrix(j, i).T])
            pair = DenseGame(payoffs, self.name, (self.players[i], self.players[j]), (self.actions[i], self.actions[j]))
            games.setdefault(pair.table(), []).append(f"{self.players[i]} – {self.players[j]}")
        parts = [f"{', '.join(who)}, whatever the others do: {text}" for text, who in own.items()]
        return "\n\n".join([*parts, *(f"{', '.join(who)}:\n{text}" for text, who in games.items())])

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data, from which `PolymatrixGame` can be built again."""
        return {
            "name": self.name,
            "players": list(self.players),
            "actions": [list(names) for names in self.actions],
            "sizes": list(self.sizes),
            "own": np.asarray(self.own),
            "interactions": np.asarray(self.interactions),
        }

    def __repr__(self) -> str:
        """Name, size and actions, as one line."""
        names = "; ".join(" ".join(own) for own in dict.fromkeys(self.actions))
        return f"<PolymatrixGame {self.name}: {self.n_players} players, {len(self.edges)} edges, actions ({names})>"


register_game(
    PolymatrixGame,
    numbers=["interactions", "own"],
    structure=["sizes"],
    names={"name": "", "players": (), "actions": ()},
)


def _spread(array: Floats, axes: Sequence[int], n: int) -> Floats:
    """An array over some players' actions with an axis of length one for every other player."""
    return array.reshape([array.shape[axes.index(k)] if k in axes else 1 for k in range(n)])
