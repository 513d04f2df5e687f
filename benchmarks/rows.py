"""What a benchmark reports: rows of a table, each a number that is compared with what is wanted."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured number.

    Attributes:
        name: what was measured.
        value: the number; None for a row that only says something.
        unit: "×" for a ratio, "s" for seconds, "B" for bytes, nothing for a share.
        least: the value wanted is at least this.
        most: the value wanted is at most this.
        details: what the number was made from.
    """

    name: str
    value: float | None
    unit: str = "×"
    least: float | None = None
    most: float | None = None
    details: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the number is as wanted; None where nothing is wanted."""
        if self.value is None or (self.least is None and self.most is None):
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def cells(self) -> tuple[str, ...]:
        """The row of the table, as texts."""
        wanted = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}" if self.most is not None else ""
        measured = "" if self.value is None else f"{self.value:.3{'g' if self.unit else 'f'}} {self.unit}"
        return self.name, measured, wanted, {True: "yes", False: "NO", None: ""}[self.ok], self.details

    def plain(self) -> dict[str, Any]:
        """The row as plain data, from which it can be made again."""
        return asdict(self)


def now_and_then(pairs: Sequence[tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]]]) -> list[Row]:
    """For every number that two versions have, by name, the median of its ratios in measurements made in turn."""
    both = [({row["name"]: row for row in then}, {row["name"]: row for row in now}) for then, now in pairs]
    names = [name for name in both[0][1] if all(name in then and name in now for then, now in both)]
    made = []
    for name in names:
        values = [(then[name]["value"], now[name]["value"]) for then, now in both]
        if all(before and after for before, after in values):
            ratios = [after / before for before, after in values]
            unit = both[0][1][name]["unit"]
            details = "; ".join(f"{after:.3g} {unit} now, {before:.3g} then" for before, after in values)
            made.append(Row(name, median(ratios), details=f"{details} (better: {_better(both[0][1][name])})"))
    return made


def _better(row: dict[str, Any]) -> str:
    return "more" if row["least"] is not None else "less" if row["most"] is not None or row["unit"] != "×" else "more"


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
