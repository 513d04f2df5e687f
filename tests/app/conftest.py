"""A server of the explorer as it is, in a thread, and pages that are programs."""

import asyncio
import http.client
import json
import struct
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import uvicorn
from websockets.sync.client import connect

from nashscape.app.pages import application
from nashscape.app.serving import MOST_TEXT, bound, names_of


class Served:
    """A server: where it is, its application, and its event loop."""

    def __init__(self, server, app, port, loop):
        self.server, self.app, self.port, self.loop = server, app, port, loop

    @property
    def home(self):
        return f"http://127.0.0.1:{self.port}"

    def page(self, origin=""):
        whose = self.home if origin == "" else origin
        return connect(f"ws://127.0.0.1:{self.port}/socket", origin=whose, proxy=None, max_size=None)

    def get(self, path, method="GET", body=None, **headers):
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            talk.request(method, path, body=body, headers=headers)
            answer = talk.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            talk.close()

    def call(self, function):
        async def called():
            return function()

        return asyncio.run_coroutine_threadsafe(called(), self.loop).result(10)


@contextmanager
def served(stores=()):
    listening = bound("127.0.0.1", 0)
    port = listening.getsockname()[1]
    app = application(names_of("127.0.0.1", port), stores)
    config = uvicorn.Config(app, log_level="error", lifespan="on", ws="websockets-sansio", ws_max_size=MOST_TEXT)
    server = uvicorn.Server(config)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve(sockets=[listening])))
    thread.start()
    while not server.started:
        threading.Event().wait(0.005)
    try:
        yield Served(server, app.app, port, loop)
    finally:
        server.should_exit = True
        thread.join(20)
        loop.close()


def ask(page, key, **scene):
    page.send(json.dumps({"key": key, "scene": scene}))


def hear(page, timeout=60):
    data = page.recv(timeout)
    (length,) = struct.unpack(">I", data[:4])
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def until(page, wanted):
    heard = []
    while not heard or not wanted(heard[-1]):
        heard.append(hear(page)[0])
    return heard


def ended(key):
    """Whether all of a scene was told, of both lanes."""
    lanes = set()

    def seen(own):
        if own.get("done") and own["key"] == key:
            lanes.add(own["done"])
        return len(lanes) == 2

    return seen


@pytest.fixture
def talk():
    """How tests talk to a server."""
    return SimpleNamespace(served=served, ask=ask, hear=hear, until=until, ended=ended)


@pytest.fixture
def explorer():
    """A server that computes."""
    with served() as made:
        yield made
