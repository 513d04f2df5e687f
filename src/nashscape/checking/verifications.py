"""What checking a certificate found."""

from dataclasses import dataclass

from nashscape.core import Provenance, Result, Status


@dataclass(frozen=True)
class Verification(Result):
    """Whether every claim of a certificate was proved again. Made by `verify_certificate`.

    Attributes:
        accepted: every claim about cells and traps was proved.
        reasons: what was not, with the number of the cell or trap; empty where it is accepted.
        cells: how many cells claim something, all of which were followed unless the traps failed.
        undecided: how many claim nothing.
        traps: how many traps were proved.
        precision: bits of the balls.
        status: INTERRUPTED where the check was; nothing is accepted then.
        provenance: the file's checksum and problem, versions, cost.
    """

    accepted: bool
    reasons: tuple[str, ...]
    cells: int
    undecided: int
    traps: int
    precision: int
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """The verdict as one line."""
        verdict = "accepted" if self.accepted else "rejected" if self.status is Status.COMPLETE else "interrupted"
        first = f": {self.reasons[0]}" if self.reasons else ""
        more = f" (and {len(self.reasons) - 1} more)" if len(self.reasons) > 1 else ""
        return (
            f"<Verification {verdict}{first}{more}; {self.cells} cells, {self.traps} traps, "
            f"{self.undecided} cells without a claim>"
        )
