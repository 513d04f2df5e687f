"""The loop of `grow`: generation after generation, kept in a file where one is named, whole wherever it is stopped."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nashscape.core import InputError, Provenance, Status, finite_number, load
from nashscape.core.interrupts import beside, until_stopped


def name_of(way: Any) -> str:
    """What a way of growing is called in results."""
    return way if isinstance(way, str) else "a plan"


def checked_until(until: float | None) -> float | None:
    """The share of the range of payoffs below which nothing is left to gain."""
    return None if until is None else finite_number(until, "until", low=0.0)


def through(
    begin: Callable[[Any, Any], Any],
    growing: Any,
    way: str,
    told: Provenance,
    *,
    generations: int,
    until: float | None,
    keep: str | Path | None,
    progress: Callable[[int, int], None] | None,
) -> Any:
    """What has grown after all generations, or where nothing is left to gain, or where it was stopped.

    Args:
        begin: from what was kept, or None, and `growing`, to a growth that has `gains`, `over`, `next` and `grown`.
        growing: what does not change.
        way: its name.
        told: the question.
        generations: at most.
        until: see `grow`.
        keep: see `grow`.
        progress: see `grow`.
    """
    kept = None if keep is None else Path(keep)
    found = None if kept is None else _kept(kept, told.question)
    if found is not None and found.generations > generations:
        # what fewer generations come to does not hang on how many were kept, and these stay as they are
        found = kept = None
    growth = begin(found, growing)
    with until_stopped(lambda: not growth.gains) as stop:
        while not growth.over(growing, generations, until):
            # what is left alone by who is stopped changes nothing
            growth = beside(partial(growth.next, growing))
            if kept is not None:
                growth.grown(growing, way, Status.INTERRUPTED, told).save(kept)
            if progress is not None:
                progress(len(growth.gains) - 1, generations)
    unfinished = stop.early and not growth.over(growing, generations, until)
    return growth.grown(growing, way, Status.INTERRUPTED if unfinished else Status.COMPLETE, told)


def _kept(path: Path, question: Any) -> Any:
    """What a file has of the same question, for which fewer or more generations may have been asked."""
    if question.unknown:
        raise InputError(f"what is kept is known again by its description alone: {question.unknown[0]}; or leave out "
                         "keep")  # fmt: skip
    if not path.exists():
        return None
    found = load(path)
    other = found.question.differs(question, but=("generations",))
    if not hasattr(found, "gains") or other:
        raise InputError(
            f"{path} holds the answer to another question, which differs in {', '.join(other) or 'kind'}: name another "
            "file, or remove it"
        )
    return found
