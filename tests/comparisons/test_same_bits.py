"""Whether two commits compute the same: one bit more is seen, and how much it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
from benchmarks import same_bits, same_runs

import nashscape as ns
from nashscape.dynamics import make_setup, run_starts, starts

ROOT = Path(same_bits.__file__).resolve().parents[1]
GAME = ns.games.random_game((2, 3), seed=1)
HOW = {"starts": starts.normal(std=1.35), "steps": 25}
COUNT = 40


@pytest.fixture
def found(monkeypatch):
    """Digests of a batch of players with unequal action counts, and of two rules of which both batches count."""
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def entry(rules):
        return lambda: ns.entry_probability(GAME, rules, n=COUNT, audit=False, **HOW)

    chosen = {"one": (entry(ns.pg()), 1), "both": (entry([ns.pg(), ns.meta_mapg(peer=3.0)]), 2)}
    monkeypatch.setattr(same_runs, "configurations", lambda: chosen)
    return same_bits.measured()


@pytest.mark.long
def test_what_ran_is_what_is_compared(found):
    assert list(found) == ["one", "both #0", "both #1"]
    ends, _ = run_starts(make_setup(GAME, ns.pg()), HOW["starts"], np.arange(COUNT), steps=HOW["steps"])
    one = found["one"]
    np.testing.assert_array_equal(one["ends"], ends.theta)
    played = [np.asarray(own) for own in jax.vmap(ns.parametric(GAME).strategies)(ends.theta)]
    for k in (0, 1):
        held = (played[0][:, k] >= 0.82) & (played[1][:, k] >= 0.82)
        assert one["at"][f"all {k + 1}"] == held.mean()
    assert list(one["at"]) == ["all 1", "all 2"]
    assert one["runs"] == COUNT


@pytest.mark.long
def test_only_those_asked_for_run_and_run_the_same_again(found):
    again = same_bits.measured("one")
    assert list(again) == ["one"]
    [line], same = same_bits.compared({"one": found["one"]}, again)
    assert (same, line.split()[:2]) == (True, ["same", "one"])
    # the first of two rules is that rule alone; the second is another
    assert same_bits.compared({"one": found["both #0"]}, again)[1]
    assert not same_bits.compared({"one": found["both #1"]}, again)[1]


def told(**changes):
    one = {"runs": 3, "theta": "t", "first hit": "f", "at": {"all 1": 0.5}, "members": "m", "ends": np.zeros((3, 2))}
    return {"a": one | changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first hit": "g"}, "differ: first hit"),
        ({"members": "n", "at": {"all 1": 0.25}}, "differ: at, members"),
        ({"theta": "u", "ends": np.array([[0, 0], [0, -0.25], [0.125, 0]])}, "differ: theta by 2.5e-01"),
        ({"theta": "u", "ends": np.zeros((2, 2))}, "differ: theta by shape, (3, 2) and (2, 2)"),
        ({"runs": 2}, "differ: runs"),
    ],
)
def test_what_differs_is_told(changes, said):
    [line], same = same_bits.compared(told(), told(**changes))
    assert not same
    assert line.strip().startswith(f"{said}  " if len(said) < 30 else said)
    assert same_bits.compared(told(), told())[1]


def test_what_only_one_of_two_has_differs():
    lines, same = same_bits.compared({"b": told()["a"]}, told())
    assert not same
    assert [line.split("  ")[1] for line in lines] == ["differ: only now", "differ: only before"]


RUNS = """
import nashscape

def configurations():
    return {name: (lambda: nashscape.Endings(nashscape.ends()), 1) for name in ("sorts: x", "other")}
"""
LIBRARY = """
import os
import numpy as np
from nashscape.dynamics.batches import Endings

def ends():
    return np.array([[0.5, {number}]], np.float32) * int(os.environ["JAX_NUM_CPU_DEVICES"])
"""
BATCHES = """
import numpy as np

class Endings:
    def __init__(self, theta):
        self.theta, self.first_hit = theta, np.zeros(len(theta))
        self.strategies = [np.array([[0.9, 0.1]]), np.array([[0.9, 0.1]])]
"""


@pytest.fixture
def trees(tmp_path, monkeypatch):
    """A checkout of this script with a library of one number, which a commit has differently."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "src/nashscape/dynamics").mkdir(parents=True)
    for name in ("benchmarks", "src/nashscape/dynamics"):
        (tmp_path / name / "__init__.py").touch()
    shutil.copy(ROOT / "benchmarks/same_bits.py", tmp_path / "benchmarks")
    (tmp_path / "benchmarks/same_runs.py").write_text(RUNS)
    (tmp_path / "src/nashscape/dynamics/batches.py").write_text(BATCHES)

    def becomes(number, commit=False):
        (tmp_path / "src/nashscape/__init__.py").write_text(LIBRARY.format(number=number))
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        for words in (["init", "-q"], ["add", "src"], [*who, "commit", "-q", "-m", "then"]) if commit else ():
            subprocess.run(["git", *words], cwd=tmp_path, check=True)

    return becomes


def command(folder, *arguments):
    asked = [sys.executable, str(folder / "benchmarks/same_bits.py"), *arguments]
    return subprocess.run(asked, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ})


@pytest.mark.long
def test_the_command_runs_both_trees_on_so_many_devices(tmp_path, trees):
    trees(0.25, commit=True)
    ended = command(tmp_path, "--devices", "3", "--only", "sorts")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0] == "3 devices, HEAD and this tree"
    assert ended.stdout.splitlines()[-1] == "the same bits"
    trees(0.375)
    ended = command(tmp_path, "--devices", "1", "2", "--only", "sorts")
    assert ended.returncode == 1, ended.stderr
    lines = ended.stdout.splitlines()
    # an eighth, on two devices twice as much
    assert [line.strip().split("  ")[0] for line in lines if "sorts: x" in line] == [
        "differ: theta by 1.2e-01",
        "differ: theta by 2.5e-01",
    ]
    assert len(lines) == 5
    assert lines[-1] == "NOT the same bits"


def test_what_is_no_commit_is_refused(tmp_path, trees):
    trees(0.25, commit=True)
    ended = command(tmp_path, "--base", "no-such-tag")
    assert ended.returncode == 1
    assert "no-such-tag is no commit of" in ended.stderr
    assert "Traceback" not in ended.stderr
