"""Who computes: three threads for all visitors, for what is to come at once, for what follows, and for files.

An answer of a part is kept for who asks for the same next. Work for a scene that is on screen no more is asked to stop,
and what comes of it is dropped.
"""

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from nashscape.app.parts import OF_STARTS, Part, computed
from nashscape.app.scenes import Scene
from nashscape.core import InputError
from nashscape.core.interrupts import asked_by

LOG = logging.getLogger(__name__)

KEPT = 256
"""Answers that are kept."""


LONGEST = 2.0
"""Seconds for which what follows makes way, at most, before each of its parts."""


class SupersededError(Exception):
    """The scene of which something was computed is on screen no more."""


@dataclass(frozen=True)
class Refused:
    """What cannot be computed of a scene, and why."""

    why: str
    labels: bytes = b""

    def header(self) -> dict[str, Any]:
        """What a page is told."""
        return {"none": self.why}


class Desk:
    """Computes parts of scenes, each once while it is kept.

    Attributes:
        computing: how many parts are being computed, or wait for it.
    """

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self.computing = 0
        self._hurried = 0
        self._kept: OrderedDict[tuple[str, Scene], Part | Refused] = OrderedDict()
        self._lock = threading.Lock()
        self._lanes = {lane: ThreadPoolExecutor(1, f"explorer-{lane}") for lane in ("quick", "later", "files")}

    async def answer(self, lane: str, name: str, scene: Scene, stop: threading.Event) -> Part | Refused:
        """A part of a scene, or why there is none.

        Args:
            lane: "quick" or "later".
            name: of the part.
            scene: what is on screen.
            stop: is set where the scene is on screen no more.

        Raises:
            SupersededError: where it was set before the part was computed.
        """
        key = (name, scene if name in OF_STARTS else replace(scene, start=None))
        kept = self._of(key)
        if kept is not None:
            return kept
        self.computing += 1
        self._hurried += lane == "quick"
        try:
            return await asyncio.get_running_loop().run_in_executor(self._lanes[lane], self._compute, key, stop)
        finally:
            self.computing -= 1
            self._hurried -= lane == "quick"

    async def quiet(self) -> None:
        """Until nobody waits for what is to come at once, or for long enough to begin all the same."""
        for _ in range(int(LONGEST / 0.02)):
            if not self._hurried:
                return
            await asyncio.sleep(0.02)

    async def did(self, work: Callable[..., Any], *given: Any) -> Any:
        """What a function gives that makes a file, one after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._lanes["files"], work, *given)

    def close(self) -> None:
        """Begin nothing more."""
        for lane in self._lanes.values():
            lane.shutdown(wait=False, cancel_futures=True)

    def _compute(self, key: tuple[str, Scene], stop: threading.Event) -> Part | Refused:
        kept = self._of(key)
        if kept is not None:
            return kept
        found = stopping(stop, *key)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _of(self, key: tuple[str, Scene]) -> Part | Refused | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]


def stopping(stop: threading.Event, name: str, scene: Scene) -> Part | Refused:
    """A part of a scene, computed in this thread.

    Raises:
        SupersededError: where it was to stop, before or meanwhile; what was computed in part is dropped.
    """
    if stop.is_set():
        raise SupersededError
    try:
        with asked_by(stop):
            found: Part | Refused = computed(name, scene)
    except InputError as error:
        found = Refused(str(error))
    except KeyboardInterrupt:
        raise SupersededError from None
    except Exception as error:  # one part that fails takes neither the others nor other visitors with it
        if stop.is_set():  # half a result is not what is built on
            raise SupersededError from None
        LOG.exception("the part %r of %r failed", name, scene)
        found = Refused(f"this is an error of nashscape, please report it: {type(error).__name__}: {error}")
    if stop.is_set():
        raise SupersededError
    return found
