"""Where runs come to rest that do not end at a target."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import WITHIN, Outcome, label_names, target_code

SAME = 0.02
"""Places closer than this in every probability, or coordinate, are one."""

MOST = 20
"""Places that are told of one outcome."""


@dataclass(frozen=True, eq=False)
class RestingPlace:
    """A place at which runs come to rest that do not end at a target.

    Attributes:
        outcome: the label of the runs.
        strategies: the mean of their places, one array per player.
        spread: the largest distance of one of them from it.
        runs: how many.
    """

    outcome: str
    strategies: tuple[npt.NDArray[np.float64], ...]
    spread: float
    runs: int

    def __str__(self) -> str:
        """Probabilities, player by player, and how many runs."""
        played = " | ".join(" ".join(f"{p:.3g}" for p in own.ravel()) for own in self.strategies)
        return f"{self.outcome} at {played}: {self.runs} run{'s' * (self.runs > 1)}"


def resting_places(
    codes: npt.NDArray[np.int8],
    places: npt.NDArray[np.float64],
    names: Sequence[str],
    shapes: Sequence[tuple[int, ...]],
) -> tuple[RestingPlace, ...]:
    """The places of runs at rest, of every outcome those of most runs first.

    Args:
        codes: labels, `[N]`.
        places: strategies at the ends of the paths, `[N, Σ a_i]`.
        names: of the targets.
        shapes: of the strategies of the players.
    """
    resting = [int(Outcome.STATIONARY_UNKNOWN), int(Outcome.OTHER_EQUILIBRIUM)]
    resting += [target_code(k) + WITHIN for k in range(len(names))]
    texts, cuts = label_names(names), np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    found = []
    for code in resting:
        there = places[codes == code]
        for group in together(there):
            own = there[group]
            mean = own.mean(axis=0)
            strategies = tuple(part.reshape(shape) for part, shape in zip(np.split(mean, cuts), shapes, strict=True))
            found.append(RestingPlace(texts[code], strategies, float(np.abs(own - mean).max()), len(own)))
    return tuple(found)


def together(places: npt.NDArray[np.float64]) -> list[npt.NDArray[np.int64]]:
    """Which of places `[n, Σ a_i]` are one, the largest group first; each is what lies near its first member."""
    left = np.flatnonzero(np.isfinite(places).all(axis=1))
    made: list[npt.NDArray[np.int64]] = []
    while len(left) and len(made) < MOST:
        near = (np.abs(places[left] - places[left[0]]) <= SAME).all(axis=1)
        made.append(left[near])
        left = left[~near]
    return sorted(made, key=len, reverse=True)
