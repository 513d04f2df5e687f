"""The points that an answer is about: their settings in words, and whether two differ beyond their intervals."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nashscape.figures.study_parts import Part, axis_of

DIGITS = 3
"""Significant digits of numbers in sentences; what is the same in all of them is called the same."""


@dataclass(frozen=True)
class Point:
    """One number, or text, of a study.

    Attributes:
        setting: what varies, by name.
        value: the number; NaN where there is none.
        low: lower end of its interval; minus infinity where none is known, so that it is apart from no other.
        high: upper end; infinity where none is known.
        text: what is no number.
    """

    setting: Mapping[str, Any]
    value: float
    low: float
    high: float
    text: str = ""

    @property
    def has_interval(self) -> bool:
        """Whether its ends are known."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def above(self, other: "Point") -> bool:
        """Whether its whole interval is above that of another."""
        return self.low > other.high

    def __str__(self) -> str:
        """The number with its interval.

        >>> print(Point({}, 0.25, 0.2, 0.3), Point({}, 2.0, 2.0, 2.0))
        0.25 [0.2, 0.3] 2
        """
        if not self.has_interval or self.low == self.high == self.value:
            return digits(self.value)
        return f"{digits(self.value)} [{digits(self.low)}, {digits(self.high)}]"


def digits(value: float) -> str:
    """A number in a sentence.

    >>> digits(-0.12345)
    '−0.123'
    """
    return f"{value:.{DIGITS}g}".replace("-", "−")


def points_of(part: Part, of: str) -> list[Point]:
    """The points of one thing that a quantity is of, numbers rounded to the digits that are said.

    Rounding never turns the order of two numbers round, so that what is said of rounded ones holds of those that are
    read, and differences in the last bits of floats are none.
    """
    rows = part.where(of=of)
    names = varying(part)
    made = []
    for k in range(len(rows)):
        value, low, high = (_rounded(float(rows[name][k])) for name in ("value", "low", "high"))
        known = math.isfinite(low) and math.isfinite(high)
        setting = {name: rows[name][k].item() for name in names}
        made.append(Point(setting, value, *((low, high) if known else (-math.inf, math.inf)), str(rows["text"][k])))
    return made


def varying(part: Part) -> list[str]:
    """Names of what has more than one value in a part."""
    return [name for name in (*part.texts, *part.numbers) if len(part.values(name)) > 1]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def said(setting: Mapping[str, Any]) -> str:
    """A setting in words.

    >>> said({"rule": "pg", "game.T": 2.5})
    'rule = pg, T = 2.5'
    """
    return ", ".join(f"{axis_of(name)} = {own:g}" if isinstance(own, float) else f"{axis_of(name)} = {own}"
                     for name, own in setting.items())  # fmt: skip


def lines(points: Sequence[Point], along: str) -> Iterator[tuple[dict[str, Any], list[Point]]]:
    """Points that differ in one setting alone: what they have in common, and they in the order of that setting."""
    found: dict[tuple[Any, ...], list[Point]] = {}
    for own in points:
        found.setdefault(tuple((name, value) for name, value in own.setting.items() if name != along), []).append(own)
    yield from ((dict(common), sorted(own, key=lambda one: one.setting[along])) for common, own in found.items())


Change = tuple[str, Any, str, Any]
"""The first answer, its last place, the second answer, its first place."""


def change(signs: Sequence[tuple[Any, str]]) -> Change | None:
    """Where along a row of values one answer gives way to another.

    Answers of "" are undecided, and stand anywhere between the two. None where there is no change, or more than one.

    >>> change([(1, "CC"), (2, "CC"), (3, ""), (4, "DD")]), change([(1, "CC"), (2, "DD"), (3, "CC")])
    (('CC', 2, 'DD', 4), None)
    """
    decided = [(place, answer) for place, answer in signs if answer]
    turns = [k for k in range(1, len(decided)) if decided[k][1] != decided[k - 1][1]]
    if len(turns) != 1:
        return None
    (last, first), (since, second) = decided[turns[0] - 1], decided[turns[0]]
    between = [place for place, answer in signs if not answer]
    outside = any(place < last or place > since for place in between)
    return None if outside else (first, last, second, since)
