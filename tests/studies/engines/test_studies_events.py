"""The log of events, which survives kills, and what people see."""

import io
import json
import os
import threading

import pytest
from fake_studies import FakeKeeping, FakeStudy

from nashscape.core import InputError
from nashscape.studies import progress
from nashscape.studies.driving import run
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.pool import Pool
from nashscape.studies.events import EventLog, read_events
from nashscape.studies.items import Place


def test_a_log_is_one_object_a_line_and_goes_on_after_half_a_line(tmp_path):
    path = tmp_path / "events.jsonl"
    with EventLog(path) as log:
        for k in range(3):
            log({"event": "kept", "k": k, "text": "ψ\n"})
            assert len(read_events(path)) == k + 1, "written at once"
    whole = path.read_bytes()
    assert [json.loads(line) for line in whole.splitlines()] == read_events(path)
    for cut in range(1, len(whole) + 1):
        path.write_bytes(whole[:cut])
        before = read_events(path)
        assert [event["k"] for event in before] == list(range(len(before)))
        with EventLog(path) as log:
            log({"event": "kept", "k": 99})
        after = read_events(path)
        assert after[-1]["k"] == 99
        # a line without its end is read, or is cut off; nothing else is lost
        assert [event["k"] for event in after[:-1]] == list(range(len(before)))
        assert len(before) in (whole[:cut].count(b"\n"), whole[: cut + 1].count(b"\n"))


def test_lines_of_two_writers_do_not_mix(tmp_path):
    path = tmp_path / "events.jsonl"

    def write(who):
        with EventLog(path) as log:
            for k in range(300):
                log({"event": "kept", "who": who, "k": k, "text": "x" * (k % 50)})

    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = read_events(path)
    assert len(found) == path.read_bytes().count(b"\n") == 1200
    for who in range(4):
        assert [event["k"] for event in found if event["who"] == who] == list(range(300))


def test_a_log_that_cannot_be_written_or_read_is_one_error(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "nowhere/events.jsonl", tmp_path, tmp_path / "file/events.jsonl"):
        with pytest.raises(InputError, match="cannot be written: "):
            run(FakeStudy(), FakeKeeping(), log=path)
        with pytest.raises(InputError, match="cannot be read: "):
            read_events(path)


