"""Working on the items of a study: each call is made, and its result becomes rows."""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.errors import FAILED, NO_ANSWER, NoAnswer
from nashscape.core.outcomes import Status
from nashscape.studies.items import VALUES, Failure, Finished, Item, Place
from nashscape.studies.measures import Measure
from nashscape.studies.measuring.rows import Number

if TYPE_CHECKING:
    from nashscape.studies.readied import Readied
    from nashscape.studies.study import Study


Seen = Callable[[Mapping[str, Any], Any], None]
"""Called with the point of an item and the result of its call."""


@dataclass(frozen=True)
class StudyWork:
    """What is sent to workers: the study, from which they make items by their places; and who sees their results."""

    study: "Study"
    seen: Seen | None = None

    def prepare(self) -> None:
        """Import all that the measures take.

        Raises:
            Exception: what all measures fail with; where one alone does, its items say so and others go on.
        """
        wrong = []
        for readied in self.study.readied:
            try:
                readied.call(readied.points[0], self.study.seed)
            except Exception as error:
                wrong.append(error)
        if wrong and len(wrong) == len(self.study.readied):
            raise wrong[0]

    def __call__(self, places: Sequence[Place]) -> list[Finished]:
        """The items at these places, one after the other; an error of an item is a `Failure`."""
        return [self._finished(place) for place in places]

    def _finished(self, place: Place) -> Finished:
        began = time.perf_counter()
        item = self.study.item(place)
        try:
            tables = self._tables(item)
        except Exception as error:
            failure = Failure(_words(error), traceback.format_exc())
            return Finished(item.key, failure=failure, seconds=time.perf_counter() - began)
        return Finished(item.key, tables, seconds=time.perf_counter() - began)

    def _tables(self, item: Item) -> dict[str, Columns]:
        readied = self.study.readied[item.place.measure]
        measure = readied.measure
        try:
            result = readied.call(item.point, item.seed)()
        except NoAnswer as error:
            nothing = [Number(NO_ANSWER, text=" ".join(str(error).split()))]
            return {VALUES: _values(self.study, measure, item, nothing, None)}
        if self.seen is not None:
            self.seen(item.point, result)
        numbers = _numbers(readied, result)
        made = {VALUES: _values(self.study, measure, item, numbers, result)}
        if "runs" in measure.keep:
            made[_table_of(result)] = result.to_columns()
        if "maps" in measure.keep:
            made["maps"] = _maps(measure, result)
        return made


def _numbers(readied: "Readied", result: Any) -> list[Number]:
    """All that is measured of one result: of a measure that fails a row that says so, beside those of the others."""
    numbers: list[Number] = []
    wrong: list[Exception] = []
    for name, kind in zip(readied.measure.what, readied.kinds, strict=True):
        try:
            numbers += list(kind.numbers(result))
        except Exception as error:
            wrong.append(error)
            numbers.append(Number(FAILED, name, text=_words(error)))
    if len(wrong) == len(readied.kinds):
        raise wrong[0]
    return numbers


def _words(error: Exception) -> str:
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return " ".join(words.split())


def _values(study: "Study", measure: Measure, item: Item, numbers: Sequence[Number], result: Any) -> Columns:
    """The numbers of an item, with where they were measured."""
    rows = len(numbers)
    own: dict[str, Any] = {
        "measure": measure.name,
        "replicate": item.place.replicate,
        "seed": item.seed,
        **study.cells(item.point),
    }
    columns = {name: np.full(rows, value) for name, value in own.items()}
    for k, name in enumerate(Number._fields):
        columns[name] = np.array([row[k] for row in numbers], str if name in ("quantity", "of", "text") else np.float64)
    status, question = _of(result)
    return columns | {"status": np.full(rows, status), "question": np.full(rows, question)}


def _of(result: Any) -> tuple[str, str]:
    """Status and key of the question of a result; of several that of the first."""
    one = next(iter(result.values()), None) if isinstance(result, Mapping) else result
    status = getattr(one, "status", Status.COMPLETE)
    question = getattr(one, "question", None)
    return status.name, (getattr(question, "key", None) or "")


def _table_of(result: Any) -> str:
    """The name of the table that holds results of this kind: that of their questions."""
    return str(result.question.kind).replace(" ", "_").replace("-", "_")


def _maps(measure: Measure, result: Any) -> Columns:
    """Outcome codes of a map as bytes, one for each run."""
    labels = np.ascontiguousarray(result.labels, np.int8)
    return {
        "measure": np.array([measure.name]),
        "shape": np.array(["×".join(map(str, labels.shape))]),
        "targets": np.array([" ".join(result.targets)]),
        "codes": np.array([labels.tobytes()], object),
    }
