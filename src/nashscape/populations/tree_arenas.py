"""The arena of a game in extensive form: members are behaviour strategies, and respond with exact best responses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.calls import public
from nashscape.games import TreeGame, needs
from nashscape.games import game as as_game
from nashscape.games.forms.trees.sequences import Side
from nashscape.populations.arenas import Opponents

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TreeArena:
    """Where behaviour strategies of a game in extensive form meet. Made by `tree_arena`.

    Attributes:
        game: in extensive form.
    """

    game: TreeGame

    @property
    def name(self) -> str:
        """That of the game."""
        return self.game.name

    @property
    def sides(self) -> tuple[str, ...]:
        """The players."""
        return self.game.players

    @property
    def seats(self) -> tuple[int, ...]:
        """A pool for each player."""
        return tuple(range(len(self.game.players)))

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest payoff of a play that can come."""
        kept = np.asarray(self.game.payoffs)[:, np.asarray(self.game.chances) > 0]
        return float(kept.min()), float(kept.max())

    def start(self, seat: int, random: np.random.Generator) -> Floats:
        """A behaviour strategy drawn evenly from all, row by row."""
        drawn = random.exponential(size=self.game.legal[seat].shape) * self.game.legal[seat]
        made: Floats = drawn / drawn.sum(axis=1, keepdims=True)
        return made

    def respond(self, side: int, opponents: Opponents, begin: Any, random: np.random.Generator) -> Floats:
        """A pure best response to profiles of the others, of which one is drawn for every play.

        Who does not know which is drawn learns of it by what happens: the plays are weighed by how often they come.
        """
        total = np.zeros(self.game.n_plays)
        for members, weight in zip(opponents.profiles, opponents.weights, strict=True):
            total += weight * self._weights(side, members)
        return best_reply(self.game.sequences.sides[side], total)[1]

    def payoffs(self, members: Sequence[Any]) -> Floats:
        """What every player gets, exactly."""
        made = np.asarray(self.game.chances)
        for own, strategy in zip(self.game.sequences.sides, members, strict=True):
            made = made * _along(own, strategy)
        paid: Floats = np.asarray(self.game.payoffs) @ made
        return paid

    def best(self, side: int, members: Sequence[Any]) -> float:
        """The most that a player can get against one strategy of each other, exactly."""
        return best_reply(self.game.sequences.sides[side], self._weights(side, members))[0]

    def _weights(self, side: int, members: Sequence[Any]) -> Floats:
        """How much every play counts for a player, but for what it does itself."""
        made = np.asarray(self.game.chances) * np.asarray(self.game.payoffs)[side]
        for player, (own, strategy) in enumerate(zip(self.game.sequences.sides, members, strict=True)):
            made = made if player == side else made * _along(own, strategy)
        return made


@public()
def tree_arena(game: Any) -> TreeArena:
    """The arena of a game in extensive form, for `grow`: double oracle, PSRO and others over behaviour strategies.

    Members are behaviour strategies, `[rows, actions]`. A response is a best response, pure and exact, to the mixture
    of the others' members, by a walk back through the information sets; so what `grow` says can be gained is exact.

    Args:
        game: in extensive form.

    Raises:
        InputError: for another game.

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import grow
        >>> found = grow(tree_arena(games.kuhn_poker()), "psro", generations=8)
        >>> bool(found.gains[-1].sum() < 0.1)
        True

    Source: McMahan, Gordon, Blum (2003); Lanctot et al. (2017).
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="let its strategies meet")
    return TreeArena(made)


def best_reply(side: Side, weights: Floats) -> tuple[float, Floats]:
    """What a best response gets where plays count so much, and a pure one: the first of the best, in every row."""
    left = np.bincount(side.ends, weights, minlength=side.sequences)
    rows, width = side.legal.shape
    made = np.zeros((rows, width))
    for first, beyond in reversed(side.levels):
        own = left[1 + first * width : 1 + beyond * width].reshape(-1, width)
        own = np.where(side.legal[first:beyond], own, -np.inf)
        made[np.arange(first, beyond), own.argmax(axis=1)] = 1.0
        np.add.at(left, side.before[first:beyond], own.max(axis=1))
    return float(left[0]), made


def _along(side: Side, strategy: Floats) -> Floats:
    """How likely a player's own moves are along every play."""
    made = np.ones(1)
    for first, beyond in side.levels:
        now = made[side.before[first:beyond]][:, None] * np.asarray(strategy)[first:beyond]
        made = np.concatenate([made, now.ravel()])
    found: Floats = made[side.ends]
    return found
