"""The unit of work of a study: one call of one verb at one point, with one seed, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from nashscape.core.columns import Columns

VALUES = "values"
"""The table that every store has: one row per number that was measured."""


class Place(NamedTuple):
    """Where an item stands in its study, all counted from 0.

    Attributes:
        measure: which measurement.
        point: which point of what is varied.
        replicate: which of the seeds.
    """

    measure: int
    point: int
    replicate: int


@dataclass(frozen=True)
class Item:
    """One call of one verb.

    Attributes:
        place: where it stands in its study.
        key: thirty-two hexadecimal digits, the same wherever and whenever the same is asked.
        point: what is varied, by name, as texts and numbers.
        seed: of everything random.
    """

    place: Place
    key: str
    point: Mapping[str, Any]
    seed: int


@dataclass(frozen=True)
class Failure:
    """Why an item has no result.

    Attributes:
        error: the message, in one line.
        traceback: where it was raised; empty for a worker that died.
        attempts: how often it was tried.
    """

    error: str
    traceback: str = ""
    attempts: int = 1


@dataclass(frozen=True)
class Finished:
    """What came of an item.

    Attributes:
        key: of the item.
        tables: columns by name of table, with a row for each number (`VALUES`), run, cell; none of a failure. Nothing
            in them depends on when, where, or how fast they were made.
        failure: why there is no result; None where there is one.
        seconds: how long it took.
    """

    key: str
    tables: Mapping[str, Columns] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0


class Work(Protocol):
    """What engines send to workers: it can be pickled, and holds all of the study that working on its items takes."""

    def __call__(self, places: Sequence[Place]) -> list[Finished]:
        """The items at these places, one after the other; an error of an item is a `Failure`, never raised."""
        ...
