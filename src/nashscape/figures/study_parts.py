"""The numbers of a study, cut into what one figure shows: one quantity of one measure, replicates together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, label_names
from nashscape.core.errors import FAILED
from nashscape.core.statistics.pooling import pooled
from nashscape.learning.dial_table import label_of

Floats = npt.NDArray[np.float64]
MOST_OF = 6
"""So many things that a quantity is of are drawn at most, those with the largest values; tables have all."""

LEAST = 0.05
"""What is nowhere above this share of the largest value is not drawn: outcomes that hardly ever came about."""

FILLED = ("random", "sobol")
"""Designs whose points lie scattered."""


@dataclass(frozen=True)
class Part:
    """One quantity of one measure at all points.

    Attributes:
        measure: name of the measure.
        quantity: what was measured.
        texts: names of what varies and is text, in the order of the study.
        numbers: names of what varies and is a number.
        scattered: those of the numbers that fill a box together.
        columns: of every point: what varies, `of`, `value`, `low`, `high` and `text`.
        ofs: what the quantity is of, those with the largest values first.
    """

    measure: str
    quantity: str
    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    scattered: tuple[str, ...]
    columns: Mapping[str, Any]
    ofs: tuple[str, ...]

    @property
    def of_text(self) -> bool:
        """Whether what was measured is no number but a text, such as a verdict."""
        return bool((self.columns["text"] != "").all() and not np.isfinite(self.columns["value"]).any())

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw: not where one and the same number is found everywhere."""
        known = self.columns["value"][np.isfinite(self.columns["value"])]
        return self.of_text or bool(len(known) and (len(np.unique(known)) > 1 or len(self.columns["value"]) == 1))

    def values(self, name: str) -> list[Any]:
        """The values of what varies, texts in the order of the study and numbers rising."""
        found = list(dict.fromkeys(self.columns[name].tolist()))
        return sorted(found) if name in self.numbers else found

    def where(self, **values: Any) -> "Rows":
        """The rows at which columns have these values."""
        chosen = np.ones(len(self.columns["value"]), bool)
        for name, value in values.items():
            chosen &= self.columns[name] == value
        return Rows({name: own[chosen] for name, own in self.columns.items()})


@dataclass(frozen=True)
class Rows:
    """Some rows of a part."""

    columns: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.columns["value"])

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]

    def by(self, name: str) -> "Rows":
        """The rows, sorted by a column."""
        order = np.argsort(self.columns[name], kind="stable")
        return Rows({key: own[order] for key, own in self.columns.items()})


def parts_of(found: Any) -> list[Part]:
    """All quantities of all measures, in the order in which they were measured.

    Outcomes that are no targets and came about nowhere are left out, and so is that no run is undefined, and rows that
    say that a measure failed.

    Args:
        found: the findings of a study.

    Raises:
        InputError: for anything else.
    """
    if not hasattr(found, "rows") or not hasattr(found, "varied"):
        raise InputError(f"expected the findings of a study, as Study.run gives them; got {type(found).__name__}")
    rows = found.rows
    pairs = dict.fromkeys(zip(rows["measure"].tolist(), rows["quantity"].tolist(), strict=True))
    measured = [own for own in pairs if own[1] != FAILED]
    return [made for own in measured if len((made := _part(found, *own)).columns["value"])]


def _part(found: Any, measure: str, quantity: str) -> Part:
    here = (found.rows["measure"] == measure) & (found.rows["quantity"] == quantity)
    rows = {name: np.asarray(own)[here] for name, own in found.rows.items()}
    blank = {"number": lambda own: np.isnan(own).all(), "text": lambda own: (own == "").all()}
    names = {name: kind for name, kind in found.varied.items() if not blank[kind](rows[name])}
    texts, numbers = ([name for name, own in names.items() if own == kind] for kind in ("text", "number"))
    columns = _came_about(quantity, _pooled(rows, list(names)))
    largest = {
        of: float(np.nanmax(np.append(np.abs(columns["value"][columns["of"] == of]), -1.0)))
        for of in dict.fromkeys(columns["of"].tolist())
    }
    least = LEAST * max([*largest.values(), 0.0])
    # what is about as large stays in the order of the study: players, not rounding, decide
    ranked = sorted(largest, key=lambda of: -float(f"{largest[of]:.3g}"))
    ofs = [of for of in ranked if largest[of] >= least] or ranked
    scattered = [name for name in numbers if name in _filled(found)]
    return Part(measure, quantity, tuple(texts), tuple(numbers), tuple(scattered), columns, tuple(ofs))


