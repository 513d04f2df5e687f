"""Studies killed at random moments resume to the same rows; no process stays behind."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from fake_studies import FakeFolder, FakeKeeping, FakeStudy

from nashscape.studies.driving import run
from nashscape.studies.events import read_events

POINTS, SECONDS = 75, 0.004
"""A run takes some 300 · 4 ms, and its start some 300 ms."""

LONGEST = 1.8
"""Seconds after its start in which it is killed."""

KINDS = pytest.mark.parametrize(
    ("engine", "who", "kills"), [("here", "driver", 2), ("pool", "driver", 2), ("pool", "worker", 1)]
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


@pytest.fixture(scope="module")
def whole():
    """The rows of a study that ran through."""
    keeping = FakeKeeping()
    run(FakeStudy(("cheap", "values"), POINTS, replicates=2), keeping)
    return keeping.rows()


def started(folder, engine):
    script = Path(__file__).with_name("fake_studies.py")
    command = [sys.executable, str(script), str(folder), engine, str(POINTS), str(SECONDS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def alive(pid):
    """Whether there is such a process; a zombie is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def workers(pid):
    """Its processes that work."""
    found = []
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


def killed(folder, engine, who, drawn):
    """Run it and kill it, or one of its workers, at a random moment; whether that was before its end."""
    process = started(folder, engine)
    time.sleep(drawn.uniform(0.0, LONGEST))
    theirs = workers(process.pid)
    early = process.poll() is None
    if who == "driver":
        process.kill()
    elif theirs:
        with suppress(ProcessLookupError):  # it ended just now
            os.kill(drawn.choice(theirs), signal.SIGKILL)
    output, errors = process.communicate(timeout=120)
    if who == "worker":
        status, asked, done, _ = json.loads(output)
        assert (status, done) == ("complete", asked), errors
    until = time.monotonic() + 30.0
    while (left := [pid for pid in theirs if alive(pid)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left, "workers end with their driver"
    return early


def resumes_to(whole, folder, engine, who, kills, drawn):
    """How many kills came before the end; then it is run to its end."""
    early = sum([killed(folder, engine, who, drawn) for _ in range(kills)])
    there = FakeFolder(folder).close()
    process = started(folder, engine)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    # what was there is not worked on again
    assert json.loads(output) == ["complete", 4 * POINTS, 4 * POINTS, 4 * POINTS - len(there.found)]
    assert FakeFolder(folder).close().rows() == whole
    events = read_events(folder / "events.jsonl")
    assert events[-1]["event"] == "ended"
    deaths = [event["error"] for event in events if event["event"] == "died"]
    assert set(deaths) <= {"its process was killed by SIGKILL (from outside, or for want of memory)"}
    assert len(deaths) <= (kills if who == "worker" else 0)
    return early


@KINDS
def test_killed_five_times_studies_resume_to_the_same_rows(tmp_path, whole, engine, who, kills):
    resumes_to(whole, tmp_path, engine, who, kills, random.Random(f"{engine} {who}"))


@pytest.mark.long
@KINDS
def test_killed_fifty_times_studies_resume_to_the_same_rows(tmp_path, whole, engine, who, kills):
    drawn, early = random.Random(f"long {engine} {who}"), 0
    for k in range(10):
        (tmp_path / f"{k}").mkdir()
        early += resumes_to(whole, tmp_path / f"{k}", engine, who, kills, drawn)
    assert early >= 5, "the moments are worth something"
