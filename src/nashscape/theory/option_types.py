"""What type checkers know of the options of verbs that take one rule or several; see `selection.option_types`."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import numpy.typing as npt


class Turned(TypedDict, total=False):
    """Options: what varies."""

    dial: Any
    parameter: str | None
    tolerance: float


class ThresholdOptions(Turned, total=False):
    """The options of `threshold`."""

    at: Sequence[Any] | None
    target: Any
    samples: int | None
    degree: int | None


class TransverseOptions(Turned, total=False):
    """The options of `transverse_threshold`."""

    low: float | None
    high: float | None
    at: Sequence[Any] | None
    samples: int


class ContinuationOptions(Turned, total=False):
    """The options of `continuation`."""

    start: Any
    theta: npt.ArrayLike | None
    at: float | None
    bound: float
    step: float
    starts: int
    seed: int
    switch: bool
    max_points: int
    max_branches: int
    progress: Callable[[int, int], None] | None
