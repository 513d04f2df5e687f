"""Benchmarks on next to nothing: every row comes to its end with a number, and one that fails says so."""

import importlib
import io
import json
import math
import os
import resource
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from fractions import Fraction
from pathlib import Path

import jax
import pytest
from benchmarks import __main__ as command
from benchmarks import exact_map, phase_map, replicator_map, studies, trees
from benchmarks.command import Finished
from benchmarks.rows import Row, now_and_then, paired_ratio, times
from benchmarks.sizes import Size
from typer.testing import CliRunner

from nashscape.cli.app import app

ROOT = Path(command.__file__).resolve().parents[1]
OF_C = {"exact_map", "phase_map", "sampled_map"}
"""Benchmarks that compare with kernels, which gcc compiles."""


@pytest.fixture
def here(monkeypatch, tmp_path):
    """A folder for what is written, and a library and benchmarks that commands find."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    # quick to compile: speed is not what is looked at
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, code=0, **environment):
    """The command as a person would run it."""
    asked = [sys.executable, "-m", "benchmarks", *arguments]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert ended.returncode == code, ended.stderr
    return ended


def in_this_process(arguments):
    """The command line without a process of its own, all cores being those that JAX has here."""
    ended = CliRunner().invoke(app, list(arguments))
    assert ended.exit_code == 0, ended.output
    return ended.stdout


@pytest.fixture
def few_processes(monkeypatch, here):
    """What needs no process of its own does without, but once."""
    usual, first = exact_map.nashscape, [phase_map._diagram]

    def nashscape(*arguments, environment=None):
        if environment:
            return usual(*arguments, environment=environment)
        return Finished(in_this_process(arguments), 1.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    def diagram(size):
        if first:
            return first.pop()(size)
        printed = io.StringIO()
        with redirect_stdout(printed):
            phase_map.measure(size)
        return json.loads(printed.getvalue())

    monkeypatch.setattr(exact_map, "nashscape", nashscape)
    monkeypatch.setattr(exact_map, "cores", jax.device_count)
    monkeypatch.setattr(phase_map, "_diagram", diagram)
    monkeypatch.setattr(
        studies, "_maps", lambda engine, maps, grid, _: {"seconds": 1.0, "rows": studies.maps_on("here", maps, grid)}
    )


@pytest.mark.long
@pytest.mark.parametrize("name", command.BENCHMARKS)
def test_every_row_comes_to_its_end(few_processes, others, name):
    if name in OF_C and shutil.which("gcc") is None:
        pytest.skip("the kernels to compare with need gcc")
    rows = importlib.import_module(f"benchmarks.{name}").run(Size.TINY)
    assert len({row.name for row in rows}) == len(rows) > 0
    if name == "trees" and not os.environ.get(trees.PYTHON):
        # what runs in a process of its own has no stand-in
        [without] = (row for row in rows if row.value is None)
        assert "left out" in without.details
        rows.remove(without)
    for row in rows:
        assert not row.failed, row
        assert row.value is not None, row
        assert math.isfinite(row.value), row
        # differences of peaks and of times, whose sign is chance where there is so little to do
        assert row.value > 0.0 or row.unit == "B" or name == "endings", row
        assert row.against or row.unit != "×", row


def test_who_is_not_installed_is_not_compared_and_no_failure(monkeypatch, nothing_else):
    for part in ("_map", "_accuracy", "_adaptive"):
        monkeypatch.setattr(replicator_map, part, lambda *asked: Row("ours", None))
    ours = [row for row in replicator_map.run(Size.TINY) if row.name != "ours"]
    assert [row.name.rpartition(" ")[2] for row in ours] == ["Nashpy", "OpenSpiel"]
    assert {(row.value, row.failed, row.details) for row in ours} == {(None, False, "not installed, not compared")}


def test_the_command_says_and_writes_what_it_found(here):
    ended = run("--tiny", "commands")
    found = json.loads((here / "out/bench/results.json").read_text())
    assert found["size"] == "tiny"
    assert found["machine"]["cores"] >= 1
    [told] = found["benchmarks"].values()
    names = [row["name"] for row in told["rows"]]
    assert names == ["nashscape --help", "nashscape reproduce basin-entry --help"]
    for row in told["rows"]:
        assert row["unit"] == "s"
        assert row["ok"] == (row["value"] <= row["most"])
        [line] = [line for line in ended.stdout.splitlines() if line.startswith(f"{row['name']}  ")]
        assert f"{row['value']:.3g} s" in line


@pytest.mark.long
def test_a_benchmark_that_fails_says_so_and_fails_the_command_when_all_have_run(here):
    # no gcc anywhere
    ended = run("--tiny", "phase_map", "commands", code=1, PATH=str(here))
    assert "the kernels to compare with need gcc" in ended.stderr
    [line] = [line for line in ended.stdout.splitlines() if line.startswith("phase_map  ")]
    assert line.split()[1:6] == ["FAILED", "ended", "with", "exit", "code"]
    told = json.loads((here / "out/bench/results.json").read_text())["benchmarks"]
    assert [(row["failed"], row["ok"], row["value"]) for row in told["phase_map"]["rows"]] == [(True, None, None)]
    assert [row["failed"] for row in told["commands"]["rows"]] == [False, False]


BENCHMARK = r"""
import os
from pathlib import Path

