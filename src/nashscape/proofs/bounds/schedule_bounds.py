"""What a schedule does over its whole range of steps: bounds at every step, over all steps, and of its sum.

A certificate speaks of steps that nobody will ever run. So it takes only schedules whose formula is known. Powers are
rounded when they are evaluated; their values are moved outwards by 2⁻⁴⁶ of their size for every unit of the exponent,
far more than any evaluation in double precision loses, so that the bounds hold for the real number and for the one
that a simulation uses.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.learning import schedules
from nashscape.tracing.interval_formulas import ELEMENTARY

Floats = npt.NDArray[np.float64]
KNOWN = (schedules.Constant, schedules.Power, schedules.TwoPhase, schedules.Handoff)


def values(schedule: Any, steps: int) -> tuple[Floats, Floats]:
    """Bounds of the values at steps 0, …, `steps` − 1.

    >>> low, high = values(schedules.power(0.9, offset=10.0, exponent=0.24), 3)
    >>> [round(float(x), 4) for x in low], bool((low < high).all())
    ([0.5179, 0.5062, 0.4957], True)
    """
    step = np.arange(steps, dtype=np.float64)
    if isinstance(schedule, schedules.Constant):
        value = np.full(steps, float(schedule.value))
        return value, value
    if isinstance(schedule, schedules.Handoff):
        value = np.where(step < schedule.at, float(schedule.before), float(schedule.after))
        return value, value
    if isinstance(schedule, schedules.Power):
        value = schedule.scale * (step + schedule.offset) ** -schedule.exponent
    else:
        after = np.maximum(step - schedule.warm_up, 0.0) / schedule.decay_steps
        value = schedule.value * (1.0 + after) ** -schedule.exponent
    away = np.abs(value) * ELEMENTARY * (1.0 + abs(schedule.exponent))
    return value - away, value + away


def over_all_steps(schedule: Any, name: str) -> tuple[float, float]:
    """Bounds of all values from step 0 on.

    >>> over_all_steps(schedules.handoff(1.5, at=100), "peer")
    (0.0, 1.5)

    Raises:
        InputError: where there are none, or the schedule is a function whose formula is not known.
    """
    check_known(schedule, name)
    if isinstance(schedule, schedules.Constant):
        ends = [float(schedule.value)]
    elif isinstance(schedule, schedules.Handoff):
        ends = [float(schedule.before), float(schedule.after)]
    elif schedule.exponent < 0:
        raise InputError(f"{name} grows without bound; a certificate needs an exponent of at least 0")
    else:
        # from its first value towards zero
        ends = [0.0, *(float(end[0]) for end in values(schedule, 1))]
    return min(ends), max(ends)


def check_step_size(schedule: Any) -> None:
    """Refuse step sizes that are not all positive, or whose sum is finite, so that a run may stop short of its target.

    Raises:
        InputError: with what is wrong.
    """
    low, _ = over_all_steps(schedule, "step_size")
    first, _ = values(schedule, 1)
    last = schedule.after if isinstance(schedule, schedules.Handoff) else 1.0
    if low < 0 or first[0] <= 0 or last <= 0:
        raise InputError("a certificate needs step sizes that are positive at every step")
    if getattr(schedule, "exponent", 0.0) > 1:
        raise InputError(
            f"step sizes that fall like t^−{schedule.exponent:g} add up to a finite length, so that a run may stop "
            "before it arrives; a certificate needs an exponent of at most 1"
        )


def check_known(schedule: Any, name: str) -> None:
    """Refuse functions whose values at later steps are not known."""
    if not isinstance(schedule, KNOWN):
        raise InputError(
            f"{name} is a function whose later values are not known; a certificate needs a number or one of "
            "nashscape.schedules"
        )
