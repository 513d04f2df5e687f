"""What an engine is, and what an engine of several workers needs of one of them."""

from collections.abc import Generator, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple, Protocol

from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.items import Finished, Place, Work


class Tell(Protocol):
    """Takes what happens: a name and what belongs to it."""

    def __call__(self, event: str, **what: Any) -> None:
        """Take an event, which happens now."""
        ...


class Answer(NamedTuple):
    """What a worker gives back for a chunk.

    Attributes:
        finished: the items, in the order of their places; none where the work raised.
        seconds: how long it took.
        compiling: how many of these JAX spent on making programs.
        error: what the work raised, in one line; empty where it raised nothing.
        traceback: of that.
    """

    finished: list[Finished]
    seconds: float
    compiling: float
    error: str = ""
    traceback: str = ""


class Worker(Protocol):
    """What works on one chunk at a time."""

    @property
    def ready(self) -> "Future[Any]":
        """Done once it has imported what the work takes."""
        ...

    def submit(self, places: Sequence[Place]) -> "Future[Answer]":
        """Begin with a chunk; only once ready, and one at a time."""
        ...

    def death(self, error: BaseException) -> str:
        """How the worker died, in words, if this is why a future failed; empty where it is alive."""
        ...

    def end(self, now: bool) -> None:
        """Be no more: now, in the middle of whatever it does, or because nothing is left to do."""
        ...


class Engine(Protocol):
    """Works on the items of a study."""

    @property
    def name(self) -> str:
        """As the command line says it."""
        ...

    @property
    def workers(self) -> int:
        """On how many chunks it works at a time."""
        ...

    def run(self, work: Work, chunks: Chunks, tell: Tell) -> Generator[list[Finished]]:
        """Finished items as they come, in any order, until none is left or under way, and `chunks` refill no more.

        An empty list now and then lets who waits look around. An item that kills its worker, or takes too long, is
        finished with a failure. To be closed, as generators are, by who stops early: workers end then.
        """
        ...
