"""Many commands at once with one folder of kept programs: all end, and all find the same."""

import json
import os
import subprocess
import sys

import pytest

LINE = ("basin", "stag-hunt", "--grid", "11", "--json", "--cells")
COSTS = ("compile_seconds", "run_seconds")


def begun(folder, cores):
    """A command with a folder of kept programs; large ones that are finished are kept there too."""
    known = {key: value for key, value in os.environ.items() if key != "NASHSCAPE_FINISHED"}
    known |= {"NASHSCAPE_CACHE": str(folder), "JAX_NUM_CPU_DEVICES": str(cores)}
    return subprocess.Popen(
        [sys.executable, "-m", "nashscape", *LINE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=known
    )


def found(process):
    """What it found by rule, without what it took."""
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")
    rules = json.loads(out)["rules"]
    for one in rules.values():
        for cost in COSTS:
            del one["provenance"][cost]
    return rules


@pytest.mark.long
def test_twelve_with_one_folder_find_the_same(tmp_path):
    kept = tmp_path / "kept"
    empty = [begun(kept, 2) for _ in range(12)]  # all write what none of them finds
    every = [found(process) for process in empty]
    programs = sorted(path for path in kept.rglob("*") if path.is_file())
    assert programs
    assert {path.suffix for path in programs} == {".program"}, "nothing half written is left"
    full = [begun(kept, 2) for _ in range(12)]  # all read it
    every += [found(process) for process in full]
    assert [one == every[0] for one in every] == [True] * 24
    assert {name: sum(one["outcomes"].values()) for name, one in every[0].items()}["pg"] == 11 * 11
