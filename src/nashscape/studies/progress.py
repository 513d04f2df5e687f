"""What a running study tells: counts, stages, rate and time left; as events for programs and lines for people."""

import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from nashscape.core.checks import choice
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.events import Event

EVERY = 1.0
"""Seconds between two events that tell how far it is."""

WINDOW = 60.0
"""Seconds over which a rate is measured."""

ALIKE = 1.5
"""Two times left that differ by less than this factor are told as one."""

LINES_EVERY = 10.0
"""Seconds between two lines that tell how far it is, where lines stay."""


class Tally:
    """Counts what happens and hands it on; engines tell it (see `Tell`), and the driver.

    A study is importing until a worker is ready, compiling while only first calls of measurements are under way, and
    running otherwise. Seconds of each stage, and of compilers as JAX counts them, come with the last event.
    """

    def __init__(self, study: str, engine: str, workers: int, sinks: Sequence[Callable[[Event], None]]) -> None:
        """For a study of this name on an engine; `sinks` take the events."""
        self._who = {"study": study, "engine": engine, "workers": workers}
        self._sinks = sinks
        self._chunks: Chunks | None = None
        self._workers = workers
        self._ready = False
        self._items = self._of = 0
        self._told = (0.0, 0)  # when, and how many items there were
        self._marks: deque[tuple[float, int]] = deque()
        self._stages: dict[str, float] = {"importing": 0.0, "compiling": 0.0, "running": 0.0}
        self._compilers = 0.0
        self._last = time.monotonic()

    def begin(self, chunks: Chunks) -> None:
        """An engine begins with these."""
        self._chunks, self._of = chunks, chunks.left
        self._last = time.monotonic()

    def ask(self, items: int) -> None:
        """So many more are asked for."""
        self._of += items

    def kept(self, items: int) -> None:
        """So many more are finished."""
        self._items += items

    @property
    def stage(self) -> str:
        """What is going on: "importing", "compiling" or "running"."""
        if not self._ready:
            return "importing"
        return "compiling" if self._chunks is not None and self._chunks.first_calls else "running"

    def __call__(self, event: str, **what: Any) -> None:
        """Count an event, which happens now."""
        now = time.monotonic()
        if self._chunks is not None:
            self._stages[self.stage] += now - self._last
        self._last = now
        if event == "worked":
            self._compilers += what["compiling"]
        elif event == "tick":
            self._tick(now)
        else:
            self._ready |= event == "ready"
            if event == "began":
                what = self._who | what
            elif event == "ended":
                self._chunks = None
                seconds = {name: round(value, 3) for name, value in self._stages.items()}
                what |= {"seconds": seconds, "compilers": round(self._compilers, 3)}
            self._hand_on(event, what)

    def _tick(self, now: float) -> None:
        if now - self._told[0] < EVERY:
            return
        news = self._items != self._told[1]
        self._told = (now, self._items)
        if self.stage == "running":
            self._marks.append((now, self._items))
        while self._marks and now - self._marks[0][0] > WINDOW:
            self._marks.popleft()
        self._hand_on("progress" if news else "tick", self._far())

    def _far(self) -> dict[str, Any]:
        """How far it is: null where a number is not known."""
        rate = None
        if len(self._marks) > 1:
            (since, before), (now, items) = self._marks[0], self._marks[-1]
            rate = (items - before) / (now - since)
        least, left, known = (0.0, 0.0, False) if self._chunks is None else self._chunks.seconds_left()
        at_work = max(1, min(self._workers, self._of - self._items))
        return {
            "stage": self.stage,
            "items": self._items,
            "of": self._of,
            "rate": rate,
            "seconds_left": left / at_work if known or left else None,
            "seconds_left_least": least / at_work if known or left else None,
            "at_least": not known,
        }

    def _hand_on(self, event: str, what: dict[str, Any]) -> None:
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for sink in self._sinks:
            sink({"time": stamp, "event": event, **what})


