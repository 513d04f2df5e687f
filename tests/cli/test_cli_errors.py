import json

import pytest
from typer.testing import CliRunner

from nashscape.cli.app import app

BAD = {
    "unknown game, with the nearest": ["basin stag-hnt", "did you mean 'stag_hunt'"],
    "unknown parameter": ["basin stag-hunt --set Q=1", "'Q'"],
    "parameter without a value": ["basin stag-hunt --set Q", "KEY=VALUE"],
    "parameter that is no number": ["basin stag-hunt --set T=much", "T must be a finite number"],
    "parameter twice": ["basin stag-hunt --set T=2 --set T=3", "twice"],
    "payoffs of another game": ["basin stag-hunt --set T=9", "needs R > T"],
    "parameters without a game": ["games --set T=2", "need a game"],
    "too many actions": ["basin shapley", "two actions"],
    "unknown rule": ["basin stag-hunt --rule lolla", "did you mean 'lola'"],
    "unknown coefficient": ["basin stag-hunt --rule pg:peer=2", "pg takes no coefficients"],
    "the same rule twice": ["basin stag-hunt --rule pg --rule pg", "given twice"],
    "unknown baseline": ["basin stag-hunt --baseline lola", "unknown baseline"],
    "step size": ["basin stag-hunt --step-size fast", "0.9/(t+10)^0.24"],
    "negative step size": ["basin stag-hunt --step-size -1", "step_size"],
    "projection": ["basin stag-hunt --projection wide", "bound must be a number"],
    "unknown estimator": ["basin stag-hunt --estimator sampeld:batch=3", "did you mean 'sampled'"],
    "sampled without a batch": ["basin stag-hunt --estimator sampled", "sampled needs the option batch"],
    "an option of sampling": ["basin stag-hunt --estimator sampled:batch=4,from=unbiased", "did you mean 'form'"],
    "empty batch": ["basin stag-hunt --estimator sampled:batch=0", "batch"],
    "schedule of a coefficient": ["basin stag-hunt --rule meta_mapg:peer=handof(3,at=4)", "did you mean 'handoff'"],
    "unknown reading": ["basin stag-hunt --reading netwrk", "did you mean 'network'"],
    "coupling twice": ["basin stag-hunt --coupling 1 --reading imperfect", "give one"],
    "coupling that is no number": ["basin stag-hunt --coupling much", "coupling must be a finite number"],
    "vary nothing": ["basin stag-hunt --vary =1", "NAME=LOW:HIGH"],
    "vary without values": ["basin stag-hunt --vary peer", "NAME=LOW:HIGH"],
    "vary too much": ["basin stag-hunt --vary peer=0:1:2:3", "NAME=LOW:HIGH"],
    "vary an unknown number": ["basin stag-hunt --vary pear=0,1", "did you mean 'peer'"],
    "vary an unknown parameter": ["basin stag-hunt --vary game:Q=0,1", "'Q'"],
    "vary a parameter as it stands": ["steer stag-hunt --vary R=4:6 --target CC", "write game:R"],
    "vary without a usual range": ["steer stag-hunt --vary game:T --target CC", "write game:T=LOW:HIGH"],
    "a threshold without a usual range": ["threshold stag-hunt --vary game:T", "write game:T=LOW:HIGH"],
    "change a parameter as it stands": ["explain stag-hunt --start 0.4,0.7 --change T", "write game:T"],
    "change without a usual range": ["explain stag-hunt --start 0.4,0.7 --change game:T", "write game:T=LOW:HIGH"],
    "change an unknown parameter": ["explain stag-hunt --start 0.4,0.7 --change game:Q=1:2", "'Q'"],
    "vary what is fixed": ["basin stag-hunt --vary game:T=2,3 --set T=2", "leave it out of --set"],
    "vary the coupling that is fixed": ["entry chicken --coupling 1 --vary coupling=0,1", "leave --coupling out"],
    "vary a coefficient that is fixed": ["entry chicken --rule lola:peer=1 --vary peer=0,1", "leave it out of --rule"],
    "vary and compare": ["basin stag-hunt --vary peer=0,1 --baseline pg", "leave --baseline"],
    "one file for several": ["basin stag-hunt --save maps.json", "name one rule"],
    "vary into nothing": ["basin stag-hunt --vary coupling=1 --grid 3", "at coupling = 1: no parameters"],
    "starts of two kinds": ["compare stag-hunt --rule pg --rule lola --grid 5 --n 5", "got --grid, --n"],
    "one rule compared": ["compare stag-hunt --rule pg", "two rules or more"],
    "explain without a game of actions": ["explain stag-hunt --start 0.4", "2 strategies"],
    "method": ["equilibria stag-hunt --method gambti", "did you mean 'gambit'"],
    "no result": ["show nowhere.json", "cannot be read"],
    "rollouts without noise": ["basin stag-hunt --rollouts 3", "rollouts"],
    "no such profile": ["basin stag-hunt --target XX", "not a profile"],
    "threshold": ["basin stag-hunt --threshold 0.3", "threshold"],
    "grid": ["basin stag-hunt --grid 1", "grid must be at least 2"],
    "grid that is no number": ["basin stag-hunt --grid x", "grid must be a whole number"],
    "grid that is no whole number": ["basin stag-hunt --grid 5.5", "grid must be a whole number"],
    "level": ["entry stag-hunt --level 2", "level must be at least 0 and at most 1"],
    "kind": ["basin stag-hunt --kind hexagons", "kind"],
    "steps": ["basin stag-hunt --steps 0", "steps"],
    "missing file": ["basin nowhere.json", "No such file"],
    "starts": ["entry stag-hunt --starts cauchy:1", "starts"],
    "starts without numbers": ["entry stag-hunt --starts uniform:1", "uniform:low=A,high=B"],
    "starts without names": ["entry stag-hunt --starts normal:1.35", "could be the mean or the standard deviation"],
    "numbers of nothing": ["entry stag-hunt --starts uniform_strategies:1,2", "or uniform_strategies"],
    "starts that say it twice": ["entry stag-hunt --starts normal:std=1,std=2", "normal:std=S"],
    "starts with another's name": ["entry stag-hunt --starts uniform:low=1,std=2", "uniform:low=A,high=B"],
    "nothing to enter": ["entry matching-pennies", "--target"],
    "runs": ["entry stag-hunt --n 0", "n must be"],
    "boundary start": ["simulate stag-hunt --start 0,1", "interior"],
    "too few players": ["simulate stag-hunt --start 0.5", "2 strategies"],
    "start that is no number": ["simulate stag-hunt --start a,b", "a strategy must be a number"],
    "precision": ["simulate stag-hunt --start 0.4,0.5 --precision f8", "precision"],
    "rows": ["simulate stag-hunt --start 0.4,0.5 --rows 1", "rows"],
}
MISUSE = {
    "no game": ["basin", "Missing argument"],
    "no start": ["simulate stag-hunt", "--start"],
    "unknown option": ["basin stag-hunt --grd 3", "--grid"],
    "unknown command": ["bsin stag-hunt", "basin"],
}


