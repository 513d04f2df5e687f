"""Where the time of `nashscape reproduce basin-entry` goes: processor time by stage, the wall clock of the whole."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.rows import Row
from benchmarks.sizes import Size
from benchmarks.stages import listened

WANTED = {Size.FULL: 10.0, Size.QUICK: 5.0}
NAME = "reproduce basin-entry"


def run(size: Size) -> list[Row]:
    """See the module."""
    if size is Size.TINY:
        return [_importing()]
    from nashscape.report.basin_entry import write_basin_entry
    from nashscape.systems.basin_entry import measuring

    stages_of = listened()
    effort = "quick" if size is Size.QUICK else "full"
    found, wall, spent = _timed(lambda: measuring.measure(effort=effort))
    stages = stages_of()
    again, _, computing = _timed(lambda: measuring.measure(effort=effort))
    assert len(again.rows) == len(found.rows)
    with TemporaryDirectory() as folder:
        _, _, drawing = _timed(lambda: write_basin_entry(found.whole, Path(folder)))
    whole = f"processor time {spent:.1f} s; wanted on an idle machine whose programs were compiled before"
    return [
        Row(NAME, wall, unit="s", most=WANTED[size], details=whole),
        _importing(),
        *(Row(f"{NAME}: {stage}", seconds, unit="s", details="wall clock") for stage, seconds in stages.items()),
        Row(f"{NAME}: computing", computing, unit="s", details="processor time with all programs there, random numbers "
            "within them"),
        Row(f"{NAME}: figures and page", drawing, unit="s", details="processor time"),
    ]  # fmt: skip


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What work gives, its wall clock and processor time, in seconds."""
    began, before = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - began, time.process_time() - before


def _importing() -> Row:
    """In a process of its own, where nothing is imported yet."""
    asked = "from time import process_time as t; b = t(); import nashscape.systems.basin_entry.measuring"
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}; print(t() - b)"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return Row(f"{NAME}: importing", float(told), unit="s", details="processor time")
