"""Files are there whole or not at all, whenever a writer is killed, however many write."""

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nashscape
from nashscape.core import InputError
from nashscape.core.files.whole_files import DEAD, ENDING, whole_file, write_whole

SOURCE = str(Path(nashscape.__file__).parents[1])
WRITER = """
import hashlib, itertools, sys
sys.path.insert(0, sys.argv[1])
from nashscape.core.files.whole_files import write_whole

def text(k):
    body = str(k) * 300_000
    return hashlib.sha256(body.encode()).hexdigest() + body

print("ready", flush=True)
for k in itertools.count() if sys.argv[3] == "for ever" else range(30):
    write_whole(sys.argv[2], text(k))
"""


def writer(path, how="for ever"):
    return subprocess.Popen([sys.executable, "-c", WRITER, SOURCE, str(path), how], stdout=subprocess.PIPE)


def is_whole(path):
    text = path.read_text(encoding="utf-8")
    return text[:64] == hashlib.sha256(text[64:].encode()).hexdigest()


@pytest.mark.long
def test_a_writer_that_is_killed_leaves_a_whole_file_or_none(tmp_path):
    draws = random.Random(4)
    for k in range(20):
        path = tmp_path / f"{k}.json"
        one = writer(path)
        one.stdout.readline()
        time.sleep(draws.uniform(0.0, 0.04))
        one.kill()
        one.communicate()
        assert not path.exists() or is_whole(path)
    # nothing else has a name that anybody looks for
    others = [left.name for left in tmp_path.iterdir() if left.suffix != ".json"]
    assert all(name.startswith(".") and name.endswith(ENDING) for name in others)
    assert any(path.exists() for path in tmp_path.glob("*.json"))


def test_several_writers_all_succeed_and_leave_one_whole_file(tmp_path):
    path = tmp_path / "shared.json"
    both = [writer(path, "thirty times") for _ in range(3)]
    assert [one.communicate() and one.returncode for one in both] == [0, 0, 0]
    assert is_whole(path)
    assert [left.name for left in tmp_path.iterdir()] == ["shared.json"]


def test_what_dead_writers_left_is_cleaned_and_what_living_ones_write_is_not(tmp_path):
    path = tmp_path / "a[1].json"
    dead, living, other = (tmp_path / f".{name}.{k}{ENDING}" for k, name in enumerate(["a[1].json"] * 2 + ["b.json"]))
    for left in (dead, living, other):
        left.write_text("half")
    for left in (dead, other):
        os.utime(left, (time.time() - 2 * DEAD,) * 2)
    write_whole(path, "all of it\n")
    assert path.read_text() == "all of it\n"
    assert {left.name for left in tmp_path.iterdir()} == {path.name, living.name, other.name}


def test_where_nothing_can_be_written_one_error_says_so_and_nothing_is_left(tmp_path):
    with pytest.raises(InputError, match=r"missing.*cannot be written: No such file.*a folder that exists"):
        write_whole(tmp_path / "missing" / "a.json", "text")
    (tmp_path / "taken.json").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "taken.json", "text")
    assert [left.name for left in tmp_path.iterdir()] == ["taken.json"]


def test_what_ends_in_an_error_leaves_nothing_and_what_was_there(tmp_path):
    path = tmp_path / "rows.bin"
    write_whole(path, b"\0\xff\r\n")

    def half():
        yield b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.writelines(half())
    assert path.read_bytes() == b"\0\xff\r\n"
    assert list(tmp_path.iterdir()) == [path]
    with whole_file(path) as file:
        file.write(b"first ")
        file.write(b"second")
    assert path.read_bytes() == b"first second"
