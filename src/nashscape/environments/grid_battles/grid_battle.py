"""Battles of two alike teams on a small grid, who see everything and act at once."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.grid_battles.battle_meetings import Best, Meeting, best_member, best_response, together
from nashscape.environments.grid_battles.battle_tables import BattleTables, battle_tables
from nashscape.environments.grid_battles.battle_turns import ACTIONS, Field

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class GridBattle:
    """Two alike teams of N on a grid. Made by `grid_battle`.

    A policy of a team is `[N, S, 6]`: what each member does in every state, in the team's own view, which either team
    can use. A best joint policy of a team has this form, too.

    Attributes:
        tables: states, and what follows.
        health: points of each unit at the start.
        turns: after which a battle ends.
        ground: what it is worth that a unit holds its ground for a turn.
    """

    tables: BattleTables
    health: int
    turns: int
    ground: float

    name: ClassVar[str] = "grid battle"
    players: ClassVar[tuple[str, str]] = ("left", "right")
    actions: ClassVar[tuple[str, ...]] = ACTIONS

    @property
    def members(self) -> int:
        """Of a team, N."""
        return self.tables.field.members

    @property
    def n_states(self) -> int:
        """How many states there are, ends too, S."""
        return len(self.tables.states)

    @property
    def allowed(self) -> npt.NDArray[np.bool_]:
        """What members may do, `[N, S, 6]`."""
        return self.tables.allowed

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the pay of a battle lies."""
        most = self.members * (self.health + self.ground * self.turns)
        return -most, most

    def state(self, number: int) -> str:
        """A state in words: the turn from 0, and of every unit its place by row and column, and its points.

        >>> grid_battle(rows=2, columns=3).state(0)
        'turn 0: left 0:0 (1), 1:0 (1); right 0:2 (1), 1:2 (1)'
        """
        turn = int(np.searchsorted(self.tables.first, number, side="right")) - 1
        cells, points = np.split(self.tables.states[number], 2)
        rows, columns = np.divmod(cells, self.tables.field.columns)
        told = [f"{r}:{c} ({p})" if p else "fallen" for r, c, p in zip(rows, columns, points, strict=True)]
        n = self.members
        return f"turn {turn}: left {', '.join(told[:n])}; right {', '.join(told[n:])}"

    def policy(self, given: Any, name: str = "the policy") -> Floats:
        """A policy of a team, checked.

        Raises:
            InputError: for another shape, rows that are no distributions, and chances of what is not allowed.
        """
        found = finite_array(given, name, shape=self.allowed.shape)
        if found.min() < 0 or np.abs(found.sum(axis=-1) - 1).max() > 1e-6:
            raise InputError(f"{name} has for each member a distribution over {', '.join(ACTIONS)} in each of its rows")
        if found[~self.allowed].any():
            member, state, action = (int(k) for k in np.argwhere(found * ~self.allowed)[0])
            raise InputError(f"{name} lets member {member} {ACTIONS[action]} in state {state}, {self.state(state)}, "
                             "which is not allowed; see `GridBattle.allowed`")  # fmt: skip
        return found

    def even(self) -> Floats:
        """The policy that does all that is allowed alike, `[N, S, 6]`."""
        made: Floats = self.allowed / self.allowed.sum(axis=-1, keepdims=True)
        return made

    def meeting(self, own: Any, other: Any) -> Meeting:
        """One team's policy against another's, solved: values, visits, and what joint actions are worth."""
        return Meeting(
            self.tables, self.policy(own, "the own policy"), self.policy(other, "the other policy"), self.ground
        )

    def payoffs(self, own: Any, other: Any) -> Floats:
        """What both teams get from the start, `[2]`, exactly; they sum to 0."""
        value = float(self.meeting(own, other).values[0])
        return np.array([value, -value])

    def best_response(self, other: Any) -> Best:
        """The most that a team can get against another's policy, by whatever it does together, and how."""
        return best_response(self.tables, self.policy(other, "the other policy"), self.ground)

    def best_alone(self, own: Any, other: Any, member: int) -> Best:
        """The most that a team gets where one member alone, by number, changes its policy, and how.

        Raises:
            InputError: for a number that no member has.
        """
        if member not in range(self.members):
            raise InputError(f"members are numbered from 0 to {self.members - 1}; got {member!r}")
        own, other = self.policy(own, "the own policy"), self.policy(other, "the other policy")
        return best_member(self.tables, own, other, member, self.ground)

    def play(self, own: Any, other: Any, count: int, random: np.random.Generator) -> Floats:
        """What both teams get in so many battles, `[count, 2]`.

        Args:
            own: policy of the left team.
            other: of the right one.
            count: battles.
            random: a generator.
        """
        tables, count = self.tables, positive_integer(count, "count")
        joint = [together(self.policy(own, "the own policy")), together(self.policy(other, "the other policy"))]
        joint[1] = joint[1][tables.mirror]
        size = joint[0].shape[1]
        states, paid = np.zeros(count, np.int64), np.zeros(count)
        # entries are in the order of states, of the first team's joint actions, and of the other's
        codes = tables.own * size + tables.other % size
        held = [tables.holding, tables.holding[tables.mirror]]
        for _ in range(self.turns):
            chosen = [_drawn(chances[states], random) for chances in joint]
            paid += self.ground * (held[0][states, chosen[0]] - held[1][states, chosen[1]])
            going = ~tables.ends[states]
            wanted = (states * size + chosen[0]) * size + chosen[1]
            places = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
            states = np.where(going, tables.following[places], states)
        paid += tables.lead[states]
        return np.stack([paid, -paid], axis=1)

    def __repr__(self) -> str:
        """Its size, as one line."""
        field = self.tables.field
        return (
            f"<GridBattle: {self.members} against {self.members} on {field.rows} × {field.columns}, {self.turns} "
            f"turns, {self.n_states} states>"
        )


