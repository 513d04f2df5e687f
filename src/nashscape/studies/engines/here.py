"""In this process: beside a main thread that waits, so that Ctrl-C finds somebody at home."""

import threading
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.crew import Crew
from nashscape.studies.engines.interface import Answer, Tell
from nashscape.studies.engines.working import answer, prepare
from nashscape.studies.items import Finished, Place, Work


@dataclass(frozen=True)
class Here:
    """All items in this process, one after the other, with as many JAX devices as it has."""

    name = "here"
    workers = 1

    def run(self, work: Work, chunks: Chunks, tell: Tell) -> Generator[list[Finished]]:
        """See `Engine.run`."""
        yield from Crew(lambda: _Thread(work), 1, chunks, tell).run()


class _Thread:
    """A worker that cannot die alone, and cannot be ended in the middle of an item."""

    def __init__(self, work: Work) -> None:
        self.ready: Future[Any] = Future()
        self._work = work
        self._asked: SimpleQueue[tuple[Sequence[Place], Future[Answer]] | None] = SimpleQueue()
        # a second Ctrl-C leaves without it
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        _into(self.ready, lambda: prepare(self._work))
        while (asked := self._asked.get()) is not None:
            places, future = asked
            _into(future, lambda places=places: answer(self._work, places))

    def submit(self, places: Sequence[Place]) -> "Future[Answer]":
        """See `Worker.submit`."""
        future: Future[Answer] = Future()
        self._asked.put((places, future))
        return future

    def death(self, error: BaseException) -> str:
        """See `Worker.death`."""
        return ""

    def end(self, now: bool) -> None:
        """See `Worker.end`."""
        self._asked.put(None)


def _into(future: "Future[Any]", made: Any) -> None:
    try:
        future.set_result(made())
    except BaseException as error:  # whatever it is, who waits for the future is told
        future.set_exception(error)
