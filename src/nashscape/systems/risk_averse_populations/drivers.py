"""Populations of drivers grown at a crossing, and how often those of one, or of two, crash."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.environments import Crossing
from nashscape.environments.crossings.drives import Drive, costs, crashes
from nashscape.populations import GrownMembers, grow

Floats = npt.NDArray[np.float64]

GENERATIONS = 10


def averse(roads: Crossing, gamma: float, floor: float) -> str:
    """The way of growing by a risk-averse equilibrium of the pools; of one pool, that in which all mean the same.

    >>> from nashscape.environments import crossing
    >>> averse(crossing(pool="one"), 0.1, 0.05)
    'psro:meta=(risk_averse:gamma=0.1,floor=0.05,alike=true)'
    """
    alike = ",alike=true" if one_pool(roads) else ""
    return f"psro:meta=(risk_averse:gamma={gamma:g},floor={floor:g}{alike})"


def by_nash(roads: Crossing) -> str:
    """The way of growing by an equilibrium of Nash of the pools; of one pool, a symmetric one."""
    return averse(roads, 0.0, 0.0) if one_pool(roads) else "psro"


def one_pool(roads: Crossing) -> bool:
    """Whether both cars take their drivers from one pool."""
    return max(roads.seats) == 0


class Drivers(NamedTuple):
    """What a population answers.

    Attributes:
        roads: where it grew.
        drives: when the cars of its answer are over, by side.
        left: what a best response gains against it, the mean of both sides, in rounds.
    """

    roads: Crossing
    drives: tuple[Drive, Drive]
    left: float


class Measured(NamedTuple):
    """One population, or two that meet.

    Attributes:
        crash: how likely a crash is.
        payoff: the mean of both cars.
    """

    crash: float
    payoff: float

    def rounds(self, roads: Crossing) -> float:
        """How many rounds a car takes, without what crashes cost."""
        return -self.payoff - roads.crash * self.crash


def grown(roads: Crossing, way: str, seed: int) -> Drivers:
    """The answer of a population after all generations."""
    found: GrownMembers = grow(roads, way, generations=GENERATIONS, until=None, seed=seed)
    one, other = (mean_drive(roads, side, found.members[seat], found.answer[side])
                  for side, seat in enumerate(roads.seats))  # fmt: skip
    return Drivers(roads, (one, other), float(found.gains[-1].mean()))


def mean_drive(roads: Crossing, side: int, members: Sequence[Any], weights: Floats) -> Drive:
    """When the car of a mixture is over: all that it means for who meets it, and for itself, is linear in this."""
    drives = [roads.drive(side, own) for own in members]
    over, rest = (np.tensordot(weights, np.array([getattr(own, what) for own in drives]), 1)
                  for what in ("over", "rest"))  # fmt: skip
    return Drive(over, rest)


def met(north: Drivers, west: Drivers) -> Measured:
    """The north cars of one population beside the west cars of one."""
    (one, other), roads = (north.drives[0], west.drives[1]), north.roads
    paid = [costs(own, roads.seen(them), roads.crash).mean() for own, them in ((one, other), (other, one))]
    return Measured(float(crashes(one, roads.seen(other)).mean()), -float(np.mean(paid)))


def strangers(every: Sequence[Drivers]) -> Floats:
    """How likely drivers of two populations crash, of neighbouring pairs of them, `[n // 2]`: each is in one pair."""
    return np.array([(met(a, b).crash + met(b, a).crash) / 2 for a, b in zip(every[::2], every[1::2], strict=False)])
