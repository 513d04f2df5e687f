"""What learning curves are: interquartile means, shares in a target and sizes of corrections, moment by moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status
from nashscape.dynamics.playing.behaviours import TOGETHER

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LearningCurves(Result):
    """What the runs of every arm come to at M moments.

    Attributes:
        measure: of what.
        of: of whom: one of "mean", "sum", "least", "most" of all players, or a player; "" where it is no player's.
        target: the target of which there are shares; "" for none.
        updates: made at every moment, `[M]`.
        curves: of every arm, moment by moment, the interquartile mean over runs, with its interval.
        shares: of every arm, moment by moment, the share of runs within the bounds of the target; none without one.
        corrections: of every arm, by name, how long a correction is over the policy gradient: the quartiles over runs
            and players, `[3, M]`, NaN where no run tells a number.
        level: confidence level; every interval holds at its moment by itself.
        status: complete, or interrupted where the runs of an arm are.
        provenance: question, seed and versions; notes say of which runs there is no number.
    """

    question_kind: ClassVar[str] = "learning curves"
    picture: ClassVar[str] = "nashscape.figures.learning_curves:learning_curves_figure"
    as_table: ClassVar[str] = "nashscape.selection.comparing.curve_tables:curve_table"
    as_columns: ClassVar[str] = "nashscape.selection.comparing.curve_tables:columns_of_curves"
    as_grid: ClassVar[str] = "nashscape.selection.comparing.curve_tables:grid_of_curves"
    computed: ClassVar[tuple[str, ...]] = ("quantity",)

    measure: str
    of: str
    target: str
    updates: npt.NDArray[np.int64]
    curves: Mapping[str, tuple[Estimate, ...]]
    shares: Mapping[str, tuple[Estimate, ...]]
    corrections: Mapping[str, Mapping[str, Floats]]
    level: float
    status: Status
    provenance: Provenance

    @property
    def quantity(self) -> str:
        """The measure, and of whom it is."""
        if self.of in TOGETHER:
            return f"{self.measure}, {self.of} of players"
        return f"{self.measure} of {self.of}" if self.of else self.measure

    def __repr__(self) -> str:
        """What every arm comes to at the last moment, as one line."""
        last = {name: own[-1] for name, own in self.curves.items()}
        told = ", ".join(f"{name} {one.value:.4g} [{one.low:.4g}, {one.high:.4g}]" for name, one in last.items())
        return f"<LearningCurves of {self.quantity}, after {self.updates[-1]} updates: {told}>"
