"""What weak selection does to cooperators on a graph."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WeakSelection(Result):
    """When weak selection favours cooperation on a graph.

    Attributes:
        weights: of the edges, `[n, n]`.
        process: how members are replaced.
        cost: how much less likely a cooperator takes over, per unit of intensity and of what it pays.
        benefit: how much more likely, per unit of what its neighbours get; negative where that helps defectors more.
        critical_ratio: of benefit to cost, above which selection favours cooperation; where it is negative, it favours
            spite, cooperators who pay c to take from their neighbours −b, below it; infinite where neither can be.
        coalescence: of every two nodes how many updates ago their members had their last common ancestor, on average,
            `[n, n]`.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "weak selection"
    picture: ClassVar[str] = "nashscape.figures.fixations:weak_selection_figure"
    as_table: ClassVar[str] = "nashscape.evolution.fixation_tables:weak_selection_table"
    as_columns: ClassVar[str] = "nashscape.evolution.fixation_tables:columns_of_weak_selection"

    weights: Floats
    process: str
    cost: float
    benefit: float
    critical_ratio: float
    coalescence: Floats
    status: Status
    provenance: Provenance

    @property
    def structure(self) -> float:
        """The structure coefficient σ: weak selection favours A over B in `[[a, b], [c, d]]` iff `σ a + b > c + σ d`.

        It holds for every game of two types (Tarnita et al. 2009), `σ = (r + 1)/(r − 1)` at the critical ratio r.
        """
        ratio = self.critical_ratio
        return 1.0 if abs(ratio) == inf else (ratio + 1.0) / (ratio - 1.0)

    @property
    def told(self) -> str:
        """When cooperation is favoured, in words."""
        if self.critical_ratio > 0 and self.critical_ratio < inf:
            return f"cooperation favoured where b/c > {self.critical_ratio:.6g}"
        return "cooperation never favoured"

    def slope(self, benefit: float, cost: float = 1.0) -> float:
        """How fast the chance of one cooperator to take over grows with the intensity, in a donation game."""
        return benefit * self.benefit - cost * self.cost

    def __repr__(self) -> str:
        """When cooperation is favoured, as one line."""
        return f"<WeakSelection by {self.process} on {len(self.weights)} nodes: {self.told}>"
