"""Items in the portions in which they travel to workers: about a second of work each, and smaller near the end."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from nashscape.studies.items import Place

SECONDS = 1.0
"""Of work in a chunk: much more than it takes to send one, little enough to lose."""

LEAST_SECONDS = 0.05
"""Near the end too, so that workers end together and yet do not wait for the next chunk most of the time."""

MOST = 1024
"""Items in a chunk, which bounds what is held before it is stored."""

GROWTH = 4
"""A chunk is at most so many times as large as the last one of the same measurement: first calls compile."""


@dataclass
class _Pace:
    """How fast items of one measurement are."""

    size: int = 0
    seconds: float = 0.0  # an item of late; none known yet where size is 0
    items: int = 0  # all that have been finished
    total: float = 0.0  # how long they took

    @property
    def mean(self) -> float:
        """Seconds of an item, over all that have been finished."""
        return self.total / max(1, self.items)


@dataclass
class Chunks:
    """The items that are not handed out yet, and those that are asked for once these are finished.

    Items of one chunk belong to one measurement, for its calls take about equally long and share programs.

    Attributes:
        places: where the items stand, in the order in which they are handed out.
        key: of the item at a place.
        more: gives the places of further items, once no item is left or under way; none where that was all.
        closed: whether no further one is handed out.

    >>> chunks = Chunks([Place(0, point, 0) for point in range(100)], key=str)
    >>> chunks.take(), chunks.left
    ((Place(measure=0, point=0, replicate=0),), 99)
    >>> chunks.took([Place(0, 0, 0)], seconds=0.1)
    >>> len(chunks.take())
    4
    """

    places: Iterable[Place]
    key: Callable[[Place], str]
    more: Callable[[], Sequence[Place]] = tuple
    closed: bool = False
    _queue: deque[Place] = field(init=False)
    _alone: deque[Place] = field(default_factory=deque, init=False)
    _paces: dict[int, _Pace] = field(default_factory=dict, init=False)
    _left: dict[int, int] = field(default_factory=dict, init=False)
    _out: dict[int, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._queue = deque()
        self._add(self.places)
        self.places = ()  # what is handed out is not held twice

    def _add(self, places: Iterable[Place]) -> None:
        for place in places:
            self._queue.append(place)
            self._left[place.measure] = self._left.get(place.measure, 0) + 1

    def refill(self) -> bool:
        """Ask for further items, now that all are finished; whether there are any."""
        if not self.closed:
            self._add(self.more())
        return bool(self.left)

    @property
    def left(self) -> int:
        """How many can still be handed out."""
        return 0 if self.closed else len(self._queue) + len(self._alone)

    @property
    def first_calls(self) -> bool:
        """Whether only calls of kinds are under way of which none has come to its end: they may be compiling."""
        under_way = {measure for measure, count in self._out.items() if count}
        return bool(under_way) and not under_way & self._paces.keys()

    def seconds_left(self) -> tuple[float, float, bool]:
        """How long the items that are left or under way take one worker, and whether this is known of all of them.

        Items of a measurement may become slower or faster along a study, with a setting that varies. Therefore there
        are two times, less and more: with the mean cost of its items so far, and with that of the last ones.
        """
        counts = {measure: count + self._out.get(measure, 0) for measure, count in self._left.items()}
        known = [(self._paces[measure], count) for measure, count in counts.items() if measure in self._paces]
        least = sum(min(pace.mean, pace.seconds) * count for pace, count in known)
        most = sum(max(pace.mean, pace.seconds) * count for pace, count in known)
        return least, most, all(measure in self._paces for measure, count in counts.items() if count)

    def take(self, workers: int = 1) -> tuple[Place, ...]:
        """The next chunk, for one of so many workers; empty where none is left."""
        if self.closed or not (self._alone or self._queue):
            return ()
        if self._alone:
            taken = [self._alone.popleft()]
        else:
            taken, size = [], self._size(workers)
            measure = self._queue[0].measure
            while self._queue and len(taken) < size and self._queue[0].measure == measure:
                taken.append(self._queue.popleft())
        self._left[taken[0].measure] -= len(taken)
        self._out[taken[0].measure] = self._out.get(taken[0].measure, 0) + len(taken)
        return tuple(taken)

    def _size(self, workers: int) -> int:
        pace = self._paces.get(self._queue[0].measure)
        if pace is None:
            return 1
        wanted = min(SECONDS / max(pace.seconds, 1e-9), pace.size * GROWTH, MOST)
        if workers > 1:  # the more there is left, the more at a time
            fair = ceil(len(self._queue) / (2 * workers))
            wanted = min(wanted, max(fair, LEAST_SECONDS / max(pace.seconds, 1e-9)))
        return max(1, int(wanted))

    def took(self, places: Sequence[Place], seconds: float) -> None:
        """A chunk took so long, not counting what was compiled."""
        self._out[places[0].measure] -= len(places)
        pace = self._paces.setdefault(places[0].measure, _Pace())
        each = seconds / len(places)
        # the last chunk counts as much as all before it: items become slower or faster along a study
        pace.seconds = each if pace.size == 0 else (pace.seconds + each) / 2
        pace.items, pace.total = pace.items + len(places), pace.total + seconds
        pace.size = max(len(places), pace.size // GROWTH)

    def again(self, places: Sequence[Place]) -> None:
        """Hand these out once more, each by itself and before all others: one of them may have killed a worker."""
        self._alone.extend(places)
        for place in places:
            self._left[place.measure] += 1
        self.given_up(places)

    def back(self, places: Sequence[Place]) -> None:
        """These were not begun: they are the next to be handed out."""
        self._queue.extendleft(reversed(places))
        for place in places:
            self._left[place.measure] += 1
        self.given_up(places)

    def given_up(self, places: Sequence[Place]) -> None:
        """These are under way no more."""
        for place in places:
            self._out[place.measure] -= 1

    def close(self) -> None:
        """Hand out no more chunks."""
        self.closed = True
