"""Writers that are killed, that meet a full disk, another writer, or a folder in which they may not write."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import nashscape
from nashscape.core import InputError
from nashscape.studies.store import Store, counts

BEGIN = """
import os, random, resource, signal, sys, time
from pathlib import Path
import numpy as np
sys.path[:0] = [sys.argv[1], sys.argv[2]]
from conftest import HEADER, MAKER, item, key
from nashscape.core import InputError
from nashscape.studies.items import Finished
from nashscape.studies.memory import Memory
from nashscape.studies.store import Store, batches, counts, export
folder = Path(sys.argv[3])
"""

KILLED = (
    BEGIN
    + """
if sys.argv[5] == "8":  # waiting for disks takes most of the time
    os.fsync = lambda file: None
batches.ROWS = 25
ITEMS = 120

def write(where):
    store = Store.open(where, True, maker=MAKER) if (where / "manifest.json").exists() else Store.create(where, HEADER)
    with store:
        for k in range(ITEMS):
            if key(k) not in store.keys:
                store.add([item(k)])

def killed_after(where, seconds):
    child = os.fork()
    if not child:
        write(where)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])

def only_right_rows(where):
    \"\"\"All rows of the items that are there are what they are in memory; how many items.\"\"\"
    if not (where / "manifest.json").exists():
        return 0
    store = Store.open(where)
    memory = Memory(HEADER)
    memory.add([item(k) for k in range(ITEMS) if key(k) in store.keys])
    for table in store.tables:
        mine, theirs = store.columns(table), memory.columns(table)
        assert mine.keys() == theirs.keys()
        for name in mine:
            assert mine[name].tolist().__repr__() == theirs[name].tolist().__repr__(), (table, name)
    assert counts(where).items == len(memory.keys)
    return len(memory.keys)

def exported(where):
    return [export(where, folder / f"out{end}", table).read_bytes()
            for table in ("values", "entry", "maps") for end in (".csv", ".json", ".parquet")]

write(folder / "first")  # what is imported on the way
began = time.perf_counter()
write(folder / "whole")
whole = time.perf_counter() - began
expected, draws, died, found = exported(folder / "whole"), random.Random(int(sys.argv[5])), 0, []
for number in range(int(sys.argv[4])):
    where = folder / str(number)
    for _ in range(2):  # and killed again while it goes on
        died += killed_after(where, draws.uniform(0.0, whole))
        found.append(only_right_rows(where))
    write(where)
    assert only_right_rows(where) == ITEMS
    assert exported(where) == expected
    assert not [path for path in where.rglob("*") if path.suffix == ".unfinished"]
    named = {part.place for part in Store.open(where).manifest.parts()}
    assert {str(path.relative_to(where)) for path in where.glob("*/*.parquet")} == named
print(died, *found)
"""
)


def ran(script, *arguments):
    source, here = Path(nashscape.__file__).parents[1], Path(__file__).parent
    command = [sys.executable, "-c", script, str(source), str(here), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(script, *arguments):
    process = ran(script, *arguments)
    out, error = process.communicate(timeout=600)
    assert process.returncode == 0, error
    return out


@pytest.mark.parametrize("rounds", [8, pytest.param(50, marks=pytest.mark.long)])
def test_a_writer_killed_at_any_moment_leaves_right_rows_alone_and_is_continued(tmp_path, rounds):
    died, *found = map(int, told(KILLED, tmp_path, rounds, rounds).split())
    assert died >= rounds / 2  # in the middle of its work
    assert any(0 < count < 120 for count in found)


FULL = (
    BEGIN
    + """
