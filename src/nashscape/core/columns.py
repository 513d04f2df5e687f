"""Results as tables: columns of numbers and texts by name, one row per run, per point, or one in all."""

import dataclasses
import enum
import math
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.errors import InputError
from nashscape.core.field_hints import hints_of
from nashscape.core.pictures import function_named

Columns = dict[str, npt.NDArray[Any]]
PLAIN = "biufcU"
"""Kinds of columns: truth, whole, real and complex numbers, texts."""


def columns_of(result: Any) -> Columns:
    """The columns of a result: those that its class names a function for, else its scalars; see `Result.to_columns`."""
    return _one_length(told_of(result), type(result).__name__)


def told_of(result: Any) -> dict[str, Any]:
    """What columns are made of, by name: arrays with an entry per row, and scalars, the same in every row."""
    kind = type(result)
    made = dict(function_named(kind, "as_columns")(result) if kind.as_columns else scalars_of(result))
    key = result.question.key
    for name, value in {"status": result.status.name, "question_key": "" if key is None else key}.items():
        made.setdefault(name, value)
    return made


def scalars_of(result: Any, *names: str) -> dict[str, Any]:
    """The fields of a dataclass that are one number, text, truth value or estimate; all of them, or some by name.

    An estimate is three columns, its value and its ends. What may be None is a number, NaN for None, or a text, empty
    for None, so that columns of several results are alike.
    """
    found: dict[str, Any] = {}
    kind: Any = type(result)
    hints = hints_of(kind)
    for field in dataclasses.fields(result):
        if field.name in (names or hints):
            found |= _cells(field.name, getattr(result, field.name), hints[field.name])
    return found


def estimates(name: str, found: Sequence[Any]) -> Columns:
    """Three columns of estimates: their values, and the low and high ends of their intervals.

    >>> from nashscape.core import wilson
    >>> {name: column.round(3).tolist() for name, column in estimates("share", [wilson(1, 4), wilson(2, 4)]).items()}
    {'share': [0.25, 0.5], 'share_low': [0.046, 0.15], 'share_high': [0.699, 0.85]}
    """
    parts = {"": "value", "_low": "low", "_high": "high"}
    return {f"{name}{end}": np.array([getattr(one, part) for one in found], float) for end, part in parts.items()}


def flat(name: str, values: npt.ArrayLike, rows: int) -> Columns:
    """An array with a row for each of some rows as one column, or as several, numbered by their place.

    >>> sorted(flat("payoff", [[1.0, 2.0], [3.0, 4.0]], rows=2))
    ['payoff_0', 'payoff_1']
    """
    array = np.asarray(values)
    # of no rows too, as many columns as of some
    array = array.reshape(rows, array.size // rows if rows else math.prod(array.shape[1:]))
    if array.shape[1] == 1:
        return {name: array[:, 0]}
    return {f"{name}_{k}": array[:, k] for k in range(array.shape[1])}


def _cells(name: str, value: Any, hint: Any) -> dict[str, Any]:
    inner = typing.get_args(hint) or (hint,)
    if value is None and any(map(_is_estimate, inner)):
        return {f"{name}{end}": np.nan for end in ("", "_low", "_high")}
    if value is None and not any(map(dataclasses.is_dataclass, inner)):
        return {name: "" if str in inner else np.nan} if {str, int, float, bool} & set(inner) else {}
    if _is_estimate(value):
        return {own: column[0] for own, column in estimates(name, [value]).items()}
    if isinstance(value, enum.Enum):
        return {name: value.name}
    if type(None) in inner and isinstance(value, bool | int):
        return {name: float(value)}
    return {name: value} if isinstance(value, str | bool | int | float | complex | np.bool_ | np.number) else {}


def _is_estimate(value: Any) -> bool:
    names = {field.name for field in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()
    return {"value", "low", "high"} <= names


def _one_length(given: Mapping[str, Any], kind: str) -> Columns:
    made = {name: np.asarray(own) for name, own in given.items()}
    lengths = {own.shape for own in made.values() if own.ndim}
    if len(lengths) > 1 or any(len(shape) > 1 for shape in lengths):
        shapes = {name: own.shape for name, own in made.items() if own.ndim}
        raise InputError(f"the columns of a {kind} have the shapes {shapes}; they all have one entry per row")
    wrong = [name for name, own in made.items() if own.dtype.kind not in PLAIN]
    if wrong:
        raise InputError(f"the column {wrong[0]} of a {kind} is {made[wrong[0]].dtype}; columns are numbers and texts")
    rows = lengths.pop() if lengths else (1,)
    return {name: np.broadcast_to(own, rows).copy() for name, own in made.items()}
