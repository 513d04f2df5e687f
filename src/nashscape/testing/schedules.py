"""What a schedule must do."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.learning.schedules import as_schedule, from_text, is_constant
from nashscape.testing.claims import claim, close

FIRST, LAST = 20, 4000


def check_schedule(schedule: Any) -> None:
    """Look at a schedule: traced it has the values that it has called, and what it says of itself is true.

    >>> from nashscape import schedules
    >>> check_schedule(schedules.power(0.9, offset=10, exponent=1.5))

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no schedule.
    """
    made = as_schedule(schedule, "schedule")
    steps = np.unique(np.geomspace(1, LAST, 60).astype(np.int32)) - 1
    called = np.array([float(made(int(step))) for step in steps])
    claim(np.isfinite(called), f"values are {called.tolist()}")
    unit = float(np.abs(called).max()) + 1e-300
    traced = jax.jit(jax.vmap(lambda step: jnp.asarray(made(step), jnp.float32)))(jnp.asarray(steps))
    close(traced, called, "traced it has other values than called", unit=unit)
    if is_constant(made):
        close(
            called,
            np.full(len(called), float(made.value)),
            "it is steady, and has other values than its value",
            unit=unit,
        )
    if hasattr(made, "sum_from"):
        between = sum(float(made(step)) for step in range(FIRST, LAST))
        one, two = made.sum_from(FIRST), made.sum_from(LAST)
        if np.isfinite(one):
            close(one - two, between, "sum_from is not the sum of its values", unit=unit * (LAST - FIRST))
    if getattr(made, "falls_as", None) is not None:
        far = [float(made(10**k)) for k in (5, 6)]
        if all(far):
            close(-np.log10(abs(far[1] / far[0])), made.falls_as, "in the end it falls by another power", rounding=0.02)
    if hasattr(made, "written"):
        again = from_text(made.written())
        close(
            [float(again(int(step))) for step in steps],
            called,
            "its text is of another schedule",
            unit=unit,
            rounding=1e-2,
        )