def test_a_study_tells_what_happens_and_counts_add_up(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    path, seen = tmp_path / "events.jsonl", []
    bad = (Place(0, 7, 0),)
    found = run(FakeStudy(("failing", "cheap"), 40, bad=bad), FakeKeeping(), Pool(2), progress=seen.append, log=path)
    told = read_events(path)
    # of time that passes nothing is written, and all else is told twice
    assert told == [event for event in seen if event["event"] != "tick"]
    assert [event["time"] for event in seen] == sorted(event["time"] for event in seen)
    first, *_, last = told
    assert first | {"time": ""} == {
        "time": "", "event": "began", "study": "fake", "engine": "pool", "workers": 2,
        "asked": 80, "done": 0, "failed": 0,
    }  # fmt: skip
    assert (last["event"], last["status"], last["note"]) == ("ended", "unresolved", found.note)
    assert (last["asked"], last["done"], last["failed"]) == (found.asked, found.done, found.failed) == (80, 79, 1)
    assert [event["error"] for event in told if event["event"] == "failed"] == ["no number at point 7"]
    counts = [event["items"] for event in told if event["event"] == "progress"]
    assert counts == sorted(set(counts))
    assert counts[-1] == 80
    # where a worker is ready at once nothing is told of importing, but how long it took
    stages = {event["stage"] for event in seen if event["event"] in ("tick", "progress")}
    assert "running" in stages <= {"importing", "compiling", "running"}
    assert 1 <= sum(event["event"] == "ready" for event in told) <= 2
    assert last["seconds"].keys() == {"importing", "compiling", "running"}
    assert last["seconds"]["importing"] > 0


class Clock:
    """Time as a test says."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_stages_rates_and_time_left_by_an_account_of_ones_own(clock):
    """Two workers; ten items of two seconds and six of another measurement, of which nothing is known at first."""
    seen = []
    tally = progress.Tally("name", "pool", 2, [seen.append])
    chunks = Chunks([Place(m, k, 0) for m, count in enumerate((10, 6)) for k in range(count)], str)
    tally.begin(chunks)

    def look(seconds):
        clock.now += seconds
        tally("tick")
        return seen[-1]

    first = look(3.0)
    assert (first["stage"], first["items"], first["seconds_left"], first["at_least"]) == ("importing", 0, None, True)
    assert progress.sentence(first) == "importing: none of 16 items yet"
    tally("ready", seconds=3.0)
    under_way = chunks.take(2)
    second = look(5.0)
    assert (second["event"], second["stage"], second["seconds_left"]) == ("tick", "compiling", None)
    chunks.took(under_way, 2.0)
    tally("worked", items=1, seconds=5.0, compiling=3.0)
    tally.kept(1)
    third = look(1.0)
    assert (third["event"], third["stage"], third["items"], third["of"]) == ("progress", "running", 1, 16)
    # nine items of two seconds on two workers
    assert (third["seconds_left"], third["at_least"], third["rate"]) == (9.0, True, None)
    for _ in range(9):
        chunks.took(chunks.take(2), 2.0)
        tally.kept(1)
    fourth = look(18.0)
    assert fourth["rate"] == pytest.approx(9 / 18.0)
    tally.ask(4)
    # the other measurement compiles
    last = chunks.take(2)
    assert look(2.0)["stage"] == "compiling"
    chunks.took(last, 0.5)
    tally.kept(1)
    fifth = look(1.0)
    assert (fifth["of"], fifth["seconds_left"], fifth["at_least"]) == (20, 5 * 0.5 / 2, False)
    assert look(0.5) is fifth, "not more often than once a second"
    tally("ended", status="complete", note="", asked=20, done=11, failed=0)
    assert seen[-1]["seconds"] == {"importing": 3.0, "compiling": 7.0, "running": 20.5}
    assert seen[-1]["compilers"] == 3.0


def test_a_bar_writes_over_itself_lines_stay_and_quiet_says_nothing(clock):
    stream = io.StringIO()
    bar, lines = progress.shown("bar", stream), progress.shown("lines", out := io.StringIO())
    far = {
        "event": "progress",
        "stage": "running",
        "items": 30,
        "of": 40,
        "rate": 2.0,
        "seconds_left": 5.0,
        "at_least": True,
    }
    events = [
        {"event": "began", "study": "s", "engine": "here", "workers": 1, "asked": 40, "done": 3, "failed": 0},
        {**far, "items": 20},
        far,
        {"event": "failed", "item": "ab", "error": "no", "attempts": 1},
        {"event": "died", "items": 2, "error": "its process died"},
        {"event": "looked", "measure": 0, "point": 3, "replicates": 4, "low": None, "high": None, "narrow": False},
        {"event": "looked", "measure": 0, "point": 3, "replicates": 8, "low": 0.25, "high": 0.5, "narrow": True},
        {"event": "stopping"},
        {"event": "ended", "status": "interrupted", "asked": 40, "done": 30, "failed": 1, "note": "run again"},
    ]
    for event in events:
        bar(event)
        lines(event)
    written = out.getvalue().splitlines()
    assert written[1] == "running: 20 of 40 (50 %), 2 items/s, at least 5 s left"
    assert [line.split(":")[0] for line in written[2:]] == [
        "item ab failed", "a worker is lost with 2 items under way", "measurement 0, point 3", "measurement 0, point 3",
        "stopping after the items under way; Ctrl-C once more leaves at once", "interrupted",
    ]  # fmt: skip
    assert written[-1] == "interrupted: 30 of 40 items, 1 failed; run again"
    assert [line.partition(": ")[2] for line in written if line.startswith("measurement")] == [
        "no interval after 4 replicates", "from 0.25 to 0.5 after 8 replicates",
    ]  # fmt: skip
    shown = stream.getvalue()
    assert shown.count("\n") == 5
    # a shorter text leaves nothing of a longer one
    assert [len(part.split("\n")[0]) for part in shown.split("\r")[3:5]] == [len(progress.sentence(far))] * 2
    assert progress.shown("quiet") is None
    assert type(progress.shown("auto", stream)) is progress.Lines
    with pytest.raises(InputError, match="unknown way to show progress 'bra'; did you mean 'bar'"):
        progress.shown("bra")


def test_durations_in_words_are_rounded_before_they_are_cut():
    cases = {0.4: "0 s", 59.4: "59 s", 59.6: "1 min 0 s", 3599.9: "1 h 0 min", 86399.0: "23 h 59 min", 1e6: "11 d 13 h"}
    assert {seconds: progress.duration(seconds) for seconds in cases} == cases


def test_a_full_disk_is_one_error(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("needs a device that is always full")
    with EventLog("/dev/full") as log, pytest.raises(InputError, match="No space left on device; make room"):
        log({"event": "kept"})
