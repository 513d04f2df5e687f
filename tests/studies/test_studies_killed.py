"""A whole study, from its file to its export, killed at random moments and resumed: the same rows, the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MINE = '''\
"""Numbers of a seed, after a while."""

import time

import numpy as np


def drawn(game, *, seconds: float = 0.005, seed: int = 0):
    time.sleep(seconds)
    draws = np.random.default_rng(seed).normal(size=3)
    return {"drawn": float(draws[0]), "others": {"a": float(draws[1]), "b": float(draws[2])}}
'''

STUDY = """\
[study]
name = "killed"
about = "Numbers that are drawn, and how many of them it takes to know their mean."
[fixed]
game = "stag_hunt"
[[vary]]
"game.T" = { from = 1.0, to = 3.5, count = 6 }
[[measure]]
verb = "mine.py:drawn"
what = "numbers"
name = "often"
replicates = 5
[[measure]]
verb = "mine.py:drawn"
what = "numbers"
name = "until narrow"
until = { quantity = "drawn", width = 2.0, most = 16 }
"""

VERBS = """\
[[measure]]
what = "equilibria"
[[measure]]
what = "outcomes"
n = 12
steps = 20
keep = ["runs", "maps"]
"""
"""What JAX takes part in, and has tables of its own."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def killed(folder, seed, kills, kind, study):
    """What a number of kills came to; see `killed_studies.py`."""
    (folder / "mine.py").write_text(MINE)
    (folder / "killed.toml").write_text(study)
    script = Path(__file__).with_name("killed_studies.py")
    command = [sys.executable, str(script), str(folder), seed, str(kills), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_five_times_a_study_resumes_to_the_same_rows_and_bytes(tmp_path):
    told = killed(tmp_path, "five", 5, "forked", STUDY)
    assert told["writes"] >= 8
    assert told["clock"] + told["write"] >= 3, "the moments are worth something"


@pytest.mark.long
def test_killed_fifty_times_a_study_of_a_pool_resumes_to_the_same_rows_and_bytes(tmp_path):
    told = killed(tmp_path, "fifty", 50, "started", STUDY.replace("count = 6", "count = 20") + VERBS)
    assert told["clock"] >= 12
    assert told["write"] >= 12
    assert told["worker"] >= 4, "before they begin there is none to kill"
    assert told["in the middle of a write"] >= 6
    assert told["with a part of the items"] >= 8
