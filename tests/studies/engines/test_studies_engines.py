"""Engines: the same rows everywhere, and items that raise, kill their worker or hang fail alone."""

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_studies import FakeKeeping, FakeStudy, key_of

from nashscape.core import InputError, Status
from nashscape.studies.driving import run
from nashscape.studies.engines import working
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.crew import TRIES
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.pool import Pool, died_of
from nashscape.studies.engines.shards import Shard
from nashscape.studies.items import Place
from nashscape.studies.stopping import Until


def ran(study, engine=None, **options):
    keeping = FakeKeeping()
    return run(study, keeping, engine, **options), keeping


@pytest.mark.long
def test_here_pool_and_shards_merged_give_the_same_rows_to_the_last_bit(tmp_path):
    """Case 135 too: shards overlap nowhere, and one that runs once more adds nothing."""
    study = FakeStudy(("cheap", "values", "cheap"), 40, 3, rules={2: Until("share", "CC", 0.15, 16)}, marks=tmp_path)
    whole, here = ran(study, Here())
    assert (whole.status, whole.asked, whole.computed) == (Status.COMPLETE, whole.done, whole.done)
    assert whole.asked > 240 + 40 * 4
    marks = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert {line.split()[0] for text in marks.values() for line in text.splitlines()} == {str(os.getpid())}
    before = os.environ.get("JAX_NUM_CPU_DEVICES")
    _, pool = ran(study, Pool(2))
    assert os.environ.get("JAX_NUM_CPU_DEVICES") == before
    theirs = [path.read_text().removeprefix(marks[path.name]).split() for path in tmp_path.iterdir()]
    # one of both may have done all before the other was ready
    assert str(os.getpid()) not in {who for who, _ in theirs}
    assert 1 <= len({who for who, _ in theirs}) <= 2
    assert {devices for _, devices in theirs} == {"1"}
    merged = FakeKeeping()
    for k in (3, 1, 4, 2, 3):
        run(study, merged, shard=Shard(k, 4))
    assert set(merged.added.values()) == {1}
    assert here.rows() == pool.rows() == merged.rows()
    assert len(here.rows()) == whole.done


@pytest.mark.parametrize("engine", [Here(), Pool(2)], ids=["here", "pool"])
def test_errors_that_the_work_raises_itself_fail_the_item_alone_with_a_traceback(engine):
    bad = (Place(0, 3, 0), Place(0, 11, 0), Place(1, 4, 0))
    found, keeping = ran(FakeStudy(("failing", "raising"), 20, bad=bad), engine)
    assert (found.status, found.done, found.failed) == (Status.UNRESOLVED, 37, 3)
    assert found.note == "3 items failed; the same with `again` tries them once more"
    failures = {place: keeping.failures[key_of("fake", place)] for place in bad}
    assert {place: one.error for place, one in failures.items()} == {
        bad[0]: "no number at point 3",
        bad[1]: "no number at point 11",
        bad[2]: "LookupError: the work itself at point 4",
    }
    assert all("fake_studies.py" in one.traceback and "_table" in one.traceback for one in failures.values())
    assert {one.attempts for one in failures.values()} == {1}


@pytest.mark.long
def test_an_item_that_kills_its_worker_fails_alone_after_bounded_tries_and_the_study_ends(tmp_path):
    bad, told = (Place(0, 0, 0), Place(0, 27, 0)), []
    study = FakeStudy(("dying", "cheap"), 60, bad=bad, marks=tmp_path)
    found, keeping = ran(study, Pool(2), progress=told.append)
    assert (found.done, found.failed, set(keeping.failures)) == (118, 2, {key_of("fake", place) for place in bad})
    for place in bad:
        failure = keeping.failures[key_of("fake", place)]
        assert (failure.attempts, failure.traceback) == (TRIES, "")
        assert "killed by SIGKILL" in failure.error
        assert len((tmp_path / key_of("fake", place)).read_text().splitlines()) == TRIES
    lost = [event for event in told if event["event"] == "died"]
    assert len(lost) == 2 * TRIES
    # all others are there, and went down with it once at most
    whole = ran(FakeStudy(("dying", "cheap"), 60))[1].rows()
    assert keeping.rows() == {key: rows for key, rows in whole.items() if key not in keeping.failures}
    tries = {path.name: len(path.read_text().splitlines()) for path in tmp_path.iterdir()}
    assert max(count for key, count in tries.items() if key not in keeping.failures) <= 2


