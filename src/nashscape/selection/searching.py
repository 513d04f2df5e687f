"""Where along an axis of values something is reached first: a scan, and bisection of what it finds."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer

Floats = npt.NDArray[np.float64]
Verdict = bool | None
"""Whether the wanted share is reached at a value; None where that could not be decided."""
Ask = Callable[[float], Verdict]
MOST_CANDIDATES = 1 << 52


@dataclass(frozen=True)
class Axis:
    """The values that a search can ask about: `low + (high − low) k/last` for whole k from 0 to `last`.

    They are fixed before anything is measured, so that a probability of error can be shared out among all of them.

    Attributes:
        low: the lower end.
        high: the upper end.
        last: the number of the last value.
        scanned: the numbers of those that are asked about first, rising.
    """

    low: float
    high: float
    last: int
    scanned: tuple[int, ...]

    @property
    def candidates(self) -> int:
        """How many values there are."""
        return self.last + 1

    def value(self, k: int) -> float:
        """Value number k."""
        return self.high if k == self.last else self.low + (self.high - self.low) * (k / self.last)


def axis_of(low: float, high: float, scan: int, tolerance: float, *, whole: bool = False) -> Axis:
    """An axis whose neighbours are no further apart than the tolerance, with `scan` equal steps between both ends.

    Args:
        low: lower end.
        high: upper end.
        scan: values asked about first, both ends included.
        tolerance: the widest bracket that a search may end with.
        whole: whether the values are the whole numbers from low to high.

    Raises:
        InputError: for an empty range, ends that are not whole where they must be, and more values than numbers.

    Example:
        >>> axis = axis_of(0, 8, 3, 1.0)
        >>> axis.candidates, [axis.value(k) for k in axis.scanned]
        (9, [0.0, 4.0, 8.0])
    """
    low, high = finite_number(low, "low"), finite_number(high, "high")
    scan = positive_integer(scan, "scan", at_least=2)
    if not low < high:
        raise InputError(f"the range of values needs low < high; got {low:g} and {high:g}")
    if whole:
        if low != round(low) or high != round(high):
            raise InputError(f"these values are whole numbers; got a range from {low:g} to {high:g}")
        last = round(high - low)
        return Axis(low, high, last, tuple(np.unique(np.linspace(0, last, scan).round().astype(int)).tolist()))
    tolerance = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    halvings = max(0, math.ceil(math.log2((high - low) / (scan - 1) / tolerance) - 1e-9))
    last = (scan - 1) * 2**halvings
    if last > MOST_CANDIDATES:
        raise InputError(f"a tolerance of {tolerance:g} is too fine for the range from {low:g} to {high:g}")
    return Axis(low, high, last, tuple(range(0, last + 1, 2**halvings)))


@dataclass(frozen=True)
class Switch:
    """Two values between which a share comes to be reached (`rises`), or is lost again.

    Attributes:
        low: the lower value.
        high: the higher value; nothing was decided in between.
        rises: whether the share is below what is wanted at `low` and reached at `high`, or the other way round.
    """

    low: float
    high: float
    rises: bool

    @property
    def middle(self) -> float:
        """Half way between the ends."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> float:
        """How far apart they are."""
        return self.high - self.low


@dataclass(frozen=True)
class Search:
    """What was asked and answered, and whether the search came to its end.

    Attributes:
        verdicts: the answers by value, in the order of the values.
        interrupted: whether it was stopped early; the answers are valid all the same.
    """

    verdicts: dict[float, Verdict]
    interrupted: bool

    @property
    def switches(self) -> tuple[Switch, ...]:
        """Neighbours among the decided values that differ, in order."""
        return switches_of(self.verdicts)


def switches_of(verdicts: dict[float, Verdict]) -> tuple[Switch, ...]:
    """Neighbours among the decided values that differ, in order."""
    known = [(value, verdict) for value, verdict in sorted(verdicts.items()) if verdict is not None]
    return tuple(
        Switch(low, high, after) for (low, before), (high, after) in itertools.pairwise(known) if before != after
    )


def search(
    ask: Ask, axis: Axis, *, every: bool = True, apart: Callable[[float, float], bool] = lambda low, high: True
) -> Search:
    """Scan the axis, and close in on the switches between neighbours of the scan by bisection.

    Nothing is assumed of how the share depends on the value. A bracket has different answers at its ends, so at least
    one switch lies inside; two of them between neighbours of the scan escape it. Where an answer is None the bracket is
    narrowed from both sides of it.

    Args:
        ask: whether the wanted share is reached at a value. KeyboardInterrupt ends the search, after the first answer.
        axis: the values.
        every: whether all switches are closed in on, or the first one that rises alone.
        apart: whether two values with different answers can be told apart at all; a bracket of others stays as it is.

    Example:
        >>> found = search(lambda x: x > 2.3 and not 6.1 < x < 7.4, axis_of(0, 8, 9, 0.25))
        >>> [(one.low, one.high, one.rises) for one in found.switches]
        [(2.25, 2.5, True), (6.0, 6.25, False), (7.25, 7.5, True)]
    """
    answers: dict[int, Verdict] = {}

    def at(k: int) -> Verdict:
        if k not in answers:
            answers[k] = ask(axis.value(k))
        return answers[k]

    def told(low: int, high: int) -> bool:
        return apart(axis.value(low), axis.value(high))

    interrupted = False
    try:
        known = [k for k in axis.scanned if at(k) is not None]
        pairs = [(low, high) for low, high in itertools.pairwise(known) if answers[low] != answers[high]]
        if not every:
            pairs = [pair for pair in pairs if answers[pair[1]]][:1]
        for low, high in pairs:
            _close_in(at, low, high, [k for k in axis.scanned if low < k < high], told)
    except KeyboardInterrupt:
        if not answers:
            raise
        interrupted = True
    return Search({axis.value(k): answers[k] for k in sorted(answers)}, interrupted)


def _close_in(
    at: Callable[[int], Verdict], low: int, high: int, open_between: list[int], told: Callable[[int, int], bool]
) -> None:
    """Bisect between two values with different answers, from both sides of what stays open in between."""
    first = at(low)
    while told(low, high):
        near, far = (open_between[0], open_between[-1]) if open_between else (high, low)
        if near - low > 1:
            middle = (low + near) // 2
        elif high - far > 1:
            middle = (far + high) // 2
        else:
            return
        answer = at(middle)
        if answer is None:
            open_between = sorted([*open_between, middle])
        elif answer == first:
            low, open_between = middle, [k for k in open_between if k > middle]
        else:
            high, open_between = middle, [k for k in open_between if k < middle]
