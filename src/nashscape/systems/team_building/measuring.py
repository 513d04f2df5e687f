"""The study of the card: which teams to bring, and what policies that learnt with some teams do with others."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.games import TeamBattles, random_roster, team_battles
from nashscape.populations import GrownMembers, grow
from nashscape.populations.ways import DOUBLE_ORACLE, FICTITIOUS
from nashscape.ranking import alpha_rank, best_mixture
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, between, exactly, mean_above, near
from nashscape.systems.team_building.carrying_over import CHANCE, STRONGEST, Carried, carried, drawn, untaught
from nashscape.systems.team_building.relative_policies import LOOKS

Floats = npt.NDArray[np.float64]

VGC_BENCH = Source(
    "vgc_bench", "Angliss, Cui, Hu, Rahman, Stone: VGC-Bench: Towards Mastering Diverse Team Strategies in Competitive "
    "Pokémon. AAMAS 2026.", "https://arxiv.org/abs/2506.10326",
)  # fmt: skip

REPETITIONS = {"quick": 7, "full": 24, "thorough": 100}
"""Rosters with which policies learn."""
FIGURES = 46
ROSTERS = (8, 10, 12, 16)
"""Creatures of the rosters from which teams are chosen, the first two where time is short."""
SMALL, CIRCLES, BEATEN = 7, 3, 0.05
"""Creatures of the rosters in which ways of growing are compared, how many rosters these are, and how much is gained
against each of their teams by another."""
SIZES = (1, 4, 16)
"""How many teams policies learn with."""
SOLVED = 1e-8
"""What is left to gain by rounding."""
WAYS = MappingProxyType({
    "online double oracle": ("online-double-oracle", 12, 0.1),
    "fictitious play": ("fictitious-play", 60, 0.2),
    "fictitious self-play": ("fictitious-self-play", 60, 0.4),
})  # fmt: skip
"""Ways that come near an equilibrium, with generations, and what they leave at most."""


def _rows(repetitions: int, seed: int) -> Iterator[Row]:
    for creatures in ROSTERS if repetitions > REPETITIONS["quick"] else ROSTERS[:2]:
        yield from _double_oracle(creatures, seed)
    for k, battles in enumerate(in_circles(CIRCLES, seed)):
        yield from _ways(f"roster {k + 1}", battles, seed)
    yield from _carrying_over(repetitions, seed)


def _double_oracle(creatures: int, seed: int) -> Iterator[Row]:
    battles = team_battles(random_roster(creatures, seed=1000 * seed + creatures))
    said, count = f"{creatures} creatures", creatures * (creatures - 1) // 2
    found = grow(battles, "double-oracle", generations=100, seed=seed)
    share = battles.solved / (count * (count + 1) // 2)
    yield below("equilibrium", f"{said}: what the best of all {len(battles.teams)} teams gains", SOLVED,
                exactly(float(found.gains[-1].max())))  # fmt: skip
    yield below("few-battles", f"{said}: share of battles looked at", 0.9 if creatures < 12 else 0.6,
                exactly(share))  # fmt: skip
    brought = int((found.answer[0] > SOLVED).sum())
    yield below("support", f"{said}: share of teams that are brought", 0.3, exactly(brought / len(battles.teams)))
    if creatures == ROSTERS[0]:
        left = float((battles.values() @ _brought(battles, found)).max())
        yield near("equilibrium", f"{said}: the same by the table of all battles", 0.0, left, SOLVED)


def in_circles(count: int, seed: int) -> list[TeamBattles]:
    """Rosters in which every team is beaten by another, the first of those that are drawn."""
    found: list[TeamBattles] = []
    number = 0
    while len(found) < count:
        battles = team_battles(random_roster(SMALL, seed=1000 * seed + number))
        found += [battles] if battles.values().max(axis=0).min() > BEATEN else []
        number += 1
    return found


def _ways(said: str, battles: TeamBattles, seed: int) -> Iterator[Row]:
    table = battles.values()
    oracle = _grown(battles, "double-oracle", 60, seed)
    yield below("methods", f"{said}: exploitability by double oracle", SOLVED, exactly(oracle.exploitability))
    grown = {way: _grown(battles, by, generations, seed) for way, (by, generations, _) in WAYS.items()}
    for way, one in grown.items():
        yield below("methods", f"{said}: by {way}", WAYS[way][2], exactly(one.exploitability))
    averaged = grown["fictitious play"]
    yield above("methods", f"{said}: fictitious play is not there yet", 1e-3, exactly(averaged.exploitability))
    newest = _grown(battles, "self-play", 60, seed).gains[1:].mean(axis=1)
    yield above("self-play", f"{said}: least exploitability of a newest team", BEATEN, exactly(float(newest.min())))
    exploiter = int((table @ _brought(battles, averaged)).argmax())
    yield above("policy-exploitation", f"{said}: exploitability of who exploits fictitious play", BEATEN,
                exactly(float(table[:, exploiter].max())))  # fmt: skip
    yield above("ranks", f"{said}: mass of α-rank on teams that are not brought", 0.05, exactly(_beside(table)))


def _grown(battles: TeamBattles, way: str, generations: int, seed: int) -> GrownMembers:
    """So many generations, fewer where nobody gains more."""
    found: GrownMembers = grow(battles, way, generations=generations, seed=seed, until=1e-9)
    return found


def _brought(battles: TeamBattles, grown: GrownMembers) -> Floats:
    """How likely each team is in the answer."""
    mixture = np.zeros(len(battles.teams))
    np.add.at(mixture, list(grown.members[0]), grown.answer[0])
    return mixture


def _beside(table: Floats) -> float:
    """The mass that α-rank puts on teams that Nash averaging does not bring."""
    # the limit of α-rank takes payoffs as they are written
    masses = alpha_rank(table.round(6) + 0.0).masses
    return float(masses[best_mixture(table) < SOLVED].sum())


def _carrying_over(repetitions: int, seed: int) -> Iterator[Row]:
    every = [drawn((seed, k), SIZES[-1]) for k in range(repetitions)]
    found = [[carried(one, n, tuple(LOOKS.values()), (seed, k, n)) for k, one in enumerate(every)] for n in SIZES]
    few, some, many = ([coarse for coarse, _ in own] for own in found)
    fine = [own for _, own in found[-1]]
    yield between("single-team", "what the best reply gains in the mirror match", 0.0, _spread(few, "met"), 0.03)
    yield mean_above("exploitable", "with sixteen teams the best reply gains more than with one", 0.0,
                     _spread(many, "met", few, "met"))  # fmt: skip
    yield mean_above("worse", "with sixteen teams exact play gains more than with one", 0.0,
                     _spread(many, "exact", few, "exact"))  # fmt: skip
    yield mean_above("elsewhere", "who learnt with one team: with new teams the best reply gains more", 0.2,
                     _spread(few, "new", few, "met"))  # fmt: skip
    for before, after, label in ((few, some, "one and with four"), (some, many, "four and with sixteen")):
        yield mean_above("generalisation", f"with new teams, the best reply gains less: after {label} teams", 0.0,
                         _spread(before, "new", after, "new"))  # fmt: skip
    yield mean_above("finer", "sixteen teams met: coarse descriptions leave more than fine ones", 0.0,
                     _spread(many, "met", fine, "met"))  # fmt: skip
    yield mean_above("finer", "new teams: fine descriptions leave more than coarse ones", 0.0,
                     _spread(fine, "new", many, "new"))  # fmt: skip
    ends = np.array([[untaught(one, CHANCE), untaught(one, STRONGEST)] for one in every])
    yield mean_above("heuristic", "untaught: the best reply gains more against chance than against the strongest move",
                     0.2, spread_of(ends[:, 0] - ends[:, 1]))  # fmt: skip


def _spread(those: Sequence[Carried], what: str, others: Sequence[Carried] = (), which: str = "") -> Spread:
    """Of one number, or of the differences of two of the same rosters."""
    values = np.array([getattr(one, what) for one in those])
    return spread_of(values - np.array([getattr(one, which) for one in others]) if others else values)


def spread_of(values: Floats) -> Spread:
    """Mean, standard deviation and number of measurements."""
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("team-building", REPETITIONS, _rows, of="repetitions", figures=FIGURES,
                    sources=[VGC_BENCH, DOUBLE_ORACLE, FICTITIOUS])  # fmt: skip
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
