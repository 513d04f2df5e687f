"""What checking a certificate found."""

from dataclasses import dataclass
from typing import ClassVar

from nashscape.core import Provenance, Result, Status


@dataclass(frozen=True)
class Verification(Result):
    """Whether every claim of a certificate was proved again. Made by `verify_certificate`.

    Attributes:
        accepted: every claim about cells and traps was proved.
        reasons: what was not, with the number of the cell or trap; empty where it is accepted.
        cells: how many cells claim something; without a sample all of them were followed, unless the traps failed.
        sample: how many cells were drawn to be followed, or None for all.
        holds: at least this share of what is certified was proved again, all of it or nothing; of a sample of n cells
            that all hold it is the one-sided Clopper–Pearson bound `0.05^(1/n)`, with 95 % confidence.
        undecided: how many claim nothing.
        traps: how many traps were proved.
        precision: bits of the balls.
        status: INTERRUPTED where the check was; nothing is accepted then.
        provenance: the file's checksum and problem, versions, cost.
    """

    question_kind: ClassVar[str] = "verification"
    picture: ClassVar[str] = "nashscape.figures.verifications:verification_figure"
    as_table: ClassVar[str] = "nashscape.checking.verification_tables:verification_table"
    computed: ClassVar[tuple[str, ...]] = ("verdict", "looked_at")

    accepted: bool
    reasons: tuple[str, ...]
    cells: int
    sample: int | None
    holds: float
    undecided: int
    traps: int
    precision: int
    status: Status
    provenance: Provenance

    @property
    def verdict(self) -> str:
        """Accepted, rejected, interrupted, or, where all cells of a sample hold, not rejected."""
        if self.status is not Status.COMPLETE:
            return "interrupted"
        return "accepted" if self.accepted else "rejected" if self.reasons else "not rejected"

    @property
    def looked_at(self) -> str:
        """How many cells were followed, in words."""
        if self.sample is None:
            return f"{self.cells} cells"
        return f"a sample of {self.sample} of {self.cells} cells, at least {self.holds:.2%} hold (95 % confidence)"

    def __repr__(self) -> str:
        """The verdict as one line."""
        verdict = self.verdict
        first = f": {self.reasons[0]}" if self.reasons else ""
        more = f" (and {len(self.reasons) - 1} more)" if len(self.reasons) > 1 else ""
        return (
            f"<Verification {verdict}{first}{more}; {self.looked_at}, {self.traps} traps, "
            f"{self.undecided} cells without a claim>"
        )
