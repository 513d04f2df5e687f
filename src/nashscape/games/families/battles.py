"""Battles of teams: both bring a team unseen, and every turn both attack or switch at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.families.battle_creatures import Creature, checked_roster
from nashscape.games.families.battle_turns import SideStates, Strength, damages, side_states
from nashscape.games.families.battle_values import solve
from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Team = tuple[int, ...]
Pair = tuple[Team, Team]

AT_ONCE = 200
"""Battles that are solved together."""
MOST_STATES = 40_000
"""Pairs of states of the largest battles."""


@dataclass(frozen=True, eq=False)
class TeamBattles:
    """Battles between teams of a roster; made by `team_battles`.

    Attributes:
        roster: the creatures.
        types: in the circle.
        critical: how likely a strike takes one point more.
        teams: all teams, each the numbers of its members in the order in which they follow each other, the lead first.
        side: the states that a side can be in.
    """

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
        >>> found = team_battles([fire, leaf, water], types=3, members=1, critical=0)
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

    def start(self, team: Team, lead: int = 0) -> int:
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
            starts = [[self.start(team, lead) for lead in range(len(team))] for team in (one, other)]
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


@public()
def team_battles(roster: Sequence[Creature], *, types: int = 5, members: int = 2, critical: Any = 0.125) -> TeamBattles:
    """Battles between all teams of a roster of creatures, with their exact values.

    Both bring a team unseen, in an order, the lead first; then everything is seen. Every turn both choose at once: a
    move of who is in play, or to switch to another member. Switches come first, and who comes in is struck. The
    faster of two attackers strikes first, equals toss a coin; who falls strikes no more, and the next in the team's
    circle who stands comes in. A turn in which both switch costs both who come in a point. Who is left wins, 1 against
    −1, and 0 where the last of both fall together.

    Every turn takes points, so that battles end, and their values are found from the end backwards: in each state a
    matrix game of what both choices lead to.

    Args:
        roster: `games.Creature`s.
        types: in the circle, three or more: a type's moves take twice as much from the next, half from the one before.
        members: of a team, from 1.
        critical: how likely a strike takes one point more, from 0 to below 1.

    Raises:
        InputError: for fewer creatures than members, creatures outside their limits, and battles of too many states.

    Example:
        >>> from nashscape import games
        >>> found = team_battles(games.random_roster(6))
        >>> found
        <TeamBattles: 30 teams of 6 creatures>
        >>> found.names[:3], round(found.value(0, 9), 6), found.solved
        (('c1+c2', 'c1+c3', 'c1+c4'), -0.53125, 1)

    Source: the rules are those of battles of the series Pokémon, made small; Angliss, Cui, Hu, Rahman, Stone (2025) for
    the choice of teams as what makes strategies hard to carry over.
    """
    types, members = positive_integer(types, "types", at_least=3), positive_integer(members, "members")
    critical = finite_number(critical, "critical", low=0.0, high=1.0, high_open=True)
    found = checked_roster(roster, types)
    if len(found) < members:
        raise InputError(f"a team has {members} members, and the roster {len(found)}: give more creatures")
    taken = damages(found, types)
    health = max(one.health for one in found)
    states = 1 + members * health * (health + 1) ** (members - 1)
    if states**2 > MOST_STATES:
        raise InputError(f"a battle has at most {MOST_STATES:,} pairs of states; teams of {members} with a health of "
                         f"{health} have {states**2:,}: take fewer members or points")  # fmt: skip
    side = side_states(members, health, int(taken.max()) + 1)
    return TeamBattles(found, types, critical, tuple(permutations(range(len(found)), members)), side, taken)
