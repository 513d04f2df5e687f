"""Battles between the teams of a roster, with their values, which are computed where somebody looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games.families.battle_creatures import Creature
from nashscape.games.families.battle_turns import SideStates, Strength
from nashscape.games.families.battle_values import solve
from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Team = tuple[int, ...]
Pair = tuple[Team, Team]

AT_ONCE = 200
"""Battles that are solved together."""
EQUAL = 1e-12
"""Values that are no further from the largest are as large."""


@dataclass(frozen=True, eq=False)
class TeamBattles:
    """Battles between teams of a roster; made by `team_battles`.

    It is an arena, in which `nashscape.populations.grow` grows a population of teams, whose members are their numbers.

    Attributes:
        roster: the creatures.
        types: in the circle.
        critical: how likely a strike takes one point more.
        teams: all teams, each the numbers of its members in the order in which they follow each other, the lead first.
        side: the states that a side can be in.
    """

    name: ClassVar[str] = "team battles"
    sides: ClassVar[tuple[str, ...]] = ("player 1", "player 2")
    seats: ClassVar[tuple[int, ...]] = (0, 0)
    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    roster: tuple[Creature, ...]
    types: int
    critical: float
    teams: tuple[Team, ...]
    side: SideStates
    _taken: Ints
    _known: dict[Pair, Floats] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all teams, such as "c1+c4"."""
        return tuple(self.team_name(team) for team in self.teams)

    @property
    def solved(self) -> int:
        """How many battles were solved so far; teams that differ in their lead alone share one."""
        return len(self._known)

    def team_name(self, team: Team) -> str:
        """The names of the members of a team, the lead first."""
        return "+".join(self.roster[k].name for k in team)

    def value(self, one: int, other: int) -> float:
        """What the first of two teams, by number, gets: the chance to win less that to lose, with best play of both.

        >>> from nashscape import games
        >>> fire, leaf, water = (games.Creature(name, k, 3, k, (games.Move(k, 1),))
        ...                      for k, name in enumerate(("fire", "leaf", "water")))
        >>> found = games.team_battles([fire, leaf, water], types=3, members=1, critical=0)
        >>> [found.value(0, other) for other in range(3)]
        [0.0, 1.0, -1.0]
        """
        return float(self.values([one], [other])[0, 0])

    def values(self, ours: Iterable[int] | None = None, theirs: Iterable[int] | None = None) -> Floats:
        """What teams get against others, `[m, n]`; what was computed once is kept.

        Args:
            ours: numbers of teams; by default all.
            theirs: numbers of teams; by default all.

        Raises:
            InputError: for a number that no team has.
        """
        rows, columns = ([_base(team) for team in self._teams_of(own)] for own in (ours, theirs))
        wanted = sorted({min((p, q), (q, p)) for p, _ in rows for q, _ in columns} - set(self._known))
        for start in range(0, len(wanted), AT_ONCE):
            self._solve(wanted[start : start + AT_ONCE])
        return np.array([[self._found(*one, *other) for other in columns] for one in rows])

    def game(self, teams: Iterable[int] | None = None) -> DenseGame:
        """The game of bringing one of some teams, by default of all, unseen, as one that every verb takes."""
        chosen = list(range(len(self.teams)) if teams is None else teams)
        table, names = self.values(chosen, chosen), [self.team_name(team) for team in self._teams_of(chosen)]
        return bimatrix(table, -table, actions=[names, names], name="choice of teams")

    def start(self, seat: int, random: np.random.Generator) -> int:
        """A team drawn at random."""
        return int(random.integers(len(self.teams)))

    def respond(self, side: int, opponents: Any, begin: int, random: np.random.Generator) -> int:
        """The team that does best against what others bring, the first of equally good ones."""
        met = [int(two if one is None else one) for one, two in opponents.profiles]
        weights = [*opponents.weights, *[opponents.oneself] * (opponents.oneself > 0)]
        worth = self.values(None, [*met, *[begin] * (opponents.oneself > 0)]) @ np.array(weights)
        return int(np.flatnonzero(worth >= worth.max() - EQUAL)[0])

    def payoffs(self, members: Sequence[int]) -> Floats:
        """What both get of two teams, `[2]`."""
        value = self.value(*members)
        return np.array([value, -value])

    def to_dict(self) -> dict[str, Any]:
        """The roster and the rules, from which all else follows."""
        return {"roster": self.roster, "types": self.types, "critical": self.critical, "teams": self.teams}

    def strength(self, pairs: Sequence[Pair]) -> Strength:
        """What members of teams do to each other, of battles of pairs of teams, as `battle_turns` takes it."""
        one, other = (np.array(own, np.int64).reshape(len(pairs), -1) for own in zip(*pairs, strict=True))
        speeds = np.array([creature.speed for creature in self.roster])
        luck = ((0, 1.0 - self.critical), (1, self.critical)) if self.critical else ((0, 1.0),)
        return Strength(
            own=self._taken[one[:, :, None], other[:, None, :]],
            other=self._taken[other[:, :, None], one[:, None, :]],
            faster=np.sign(speeds[one][:, :, None] - speeds[other][:, None, :]),
            luck=luck,
        )

    def begins(self, team: Team, lead: int = 0) -> int:
        """The number of the state in which a team begins, with one of its members, the first by default, in play."""
        return self.side.number([self.roster[k].health for k in team], lead)

    def _teams_of(self, numbers: Iterable[int] | None) -> list[Team]:
        asked = list(range(len(self.teams))) if numbers is None else list(numbers)
        wrong = next((k for k in asked if k not in range(len(self.teams))), None)
        if wrong is not None:
            raise InputError(f"teams are numbered from 0 to {len(self.teams) - 1}; got {wrong!r}")
        return [self.teams[k] for k in asked]

    def _solve(self, pairs: Sequence[Pair]) -> None:
        values = solve(self.side, self.strength(pairs)).values
        for found, (one, other) in zip(values, pairs, strict=True):
            starts = [[self.begins(team, lead) for lead in range(len(team))] for team in (one, other)]
            self._known[one, other] = found[np.ix_(*starts)]

    def _found(self, one: Team, lead: int, other: Team, second: int) -> float:
        known = self._known.get((one, other))
        return float(known[lead, second]) if known is not None else -float(self._known[other, one][second, lead])

    def __repr__(self) -> str:
        """How many teams there are, of how many creatures."""
        return f"<TeamBattles: {len(self.teams)} teams of {len(self.roster)} creatures>"


def _base(team: Team) -> tuple[Team, int]:
    """A team turned so that its least number is first, and where its lead is then: such teams share their battles."""
    lead = -team.index(min(team)) % len(team)
    return team[len(team) - lead :] + team[: len(team) - lead], lead
