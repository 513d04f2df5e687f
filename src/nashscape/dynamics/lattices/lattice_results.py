"""What came of players on a lattice who learnt with different amounts of exploration."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status, bounded_mean

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LatticeLearning(Result):
    """Cooperation among players of a lattice dilemma who learn from tables, by how much they explore.

    In the last of 20 windows nobody learns any more, and the temperature stays as low as it has become.

    Attributes:
        environment: name of what is played.
        action: what counts as cooperation, the game's first action.
        players: how many there are, N.
        tables: how many tables they share, M.
        budgets: mean temperatures over the first half of the time in which it falls, `[K]`.
        cooperation: share of players who take the first action, in every window, `[K, runs, 20]`.
        payoffs: their mean payoff in every window, in payoff units, `[K, runs, 20]`.
        values: all tables at the end, `[K, runs, M, rows, actions]`; None where they are more than a million numbers.
        window: rounds of a window.
        status: INTERRUPTED where the last budgets are missing.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "lattice learning"
    picture: ClassVar[str] = "nashscape.figures.lattices:lattice_learning_figure"
    as_table: ClassVar[str] = "nashscape.dynamics.lattices.lattice_tables:learning_table"
    as_columns: ClassVar[str] = "nashscape.dynamics.lattices.lattice_tables:columns_of_learning"

    environment: str
    action: str
    players: int
    tables: int
    budgets: Floats
    cooperation: Floats
    payoffs: Floats
    values: Floats | None
    window: int
    status: Status
    provenance: Provenance

    @property
    def final(self) -> Floats:
        """Cooperation in the last window of every run, `[K, runs]`."""
        return self.cooperation[:, :, -1]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Its mean over all runs there could be, by budget, with intervals that hold for every number of runs."""
        return tuple(bounded_mean(own, 0.0, 1.0) for own in self.final)

    @property
    def sharing(self) -> str:
        """Who has which table, in words."""
        if self.tables == 1:
            return "one table for all"
        return "a table for each" if self.tables == self.players else f"{self.tables} tables"

    def __repr__(self) -> str:
        """Where cooperation ends with the least and the most exploration, as one line."""
        told = [f"{self.final[k].mean():.3f} at {self.budgets[k]:g}" for k in dict.fromkeys((0, len(self.budgets) - 1))]
        return f"<LatticeLearning: {self.players} players, {self.sharing}: cooperation {' … '.join(told)}>"