@pytest.mark.long
def test_an_item_that_killed_its_worker_once_has_the_same_rows(tmp_path):
    bad = tuple(Place(0, point, 0) for point in (0, 9, 10, 33))
    found, keeping = ran(FakeStudy(("dying once",), 40, bad=bad, marks=tmp_path), Pool(2))
    assert (found.status, found.failed) == (Status.COMPLETE, 0)
    assert keeping.rows() == ran(FakeStudy(("cheap",), 40))[1].rows()


@pytest.mark.long
def test_an_item_that_hangs_is_ended_by_its_limit_and_others_go_on():
    began = time.monotonic()
    bad = (Place(0, 0, 0), Place(0, 20, 0))
    found, keeping = ran(FakeStudy(("hanging",), 30, bad=bad), Pool(2, limit=0.4))
    assert time.monotonic() - began < 100.0, "far less than the items would hang"
    assert (found.done, found.failed) == (28, 2)
    assert {(one.error, one.attempts) for one in keeping.failures.values()} == {
        ("the item did not end within 0.4 s", 1)
    }
    assert set(keeping.failures) == {key_of("fake", place) for place in bad}


class Unsendable:
    def __call__(self, places):
        return []

    def __reduce__(self):
        raise TypeError("no way to send a lock")


class Unusable(Unsendable):
    """It can be sent, and not be received."""

    def __reduce__(self):
        return importlib.import_module, ("no_module_of_that_name",)


class Miscounting(Unsendable):
    def __call__(self, places):
        return []


@pytest.mark.parametrize(
    ("work", "engine", "message"),
    [
        (Unsendable(), Pool(1), r"cannot be sent to another process \(no way to send a lock\); define functions"),
        (Unusable(), Pool(2), "no worker can begin: .*no_module_of_that_name.*if __name__ == '__main__'"),
    ],
)
def test_work_that_workers_cannot_begin_with_is_one_error(monkeypatch, work, engine, message):
    monkeypatch.setattr(FakeStudy, "work", work)
    with pytest.raises(InputError, match=message):
        ran(FakeStudy(), engine)


def test_a_chunk_that_takes_long_is_handed_back_after_what_is_finished(monkeypatch, tmp_path):
    study = FakeStudy(("cheap",), 40, 1)
    _, usual = ran(study)
    back, sizes = Chunks.back, []

    def counted(chunks, places):
        sizes.append(len(places))
        back(chunks, places)

    monkeypatch.setattr(Chunks, "back", counted)
    monkeypatch.setattr(working, "LONG", 0.0)  # every chunk takes long
    found, keeping = ran(study)
    assert found.computed == found.done == 40
    assert len(sizes) == 40
    assert max(sizes) >= 3
    for name, own in usual.columns("values").items():
        assert (own == keeping.columns("values")[name]).all()


def test_work_that_gives_another_number_of_items_fails_them(monkeypatch):
    monkeypatch.setattr(FakeStudy, "work", Miscounting())
    found, keeping = ran(FakeStudy(points=3))
    assert (found.done, found.failed) == (0, 3)
    assert {one.error for one in keeping.failures.values()} == {
        "RuntimeError: the work gave 0 items for 1 place; it gives one for each"
    }


@pytest.mark.long
def test_a_script_without_its_guard_ends_with_the_advice_to_put_one(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nsys.path.append({str(Path(__file__).parent)!r})\n"
        "from fake_studies import FakeKeeping, FakeStudy, Pool, run\n"
        "run(FakeStudy(points=2), FakeKeeping(), Pool(1))\n"
    )
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert "InputError: no worker can begin" in last
    assert "`if __name__ == '__main__':`" in last


def test_numbers_of_workers_and_limits_that_cannot_be_are_refused():
    assert Pool().workers >= 1
    for workers in (-1, 1.5, "2", True):
        with pytest.raises(InputError, match="the number of workers must be"):
            Pool(workers)
    for limit in (0.0, -1.0, float("nan"), "1 s"):
        with pytest.raises(InputError, match="the limit of time of an item must be"):
            Pool(1, limit)


def test_deaths_in_words():
    assert died_of(-11) == "its process was killed by SIGSEGV"
    assert died_of(-40) == "its process was killed by signal 40"
    assert died_of(3) == "its process ended with exit code 3"
    assert died_of(None) == "its process died"
