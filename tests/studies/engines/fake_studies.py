"""A study of items that are cheap, slow, failing, dying or hanging, and what keeps it; workers import this module."""

import hashlib
import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nashscape.studies.driving import run
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.pool import Pool
from nashscape.studies.items import VALUES, Failure, Finished, Item, Place
from nashscape.studies.progress import shown

COLUMNS = ("item", "quantity", "of", "value", "successes", "trials", "level", "low")
TRIALS = 40


def key_of(name, place):
    return hashlib.sha256(repr((name, *place)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class FakeWork:
    """Kinds by measure; `marks` is a folder where items leave a mark when they begin."""

    name: str
    kinds: tuple[str, ...]
    marks: str = ""
    bad: tuple[Place, ...] = ()
    seconds: float = 0.0

    def __call__(self, places):
        return [self._one(Place(*place)) for place in places]

    def _one(self, place):
        began, key = time.perf_counter(), key_of(self.name, place)
        try:
            if self.marks:
                with open(Path(self.marks) / key, "a") as file:
                    file.write(f"{os.getpid()} {os.environ.get('JAX_NUM_CPU_DEVICES')}\n")
            table = self._table(place, key)
        except ArithmeticError as error:
            return Finished(key, failure=Failure(str(error), traceback.format_exc()))
        return Finished(key, {VALUES: table}, seconds=time.perf_counter() - began)

    def _table(self, place, key):
        kind = self.kinds[place.measure]
        if self.seconds:
            time.sleep(self.seconds)
        if place in self.bad:
            if kind == "failing":
                raise ArithmeticError(f"no number at point {place.point}")
            if kind == "raising":
                raise LookupError(f"the work itself at point {place.point}")
            if kind == "dying":
                os.kill(os.getpid(), signal.SIGKILL)
            if kind == "dying once" and len((Path(self.marks) / key).read_text().splitlines()) == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            if kind == "hanging":
                time.sleep(1000.0)
        random = np.random.default_rng(int(key[:8], 16))
        counts = random.binomial(TRIALS, 0.3, 2)
        nothing = np.full(2, np.nan)
        counted = kind != "values"
        return {
            "item": np.array([key, key]),
            "quantity": np.array(["share", "share"]),
            "of": np.array(["CC", "DD"]),
            "value": counts / TRIALS if counted else random.normal(size=2),
            "successes": counts.astype(float) if counted else nothing,
            "trials": np.full(2, float(TRIALS)) if counted else nothing,
            "level": np.full(2, 0.95),
            "low": np.zeros(2),
        }


@dataclass
class FakeStudy:
    """Measures by kind, each at so many points with so many replicates."""

    kinds: tuple[str, ...] = ("cheap",)
    points: int = 10
    replicates: int = 1
    name: str = "fake"
    rules: dict = field(default_factory=dict)
    bad: tuple[Place, ...] = ()
    marks: str = ""
    seconds: float = 0.0

    @property
    def work(self):
        return FakeWork(self.name, self.kinds, str(self.marks), tuple(self.bad), self.seconds)

    def header(self):
        return {"name": self.name}

    def until(self, measure):
        return self.rules.get(measure)

    def places(self):
        for measure in range(len(self.kinds)):
            for point in range(self.points):
                for replicate in range(1 if measure in self.rules else self.replicates):
                    yield Place(measure, point, replicate)

    def item(self, place):
        return Item(place, key_of(self.name, place), {"x": place.point}, place.replicate)


class FakeKeeping:
    """In memory; how often an item was added is counted."""

    def __init__(self):
        self.found, self.failures, self.added, self.flushed = {}, {}, Counter(), 0

    @property
    def keys(self):
        return frozenset(self.found)

    @property
    def tables(self):
        return (VALUES,)

    def add(self, finished):
        for one in finished:
            self.added[one.key] += 1
            if one.failure is None:
                self.found.setdefault(one.key, one.tables)
                self.failures.pop(one.key, None)
            else:
                self.failures[one.key] = one.failure

    def flush(self):
        self.flushed += 1

    def columns(self, table, names=None, keys=None):
        wanted = sorted(self.found if keys is None else set(keys) & self.found.keys())
        names = COLUMNS if names is None else names
        return {n: np.concatenate([np.empty(0), *(self.found[k][table][n] for k in wanted)]) for n in names}

    def rows(self):
        """All of it, so that two of them can be compared to the last bit."""
        return {
            key: [(column.dtype.str, column.tobytes()) for column in found[VALUES].values()]
            for key, found in sorted(self.found.items())
        }


class FakeFolder(FakeKeeping):
    """The same, and each item a line of a file, which survives whoever writes it."""

    def __init__(self, folder):
        super().__init__()
        self.path = Path(folder) / "rows.jsonl"
        lines = self.path.read_bytes().split(b"\n") if self.path.exists() else []
        for line in lines[:-1]:  # what stands after the last line break was cut off
            one = json.loads(line)
            if one is not None:
                self.found[one["item"][0]] = {VALUES: {name: np.array(one[name]) for name in COLUMNS}}
        self.file = self.path.open("ab")
        if lines and lines[-1]:
            self.file.truncate(self.path.stat().st_size - len(lines[-1]))

    def close(self):
        self.file.close()
        return self

    def add(self, finished):
        super().add(finished)
        for one in finished:
            if one.failure is None:
                row = {name: column.tolist() for name, column in one.tables[VALUES].items()}
                self.file.write(json.dumps(row).encode() + b"\n")
        self.file.flush()


def _ray(address):
    from nashscape.studies.engines.ray_cluster import RayCluster

    return RayCluster(address)


def main():
    """`fake_studies.py folder engine points seconds`: a study that may be killed."""
    folder, engine, points, seconds = sys.argv[1:]
    marks = f"{folder}/marks" if os.path.isdir(f"{folder}/marks") else ""
    study = FakeStudy(("cheap", "values"), int(points), replicates=2, seconds=float(seconds), marks=marks)
    kind, _, address = engine.partition("@")
    engines = {"here": Here, "pool": lambda: Pool(2), "ray": lambda: _ray(address)}
    keeping = FakeFolder(folder)
    ran = run(study, keeping, engines[kind](), progress=shown("lines"), log=f"{folder}/events.jsonl")
    keeping.close()
    print(json.dumps([ran.status.value, ran.asked, ran.done, ran.computed]))


if __name__ == "__main__":
    main()
