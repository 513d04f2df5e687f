"""Ctrl-C that asks to stop: what takes long goes on beside a thread that waits, and what was done by then is kept.

Compiled work cannot be ended, and an exception raised while it runs comes late, or is lost in a callback. So whoever
waits for it leaves it alone once somebody has asked to stop; what comes of it later is dropped.
"""

import _thread
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import update_wrapper
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, cast

from nashscape.core.side_threads import Made, begun

T = TypeVar("T")
P = ParamSpec("P")

USUAL: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
"""What happens where nobody has said anything else."""

UNHEARD = 0.7
"""Seconds after which Ctrl-C that has ended nothing is taken for a second one."""

PATIENCE = 0.02
"""Seconds between two looks at whether somebody has asked to stop."""


@dataclass
class Place:
    """Where somebody waits who may be asked to stop.

    Attributes:
        asked: whether they were.
        twice: whether they were asked again, and leave with nothing.
        heard: whether that has ended anything; a signal that has not is not lost, see `_waiting`.
        told: what else is set where they are asked.
        at_once: whether the main thread is stopped where it is, and not where it next looks: while it runs code of the
            user's, which looks at nothing.
        deaf: whether no signal comes here: in a thread of the user's, or under somebody else's handler.
        insists: whether what has ended nothing within `UNHEARD` seconds stops the main thread where it is.
        over: whether nobody waits here any more.
    """

    asked: threading.Event = field(default_factory=threading.Event)
    twice: bool = False
    heard: bool = False
    told: list[threading.Event] = field(default_factory=list)
    at_once: bool = False
    deaf: bool = False
    insists: bool = False
    over: bool = False

    def stop(self, number: int, frame: Any) -> None:
        """Handle a signal: ask for a stop, and raise where that was asked for before."""
        self.twice = self.asked.is_set()
        self.asked.set()
        for one in self.told:
            one.set()
        if self.twice or self.at_once:
            self.heard = True
            signal.default_int_handler(number, frame)
        if self.insists:
            # no lock is taken, as `threading` would: the main thread may hold it
            _thread.start_new_thread(self._insist, ())

    def _insist(self) -> None:
        time.sleep(UNHEARD)
        if not (self.heard or self.over):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def check(self) -> None:
        """Raise KeyboardInterrupt where somebody has asked to stop."""
        if self.asked.is_set():
            self.heard = True
            raise KeyboardInterrupt


_PLACE: ContextVar[Place | None] = ContextVar("_PLACE", default=None)
_BESIDE: ContextVar[bool] = ContextVar("_BESIDE", default=False)


class Stop:
    """What `until_stopped` gives: whether what is inside ended early."""

    early = False


@contextmanager
def until_stopped(nothing: Callable[[], bool] = lambda: False) -> Iterator[Stop]:
    """What is inside ends early where somebody asks to stop, at the next block of work; what it did by then stays.

    Args:
        nothing: whether nothing at all was done; KeyboardInterrupt then goes on, as it does after a second Ctrl-C.

    Example:
        >>> done = []
        >>> with until_stopped(lambda: not done) as stop:
        ...     for k in range(4):
        ...         done.append(beside(lambda k=k: k**2))
        ...         if k == 2:
        ...             raise KeyboardInterrupt
        >>> done, stop.early
        ([0, 1, 4], True)
    """
    stop = Stop()
    with _waiting() as place:
        try:
            yield stop
        except KeyboardInterrupt:
            place.asked.set()  # also where not a signal but a function of the user's raised it
            place.heard = True
            if place.twice or nothing():
                raise
            stop.early = True


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """What is inside is of no use in part: where somebody asks to stop meanwhile, KeyboardInterrupt is raised at its
    end at the latest. For verbs that call verbs."""
    with _waiting() as place:
        yield
        place.check()


def stoppable(function: Callable[P, T]) -> Callable[P, T]:
    """A verb in all of which Ctrl-C asks to stop, and is not raised where it might be lost; a decorator.

    What takes long in it is done beside, or looks at whether it is to stop.
    """
    waiting = _waiting

    def waited(*args: P.args, **options: P.kwargs) -> T:
        with waiting():
            return function(*args, **options)

    # with the globals of its own module, in which examples are looked for; all that it needs itself is in its closure
    made = FunctionType(waited.__code__, function.__globals__, function.__name__, None, waited.__closure__)
    return cast(Callable[P, T], update_wrapper(made, function))


def asked_to_stop() -> bool:
    """Whether somebody has asked to stop; who looks here stops by itself."""
    place = _PLACE.get()
    if place is None or not place.asked.is_set():
        return False
    place.heard = True
    return True


def check_stop() -> None:
    """Raise KeyboardInterrupt where somebody has asked to stop; for loops of many short turns."""
    if asked_to_stop():
        raise KeyboardInterrupt


