"""Running a study: what is missing, what failed, Ctrl-C, and resuming."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_studies import FakeKeeping, FakeStudy, key_of

from nashscape.core import InputError, Status
from nashscape.studies.driving import run
from nashscape.studies.engines import pool
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.pool import Pool
from nashscape.studies.items import Finished, Place
from nashscape.studies.stopping import Until

ENGINES = pytest.mark.parametrize("engine", [Here(), Pool(2)], ids=["here", "pool"])


def begun(folder):
    return {path.name: len(path.read_text().splitlines()) for path in Path(folder).iterdir()}


def test_items_that_are_there_are_not_worked_on_and_failed_ones_only_when_asked(tmp_path):
    bad = (Place(0, 2, 0), Place(0, 5, 0))
    study = FakeStudy(("failing",), 6, bad=bad, marks=tmp_path)
    keeping = FakeKeeping()
    first = run(study, keeping)
    assert (first.asked, first.done, first.failed, first.computed) == (6, 4, 2, 6)
    second = run(study, keeping)
    assert (second.status, second.computed, second.done, second.failed) == (Status.UNRESOLVED, 0, 4, 2)
    assert set(begun(tmp_path).values()) == {1}
    third = run(study, keeping, again=True)
    assert (third.computed, third.failed) == (2, 2)
    mended = run(FakeStudy(("failing",), 8, bad=bad[:1], marks=tmp_path), keeping, again=True)
    assert (mended.asked, mended.computed, mended.done, mended.failed) == (8, 4, 7, 1)
    assert begun(tmp_path)[key_of("fake", bad[1])] == 3
    assert list(keeping.failures) == [key_of("fake", bad[0])]


def test_two_places_with_one_key_are_one_item(monkeypatch):
    class Same(FakeStudy):
        def item(self, place):
            return super().item(place._replace(point=place.point // 2))

    keeping = FakeKeeping()
    monkeypatch.setattr("fake_studies.FakeWork.__call__", lambda self, places: [_finished(place) for place in places])
    found = run(Same(points=7), keeping)
    assert (found.asked, found.done, found.computed) == (4, 4, 4)
    assert set(keeping.added.values()) == {1}


def _finished(place):
    return Finished(key_of("fake", place._replace(point=place.point // 2)), {})


def test_an_item_that_nobody_asked_for_is_not_kept(monkeypatch):
    keeping = FakeKeeping()
    monkeypatch.setattr("fake_studies.FakeWork.__call__", lambda self, places: [Finished("f" * 32, {}) for _ in places])
    with pytest.raises(RuntimeError, match=f"an item that nobody asked for: {'f' * 32}"):
        run(FakeStudy(), keeping)
    assert not keeping.added


class Interrupting:
    """Sends a signal to this process when so many items are kept, and notes what was kept after it."""

    def __init__(self, keeping, after, number=signal.SIGINT):
        self.keeping, self.after, self.number = keeping, after, number
        self.events, self.flushed = [], None

    def __call__(self, event):
        self.events.append(event["event"])
        if event["event"] == "stopping":
            self.flushed = self.keeping.flushed
        if self.after is not None and len(self.keeping.found) >= self.after:
            self.after = None
            os.kill(os.getpid(), self.number)


@pytest.mark.long
@ENGINES
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_begins_no_chunk_keeps_what_is_finished_and_the_same_again_ends_with_the_same_rows(
    monkeypatch, tmp_path, engine, number
):
    monkeypatch.setattr("nashscape.studies.progress.EVERY", 0.0)
    study = FakeStudy(("cheap", "values"), 60, seconds=0.01, marks=tmp_path)
    keeping = FakeKeeping()
    interrupting = Interrupting(keeping, 5, number)
    usual = signal.getsignal(number)
    found = run(study, keeping, engine, progress=interrupting)
    assert signal.getsignal(number) is usual
    assert found.status is Status.INTERRUPTED
    assert 5 <= found.done < 120
    # what was begun is kept, and nothing else was begun
    assert len(begun(tmp_path)) == found.done == found.computed
    assert interrupting.flushed == 1, "as soon as it is asked to stop"
    assert keeping.flushed == 2
    assert found.note == f"interrupted: {120 - found.done} of 120 items are missing; run the same again for them"
    again = run(study, keeping, engine)
    assert (again.status, again.done, again.computed) == (Status.COMPLETE, 120, 120 - found.done)
    whole = FakeKeeping()
    run(FakeStudy(("cheap", "values"), 60), whole)
    assert keeping.rows() == whole.rows()
    assert set(begun(tmp_path).values()) == {1}


@ENGINES
def test_a_second_ctrl_c_raises_at_once_and_no_worker_stays(monkeypatch, engine):
    monkeypatch.setattr("nashscape.studies.progress.EVERY", 0.0)
    study, keeping = FakeStudy(points=4, seconds=1000.0), FakeKeeping()
    began = time.monotonic()
    seen = []

    def twice(event):
        seen.append(event["event"])
        if (event["event"] == "tick" and "stopping" not in seen and "ready" in seen) or event["event"] == "stopping":
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(study, keeping, engine, progress=twice)
    assert time.monotonic() - began < 100.0, "far less than an item takes"
    assert seen.count("stopping") == 1
    assert keeping.flushed == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_worker_is_deaf_from_its_first_moment():
    """While it imports, before it can say that Ctrl-C is no matter of its."""
    code = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set()))"
    with pool._deaf():
        inside = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (inside.stdout, after.stdout) == ("True\n", "False\n")


def test_workers_are_started_deaf(monkeypatch):
    masks = []

    class Executor:
        def __init__(self, *_, **__):
            pass

        def submit(self, *_):
            masks.append(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set()))

    monkeypatch.setattr(pool, "ProcessPoolExecutor", Executor)
    pool._Process(b"")
    assert masks == [True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@pytest.mark.long
def test_workers_hear_no_ctrl_c_from_the_terminal(tmp_path):
    """Which sends it to all processes of the group."""
    (tmp_path / "marks").mkdir()
    command = [sys.executable, str(Path(__file__).with_name("fake_studies.py")), str(tmp_path), "pool", "200", "0.01"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    while not (tmp_path / "rows.jsonl").exists() or not (tmp_path / "rows.jsonl").read_bytes():
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    status, asked, done, _ = json.loads(output)
    assert (status, process.returncode) == ("interrupted", 0)
    assert 0 < done < asked
    assert (tmp_path / "rows.jsonl").read_bytes().count(b"\n") == done
    assert len(begun(tmp_path / "marks")) == done, "what was begun is finished"
    assert "died" not in (tmp_path / "events.jsonl").read_text()


def test_outside_the_main_thread_signals_are_left_alone(monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    asked = []
    monkeypatch.setattr(signal, "signal", lambda *what: asked.append(what))
    with ThreadPoolExecutor(1) as other:
        found = other.submit(run, FakeStudy(), FakeKeeping()).result()
    assert found.status is Status.COMPLETE
    assert not asked


RULE = Until("share", "CC", width=0.135, most=16)


def replicates(study, keeping):
    """How many of each point are there, from the first on."""
    counts = {}
    for place in study.places():
        there = [key_of(study.name, place._replace(replicate=r)) in keeping.found for r in range(RULE.most)]
        assert there == sorted(there, reverse=True)
        counts[place] = sum(there)
    return counts


def test_replicates_are_added_until_the_interval_is_narrow_by_an_account_of_its_own(tmp_path):
    from scipy.stats import binomtest

    study = FakeStudy(("cheap",), 30, rules={0: RULE}, marks=tmp_path)
    keeping, told = FakeKeeping(), []
    found = run(study, keeping, progress=told.append)
    counts = replicates(study, keeping)
    assert set(counts.values()) <= {1, 2, 4, 8, 16}
    assert len(set(counts.values())) > 1
    for place, count in counts.items():
        for look in (n for n in (1, 2, 4, 8, 16) if n <= count):
            rows = [keeping.found[key_of("fake", place._replace(replicate=r))]["values"] for r in range(look)]
            successes, trials = (round(sum(row[name][0] for row in rows)) for name in ("successes", "trials"))
            exact = binomtest(successes, trials).proportion_ci(1 - 0.05 / 5, method="exact")
            assert (exact.high - exact.low <= RULE.width) == (look == count or count == 16 == look)
    assert found.wide == 0
    looked = [event for event in told if event["event"] == "looked"]
    assert {(event["point"], event["replicates"]) for event in looked if event["narrow"]} == {
        (place.point, count) for place, count in counts.items()
    }
    # looked at again: nothing is asked for
    assert run(study, keeping).computed == 0


def test_a_study_that_was_stopped_or_had_more_replicates_asks_for_the_same_items():
    study = FakeStudy(("cheap", "values"), 12, rules={0: RULE})
    whole = FakeKeeping()
    run(study, whole)
    stopped = FakeKeeping()
    for after in (3, 13, 30, 41, 60, None):
        last = run(study, stopped, progress=Interrupting(stopped, after))
    assert last.status is Status.COMPLETE
    assert stopped.rows() == whole.rows()
    # more replicates than are asked for are not looked at
    more = FakeKeeping()
    run(FakeStudy(("cheap",), 12, replicates=16), more)
    last = run(study, more)
    assert last.done == len(whole.found)
    assert last.computed == 12, "those of the other measurement"


def test_points_that_stay_wide_and_those_with_a_failed_replicate_are_told(tmp_path):
    bad = (Place(0, 1, 2), Place(0, 2, 0))
    wide = Until("share", "CC", width=0.001, most=6)
    study = FakeStudy(("failing",), 4, rules={0: wide}, bad=bad, marks=tmp_path)
    keeping = FakeKeeping()
    found = run(study, keeping)
    assert (found.done, found.failed, found.wide) == (6 + 3 + 0 + 6, 2, 2)
    assert found.note == (
        "2 items failed; the same with `again` tries them once more; at 2 points intervals are still wide: raise `most`"
    )
    assert run(study, keeping).computed == 0
    assert run(study, keeping, again=True).computed == 2
    assert max(begun(tmp_path).values()) == 2
    mended = run(FakeStudy(("failing",), 4, rules={0: wide}, marks=tmp_path), keeping, again=True)
    assert (mended.done, mended.failed, mended.wide) == (24, 0, 4)


@pytest.mark.parametrize(
    ("quantity", "of", "message"),
    [
        (
            "shares",
            "CC",
            r"until shares of CC is known to 0\.1, and 0 rows have it where 3 items .*did you mean 'share of CC",
        ),
        ("share", "", r"these rows have share of CC, share of DD"),
    ],
)
def test_a_rule_for_a_quantity_that_is_not_measured_is_one_error(quantity, of, message):
    with pytest.raises(InputError, match=message):
        run(FakeStudy(points=3, rules={0: Until(quantity, of, 0.1, 4)}), FakeKeeping())


def test_what_was_missing_beside_a_failed_replicate_is_asked_for_all_the_same(tmp_path):
    """Or a study that is interrupted there would end with fewer rows than one that ran through."""
    study = FakeStudy(("failing",), 1, rules={0: Until("share", "CC", 0.001, 4)}, bad=(Place(0, 0, 2),))
    whole = FakeKeeping()
    run(study, whole)
    assert len(whole.found) == 3
    stopped = FakeKeeping()
    for place in (Place(0, 0, 0), Place(0, 0, 1), Place(0, 0, 2)):
        stopped.add(study.work([place]))
    found = run(study, stopped)
    assert (found.computed, found.done, found.failed) == (1, 3, 1)
    assert stopped.rows() == whole.rows()
