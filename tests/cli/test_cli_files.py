"""Games and rules in files of one's own, on the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape.cli.app import app

MARKET = """import numpy as np
import nashscape as ns

def market(size=2):
    return [size * np.eye(2), size * np.eye(2)]

def slow(peer=0.5):
    return ns.meta_mapg(peer=peer).renamed("slow")

def nothing():
    return {"payoffs": []}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MARKET)


def test_a_game_and_a_rule_of_a_file_are_those_of_python():
    line = "basin mine.py:market --set size=3 --rule mine.py:slow:peer=2 --grid 3 --steps 4 --json"
    shown = CliRunner().invoke(app, line.split())
    assert shown.exit_code == 0, shown.output
    game = [[[3, 0], [0, 3]]] * 2
    found = ns.basin_map(game, ns.meta_mapg(peer=2).renamed("slow"), grid=3, steps=4)
    assert found.question.key in shown.output
    assert CliRunner().invoke(app, ["games", "mine.py:market:size=3", "--json"]).exit_code == 0


WRONG = {
    "no file": ("basin nowhere.py:market", "cannot read nowhere.py: No such file"),
    "no name": ("basin mine.py:markt", "unknown name in mine.py 'markt'; did you mean 'market'"),
    "no parameter": ("basin mine.py:market --set sise=2", "unknown parameter of market 'sise'; did you mean 'size'"),
    "no game": ("basin mine.py:nothing", "mine.py:nothing: expected a game, got dict"),
    "no rule": ("basin stag-hunt --rule mine.py:market", "mine.py:market: expected a rule, got [array"),
}


@pytest.mark.parametrize(("line", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_line_and_code_two(line, said):
    shown = CliRunner().invoke(app, line.split())
    assert shown.exit_code == 2
    assert shown.stderr.startswith("error: ")
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1


def test_a_rule_of_a_file_is_told_like_any_other():
    shown = CliRunner().invoke(app, ["rules", "mine.py:slow:peer=2"])
    assert shown.exit_code == 0, shown.output
    assert "slow: " in shown.output
    assert "peer = 2" in shown.output
