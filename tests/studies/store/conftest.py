"""A small study whose rows are told by its items' numbers, and stores of it."""

import hashlib
from types import SimpleNamespace

import numpy as np
import pytest

from nashscape.core.makers import Maker
from nashscape.studies.headers import Header
from nashscape.studies.items import Failure, Finished
from nashscape.studies.store import Store, export

MAKER = Maker("1.0", "0" * 16, ("numpy 2",), "Linux x86_64")
HEADER = Header({"name": "small", "seed": 0}, "5" * 32, {"peer": "number", "rule": "text"}, MAKER)


def key(k):
    return hashlib.sha256(f"item {k}".encode()).hexdigest()[:32]


def item(k):
    """Item k: one to three values, a table of its own for even ones, bytes for every third, NaN for every fifth."""
    rows = 1 + k % 3
    value = np.random.default_rng(k).normal(size=rows)
    if k % 5 == 0:
        value[-1] = np.nan
    values = {
        "measure": np.array(["shares"] * rows), "replicate": np.zeros(rows, np.int64), "seed": np.full(rows, k),
        "peer": np.full(rows, k / 3), "rule": np.array(["pg" if k % 2 else "lola"] * rows),
        "quantity": np.array(["share", "payoff", "first_hit"][:rows]), "of": np.array(["CC", "", "ü"][:rows]),
        "value": value, "low": value - 0.1, "high": value + 0.1, "level": np.full(rows, 0.95),
        "successes": np.full(rows, np.nan), "trials": np.full(rows, np.nan), "text": np.array([""] * rows),
        "status": np.array(["COMPLETE"] * rows), "question": np.array([key(k)] * rows),
    }  # fmt: skip
    tables = {"values": values}
    if k % 2 == 0:
        tables["entry"] = {"start": np.arange(4), "held": np.array([True, False, True, k % 4 == 0])}
    if k % 3 == 0:
        codes = np.empty(1, object)
        codes[0] = bytes([k % 256, 0, 255])
        tables["maps"] = {"name": np.array(["shares"]), "shape": np.array(["3"]), "codes": codes}
    return Finished(key(k), tables)


def failure(k):
    return Finished(key(k), failure=Failure(f"item {k} has failed", "Traceback …", 2))


def made(folder, numbers, *, each=None, header=HEADER, apart=False):
    """A store with some items, written after every `each` of them, in parts that are put together or not."""
    with Store.create(folder, header) as store:
        if apart:
            store.tidy = store.flush
        for count, k in enumerate(numbers, 1):
            store.add([item(k)])
            if each and count % each == 0:
                store.flush()
    return folder


def exported(folder, tmp_path):
    """All exports of all tables of a store, as bytes."""
    found = {}
    for table in ("values", "entry", "maps", "items"):
        for ending in (".csv", ".json", ".parquet"):
            path = export(folder, tmp_path / f"exported{ending}", table)
            found[table + ending] = path.read_bytes()
    return found


def files(folder):
    """The files of a store that say what it holds, with their bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


@pytest.fixture(autouse=True)
def _no_waiting_for_disks(monkeypatch):
    """What outlives a power failure is not looked at here, and waiting for it takes most of the time."""
    monkeypatch.setattr("os.fsync", lambda file: None)


@pytest.fixture
def small():
    return SimpleNamespace(
        MAKER=MAKER, HEADER=HEADER, key=key, item=item, failure=failure, made=made, exported=exported, files=files
    )