import nashscape
from benchmarks.rows import Row

def run(size):
    with open(os.environ["LOG"], "a") as log:
        log.write(f"{size} {nashscape.NUMBER}\n")
    if nashscape.NUMBER < 0:
        raise RuntimeError("below zero")
    return [Row("a number", nashscape.NUMBER, unit="s", most=1.0), Row(f"only of {nashscape.NUMBER}", 1.0, unit="s")]
"""


@pytest.fixture
def another_tree(here, monkeypatch):
    """A checkout with these benchmarks, of which one is another, and a library that knows one number."""
    shutil.copytree(ROOT / "benchmarks", here / "benchmarks", ignore=shutil.ignore_patterns("__pycache__"))
    (here / "benchmarks/commands.py").write_text(BENCHMARK)
    for room in ("core",):
        (here / "src/nashscape" / room).mkdir(parents=True)
        (here / f"src/nashscape/{room}/__init__.py").touch()
        shutil.copy(ROOT / f"src/nashscape/{room}/machine.py", here / f"src/nashscape/{room}/machine.py")
    monkeypatch.setenv("PYTHONPATH", str(here / "src"))
    monkeypatch.setenv("LOG", str(here / "log"))

    def becomes(number, commit=False):
        (here / "src/nashscape/__init__.py").write_text(f"NUMBER = {number}\n")
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        for words in (["init", "-q"], ["add", "src"], [*who, "commit", "-q", "-m", "then"]) if commit else ():
            subprocess.run(["git", *words], cwd=here, check=True)

    return becomes


@pytest.mark.parametrize(("then", "now"), [(2.0, 6.0), (8.0, 2.0)])
def test_against_a_commit_two_trees_run_in_turn_and_the_ratio_is_now_over_then(here, another_tree, then, now):
    another_tree(then, commit=True)
    another_tree(now)
    lines = run("--quick", "--against", "HEAD", "commands").stdout.splitlines()
    assert (here / "log").read_text().splitlines() == [f"quick {number}" for number in (then, now, then, now)]
    [line] = [line for line in lines if line.startswith("a number  ")]
    assert line.split()[2:5] == [f"{now / then:.3g}", "×", "HEAD"]
    assert f"{now:.3g} s now, {then:.3g} then; {now:.3g} s now, {then:.3g} then (better: less)" in line
    for number, without in ((then, "this tree"), (now, "HEAD")):
        [line] = [line for line in lines if line.startswith(f"only of {number}  ")]
        assert f"{without} has no such number" in line


@pytest.mark.parametrize(("then", "now", "who"), [(-2.0, 6.0, "HEAD"), (2.0, -6.0, "this tree")])
def test_against_a_commit_what_fails_in_either_tree_says_so_and_fails(another_tree, then, now, who):
    another_tree(then, commit=True)
    another_tree(now)
    ended = run("--against", "HEAD", "commands", code=1)
    assert ended.stderr.count("RuntimeError: below zero") == 2
    [line] = [line for line in ended.stdout.splitlines() if line.startswith("commands  ")]
    assert " ".join(line.split()) == f"commands FAILED {who}: ended with exit code 1; the reason stands above"


def test_against_what_is_no_commit_is_refused(another_tree):
    another_tree(1.0, commit=True)
    ended = run("--against", "no-such-tag", "commands", code=1)
    assert "no-such-tag is no commit of" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unknown_benchmark_is_refused(here):
    ended = run("exact-map", code=2)
    assert "no benchmark is called exact-map; there are exact_map, endings" in ended.stderr


def test_a_ratio_says_of_what_and_no_number_is_a_failure():
    with pytest.raises(ValueError, match="speed: a ratio, of what to what"):
        Row("speed", 2.0)
    for value in (math.nan, math.inf, -math.inf):
        row = Row("speed", value, against="C", least=-math.inf)
        assert row.failed
        assert row.ok is None
        assert row.cells()[4] == "FAILED"
    for value, ok in ((1.0, False), (2.0, True), (3.0, True), (4.0, False)):
        row = Row("size", value, unit="B", least=2.0, most=3.0)
        assert (row.failed, row.ok) == (False, ok)
        assert Row(**row.plain()) == row
    assert Row("nothing", None).cells() == ("nothing", "", "", "", "", "")
    assert Row("speed", 2.0, against="C", least=1.5, details="d").cells() == ("speed", "2 ×", "C", "≥ 1.5", "yes", "d")


def test_ratios_are_medians_of_measurements_made_in_turn():
    ours, theirs = [3, 5, 7], [2, 4, 1]
    assert paired_ratio(ours, theirs) == float(sorted(map(Fraction, ours, theirs))[1])

    def told(value):
        return [Row("a", value, unit="s").plain()]

    pairs = [(told(then), told(now)) for then, now in zip(theirs, ours, strict=True)]
    [row] = now_and_then("tag", pairs)
    assert (row.value, row.unit, row.against) == (float(Fraction(3, 2)), "×", "tag")
    # what grows from nothing has no ratio
    [row] = now_and_then("tag", [*pairs, (told(0.0), told(1.0))])
    assert (row.value, row.failed) == (None, False)
    assert times([0.002, 3.0, 1.5]) == "1.50 s (best 2 ms)"
