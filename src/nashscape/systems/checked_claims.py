"""A card against what was computed just now: which claims stand as the card says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from nashscape.core import InputError, Provenance, Result, Status
from nashscape.systems.agreement import Row
from nashscape.systems.card_texts import COMPUTED, STANDING
from nashscape.systems.system_cards import Card, Claim

STANDS, FAILS, OUTDATED, AGREES_NOW, MISSING, UNCHECKED = (
    "as the card says",
    "holds no longer",
    "the card's value is out of date",
    "the card says it disagrees; it agrees now",
    "not measured",
    "not checked",
)
"""What can be said of a claim."""

WRONG = (FAILS, OUTDATED, MISSING)


class Measured(Protocol):
    """What the study of a system gives back."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every figure, with the id of its claim."""
        ...

    @property
    def status(self) -> Status:
        """INTERRUPTED where some are missing."""
        ...

    @property
    def provenance(self) -> Provenance:
        """What was asked, versions, cost."""
        ...


@dataclass(frozen=True)
class Findings:
    """The rows of a study, see `Measured`, and the `whole` result that they are part of, where there is one."""

    rows: tuple[Row, ...]
    status: Status
    provenance: Provenance
    whole: Result | None = None


@dataclass(frozen=True)
class Verdict:
    """A claim of a card, and what was computed just now.

    Attributes:
        claim: its id.
        status: as the card has it.
        agreeing: how many of its figures agree.
        figures: how many there are.
        said: what follows, in the words above.
    """

    claim: str
    status: str
    agreeing: int
    figures: int
    said: str


@dataclass(frozen=True, eq=False)
class CheckedClaims(Result):
    """Every claim of a system's card against what was computed just now.

    Attributes:
        system: key of the system.
        verdicts: one for every claim, in the order of the card.
        rows: published beside ours, every one with the id of its claim.
        status: INTERRUPTED where not all was computed.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "checked claims"
    picture: ClassVar[str] = "nashscape.figures.published:reproduction_figure"
    as_columns: ClassVar[str] = "nashscape.systems.checked_claims:columns_of_claims"
    as_table: ClassVar[str] = "nashscape.report.rows:claims_table"

    system: str
    verdicts: tuple[Verdict, ...]
    rows: tuple[Row, ...]
    status: Status
    provenance: Provenance

    @property
    def stands(self) -> bool:
        """Whether all that the card says agrees does agree."""
        return not any(one.said in WRONG for one in self.verdicts)

    def saying(self, said: str) -> list[str]:
        """The ids of the claims of which something is said."""
        return [one.claim for one in self.verdicts if one.said == said]

    def __repr__(self) -> str:
        """The system and whether its card stands, as one line."""
        wrong = [one.claim for one in self.verdicts if one.said in WRONG]
        word = "stands" if self.stands else f"does not stand: {', '.join(wrong)}"
        return f"<CheckedClaims of {self.system}: the card {word}; {self.standing}>"


def columns_of_claims(found: CheckedClaims) -> dict[str, object]:
    """A row for every claim."""
    return {
        "system": found.system,
        "claim": [one.claim for one in found.verdicts],
        "card": [one.status for one in found.verdicts],
        "agreeing": [one.agreeing for one in found.verdicts],
        "figures": [one.figures for one in found.verdicts],
        "said": [one.said for one in found.verdicts],
    }


def check(card: Card, measured: Measured) -> CheckedClaims:
    """Compare a card with what its study has measured.

    A claim agrees where all of its figures do. Where the card holds our value, that of today has to lie so that both
    intervals overlap; else the card is out of date.

    Args:
        card: of the system.
        measured: what was computed just now.

    Raises:
        InputError: for a figure that is about no claim of the card, or about one that is not computed.
    """
    rows: dict[str, list[Row]] = {one.id: [] for one in card.claims}
    for row in measured.rows:
        if card.claim(row.claim).status not in COMPUTED:
            raise InputError(
                f"{row.label!r} is computed for the claim {row.claim!r}, which the card of {card.key} calls "
                f"{card.claim(row.claim).status!r}; give the claim a status that is computed"
            )
        rows[row.claim].append(row)
    kind = "checked claims"
    return CheckedClaims(
        card.key,
        tuple(_verdict(one, rows[one.id]) for one in card.claims),
        tuple(measured.rows),
        measured.status,
        measured.provenance.asking(kind, system=card.key),
    )


def _verdict(claim: Claim, rows: Iterable[Row]) -> Verdict:
    every = list(rows)
    agreeing = sum(row.agrees for row in every)
    return Verdict(claim.id, claim.status, agreeing, len(every), _said(claim, every, agreeing == len(every)))


def _said(claim: Claim, rows: list[Row], agrees: bool) -> str:
    if claim.status not in COMPUTED:
        return UNCHECKED
    if not rows:
        return MISSING
    if claim.status == "disagrees" and agrees:
        return AGREES_NOW
    if claim.status in STANDING and not agrees:
        return FAILS
    return STANDS if claim.value is None or _overlap(claim, rows[0]) else OUTDATED


def _overlap(claim: Claim, row: Row) -> bool:
    """Whether our value on the card and that of today can be the same; exact ones to the digits of the card."""
    assert claim.value is not None
    low, high = claim.interval or (claim.value, claim.value)
    digits = len(repr(claim.value).partition(".")[2])
    slack = 0.5 * 10.0**-digits * (1 + 1e-9)
    return row.low <= high + slack and low - slack <= row.high
