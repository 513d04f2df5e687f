"""Runs at rest where nobody knows regrets, and somebody can bound what there is to gain."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Outcome
from nashscape.core.places import thing_at
from nashscape.dynamics.endings.resting_places import together
from nashscape.games import has_points

Floats = npt.NDArray[np.float64]
GainBounds = Callable[[Floats], Floats]
"""From a joint place `[Σ a_i]` to what each player could gain there at most, `[n]`; infinite where nobody knows."""

BOUNDS = "theory.continuous.replies:gain_bounds"
"""What makes them of a game: found by its place, as pictures are, since it lies above."""

ASK = (
    "stationary unknown: whether a large move would pay there is not known; ns.equilibria(game) looks for one, "
    "best_responses= or known_regrets= of the game settle it, and targets=[ns.dynamics.PointTarget(…)] names the place"
)


def renamed(audit: Any, codes: npt.NDArray[np.int8]) -> Any:
    """An audit of labels, which counts runs of every label as they were, under the names that they have now.

    Where some runs keep the old name, or others had the new one, what was counted is told under the old one.
    """
    old, new = int(Outcome.STATIONARY_UNKNOWN), int(Outcome.OTHER_EQUILIBRIUM)
    if audit is None or (codes == old).any() or new in audit.codes:
        return audit
    return replace(audit, codes=np.where(audit.codes == old, new, audit.codes).astype(audit.codes.dtype))


def bounded(
    codes: npt.NDArray[np.int8], places: Floats, game: Any, regret: float
) -> tuple[npt.NDArray[np.int8], tuple[str, ...]]:
    """Labels of runs of a game, where theory can bound what is to be gained where they rest, and what to note.

    Args:
        codes: labels, `[N]`.
        places: strategies at the ends of the paths, `[N, Σ a_i]`.
        game: without semantics.
        regret: what a player may gain at what counts as an equilibrium, as a share of the range of payoffs.
    """
    if not has_points(game) or not (codes == Outcome.STATIONARY_UNKNOWN).any():
        return codes, ()
    bounds: GainBounds = thing_at(BOUNDS)(game)
    return within_bounds(codes, places, regret * float(game.payoff_range), bounds)


def within_bounds(
    codes: npt.NDArray[np.int8], places: Floats, most: float, bounds: GainBounds
) -> tuple[npt.NDArray[np.int8], tuple[str, ...]]:
    """Labels in which runs at rest are at an equilibrium where nobody could gain more than `most`, and what to note.

    Args:
        codes: labels, `[N]`.
        places: strategies at the ends of the paths, `[N, Σ a_i]`.
        most: what a player may gain at what counts as an equilibrium, in payoffs.
        bounds: of the gains at a place.
    """
    made, proved = codes.copy(), [0.0]
    unknown = np.flatnonzero(codes == Outcome.STATIONARY_UNKNOWN)
    for own in together(places[unknown]):
        gain = float(np.max(bounds(places[unknown[own]].mean(axis=0))))
        if gain <= most:
            made[unknown[own]] = Outcome.OTHER_EQUILIBRIUM
            proved.append(gain)
    notes = [
        "gains are bounded: own payoffs are shown to be concave where runs rest at an other equilibrium, so that "
        f"nobody gains more than {max(proved):.2g} there"
    ]
    return made, (*(notes if len(proved) > 1 else ()), *((ASK,) if (made == Outcome.STATIONARY_UNKNOWN).any() else ()))
