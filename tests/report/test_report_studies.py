"""Reports of studies: what was asked, what came out, what failed, all on one page and in one file."""

import re

import numpy as np
import pytest

from nashscape import InputError, Study
from nashscape.core import Status
from nashscape.report import Section, Table, page
from nashscape.report.markdown import markdown
from nashscape.report.pieces import Cell, Code, Mosaic
from nashscape.report.studies import write_study_report


@pytest.fixture(scope="module")
def found():
    study = Study(
        "made",
        {"game": "stag_hunt", "grid": 3, "steps": 20},
        [{"rule": ["pg", "meta_mapg:peer=2"]}, {"game.T": [2.5, 3.0]}],
        about="Whether it <works>.",
    )
    return study.run()


def rows_of(text, caption):
    """The entries of the table with this caption in a Markdown file."""
    table = text.split(f"*{caption}*\n\n")[1].split("\n\n")[0]
    return [[entry.strip() for entry in line.strip("|").split("|")] for line in table.splitlines()]


def test_the_tables_hold_the_numbers_of_the_findings(found, tmp_path):
    html, md, *pictures = write_study_report(found, tmp_path)
    head, _, *rows = rows_of(md.read_text(encoding="utf-8"), "Share of runs: 4 points")
    assert head[:2] == ["rule", "T"]
    assert len(rows) == 4
    for row in rows:
        wanted = found.values(rule=row[0], **{"game.T": float(row[1])})
        for of, entry in zip(head[2:], row[2:], strict=True):
            places = np.flatnonzero((wanted["quantity"] == "share") & (wanted["of"] == of))
            if not len(places):  # an outcome that came about elsewhere
                assert entry == ""
                continue
            [k] = places
            numbers = [float(own) for own in re.findall(r"[\d.]+", entry)]
            expected = [wanted[name][k] for name in ("value", "low", "high")]
            np.testing.assert_allclose(numbers, expected[: len(numbers)], atol=1e-3)
    assert [path.name for path in pictures] == ["basin_map-share.png"]
    assert pictures[0].read_bytes().startswith(b"\x89PNG")
    text = html.read_text(encoding="utf-8")
    assert "Whether it &lt;works&gt;." in text
    assert "nashscape study report made-results" in text
    assert found.provenance.question.key in text
    assert all(source.text.split(":")[0] in text for source in found.provenance.sources)
    assert not re.search(r'(src|href)="(?!data:|#|https://)', text)


def test_what_failed_is_listed_with_why_and_how_often(found, tmp_path):
    import dataclasses

    failures = {"a" * 32: "InputError: no such <thing>", "b" * 32: "InputError: no such <thing>", "c" * 32: "other"}
    failed = dataclasses.replace(found, failures=failures, status=Status.UNRESOLVED)
    html, md, *_ = write_study_report(failed, tmp_path)
    _, _, *rows = rows_of(md.read_text(encoding="utf-8"), "Failures by reason")
    assert rows == [
        ["—", "2", "2", "InputError: no such <thing>", f"`{'a' * 32}`"], ["—", "1", "1", "other", f"`{'c' * 32}`"],
    ]  # fmt: skip
    assert "A measure failed at 2 settings: InputError: no such &lt;thing&gt;" in html.read_text(encoding="utf-8")


def test_a_store_gives_the_report_of_the_findings_with_the_text_of_its_study(found, tmp_path):
    study = Study("made", {"game": "stag_hunt", "grid": 3, "steps": 20}, [{"rule": ["pg"]}], about="What?")
    study.run(into=tmp_path / "store")
    html, md, *_ = write_study_report(tmp_path / "store", tmp_path / "out")
    assert "Share of runs: 1 point" in md.read_text(encoding="utf-8")
    assert f"nashscape study report {tmp_path / 'store'}" in html.read_text(encoding="utf-8")


def test_an_atlas_has_a_cell_for_every_game_filled_by_what_is_reached(tmp_path):
    study = Study(
        "made",
        {"targets": ["CC", "CD", "DC", "DD"], "grid": 3, "steps": 60, "rule": "pg"},
        [{"game": {"ordinal": "symmetric"}}],
    )
    found = study.run()
    html, *_ = write_study_report(found, tmp_path)
    text = html.read_text(encoding="utf-8")
    links = re.findall(r'<a href="#(game-\d+)">', text)
    assert len(links) == len(set(links)) == 12
    assert all(f'<details id="{link}">' in text for link in links)
    # in the Prisoner's Dilemma all starts come to DD, which pays 2 + 2
    [cell] = re.findall(r'<td style="([^"]*)"[^>]*aria-label="Pd: ([^"]*)"', text)
    assert cell[1] == "CC 0 %, DD 100 %" or cell[1] == "DD 100 %"
    assert cell[0].count("#") == 1
    # what rows, columns, colours and letters are is on the page
    assert "<td>column player\u00a0↓ row player\u00a0→</td>" in text
    key = re.findall(r'background:(#\w+)"></span>([^<]*)</li>', text)
    assert [said for _, said in key] == [
        "both get the worst: 2 together", *(f"{k} together" for k in range(3, 8)), "both get the best: 8 together",
        "no joint action: cycles, rest elsewhere, unfinished",
    ]  # fmt: skip
    colours = {said: colour for colour, said in key}
    assert cell[0].split("(to right,")[1].split()[0].lower() == colours["4 together"].lower()
    assert "<td>Pd</td><td>Prisoner&#x27;s Dilemma</td>" in text


def test_neighbours_in_each_half_of_the_atlas_differ_by_one_swap():
    from nashscape.games.topology import symmetric_games

    rows = [game.row for game in symmetric_games()]
    for half in (rows[:6], rows[6:]):
        for one, other in zip(half, [*half[1:], half[0]], strict=True):
            changed = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
            assert len(changed) == 2
            assert abs(changed[0][0] - changed[0][1]) == 1


def test_what_is_no_study_is_refused(tmp_path):
    with pytest.raises(InputError, match="a report is of the findings of a study"):
        write_study_report(3, tmp_path)


def test_pieces_are_escaped_and_say_themselves_in_both_forms():
    mosaic = Mosaic(["a<b"], [("row", [Cell("x", [("#000000", 0.25), ("#ffffff", 0.75)], "half", "there")])], "Map")
    code = Code("```\n<b>", "Text")
    text = page("t", [Section("s", pieces=[mosaic, code])])
    assert "linear-gradient(to right,#000000 0.0% 25.0%,#ffffff 25.0% 100.0%)" in text
    assert 'href="#there"' in text
    assert "a&lt;b" in text
    assert '<pre tabindex="0">```\n&lt;b&gt;</pre>' in text
    written = markdown("t", [Section("s", pieces=[mosaic, code])], {})
    assert "| row | half |" in written
    assert "````\n```\n<b>\n````" in written


def test_folded_tables_are_opened_by_their_captions():
    text = page("t", [Section("s", tables=[Table(["a"], [[1]], "Numbers", folded=True, anchor="here")])])
    assert '<details id="here"><summary>Numbers</summary>' in text
    assert "<caption>" not in text
