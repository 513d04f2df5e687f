"""What policies that learnt with n teams leave to be gained with these teams, and with teams that they never met."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.games import TeamBattles, random_roster, team_battles
from nashscape.games.families.battle_teams import Pair, Team
from nashscape.systems.team_building.relative_policies import Learnt, learnt, left, lesson

Floats = npt.NDArray[np.float64]

ROSTER, HELD, LOOKED = 24, 4, 16
"""Creatures of a roster, teams that are kept for the end, and pairs of teams met in which a policy is measured."""
HEALTH = (3, 3)
"""Points of all creatures of these rosters."""
CHANCE, STRONGEST = np.full(3, 1 / 3), np.eye(3)[0]
"""What a policy does in states that look like none it met: anything, or the move that takes most."""


class Carried(NamedTuple):
    """Means of a policy over pairs of teams.

    Attributes:
        met: what the best reply gains with teams that it learnt with.
        exact: what exact play gains with these.
        new: what the best reply gains with teams it never met.
        exact_new: what exact play gains with those.
    """

    met: float
    exact: float
    new: float
    exact_new: float


class Teams(NamedTuple):
    """Teams of a roster drawn for one repetition.

    Attributes:
        battles: those of the roster.
        known: teams to learn with, in order.
        held: pairs of teams that are not among these.
    """

    battles: TeamBattles
    known: tuple[Team, ...]
    held: tuple[Pair, ...]


def drawn(seed: Sequence[int], most: int) -> Teams:
    """A roster with teams to learn with, and others."""
    random = np.random.default_rng(seed)
    battles = team_battles(random_roster(ROSTER, health=HEALTH, seed=int(random.integers(2**31))))
    every = [(int(a), int(b)) for a, b in random.permutation(list(combinations(range(ROSTER), 2)))]
    return Teams(battles, tuple(every[:most]), paired(every[most : most + HELD]))


def paired(teams: Sequence[Team]) -> tuple[Pair, ...]:
    """All pairs of teams, each with itself too."""
    return tuple((one, other) for one in teams for other in teams)


def carried(teams: Teams, size: int, looks: Sequence[int], seed: Sequence[int]) -> list[Carried]:
    """Policies that learnt from all battles among the first teams and see so many meetings each, measured."""
    pairs = paired(teams.known[:size])
    chosen = [pairs[k] for k in np.random.default_rng(seed).permutation(len(pairs))[:LOOKED]]
    taught, made = lesson(teams.battles, pairs), []
    for meetings in looks:
        found = learnt(taught, meetings)
        met, new = (left(teams.battles, own, found, meetings, CHANCE) for own in (chosen, teams.held))
        made.append(Carried(*(float(own.mean()) for own in (met.to_best, met.to_exact, new.to_best, new.to_exact))))
    return made


def untaught(teams: Teams, unknown: Floats) -> float:
    """What the best reply gains, with the teams that are kept, against who has learnt nothing."""
    nothing = Learnt(np.zeros(0, np.int64), np.zeros((0, len(unknown))))
    return float(left(teams.battles, teams.held, nothing, 1, unknown).to_best.mean())
