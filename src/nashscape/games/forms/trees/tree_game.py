"""Games in extensive form, as JAX can trace them: payoffs, reach and counterfactual values of behaviour strategies."""

import dataclasses
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.games.forms.trees.nodes import Tree
from nashscape.games.forms.trees.outcomes import play_names_of, usual_outcomes
from nashscape.games.forms.trees.sequences import Sequences
from nashscape.games.forms.trees.walks import best_of_rows, realisation, smooth_rows, values_of_one_play, values_of_rows
from nashscape.games.protocol import FiniteGame, Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class TreeGame(FiniteGame):
    """A game in extensive form with perfect recall: moves one after another, chance, and information sets.

    A strategy is a behaviour strategy `[R_i, A_i]`: a row for every information set of the player, a mixed action in
    each; `legal` says which actions a row has. Rows come by the number of own moves before them, then in the order of
    the tree. A play z has the probability `c(z) Π_i x_i(z)`, with c the chances on the way and x_i what the player's
    own moves there have; payoffs are `u_i(σ) = Σ_z c(z) Π_j x_j(z) u_i(z)`. Made by `extensive_game`, and from files
    by `read_tree`.

    Attributes:
        payoffs: of every play, `[n, Z]`, in payoff units: what is got on the way is in it.
        chances: the product of the chances on the way, `[Z]`.
        sequences: which rows and moves lead to which play.
        name: of the game.
        players: names.
        actions: names of each player's actions, one for every column of its strategies.
        rows: names of each player's information sets.
        tree: its nodes with exact numbers.
        places: for every player, which information set of `tree` each row is.
        columns: for every player and row the column of each action, in the order of `tree`.
    """

    payoffs: Any
    chances: Any
    sequences: Sequences
    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    tree: Tree | None = None
    places: tuple[tuple[int, ...], ...] = ()
    columns: tuple[tuple[tuple[int, ...], ...], ...] = ()

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "rows", "tree"})

    @property
    def n_players(self) -> int:
        """The number of players."""
        return len(self.sequences.sides)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of columns of each player's strategies."""
        return tuple(side.legal.shape[1] for side in self.sequences.sides)

    @property
    def legal(self) -> tuple[npt.NDArray[np.bool_], ...]:
        """Which actions there are in every row, `[R_i, A_i]` for each player."""
        return tuple(side.legal for side in self.sequences.sides)

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A mixed action for every row, `[R_i, A_i]`."""
        return tuple(side.legal.shape for side in self.sequences.sides)

    @property
    def play_names(self) -> tuple[str, ...]:
        """What happens in every play, one move after the other."""
        return play_names_of(self)

    @property
    def usual_targets(self) -> list[str] | None:
        """The outcomes that learners are watched for: all of them where they are few, else None."""
        return usual_outcomes(self) or None

    @property
    def idle_rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows to which chance never leads, by player: nothing depends on what is done there, and none moves."""
        made = []
        for side, names in zip(self.sequences.sides, self.rows, strict=True):
            comes = np.zeros(side.sequences, bool)
            comes[side.ends[np.asarray(self.chances) > 0]] = True
            for first, beyond in reversed(side.levels):
                own = comes[1:].reshape(side.legal.shape)[first:beyond].any(axis=1)
                np.logical_or.at(comes, side.before[first:beyond], own)
            there = np.flatnonzero(comes[1:].reshape(side.legal.shape).any(axis=1))
            moves = bool(side.ends.any())  # who never moves has one row for the sake of its shape
            made.append(tuple(np.delete(np.array(names, dtype=object), there).tolist()) if moves else ())
        return tuple(made)

    @property
    def n_plays(self) -> int:
        """The number of plays Z, those of chance 0 among them."""
        return int(self.payoffs.shape[1])

    @property
    def payoff_range(self) -> float:
        """Largest payoff of a play that can come less the least, of any players."""
        kept = self._possible()
        return float(np.ptp(kept)) or 1.0

    @property
    def own_ranges(self) -> Floats:
        """The range of every player's own payoffs of plays that can come, `[n]`."""
        return np.asarray(np.ptp(self._possible(), axis=1), np.float64)

    @property
    def largest_range(self) -> float:
        """The largest range of one player's payoffs of plays; what others get does not count."""
        return float(self.own_ranges.max()) or 1.0

    def _possible(self) -> Floats:
        return np.asarray(self.payoffs)[:, np.asarray(self.chances) > 0]

    def realisations(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """For every player the probability x_i(s) of each of its sequences of own moves, `[1 + R_i · A_i]`.

        Sequence 0 is that of no moves, `1 + row · A_i + action` ends with that action: what a realisation plan is to
        the sequence form.
        """
        return tuple(
            realisation(side, jnp.asarray(own)) for side, own in zip(self.sequences.sides, strategies, strict=True)
        )

    def plays(self, strategies: Strategies) -> jax.Array:
        """The probability of every play, `[Z]`.

        >>> from nashscape import games
        >>> game = games.kuhn_poker()
        >>> round(float(game.plays(game.uniform()).sum()), 6), game.n_plays
        (1.0, 30)
        """
        made = jnp.asarray(self.chances)
        for own in self._along(strategies):
            made = made * own
        return made

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff of every player, `Σ_z c(z) Π_j x_j(z) u_i(z)`, `[n]`.

        >>> from nashscape import games
        >>> game = games.kuhn_poker()
        >>> [round(float(own), 4) for own in game.expected_payoffs(game.uniform())]
        [0.125, -0.125]
        """
        return jnp.sum(jnp.asarray(self.payoffs) * self.plays(strategies), axis=1)

    def counterfactual_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """What every action pays, times how often chance and the others lead to its row, `[R_i, A_i]` for each player.

        `q_i(r, a) = Σ_z c(z) Π_{j≠i} x_j(z) x_i(z | after a in r) u_i(z)` over the plays that go through it: the
        player's own moves before the row are taken as made, those after it as its strategy has them. Zinkevich,
        Johanson, Bowling, Piccione (2007).
        """
        return tuple(
            values_of_rows(side, own, weights)
            for side, own, weights in zip(
                self.sequences.sides, map(jnp.asarray, strategies), self._weights(strategies), strict=True
            )
        )

    def reach(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """How often a player's own moves lead to each of its rows, `[R_i]` for each player."""
        return tuple(
            own[side.before] for side, own in zip(self.sequences.sides, self.realisations(strategies), strict=True)
        )

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """What every action of every row adds to the player's payoff, `∂u_i/∂σ_i`, `[R_i, A_i]` for each player.

        Counterfactual values times the own reach of the row.
        """
        return tuple(
            own[:, None] * values
            for own, values in zip(self.reach(strategies), self.counterfactual_values(strategies), strict=True)
        )

    def others_reach(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """How often chance and the others lead to each row, if its player goes there, `[R_i]` for each player.

        Where it is zero nothing is known of the row's action values, and no learner moves there.
        """
        n, along = self.n_players, self._along(strategies)
        found = []
        for i, side in enumerate(self.sequences.sides):
            weights = jnp.asarray(self.chances)
            for j in range(n):
                weights = weights * along[j] if j != i else weights
            found.append(values_of_rows(side, jnp.asarray(strategies[i]), weights).max(axis=1))
        return tuple(found)

    def sampled_values(self, strategies: Strategies, player: int, explore: Any, number: jax.Array) -> jax.Array:
        """Counterfactual values of one player from one play, without bias, `[R_i, A_i]`; see `walks`.

        Args:
            strategies: of all players.
            player: its number.
            explore: how likely the player does anything in a row, in place of what its strategy says.
            number: uniform in [0, 1): which play it is.
        """
        given = tuple(jnp.asarray(own) for own in strategies)
        return values_of_one_play(
            self.sequences.sides, given, player, self.payoffs[player], self.chances, explore, number
        )

    def best_values(self, strategies: Strategies) -> jax.Array:
        """What each player gets with a best response to the others, `[n]`."""
        return jnp.stack([start for start, _ in self._best(strategies)])

    def smooth_responses(self, strategies: Strategies, precision: Any) -> tuple[jax.Array, ...]:
        """Logits of what maximises the payoff plus 1/λ times dilated entropy against the others, `[R_i, A_i]` each.

        The best response with noise as the sequence form has it: see `walks.smooth_rows`.
        """
        return tuple(
            smooth_rows(side, precision * own)
            for side, own in zip(self.sequences.sides, self._weights(strategies), strict=True)
        )

    def row_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """What the best behaviour from each row on gets, times how often the others lead there, `[R_i]` each."""
        return tuple(rows for _, rows in self._best(strategies))

    def _best(self, strategies: Strategies) -> list[tuple[jax.Array, jax.Array]]:
        return [
            best_of_rows(side, own) for side, own in zip(self.sequences.sides, self._weights(strategies), strict=True)
        ]

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each player could gain at most by deviating, in all its rows at once, `[n]`.

        Their sum is called NashConv, their mean in zero-sum games exploitability.

        >>> from nashscape import games
        >>> game = games.kuhn_poker()
        >>> [round(float(own), 4) for own in game.regrets(game.uniform())]    # 3/8 and 13/24
        [0.375, 0.5417]
        """
        return jnp.maximum(self.best_values(strategies) - self.expected_payoffs(strategies), 0.0)

    def _along(self, strategies: Strategies) -> list[jax.Array]:
        """For every player the probability of its own moves along each play, `[Z]`."""
        return [own[side.ends] for side, own in zip(self.sequences.sides, self.realisations(strategies), strict=True)]

    def _weights(self, strategies: Strategies) -> list[jax.Array]:
        """For every player `c(z) Π_{j≠i} x_j(z) u_i(z)`, `[Z]`."""
        along, paid = self._along(strategies), jnp.asarray(self.payoffs) * jnp.asarray(self.chances)
        made = []
        for i in range(self.n_players):
            own = paid[i]
            for j, other in enumerate(along):
                own = own * other if j != i else own
            made.append(own)
        return made

    def uniform(self) -> list[Floats]:
        """All legal actions as likely as each other, in every row."""
        return [own / own.sum(axis=1, keepdims=True) for own in self.legal]

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data."""
        return {
            "name": self.name,
            "players": list(self.players),
            "actions": [list(own) for own in self.actions],
            "rows": [list(own) for own in self.rows],
            "payoffs": np.asarray(self.payoffs),
            "chances": np.asarray(self.chances),
            "legal": [np.asarray(own) for own in self.legal],
            "before": [side.before for side in self.sequences.sides],
            "ends": [side.ends for side in self.sequences.sides],
        }

    def __repr__(self) -> str:
        """Name and size, as one line."""
        rows = "+".join(str(len(own)) for own in self.legal)
        idle = sum(map(len, self.idle_rows))
        more = f", {idle} of them never reached" if idle else ""
        return f"<TreeGame {self.name}: {self.n_players} players, {rows} information sets{more}, {self.n_plays} plays>"


register_game(
    TreeGame,
    numbers=["payoffs", "chances"],
    structure=["sequences"],
    names={"name": "", "players": (), "actions": (), "rows": (), "tree": None, "places": (), "columns": ()},
)
