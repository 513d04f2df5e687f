"""Running a study: what is missing goes to an engine, and what comes back is kept."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from nashscape.core.interrupts import asking_to_stop
from nashscape.core.outcomes import Status
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.interface import Engine
from nashscape.studies.engines.shards import Shard
from nashscape.studies.events import Event, EventLog
from nashscape.studies.items import Finished, Place, Work
from nashscape.studies.keeping import Keeping
from nashscape.studies.looking import look, still_wide
from nashscape.studies.progress import Tally
from nashscape.studies.protocol import Asked

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What asks to stop: Ctrl-C, and what a cluster sends before it kills."""


@dataclass(frozen=True)
class Ran:
    """What came of running a study.

    Attributes:
        status: COMPLETE; UNRESOLVED where items have failed or intervals are wider than asked; INTERRUPTED where some
            are missing because of Ctrl-C.
        asked: items that were asked for, those included that were there before.
        done: how many of them are there.
        failed: how many have failed, now or before.
        computed: how many were worked on this time, the failed ones included.
        wide: points that have as many replicates as there may be, and an interval that is still too wide.
        note: what to do next, in words; empty where there is nothing to do.
    """

    status: Status
    asked: int
    done: int
    failed: int
    computed: int
    wide: int
    note: str


def some_failed(items: int) -> str:
    """That items failed, in words, and what to do."""
    return f"{items} item{'' if items == 1 else 's'} failed; the same with `again` tries them once more"


def run(
    study: Asked,
    keeping: Keeping,
    engine: Engine | None = None,
    work: Work | None = None,
    *,
    again: bool = False,
    shard: Shard | None = None,
    progress: Callable[[Event], None] | None = None,
    log: str | os.PathLike[str] | None = None,
) -> Ran:
    """Work on the items of a study that are missing, until none is or somebody asks to stop.

    The first Ctrl-C (or SIGTERM) lets no further chunk begin, waits for those under way, and keeps what is finished.
    The second one raises.

    Args:
        study: what is asked.
        keeping: what has its results, and takes more.
        engine: where items are worked on; by default in this process.
        work: what works on them; by default that of the study.
        again: whether items that failed before are tried once more.
        shard: the part of the items that is worked on; of a measurement with a stopping rule all replicates of a point
            belong to the part of the first one. By default all items.
        progress: is called with what happens, for people; see `nashscape.studies.progress`.
        log: the path of a file to which what happens is appended, for programs; see `nashscape.studies.events`.

    Raises:
        InputError: where no worker can begin, and for a stopping rule of a quantity that is not measured.
        KeyboardInterrupt: after the second Ctrl-C.
    """
    engine = Here() if engine is None else engine
    with ExitStack() as stack:
        sinks = [] if progress is None else [progress]
        if log is not None:
            sinks.append(stack.enter_context(EventLog(log)))
        drive = _Drive(
            study,
            keeping,
            engine,
            work or study.work,
            again,
            shard,
            Tally(study.name, engine.name, engine.workers, sinks),
        )
        stack.enter_context(asking_to_stop(drive.stop, SIGNALS))
        return drive.all_rounds()


