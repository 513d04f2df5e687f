import json

import pytest
from typer.testing import CliRunner

from nashscape import basin_map, games, meta_mapg, pg, simulate
from nashscape.cli.app import app
from nashscape.core import citations
from nashscape.learning import RULES

CARD = ["rules", "meta_mapg:peer=2", "--game", "stag-hunt", "--grid", "5", "--steps", "50"]


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def data(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def test_all_rules_are_listed_with_coefficients_and_sources():
    found = data("rules")
    assert [one["name"] for one in found][: len(RULES)] == list(RULES)
    peer = found[list(RULES).index("peer_only")]
    assert peer["coefficients"] == {"peer": 1.5, "inner_lr": 0.55}
    assert peer["citations"] == [str(citations.LOLA)]
    assert {one["name"]: one["sampled"] for one in found}["pola"] is False
    output = run("rules").stdout
    for part in (*RULES, "inner_lr=0.55", "Mescheder", "align=True", "none"):
        assert part in output


def test_one_rule_is_described_with_its_own_numbers():
    output = run("rules", "meta-mapg:peer=2").stdout
    for part in ("base + η·(μ·own + λ·peer)", "peer = 2", "inner_lr = 0.55", "Kim, Liu", "Sampled       yes"):
        assert part in output
    assert data("rules", "meta-mapg:peer=2")["numbers"]["peer"] == 2


@pytest.mark.long
def test_a_rule_in_a_game_has_the_numbers_of_the_library():
    found = data(*CARD, "--start", "0.6,0.55", "--start", "0.2,0.3", "--step-size", "0.4")
    how = {"steps": 50, "step_size": 0.4}
    basin = basin_map(games.stag_hunt(), meta_mapg(peer=2), grid=5, **how)
    assert found["basin"]["fractions"]["CC"] == basin.fraction("CC").to_dict()
    one = simulate(games.stag_hunt(), meta_mapg(peer=2), [0.6, 0.55], targets=["CC", "DD"], **how)
    assert found["runs"][0]["outcome"] == one.outcome
    assert found["runs"][0]["first_hit"] == one.first_hit
    assert [own[0][0] for own in found["runs"][1]["strategies"]] == pytest.approx([0.2, 0.3])
    assert found["field"]["equilibria"] == [
        {"point": [1, 1], "kind": "strict"},
        {"point": [0, 0], "kind": "strict"},
        {"point": [pytest.approx(2 / 3), pytest.approx(2 / 3)], "kind": "mixed"},
    ]


@pytest.mark.long
def test_the_card_is_written(tmp_path):
    output = run(*CARD, "--out", tmp_path / "cards").stdout
    written = {path.name for path in (tmp_path / "cards").iterdir()}
    assert written == {f"{name}.{kind}" for name in ("card", "terms") for kind in ("png", "svg")} | {"results.json"}
    for part in ("meta_mapg on stag_hunt", "CC", "DD", "first at CC", "0.55, 0.60"):
        assert part in output


def test_games_without_targets_have_a_card(tmp_path):
    found = data("rules", "pg", "--game", "matching-pennies", "--grid", 3, "--steps", 20, "--out", tmp_path)
    assert found["basin"]["targets"] == []
    assert (tmp_path / "card.png").exists()


SWEEP = ["sweep", "stag-hunt", "--vary", "peer=0:4:3", "--steps", "40"]


def test_a_sweep_has_the_numbers_of_the_library(tmp_path):
    found = data(*SWEEP, "--grid", 5, "--rule", "meta_mapg:own=0.2", "--out", tmp_path)
    assert found["values"] == [0, 2, 4]
    for value, share, one in zip(found["values"], found["estimates"], found["results"], strict=True):
        basin = basin_map(games.stag_hunt(), meta_mapg(own=0.2, peer=value), grid=5, steps=40)
        assert share == basin.fraction("CC").to_dict()
        assert one["outcomes"] == basin.outcomes()
    assert (found["parameter"], found["outcome"], found["on_grid"]) == ("peer", "CC", True)
    assert {path.name for path in tmp_path.iterdir()} == {"sweep.png", "sweep.svg", "results.json"}


@pytest.mark.long
def test_a_sweep_prints_a_line_per_value_from_random_starts():
    output = run(*SWEEP, "--n", 30, "--starts", "uniform:-2,2", "--estimator", "sampled:batch=16").stdout
    for part in ("meta_mapg on stag_hunt", "30 random starts", "peer", "CC", "0 ", "2 ", "4 ", "s to compile"):
        assert part in output


BAD = {
    "unknown rule": ["rules lolla", "did you mean 'lola'"],
    "game without a rule": ["rules --game stag-hunt", "needs a rule"],
    "folder without a game": ["rules pg --out x", "needs a game"],
    "start without a game": ["rules pg --start 0.4,0.5", "needs a game"],
    "parameters without a rule": ["rules --set T=2", "--set needs a rule"],
    "coefficient": ["rules pg:peer=2", "pg takes no coefficients"],
    "no square": ["rules pg --game shapley", "two players with two actions"],
    "start": ["rules pg --game stag-hunt --start 0.4", "needs 2 strategies"],
    "sweep of no coefficient": ["sweep stag-hunt --vary pear=0:5:3", "did you mean 'peer'"],
    "sweep of another's": ["sweep stag-hunt --rule consensus --vary peer=0:5:3", "no peer coefficient"],
    "sweep of a fixed one": ["sweep stag-hunt --rule lola:peer=2 --vary peer=1,2", "leave it out"],
    "no values": ["sweep stag-hunt --vary peer", "NAME=LOW:HIGH:COUNT"],
    "count": ["sweep stag-hunt --vary peer=0:5:1.5", "whole number from 2"],
    "values that are no numbers": ["sweep stag-hunt --vary peer=a,b", "a value of peer must be a number"],
    "values twice": ["sweep stag-hunt --vary peer=1,1", "different numbers"],
    "log of nothing": ["sweep stag-hunt --vary peer=0,1 --log", "logarithmic axis (--log)"],
    "two kinds of starts": ["sweep stag-hunt --vary peer=0,1 --grid 5 --n 5", "not both"],
    "a grid of three actions": ["sweep shapley --vary peer=0,1 --target AA", "two actions"],
    "no target": ["sweep matching-pennies --vary peer=0,1", "name a profile as target"],
    "negative": ["sweep stag-hunt --vary inner_lr=-1,1", "inner_lr must be at least 0"],
}


@pytest.mark.parametrize(("line", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_code_two(line, part):
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert part in result.stderr


@pytest.mark.parametrize("command", ["rules", "sweep", "restarts"])
def test_help_has_examples(command):
    text = run(command, "--help").stdout
    assert "Examples\n" in text
    assert text.count(f"nashscape {command} ") >= 2
    described = [line for line in text.splitlines() if line.startswith("  --")]
    assert all(len(line.split()) > 1 for line in described)


def test_an_interrupted_sweep_prints_what_it_has_and_ends_with_130(monkeypatch):
    from nashscape.selection import sweeps

    made = sweeps.map_of
    calls = []

    def stopping(*arguments, **options):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return made(*arguments, **options)

    monkeypatch.setattr(sweeps, "map_of", stopping)
    result = CliRunner().invoke(app, [*SWEEP, "--grid", "3", "--json"])
    assert result.exit_code == 130
    found = json.loads(result.stdout)
    assert found["status"] == "INTERRUPTED"
    assert len(found["values"]) == 1


def test_rules_of_the_library_are_what_the_card_calls_them():
    assert run("rules", "pg").stdout.startswith(f"{pg().name}: ")
