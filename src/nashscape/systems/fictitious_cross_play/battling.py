"""The part of the study on a grid: what ways of growing leave to teams and to members, and how they are rated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nashscape.environments.grid_battles.grid_battle import grid_battle
from nashscape.populations.grid_battle_arenas import GridBattleArena, grid_battle_arena
from nashscape.populations.growing import grow
from nashscape.populations.grown_members import GrownMembers
from nashscape.ranking import rank
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.statements import below, exactly, mean_above

Floats = npt.NDArray[np.float64]

MATCHES = 100
"""Of each two answers of a run."""
CROSS = "cross-play"
WAYS: Mapping[str, tuple[str, int]] = MappingProxyType({
    "self-play": ("self-play", 1),
    "fictitious self-play": ("fictitious-self-play", 2),
    "PSRO": ("psro", 4),
    CROSS: ("fictitious-cross-play", 6),
})  # fmt: skip
"""With generations, no more than time allows; who meets itself is at rest after one."""


@dataclass(frozen=True)
class Answer:
    """What a way answers in the end.

    Attributes:
        policies: of teams, one of which is drawn for every battle.
        weights: how often each is.
        least: what a team gains against it at least.
        most: and at most, the same where it is one policy.
        alone: what the best of one member alone gains where it is one policy; else NaN.
        exploiter: the best response to one of the policies that gains most against all.
    """

    policies: list[Floats]
    weights: Floats
    least: float
    most: float
    alone: float
    exploiter: Floats


def battle_rows(runs: int, seed: int) -> Iterator[Row]:
    """All figures of so many runs, in each of which every way grows from starts of that run."""
    arena = grid_battle_arena(grid_battle())
    every = [answers(arena, (seed, run)) for run in range(runs)]
    stuck = [one["self-play"] for one in every]
    yield mean_above("grid-stuck", "what a team gains against the newest of self-play", 0.1,
                     _spread([own.most for own in stuck]))  # fmt: skip
    yield below("grid-stuck", "the most that one member alone gains there, of all runs", 0.02,
                exactly(max(own.alone for own in stuck)))  # fmt: skip
    cross = np.array([one[CROSS].most for one in every])
    yield mean_above("grid-out", "by how much less than .1 a team gains against the newest main strategy", 0.0,
                     _spread(0.1 - cross))  # fmt: skip
    for way in WAYS:
        if way != CROSS:
            more = np.array([one[way].least for one in every]) - cross
            yield mean_above("grid-exploitability", f"what a team gains more, at least: {way}", 0.0, _spread(more))
    for claim, exploited in (("grid-ratings", False), ("grid-exploiters-rated", True)):
        ratings = [rated(arena, one, np.random.default_rng((seed, 2, run)), exploited) for run, one in enumerate(every)]
        for way in WAYS:
            if way != CROSS:
                ahead = [own[CROSS] - own[way] for own in ratings]
                yield mean_above(claim, f"points of Elo that cross-play is ahead: {way}", 0.0, _spread(ahead))


def answers(arena: GridBattleArena, seed: tuple[int, int]) -> dict[str, Answer]:
    """What each way answers in one run."""
    start = int(np.random.default_rng((*seed, 0)).integers(2**31))
    return {
        said: answered(arena, grow(arena, way, generations=generations, seed=start, until=None))
        for said, (way, generations) in WAYS.items()
    }


def answered(arena: GridBattleArena, grown: GrownMembers) -> Answer:
    """The answer of a way, and between which bounds lies what a team gains against it.

    Against one policy that is exact. Against a mixture nobody gains more than who is told which policy it meets; and
    somebody gains as much as the best of who learnt afresh and the best responses to single policies of it.
    """
    there = np.flatnonzero(grown.answer[0])
    policies, weights = [grown.members[0][k] for k in there], grown.answer[0][there]
    battle, alone = arena.battle, np.nan
    tried = [battle.best_response(own).policy for own in policies]
    paid = [sum(w * battle.payoffs(one, own)[0] for own, w in zip(policies, weights, strict=True)) for one in tried]
    if len(policies) == 1:
        alone = max(battle.best_alone(policies[0], policies[0], k).value for k in range(battle.members))
    least = max(*paid, float(grown.gains[-1].max()))
    return Answer(policies, weights, least, float(grown.limit[-1].max()), alone, tried[int(np.argmax(paid))])


def rated(
    arena: GridBattleArena, found: dict[str, Answer], random: np.random.Generator, exploited: bool
) -> dict[str, float]:
    """Elo's ratings of answers after battles of each two, in a random order; who gets more wins.

    Where they are exploited, a best response to each takes part, too.
    """
    players = {said: (own.policies, own.weights) for said, own in found.items()}
    if exploited:
        players |= {f"against {said}": ([own.exploiter], np.ones(1)) for said, own in found.items()}
    rows: list[tuple[str, str, float]] = []
    for one, other in combinations(players, 2):
        (ours, chances), (theirs, weights) = players[one], players[other]
        pairs = random.multinomial(MATCHES, np.outer(chances, weights).ravel()).reshape(len(ours), -1)
        for i, j in np.argwhere(pairs).tolist():
            paid = arena.battle.play(ours[i], theirs[j], int(pairs[i, j]), random)[:, 0]
            rows += [(one, other, result) for result in (0.5 + 0.5 * np.sign(paid.round(9))).tolist()]
    ranking = rank([rows[k] for k in random.permutation(len(rows))], "elo:orders=1")
    return {name: ranking.of(name).value for name in found}


def _spread(values: npt.ArrayLike) -> Spread:
    every = np.asarray(values, float)
    return Spread(float(every.mean()), float(every.std(ddof=1)), len(every))