@dataclass
class _Drive:
    """A study while it runs."""

    study: Asked
    keeping: Keeping
    engine: Engine
    work: Work
    again: bool
    shard: Shard | None
    tally: Tally
    stop: threading.Event = field(default_factory=threading.Event)
    asked: set[str] = field(default_factory=set)
    computed: int = 0
    failing: set[str] = field(default_factory=set)  # this time
    open: list[Place] = field(default_factory=list)  # points whose replicates may not be enough
    wide: int = 0

    def all_rounds(self) -> Ran:
        """Round after round, by the same workers: after each one, points that may ask for more are looked at."""
        missing = self._missing(self._fixed())
        missing += self._missing(self._looked())
        self.tally("began", **self._counts())
        if missing:
            self._engine_on(missing)
        self.keeping.flush()
        ran = self._ran(interrupted=self.stop.is_set() and bool(self._left()))
        self.tally("ended", status=ran.status.value, note=ran.note, **self._counts())
        return ran

    def _fixed(self) -> Iterator[Place]:
        """Places of the items that are asked for whatever comes out; the others' points are put on a list."""
        for place in self.study.places():
            if self.shard is None or self.shard.holds(self.study.item(place).key):
                if self.study.until(place.measure) is None:
                    yield place
                else:
                    self.open.append(place)

    def _looked(self) -> Iterator[Place]:
        """Places of replicates that are to be added; points with enough of them are looked at no more."""
        looks, self.open = look(self.study, self.keeping, self.open), []
        for found in looks:
            wanted = [replicate for replicate in found.missing if self._wanted(found.keys[replicate])]
            self.asked.update(key for replicate, key in enumerate(found.keys) if replicate not in wanted)
            if wanted:
                self.open.append(Place(found.measure, found.point, 0))
                yield from (Place(found.measure, found.point, replicate) for replicate in wanted)
            elif found.replicates and not found.missing and not found.narrow:
                self.wide += 1
            if found.replicates:
                low, high = (None, None) if found.estimate is None else (found.estimate.low, found.estimate.high)
                self.tally(
                    "looked", measure=found.measure, point=found.point, replicates=found.replicates,
                    low=low, high=high, narrow=found.narrow,
                )  # fmt: skip

    def _wanted(self, key: str) -> bool:
        """Whether an item that is not there is to be worked on: not where it has failed, now or before."""
        return key not in self.keeping.failures or (self.again and key not in self.failing)

    def _missing(self, places: Iterator[Place]) -> list[Place]:
        """Those that are to be worked on, each key once."""
        done = self.keeping.keys
        found = []
        for place in places:
            key = self.study.item(place).key
            if key not in self.asked:
                self.asked.add(key)
                if key not in done and self._wanted(key):
                    found.append(place)
        return found

    def _more(self) -> list[Place]:
        """What the rows that came ask for."""
        if self.stop.is_set() or not self.open:
            return []
        self.keeping.flush()
        missing = self._missing(self._looked())
        self.tally.ask(len(missing))
        return missing

    def _engine_on(self, missing: Sequence[Place]) -> None:
        chunks = Chunks(missing, lambda place: self.study.item(place).key, self._more)
        self.tally.begin(chunks)
        with closing(self.engine.run(self.work, chunks, self.tally)) as finished:
            for some in finished:
                self._keep(some)
                if self.stop.is_set() and not chunks.closed:
                    chunks.close()
                    self.keeping.flush()
                    self.tally("stopping")
                self.tally("tick")

    def _keep(self, finished: Sequence[Finished]) -> None:
        strangers = [one.key for one in finished if one.key not in self.asked]
        if strangers:
            raise RuntimeError(f"the work gave an item that nobody asked for: {strangers[0]}")
        if finished:
            self.keeping.add(finished)
            self.computed += len(finished)
            self.tally.kept(len(finished))
            for one in finished:
                if one.failure is not None:
                    self.failing.add(one.key)
                    self.tally("failed", item=one.key, error=one.failure.error, attempts=one.failure.attempts)

    def _left(self) -> frozenset[str]:
        return frozenset(self.asked) - self.keeping.keys - self.keeping.failures.keys()

    def _counts(self) -> dict[str, int]:
        done = len(self.asked & self.keeping.keys)
        return {"asked": len(self.asked), "done": done, "failed": len(self.asked & self.keeping.failures.keys())}

    def _ran(self, interrupted: bool) -> Ran:
        counts = self._counts()
        status = Status.UNRESOLVED if counts["failed"] or self.wide else Status.COMPLETE
        note = ""
        if counts["failed"]:
            note = some_failed(counts["failed"])
        if interrupted:
            status = Status.INTERRUPTED
            note = (
                f"interrupted: {len(self._left())} of {counts['asked']} items are missing; run the same again for them"
            )
        elif self.wide:
            note = "; ".join(filter(None, [note, still_wide(self.wide)]))
        return Ran(status, **counts, computed=self.computed, wide=self.wide, note=note)
