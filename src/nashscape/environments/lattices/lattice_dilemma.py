"""Dilemmas on a lattice or a graph, round after round: every player does one thing to all its neighbours."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.lattices import lattice_rounds, lattice_states
from nashscape.environments.lattices.neighbourhoods import Ints, on_graph, on_lattice
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals
from nashscape.evolution.population_games import as_population_game
from nashscape.games.protocol import Game

USUAL = ((1.0, -0.25), (1.25, 0.0))
"""A dilemma of giving: R = 1, S = −¼, T = 1¼, P = 0."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LastRound:
    """What was done last.

    Attributes:
        actions: of all players, `[N]`.
        played: rounds that were played.
    """

    actions: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False, repr=False)
class LatticeDilemma:
    """Players who play a symmetric game with all their neighbours. Made by `lattice_dilemma` and `graph_dilemma`.

    For many players `paid` and `rows_of` take what all do as one array `[N]`, and no tuple of arrays.

    Attributes:
        payoffs: of the action of the row against that of the column, `[k, k]`.
        neighbours: of every player, `[N, d]`; N for nobody, where others have more.
        shares: what one game counts for each player, `[N]`: one over its neighbours, or 1.
        discount: γ.
        limit: rounds after which an episode is cut off.
        actions: what actions are called.
        name: of the environment.
    """

    payoffs: Any
    neighbours: Any
    shares: Any
    discount: Any
    limit: int = field(metadata={"static": True})
    actions: tuple[str, ...] = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})
    certain: ClassVar[bool] = True
    """Nothing of what is paid is drawn."""

    @property
    def players(self) -> tuple[str, ...]:
        """Players by number, on a lattice row by row."""
        return tuple(f"player {i + 1}" for i in range(len(self.neighbours)))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What everyone and its neighbours did last: 1 and −1, or flags of more actions; 0 for nobody."""
        count = len(self.payoffs)
        size = (1 if count == 2 else count) * (self.neighbours.shape[1] + 1)
        return (reals(size, -1.0 if count == 2 else 0.0, 1.0),) * len(self.neighbours)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """The actions of the game, one of which is done to all neighbours."""
        return (discrete(len(self.payoffs), self.actions),) * len(self.neighbours)

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode."""
        return self.limit

    @property
    def n_rows(self) -> int:
        """How many different things a player may see, `k^(d+1)`."""
        return int(len(self.payoffs) ** (self.neighbours.shape[1] + 1))

    def drawn(self, key: jax.Array) -> jax.Array:
        """What players did before the first round, `[N]`: drawn evenly, each by itself."""
        return jax.random.randint(key, (len(self.neighbours),), 0, len(self.payoffs), jnp.int32)

    def paid(self, actions: jax.Array) -> jax.Array:
        """What everyone is paid where all do this, `[N]`: `w_i Σ_j A[a_i, a_j]` over its neighbours."""
        payoffs, shares = (jnp.asarray(own, jnp.result_type(float)) for own in (self.payoffs, self.shares))
        return lattice_rounds.paid(payoffs, shares, jnp.asarray(self.neighbours), actions)

    def rows_of(self, actions: jax.Array) -> jax.Array:
        """Which of `n_rows` things everyone sees after that, `[N]`: digits are its own action, then its neighbours'."""
        return lattice_rounds.rows_of(len(self.payoffs), jnp.asarray(self.neighbours), actions)

    def reset(self, key: jax.Array) -> tuple[LastRound, tuple[jax.Array, ...]]:
        """Actions that were drawn, and what is seen of them."""
        state = LastRound(self.drawn(key), jnp.int32(0))
        return state, self._seen(state.actions)

    def step(self, key: jax.Array, state: LastRound, actions: tuple[jax.Array, ...]) -> Step:
        """A round, in which nothing is drawn."""
        every = jnp.stack(actions).astype(jnp.int32)
        now = LastRound(every, state.played + 1)
        first = every == 0
        measures = {"cooperated": first, "cooperation": first.mean()}
        cut = now.played >= self.limit
        return Step(now, self._seen(every), self.paid(every), jnp.asarray(False), cut, measures)

    def legal(self, state: LastRound) -> tuple[None, ...]:
        """All actions are legal always."""
        return (None,) * len(self.neighbours)

    @property
    def views(self) -> tuple[jax.Array, ...] | None:
        """What all players see in every state of `exact`, `[S, m]`; None where that is None."""
        every = lattice_states.joint_actions(len(self.payoffs), len(self.neighbours))
        return None if every is None else tuple(jnp.moveaxis(jax.vmap(self._numbers)(jnp.asarray(every)), 1, 0))

    def exact(self) -> Game | None:
        """The game without end, whose states are what all did last; None for more than `MOST_STATES` of them."""
        return lattice_states.markov_game(self)

    def __repr__(self) -> str:
        """Who plays what with how many, as one line."""
        least, most = (int(own) for own in np.quantile((self.neighbours < len(self.neighbours)).sum(axis=1), (0, 1)))
        many = f"{most} neighbours each" if least == most else f"{least} to {most} neighbours"
        players = f"{len(self.neighbours)} players with {many}"
        return f"<LatticeDilemma {self.name}: {players}, actions {' '.join(self.actions)}>"

    def _numbers(self, actions: jax.Array) -> jax.Array:
        return lattice_rounds.seen(len(self.payoffs), jnp.asarray(self.neighbours), actions)

    def _seen(self, actions: jax.Array) -> tuple[jax.Array, ...]:
        return tuple(self._numbers(actions))


