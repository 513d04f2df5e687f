"""What a study found: the numbers of all items, and what failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nashscape.core import Estimate, InputError, Provenance, Result, Status, unknown
from nashscape.core.columns import Columns


@dataclass(frozen=True, eq=False)
class Findings(Result):
    """The numbers that a study measured, one per row, and the items that failed.

    Attributes:
        name: of the study.
        about: what it asks.
        varied: "number" or "text" by the name of what varies.
        rows: the table of values: for every number the measure, seed and point, what it is (`quantity`, `of`), its
            `value` with `low`, `high` and `level`, what is no number as `text`, the status of the result it is from and
            the key of its question.
        failures: why items failed, by key.
        folder: where they are stored; empty for memory.
        status: COMPLETE; UNRESOLVED where items failed, or intervals are wider than was asked after as many replicates
            as there may be; INTERRUPTED where some are missing. Notes of the provenance say which.
        provenance: what was asked, versions.
    """

    question_kind: ClassVar[str] = "study"
    picture: ClassVar[str] = "nashscape.figures.studies:study_figure"
    as_columns: ClassVar[str] = "nashscape.studies.findings:columns_of_findings"

    name: str
    about: str
    varied: Mapping[str, str]
    rows: Mapping[str, Any]
    failures: Mapping[str, str]
    folder: str
    status: Status
    provenance: Provenance

    def __len__(self) -> int:
        return len(self.rows["value"])

    @property
    def advice(self) -> str:
        """What to do about the status: what the notes say, where there are any."""
        return "; ".join(self.provenance.notes) or self.status.advice

    def values(self, **where: Any) -> Columns:
        """The rows at which columns have these values, or one of several.

        Args:
            **where: by column: `quantity="share"`, `of=["CC", "DD"]`, `measure=…`, and what varies; a name with a dot,
                such as "game.T", as `**{"game.T": 2.5}`. Numbers are compared exactly.

        Raises:
            InputError: for a column that is not there.
        """
        chosen = np.ones(len(self), bool)
        for name, wanted in where.items():
            if name not in self.rows:
                raise unknown("column", name, self.rows)
            options = list(wanted) if isinstance(wanted, list | tuple | set | np.ndarray) else [wanted]
            chosen &= np.isin(self.rows[name], options)
        return {name: own[chosen] for name, own in self.rows.items()}

    def __repr__(self) -> str:
        """Numbers and failures, as one line."""
        failed = f", {len(self.failures)} items failed" if self.failures else ""
        return f"<Findings of {self.name}: {len(self)} numbers{failed}; {self.standing}>"


def columns_of_findings(found: Findings) -> Mapping[str, Any]:
    """The rows; `result_status` is that of the result that a number is from. See `Result.to_columns`."""
    rows = {"result_status" if name == "status" else name: own for name, own in found.rows.items()}
    return {"study": found.name, **rows}


def one_estimate(found: Findings, **where: Any) -> Estimate:
    """The number of the one row at which columns have these values, with its interval.

    Raises:
        InputError: where there is none, or several.
    """
    rows = found.values(**where)
    value = one_number(found, **where)
    low, high, level, successes, trials = (
        float(rows[name][0]) for name in ("low", "high", "level", "successes", "trials")
    )
    known = not np.isnan(trials)
    return Estimate(
        value,
        low,
        high,
        None if np.isnan(level) else level,
        f"measured by {rows['measure'][0]}",
        int(successes) if known else None,
        int(trials) if known else None,
    )


def one_number(found: Findings, **where: Any) -> float:
    """The value of the one row at which columns have these values.

    Raises:
        InputError: where there is none, or several.
    """
    values = found.values(**where)["value"]
    if len(values) != 1:
        said = ", ".join(f"{name} = {value!r}" for name, value in where.items())
        raise InputError(f"{len(values)} rows have {said}; say more, or less")
    return float(values[0])
