"""`nashscape threshold` and `nashscape program-equilibria`: tables, JSON, files and errors."""

import json

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape.cli.app import app


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_thresholds_of_a_symmetric_game():
    result = run("threshold", "prisoners-dilemma", "--bound", "2")
    assert result.exit_code == 0
    for text in ("0.25", "0.666667", "0.428571", "0.418613", "0.816497", "0.647025", "Complete", "stable mixture"):
        assert text in result.stdout


@pytest.mark.long
def test_thresholds_as_data_with_files(tmp_path):
    result = run("threshold", "stag-hunt", "--json", "--out", str(tmp_path), "--bound", "4")
    data = json.loads(result.stdout)
    assert data["closed_forms"]["kind"] == "two attractors"
    assert data["closed_forms"]["defection"] == 2.0
    assert data["corners"]["4"]["C"][0]["rises"]
    [bracket] = data["brackets"]
    assert bracket["low"] <= 0.2 <= bracket["high"]
    assert {path.name for path in tmp_path.iterdir()} == {"threshold.png", "threshold.svg", "results.json"}


def test_corners_are_kept_with_the_result_and_shown_again(tmp_path):
    path = tmp_path / "found.json"
    asked = ("threshold", "prisoners-dilemma", "--bound", "2", "--bound", "0.5")
    printed = run(*asked, "--save", str(path))
    told = json.loads(run("show", str(path), "--json").stdout)["corners"]
    assert list(told) == ["2", "0.5"]
    closed = ns.theory.symmetric_thresholds(ns.games.prisoners_dilemma())
    for bound, each in told.items():
        for letter, found in each.items():
            expected = [[one.low, one.high, one.rises] for one in closed.corner_thresholds(float(bound), letter)]
            assert [[one["low"], one["high"], one["rises"]] for one in found] == expected
    shown = [line for line in run("show", str(path)).stdout.splitlines() if " of ±" in line]
    assert shown == [line for line in printed.stdout.splitlines() if " of ±" in line]
    assert shown[0].split()[:3] == ["C", "of", "±2"]
    assert json.loads(run(*asked[:2], "--json").stdout)["corners"] == {}


def test_games_without_closed_forms_have_brackets(tmp_path):
    path = tmp_path / "game.json"
    path.write_text('{"payoffs": [[[2, 0], [3, 1]], [[1, 2], [0, 1]]]}')
    result = run("threshold", str(path), "--at", "0.4,0.6", "--vary", "coupling=0:1.5", "--json")
    data = json.loads(result.stdout)
    assert data["closed_forms"] is None
    assert data["strategies"] == [[0.4, 0.6], [0.6, 0.4]]


@pytest.mark.long
def test_program_equilibria_with_existence(tmp_path):
    result = run("program-equilibria", "prisoners-dilemma", "--coupling", "0.7", "--bound", "1", "--existence",
                 "--out", str(tmp_path))  # fmt: skip
    assert result.exit_code == 0
    assert "CC" in result.stdout
    assert "proved" in result.stdout
    data = json.loads((tmp_path / "results.json").read_text())
    [one] = data["equilibria"]
    assert (one["name"], one["verdict"], one["gain"][0]) == ("CC", "yes", 0.0)
    assert data["existence"]["mixed"]["epsilon"] < 1e-5
    assert (tmp_path / "existence.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("threshold", "nonsense"), "unknown game 'nonsense'"),
        (("threshold", "chicken", "--vary", "coupling=1:0"), "low < high"),
        (("threshold", "chicken", "--vary", "coupling=1"), "LOW:HIGH"),
        (("threshold", "chicken", "--at", "0,0.5"), "interior"),
        (("program-equilibria", "chicken", "--coupling", "0.2", "--bound", "-1"), "bound must be above 0"),
        (("program-equilibria", "chicken"), "say how players read each other"),
    ],
)
def test_bad_input_is_one_line(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
