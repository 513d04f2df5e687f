"""Where runs of a region come to rest other than at corners: looked for by following a few hundred points."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.learning.fields import Field, field_of
from nashscape.learning.schedules import Constant
from nashscape.proofs.bounds import schedule_bounds
from nashscape.proofs.certification.box_runs import RUNNING, Boxes, Map, coefficients_of
from nashscape.proofs.certification.exact_games import is_rounded
from nashscape.proofs.certification.questions import Asked, in_parameters, stays
from nashscape.proofs.certification.resting_traps import RestTrap, rest_trap
from nashscape.proofs.certification.tubes import SEGMENT, trap_rows

Floats = npt.NDArray[np.float64]
POINTS = 256
MOST = 6
"""Places of rest that get a trap."""

NEAR = 1e-6
"""Points closer than this are one."""


def rest_traps(asked: Asked, update: Map, traps: list[Any], steps: int) -> list[RestTrap]:
    """Traps about the places, no corners, at which points of the region come to rest; named by what is played there."""
    constant = all(isinstance(own, Constant) for own in coefficients_of(asked.rule).values())
    # the bounds that a rest trap is proved by are those of doubles
    if not constant or update.followed.has_softmax or is_rounded(asked.learners):
        return []
    left = _left_over(asked, update, traps, steps)
    if not len(left):
        return []
    field = field_of(asked.learners, asked.rule)
    ends = float(asked.box.low), float(asked.box.high)
    step = asked.time_step or schedule_bounds.over_all_steps(asked.step_size, "step_size")[1]
    found: list[RestTrap] = []
    places: list[Floats] = []
    for point in left:
        at = _polished(field, point, ends)
        if at is None or any(np.abs(at - other).max() < NEAR for other in places):
            continue
        places.append(at)
        trap = rest_trap(field, _name(at), at, ends, step)
        found += [] if trap is None or not stays(trap.largest, asked) else [trap]
        if len(found) == MOST:
            break
    return found


def _left_over(asked: Asked, update: Map, traps: list[Any], steps: int) -> Floats:
    """Where points of the region are, that after so many updates are in no trap, `[P, d]`."""
    low, high = asked.region
    points = low + (high - low) * np.random.default_rng(0).uniform(size=(POINTS, len(low)))
    bottom, top = in_parameters(asked.coordinates)(points, points)
    boxes = Boxes.starting((bottom + top) / 2, (bottom + top) / 2)
    updates = SEGMENT[len(low)]
    for _ in range(0, steps + updates, updates):
        boxes = update.run(boxes, *trap_rows(traps), updates)
        if not (boxes.label == RUNNING).any():
            break
    left = boxes[boxes.label < 0]
    return np.asarray((left.low + left.high) / 2)


def _polished(field: Field, point: Floats, ends: tuple[float, float]) -> Floats | None:
    """The zero of the field in the parameters that are not at ends, by Newton's method; None where it goes astray."""
    at = point.copy()
    free = np.flatnonzero((at > ends[0]) & (at < ends[1]))
    if not len(free):
        return None
    for _ in range(30):
        value = field(at)[free]
        try:
            step = np.linalg.solve(field.jacobian(at)[np.ix_(free, free)], value)
        except np.linalg.LinAlgError:
            return None
        if not (np.isfinite(step).all() and np.abs(step).max() < 1.0):
            return None
        at[free] -= step
        if np.abs(step).max() < 1e-13 * (1 + np.abs(at).max()):
            break
    inside = (at[free] > ends[0]).all() and (at[free] < ends[1]).all()
    return at if inside and np.abs(at - point).max() < 1.0 and np.abs(field(at)[free]).max() < 1e-10 else None


def _name(at: Floats) -> str:
    """Such as "rest at (8, −1.32)"; nothing is at minus zero, or beside it by what is lost in rounding."""
    return f"rest at ({', '.join(f'{x:.4g}' for x in np.where(np.abs(at) < 1e-12, 0.0, at))})"
