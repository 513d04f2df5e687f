"""From what hurried paths saw to labels.

A label is a claim about where a run is *going*. Standing near a target is no evidence of staying there, and moving
slowly is none of being at rest; a path at unit speed of log-odds crosses saturated logits, ghosts of folds, slow
passages and faded step sizes as fast as anything else.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import PASSING, WITHIN, Outcome, target_code
from nashscape.dynamics.endings.hurried_paths import Followed
from nashscape.dynamics.endings.looking import Path
from nashscape.dynamics.endings.path_steps import growth

Flags = npt.NDArray[np.bool_]

NEAR = 0.05
"""A path at rest stays within so much, in probability, of where the run ended."""

STOPPED = 0.02
"""A path has stopped when its last step moves no log-odds by more than this."""

NEUTRAL = 1e-6
"""Growth per unit of the clock and of the range of payoffs up to which a place counts as attracting."""


WIDENING = 0.03
"""Growth of what turns round the end of a path, per movement of a parameter there, from which on nobody knows where
log-odds tend."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Where N runs stood after their last update.

    Attributes:
        held: number of the target in whose region a run was, −1 for none, `[N]`.
        finite: whether its parameters were finite, `[N]`.
        noisy: whether an update may move a parameter so far that the mean field tells nothing, `[N]`.
        entering: whether it stood outside all targets, and an optimiser carries it into one, `[N]`.
    """

    held: npt.NDArray[np.int64]
    finite: Flags
    noisy: Flags
    entering: Flags

    def some(self, runs: npt.NDArray[Any]) -> "Standing":
        """The standing of some of the runs."""
        return Standing(self.held[runs], self.finite[runs], self.noisy[runs], self.entering[runs])


def at_corner(path: Path) -> Any:
    """Whether a path ends at the pure strategies of its target, of NumPy or of JAX arrays.

    Nothing rises in the rows of the target, neither where the run ended nor at the end of the path, and no action that
    is not rare could move; in other rows log-odds may rise, if they come to rest.
    """
    return ~path.rose[0] & ~path.rises[0] & ~path.mixed & ((path.last[0] <= STOPPED) | ~path.rises[1])


@dataclass(frozen=True, eq=False)
class Shown:
    """What paths show before anybody asks whether their last places attract, `[N]` each.

    Attributes:
        reached: the path ends at the target and was in its region all the way.
        within: it stops inside the region at another place.
        rest: the path is at rest, outside all targets.
    The last two, and under `by_place` all, hold only where the last place attracts; `doubtful` says of which runs.
    """

    reached: Flags
    within: Flags
    rest: Flags
    doubtful: Flags

    def if_attracting(self, attracting: Flags) -> "Shown":
        """What is left where nothing is doubtful, or where the place is known to attract."""
        sure = ~self.doubtful | attracting
        return Shown(self.reached & sure, self.within & sure, self.rest & sure, self.doubtful & False)


def shown(standing: Standing, followed: Followed, *, by_place: bool, points: bool) -> Shown:
    """What paths show.

    Args:
        standing: where the runs stood.
        followed: their paths.
        by_place: whether parameters are points or probabilities, which arrive where log-odds only tend to.
        points: whether they are points, whose targets are places and no corners.
    """
    path, inside = followed.path, standing.held >= 0
    tends = ~widens(followed)
    stays, calm = path.stays & ~followed.left, path.last[0] <= STOPPED
    still = calm & (path.last[1] <= STOPPED)
    if by_place:
        arrived, pure = still & (~path.mixed | points), path.pure & still
    else:
        arrived = at_corner(path) & tends
        pure = path.pure & ~path.rose[1] & ~path.rises[1] & tends
    reached = inside & stays & arrived
    # where log-odds go on for ever nothing rests inside
    inner = path.mixed | (followed.found.pull == 0.0).all(axis=0)
    within = inside & stays & ~arrived & still & (inner | by_place)
    near = calm & (path.drift <= NEAR)
    # a run that is carried into a target after its last update is still on its way
    outside = ~inside & ~standing.entering
    doubtful = within | (reached & by_place) | (outside & np.where(pure, by_place, near))
    return Shown(reached, within, outside & (near | pure), doubtful)


def widens(followed: Followed) -> Flags:
    """Whether orbits beside the last place of a path turn round it and depart, compared with how fast it moves there.

    Learners who read others and have no bounds may go along a ray that repels: departures from it grow as a power of
    the clock, as the logits do. A path shows such growth, but for what turns faster than it grows: that its steps damp.
    """
    found = followed.found
    enough = WIDENING * np.abs(found.pull).max(axis=0)
    widening = np.zeros(enough.shape, bool)
    if found.jacobian.shape[0] < 2:
        return widening
    jacobian = np.moveaxis(found.jacobian, -1, 0)
    rates = growth(jacobian, enough)
    some = np.flatnonzero((enough > 0.0) & (rates > enough) & np.isfinite(rates))
    if len(some):
        values = np.linalg.eigvals(jacobian[some])
        widening[some] = ((values.real > enough[some, None]) & (np.abs(values.imag) > values.real)).any(axis=1)
    return widening


def labels_of(standing: Standing, found: Shown) -> npt.NDArray[np.int8]:
    """Labels `[N]`; passing its target, or out of budget, where paths leave it open.

    Places of rest outside the targets are called equilibria here; whether they are is to be looked at.
    """
    code = target_code(0) + 3 * np.maximum(standing.held, 0)
    labels = np.where(standing.held >= 0, code + PASSING, int(Outcome.OUT_OF_BUDGET))
    labels = np.where(found.reached, code, np.where(found.within, code + WITHIN, labels))
    labels = np.where(found.rest, int(Outcome.OTHER_EQUILIBRIUM), labels)
    return np.where(standing.finite, labels, int(Outcome.DIVERGED)).astype(np.int8)
