"""Pages of published systems: every claim is on them, first of all, and all that was computed for it."""

import json
import re
from dataclasses import replace

import pytest

from nashscape.core import Status, record
from nashscape.report.basin_entry import basin_entry_page
from nashscape.report.rows import data_of
from nashscape.report.systems import write_system
from nashscape.systems import card, check
from nashscape.systems.agreement import STATEMENT, to_the_digit
from nashscape.systems.basin_entry.reproduction import Reproduction
from nashscape.systems.checked_claims import Findings
from nashscape.systems.statements import near

KEYS = ("basin-entry", "open-source-games")


@pytest.fixture(scope="module")
def study():
    """Two published figures of the basin-entry study, one of which does not agree."""
    rows = (to_the_digit("shares", "pg", "0.2744", 0.27438), to_the_digit("shares", "lola", "0.5", 0.25))
    rows = tuple(replace(row, claim="noise-free-shares") for row in rows)
    return Reproduction(rows, {}, {}, {}, {}, Status.COMPLETE, record("reproduction", {}, seed=0))


@pytest.fixture(scope="module")
def checked(study):
    said = near("unroll-bias", "ratio of norms", 4.0, 4.0, 0.2)
    return check(card("basin-entry"), Findings((*study.rows, said), study.status, study.provenance, study))


def headings(text):
    return re.findall(r"<h2>([^<]*)</h2>", text)


def rows_under(text, heading):
    section = text.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", section)]


def test_the_page_begins_with_all_claims_and_holds_the_statements(study, checked):
    text = basin_entry_page(study, {}, checked)
    assert headings(text)[0] == "Claims"
    claims = {row[0]: row[1:] for row in rows_under(text, "Claims") if len(row) == 5}
    assert list(claims) == [one.id for one in card("basin-entry").claims]
    for one in card("basin-entry").claims:
        assert claims[one.id][1] == one.status
    assert claims["unroll-bias"][2:] == ["1 of 1", "as the card says"]
    assert claims["noise-free-shares"][2:] == ["1 of 2", "holds no longer"]
    whys = {row[0]: row[1:] for row in rows_under(text, "Claims") if len(row) == 3}
    assert list(whys) == [one.id for one in card("basin-entry").claims if one.why]
    assert {status for status, _ in whys.values()} == {"disagrees", "not checkable here"}
    [statement] = [row for row in rows_under(text, "Statements") if row]
    assert (statement[0], statement[2], statement[-1]) == ("ratio of norms", "4.00", "yes")
    lead = text.split("<h1>")[1].split("<nav")[0]
    assert "1 of 2 noise-free values from the closed form and 1 of 1 statements agree" in lead


@pytest.mark.parametrize("key", KEYS)
def test_every_system_writes_all_claims_and_rows(key, study, checked, tmp_path):
    # of an interrupted study no maps are computed for its figures
    study = replace(study, status=Status.INTERRUPTED)
    bare = check(card(key), Findings((), study.status, study.provenance))
    whole, told = (study, checked) if key == "basin-entry" else (None, bare)
    write_system(told, tmp_path, whole)
    rows = rows_under((tmp_path / "report.html").read_text(encoding="utf-8"), "Claims")
    claims = [row[0] for row in rows if len(row) == 5]
    assert claims == [one.id for one in card(key).claims]
    data = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [one["claim"] for one in data["verdicts"]] == claims
    assert len(data["rows"]) == len(told.rows)


def test_the_data_hold_the_statements_and_what_else_the_study_gives(study, checked):
    data = data_of(checked, study)
    assert [row["source"] for row in data["rows"]].count(STATEMENT) == 1
    assert {"maps", "entries", "verdicts"} <= data.keys()
