"""What type checkers know of the options that all verbs take which run many starts.

Every key may be left out; what is meant then stands in the table of options, `nashscape.core.options`.
"""

from typing import Any, TypedDict

from nashscape.dynamics.batches import Progress
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.learning import Box, Estimator, Schedule


class NoiseFree(TypedDict, total=False):
    """How runs are made whose updates are exact, in the precision of a verb's own."""

    step_size: float | Schedule | None
    optimiser: Any
    projection: Box | None
    settling: Settling | Observing | None
    seed: int
    chunk: int | None
    progress: Progress | None
    precision: str


class Protocol(NoiseFree, total=False):
    """How runs are made: the options of `PROTOCOL` in the table but for audits, which not all results keep."""

    estimator: Estimator | None
