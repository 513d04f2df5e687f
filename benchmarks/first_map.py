"""Where the time of the explorer's first maps goes, four rules at 101×101: importing, making programs, computing."""

import json
import os
import subprocess
import sys
import time
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.rows import Row
from benchmarks.sizes import Size

GRID = {Size.FULL: 101, Size.QUICK: 101, Size.TINY: 5}
RULES = {Size.FULL: ("pg", "meta_mapg", "lola", "lookahead"), Size.QUICK: ("pg", "meta_mapg"), Size.TINY: ("pg",)}
NAME = "first maps"


def run(size: Size) -> list[Row]:
    """Twice in processes of their own: with no program on disk, and with those of the first."""
    with TemporaryDirectory() as folder:
        both = {when: _alone(size, folder) for when in ("nothing compiled", "programs on disk")}
    whole = {when: told.pop("all") for when, told in both.items()}
    wanted = {"nothing compiled": None, "programs on disk": 3.0 if size is Size.FULL else None}
    return [
        Row(f"{NAME}, {when}", whole[when], unit="s", most=wanted[when], details="wall clock, from the first import")
        for when in both
    ] + [
        Row(f"{NAME}, {when}: {stage}", seconds, unit="s")
        for when, told in both.items() for stage, seconds in told.items()
    ]  # fmt: skip


def _alone(size: Size, folder: str) -> dict[str, float]:
    """What `worked` tells, in a process where nothing is imported."""
    asked = [sys.executable, "-m", "benchmarks.first_map", str(GRID[size]), *RULES[size]]
    environment = {**os.environ, "NASHSCAPE_CACHE": folder}
    ended = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def worked(grid: int, rules: tuple[str, ...]) -> dict[str, float]:
    """Seconds of every stage of the maps that are seen first, and of the same maps once more."""
    began = time.perf_counter()
    from benchmarks.stages import listened
    from nashscape.app.maps import quick_map
    from nashscape.app.scenes import Scene
    from nashscape.tracing import keep_programs

    keep_programs()
    stages, scene = listened(), Scene(grid=grid, rules=rules)
    imported = time.perf_counter()
    quick_map(scene)
    ended = time.perf_counter()
    found: dict[str, Any] = stages()
    quick_map(scene)
    computing = time.perf_counter() - ended
    return {"all": ended - began, "importing": imported - began, **found, "computing": computing}


if __name__ == "__main__":
    print(json.dumps(worked(int(sys.argv[1]), tuple(sys.argv[2:]))))
