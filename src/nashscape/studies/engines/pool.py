"""Processes of this machine. Each is an executor of its own, so that it is known which chunk a death has taken."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.machine import cores
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.crew import Crew
from nashscape.studies.engines.interface import Answer, Tell
from nashscape.studies.engines.working import answer, prepare_process
from nashscape.studies.items import Finished, Place, Work

PATIENCE = 2.0
"""Seconds in which it is known how a process died."""

ONE_DEVICE = {"JAX_NUM_CPU_DEVICES": "1", "PJRT_NPROC": "1"}
"""For each worker, with one thread: there are as many workers as cores, and more threads than cores are in each other's
way."""


@dataclass(frozen=True)
class Pool:
    """Several processes of this machine.

    Attributes:
        workers: how many; by default one per core that may be used.
        limit: seconds that an item may take, after which its process is killed; None for as many as it will.

    Raises:
        InputError: for no workers, and a limit that is not above zero.
    """

    workers: int = 0
    limit: float | None = None
    name = "pool"

    def __post_init__(self) -> None:
        workers = positive_integer(self.workers or cores(), "the number of workers")
        object.__setattr__(self, "workers", workers)
        check_limit(self.limit)

    def run(self, work: Work, chunks: Chunks, tell: Tell) -> Generator[list[Finished]]:
        """See `Engine.run`."""
        sent = pickled(work)
        yield from Crew(lambda: _Process(sent), self.workers, chunks, tell, self.limit).run()


def check_limit(limit: float | None) -> None:
    """Refuse a limit of time that is none."""
    if limit is not None:
        finite_number(limit, "the limit of time of an item", low=0.0, low_open=True)


def pickled(work: Work, dumps: Callable[[Work], bytes] = pickle.dumps) -> bytes:
    """What is sent to workers, once.

    Raises:
        InputError: where it cannot be sent.
    """
    try:
        return dumps(work)
    except Exception as error:  # pickle raises whatever the parts of the work raise
        raise InputError(
            f"what the study works with cannot be sent to another process ({error}); define functions and classes in a "
            "module, not in a function, or let the study run in this process: engine 'here'"
        ) from error


class _Process:
    """A process that was started, not forked: JAX does not survive a fork."""

    def __init__(self, work: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(1, context, initializer=_begin)
        before = set(multiprocessing.active_children())
        with _environment(ONE_DEVICE), _deaf():
            self.ready: Future[Any] = self._executor.submit(_get_ready, work)
        self._process = next(iter(set(multiprocessing.active_children()) - before), None)

    def submit(self, places: Sequence[Place]) -> "Future[Answer]":
        """See `Worker.submit`."""
        try:
            return self._executor.submit(_answer, places)
        except BrokenExecutor as error:  # it died between two chunks
            failed: Future[Answer] = Future()
            failed.set_exception(error)
            return failed

    def death(self, error: BaseException) -> str:
        """See `Worker.death`."""
        if not isinstance(error, BrokenExecutor):
            return ""
        # the executor waits for it too: whoever of both comes second learns the code only once the first has noted it
        until = time.monotonic() + PATIENCE
        while (code := getattr(self._process, "exitcode", None)) is None and time.monotonic() < until:
            time.sleep(0.005)
        return died_of(code)

    def end(self, now: bool) -> None:
        """See `Worker.end`."""
        if now and self._process is not None:
            self._process.kill()
        self._executor.shutdown(wait=not now, cancel_futures=True)


def died_of(code: int | None) -> str:
    """How a process died, in words, by its exit code.

    >>> died_of(-9)
    'its process was killed by SIGKILL (from outside, or for want of memory)'
    """
    if code is None:
        return "its process died"
    if code >= 0:
        return f"its process ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    why = " (from outside, or for want of memory)" if -code == signal.SIGKILL else ""
    return f"its process was killed by {name}{why}"


@contextmanager
def _deaf() -> Iterator[None]:
    """A process that is started now hears no Ctrl-C either while it is still importing; ours comes a moment later."""
    if not hasattr(signal, "pthread_sigmask"):  # not a Unix
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(names: dict[str, str]) -> Iterator[None]:
    """What a process that is started now inherits; JAX reads it when it is imported."""
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Own:
    """What a process of a pool works with."""

    work: Work


def _begin() -> None:
    """In the process: Ctrl-C is the driver's matter, and without the driver there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _get_ready(work: bytes) -> None:
    _Own.work = pickle.loads(work)
    prepare_process(_Own.work)


def _answer(places: Sequence[Place]) -> Answer:
    return answer(_Own.work, places)
