"""Programs on disk: what is read is what was written, whoever else writes, clears, dies or damages."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nashscape.tracing import program_files
from nashscape.tracing.program_files import ProgramFiles, clear

PROGRAM = bytes(range(20))

AT_ONCE = """
import sys, time
from pathlib import Path
from nashscape.tracing.program_files import ProgramFiles

files, hits, ends = ProgramFiles(Path(sys.argv[1]), 600_000), 0, time.monotonic() + float(sys.argv[2])
print("begun", flush=True)
while time.monotonic() < ends:
    for number in range(20):
        # two processes that put different programs under one key, each large enough to be seen half written
        expected = [bytes([number, who]) * 40_000 for who in (1, 2)]
        found = files.get(f"program {number}")
        assert found is None or found in expected, len(found)
        hits += found is not None
        files.put(f"program {number}", expected[int(sys.argv[3]) - 1])
print(hits)
assert "jax" not in sys.modules
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "kind").mkdir()
    return tmp_path / "kind"


def only(folder):
    [path] = folder.iterdir()
    return path


def test_a_program_is_found_under_its_key_alone(folder):
    files = ProgramFiles(folder, 10**6)
    assert files.get("a") is None
    files.put("a", PROGRAM)
    files.put("b", b"")
    assert (files.get("a"), files.get("b"), files.get("c")) == (PROGRAM, b"", None)
    files.put("a", b"another")
    assert ProgramFiles(folder, 10**6).get("a") == b"another"


def test_every_flipped_bit_and_every_length_is_noticed_and_repaired(folder):
    files = ProgramFiles(folder, 10**6)
    files.put("a", PROGRAM)
    path = only(folder)
    whole = path.read_bytes()
    for place in range(8 * len(whole)):
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        assert files.get("a") is None, place
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert files.get("a") is None, length
    path.write_bytes(whole + b"\0")
    assert files.get("a") is None
    files.put("a", PROGRAM)
    assert files.get("a") == PROGRAM


def test_a_file_under_the_name_of_another_is_none(folder):
    files = ProgramFiles(folder, 10**6)
    files.put("a", PROGRAM)
    first = only(folder)
    files.put("b", b"b")
    [second] = set(folder.iterdir()) - {first}
    first.replace(second)
    assert files.get("b") is None


def test_a_disk_that_does_not_let_us_is_no_error(folder):
    files = ProgramFiles(folder, 10**6)
    files.put("a", PROGRAM)
    path = only(folder)
    path.unlink()
    path.mkdir()  # neither to be read nor to be replaced
    files.put("a", PROGRAM)
    assert files.get("a") is None
    assert list(folder.iterdir()) == [path]
    gone = ProgramFiles(folder / "gone", 10**6)
    gone.put("a", PROGRAM)
    assert gone.get("a") is None


def test_a_full_disk_leaves_what_was_there_and_nothing_else(folder, monkeypatch):
    files, write = ProgramFiles(folder, 10**6), Path.write_bytes
    files.put("a", PROGRAM)

    def half(path, data):
        write(path, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    files.put("a", b"another")
    assert files.get("a") == PROGRAM
    only(folder)


def aged(folder, key, size, hours):
    """Put a program that was last used so many hours ago."""
    before = set(folder.iterdir())
    ProgramFiles(folder, 10**6).put(key, bytes(size))
    [path] = set(folder.iterdir()) - before
    os.utime(path, times=2 * (time.time() - 3600 * hours,))
    return path


def test_what_was_not_used_for_longest_goes_and_nothing_of_others(folder):
    other = folder.parent / "other kind"
    other.mkdir()
    used, unused, old = aged(folder, "used", 900, 99), aged(folder, "unused", 900, 30), aged(other, "old", 1000, 50)
    dead = folder / f"dead{program_files.UNFINISHED}"
    dead.write_bytes(bytes(500))
    os.utime(dead, times=2 * (time.time() - 3600 * 40,))
    foreign = [folder / "notes.txt", folder.parent / "beside.program"]
    for path in foreign:
        path.write_bytes(bytes(9000))
        os.utime(path, times=(0, 0))
    files = ProgramFiles(folder, 4000)
    assert files.get("used") == bytes(900)
    clear(folder.parent, 4000)
    assert all(path.exists() for path in (used, unused, old, dead))  # there is room
    files.put("new", bytes(2000))
    assert [path.exists() for path in (used, unused, old, dead)] == [True, False, False, False]
    assert files.get("new") == bytes(2000)
    assert all(path.exists() for path in foreign)


def test_more_than_is_wanted_is_never_kept_for_long(folder):
    files = ProgramFiles(folder, 8000)
    for number in range(300):
        files.put(str(number), bytes(100))
        assert sum(path.stat().st_size for path in folder.iterdir()) <= 8000 * (1 + 2 / program_files.LOOKS)
    assert files.get("299") is not None


def test_who_only_reads_never_looks_through_the_folder(folder, monkeypatch):
    ProgramFiles(folder, 10**6).put("a", PROGRAM)
    monkeypatch.setattr(program_files, "clear", lambda *asked: pytest.fail("looked through all"))
    assert ProgramFiles(folder, 10).get("a") == PROGRAM


@pytest.mark.long
def test_processes_that_write_clear_and_die_at_once(folder):
    """Three at once in a third of the room they want; one is killed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(program_files.__file__).parents[2])}
    asked = [["1.0", "1"], ["1.0", "2"], ["60", "2"]]
    command = [sys.executable, "-c", AT_ONCE, str(folder)]
    every = [subprocess.Popen([*command, *one], env=environment, stdout=subprocess.PIPE, text=True) for one in asked]
    for one in every:
        assert one.stdout.readline() == "begun\n"
    time.sleep(0.5)
    every[2].send_signal(signal.SIGKILL)
    printed = [one.communicate()[0] for one in every]
    assert [one.returncode for one in every] == [0, 0, -signal.SIGKILL]
    assert all(int(hits) > 0 for hits in printed[:2])
    files = ProgramFiles(folder, 600_000)
    for number in range(20):
        found = files.get(f"program {number}")
        assert found is None or found in [bytes([number, who]) * 40_000 for who in (1, 2)]
    assert any(files.get(f"program {number}") for number in range(20))
