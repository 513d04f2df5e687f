"""What a comparison of two stores is: figures beside each other, and which of them differ. Read without pyarrow."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core.columns import Columns
from nashscape.core.outcomes import Status
from nashscape.core.provenance import Provenance
from nashscape.core.result import Result
from nashscape.core.tables import Table, one_by_one

EXACT, COUNT, INTERVAL, NONE = "exact", "count", "interval", "none"
"""How two figures are compared: value by value where chance had no part, by a test of two shares, by whether their
intervals overlap; not at all where chance had a part and there is no interval, such as of p-values."""


MOST_ROWS = 40
"""Rows that are printed, and figures that a line names."""


@dataclass(frozen=True, eq=False)
class StoreDifferences(Result):
    """Two stores, figure by figure. Made by `differences`.

    Attributes:
        figures: what is compared, in words: measure, point, replicate, quantity, of what.
        one: values in the first store, NaN where the figure is a text.
        other: values in the other store.
        kinds: how each was compared: "exact", "count", "interval", or not at all, "none".
        p_values: of counts the exact two-sided p-value of the two shares being equal, else NaN.
        corrected: the same after Holm's correction for all counts that were compared.
        differs: whether the two differ: exact values that are not the same, counts whose corrected p-value is at most
            1 − level, intervals that do not overlap.
        only_one: figures that the first store alone has, in words.
        only_other: those that the other alone has.
        study: in what the studies differ.
        makers: in what the code that made them differs.
        level: of confidence.
        status: complete.
        provenance: which stores.
    """

    question_kind: ClassVar[str] = "store differences"
    picture: ClassVar[str] = "nashscape.studies.store.pictures:store_differences_figure"
    as_columns: ClassVar[str] = "nashscape.studies.store.differing:columns_of"
    as_table: ClassVar[str] = "nashscape.studies.store.differing:table_of"

    figures: tuple[str, ...]
    one: npt.NDArray[np.float64]
    other: npt.NDArray[np.float64]
    kinds: tuple[str, ...]
    p_values: npt.NDArray[np.float64]
    corrected: npt.NDArray[np.float64]
    differs: npt.NDArray[np.bool_]
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]
    study: tuple[str, ...]
    makers: tuple[str, ...]
    level: float
    status: Status
    provenance: Provenance

    def __str__(self) -> str:
        """How many figures differ, as one line."""
        alone = len(self.only_one) + len(self.only_other)
        return f"{int(self.differs.sum())} of {len(self.figures)} figures differ; {alone} are in one store alone"


@one_by_one
def table_of(found: StoreDifferences, one: str = "one", other: str = "other") -> Table:
    """The figures that differ, those that one store alone has, and in what studies and code differ.

    Args:
        found: the differences of two stores.
        one: what the first store is called.
        other: what the second is called.
    """
    rows = [
        (found.figures[k], f"{found.one[k]:.6g}", f"{found.other[k]:.6g}", found.kinds[k], _p(found.corrected[k]))
        for k in np.flatnonzero(found.differs)
    ]
    alone = {one: found.only_one, other: found.only_other}
    apart = {"the studies differ": found.study, "the code differs": found.makers}
    return Table(
        "",
        ("figure", one, other, "by", "p"),
        tuple(rows[:MOST_ROWS]),
        left=("by",),
        notes=(
            *(f"{name}: {', '.join(own)}" for name, own in apart.items() if own),
            *(f"in {name} alone: {'; '.join(own[:MOST_ROWS])}" for name, own in alone.items() if own),
            str(found),
        ),
    )


def _p(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2g}"


def columns_of(found: StoreDifferences) -> Columns:
    """A row for each figure that both stores have."""
    return {
        "figure": np.array(found.figures, dtype=str), "one": found.one, "other": found.other,
        "kind": np.array(found.kinds, dtype=str), "p_value": found.p_values, "corrected": found.corrected,
        "differs": found.differs,
    }  # fmt: skip
