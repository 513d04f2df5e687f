"""What type checkers know of the options of verbs that take one rule or several.

The overloads of a verb name its options by one of these, so that they stand once, and say what one rule gives and what
several give. Functions themselves have explicit signatures, with defaults; tests compare the two. Every key may be left
out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

import numpy.typing as npt

from nashscape.dynamics import Starts
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.protocol_types import NoiseFree, Protocol
from nashscape.dynamics.reduction import Reducer
from nashscape.learning import Box, Rule, Schedule
from nashscape.selection.waiting.restart_policies import Policy
from nashscape.selection.waiting.restart_results import Restarts
from nashscape.semantics import ParametricGame


class Looked(TypedDict, total=False):
    """Options: what is looked for."""

    targets: Any
    threshold: float
    reducers: Reducer | Sequence[Reducer]


class Square(TypedDict, total=False):
    """A grid of starting probabilities, and where it ends."""

    grid: int
    low: float
    high: float


class Laid(Square, total=False):
    """A grid of cells or of endpoints."""

    kind: str


class AuditOptions(Looked, Protocol, total=False):
    """The options of `audit_labels`, which sets `audit` itself."""

    starts: Starts | None
    n: int | None
    level: float
    steps: int


class EntryOptions(AuditOptions, total=False):
    """The options of `entry_probability`."""

    audit: int | bool | None


class MapOptions(Laid, Looked, Protocol, total=False):
    """The options of `basin_map`."""

    audit: int | bool | None

    rollouts: int | None
    steps: int


class FlowMapOptions(Laid, Looked, total=False):
    """The options of `flow_map`."""

    time: float
    step: float | None
    precision: str
    projection: Box | None
    settling: Settling | Observing | None
    chunk: int | None
    progress: Progress | None


class SweepOptions(Laid, EntryOptions, total=False):
    """The options of `sweep`."""

    rollouts: int | None
    parameter: str | None
    outcome: str | None


class RestartOptions(Protocol, total=False):
    """The options of `restarts`."""

    budget: int
    runs: int
    starts: Starts | None
    target: Any
    threshold: float
    level: float
    steps: int
    at_step: bool
    policy: Policy | None
    resume: Restarts | Mapping[str, Restarts] | None


class CombinationOptions(Protocol, total=False):
    """The options of `cheapest_combination`."""

    about: str | None
    starts: Starts | None
    n: int | None
    grid: int | None
    region: tuple[float, float]
    error: float
    most_trials: int
    threshold: float
    level: float
    steps: int | None


class SteerOptions(CombinationOptions, total=False):
    """The options of `steer`."""

    low: float | None
    high: float | None
    scan: int | None
    tolerance: float | None


class HandoffOptions(Protocol, total=False):
    """The options of `corrected_steps_needed`."""

    then: Rule | None
    handoffs: Sequence[int] | None
    n: int | None
    rollouts: int | None
    threshold: float
    level: float
    steps: int


class EdgeOptions(NoiseFree, total=False):
    """What `along` and `separatrix` share."""

    tolerance: float
    threshold: float
    steps: int


class LineOptions(EdgeOptions, total=False):
    """The options of `along`."""

    scan: int


class SeparatrixOptions(Square, EdgeOptions, total=False):
    """The options of `separatrix`."""


class FieldOptions(Square, total=False):
    """The options of `term_field`."""

    step: int
    step_size: float | Schedule | None
    precision: str


class AlignmentOptions(FieldOptions, total=False):
    """The options of `alignment`."""

    at: Starts | Sequence[Any] | None
    n: int | None
    seed: int
    level: float


class PhaseOptions(Protocol, total=False):
    """The options of `phase_diagram`."""

    dial: Any
    values: npt.ArrayLike | None
    parameter: str | None
    starts: Starts | None
    n: int | None
    grid: int | None
    diagonal: int | None
    steps: int
    targets: Any
    threshold: float
    verdicts: Callable[[Sequence[ParametricGame], Any], Mapping[str, Sequence[str]]] | None


class PredictorOptions(TypedDict, total=False):
    """The options of `predictor`."""

    outcome: str | None
    gain: str | None
    among: str
    level: float