def _drawn(chances: Floats, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """One column of each row, by its chances."""
    sums = chances.cumsum(axis=1)
    found: npt.NDArray[np.int64] = (random.random((len(chances), 1)) * sums[:, -1:] >= sums).sum(axis=1)
    return found


@public()
def grid_battle(
    *,
    rows: int = 2,
    columns: int = 4,
    members: int = 2,
    health: int = 1,
    turns: int = 3,
    force: int = 2,
    reach: int = 2,
    ground: float = 0.1,
) -> GridBattle:
    """A battle of two alike teams on a grid, as tables over all its states, so that values and best policies are exact.

    Teams start on opposite sides. Every turn all units act at once: one holds its ground, steps forward, back, up or
    down, or attacks the first opponent in reach. A step is made into a cell that was free and that nobody else steps
    into. A unit loses a point where enough opponents attack it at once, unless it steps away in this turn; without
    points it falls. A battle ends after so many turns, or where nobody of a team stands. A team gets its points less
    those of the other, and for every turn in which a unit of it holds its ground a little; the other team gets the
    opposite.

    With a force of two nobody can attack alone: a member whose mates do not attack does better to hold its ground, so
    that two teams that only hold are at rest, whatever two attackers together would gain.

    Args:
        rows: of the grid.
        columns: of the grid, two or more.
        members: of a team.
        health: points of each unit.
        turns: after which it ends.
        force: how many must attack a unit at once to wound it.
        reach: steps from which they do.
        ground: what it is worth that a unit holds its ground for a turn, in points.

    Raises:
        InputError: for numbers that are none, teams that find no room, and battles with too many states.

    Example:
        >>> made = grid_battle()
        >>> made
        <GridBattle: 2 against 2 on 2 × 4, 3 turns, 798 states>
        >>> hold = np.zeros(made.allowed.shape)
        >>> hold[..., 0] = 1.0
        >>> together, alone = made.best_response(hold), made.best_alone(hold, hold, 0)
        >>> round(together.value, 6), round(alone.value, 6)
        (0.5, 0.0)

    Source: rules of our own, for teams as in Xu, Liang, Yu, Wang, Wu, Fictitious Cross-Play, AAMAS 2023.
    """
    whole = {"rows": rows, "columns": columns, "members": members, "health": health, "turns": turns, "force": force,
             "reach": reach}  # fmt: skip
    found = {name: positive_integer(own, name, at_least=1 + (name == "columns")) for name, own in whole.items()}
    if found["members"] > found["rows"]:
        raise InputError(f"a team starts in one column: there are {found['rows']} rows for {found['members']} members; "
                         "take more rows or fewer members")  # fmt: skip
    if found["force"] > found["members"]:
        raise InputError(f"a force of {found['force']} is more than the {found['members']} members of a team, so that "
                         "nobody could be wounded; take less")  # fmt: skip
    field = Field(found["rows"], found["columns"], found["members"], found["force"], found["reach"])
    return GridBattle(
        battle_tables(field, found["health"], found["turns"]), found["health"], found["turns"],
        finite_number(ground, "ground", low=0.0),
    )  # fmt: skip
