import json

import numpy as np
import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape.cli.app import app
from nashscape.core import plain

SMALL = ["--n", 40, "--steps", 60]


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def data(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


@pytest.mark.long
def test_a_diagram_has_the_numbers_of_the_library():
    found = data(
        "phase", "prisoners-dilemma", "--set", "R=3.5", "--vary", "coupling=0:1:4", "--vary", "game:T=4:6:3",
        "--projection", "unbounded", "--step-size", "0.2", "--starts", "normal:mean=0.1,std=1.2", "--seed", 3, *SMALL,
    )  # fmt: skip
    ours = ns.phase_diagram(
        lambda kappa, T: ns.open_source(ns.games.prisoners_dilemma(R=3.5, T=T), kappa),
        np.linspace(0, 1, 4).round(12), values=[4, 5, 6], parameter="T", projection=ns.unbounded(),
        step_size=0.2, starts=ns.starts.normal(mean=0.1, std=1.2), seed=3, n=40, steps=60,
    )  # fmt: skip
    assert found["counts"] == ours.counts.tolist()
    assert found["diagonal"] == ours.diagonal.tolist()
    assert found["outcomes"] == list(ours.outcomes)
    assert (found["parameter"], found["values"]) == ("T", [4.0, 5.0, 6.0])
    assert found["bounds"] == ["-Infinity", "Infinity"]
    assert found["closed_forms"] == plain(ours.closed_forms)


@pytest.mark.long
def test_one_coupling_axis_has_a_row_each_and_thresholds():
    rule = ["--rule", "meta_mapg:peer=2"]
    output = run("phase", "donation", "--vary", "coupling=0,0.5", "--projection", 4, *rule, *SMALL).stdout
    told = ("parameters in [-4, 4]", "(meta_mapg:peer=2)", "one switch", "κ_D 0.3333", "global 0.5774")
    for part in ("meta_mapg on donation", *told):
        assert part in output
    ours = ns.phase_diagram(
        lambda kappa: ns.open_source(ns.games.donation(), kappa), [0, 0.5], rule=ns.meta_mapg(peer=2),
        projection=ns.box(4), n=40, steps=60,
    )  # fmt: skip
    assert f"{ours.fraction('DD')[0]:.4f}" in output


@pytest.mark.long
def test_a_range_needs_no_count():
    assert len(data("phase", "donation", "--vary", "coupling=0:1.5", "--grid", 3, "--steps", 5)["couplings"]) == 31


@pytest.mark.long
def test_games_without_closed_forms_are_listed_and_drawn_too(tmp_path):
    asked = ["phase", "battle-of-the-sexes", "--vary", "coupling=0:1:3", *SMALL, "--out", tmp_path]
    assert "κ_D" not in run(*asked).stdout
    assert {path.name for path in tmp_path.iterdir()} == {"phase.png", "phase.svg", "results.json"}
    assert json.loads((tmp_path / "results.json").read_text())["closed"] is None


@pytest.mark.long
def test_canonical_games_are_the_symmetric_ones_with_two_actions(tmp_path):
    result = run("phase", "--canonical", "--vary", "coupling=0,1", "--out", tmp_path, *SMALL)
    written = json.loads((tmp_path / "results.json").read_text())["games"]
    names = list(written)
    assert {"prisoners_dilemma", "donation", "stag_hunt", "chicken", "harmony", "deadlock"} <= set(names)
    assert not {"battle_of_the_sexes", "matching_pennies", "rock_paper_scissors"} & set(names)
    assert "0.2500   0.6667   0.4286  0.8165" in result.stdout
    assert written["stag_hunt"]["closed_forms"]["defection"] == [2.0]
    assert {f"{name}.svg" for name in names} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.long
def test_games_over_states_have_a_phase_diagram(tmp_path):
    result = run("phase", "iterated-prisoners-dilemma", "--vary", "coupling=0,1", "--out", tmp_path, *SMALL)
    written = json.loads((tmp_path / "results.json").read_text())
    assert written["game"] == "iterated_prisoners_dilemma"
    assert "CC" in result.stdout


BAD = {
    "no game": ["phase", "name a game"],
    "game and canonical": ["phase donation --canonical", "leave the game"],
    "coupling": ["phase donation --vary coupling=0:1:2:3", "NAME=LOW:HIGH:COUNT"],
    "same coupling twice": ["phase donation --vary coupling=0.1,0.1", "different numbers"],
    "vary": ["phase donation --vary game:benefit", "NAME=LOW:HIGH:COUNT"],
    "vary and set": ["phase donation --vary game:benefit=2:3:2 --set benefit=4", "leave it out of --set"],
    "unknown parameter": ["phase donation --vary game:price=2:3:2", "price"],
    "payoffs out of order": ["phase prisoners-dilemma --vary game:T=2:3:2", "prisoners_dilemma needs"],
    "three axes": ["phase donation --vary peer=0,1 --vary noise=0,1 --vary coupling=0,1", "one axis or two"],
    "bound": ["phase donation --projection tight", "bound must be a number"],
    "starts": ["phase donation --starts cauchy:1", "starts"],
    "grid and n": ["phase donation --grid 5 --n 9", "not both"],
    "a file cannot be varied": ["phase mine.json --vary game:T=2:3:2", "mine.json"],
}


@pytest.mark.parametrize(("line", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_code_two(line, part):
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert part in result.stderr
