"""A battle as it went, turn by turn, and who beats whom among teams."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status

Floats = npt.NDArray[np.float64]
Both = tuple[str, str]


@dataclass(frozen=True, eq=False)
class TeamBattle(Result):
    """One battle in T turns, with best play of both; of every pair the first is the first side's.

    Attributes:
        teams: names of both teams.
        members: names of the members of both, the lead first.
        active: who of both is in play before each turn; T pairs.
        choices: what both choose: a move, by its number from 1, as "move 2", or who comes in, as "to c4"; T pairs.
        chances: how likely best play chooses that, `[T, 2]`.
        points: of all members before each turn, and at the end, `[T + 1, 2, m]`.
        values: the first side's chance to win less that to lose, before each turn, and at the end, `[T + 1]`.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "team battle"
    picture: ClassVar[str] = "nashscape.figures.battles:team_battle_figure"
    as_table: ClassVar[str] = "nashscape.games.families.battle_tables:battle_table"
    as_columns: ClassVar[str] = "nashscape.games.families.battle_tables:columns_of_battle"

    teams: Both
    members: tuple[tuple[str, ...], tuple[str, ...]]
    active: tuple[Both, ...]
    choices: tuple[Both, ...]
    chances: Floats
    points: npt.NDArray[np.int64]
    values: Floats
    status: Status
    provenance: Provenance

    @property
    def ending(self) -> str:
        """Who is left, in words."""
        last = round(float(self.values[-1]))
        return "both fall together" if not last else f"{self.teams[0] if last > 0 else self.teams[1]} wins"

    def __repr__(self) -> str:
        """Who is left, as one line."""
        return f"<TeamBattle of {self.teams[0]} and {self.teams[1]}, {len(self.choices)} turns: {self.ending}>"


@dataclass(frozen=True, eq=False)
class TeamMeetings(Result):
    """Who beats whom among some teams, with best play of both.

    Attributes:
        names: of the teams.
        values: the row's chance to win less that to lose against the column, `[n, n]`.
        chances: how often each is brought, unseen, in the equilibrium of this choice; of several that of largest
            entropy, `[n]`.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "team meetings"
    picture: ClassVar[str] = "nashscape.figures.battles:team_meetings_figure"
    as_table: ClassVar[str] = "nashscape.games.families.battle_tables:meetings_table"
    as_columns: ClassVar[str] = "nashscape.games.families.battle_tables:columns_of_meetings"

    names: tuple[str, ...]
    values: Floats
    chances: Floats
    status: Status
    provenance: Provenance

    @property
    def order(self) -> npt.NDArray[np.int64]:
        """Numbers of the teams: those that are brought most often first, then by what they get of all on average."""
        return np.lexsort((-self.values.mean(axis=1).round(9), -self.chances.round(9)))

    def __repr__(self) -> str:
        """How many teams there are, and how many of them are brought."""
        return f"<TeamMeetings of {len(self.names)} teams, {int((self.chances > 1e-6).sum())} of them brought>"
