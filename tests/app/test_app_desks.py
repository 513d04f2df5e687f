"""What is asked for last is what is shown; what is left stops, and takes nothing of others with it."""

import asyncio
import threading
import time

import pytest

from nashscape.app import desks, parts
from nashscape.app.desks import Desk, Refused, SupersededError
from nashscape.app.parts import Part
from nashscape.app.scenes import Scene
from nashscape.core import InputError
from nashscape.core.interrupts import asked_to_stop, beside


@pytest.fixture
def counted(monkeypatch):
    """Parts that say their scene, and are counted."""
    made = []

    def compute(name, scene):
        made.append((name, scene.peer))
        if scene.peer == 9:
            raise InputError("nine is too many")
        if scene.peer == 8:
            raise ZeroDivisionError("a mistake")
        return Part({"peer": scene.peer})

    monkeypatch.setattr(desks, "computed", compute)
    return made


def answered(*asked):
    """What a desk gives, one after the other."""

    async def all_of_them():
        desk = Desk()
        try:
            return [await desk.answer("quick", name, scene, threading.Event()) for name, scene in asked]
        finally:
            desk.close()

    return asyncio.run(all_of_them())


def test_an_answer_is_computed_once(counted):
    first, again = answered(("map", Scene(peer=1.0)), ("map", Scene(peer=1.0)))
    assert first is again
    assert counted == [("map", 1.0)]


def test_where_a_run_starts_changes_no_map(counted):
    answered(("map", Scene()), ("map", Scene(start=(0.5, 0.5))), ("run", Scene()), ("run", Scene(start=(0.5, 0.5))))
    assert [name for name, _ in counted] == ["map", "run", "run"]
    assert set(parts.OF_STARTS) <= {*parts.QUICK, *parts.LATER}


def test_what_cannot_be_computed_says_why_and_errors_take_nothing_with_them(counted, caplog):
    bad, wrong, good = answered(*(("map", Scene(peer=peer)) for peer in (9.0, 8.0, 1.0)))
    assert bad == Refused("nine is too many")
    assert "error of nashscape" in wrong.why
    assert "ZeroDivisionError" in caplog.text
    assert good.told == {"peer": 1.0}


def test_no_more_than_so_many_answers_are_kept(counted, monkeypatch):
    monkeypatch.setattr(desks, "KEPT", 2)
    answered(*(("map", Scene(peer=peer)) for peer in (1.0, 2.0, 3.0, 1.0)))
    assert [peer for _, peer in counted] == [1.0, 2.0, 3.0, 1.0]


def test_work_that_is_superseded_stops_between_its_blocks(monkeypatch):
    blocks = []

    def compute(name, scene):
        for _ in range(1000):
            beside(lambda: (blocks.append(1), time.sleep(0.005)))
        return Part({})

    monkeypatch.setattr(desks, "computed", compute)
    stop = threading.Event()

    async def left():
        desk = Desk()
        task = asyncio.ensure_future(desk.answer("later", "map", Scene(), stop))
        await asyncio.sleep(0.1)
        stop.set()
        with pytest.raises(SupersededError):
            await task
        assert desk.computing == 0
        desk.close()

    asyncio.run(left())
    assert 0 < len(blocks) < 200
    assert not asked_to_stop()


def test_a_part_of_a_result_is_no_answer(monkeypatch):
    """A verb that is stopped gives what is done; that is not what was asked."""
    stop = threading.Event()

    def compute(name, scene):
        stop.set()
        return Part({"half": True})

    monkeypatch.setattr(desks, "computed", compute)
    with pytest.raises(SupersededError):
        desks.stopping(stop, "map", Scene())


def test_what_fails_on_half_a_result_is_no_error(monkeypatch, caplog):
    stop = threading.Event()

    def compute(name, scene):
        stop.set()
        raise IndexError("of a list that was cut short")

    monkeypatch.setattr(desks, "computed", compute)
    with pytest.raises(SupersededError):
        desks.stopping(stop, "map", Scene())
    assert not caplog.text
