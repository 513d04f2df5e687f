"""Certificates in probability: starts of which it is proved where sampled updates probably take them.

A start is certified when a run of sampled updates from it, with batches of a stated size, is with at least the stated
probability inside a trap at some step and at all later ones up to a horizon
(`nashscape.proofs.certification.probable_tubes`). The probability is that of the plays, drawn independently; it is
about each start by itself, however it was chosen without looking at the plays. It does not say that the runs from all
starts of a cell succeed together, and nothing is said of what happens after the horizon: noise never ends, and leads
out of any trap some day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Status
from nashscape.learning import Box
from nashscape.proofs.certification.labelled_cells import LabelledCells
from nashscape.proofs.certification.questions import Asked
from nashscape.proofs.certification.traps import Trap

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ProbableCertificate(LabelledCells):
    """Cells of starts and the trap in which a run from each probably is. Made by `certify_in_probability`.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the corners that have traps; those asked for come first.
        batch: plays per update.
        form: "published" or "unbiased", as in `nashscape.sampled`.
        horizon: the step up to which something is said.
        confidence: the probability, at least, for each start.
        coordinates: "strategies" (probabilities of the first action, `[n]`) or "parameters" (`[d]`).
        region: its low and high ends in these coordinates, `[2, d]`.
        low: low ends of the cells, `[N, d]`; together they fill the region.
        high: high ends.
        trap: index in `traps` of the trap of a cell, `[N]`; −1 where undecided.
        steps: the step from which on a run is inside, at the latest, `[N]`; −1 where undecided.
        traps: sets of parameters in which every component of the exact field points towards a corner.
        resolution: sides of the smallest cells, as a share of the region's.
        enough_batch: where nothing could be certified, the smallest power of two with which something was found to be;
            None where that was not needed, or not found.
        asked: the game, the rule, the step sizes and the box that all this is about.
        status: INTERRUPTED where the time ended before all cells were decided or small; what it holds is valid.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "probable certificate"
    picture: ClassVar[str] = "nashscape.figures.certificates:certificate_figure"
    as_table: ClassVar[str] = "nashscape.proofs.certification.tables:probable_table"
    computed: ClassVar[tuple[str, ...]] = ("verdict", "statement")

    game: str
    rule: str
    targets: tuple[str, ...]
    batch: int
    form: str
    horizon: int
    confidence: float
    coordinates: str
    region: Floats
    low: Floats
    high: Floats
    trap: npt.NDArray[np.int32]
    steps: npt.NDArray[np.int32]
    traps: tuple[Trap, ...]
    resolution: float
    enough_batch: int | None
    asked: Asked
    status: Status
    provenance: Provenance

    @property
    def verdict(self) -> str:
        """ "vacuous" where no cell could be certified, else "certified"."""
        return "certified" if (self.trap >= 0).any() else "vacuous"

    @property
    def statement(self) -> str:
        """What is proved, in words."""
        if self.verdict == "vacuous":
            more = f"; with {self.enough_batch} something can" if self.enough_batch else ""
            return f"vacuous: with {self.batch} plays per update nothing can be proved{more}"
        shares = ", ".join(f"{100 * self.fraction(name):.2f} % for {name}" for name in self.targets)
        return (
            f"of the region {shares}: from each single start there, with probability at least {self.confidence:g} over "
            f"the plays ({self.batch} per update), a run is in the trap from some step on until step {self.horizon}"
        )

    @property
    def trap_ends(self) -> tuple[Floats, Floats]:
        """The low and high ends of the traps, which for sigmoids are boxes at corners of the clipped box, `[M, d]`."""
        return trap_ends(self.traps, self.asked.box)

    def __repr__(self) -> str:
        """Rule, game, batch and shares, as one line."""
        if self.verdict == "vacuous":
            found = f"vacuous, {self.enough_batch or 'no batch'} would do"
        else:
            found = ", ".join(f"{name} {self.fraction(name):.4f}" for name in self.targets)
            found += f", undecided {self.undecided:.4f}"
        return (
            f"<ProbableCertificate {self.rule} on {self.game}, batch {self.batch}, {self.horizon} steps, probability "
            f"{self.confidence:g}: {found}; {self.status.value}>"
        )


def trap_ends(traps: Sequence[Trap], clip: Box) -> tuple[Floats, Floats]:
    """The ends of traps of sigmoids, `[M, d]` each."""
    low, high = [], []
    for trap in traps:
        ends = trap.rows.T @ trap.least
        upper = trap.rows.sum(axis=0) > 0
        low.append(np.where(upper, ends, float(clip.low)))
        high.append(np.where(upper, float(clip.high), ends))
    return np.array(low), np.array(high)
