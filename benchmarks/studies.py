"""Studies: what running takes beside the work itself, and what a second core is worth."""

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape.studies import driving
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.interface import Engine
from nashscape.studies.engines.pool import Pool
from nashscape.studies.events import Event
from nashscape.studies.headers import Header
from nashscape.studies.items import VALUES, Finished, Item, Place
from nashscape.studies.memory import Memory
from nashscape.studies.store.stores import Store

ITEMS = {Size.FULL: 100_000, Size.QUICK: 20_000, Size.TINY: 40}
"""Of next to no work each."""

MAPS = {Size.FULL: (64, 301, 2), Size.QUICK: (32, 201, 1), Size.TINY: (2, 3, 1)}
"""How many, their grids, and how often the study is run on each engine."""


def run(size: Size) -> list[Row]:
    """See the module."""
    return [*_overhead(size), _two_cores(size)]


@dataclass(frozen=True)
class Nothing:
    """A study of items that take no time, of two numbers each; it is its own work."""

    count: int
    name = "nothing"

    @property
    def work(self) -> "Nothing":
        """What is sent to workers."""
        return self

    def header(self) -> Header:
        """Of its own."""
        described = {"name": self.name, "count": self.count}
        return Header(described, hashlib.sha256(repr(described).encode()).hexdigest()[:32], {"x": "number"})

    def places(self) -> Iterator[Place]:
        """One point after the other."""
        return (Place(0, point, 0) for point in range(self.count))

    def item(self, place: Place) -> Item:
        """By a key of its place."""
        return Item(place, hashlib.sha256(repr(place).encode()).hexdigest()[:32], {"x": place.point}, 0)

    def until(self, measure: int) -> None:
        """Nothing is decided on the way."""

    def __call__(self, places: Sequence[Place]) -> list[Finished]:
        """Two rows for each."""
        return [Finished(self.item(place).key, {VALUES: _rows(place)}) for place in places]


def _rows(place: Place) -> dict[str, Any]:
    numbers = np.array([place.point / 7.0, 1.0 - place.point / 7.0])
    unknown, texts = np.full(2, np.nan), np.full(2, "")
    return {
        "measure": np.full(2, "nothing"), "replicate": np.zeros(2, np.int64), "seed": np.zeros(2, np.int64),
        "x": np.full(2, float(place.point)), "quantity": np.full(2, "share"), "of": np.array(["CC", "DD"]),
        "value": numbers, "low": unknown, "high": unknown, "level": unknown, "successes": unknown, "trials": unknown,
        "text": texts, "status": np.full(2, "COMPLETE"), "question": texts,
    }  # fmt: skip


def _overhead(size: Size) -> list[Row]:
    """Seconds an item, and how much more memory the driver holds for each of the later nine tenths of them."""
    count = ITEMS[size]
    study = Nothing(count)
    held: list[tuple[int, int]] = [(0, _held())]

    def look(event: Event) -> None:
        if event["event"] == "progress":
            held.append((event["items"], _held()))

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with Store.create(f"{folder}/store", study.header()) as store:
            ran = driving.run(study, store, Pool(2), progress=look, log=f"{folder}/events.jsonl")
            held.append((count, _held()))
        seconds = time.perf_counter() - began
    if ran.done != count:
        raise RuntimeError(f"{ran.done} of {count} items were done")
    (few, before), (_, after) = next(one for one in held if one[0] >= count // 10), held[-1]
    details = f"{count:,} items of two rows in {seconds:.1f} s, pool of 2, into a store"
    return [
        Row("study, overhead of an item", seconds / count, unit="s", most=1e-3, details=details),
        Row(
            "study, memory of the driver for an item",
            (after - before) / max(1, count - few),
            unit="B",
            most=500.0,
            details=f"from {before / 2**20:.0f} MiB after {few:,} items to {after / 2**20:.0f} MiB after {count:,}",
        ),
    ]


def _held() -> int:
    """Bytes of memory that this process holds now."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _two_cores(size: Size) -> Row:
    """Whole processes, imports and all, with the programs that another has left on the disk."""
    maps, grid, repetitions = MAPS[size]
    with tempfile.TemporaryDirectory() as folder:
        _maps("here", 2, grid, folder)
        measured: dict[str, list[dict[str, Any]]] = {"here": [], "pool": []}
        for _ in range(repetitions):
            for engine, found in measured.items():
                found.append(_maps(engine, maps, grid, folder))
    here, pool = ([one["seconds"] for one in found] for found in measured.values())
    if len({one["rows"] for found in measured.values() for one in found}) > 1:
        raise RuntimeError("the engines do not have the same rows")
    return Row(
        "study of independent maps, pool of 2",
        paired_ratio(here, pool),
        least=1.7,
        against="one process on one core",
        details=f"{maps} maps of {grid}×{grid}: {times(pool)}; one process {times(here)}; the same bits",
    )


def _maps(engine: str, maps: int, grid: int, cache: str) -> dict[str, Any]:
    environment = {**os.environ, "JAX_NUM_CPU_DEVICES": "1", "NASHSCAPE_CACHE": cache}
    command = [sys.executable, "-m", "benchmarks.studies", engine, str(maps), str(grid)]
    began = time.perf_counter()
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return {"seconds": time.perf_counter() - began, "rows": ended.stdout}


def maps_on(engine: str, maps: int, grid: int) -> str:
    """The hash of the rows of a study of so many maps."""
    # workers that have nothing to do need none of it
    from nashscape.studies.study import Study
    from nashscape.tracing import keep_programs

    if engine == "here" and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    keep_programs()

    study = Study(
        "maps",
        fixed={"game": "stag_hunt", "rule": "meta_mapg", "grid": grid, "steps": 140},
        vary=[{"game.T": {"from": 1.0, "to": 2.0, "count": maps}}],
        measure=["outcomes"],
    )
    keeping = Memory(study.header())
    engines: dict[str, Engine] = {"here": Here(), "pool": Pool(2)}
    driving.run(study, keeping, engines[engine])
    made = hashlib.sha256()
    for column in keeping.columns(VALUES).values():
        made.update(column.tobytes())
    return made.hexdigest()


if __name__ == "__main__":
    print(maps_on(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
