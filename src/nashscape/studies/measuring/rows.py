"""One number that was measured: what it is, of what, and how sure it is."""

import dataclasses
import enum
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from nashscape.core import Estimate, InputError

NAN = math.nan
LEVEL = 0.95
"""Of results by chance that name no level."""


class Number(NamedTuple):
    """A row of the table of values, without what says at which point it was measured.

    It says whether chance had a part. Where it had, `level` is a number, with ends of NaN where there is no interval,
    such as of a p-value. Where it had none, `level` is NaN, and the ends are the number itself or a bracket of what the
    resolution leaves open. Where nothing is known of that, as of numbers of a function of your own, all three are NaN.

    Attributes:
        quantity: what was measured, such as "share".
        of: of what, such as "CC"; empty where there is nothing to tell apart.
        value: the number; NaN where it is none.
        low: lower end of its interval, the number itself where it is exact; NaN where there is none.
        high: upper end.
        level: confidence level of the interval, or of the result that has none; NaN where chance had no part.
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


def exact(quantity: str, value: float, of: str = "", text: str = "") -> Number:
    """The row of a number in which chance had no part."""
    return Number(quantity, of, float(value), float(value), float(value), text=text)


def without_interval(quantity: str, value: float, level: float, of: str = "") -> Number:
    """The row of a number in which chance had a part and of which no interval is known."""
    return Number(quantity, of, float(value), level=level)


def numbers_in(result: Any) -> Iterator[Number]:
    """The numbers, texts and estimates among the fields of a result, and of a mapping its entries.

    Of a result that says by `is_sample` whether chance had a part, its numbers say it too.
    """
    entries = result.items() if isinstance(result, Mapping) else _fields(result)
    by_chance = getattr(result, "is_sample", None)
    for name, value in entries:
        for row in _cells(str(name), value):
            if by_chance is None or row.text or not math.isnan(row.level) or not math.isnan(row.low):
                yield row
            elif by_chance:
                yield row._replace(level=getattr(result, "level", LEVEL))
            else:
                yield row._replace(low=row.value, high=row.value)


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
        yield Number(name, value=float(value))
    elif isinstance(value, str):
        yield Number(name, text=value)
    elif isinstance(value, Mapping):
        for key, own in value.items():
            yield from (row._replace(of=str(key)) for row in _cells(name, own) if not row.of)


def _is_estimate(value: Any) -> bool:
    return all(hasattr(value, name) for name in ("value", "low", "high", "method", "level"))
