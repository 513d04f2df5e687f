"""How long a person waits for a command that was given before: its programs are on the disk."""

import tempfile
from statistics import median
from typing import Any

from benchmarks.command import Finished, nashscape
from benchmarks.rows import Row, times
from benchmarks.sizes import Size

ASKED = ("basin", "stag-hunt", "--json", "--cells")
CALLS = {Size.FULL: 200, Size.QUICK: 10, Size.TINY: 2}


def run(size: Size) -> list[Row]:
    """The slowest of all calls but the first, none of which may find anything else than the first."""
    asked = (*ASKED, *(["--grid", "3", "--rule", "pg"] if size is Size.TINY else []))
    with tempfile.TemporaryDirectory() as folder:
        first, *later = (nashscape(*asked, environment={"NASHSCAPE_CACHE": folder}) for _ in range(CALLS[size]))
    if any(_found(one) != _found(first) for one in later):
        raise RuntimeError("a later call found something else than the first")
    seconds = [one.seconds for one in later]
    name = f"nashscape {' '.join(ASKED[:2])}"
    return [
        Row(f"{name}, first", first.seconds, unit="s", details="once, nothing compiled"),
        Row(f"{name}, slowest of {len(later)} later", max(seconds), unit="s", most=2.5, details=times(seconds)),
        Row(f"{name}, later", median(seconds) / first.seconds, against="the first call"),
    ]


def _found(one: Finished) -> Any:
    """What was found, without what it took."""
    return {name: {**rule, "provenance": None} for name, rule in one.data()["rules"].items()}