def fail(arguments):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    return result.stderr


@pytest.mark.parametrize(("line", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_code_two(line, part):
    message = fail(line.split())
    assert message.count("\n") == 1
    assert part in message


@pytest.mark.parametrize(("line", "part"), MISUSE.values(), ids=MISUSE.keys())
def test_misuse_is_one_line_and_a_hint(line, part):
    message = fail(line.split())
    first, hint = message.splitlines()
    assert part in first
    assert hint.startswith("Try 'nashscape")
    assert hint.endswith("--help'.")


CONTENTS = {
    "no JSON": ["{", "not JSON"],
    "a list": ["[1, 2]", "must hold an object"],
    "unknown entry": [json.dumps({"payoffs": [], "payoff": 3}), "'payoff'"],
    "ragged": [json.dumps({"payoffs": [[1, 2], [3]]}), "rectangular"],
    "actions": [json.dumps({"payoffs": [[[1, 0], [0, 1]]] * 2, "actions": 3}), "must be a list"],
}


@pytest.mark.parametrize(("content", "part"), CONTENTS.values(), ids=CONTENTS.keys())
def test_bad_files_are_refused(tmp_path, content, part):
    file = tmp_path / "game.json"
    file.write_text(content)
    assert part in fail(["basin", str(file)])


def test_parameters_do_not_belong_to_files(tmp_path):
    file = tmp_path / "game.json"
    file.write_text("{}")
    assert "parameters are of games by name" in fail(["basin", str(file), "--set", "T=1"])


def test_a_folder_that_cannot_be_made_is_refused_before_anything_runs(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    assert "cannot write" in fail(["basin", "stag-hunt", "--out", str(file / "folder")])


def test_errors_of_our_own_are_not_hidden(monkeypatch):
    def broken(*_, **__):
        raise ValueError("a bug")

    monkeypatch.setattr("nashscape.cli.parsing.game", broken)
    result = CliRunner().invoke(app, ["basin", "stag-hunt"])
    assert isinstance(result.exception, ValueError)


def test_an_interrupt_is_one_line_and_code_130(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("nashscape.cli.parsing.game", interrupted)
    result = CliRunner().invoke(app, ["basin", "stag-hunt"])
    assert result.exit_code == 130
    assert result.stderr == "interrupted\n"
