"""A change of an answer between two values of a number: the one form in which such changes are reported."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

Answer = bool | None
"""Whether something is so at a value; None where that could not be decided."""


@dataclass(frozen=True)
class Bracket:
    """Two values between which an answer changes, or a function its sign.

    Whatever is searched along a number gives these: thresholds, steering, boxes. What could have escaped the search is
    said by its promise, how near the ends were wanted by its tolerance.

    Attributes:
        low: the lower value, where the answer is still the one before.
        high: the higher value, where it is the one after; nothing was decided in between.
        rises: whether it goes from no to yes, or from below zero to above, and not the other way round.

    Example:
        >>> found = Bracket(0.25, 0.75, rises=True)
        >>> found.middle, found.width
        (0.5, 0.5)
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


def told_apart(*values: float, digits: int = 6) -> list[str]:
    """Numbers as texts, with so many significant digits, or as many more as it takes to tell those apart that differ.

    >>> told_apart(4.9, 5.1), told_apart(5.00000012, 5.00000034), told_apart(0.25, 0.25)
    (['4.9', '5.1'], ['5.0000001', '5.0000003'], ['0.25', '0.25'])
    """
    # with 17 digits all doubles that differ are told apart
    every = ([f"{value:.{count}g}" for value in values] for count in range(digits, 18))
    return next(texts for texts in every if len(set(texts)) >= len(set(values)))


def brackets_of(answers: Mapping[float, Answer]) -> tuple[Bracket, ...]:
    """Neighbours among the decided values that differ, in order.

    >>> brackets_of({0.0: False, 1.0: None, 2.0: True, 3.0: True})
    (Bracket(low=0.0, high=2.0, rises=True),)
    """
    known = [(value, answer) for value, answer in sorted(answers.items()) if answer is not None]
    return tuple(
        Bracket(low, high, after) for (low, before), (high, after) in itertools.pairwise(known) if before != after
    )