@public()
def lattice_dilemma(
    rows: int = 20, columns: int = 20, *, game: Any = USUAL, neighbours: str = "von Neumann", average: bool = True,
    limit: int = 200, discount: float = 0.99,
) -> LatticeDilemma:  # fmt: skip
    """Players on a lattice whose edges are joined, each of whom plays a symmetric game with all its neighbours.

    In every round everyone chooses one action for all of its games and is paid the mean of their payoffs,
    `1/d_i Σ_j A[a_i, a_j]`, or with `average=False` the sum. Everyone sees what itself and its neighbours did last.
    Before the first round actions are drawn evenly. The game has no end: episodes are cut off (truncated) after
    `limit` rounds.

    `measures` tell who took the game's first action, `cooperated`, `[N]`, and their share, `cooperation`.

    Args:
        rows: of the lattice, 3 or more.
        columns: of the lattice, 3 or more.
        game: payoffs of the row against the column, `[k, k]`, or a game of two players who are alike; by default a
            prisoner's dilemma with R = 1, S = −¼, T = 1¼, P = 0.
        neighbours: "von Neumann", the four beside a place in the order above, right, below, left; or "Moore", which
            has those across corners, too.
        average: whether players are paid the mean over their neighbours, else the sum.
        limit: rounds after which an episode is cut off.
        discount: γ, below 1.

    Raises:
        InputError: for sizes, numbers and names that are none, and a game of players who are not alike.

    Example:
        >>> env = lattice_dilemma(3, 4)
        >>> env
        <LatticeDilemma lattice_dilemma: 12 players with 4 neighbours each, actions A B>
        >>> env.paid(jnp.zeros(12, int).at[0].set(1))[:3].tolist()     # one defects; its neighbour on the right
        [1.25, 0.6875, 1.0]

    Source: M. A. Nowak, R. M. May, Evolutionary games and spatial chaos, Nature 359 (1992).
    """
    return _made(on_lattice(rows, columns, neighbours), game, average, limit, discount, "lattice_dilemma")


@public()
def graph_dilemma(
    graph: Any, *, game: Any = USUAL, average: bool = True, limit: int = 200, discount: float = 0.99
) -> LatticeDilemma:  # fmt: skip
    """The same on any graph: `lattice_dilemma` says what is played, seen and paid.

    Args:
        graph: "ring:10", "path:4", "star:5", "complete:6", edges, or an adjacency matrix of zeros and ones.
        game: payoffs of the row against the column, `[k, k]`, or a game of two players who are alike.
        average: whether players are paid the mean over their neighbours, else the sum.
        limit: rounds after which an episode is cut off.
        discount: γ, below 1.

    Raises:
        InputError: for what is no graph, numbers that are none, and a game of players who are not alike.

    Example:
        >>> env = graph_dilemma("path:3")
        >>> env.exact()
        <MarkovGame graph_dilemma: 3 players, 2×2×2 actions, 8 states, for ever, discount 0.99>
        >>> env.paid(jnp.array([1, 0, 0])).tolist()
        [1.25, 0.375, 1.0]
    """
    return _made(on_graph(graph), game, average, limit, discount, "graph_dilemma")


def _made(beside: Ints, game: Any, average: bool, limit: Any, discount: Any, name: str) -> LatticeDilemma:
    alike = as_population_game(game)
    discount = finite_number(discount, "discount", low=0.0, high=1.0)
    if discount == 1.0:
        raise InputError("discount must be below 1: the dilemma has no end")
    degrees = (beside < len(beside)).sum(axis=1)
    shares = 1.0 / degrees if average else np.ones(len(beside))
    return LatticeDilemma(
        alike.payoffs, beside, shares, np.float64(discount), positive_integer(limit, "limit"), alike.types, name
    )
