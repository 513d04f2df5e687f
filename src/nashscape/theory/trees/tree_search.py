"""Monte-Carlo tree search at information sets, as a player in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games import TreeGame, mixed_profile, needs
from nashscape.games import game as as_game
from nashscape.theory.trees.playouts import Playing, Playouts, beliefs, playing

Floats = npt.NDArray[np.float64]

PLAYOUTS = 1_000
EXPLORATION = 1.0
"""c of the upper confidence bounds, in ranges of a player's own payoffs."""


@dataclass(frozen=True)
class Searched:
    """What a search has found at one information set.

    Attributes:
        actions: columns of the actions that there are, `[k]`.
        visits: playouts that tried each, `[k]`.
        values: what each paid on average, `[k]`, in payoff units; not what it pays under best play, to which it tends.
    """

    actions: npt.NDArray[np.int64]
    visits: npt.NDArray[np.int64]
    values: Floats

    @property
    def action(self) -> int:
        """The column of the action that was tried most often, of several the one that paid most."""
        return int(self.actions[max(range(len(self.actions)), key=lambda k: (self.visits[k], self.values[k]))])

    @property
    def value(self) -> float:
        """What that action paid on average."""
        return float(self.values[self.actions.tolist().index(self.action)])


class TreeSearcher:
    """A player who searches whenever it is to move. Made by `tree_searcher`."""

    def __init__(
        self, game: TreeGame, play: Playing, blueprint: Sequence[Floats], player: int, playouts: int,
        exploration: float, random: np.random.Generator,
    ) -> None:  # fmt: skip
        """Nothing is searched yet."""
        self.game, self.player, self._play, self._blueprint = game, player, play, blueprint
        self._playouts, self._exploration, self._random = playouts, exploration, random
        self._beliefs: dict[int, Floats] = {}

    def search(self, row: int) -> Searched:
        """Search at an information set, by its number; what is known there is all that is used."""
        nodes = self._play.members[self.player, row]
        if row not in self._beliefs:
            self._beliefs[row] = beliefs(self._play, self.game, self._blueprint, self.player, row)
        made = Playouts(self._play, self._exploration, self._random)
        for number in self._random.choice(len(nodes), size=self._playouts, p=self._beliefs[row]).tolist():
            made.once(nodes[number])
        bandit = made.known[self.player, row]
        visits = np.array(bandit.visits)
        return Searched(
            np.array(self.game.columns[self.player][row]), visits, np.array(bandit.totals) / np.maximum(visits, 1)
        )

    def act(self, seen: Any, legal: Any = None) -> int:
        """What to do at an information set that is seen as `environments.of_game` shows it."""
        rows = len(self.game.rows[self.player])
        flags = np.asarray(seen, np.float64)
        if flags.shape != (rows,) or not np.isin(flags, (0.0, 1.0)).all() or flags.sum() > 1:
            raise InputError(
                f"{self.game.players[self.player]} in {self.game.name} searches where it sees which of its {rows} "
                f"information sets it is in, as environments.of_game shows it; got an array {list(flags.shape)}"
            )
        return self.search(int(flags.argmax())).action if flags.any() else 0

    def observe(self, seen: Any, paid: float, over: bool, cut: bool) -> None:
        """Nothing is learnt from one play for the next."""


@public()
def tree_searcher(
    game: Any, player: int | str, random: np.random.Generator | int = 0, *, playouts: int = PLAYOUTS,
    exploration: float = EXPLORATION, blueprint: Sequence[Any] | None = None,
) -> TreeSearcher:  # fmt: skip
    """A player who searches the tree whenever it is to move, for `dynamics.hosted` in `environments.of_game(game)`.

    A search is so many playouts. Each begins at a node of the present information set, drawn by chance and by what the
    blueprint lets others do on the way. From there all players choose by upper confidence bounds (UCT) on what was seen
    at *their* information sets, each for its own payoffs: the action with the largest `mean + c r √(log N / n)`, r the
    range of its payoffs. Below the first information set that is new, moves are random. The action that was tried most
    often is played. With perfect information this is UCT, whose values tend to those of backward induction; with hidden
    information it is multiple-observer information set search, which need not come to an equilibrium.

    Nothing depends on which node of the information set the play is really at.

    Args:
        game: in extensive form.
        player: its name or number.
        random: a NumPy generator, as `dynamics.hosted` gives it, or a seed.
        playouts: of every search; by default 1,000.
        exploration: c, by default 1.
        blueprint: behaviour strategies from which beliefs at information sets are made; by default all legal actions
            alike. Where it never leads, all nodes of the information set are taken to be as likely.

    Raises:
        InputError: for other games, strategies that do not fit, and no playouts.

    Example:
        >>> import numpy as np
        >>> from nashscape import games
        >>> found = tree_searcher(games.kuhn_poker(), 0).search(5)    # a king, bet against: to call is worth 2
        >>> games.kuhn_poker().rows[0][5], games.kuhn_poker().actions[0][found.action], found.value
        ('K pb', 'bet', 2.0)

    Source: Kocsis and Szepesvári (2006); Cowling, Powley, Whitehouse (2012), algorithm 3.
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="search a tree")
    count = positive_integer(playouts, "playouts")
    constant = finite_number(exploration, "exploration", low=0.0)
    drawn: Any = random
    if not hasattr(random, "choice"):
        drawn = np.random.default_rng(positive_integer(drawn, "random", at_least=0))
    profile = mixed_profile(made, made.uniform() if blueprint is None else blueprint)
    return TreeSearcher(made, playing(made), profile, made.player_index(player), count, constant, drawn)
