"""Where along an axis of values an answer changes: a scan, and bisection of what it finds."""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nashscape.core.brackets import Answer, Bracket, brackets_of
from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.interrupts import check_stop, until_stopped

Ask = Callable[[float], Answer]
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

    def between(self, low: int, high: int) -> int | None:
        """The number half way between two others, or None for neighbours."""
        return (low + high) // 2 if high - low > 1 else None

    @property
    def candidates(self) -> int:
        """How many values there are."""
        return self.last + 1

    def value(self, k: int) -> float:
        """The value number k."""
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
class Halves:
    """Given values, and half way between two of them as long as they are further apart than a tolerance.

    Attributes:
        scanned: those that are asked about first, rising.
        tolerance: the widest bracket that a search may end with.
    """

    scanned: tuple[float, ...]
    tolerance: float

    def value(self, k: float) -> float:
        """The value itself."""
        return k

    def between(self, low: float, high: float) -> float | None:
        """Half way, or None where they are near enough, or no number lies between them."""
        middle = (low + high) / 2
        return middle if high - low > self.tolerance and low < middle < high else None


@dataclass(frozen=True)
class Search:
    """What a search along a number came to.

    Attributes:
        brackets: the changes that were found, in order.
        answers: what was answered, by value, in the order of the values; of functions with a sign their values at the
            scan.
        complete: whether there can be no other changes between the ends of the range.
        promise: why, or what could have escaped.
        interrupted: whether it was stopped early; what it came to is valid all the same.
    """

    brackets: tuple[Bracket, ...]
    answers: Mapping[float, Any]
    complete: bool
    promise: str
    interrupted: bool


def search(
    ask: Ask, axis: Axis | Halves, *, every: bool = True, apart: Callable[[float, float], bool] = lambda low, high: True
) -> Search:
    """Scan the axis, and close in on the changes between neighbours of the scan by bisection.

    Nothing is assumed of how the answer depends on the value. A bracket has different answers at its ends, so at least
    one change lies inside; two of them between neighbours of the scan escape it. Where an answer is None the bracket is
    narrowed from both sides of it.

    Args:
        ask: whether something is so at a value. Somebody who asks to stop ends the search, after the first answer.
        axis: the values.
        every: whether all changes are closed in on, or the first one that rises alone.
        apart: whether two values with different answers can be told apart at all; a bracket of others stays as it is.

    Example:
        >>> found = search(lambda x: x > 2.3 and not 6.1 < x < 7.4, axis_of(0, 8, 9, 0.25))
        >>> [(one.low, one.high, one.rises) for one in found.brackets]
        [(2.25, 2.5, True), (6.0, 6.25, False), (7.25, 7.5, True)]
    """
    places: Any = axis
    answers: dict[Any, Answer] = {}

    def at(k: Any) -> Answer:
        if k not in answers:
            check_stop()
            answers[k] = ask(places.value(k))
        return answers[k]

    def told(low: Any, high: Any) -> bool:
        return apart(places.value(low), places.value(high))

    with until_stopped(lambda: not answers) as stop:
        known: list[Any] = [k for k in places.scanned if at(k) is not None]
        pairs = [(low, high) for low, high in itertools.pairwise(known) if answers[low] != answers[high]]
        if not every:
            pairs = [pair for pair in pairs if answers[pair[1]]][:1]
        for low, high in pairs:
            _close_in(at, places.between, low, high, [k for k in places.scanned if low < k < high], told)
    answered = {places.value(k): answers[k] for k in sorted(answers)}
    gap = max(places.value(high) - places.value(low) for low, high in itertools.pairwise(places.scanned))
    promise = f"a stretch of values shorter than {gap:.3g} can have escaped the scan"
    return Search(brackets_of(answered), answered, False, promise, stop.early)


def _close_in(
    at: Callable[[Any], Answer],
    between: Callable[[Any, Any], Any],
    low: Any,
    high: Any,
    open_between: list[Any],
    told: Callable[[Any, Any], bool],
) -> None:
    """Bisect between two values with different answers, from both sides of what stays open in between."""
    first = at(low)
    while told(low, high):
        near, far = (open_between[0], open_between[-1]) if open_between else (high, low)
        middle = between(low, near)
        if middle is None and open_between:
            middle = between(far, high)
        if middle is None:
            return
        answer = at(middle)
        if answer is None:
            open_between = sorted([*open_between, middle])
        elif answer == first:
            low, open_between = middle, [k for k in open_between if k > middle]
        else:
            high, open_between = middle, [k for k in open_between if k < middle]
