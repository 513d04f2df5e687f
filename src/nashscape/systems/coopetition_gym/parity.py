"""Rewards of the released environments, once run and frozen, beside ours."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.environments import CoopetitionGym, coopetition_gym
from nashscape.systems.coopetition_gym.playing import Played, played

Floats = npt.NDArray[np.float64]

DRAWN = 0.645873181125018
"""The synergy of SynergySearch that the released environment draws with seed 0."""
DIGIT, RELATIVE = 5e-4, 1e-5
"""Frozen numbers have three digits after the point; beyond that they may differ by so much, relatively."""
CANCELLED = {"CooperativeNegotiation": 1.5e-5}
"""Where subtraction in single precision leaves less."""
SEQUENCES = ("half", "alternating", "low", "high")


@cache
def frozen() -> Mapping[str, Mapping[str, Any]]:
    """The frozen numbers by environment."""
    return tomllib.loads(resources.files(__package__).joinpath("parity.toml").read_text(encoding="utf-8"))


def environment(name: str, **options: Any) -> CoopetitionGym:
    """An environment whose synergy is that of the release."""
    fixed: dict[str, Any] = {"synergy": DRAWN} if name == "SynergySearch" else {}
    return coopetition_gym(name, **fixed, **options)


def sequences(rounds: int, n: int) -> Floats:
    """The shares of all four sequences, `[4, T, n]`."""
    odd = (np.arange(rounds)[:, None] + np.arange(n)) % 2 == 1
    made = [np.full((rounds, n), 0.5), np.where(odd, 0.9, 0.1), np.full((rounds, n), 0.1), np.full((rounds, n), 0.9)]
    return np.array(made)


def spread(told: Sequence[float], n: int, star: bool) -> Floats:
    """Frozen rewards of every player: one number for all, two or three for groups, or each its own."""
    own = np.asarray(told, float)
    if len(own) in (1, n):
        return np.broadcast_to(own, n)
    if star:
        return np.array([own[0], *(own[-1 - (i % 2) * (len(own) - 2)] for i in range(1, n))])
    made: Floats = own[np.arange(n) % 2]
    return made


def differences(name: str) -> Floats:
    """How far every number of an environment is from ours, in units of what is allowed; infinite for other ends."""
    env, data = environment(name), frozen()[name]
    n, star = len(env.players), name == "PlatformEcosystem"
    found = played(env, sequences(env.limit, n))
    allowed = max(RELATIVE, CANCELLED.get(name, 0.0))
    made = []

    def compare(told: Sequence[float], ours: Floats) -> None:
        wanted = spread(told, n, star)
        made.append(float((np.abs(wanted - ours) / (DIGIT + allowed * np.abs(wanted))).max()))

    for k, sequence in enumerate(SEQUENCES):
        own, last = data[sequence], data[sequence]["ends"] - 1
        compare(own["last"], found.told["integrated"][k, last])
        made.append(0.0 if _ends(found, k) == (own["ends"], own["terminated"]) else np.inf)
        for t, told in enumerate(own.get("first", ())):
            compare(told, found.told["integrated"][k, t])
        for measure in ("mean_trust", "mean_damage"):
            if measure in own:
                made.append(abs(own[measure] - float(found.told[measure][k, last])) / 1e-5)
    for mode in ("private", "cooperative"):
        for t, told in zip((0, 2), data[mode], strict=True):
            compare(told, found.told[mode][1, t])
    return np.array(made)


def _ends(found: Played, sequence: int) -> tuple[int, bool]:
    """How many rounds were played, and whether the last one ended it."""
    rounds = int(found.live[sequence].sum())
    return rounds, bool(found.terminated[sequence, rounds - 1])
