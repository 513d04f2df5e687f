"""What failed, by measure and reason, and what was reached where replicates go on until an interval is narrow."""

import re

import pytest

from nashscape import Study
from nashscape.core import Status
from nashscape.report.studies import write_study_report
from nashscape.report.study_faults import faults_of, untils_of

MINE = '''
"""Measures of a user."""


def temptation(game):
    """Fails above 2.7."""
    value = float(game.payoffs[0, 1, 0])
    if value > 2.7:
        raise ValueError(f"too much temptation: {value:g}")
    return {"temptation": value}


def wrong(result):
    """Fails always."""
    raise ValueError("no such number")
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("files")
    (made / "mine.py").write_text(MINE)
    return str(made)


def study(folder, measure, **more):
    fixed = {"game": "stag_hunt", "n": 8, "steps": 4, "rule": "pg"}
    return Study("made", fixed, [{"game.T": [2.5, 3.0, 3.5]}], measure=measure, folder=folder, **more)


@pytest.mark.long
def test_a_measure_that_fails_at_some_settings_reports_the_rest_and_hides_no_other(folder, tmp_path):
    found = study(folder, ["outcomes", {"verb": "mine.py:temptation", "name": "temptation"}]).run(
        into=tmp_path / "store"
    )
    [fault] = faults_of(found)
    assert (fault.measure, fault.settings, fault.of, fault.items) == ("temptation", 2, 3, 2)
    # the two messages differ in a number alone
    assert fault.error == "ValueError: too much temptation: 3"
    html, md, *_ = write_study_report(tmp_path / "store", tmp_path / "out")
    lead = md.read_text(encoding="utf-8").partition("## ")[0].split("\n\n")
    assert lead[1].startswith("Entry probability. Share of runs (CC): ")
    assert lead[2].startswith("Temptation. Temptation: 2.5")
    assert "Temptation failed at 2 of 3 settings: ValueError: too much temptation: 3" in lead
    assert "2 items failed; the same with `again` tries them once more." in lead
    assert "<td>temptation</td>" in html.read_text(encoding="utf-8")


def test_of_several_measures_of_one_call_those_that_work_are_kept(folder):
    measure = [{"what": ["outcomes", "mine.py:wrong"], "name": "both"}]
    found = study(folder, measure).run()
    assert len(found.values(quantity="share", of="CC")["value"]) == 3
    assert found.status is Status.UNRESOLVED
    assert "3 items lack the numbers of a measure that failed" in found.advice
    [fault] = faults_of(found)
    assert (fault.measure, fault.settings, fault.items) == ("both, mine.py:wrong", 3, 3)
    assert fault.error == "ValueError: no such number"
    # where nothing of a call works the item has failed
    alone = study(folder, [{"what": ["mine.py:wrong"], "verb": "entry_probability"}]).run()
    assert len(alone.failures) == 3
    assert len(alone) == 0


def test_replicates_end_where_there_is_nothing_to_become_narrow(folder):
    until = {"quantity": "wanted", "width": 0.5, "most": 4}
    measure = [{"what": ["outcomes", "mine.py:wrong"], "name": "both", "until": until}, {"what": "equilibria"}]
    found = study(folder, measure).run()
    assert found.values(measure="both", quantity="failed")["replicate"].tolist() == [0, 0, 0]
    assert set(found.rows["measure"]) == {"both", "equilibria"}


def test_until_is_a_sentence_that_says_what_was_reached(folder, tmp_path):
    until = {"quantity": "share", "of": "DD", "width": 0.3, "most": 4}
    found = study(folder, [{"what": "outcomes", "until": until}]).run()
    wanted = "until the 95 % interval of share of runs (DD) is at most 0.3 wide, up to 4 at a setting"
    [sentence] = untils_of(found).values()
    head, reached = sentence.split(". ", 1)
    assert head == f"Replicates were added {wanted}"
    told = re.match(
        r"(\d) of 3 settings reached this width(, after [\w ]+)?(; (\d) did not, in 4 replicates)?", reached
    )
    wide = found.advice.startswith("at ") and int(found.advice.split()[1])
    assert int(told[1]) == 3 - wide
    assert int(told[4] or 0) == wide
    _, md, *_ = write_study_report(found, tmp_path)
    text = md.read_text(encoding="utf-8")
    assert f"outcomes, replicates {wanted}" in text
    assert sentence in text
    assert "quantity = share" not in text


def test_a_width_that_nothing_reaches_is_said_with_the_widest_interval(folder):
    until = {"quantity": "share", "of": "DD", "width": 1e-6, "most": 2}
    found = study(folder, [{"what": "outcomes", "until": until}]).run()
    [sentence] = untils_of(found).values()
    assert re.search(r"\. 0 of 3 settings reached this width; 3 did not, in 2 replicates, where the widest", sentence)
