"""What a benchmark reports: rows of a table, each a number that is compared with what is wanted."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

RATIO = "×"


@dataclass(frozen=True)
class Row:
    """One measured number.

    Attributes:
        name: what was measured.
        value: the number; None for a row that only says something.
        unit: "×" for a ratio, "s" for seconds, "B" for bytes, nothing for a share.
        least: the value wanted is at least this.
        most: the value wanted is at most this.
        against: what a ratio compares with; every ratio says so.
        details: what the number was made from.
        failed: whether it could not be measured; so it is with a number that is none.

    Raises:
        ValueError: for a ratio to nothing.
    """

    name: str
    value: float | None
    unit: str = RATIO
    least: float | None = None
    most: float | None = None
    against: str = ""
    details: str = ""
    failed: bool = False

    def __post_init__(self) -> None:
        """A number that is none is a failure, whatever else was wanted."""
        if self.value is not None and self.unit == RATIO and not self.against:
            raise ValueError(f"{self.name}: a ratio, of what to what? Say against what it was measured")
        if self.value is not None and not math.isfinite(self.value):
            object.__setattr__(self, "failed", True)

    @property
    def ok(self) -> bool | None:
        """Whether the number is as wanted; None where nothing is wanted or there is no number."""
        if self.failed or self.value is None or (self.least is None and self.most is None):
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def cells(self) -> tuple[str, ...]:
        """The row of the table, as texts."""
        wanted = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}" if self.most is not None else ""
        measured = "" if self.value is None else f"{self.value:.3{'g' if self.unit else 'f'}} {self.unit}"
        verdict = "FAILED" if self.failed else {True: "yes", False: "NO", None: ""}[self.ok]
        return self.name, measured, self.against, wanted, verdict, self.details

    def plain(self) -> dict[str, Any]:
        """The row as plain data, from which it can be made again."""
        return asdict(self)


Plain = dict[str, Any]
"""A row as plain data."""


def now_and_then(commit: str, pairs: Sequence[tuple[Sequence[Plain], Sequence[Plain]]]) -> list[Row]:
    """For every number of two versions, by name, the median of its ratios in measurements made in turn.

    Args:
        commit: what the earlier version is called.
        pairs: for every measurement the rows of the earlier version and of this one.
    """
    both = [({row["name"]: row for row in then}, {row["name"]: row for row in now}) for then, now in pairs]
    names = dict.fromkeys(name for pair in both for rows in reversed(pair) for name in rows)
    return [_over(name, commit, [(then.get(name), now.get(name)) for then, now in both]) for name in names]


def _over(name: str, commit: str, pairs: Sequence[tuple[Plain | None, Plain | None]]) -> Row:
    """One number of this version over that of another; a row without a number says why there is none."""
    told = list(zip((commit, "this tree"), zip(*pairs, strict=True), strict=True))
    for when, rows in told:
        failed = [row for row in rows if row is not None and row["failed"]]
        if failed:
            return Row(name, None, details=f"{when}: {failed[0]['details']}", failed=True)
    for when, rows in told:
        if not all(row is not None and row["value"] is not None and row["value"] > 0 for row in rows):
            return Row(name, None, details=f"{when} has no such number, or none above zero: not compared")
    values = [(then["value"], now["value"]) for then, now in pairs if then is not None and now is not None]
    last: Any = pairs[0][1]
    details = "; ".join(f"{after:.3g} {last['unit']} now, {before:.3g} then" for before, after in values)
    ratio = median(after / before for before, after in values)
    return Row(name, ratio, against=commit, details=f"{details} (better: {_better(last)})")


def _better(row: Plain) -> str:
    return "more" if row["least"] is not None else "less" if row["most"] is not None or row["unit"] != RATIO else "more"


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median ratio of measurements made next to each other: a machine that drifts cancels."""
    return median(own / other for own, other in zip(ours, theirs, strict=True))


def rates(values: Sequence[float]) -> str:
    """Median and best of several rates per second, in millions."""
    return f"{median(values) / 1e6:,.0f} M/s (best {max(values) / 1e6:,.0f})"


def times(values: Sequence[float]) -> str:
    """Median and shortest of several times."""
    return f"{_seconds(median(values))} (best {_seconds(min(values))})"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1.0 else f"{1e3 * value:.3g} ms"
