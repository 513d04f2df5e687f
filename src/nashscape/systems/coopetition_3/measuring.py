"""The study of the card: efforts, the published targets of behaviour, and which of many equilibria is reached."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.games import team_effort, team_production
from nashscape.systems.agreement import Row
from nashscape.systems.coopetition_3 import behaviour, study
from nashscape.systems.measured import measuring
from nashscape.systems.statements import holds, near
from nashscape.theory import equilibria

Floats = npt.NDArray[np.float64]

SOURCE = Source(
    "coopetition_3",
    "Pant, Yu: Computational Foundations for Strategic Coopetition: Formalizing Collective Action and Loyalty. 2026.",
    "https://arxiv.org/abs/2601.16237",
)
RUNS = {"quick": 4, "full": 12, "thorough": 60}
FIGURES = 24
EFFORTS = {2: 690.2348, 4: 34.23998, 8: 1.698518}
RATIOS = {2: 10.08, 4: 101.6, 8: 1024.0}
TARGETS = {"free-riding": 0.965, "monotone": 1.0, "differentiation": 1.0, "falling": 1.0, "synergy": 0.995,
           "bounded": 1.0}  # fmt: skip


def _rows(runs: int, seed: int) -> Iterator[Row]:
    for n, published in EFFORTS.items():
        yield near("efforts", f"{n} members: effort of each", published, team_effort(n), 1e-6 * published + 5e-5)
        optimum = (25.0 * 0.7) ** (1 / 0.3) / n
        yield near("ratio", f"{n} members: optimum over equilibrium", n ** (1 / 0.3), optimum / team_effort(n), 1e-6)
        yield near("ratio", f"{n} members: as printed", RATIOS[n], optimum / team_effort(n), 5e-3 * RATIOS[n])
    shares = behaviour.shares()
    for name, published in TARGETS.items():
        yield near("targets", f"{name}: share of cases", published, shares[name], 5e-4)
    median = float(np.median(behaviour.differentiations()))
    yield near("differentiation", "median effort of loyal members over others'", 15.04, median, 0.5)
    yield from _continuum(runs, seed)
    yield from _most_loyal()


def _continuum(runs: int, seed: int) -> Iterator[Row]:
    """Equal loyalties: the total is determined, and gradient ascent keeps every difference of efforts."""
    found: list[Floats] = []
    study.learners(runs, seed).run(seen=lambda _, entry: found.append(entry.reduced["last_profile"]))
    for loyalty, ends in zip(study.EQUAL, found, strict=True):
        begin, total = study.begun(loyalty, runs, seed), study.MEMBERS * team_effort(study.MEMBERS, loyalty=loyalty)
        right = np.abs(ends.sum(axis=1) / total - 1) < 1e-3
        yield holds("continuum", f"loyalty {loyalty:g}: the total is that of the formula", right, "within .1 %")
        kept = np.abs((ends - ends[:, :1]) - (begin - begin[:, :1])).max(axis=1) < 1e-2
        yield holds("selection", f"loyalty {loyalty:g}: differences of efforts are kept", kept, "within .01")


def _most_loyal() -> Iterator[Row]:
    found = equilibria(team_production(4, loyalty=study.UNEVEN))
    others = [k for k, own in enumerate(study.UNEVEN) if own < max(study.UNEVEN)]
    idle = [float(one.point[k][0]) <= 0.01 + 1e-9 for one in found for k in others]
    yield holds("most-loyal", "loyalties .2, .5, .5, .1: the others do the least", idle, "at the bound")
    totals = np.array([sum(float(own[0]) for own in one.point) for one in found])
    yield holds(
        "most-loyal", "the total is the same in all that were found", np.ptp(totals) < 1e-3 * totals.max(), "same"
    )


measure = measuring("coopetition-3", RUNS, _rows, of="runs", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
