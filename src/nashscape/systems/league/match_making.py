"""Whom the players of a league meet, by how often they win, with the published shares."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from nashscape.environments.duels.meetings import Meeting
from nashscape.populations.arenas import Opponents
from nashscape.populations.duel_arenas import DuelArena
from nashscape.populations.ways import EXPLOITED, FORGOTTEN
from nashscape.ranking import best_mixture
from nashscape.systems.league.answers import Answer, alone

Floats = npt.NDArray[np.float64]

HISTORY, VERIFICATION = 0.5, 0.15
"""Of the duels of the main player: with any player of the past, and to verify; the rest is with itself."""
HOPELESS = 0.1
"""The chance of winning up to which the main player is too hard for an exploiter of it."""


def hardest(wins: Floats) -> Floats:
    """`(1 − x)²` of the chances x to win, so that the hardest are met most; all alike where every x is 1.

    >>> hardest(np.array([1.0, 0.5, 0.0])).round(2).tolist()
    [0.0, 0.2, 0.8]
    """
    return _shares((1.0 - wins) ** 2)


def most_even(wins: Floats) -> Floats:
    """`x (1 − x)`, so that those are met most who win as often as they lose.

    >>> most_even(np.array([1.0, 0.5, 0.25])).round(3).tolist()
    [0.0, 0.571, 0.429]
    """
    return _shares(wins * (1.0 - wins))


def _shares(weights: Floats) -> Floats:
    total = weights.sum()
    made: Floats = weights / total if total > 0 else np.full(len(weights), 1.0 / len(weights))
    return made


@dataclass(eq=False)
class League:
    """The players of the past, by kind; it grows.

    Attributes:
        arena: where they fight.
        mains: the main player as it was after every generation, the start first.
        main_exploiters: who learned against the main player.
        league_exploiters: who learned against all.
    """

    arena: DuelArena
    mains: list[Floats]
    main_exploiters: list[Floats] = field(default_factory=list)
    league_exploiters: list[Floats] = field(default_factory=list)

    @property
    def past(self) -> list[Floats]:
        """All of them."""
        return [*self.mains, *self.main_exploiters, *self.league_exploiters]

    def wins(self, policy: Floats, others: Sequence[Floats]) -> Floats:
        """How often a policy wins against each, a draw counted as half."""
        tables = self.arena.duel.tables
        return np.array([(1.0 + Meeting(tables, policy, other).values[0, 0]) / 2 for other in others])

    def for_main(self) -> Opponents:
        """Half are players of the past, the hardest most; a part verifies; the rest is the main player itself.

        To verify are exploiters of the main player, if any wins more than .7 of its duels; if none does, former selves,
        if the main player wins less than .7 against any; and if there is nothing to verify, itself again.
        """
        main, past = self.mains[-1], self.past
        weights = HISTORY * hardest(self.wins(main, past))
        verified = 0.0
        for kind, low in ((self.main_exploiters, EXPLOITED), (self.mains[:-1], FORGOTTEN)):
            wins = self.wins(main, kind)
            if len(kind) and wins.min() < low:
                first = next(k for k, one in enumerate(past) if one is kind[0])
                weights[first : first + len(kind)] += VERIFICATION * hardest(wins)
                verified = VERIFICATION
                break
        total = HISTORY + verified
        return Opponents(tuple((None, one) for one in past), weights / total, 1.0 - total)

    def for_main_exploiter(self, policy: Floats) -> Opponents:
        """The main player; where that is hopeless, what it was before, the most even most."""
        if self.wins(policy, self.mains[-1:])[0] > HOPELESS:
            return alone(self.mains[-1]).opponents
        return Opponents(tuple((None, one) for one in self.mains), most_even(self.wins(policy, self.mains)))

    def for_league_exploiter(self, policy: Floats) -> Opponents:
        """All players of the past, the hardest most."""
        return Opponents(tuple((None, one) for one in self.past), hardest(self.wins(policy, self.past)))

    def generation(self, random: np.random.Generator) -> None:
        """The main player goes on, and an exploiter of it and one of the league learn from the beginning."""
        half = replace(self.arena, updates=max(self.arena.updates // 2, 1))
        self.mains.append(self.arena.respond(0, self.for_main(), self.mains[-1], random))
        for learned, opponents in (
            (self.main_exploiters, self.for_main_exploiter),
            (self.league_exploiters, self.for_league_exploiter),
        ):
            policy = self.arena.start(0, random)
            for _ in range(2):  # whom they meet is found again half way
                policy = half.respond(0, opponents(policy), policy, random)
            learned.append(policy)

    def mixture(self) -> Answer:
        """A mixture of all that none of them beats."""
        past = self.past
        margins = np.array([2 * self.wins(one, past) - 1 for one in past])
        return Answer(past, best_mixture((margins - margins.T) / 2))


def played(arena: DuelArena, generations: int, random: np.random.Generator) -> League:
    """A league after some generations."""
    league = League(arena, [arena.start(0, random)])
    for _ in range(generations):
        league.generation(random)
    return league
