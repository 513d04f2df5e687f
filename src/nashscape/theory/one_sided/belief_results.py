"""A tree of beliefs of a differential game: what is revealed when, what both do, and what it costs."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SHOWN = 0.01
"""Share of the variance of the state of the world from which something counts as revealed."""


@dataclass(frozen=True, eq=False)
class BeliefTree(Result):
    """What the informed player reveals in a linear-quadratic differential game, step by step, and what both do.

    Nodes are beliefs after the signal of a step; those that agree after the same past are one node.

    Attributes:
        game: its name.
        prior: of the states of the world.
        horizon: the end.
        steps: of equal length, in which controls are held.
        high: what the informed player pays with this tree, whatever the other does.
        low: less than which it pays with no tree of any number of signals.
        concealed: what it pays where it never reveals anything.
        revealed: of every step the share of the variance of the state of the world that is revealed, `[steps]`.
        step: of every node, from 0.
        parent: the node before it, −1 in the first step.
        reach: its probability.
        beliefs: `[nodes, states]`.
        positions: x at the end of the step, `[nodes, d]`.
        first: controls of the informed player in the step, `[nodes, a]`.
        second: controls of the other, `[nodes, b]`.
        start: x at time 0.
        status: COMPLETE if the bounds are as near as asked; else INTERRUPTED: they hold all the same.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "belief tree"
    as_columns: ClassVar[str] = "nashscape.theory.one_sided.tables:nodes_columns"
    as_table: ClassVar[str] = "nashscape.theory.one_sided.tables:nodes_table"
    picture: ClassVar[str] = "nashscape.figures.one_sided:belief_figure"
    computed: ClassVar[tuple[str, ...]] = ("value", "concealed_until")

    game: str
    prior: Floats
    horizon: float
    steps: int
    high: float
    low: float
    concealed: float
    revealed: Floats
    step: Ints
    parent: Ints
    reach: Floats
    beliefs: Floats
    positions: Floats
    first: Floats
    second: Floats
    start: Floats
    status: Status
    provenance: Provenance

    @property
    def value(self) -> float:
        """The middle of the bounds."""
        return (self.high + self.low) / 2

    @property
    def concealed_until(self) -> float:
        """The time at which more than a hundredth of the variance is revealed; the horizon where that is never so."""
        told = np.flatnonzero(self.revealed > SHOWN)
        return self.horizon * (int(told[0]) / self.steps if len(told) else 1.0)

    def path(self, node: int) -> list[int]:
        """The nodes from the first step to this one.

        Example:
            >>> from nashscape.theory import belief_tree, hexner_game
            >>> found = belief_tree(hexner_game(), steps=4)
            >>> [found.step[k].item() for k in found.path(len(found.step) - 1)]
            [0, 1, 2, 3]
        """
        made = [node]
        while self.parent[made[-1]] >= 0:
            made.append(int(self.parent[made[-1]]))
        return made[::-1]

    def __repr__(self) -> str:
        """Bounds, and until when nothing is revealed, as one line."""
        until = f"conceals until {self.concealed_until:g}" if (self.revealed > SHOWN).any() else "never reveals"
        return f"<BeliefTree of {self.game}, {self.steps} steps: {self.low:.6f} to {self.high:.6f} ({until})>"
