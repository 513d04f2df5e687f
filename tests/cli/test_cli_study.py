"""`nashscape study`: what it runs, what it prints, and by which door it leaves."""

import importlib.util
import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from nashscape.cli.app import app
from nashscape.core.options import taken
from nashscape.learning.dial_table import DIALS
from nashscape.studies import Study
from nashscape.studies.faults import Fault, StudyError
from nashscape.studies.measuring import MEASURES
from nashscape.studies.shipped import shipped, study_named, text_of
from nashscape.studies.toml_files import read_study

SMALL = """\
[study]
name = "small"
[fixed]
game = "stag_hunt"
n = 20
steps = 30
[[vary]]
rule = ["pg", "meta_mapg"]
[[vary]]
"game.T" = [1.0, 2.0]
"""
OWN = """\
[study]
name = "own"
[fixed]
game = "stag_hunt"
n = 5
steps = 5
[[vary]]
"game.T" = [1.0, 1.5, 2.0, 2.5]
[[measure]]
verb = "entry_probability"
what = "mine.py:ends"
"""


def study(*arguments, code=0):
    done = CliRunner().invoke(app, ["study", *map(str, arguments)])
    assert done.exit_code == code, (done.output, done.exception)
    return done


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder in which a small study was run from its file."""
    here = tmp_path_factory.mktemp("ran")
    (here / "small.toml").write_text(SMALL)
    study("run", here / "small.toml", "--into", here / "small", "--quiet")
    return here


def test_a_study_is_run_from_its_file_with_the_numbers_of_the_library(ran):
    found = read_study(ran / "small.toml").run()
    for order, own in (("study", found.rows), ("item", _by_item(found))):
        rows = json.loads(study("query", ran / "small", "--order", order, "--json").stdout)
        assert rows["value"] == [None if np.isnan(value) else value for value in own["value"]]
        assert rows["game.T"] == own["game.T"].tolist()
    assert (ran / "small" / "study.toml").read_text() == SMALL


def _by_item(found):
    order = np.argsort(found.rows["item"], kind="stable")
    return {name: own[order] for name, own in found.rows.items()}


def test_what_is_there_is_not_computed_again(ran):
    done = study("run", ran / "small.toml", "--into", ran / "small", "--events")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [own["event"] for own in events] == ["began", "ended"]
    assert events[0]["done"] == events[0]["asked"] == 4
    assert "complete" in study("resume", ran / "small", "--quiet").stdout


def test_a_study_grows_by_its_file(ran, tmp_path):
    file = tmp_path / "small.toml"
    file.write_text(SMALL.replace("[1.0, 2.0]", "[1.0]"))
    study("run", file, "--into", tmp_path / "small", "--quiet")
    file.write_text(SMALL)
    events = study("run", file, "--into", tmp_path / "small", "--events").stdout.splitlines()
    assert [json.loads(events[0])[name] for name in ("done", "asked")] == [2, 4]
    study("diff", ran / "small", tmp_path / "small")


def test_status_counts(ran):
    found = json.loads(study("status", ran / "small", "--json").stdout)
    assert (found["study"], found["items"], found["asked"], found["failed"]) == ("small", 4, 4, 0)
    rows = json.loads(study("query", ran / "small", "--json").stdout)
    assert found["rows"]["values"] == len(rows["value"])
    assert "small: 4 of 4 items, 0 failed" in study("status", ran / "small").stdout


@pytest.mark.long
def test_a_report_is_written_beside_the_folder_or_where_one_says(ran, tmp_path):
    written = study("report", ran / "small").stdout.split("wrote ")[1:]
    assert [line.strip().rpartition("/")[2] for line in written[:2]] == ["report.html", "report.md"]
    assert "| rule | T |" in (ran / "small-report" / "report.md").read_text(encoding="utf-8")
    study("report", ran / "small", "--out", tmp_path / "there")
    assert (tmp_path / "there" / "report.html").exists()


def test_query_prints_rows_and_groups(ran):
    where = "quantity == 'share' and of == 'CC'"
    data = json.loads(study("query", ran / "small", "--where", where, "--by", "rule", "--json").stdout)
    rows = json.loads(study("query", ran / "small", "--where", where, "--columns", "rule,value", "--json").stdout)
    assert list(rows) == ["rule", "value"]
    by_rule = {
        name: [v for r, v in zip(rows["rule"], rows["value"], strict=True) if r == name] for name in data["rule"]
    }
    assert data["rule"] == ["meta_mapg", "pg"]
    np.testing.assert_allclose(data["mean"], [np.mean(own) for own in by_rule.values()])
    printed = study("query", ran / "small", "--where", where, "--rows", 1).stdout
    assert "1 of 4 rows" in printed
    assert "did you mean 'value'" in study("query", ran / "small", "--where", "valu > 1", code=2).stderr


def test_shards_are_merged_and_exported_to_the_same_bytes(ran, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for k in (1, 2):
        study("run", ran / "small.toml", "--shard", f"{k}/2", "--quiet")
    parts = sorted(own.name for own in tmp_path.iterdir())
    assert parts == ["small-1-of-2", "small-2-of-2"]
    assert "small: 4 items" in study("merge", *parts, "--into", "whole").stdout
    for folder, name in ((tmp_path / "whole", "merged.csv"), (ran / "small", "whole.csv")):
        study("export", folder, "--out", name)
    assert (tmp_path / "merged.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert "0 of" in study("diff", "whole", ran / "small").stdout
    study("diff", "small-1-of-2", ran / "small", code=1)


def test_items_that_fail_leave_by_1_and_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN)
    mine = tmp_path / "mine.py"
    mine.write_text(
        "def ends(found):\n    if '1.5' in str(found.question.to_dict()):\n        raise RuntimeError('no luck')\n"
        "    return {'end': 1.0}\n"
    )
    done = study("run", "own.toml", "--quiet", code=1)
    assert "no luck" in done.stderr
    assert "nashscape study run own.toml --into own --again" in done.stderr
    assert "no luck" in study("status", "own").stdout
    assert json.loads(study("status", "own", "--json").stdout)["failed"] == 1
    # the files of a study lie beside its results; they may be taken from elsewhere
    assert "no luck" in study("resume", "own", "--quiet", code=1).stderr
    again = study("resume", "own", "--files", ".", "--quiet", code=1)
    assert "nashscape study resume own --files . --again" in again.stderr


def test_an_interrupted_study_leaves_by_130_and_says_how_to_continue(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN)
    mine = tmp_path / "mine.py"
    calm = "def ends(found):\n    return {'end': 1.0}\n"
    kill = (
        "import os, signal, time\n\n\ndef ends(found):\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(0.3)\n"
    )
    mine.write_text(kill + "    return {'end': 1.0}\n")
    done = study("run", "own.toml", "--quiet", code=130)
    assert "continue with: nashscape study run own.toml --into own" in done.stderr
    found = json.loads(study("status", "own", "--json").stdout)
    assert 0 < found["items"] < 4
    mine.write_text(calm)
    (tmp_path / "own.toml").write_text(OWN)
    study("run", "own.toml", "--into", "again", "--quiet")
    assert json.loads(study("status", "again", "--json").stdout)["items"] == 4


def test_all_that_is_wrong_with_a_file_is_told_line_by_line(tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(SMALL.replace("stag_hunt", "stag_hnt").replace("steps", "stepz"))
    done = study("run", file, "--into", tmp_path / "out", code=2)
    lines = done.stderr.splitlines()
    assert [re.search(r"line (\d+): ([^:]+)", own).groups() for own in lines] == [
        ("4", "fixed.game"),
        ("6", "fixed.stepz"),
    ]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run temptatio", "did you mean 'temptation'"),
        ("run nowhere.toml", "No such file"),
        ("show temptatio", "did you mean 'temptation'"),
        ("options basin_mapp", "did you mean 'basin_map'"),
        ("status nowhere", "nowhere"),
        ("resume nowhere", "no folder of results"),
        ("query nowhere", "nowhere"),
        ("export nowhere --out x.csv", "nowhere"),
        ("merge nowhere --into other", "nowhere"),
        ("diff nowhere other", "nowhere"),
        ("run temptation --engine pol", "did you mean 'pool'"),
        ("run temptation --shard 17/16", "such as '3/16'"),
        ("run temptation --workers 3", "of 'pool' and 'ray'"),
        ("run temptation --address 127.0.0.1:1", "engine 'ray'"),
    ],
)
def test_bad_input_leaves_by_2(line, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = study(*line.split(), code=2)
    assert words in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())


def test_all_options_reach_the_study(tmp_path, monkeypatch):
    asked = {}

    class AskedError(Exception):
        pass

    def recorded(study, into, engine, **options):
        asked.update(options, name=study.name, into=str(into), engine=engine)
        raise AskedError

    monkeypatch.setattr("nashscape.studies.running.run_study", recorded)
    line = (
        "run temptation --into x --engine ray --workers 3 --address a:1 --limit 5 --shard 1/2 --again --mixed --quiet"
    )
    assert isinstance(CliRunner().invoke(app, ["study", *line.split()]).exception, AskedError)
    assert asked == {
        "name": "temptation", "into": "x", "engine": "ray", "workers": 3, "address": "a:1", "limit": 5.0,
        "shard": "1/2", "again": True, "mixed": True, "progress": None,
    }  # fmt: skip


@pytest.mark.parametrize("package", ["pyarrow", "pydantic"])
def test_what_is_missing_is_one_error_that_says_what_to_install(package, tmp_path, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == package else found(name, *a))
    done = study("run", "temptation", "--into", tmp_path / "x", code=2)
    assert f"takes {package}" in done.stderr
    assert f"pip install {package}" in done.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.long
def test_the_library_lists_shows_and_can_be_read():
    found = json.loads(study("list", "--json").stdout)
    assert found == shipped()
    for name, about in found.items():
        own = study_named(name)
        assert (own.name, " ".join(own.about.split())) == (name, about)
        assert about
        assert study("show", name).stdout == text_of(name)


@pytest.mark.long
def test_a_study_of_plain_data_built_in_python_can_be_resumed(tmp_path):
    built = Study("plain", {"game": "stag_hunt", "n": 5, "steps": 5}, [{"rule": ["pg", "lola"]}])
    built.run(into=tmp_path / "plain")
    assert read_study(tmp_path / "plain" / "study.toml").key == built.key
    assert "complete" in study("resume", tmp_path / "plain", "--quiet").stdout


def test_options_of_studies_are_those_of_the_table():
    rows = json.loads(study("options", "basin_map", "--json").stdout)
    assert {own["name"]: own["default"] for own in rows} == {
        name: json.loads(json.dumps(row.default))
        for name, row in taken("basin_map").items()
        if name not in ("seed", "progress", "chunk")
    }
    printed = study("options").stdout
    assert all(name in printed for name in (*MEASURES, *DIALS))
    found = json.loads(study("options", "--json").stdout)
    assert list(found["dials"]) == list(DIALS)
    assert found["measures"]["outcomes"] == [list(MEASURES["outcomes"].verbs), found["measures"]["outcomes"][1]]


def test_faults_of_python_studies_are_lines_too(monkeypatch):
    def wrong(*_):
        raise StudyError((Fault(("fixed", "game"), "one"), Fault(("fixed", "rule"), "two")))

    monkeypatch.setattr("nashscape.studies.shipped.study_named", wrong)
    assert study("run", "x", code=2).stderr.splitlines() == ["error: fixed.game: one", "error: fixed.rule: two"]
