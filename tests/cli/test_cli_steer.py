import json

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape.cli.app import app
from nashscape.selection.steering.finding import steer

ROUGH = ["--grid", 9, "--scan", 5, "--tolerance", 0.5]


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in ("steer", *arguments)])
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.long
def test_it_has_the_numbers_of_the_library(tmp_path):
    line = [
        "stag-hunt",
        "--vary",
        "peer",
        "--target",
        "CC",
        "--at-least",
        0.6,
        "--out",
        tmp_path,
        *ROUGH,
        "--json",
    ]
    found = json.loads(run(*line).stdout)
    ours = steer(ns.games.stag_hunt(), "peer", "CC", 0.6, grid=9, scan=5, tolerance=0.5)
    assert found["bracket"] == list(ours.bracket)
    assert [one["value"] for one in found["shares"]] == [one.value for one in ours.shares]
    assert found["price"] == ours.price
    assert found["status"] == ours.status.name
    assert found["provenance"]["question"]["key"] == ours.question.key
    assert {path.name for path in tmp_path.iterdir()} == {"steering.png", "steering.svg", "results.json"}


def test_a_payoff_is_changed_by_its_name():
    printed = run("stag-hunt", "--vary", "game:R=4:6", "--rule", "pg", "--target", "CC", *ROUGH).stdout
    assert "pg on stag_hunt: share that reaches CC, wanted 0.5" in printed
    ours = steer(
        ns.games.stag_hunt(), lambda R: ns.games.stag_hunt(R=R), "CC", 0.5, low=4, high=6, rule=ns.pg(), grid=9, scan=5,
        tolerance=0.5,
    )  # fmt: skip
    low, high = ours.bracket
    assert f"First reached between {low:g} and {high:g}." in printed
    assert f"Price: {ours.price:.4f} payoff added" in printed


def test_chance_is_decided_by_trials_and_restarts_counted():
    how = ["--vary", "peer=0:8", "--scan", 2, "--tolerance", 8, "--steps", 40, "--most-trials", 256]
    printed = run("stag-hunt", "--about", "distribution", "--at-least", 0.4, *how).stdout
    assert "with probability at least 0.95 all answers are right" in printed.replace("\n", " ").replace("With", "with")
    assert "256" in printed
    assert "starts made, on average" in run("stag-hunt", "--vary", "restarts", "--n", 100, "--at-least", 0.9).stdout


def test_what_is_never_reached_is_said():
    assert "No value tried reaches it" in run("prisoners-dilemma", "--target", "CC", *ROUGH).stdout


@pytest.mark.long
def test_what_longer_runs_could_do_is_said():
    ours = steer(ns.games.stag_hunt(), "peer", "CC", 0.6, grid=11, steps=60, tolerance=0.01)
    assert ours.status.value == "unresolved"
    printed = " ".join(
        run("stag-hunt", "--at-least", 0.6, "--grid", 11, "--steps", 60, "--tolerance", 0.01).stdout.split()
    )
    assert ours.advice in printed


BAD = {
    "parameter": ["stag-hunt --vary pear", "did you mean 'peer'"],
    "range": ["stag-hunt --vary peer=1:2:3", "LOW:HIGH"],
    "no range": ["stag-hunt --vary game:R", "write game:R=LOW:HIGH"],
    "kind": ["stag-hunt --vary rule:peer", "game:KEY"],
    "fixed": ["stag-hunt --vary game:R=4:5 --set R=5", "leave it out of --set"],
    "payoffs": ["stag-hunt --vary game:R=1:5", "at R = 1"],
    "coupling twice": ["stag-hunt --vary coupling --coupling 0.3", "leave --coupling out"],
    "share": ["stag-hunt --at-least 2", "at_least"],
}


@pytest.mark.parametrize(("line", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_code_two(line, part):
    result = CliRunner().invoke(app, ["steer", *line.split()])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert part in result.stderr
