"""Battles that are played turn by turn, and who beats whom."""

from collections.abc import Iterable
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, positive_integer, record, unknown
from nashscape.core.calls import public
from nashscape.games.families.battle_results import TeamBattle, TeamMeetings
from nashscape.games.families.battle_teams import TeamBattles
from nashscape.games.families.battle_turns import OVER, SideStates, Strength, outcomes
from nashscape.games.families.battle_values import solve
from nashscape.ranking.lotteries import NASH_AVERAGING, best_mixture

Floats = npt.NDArray[np.float64]

MOST_TEAMS = 400


@public()
def team_battle(battles: TeamBattles, one: int | str, other: int | str, *, seed: int = 0) -> TeamBattle:
    """Play one battle of two teams turn by turn, with best play of both.

    Args:
        battles: what `team_battles` made.
        one: the first side's team, by its name or its number in `battles.teams`.
        other: the second side's.
        seed: of what is drawn: choices of mixtures, strikes that take more, and who strikes first of equals.

    Raises:
        InputError: for a team that there is not.

    Example:
        >>> from nashscape import games
        >>> fire, leaf = (games.Creature(name, k, 2, k, (games.Move(k, 1),)) for k, name in enumerate(("fire", "leaf")))
        >>> battles = games.team_battles([fire, leaf], types=3, members=1, critical=0)
        >>> battle = team_battle(battles, "fire", "leaf")
        >>> battle, battle.points[:, :, 0].tolist()       # the leaf is faster, and takes half
        (<TeamBattle of fire and leaf, 1 turns: fire wins>, [[2, 2], [1, 0]])
    """
    teams = battles.teams[_number(battles, one)], battles.teams[_number(battles, other)]
    random = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
    turns, last = _played(battles, teams, random)
    side, names = battles.side, [creature.name for creature in battles.roster]
    states = np.array([*(turn.state for turn in turns), last])
    asked = {"battles": battles, "one": battles.team_name(teams[0]), "other": battles.team_name(teams[1])}
    return TeamBattle(
        teams=(battles.team_name(teams[0]), battles.team_name(teams[1])),
        members=(tuple(names[k] for k in teams[0]), tuple(names[k] for k in teams[1])),
        active=tuple((turn.told[0][0], turn.told[1][0]) for turn in turns),
        choices=tuple((turn.told[0][1], turn.told[1][1]) for turn in turns),
        chances=np.array([turn.chances for turn in turns]),
        points=side.points[states],
        values=np.array([*(turn.value for turn in turns), np.sign(int(last[1] == OVER) - int(last[0] == OVER))], float),
        status=Status.COMPLETE,
        provenance=record("team battle", asked, seed=seed),
    )


@public()
def team_meetings(battles: TeamBattles, teams: Iterable[int | str] | None = None) -> TeamMeetings:
    """Who beats whom among some teams, with best play of both, and which of them are brought unseen.

    Args:
        battles: what `team_battles` made.
        teams: names or numbers; by default all, of which there may be 400.

    Raises:
        InputError: for a team that there is not, none, and too many.

    Example:
        >>> from nashscape import games
        >>> names = ("fire", "leaf", "water")
        >>> trio = [games.Creature(name, k, 4, 0, (games.Move(k, 1),)) for k, name in enumerate(names)]
        >>> found = team_meetings(games.team_battles(trio, types=3, members=1, critical=0))
        >>> found.values.tolist(), found.chances.round(3).tolist()
        ([[0.0, 1.0, -1.0], [-1.0, 0.0, 1.0], [1.0, -1.0, 0.0]], [0.333, 0.333, 0.333])

    Source: Balduzzi et al. (2018), for the mixture of largest entropy.
    """
    numbers = [_number(battles, own) for own in (range(len(battles.teams)) if teams is None else teams)]
    if not 1 <= len(numbers) <= MOST_TEAMS:
        raise InputError(f"from 1 to {MOST_TEAMS} teams meet; got {len(numbers)}: give some, by name")
    values = battles.values(numbers, numbers)
    names = tuple(battles.names[k] for k in numbers)
    return TeamMeetings(
        names=names,
        values=values,
        chances=best_mixture(values),
        status=Status.COMPLETE,
        provenance=record("team meetings", {"battles": battles, "teams": names}, sources=[NASH_AVERAGING]),
    )


class _Turn(NamedTuple):
    state: tuple[int, int]
    told: list[tuple[str, str]]
    chances: tuple[float, float]
    value: float


def _played(battles: TeamBattles, teams: Any, random: np.random.Generator) -> tuple[list[_Turn], tuple[int, int]]:
    """The turns of a battle with best play, and the states of both sides at its end."""
    side, strength = battles.side, battles.strength([teams])
    solved = solve(side, strength)
    state, turns = (battles.begins(teams[0]), battles.begins(teams[1])), []
    while OVER not in state:
        plays = solved.one[0][state], solved.two[0][state]
        a, b = (int(random.choice(len(own), p=own / own.sum())) for own in plays)
        told = [_told(battles, teams[k], state[k], action) for k, action in enumerate((a, b))]
        turns.append(_Turn(state, told, (float(plays[0][a]), float(plays[1][b])), float(solved.values[0][state])))
        after = follows(side, strength, state, (a, b))
        state = list(after)[int(random.choice(len(after), p=np.array(list(after.values()))))]
    return turns, state


def follows(
    side: SideStates, strength: Strength, state: tuple[int, int], actions: tuple[int, int]
) -> dict[tuple[int, int], float]:
    """The states of both sides after a turn of one battle, each with its chance, of which there are few.

    The chance of a pair of states is what the turn is worth where that pair is worth 1 and all others are worth 0.
    """
    own, other = (_reached(side, one) for one in state)
    pairs = list(product(own, other))
    there = np.zeros((len(pairs), len(side.active), len(side.active)))
    there[np.arange(len(pairs)), [s for s, _ in pairs], [t for _, t in pairs]] = 1.0
    worth = outcomes(side, strength, there, np.array([state[0]]), np.array([state[1]]))
    chances = worth[:, 0, actions[0], actions[1]]
    found = {pair: float(chance) for pair, chance in zip(pairs, chances, strict=True) if chance > 0}
    assert abs(sum(found.values()) - 1.0) < 1e-9, "a turn leads somewhere"
    return {pair: chance / sum(found.values()) for pair, chance in found.items()}


def _reached(side: SideStates, state: int) -> list[int]:
    """All states of a side that one turn may lead to."""
    begun = [state, *side.switched[state].tolist()]
    return sorted({*begun, *(after for own in begun for after in side.hit[own].tolist())})


def _told(battles: TeamBattles, team: tuple[int, ...], state: int, action: int) -> tuple[str, str]:
    """Who is in play, and what an action is there: one that is not there stands for the first move."""
    side, active = battles.side, int(battles.side.active[state])
    creature = battles.roster[team[active]]
    moves = max(len(one.moves) for one in battles.roster)
    if action >= moves and side.allowed[state, action - moves]:
        into = int(side.active[side.switched[state, action - moves]])
        return creature.name, f"to {battles.roster[team[into]].name}"
    return creature.name, f"move {action + 1 if action < len(creature.moves) else 1}"


def _number(battles: TeamBattles, team: int | str) -> int:
    """The number of a team.

    Raises:
        InputError: for one that there is not.
    """
    if isinstance(team, str):
        if team not in battles.names:
            raise unknown("team", team, battles.names)
        return battles.names.index(team)
    if team not in range(len(battles.teams)):
        raise InputError(f"teams are numbered from 0 to {len(battles.teams) - 1}; got {team!r}")
    return int(team)
