"""Published figures beside ours, and claims of a card, as tables for the screen and for pages."""

from collections.abc import Iterable
from typing import Any, Protocol

from nashscape.core import Result, Status, tables
from nashscape.report.pages import Section, Table
from nashscape.systems import CheckedClaims, Row, card
from nashscape.systems.agreement import CLOSED_FORM, ERROR, STATEMENT
from nashscape.systems.checked_claims import AGREES_NOW, WRONG

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


@tables.one_by_one
def figures_table(found: HasRows) -> tables.Table:
    """Published figures beside ours, table by table, and how many agree: what a reproduction prints."""
    every = [tables.Table(name, COLUMNS, tuple(map(cells_of, rows))) for name, rows in tables_of(found.rows).items()]
    return tables.under([*every, tables.Table(verdict(found), (), ())])


@tables.one_by_one
def claims_table(found: CheckedClaims) -> tables.Table:
    """The figures, then every claim of the card and what was computed now: what checked claims print."""
    now = [f"{claim}: {AGREES_NOW}." for claim in found.saying(AGREES_NOW)]
    stands = "All that the card says agrees does agree." if found.stands else repr(found)
    claims = tables.Table(
        "claims", CLAIMS, tuple(claim_cells(found)), left=(CLAIMS[1], CLAIMS[3]),
        notes=(verdict(found), *now, stands),
    )  # fmt: skip
    every = [tables.Table(name, COLUMNS, tuple(map(cells_of, rows))) for name, rows in tables_of(found.rows).items()]
    return tables.under([*every, claims])


def claims_section(found: CheckedClaims) -> Section:
    """All claims of a card, whatever their status, and what was computed just now."""
    told = card(found.system)
    counts = ", ".join(f"{count} {name}" for name, count in told.counts().items() if count)
    text = f"{len(told.claims)} claims: {counts}. {standing(found)} What they rest on follows below."
    rows = [
        (one.claim, told.claim(one.claim).text, one.status, f"{one.agreeing} of {one.figures}", one.said)
        for one in found.verdicts
    ]
    whys = [(one.id, one.status, one.why) for one in told.claims if one.why]
    tables = [Table((CLAIMS[0], "what is claimed", *CLAIMS[1:]), rows, "Claims of the card")]
    if whys:
        tables.append(
            Table(
                (CLAIMS[0], CLAIMS[1], "why"), whys, "Why claims do not hold, are not shown, or cannot be checked here"
            )
        )
    return Section("Claims", text, tables=tables)


def standing(found: CheckedClaims) -> str:
    """Whether the card stands, in a sentence."""
    if found.stands:
        return "All that the card says agrees does agree."
    wrong = "; ".join(f"{one.claim}: {one.said}" for one in found.verdicts if one.said in WRONG)
    return f"The card does not stand: {wrong}."


def statements_section(rows: Iterable[Row]) -> Section:
    """What was computed for claims without published figures."""
    text = (
        "What is claimed in words, computed: ours, and what it takes to hold. A statement that does not hold belongs "
        "to a claim that disagrees, or fails."
    )
    return Section("Statements", text, tables=tables_section(row for row in rows if row.source == STATEMENT))


def data_of(checked: CheckedClaims, whole: Result | None = None) -> dict[str, Any]:
    """All that was computed as plain data: every row, the statements among them, the verdicts, and what else there is.

    Args:
        checked: the claims of the system.
        whole: what its study gives besides, where it does.
    """
    told = checked.to_dict()
    return {**(whole or checked).to_dict(), "rows": told["rows"], "verdicts": told["verdicts"]}
