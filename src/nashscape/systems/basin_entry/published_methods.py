"""The methods of *opponent-aware basin entry*, and how much is run to measure them again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from nashscape.learning import TermRule, meta_mapg, two_phase

METHODS = {"pg": (0.0, 0.0), "meta_pg": (0.35, 0.0), "peer_only": (0.0, 1.5), "meta_mapg": (0.35, 1.5)}
"""Coefficients of own-learning and peer-learning."""


@dataclass(frozen=True)
class Effort:
    """How much is run of every figure.

    Of Stag Hunt 1,536 runs, 15 times as many as were published, give intervals a quarter as wide. A run of the iterated
    game takes two hundred times as long: there ours are .6 of the published width in the ablation, and as wide with
    restarts.

    Attributes:
        runs: runs of every ablation arm of Stag Hunt.
        annealed: runs of every annealing arm, which are eight times as long.
        maps: sampled maps, each of the published size.
        starts: random starts of the noise-free columns.
        updates: sampled updates at each batch size.
        ipd_runs: runs of every ablation arm of the iterated game; a device advances 128 of them at a time, or fewer in
            the same time.
        hunt_restarts: runs of every restart arm of Stag Hunt.
        ipd_restarts: runs of every restart arm of the iterated game.
    """

    runs: int
    annealed: int
    maps: int
    starts: int
    updates: int
    ipd_runs: int
    hunt_restarts: int
    ipd_restarts: int


FULL = Effort(
    runs=1536,
    annealed=1536,
    maps=40,
    starts=250_000,
    updates=50_000,
    ipd_runs=256,
    hunt_restarts=4096,
    ipd_restarts=100,
)
# no fewer runs of one sort than fill two devices: fewer would take as long, and a program of their own
QUICK = replace(FULL, maps=20, starts=50_000, updates=7500, hunt_restarts=1536, ipd_restarts=20)
THOROUGH = replace(FULL, runs=4096, maps=100, starts=1_000_000, ipd_runs=512, ipd_restarts=256)
EFFORTS: Mapping[str, Effort] = MappingProxyType({"quick": QUICK, "full": FULL, "thorough": THOROUGH})


def rule(own: float, peer: float, *, warm_up: float = 0.0, exponent: float = 0.0, decay_steps: float = 1.0) -> TermRule:
    """Any rule of the study in one structure, so that all of them share one compiled program.

    With exponent 0 the schedule is constant.
    """
    schedule = two_phase(peer, warm_up=warm_up, exponent=exponent, decay_steps=decay_steps)
    return meta_mapg(own=own, peer=schedule)


def methods() -> list[TermRule]:
    """The four methods of the ablation under their published names."""
    return [rule(*coefficients).renamed(name) for name, coefficients in METHODS.items()]
