"""What a phase diagram holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Outcome, Provenance, Result, Status, is_complete, label_names, wilson
from nashscape.dynamics.runs import code_of
from nashscape.selection.phases.phase_forms import THRESHOLDS, ClosedForms

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class PhaseDiagram(Result):
    """How runs end in a family of games, over a coupling and, where there are V of them, values of another number.

    Cells are `[C, V]`, or `[C]` without a second number. Cells that were not reached before an interruption hold no
    runs.

    Attributes:
        game: name of the games.
        rule: name of the rule.
        parameter: name of the second number; None where there is none.
        couplings: `[C]`, or values of the first number where that is another.
        values: of the second number, `[V]`, or None.
        targets: names of the targets.
        counts: runs of every cell by outcome code, `[cells…, codes]`. Outcomes are never merged.
        diagonal: the same for runs along the diagonal, from a line of starts at which all players have the same
            parameters; None where the diagonal is not invariant, or was not asked for.
        bounds: the box in which parameters were kept, `(−inf, inf)` for none.
        closed: closed forms, for symmetric 2×2 games with `z_i = θ_i + κ θ_j`; None for others.
        first: name of the first number, "coupling" unless another dial was turned.
        program_equilibrium: for each corner whether it is a program equilibrium of every cell, as texts
            `[cells…]`; empty where that was not asked for.
        status: how complete the diagram is.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "phase diagram"
    picture: ClassVar[str] = "nashscape.figures.phases:phase_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_phase_diagram"
    as_grid: ClassVar[str] = "nashscape.selection.result_columns:grid_of_phase_diagram"
    as_table: ClassVar[str] = "nashscape.selection.phases.tables:phase_table"
    computed: ClassVar[tuple[str, ...]] = ("outcomes", "closed_forms")

    game: str
    rule: str
    parameter: str | None
    couplings: Floats
    values: Floats | None
    targets: tuple[str, ...]
    counts: Counts
    diagonal: Counts | None
    bounds: tuple[float, float]
    closed: ClosedForms | None
    status: Status
    provenance: Provenance
    program_equilibrium: Mapping[str, npt.NDArray[np.str_]] = field(default_factory=dict)
    first: str = "coupling"

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of couplings, and of values where there are some."""
        return self.counts.shape[:-1]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of all outcomes, in the order of their codes."""
        names = label_names(self.targets)
        return tuple(names[code] for code in sorted(names))

    @property
    def done(self) -> npt.NDArray[np.bool_]:
        """Which cells hold runs, `[cells…]`."""
        return np.asarray(self.counts.sum(axis=-1) > 0)

    def fraction(self, *outcomes: str, diagonal: bool = False) -> Floats:
        """The share of every cell's runs that end in one of these outcomes, `[cells…]`; NaN in cells without runs.

        Args:
            outcomes: names of outcomes or targets; the shares of several are added.
            diagonal: of the runs along the diagonal.

        Raises:
            InputError: for a name that is no outcome, and where there are no runs along the diagonal.
        """
        counts = self._counts(diagonal)
        codes = [code_of(name, self.targets) for name in dict.fromkeys(outcomes)]
        total = counts.sum(axis=-1)
        share = counts[..., codes].sum(axis=-1) / np.maximum(total, 1)
        return np.where(total > 0, share, np.nan)

    def estimate(self, cell: int | tuple[int, ...], *outcomes: str, level: float = 0.95) -> Estimate:
        """The share in one cell with its Wilson interval, as from random starts."""
        counts = self.counts[cell]
        if counts.ndim != 1 or counts.sum() == 0:
            raise InputError(f"{cell} is no cell with runs; cells are numbered up to {self.shape}")
        codes = [code_of(name, self.targets) for name in dict.fromkeys(outcomes)]
        return wilson(int(counts[codes].sum()), int(counts.sum()), level)

    def dominant(self, *, diagonal: bool = False) -> npt.NDArray[np.int8]:
        """The outcome code that most runs of every cell have, `[cells…]`; −1 in cells without runs."""
        counts = self._counts(diagonal)
        return np.where(counts.sum(axis=-1) > 0, counts.argmax(axis=-1), -1).astype(np.int8)

    @property
    def closed_forms(self) -> dict[str, Any] | None:
        """The thresholds of the closed forms, a number for each value or one in all, NaN where there is none."""
        if self.closed is None:
            return None
        found = {name: self.closed.threshold(name) for name in THRESHOLDS}
        return {"kinds": self.closed.kinds, **found, "leaving": self.closed.leaving}

    def _counts(self, diagonal: bool) -> Counts:
        if not diagonal:
            return self.counts
        if self.diagonal is None:
            raise InputError(
                f"this diagram of {self.game} holds no runs along the diagonal; they need players who are alike, exact "
                "updates and diagonal=21, say"
            )
        return self.diagonal

    def __repr__(self) -> str:
        """Rule, games, cells and shares of all runs together, as one line."""
        over = f"{'κ' if self.first == 'coupling' else self.first} {self.couplings.min():g} to {self.couplings.max():g}"
        if self.values is not None:
            over += f" × {self.parameter} {self.values.min():g} to {self.values.max():g}"
        total = self.counts.reshape(-1, self.counts.shape[-1]).sum(axis=0)
        named = sorted(zip(self.outcomes, total.tolist(), strict=True), key=lambda pair: -pair[1])
        shares = ", ".join(f"{name} {count / max(total.sum(), 1):.4f}" for name, count in named if count)
        size = "×".join(map(str, self.shape))
        return f"<PhaseDiagram {self.rule} on {self.game}, {over}, {size} cells: {shares}; {self.standing}>"


def status_of_counts(counts: Counts) -> Status:
    """The status of a diagram's runs, as `dynamics.status_of` gives it for labels."""
    if (counts.sum(axis=-1) == 0).any():
        return Status.INTERRUPTED
    if counts[..., Outcome.DIVERGED].any():
        return Status.DIVERGED
    unsettled = ~is_complete(np.arange(counts.shape[-1], dtype=np.int8))
    return Status.UNRESOLVED if counts[..., unsettled].any() else Status.COMPLETE
