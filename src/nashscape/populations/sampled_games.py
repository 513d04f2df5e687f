"""A game that can only be played: its strategies as members of an arena, who respond to what they saw."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games import DenseGame, GameLike
from nashscape.populations.arenas import Opponents
from nashscape.theory.written_out import written_out

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SampledGame:
    """An arena of the mixtures of a game's players; made by `sampled_game`.

    Attributes:
        game: it, written out.
        tries: plays of each action by which a player finds its response.
        noise: half the width of what is added to payoffs at even chances.
    """

    game: DenseGame
    tries: int
    noise: float

    @property
    def name(self) -> str:
        """Of the game."""
        return self.game.name

    @property
    def sides(self) -> tuple[str, ...]:
        """The players."""
        return self.game.players

    @property
    def seats(self) -> tuple[int, ...]:
        """A pool for each player."""
        return tuple(range(self.game.n_players))

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest payoff, with what is added."""
        low, high = float(self.game.payoffs.min()) - self.noise, float(self.game.payoffs.max()) + self.noise
        return low, high if high > low else low + 1.0

    def start(self, seat: int, random: np.random.Generator) -> Floats:
        """All actions alike."""
        return np.full(self.game.shape[seat], 1.0 / self.game.shape[seat])

    def play(self, members: tuple[Floats, ...], count: int, random: np.random.Generator) -> Floats:
        """Each draws its actions."""
        drawn = tuple(random.choice(len(own), size=count, p=own) for own in members)
        paid = np.stack([own[drawn] for own in self.game.payoffs], axis=1)
        return np.asarray(paid + self.noise * random.uniform(-1.0, 1.0, paid.shape))

    def respond(self, side: int, opponents: Opponents, begin: Floats, random: np.random.Generator) -> Floats:
        """The action with the largest mean of `tries` plays, against opponents drawn for each play."""
        actions = np.eye(len(begin))
        count, sums = len(opponents.profiles), np.zeros(len(begin))
        met = np.bincount(random.choice(count, size=self.tries, p=opponents.weights), minlength=count)
        for members, plays in zip(opponents.profiles, met.tolist(), strict=True):
            for number, action in enumerate(actions):
                mine = tuple(action if one is None else one for one in members)
                sums[number] += self.play(mine, plays, random)[:, side].sum()
        chosen: Floats = actions[int(sums.argmax())]
        return chosen

    def best(self, side: int, members: tuple[Any, ...]) -> float:
        """The largest mean payoff of an action, from the table that players do not see."""
        paid = np.moveaxis(self.game.payoffs[side], side, -1)
        for own in (own for j, own in enumerate(members) if j != side):
            paid = np.tensordot(own, paid, axes=1)
        return float(paid.max())


@public()
def sampled_game(game: "GameLike", *, tries: int = 200, noise: float = 0.0) -> SampledGame:
    """A game whose payoffs players only see by playing, as an arena for `grow` and `Population`.

    Members are mixtures; a response is the action of the largest mean in `tries` plays of each.

    Args:
        game: one with payoffs for all profiles.
        tries: plays of each action, for one response.
        noise: half the width of what is added to every payoff at even chances, in payoff units.

    Raises:
        InputError: for a game without payoffs for all profiles, no tries, and negative noise.

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import grow
        >>> found = grow(sampled_game(games.matching_pennies(), noise=0.5), generations=3, seed=1)
        >>> bool((found.low <= found.gains).all() and (found.gains <= found.high).all())
        True
        >>> found.payoffs.shape, found.plays.tolist()
        ((2, 3, 3), [[100.0, 100.0, 100.0], [100.0, 100.0, 100.0], [100.0, 100.0, 100.0]])
    """
    form = written_out(game, "play it by samples")
    if form.n_players < 2:
        raise InputError("a game that is played has two players or more")
    return SampledGame(form, positive_integer(tries, "tries"), finite_number(noise, "noise", low=0.0))