def shown(how: str, stream: TextIO | None = None) -> Callable[[Event], None] | None:
    """What shows progress to people, on stderr or another stream.

    Args:
        how: "bar" for one line that is written over, "lines" for a line per event, "auto" for a bar where a person is
            looking and lines where nobody is, "quiet" for nothing.
        stream: where to; by default stderr.

    Raises:
        InputError: for another word.
    """
    how = choice(how, "way to show progress", ("auto", "bar", "lines", "quiet"))
    stream = sys.stderr if stream is None else stream
    if how == "quiet":
        return None
    return Bar(stream) if how == "bar" or (how == "auto" and stream.isatty()) else Lines(stream)


class Lines:
    """A line per event; how far it is only now and then."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told = -LINES_EVERY

    def __call__(self, event: Event) -> None:
        """Write the line of an event."""
        if event["event"] in ("tick", "progress"):
            if time.monotonic() - self._told < LINES_EVERY:
                return
            self._told = time.monotonic()
        print(sentence(event), file=self._stream, flush=True)


class Bar:
    """One line that says how far it is, written over; what is to stay is written above it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._length = 0

    def __call__(self, event: Event) -> None:
        """Show an event."""
        text = sentence(event)
        passing = event["event"] in ("tick", "progress", "ready", "looked")
        self._stream.write("\r" + text.ljust(self._length) + ("" if passing else "\n"))
        self._stream.flush()
        self._length = len(text) if passing else 0


def sentence(event: Event) -> str:
    """An event in words.

    >>> sentence({"event": "progress", "stage": "running", "items": 1234, "of": 4410, "rate": 56.2,
    ...           "seconds_left": 57.1, "at_least": False})
    'running: 1,234 of 4,410 (27 %), 56.2 items/s, 57 s left'
    >>> sentence({"event": "progress", "stage": "running", "items": 60, "of": 80, "rate": 2.1,
    ...           "seconds_left": 130.0, "seconds_left_least": 20.0, "at_least": False})
    'running: 60 of 80 (75 %), 2.1 items/s, 20 s to 2 min 10 s left'
    >>> sentence({"event": "tick", "stage": "compiling", "items": 0, "of": 4410, "rate": None,
    ...           "seconds_left": None, "at_least": True})
    'compiling: none of 4,410 items yet'
    """
    name = event["event"]
    if name in ("tick", "progress"):
        return f"{event['stage']}: {_far(event)}"
    told = {
        "began": "{study}: {done} of {asked} items are there; the rest with engine {engine}, workers: {workers}",
        "ready": "a worker is ready after {seconds:.1f} s",
        "died": "a worker is lost with {items} items under way: {error}",
        "failed": "item {item} failed: {error}",
        "looked": "measurement {measure}, point {point}: {interval} after {replicates} replicates",
        "stopping": "stopping after the items under way; Ctrl-C once more leaves at once",
        "ended": "{status}: {done} of {asked} items, {failed} failed{rest}",
    }
    rest = f"; {event['note']}" if event.get("note") else ""
    low, high = event.get("low"), event.get("high")
    interval = "no interval" if low is None else f"from {low:.4g} to {high:.4g}"
    return told[name].format(**{**event, "rest": rest, "interval": interval})


def _far(event: Event) -> str:
    if not event["items"]:
        return f"none of {event['of']:,} items yet"
    parts = [f"{event['items']:,} of {event['of']:,} ({100 * event['items'] // event['of']} %)"]
    if event["rate"]:
        parts.append(f"{event['rate']:.3g} items/s")
    if event["seconds_left"] is not None:
        parts.append(f"{'at least ' if event['at_least'] else ''}{_left(event)} left")
    return ", ".join(parts)


def _left(event: Event) -> str:
    """One time, or two where the last items were much faster or slower than those before."""
    least, most = event.get("seconds_left_least"), event["seconds_left"]
    if least is None or most <= ALIKE * least or duration(least) == duration(most):
        return duration(most)
    return duration(least) if event["at_least"] else f"{duration(least)} to {duration(most)}"


def duration(seconds: float) -> str:
    """Seconds in words.

    >>> duration(57.1), duration(200), duration(7400), duration(200000)
    ('57 s', '3 min 20 s', '2 h 3 min', '2 d 7 h')
    """
    whole = round(seconds)
    for large, small, names in ((86400, 3600, "d h"), (3600, 60, "h min"), (60, 1, "min s")):
        if whole >= large:
            first, second = names.split()
            return f"{whole // large} {first} {whole % large // small} {second}"
    return f"{whole} s"
