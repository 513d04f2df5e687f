"""The six published targets of behaviour, over all configurations, from the closed form of efforts within bounds."""

from collections.abc import Mapping
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.games import team_effort
from nashscape.systems.coopetition_3 import study

Key = tuple[float, float, float, int]
SYNERGY, DIFFERENTIATION, NEAR = 1.1, 2.0, 0.05


def effort(key: Key, loyalty: float, *, care: float = 0.8, relief: float = 0.3, bounded: bool = True) -> float:
    """What each member does in the symmetric equilibrium of a configuration."""
    productivity, elasticity, cost, size = key
    found = team_effort(size, productivity=productivity, elasticity=elasticity, cost=cost, loyalty=loyalty, care=care,
                        relief=relief)  # fmt: skip
    return float(np.clip(found, study.LOW, study.HIGH)) if bounded else found


def configurations() -> list[Key]:
    """Productivity, elasticity, cost and size of the team."""
    return list(product(study.PRODUCTIVITIES, study.ELASTICITIES, study.COSTS, study.SIZES))


def shares() -> Mapping[str, float]:
    """Of how many cases each target holds."""
    every = configurations()
    found: dict[str, list[bool]] = {
        "free-riding": [abs(effort(k, 0.0) / effort(k, 0.0, bounded=False) - 1) <= NEAR for k in every],
        "monotone": [bool((np.diff([effort(k, own) for own in study.LOYALTIES]) >= 0).all()) for k in every],
        "differentiation": [quotient > DIFFERENTIATION for quotient in differentiations()],
        "falling": [_falls(*own) for own in product(study.PRODUCTIVITIES, study.ELASTICITIES, study.COSTS)],
        "synergy": [_synergy(k) > SYNERGY for k in every],
        "bounded": [study.LOW <= effort(k, own) <= study.HIGH for k in every for own in study.LOYALTIES],
    }
    return {name: float(np.mean(own)) for name, own in found.items()}


def differentiations() -> npt.NDArray[Any]:
    """The effort of loyal members over that of others, of every configuration."""
    return np.array([effort(k, 0.9) / effort(k, 0.1) for k in configurations()])


def _falls(productivity: float, elasticity: float, cost: float) -> bool:
    """Whether members of larger teams of little loyalty do no more."""
    for loyalty in (0.0, 0.1, 0.2):
        made = [effort((productivity, elasticity, cost, size), loyalty) for size in study.SIZES]
        if any(second > first for first, second in pairwise(made)):
            return False
    return True


def _synergy(key: Key) -> float:
    """What care and relief add together, over what each adds alone; below all limits where they add nothing."""
    none = effort(key, 0.7, care=0.0, relief=0.0)
    apart = effort(key, 0.7, relief=0.0) + effort(key, 0.7, care=0.0) - 2 * none
    return (effort(key, 0.7) - none) / apart if apart > 0 else -np.inf