def _came_about(quantity: str, columns: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what is zero everywhere, as most labels of runs are in most studies."""
    ofs, ever = columns["of"], columns["value"] != 0
    kept = ever | np.array([not _is_label(quantity, of) for of in ofs.tolist()], bool) | np.isin(ofs, ofs[ever])
    return {name: own[kept] for name, own in columns.items()}


def _is_label(quantity: str, of: str) -> bool:
    if quantity == "share":
        return of in label_names(()).values() or of.startswith(("rest within ", "passing "))
    return quantity == "undefined"


def _filled(found: Any) -> set[str]:
    """Names of what varies by a design that fills a box."""
    blocks: Sequence[Any] = found.provenance.question.get("study", {}).get("vary", ())
    return {name for block in blocks if block.get("design") in FILLED for name in block}


def _pooled(rows: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """One row for every point and thing that a quantity is of, whatever the number of its replicates."""
    keys = list(zip(*(rows[name].tolist() for name in (*names, "of")), strict=True))
    places: dict[Any, list[int]] = {}
    for k, key in enumerate(keys):
        places.setdefault(key, []).append(k)
    first = np.array([own[0] for own in places.values()], int)
    made = {name: rows[name][first] for name in (*names, "of")}
    # replicates may answer differently: none of their texts is hidden behind the first
    made["text"] = np.array([" / ".join(sorted({*rows["text"][own].tolist()} - {""})) for own in places.values()], str)
    numbers = np.array([_one(rows, own) for own in places.values()], np.float64).reshape(-1, 3)
    return {**made, **dict(zip(("value", "low", "high"), numbers.T, strict=True))}


def _one(rows: Mapping[str, Any], places: Sequence[int]) -> tuple[float, float, float]:
    values, low, high = (rows[name][places] for name in ("value", "low", "high"))
    if len(places) == 1:
        return float(values[0]), float(low[0]), float(high[0])
    found = pooled(values, rows["successes"][places], rows["trials"][places], 0.95)
    if found is None:
        mean = float(values.mean())
        return mean, float("nan"), float("nan")
    return found.value, found.low, found.high


WORDS = {
    "share": "share of runs",
    "standing": "share in the target at the end",
    "undefined": "share without a value",
    "hit": "share that comes to hold the target",
    "first_hit_median": "median update of the first hit",
    "first_hit_mean": "mean update of the first hit",
    "welfare": "payoffs of all players together",
    "least_payoff": "payoff of the worst off",
    "payoff_range": "payoff, best off less worst off",
    "difference": "gain in the share",
    "gained": "share of starts gained",
    "lost": "share of starts lost",
    "auc": "area under the ROC curve",
    "spearman": "rank correlation",
    "mean_projection": "mean push towards the target",
    "positive": "share of starts pushed towards the target",
    "success": "share of runs that succeed",
    "restarts": "starts that it takes",
    "welfare_difference": "gain in payoffs, all players together",
}
"""What axes call quantities."""


def words_of(quantity: str, of: str = "") -> str:
    """What an axis calls a quantity, and what it is of.

    >>> words_of("share", "CC"), words_of("rounds_played")
    ('share of runs: CC', 'rounds played')
    """
    said = WORDS.get(quantity, quantity.replace("_", " "))
    return f"{said}: {of}" if of else said


def axis_of(name: str) -> str:
    """What an axis calls what varies.

    >>> axis_of("game.T"), axis_of("peer@2"), axis_of("warm_up")
    ('T', 'peer coefficient λ of player 2', 'warm up')
    """
    bare, at, player = name.partition("@")
    said = label_of(bare.rpartition(".")[2])
    return f"{said} of player {player}" if at else said
