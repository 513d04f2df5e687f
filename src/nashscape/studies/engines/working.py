"""What happens in a worker, wherever it is."""

import sys
import time
import traceback
from collections.abc import Sequence
from functools import cache

from nashscape.studies.engines.interface import Answer
from nashscape.studies.items import Finished, Place, Work
from nashscape.tracing.compiled_programs import keep_programs

LONG = 3.0
"""Seconds after which no further item of a chunk is begun: it was cut for faster ones."""


def prepare(work: Work) -> None:
    """Import what the work takes, where it says how: `work.prepare()`."""
    getattr(work, "prepare", _nothing)()
    _compiled()


def prepare_process(work: Work) -> None:
    """The same in a process of its own, where programs that JAX makes are kept for others and for later."""
    prepare(work)
    if "jax" in sys.modules:
        keep_programs()


def answer(work: Work, places: Sequence[Place]) -> Answer:
    """Work on a chunk, or on the first items of one that takes long, so that what is finished is kept before the rest.

    What the work raises is part of the answer, in the same words wherever it is raised.
    """
    began, compiled = time.perf_counter(), _compiled()
    finished: list[Finished] = []
    try:
        for place in places:
            some = work([place])
            if len(some) != 1:
                raise RuntimeError(f"the work gave {len(some)} items for 1 place; it gives one for each")
            finished += some
            if time.perf_counter() - began >= LONG:
                break
    except Exception as error:  # of one item; others go on
        told = f"{type(error).__name__}: {error}"
        return Answer([], time.perf_counter() - began, 0.0, " ".join(told.split()), traceback.format_exc())
    seconds, compiling = time.perf_counter() - began, _compiled() - compiled
    return Answer(finished, seconds, min(compiling, seconds))


def _nothing() -> None:
    pass


def _compiled() -> float:
    """Seconds that JAX has spent on making programs, as far as this was watched; JAX is not imported for that."""
    return _watch().seconds if "jax" in sys.modules else 0.0


class _Watch:
    """Adds up what JAX says of its compiler."""

    seconds = 0.0

    def __call__(self, event: str, duration_secs: float, **kwargs: str | int) -> None:
        # tracing is left out: traces lie within one another, and would count several times
        if event.startswith("/jax/core/compile/") and "trace" not in event:
            self.seconds += duration_secs


@cache
def _watch() -> _Watch:
    """The only one of this process."""
    from jax import monitoring

    watch = _Watch()
    monitoring.register_event_duration_secs_listener(watch)
    return watch
