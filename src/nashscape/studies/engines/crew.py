"""Several workers that may die: chunks handed out, worked on again where a worker died, and given up in the end."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any

from nashscape.core.errors import InputError
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.interface import Answer, Tell, Worker
from nashscape.studies.items import Failure, Finished, Place

TRIES = 3
"""So often a worker may die of an item."""

HEARTBEAT = 0.2
"""Seconds after which who waits may look around."""


@dataclass(eq=False)
class _Seat:
    """A worker and what it does: at first it gets ready."""

    worker: Worker
    future: "Future[Any] | None"
    places: tuple[Place, ...] = ()
    since: float = field(default_factory=time.monotonic)


@dataclass
class Crew:
    """Workers of one kind.

    Attributes:
        hire: a new worker.
        count: how many there are at most.
        chunks: what they work on.
        tell: takes "ready" (a worker is), and "died" (how, and with how many items).
        limit: seconds that an item may take; None for as many as it will.
    """

    hire: Callable[[], Worker]
    count: int
    chunks: Chunks
    tell: Tell
    limit: float | None = None
    _seats: list[_Seat] = field(default_factory=list, init=False)
    _tried: "Counter[Place]" = field(default_factory=Counter, init=False)
    _stillborn: int = field(default=0, init=False)

    def run(self) -> Generator[list[Finished]]:
        """See `Engine.run`."""
        done = False
        try:
            while True:
                self._hand_out()
                busy = {seat.future: seat for seat in self._seats if seat.future is not None}
                # who only gets ready is not waited for where nothing is left to do
                if not self.chunks.left and not any(seat.places for seat in self._seats):
                    if self.chunks.refill():
                        continue
                    break
                ended, _ = wait(busy, timeout=self._patience(), return_when=FIRST_COMPLETED)
                for future in ended:
                    yield self._ended(busy[future])
                for seat in self._late():
                    yield self._overdue(seat)
                if not ended:
                    yield []
            done = True
        finally:
            for seat in self._seats:
                seat.worker.end(now=not done or seat.future is not None)

    def _hand_out(self) -> None:
        """To each worker that waits its next chunk, and a worker for each chunk that would wait."""
        for seat in self._seats:
            if seat.future is None and (places := self.chunks.take(self.count)):
                seat.places, seat.since = places, time.monotonic()
                seat.future = seat.worker.submit(places)
        starting = sum(seat.future is not None and not seat.places for seat in self._seats)
        for _ in range(min(self.count - len(self._seats), self.chunks.left - starting)):
            worker = self.hire()
            self._seats.append(_Seat(worker, worker.ready))

    def _patience(self) -> float:
        """Seconds until somebody has to look."""
        if self.limit is None:
            return HEARTBEAT
        ends = [seat.since + self.limit - time.monotonic() for seat in self._seats if seat.places]
        return max(0.0, min([HEARTBEAT, *ends]))

    def _ended(self, seat: _Seat) -> list[Finished]:
        future, seat.future = seat.future, None
        places, seat.places = seat.places, ()
        assert future is not None
        error = future.exception()
        if error is not None:
            return self._failed(seat, places, error)
        if not places:
            self._stillborn = 0
            self.tell("ready", seconds=time.monotonic() - seat.since)
            return []
        found: Answer = future.result()
        if found.error:
            return self._again(places, found.error, found.traceback, final=True)
        done = places[: len(found.finished)]
        self.chunks.back(places[len(done) :])
        self.chunks.took(done, found.seconds - found.compiling)
        self.tell("worked", items=len(done), seconds=found.seconds, compiling=found.compiling)
        return found.finished

    def _failed(self, seat: _Seat, places: tuple[Place, ...], error: BaseException) -> list[Finished]:
        death = seat.worker.death(error)
        if death:
            self._dismiss(seat, death, len(places))
        if not places:
            self._stillborn += 1
            if not death or self._stillborn >= TRIES * self.count:
                raise InputError(
                    f"no worker can begin: {death or error}. In a script, what runs a study stands under `if __name__ "
                    "== '__main__':`, for each worker imports the script; and what the study takes must be installed "
                    "where workers are"
                ) from error
        # an answer that cannot be sent back is a fault of the items in it
        told = death or " ".join(f"{type(error).__name__}: {error}".split())
        return self._again(places, told, "", final=not death)

    def _late(self) -> list[_Seat]:
        if self.limit is None:
            return []
        now = time.monotonic()
        return [seat for seat in self._seats if seat.places and now - seat.since >= self.limit]

    def _overdue(self, seat: _Seat) -> list[Finished]:
        """Of several items it is not known which one took so long, so each gets its own time."""
        places, seat.places = seat.places, ()
        self._dismiss(seat, f"did not end within {self.limit:g} s", len(places))
        return self._again(places, f"the item did not end within {self.limit:g} s", "", final=True)

    def _dismiss(self, seat: _Seat, death: str, items: int) -> None:
        seat.worker.end(now=True)
        self._seats.remove(seat)
        self.tell("died", error=death, items=items)

    def _again(self, places: tuple[Place, ...], error: str, trace: str, final: bool) -> list[Finished]:
        """Hand out these once more, each by itself, or say that there is no result of the only one."""
        self._tried.update(places)
        if len(places) == 1 and (final or self._tried[places[0]] >= TRIES):
            # one that cannot but fail again is not tried again; with others beside it does not count
            failure = Failure(error, trace, 1 if final else self._tried[places[0]])
            self.chunks.given_up(places)
            return [Finished(self.chunks.key(places[0]), failure=failure)]
        self.chunks.again(places)
        return []
