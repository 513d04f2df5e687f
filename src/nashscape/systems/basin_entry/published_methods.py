"""The four methods of *opponent-aware basin entry*, and how much is run to measure them again."""

from dataclasses import dataclass

from nashscape.dynamics import Settling
from nashscape.learning import TermRule, meta_mapg, two_phase

ROOM = 768
"""Plays that the one compiled sampled program has room for: the largest batch of the study."""

METHODS = {"pg": (0.0, 0.0), "meta_pg": (0.35, 0.0), "peer_only": (0.0, 1.5), "meta_mapg": (0.35, 1.5)}
"""Coefficients of own-learning and peer-learning."""

STANDING = Settling(follow=False)
"""Published tables count where runs stand after their last update."""


@dataclass(frozen=True)
class Effort:
    """How much is run: the full study, or a quick look at the same figures with wider intervals.

    Attributes:
        runs: runs of every ablation and annealing arm.
        maps: sampled maps, each of the published size.
        starts: random starts of the noise-free columns.
        variances: repeats of the estimator at each batch size, in experiments of 100.
        ipd_runs: runs of every ablation arm of the iterated game.
        restart_runs: runs of every restart arm.
    """

    runs: int
    maps: int
    starts: int
    variances: int
    ipd_runs: int
    restart_runs: int


FULL = Effort(runs=4096, maps=100, starts=1_000_000, variances=500, ipd_runs=512, restart_runs=256)
QUICK = Effort(runs=1536, maps=25, starts=500_000, variances=200, ipd_runs=256, restart_runs=128)


def rule(own: float, peer: float, *, warm_up: float = 0.0, exponent: float = 0.0, decay_steps: float = 1.0) -> TermRule:
    """Any rule of the study in one structure, so that all of them share one compiled program.

    With exponent 0 the schedule is constant.
    """
    schedule = two_phase(peer, warm_up=warm_up, exponent=exponent, decay_steps=decay_steps)
    return meta_mapg(own=own, peer=schedule)


def methods() -> list[TermRule]:
    """The four methods of the ablation under their published names."""
    return [rule(*coefficients).renamed(name) for name, coefficients in METHODS.items()]
