"""Pages and the server: the latest scene wins, and pages that go leave nothing behind. (Case 139.)"""

import asyncio
import json
import struct
import threading
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from nashscape.app import desks
from nashscape.app.parts import Part
from nashscape.app.visits import framed

SLOW = 3.0


@pytest.fixture
def steady(monkeypatch):
    """Parts that take no time but for λ = 3, which takes until it is let go; and for whom they were begun."""
    let_go, begun = threading.Event(), []

    def compute(name, scene):
        begun.append((name, scene.peer))
        if scene.peer == SLOW and name == "map":
            let_go.wait(5)
        return Part({"name": name, "peer": scene.peer}, b"xyz")

    async def cold(*_):
        pass

    monkeypatch.setattr(desks, "computed", compute)
    monkeypatch.setattr("nashscape.app.serving._warm", cold)
    monkeypatch.setattr("nashscape.app.visits.PAUSE", 0.0)
    yield let_go, begun
    let_go.set()


@pytest.fixture
def server(steady, talk):
    with talk.served() as made:
        yield made


def test_an_old_answer_never_comes_after_a_new_one(server, talk, steady):
    let_go, begun = steady
    with server.page() as page:
        talk.ask(page, 1, peer=SLOW)
        while ("map", SLOW) not in begun:
            time.sleep(0.005)
        talk.ask(page, 2, peer=1.0)
        time.sleep(0.05)
        let_go.set()
        heard = talk.until(page, talk.ended(2))
    assert {own["key"] for own in heard if own.get("part") == "map"} == {2}
    assert [own["told"]["peer"] for own in heard if own.get("part") == "map"] == [1.0]


def test_a_burst_is_answered_for_its_last(server, talk):
    with server.page() as page:
        for key in range(40):
            talk.ask(page, key, peer=1.0 + key / 100)
        heard = talk.until(page, talk.ended(39))
    assert heard[-1]["key"] == 39
    keys = [own["key"] for own in heard]
    assert keys == sorted(keys)
    names = [own["part"] for own in heard if own["key"] == 39 and "part" in own]
    assert len(names) == len(set(names)) > 8


def test_pages_that_go_leave_nothing_and_the_next_hears_everything_once(server, talk, steady):
    let_go, begun = steady
    for k in range(20):
        with server.page() as page:
            talk.ask(page, k, peer=SLOW)
            while ("map", SLOW) not in begun:
                time.sleep(0.002)
    let_go.set()
    deadline = time.monotonic() + 5
    while (server.app.state.visits or server.app.state.desk.computing) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not server.app.state.visits
    assert server.app.state.desk.computing == 0

    left = server.call(lambda: [repr(task) for task in asyncio.all_tasks(server.loop)])
    assert not [task for task in left if "Visit" in task]
    with server.page() as page:
        talk.ask(page, 0, peer=2.0)
        heard = talk.until(page, talk.ended(0))
    parts = [own["part"] for own in heard if "part" in own]
    assert len(parts) == len(set(parts)) == 12


def test_two_pages_do_not_see_each_others_scenes(server, talk):
    with server.page() as one, server.page() as other:
        talk.ask(one, 5, peer=1.0)
        talk.ask(other, 6, peer=2.0)
        ends = [talk.until(one, talk.ended(5)), talk.until(other, talk.ended(6))]
    for heard, key, peer in zip(ends, (5, 6), (1.0, 2.0), strict=True):
        assert {own["key"] for own in heard} == {key}
        assert {own["told"]["peer"] for own in heard if "told" in own} == {peer}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "a message is JSON"),
        ("[" * 5000, "a message is JSON"),
        ("[]", "a whole number as its key"),
        ('{"key": 1}', "a whole number as its key"),
        ('{"key": true, "scene": {}}', "a whole number as its key"),
        ('{"key": 7, "scene": {"peer": 1e308}}', "between -2 and 10"),
        ('{"key": 7, "scene": {"payoffs": [[[1e308, 1], [1, 1]], [[1, 1], [1, 1]]]}}', "between −10⁶ and 10⁶"),
        ('{"key": 7, "scene": {"game": "mine.py:market"}}', "unknown game"),
    ],
)
def test_a_bad_message_is_refused_and_the_page_goes_on(server, talk, text, said):
    with server.page() as page:
        page.send(text)
        header, _ = talk.hear(page)
        assert said in header["refused"]
        assert header["key"] in (None, 1, 7)
        talk.ask(page, 8, peer=1.0)
        assert talk.until(page, talk.ended(8))[-1]["key"] == 8


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9", None])
def test_a_socket_of_another_origin_is_refused(server, origin):
    with pytest.raises(InvalidStatus) as refused, server.page(origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_a_page_that_goes_in_the_middle_of_an_answer_writes_no_traceback(server, talk, caplog, capfd):
    for _ in range(5):
        with server.page() as page:
            talk.ask(page, 1, peer=2.0)
            talk.hear(page)
    time.sleep(0.1)
    assert "Traceback" not in caplog.text + capfd.readouterr().err


def test_more_pages_than_there_is_room_for_are_told(server, talk, monkeypatch):
    monkeypatch.setattr("nashscape.app.pages.VISITORS", 1)
    with server.page() as first:
        talk.ask(first, 1, peer=2.0)
        talk.hear(first)
        with server.page() as second, pytest.raises(ConnectionClosed) as left:
            second.recv(10)
        assert left.value.rcvd.code == 1013


def test_a_frame_is_a_length_a_header_and_bytes():
    data = framed({"key": 1, "word": "κ"}, b"\x00\xff")
    (length,) = struct.unpack(">I", data[:4])
    assert json.loads(data[4 : 4 + length]) == {"key": 1, "word": "κ"}
    assert data[4 + length :] == b"\x00\xff"
    with pytest.raises(ValueError, match="Out of range"):
        framed({"value": float("nan")})
