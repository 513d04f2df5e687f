"""One visitor at a time: what its page asks for, and what it is told. The latest scene wins.

The page sends `{"key": number, "scene": {…}}` as text. It is sent messages of bytes: the length of a header, four bytes
with the highest first, the header as JSON, and what goes with it. Every header has the key of the scene that it is of,
so that the page shows nothing of a scene that it has left.
"""

import asyncio
import contextlib
import json
import struct
import threading
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from nashscape.app.desks import Desk, SupersededError
from nashscape.app.parts import LATER, QUICK
from nashscape.app.scenes import Scene, scene_from_data
from nashscape.core import InputError

PAUSE = 0.35
"""Seconds without another scene after which what follows is begun."""


@dataclass
class Asked:
    """A scene that a page asks for.

    Attributes:
        key: the number that the page gave it.
        scene: what is on screen.
        stop: is set where it is on screen no more.
    """

    key: int
    scene: Scene
    stop: threading.Event = field(default_factory=threading.Event)


class Visit:
    """What goes on between a page and a desk, from when it connects until it goes."""

    def __init__(self, socket: WebSocket, desk: Desk) -> None:
        """Of a socket that was accepted."""
        self.socket, self.desk = socket, desk
        self.latest: Asked | None = None
        self._came = {"quick": asyncio.Event(), "later": asyncio.Event()}

    async def attend(self) -> None:
        """Answer until the page goes; nothing of it goes on then."""
        lanes = [asyncio.ensure_future(self._lane("quick", tuple(QUICK))),
                 asyncio.ensure_future(self._lane("later", tuple(LATER)))]  # fmt: skip
        listening = asyncio.ensure_future(self._listen())
        try:
            done, _ = await asyncio.wait([listening, *lanes], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                    task.result()
        finally:
            if self.latest is not None:
                self.latest.stop.set()
            for task in (listening, *lanes):
                task.cancel()
            await asyncio.gather(listening, *lanes, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            text = await self.socket.receive_text()
            try:
                key, scene = read(text)
            except InputError as error:
                await self._tell({"refused": str(error), "key": key_in(text)})
                continue
            if self.latest is not None:
                self.latest.stop.set()
            self.latest = Asked(key, scene)
            for came in self._came.values():
                came.set()

    async def _lane(self, lane: str, names: tuple[str, ...]) -> None:
        """Compute the parts of the latest scene, one after the other; begin again where another one comes."""
        came = self._came[lane]
        while True:
            await came.wait()
            came.clear()
            if lane == "later":
                await self._rested()
                came.clear()
            asked = self.latest
            assert asked is not None, "it is there before anything comes"
            for name in names:
                if lane == "later":
                    await self.desk.quiet()
                if asked.stop.is_set():
                    break
                with contextlib.suppress(SupersededError):
                    found = await self.desk.answer(lane, name, asked.scene, asked.stop)
                    await self._tell({"key": asked.key, "part": name, **found.header()}, found.labels)
            else:
                await self._tell({"key": asked.key, "done": lane})

    async def _rested(self) -> None:
        """Until the page has asked for nothing else for a moment: what is dragged on would be computed in vain."""
        before = None
        while before is not self.latest:
            before = self.latest
            await asyncio.sleep(PAUSE)

    async def _tell(self, header: dict[str, Any], labels: bytes = b"") -> None:
        await self.socket.send_bytes(framed(header, labels))


def framed(header: dict[str, Any], labels: bytes = b"") -> bytes:
    """A message: the length of the header, itself, and bytes.

    >>> framed({"key": 1}, b"ab")
    b'\\x00\\x00\\x00\\t{"key":1}ab'
    """
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    return struct.pack(">I", len(text)) + text + labels


def read(text: str) -> tuple[int, Scene]:
    """The key and the scene of a message.

    Raises:
        InputError: for what is no such message, and scenes that are none.
    """
    data = _json(text)
    if not isinstance(data, dict) or type(data.get("key")) is not int or "scene" not in data:
        raise InputError("a message has a whole number as its key, and a scene")
    return data["key"], scene_from_data(data["scene"])


def scene_in(text: str | bytes) -> Scene:
    """The scene of a text.

    Raises:
        InputError: for what is no scene.
    """
    return scene_from_data(_json(text))


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("a message is JSON; this is none") from None


def key_in(text: str) -> int | None:
    """The key of a message that was refused, where it can be told."""
    with contextlib.suppress(ValueError, AttributeError, RecursionError):
        key = json.loads(text).get("key")
        return key if type(key) is int else None
    return None
