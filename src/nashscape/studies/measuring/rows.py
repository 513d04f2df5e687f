"""One number that was measured: what it is, of what, and how sure it is."""

import dataclasses
import enum
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from nashscape.core import Estimate, InputError

NAN = math.nan


class Number(NamedTuple):
    """A row of the table of values, without what says at which point it was measured.

    Attributes:
        quantity: what was measured, such as "share".
        of: of what, such as "CC"; empty where there is nothing to tell apart.
        value: the number; NaN where it is none.
        low: lower end of its interval, the number itself where it is exact; NaN where nothing is known.
        high: upper end.
        level: confidence level of the interval; NaN where chance had no part.
        successes: of a share of independent trials; else NaN.
        trials: of those; else NaN.
        text: what is no number, such as a verdict; else empty.
    """

    quantity: str
    of: str = ""
    value: float = NAN
    low: float = NAN
    high: float = NAN
    level: float = NAN
    successes: float = NAN
    trials: float = NAN
    text: str = ""


def estimated(quantity: str, found: Estimate | None, of: str = "") -> Number:
    """The row of an estimate; NaN where there is none."""
    if found is None:
        return Number(quantity, of)
    successes, trials = (NAN if own is None else float(own) for own in (found.successes, found.trials))
    level = NAN if found.level is None else found.level
    return Number(quantity, of, found.value, found.low, found.high, level, successes, trials)


def exact(quantity: str, value: float, of: str = "") -> Number:
    """The row of a number without an interval."""
    return Number(quantity, of, float(value), float(value), float(value))


def numbers_in(result: Any) -> Iterator[Number]:
    """The numbers, texts and estimates among the fields of a result, and of a mapping its entries."""
    entries = result.items() if isinstance(result, Mapping) else _fields(result)
    for name, value in entries:
        yield from _cells(str(name), value)


def _fields(result: Any) -> Iterator[tuple[str, Any]]:
    if not dataclasses.is_dataclass(result):
        raise InputError(f"what a measure gives is a result, or numbers by name; got {result!r}")
    for field in dataclasses.fields(result):
        if field.name not in ("provenance", "status", "game", "rule"):
            yield field.name, getattr(result, field.name)


def _cells(name: str, value: Any) -> Iterator[Number]:
    if _is_estimate(value):
        yield estimated(name, value)
    elif isinstance(value, enum.Enum):
        yield Number(name, text=value.name)
    elif isinstance(value, bool | np.bool_ | int | float | np.number):
        yield exact(name, float(value))
    elif isinstance(value, str):
        yield Number(name, text=value)
    elif isinstance(value, Mapping):
        for key, own in value.items():
            yield from (row._replace(of=str(key)) for row in _cells(name, own) if not row.of)


def _is_estimate(value: Any) -> bool:
    return all(hasattr(value, name) for name in ("value", "low", "high", "method", "level"))