def beside(work: Callable[[], T]) -> T:
    """What some work gives, which is done in a thread of its own while this one waits.

    It has the caller's context variables and JAX's contexts, such as `jax.enable_x64`; what it raises is raised here.
    Where nobody could ask to stop, in a thread of the user's or under somebody else's handler of signals, it is done
    here, as is what belongs to other work that is done beside.

    Raises:
        KeyboardInterrupt: where somebody asks to stop before it ends; it is left to itself then.

    Example:
        >>> beside(lambda: 6 * 7)
        42
    """
    with _waiting() as place:
        place.check()
        if place.deaf or _BESIDE.get():
            return work()
        return _left_alone(work, place)


def in_turn(items: Iterable[T]) -> Iterator[T]:
    """Items one by one, each made beside; see `beside`.

    >>> list(in_turn(k**2 for k in range(3)))
    [0, 1, 4]
    """
    rest, end = iter(items), object()
    while (made := beside(lambda: next(rest, end))) is not end:
        yield cast(T, made)


@contextmanager
def finishing() -> Iterator[None]:
    """What is inside is made of what was done, and waited for although somebody has asked to stop; but once only."""
    place = _PLACE.get()
    token = _PLACE.set(None if place is None else Place(deaf=place.deaf))
    try:
        yield
    finally:
        _PLACE.reset(token)


@contextmanager
def stopped_at_once() -> Iterator[None]:
    """Ctrl-C stops what is inside wherever it is: code of the user's, which may take its time."""
    place = _PLACE.get()
    if place is None:
        yield
        return
    place.check()
    place.at_once = True
    try:
        yield
    finally:
        place.at_once = False


def waited_for(work: Callable[[], T], place: Place, grace: float) -> T:
    """What all the work of a program gives: the main thread does nothing but wait for it, and for signals.

    Args:
        work: looks by itself at whether it is to stop, as all that uses this module does.
        place: where signals ask it to stop.
        grace: seconds that it has once it was asked.

    Raises:
        KeyboardInterrupt: where it took longer, or was asked twice.
    """

    def look(made: Made) -> None:
        if place.asked.is_set() and not made.done.wait(grace):
            raise KeyboardInterrupt

    with asking(place):
        made = _watched(work, _PLACE, place, look)
    given: T = made.given()
    return given


@contextmanager
def asking(place: Place, signals: Sequence[signal.Signals] = (signal.SIGINT,)) -> Iterator[None]:
    """Signals ask those at a place to stop. Handlers of others are left alone."""
    ours = [one for one in signals if signal.getsignal(one) is USUAL[one]]
    for one in ours:
        signal.signal(one, place.stop)
    try:
        yield
    finally:
        place.over = True
        for one in ours:
            signal.signal(one, USUAL[one])


@contextmanager
def asked_by(asked: threading.Event) -> Iterator[None]:
    """What is inside, in a thread to which no signal comes, is asked to stop where somebody sets an event.

    >>> asked = threading.Event()
    >>> asked.set()
    >>> with asked_by(asked):
    ...     asked_to_stop()
    True
    """
    token = _PLACE.set(Place(asked, deaf=True))
    try:
        yield
    finally:
        _PLACE.reset(token)


@contextmanager
def asking_to_stop(asked: threading.Event, signals: Sequence[signal.Signals] = (signal.SIGINT,)) -> Iterator[None]:
    """Let signals set an event, and do nothing else; a second one raises KeyboardInterrupt.

    Outside the main thread, where no signal arrives, it is set together with those who wait for this thread.

    Args:
        asked: is set by the first of the signals.
        signals: which ask. SIGTERM is what clusters send some time before they kill.
    """
    if threading.current_thread() is threading.main_thread():
        with asking(Place(asked), signals):
            yield
        return
    place = _PLACE.get()
    if place is not None:
        place.told.append(asked)
        if place.asked.is_set():
            asked.set()
    yield


@contextmanager
def _waiting() -> Iterator[Place]:
    """The place that there is, else one that Ctrl-C finds, where it comes here and is nobody's."""
    outer = _PLACE.get()
    if outer is not None:
        yield outer
        return
    place = Place(deaf=not _is_ours(), insists=True)
    token = _PLACE.set(place)
    try:
        with nullcontext() if place.deaf else asking(place):
            yield place
    finally:
        _PLACE.reset(token)
    if not place.heard:
        place.check()  # it came when all was done: who called is to know of it


def _is_ours() -> bool:
    here = threading.current_thread() is threading.main_thread()
    return here and signal.getsignal(signal.SIGINT) is USUAL[signal.SIGINT]


def _left_alone(work: Callable[[], T], place: Place) -> T:
    made = _watched(work, _BESIDE, True, lambda _: place.check())
    if made.error is not None:
        place.check()  # processes at work for us may have died of the same signal
    given: T = made.given()
    return given


def _watched(work: Callable[[], Any], variable: "ContextVar[Any]", value: Any, look: Callable[[Made], None]) -> Made:
    """Work in a thread of its own, in which a variable has a value, and a look at it now and then until it is done."""
    token = variable.set(value)
    try:
        made = begun(work)
    finally:
        variable.reset(token)
    while not made.done.wait(PATIENCE):
        look(made)
    return made
