"""Schelling diagrams as results: two curves, and which dilemma they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, standing

Floats = npt.NDArray[np.float64]

Sign = int | None
"""Of a difference: 1, 0 or −1; None where it is not settled."""

NOT_SETTLED = "not settled"

CLASSES: Mapping[tuple[tuple[Sign, ...], Sign], str] = MappingProxyType({
    ((-1,), 1): "prisoner's dilemma",
    ((1,), 1): "harmony",
    ((1, -1), 1): "chicken",
    ((-1, 1), 1): "stag hunt",
    ((-1,), -1): "deadlock",
})  # fmt: skip
"""By the signs of what the first action gains, runs of equal ones told once, and of all against none choosing it."""

MARKS = {1: ">", 0: "=", -1: "<", None: "?"}


@dataclass(frozen=True, eq=False)
class SchellingDiagram(Result):
    """What each of two actions pays, by how many of the others choose the first one.

    Attributes:
        actions: their names, the first one first.
        payoffs: of each action where k of the n − 1 others choose the first, `[2, n]`.
        low: lower ends of their intervals, `[2, n]`; the payoffs themselves where these are exact.
        high: upper ends.
        level: with which all intervals hold together; None where payoffs are exact.
        gains: signs of what the first action pays more than the second, `[n]`.
        all_over_none: sign of what all get who choose the first, more than all who choose the second.
        status: complete.
        provenance: question and versions.
        alike: whether players are, so that payoffs are nobody's average.
    """

    question_kind: ClassVar[str] = "Schelling diagram"
    picture: ClassVar[str] = "nashscape.figures.schelling:schelling_figure"
    as_table: ClassVar[str] = "nashscape.theory.schelling_results:diagram_table"
    as_columns: ClassVar[str] = "nashscape.theory.schelling_results:columns_of_diagram"

    actions: tuple[str, ...]
    payoffs: Floats
    low: Floats
    high: Floats
    level: float | None
    gains: tuple[Sign, ...]
    all_over_none: Sign
    status: Status
    provenance: Provenance
    alike: bool = True

    @property
    def dilemma(self) -> str:
        """Which dilemma it is, see `schelling_diagram`; "not settled" where one of its comparisons is not."""
        if None in (*self.gains, self.all_over_none):
            return NOT_SETTLED
        if not any(self.gains):
            return "indifferent"
        runs = tuple(sign for k, sign in enumerate(self.gains) if k == 0 or sign != self.gains[k - 1])
        return CLASSES.get((runs, self.all_over_none), "mixed")

    @property
    def unsettled(self) -> tuple[int, ...]:
        """Numbers of others at which it is not settled which action pays more."""
        return tuple(k for k, sign in enumerate(self.gains) if sign is None)

    @property
    def equilibria(self) -> tuple[int, ...]:
        """How many may choose the first action so that nobody gains by changing; those alone that are settled.

        None of players who are not alike: where nothing is gained on average somebody may gain all the same.
        """
        if not self.alike:
            return ()
        n = len(self.gains)
        return tuple(
            m for m in range(n + 1)
            if (m == 0 or self.gains[m - 1] in (0, 1)) and (m == n or self.gains[m] in (0, -1))
        )  # fmt: skip

    def __repr__(self) -> str:
        """How many players, and which dilemma, as one line."""
        return f"<SchellingDiagram of {len(self.gains)} players: {self.dilemma}>"


def columns_of_diagram(found: SchellingDiagram) -> Columns:
    """A row for every number of others and each action."""
    n = len(found.gains)
    return {
        "others": np.tile(np.arange(n), 2),
        "action": np.repeat(np.array(found.actions), n),
        "payoff": found.payoffs.ravel(),
        "low": found.low.ravel(),
        "high": found.high.ravel(),
    }


@one_by_one
def diagram_table(found: SchellingDiagram) -> Table:
    """What both actions pay by how many others choose the first; under it which dilemma that is."""
    one, other = found.actions
    rows = [(str(k), _told(found, 0, k), MARKS[sign], _told(found, 1, k)) for k, sign in enumerate(found.gains)]
    mark = MARKS[found.all_over_none]
    notes = [f"{found.dilemma[0].upper()}{found.dilemma[1:]}. All {one} {mark} all {other}."]
    if found.equilibria:
        notes.append(f"Nobody gains by changing where so many choose {one}: {', '.join(map(str, found.equilibria))}.")
    if not found.alike:
        notes.append("Payoffs are averages of players who are not alike: some may gain by what costs others.")
    if found.level is not None:
        notes.append(f"All intervals hold together at {100 * found.level:g} %.")
    return Table(
        f"Schelling diagram of {len(found.gains)} players, by how many others choose {one}",
        ("others", one, "", other), rows, notes=[*notes, *standing([found])],
    )  # fmt: skip


def _told(found: SchellingDiagram, action: int, k: int) -> str:
    value = f"{found.payoffs[action, k]:.4g}"
    return value if found.level is None else f"{value} [{found.low[action, k]:.4g}, {found.high[action, k]:.4g}]"
