"""Published figures beside ours, and claims of a card, as tables for the screen and for pages."""

from collections.abc import Iterable
from typing import Protocol

from nashscape.core import Status
from nashscape.report.pages import Section, Table
from nashscape.systems import CheckedClaims, Row
from nashscape.systems.agreement import CLOSED_FORM, ERROR, STATEMENT

COLUMNS = ("figure", "published or wanted", "ours", "interval", "p", "p, corrected", "agrees?")
CLAIMS = ("claim", "the card says", "figures that agree", "computed now")
KINDS = {
    "published": "published figures",
    CLOSED_FORM: "noise-free values from the closed form",
    STATEMENT: "statements",
}


class HasRows(Protocol):
    """What a verdict is about."""

    @property
    def rows(self) -> tuple[Row, ...]: ...  # noqa: D102
    @property
    def status(self) -> Status: ...  # noqa: D102


def tables_of(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows by table, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    return found


def cells_of(row: Row) -> tuple[str, ...]:
    """A row as text: figure, published, ours, interval, p-value by itself and among all, agrees?"""
    interval = "exact" if row.low == row.high else f"[{_number(row.low)}, {_number(row.high)}]"
    agrees = "yes" if row.agrees else "NO"
    return row.label, _wanted(row), _number(row.ours), interval, _small(row.p_value), _small(row.corrected), agrees


def _wanted(row: Row) -> str:
    """The published figure; of a statement, which has none, what it takes to hold."""
    return row.rule if row.source == STATEMENT else _number(row.published)


def _small(p_value: float | None) -> str:
    return "" if p_value is None else f"{p_value:.2g}"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 1 else f"{value:.2f}"


def verdict(found: HasRows) -> str:
    """How many figures agree, in one sentence or two."""
    parts = []
    for source, what in KINDS.items():
        rows = [row for row in found.rows if row.source == source]
        if rows:
            parts.append(f"{sum(row.agrees for row in rows)} of {len(rows)} {what}")
    text = f"{' and '.join(parts) or 'No figures'} agree."
    measured = [row for row in found.rows if not row.agrees and row.source != STATEMENT]
    if measured:
        names = "; ".join(f"{row.table}, {row.label} (corrected p = {_p(row)})" for row in measured)
        text += f" These do not: {names}."
    said = [row.label for row in found.rows if not row.agrees and row.source == STATEMENT]
    if said:
        text += f" These statements do not hold: {'; '.join(said)}."
    tests = sum(bool(row.test) for row in found.rows)
    if tests:
        text += (
            f" Where chance had a part, {tests} tests are one family: one or more of them reject what is true with "
            f"probability {ERROR:g} at most (Holm)."
        )
    if found.status is not Status.COMPLETE:
        text += f" {found.status.advice}"
    return text


def _p(row: Row) -> str:
    return "exact" if row.corrected is None else f"{row.corrected:.2g}"


def tables_section(rows: Iterable[Row]) -> list[Table]:
    """A table for every table, whose caption says when its figures agree."""
    return [
        Table(COLUMNS, [cells_of(row) for row in own], _caption(name, own)) for name, own in tables_of(rows).items()
    ]


def _caption(name: str, rows: list[Row]) -> str:
    one = len({row.rule for row in rows}) == 1
    return f"{name}: {rows[0].rule}{'' if one else ', and as said per row'}"


def claim_cells(found: CheckedClaims) -> list[tuple[str, str, str, str]]:
    """A row for every claim."""
    return [(one.claim, one.status, f"{one.agreeing} of {one.figures}", one.said) for one in found.verdicts]


def claims_section(found: CheckedClaims) -> Section:
    """The claims of a card, and what was computed just now."""
    text = f"What `nashscape systems {found.system}` shows, against the figures above."
    return Section("Claims", text, tables=[Table(CLAIMS, claim_cells(found), "claims of the card")])