os.fsync = lambda file: None
limit = lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
tiny = lambda k: Finished(key(k), {"entry": {"start": np.array([k]), "held": np.array([True])}})
refused = []
limits = [*((most, item) for most in range(100, 9000, 900)), *((most, tiny) for most in range(900, 6000, 300))]
for most, one in limits:
    where = folder / f"manifest{most}{one is item}"
    with Store.create(where, HEADER) as store:
        store.add([item(k) for k in range(4)])
        store.flush()
        before = counts(where)
        store.add([one(k) for k in range(4, 12)])
        limit(most)
        try:
            store.flush()
        except InputError as error:
            assert "cannot be written: File too large" in str(error), error
            refused.append(Path(str(error).split(" cannot")[0]).parent.name)
            assert counts(where) == before
            assert len(Store.open(where).columns("values")["value"]) == before.rows["values"]
            assert not list(where.rglob("*.unfinished"))
        finally:
            limit(resource.RLIM_INFINITY)
    found = Store.open(where)
    assert found.keys == {key(k) for k in range(12)}
    assert len(found.columns("entry")["start"]) == (24 if one is item else 16)
print(*refused)
"""
)


@pytest.mark.long
def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path):
    refused = told(FULL, tmp_path).split()
    # in the middle of parts of several tables, and of the manifest
    assert {"entry", "values", "items"} <= set(refused)
    assert any(name.startswith("manifest") for name in refused)
    assert len(refused) < 27


HOLDING = (
    BEGIN
    + """
store = Store.open(folder, True, maker=MAKER)
if sys.argv[4] == "forks" and not os.fork():
    time.sleep(60)
    os._exit(0)
print(os.getpid(), flush=True)
time.sleep(60)
"""
)


def test_of_two_writers_the_second_is_told_who_the_first_is_and_readers_read(small, tmp_path):
    folder = small.made(tmp_path / "store", range(3))
    holder = ran(HOLDING, folder, "alone")
    pid = holder.stdout.readline().strip()
    words = rf"another writer is at work in .*: process {pid} on {os.uname()[1]}, since 20"
    try:
        for _ in range(2):  # the second is told the same
            with pytest.raises(InputError, match=words):
                Store.open(folder, write=True, maker=small.MAKER)
        assert len(Store.open(folder).columns("values")["value"]) == 6
        assert counts(folder).items == 3
    finally:
        holder.kill()
        holder.communicate()
    here = Store.open(folder, write=True, maker=small.MAKER)  # the holder has died
    with pytest.raises(InputError, match=f"process {os.getpid()} on"):  # in one process too
        Store.open(folder, write=True, maker=small.MAKER)
    here.close()
    Store.open(folder, write=True, maker=small.MAKER).close()


def test_workers_that_outlive_their_driver_do_not_hold_its_lock(small, tmp_path):
    small.made(tmp_path / "store", range(3))
    holder = ran(HOLDING, tmp_path / "store", "forks")
    holder.stdout.readline()
    group = subprocess.run(["ps", "-o", "pid=", "--ppid", str(holder.pid)], capture_output=True, text=True, check=True)
    holder.kill()
    holder.wait()
    try:
        os.kill(int(group.stdout), 0)  # the worker is alive
        Store.open(tmp_path / "store", write=True, maker=small.MAKER).close()
    finally:
        os.kill(int(group.stdout), 9)
        holder.communicate()


LOCKED = (
    BEGIN
    + """
if os.getuid() == 0:
    os.setuid(65534)
for change in (lambda: Store.open(folder, True, maker=MAKER), lambda: Store.create(folder / "new", HEADER)):
    try:
        change()
    except InputError as error:
        print(error)
print(len(Store.open(folder).columns("values")["value"]))
"""
)


def test_a_folder_that_is_not_ours_to_write_is_read(small):
    with tempfile.TemporaryDirectory() as name:
        folder = small.made(Path(name) / "store", range(3))
        Path(name).chmod(0o755)
        for path in folder.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        folder.chmod(0o555)
        first, second, rows = told(LOCKED, folder).splitlines()
        folder.chmod(0o755)
        for path in folder.rglob("*"):
            path.chmod(0o755)
    assert "store cannot be written to: Permission denied; give a folder that is yours to write" in first
    assert "new cannot be made: Permission denied" in second
    assert rows == "6"


def test_a_store_below_a_file_is_refused(small, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="store cannot be made: Not a directory"):
        Store.create(tmp_path / "file" / "store", small.HEADER)
    with pytest.raises(InputError, match="cannot be read: Not a directory"):
        Store.open(tmp_path / "file" / "store")
