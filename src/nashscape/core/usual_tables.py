"""The table of a result whose class names no function for it: what `to_columns` gives, few rows of many."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.errors import InputError
from nashscape.core.pictures import function_named
from nashscape.core.tables import MOST_ROWS, Table, facts, one_by_one, shortened, standing

NOTHING = "–"
"""Stands where a number is not there."""

ENDS = ("_low", "_high")
TOLD = ("status", "question_key")
"""Columns that are not shown: the status is told under the table where it is not complete."""


def table_of(found: Any, **options: Any) -> Table:
    """The table of a result, or of several by rule: by the function that the class names, `as_table =
    "package.module:function"`, else the usual one.

    Raises:
        InputError: for no results, and for a name under which there is no function.
    """
    if isinstance(found, Mapping) and not found:
        raise InputError("there are no results to print")
    kind = type(next(iter(found.values())) if isinstance(found, Mapping) else found)
    make = function_named(kind, "as_table") if getattr(kind, "as_table", "") else usual_table
    made: Table = make(found, **options)
    return made


@one_by_one
def usual_table(found: Any) -> Table:
    """One row of scalars as names and values, several as rows; what is the same in all rows is told under them.

    Of a result that holds nothing but arrays, and names no columns, their sizes and the ranges of their numbers.
    """
    columns = {name: own for name, own in found.to_columns().items() if name not in TOLD}
    kind = type(found)
    title = kind.question_kind or kind.__name__
    rows = max((len(own) for own in columns.values()), default=0)
    if not columns and (arrays := dict(_arrays(found))):
        return facts(title, arrays, standing([found]))
    if rows == 1:
        return facts(title, dict(_scalars(columns)), standing([found]))
    return _several(title, columns, rows, standing([found]))


def _arrays(found: Any) -> Iterator[tuple[str, str]]:
    """A line for every field that is an array of numbers, or like one."""
    for field in fields(found):
        value = getattr(found, field.name)
        if hasattr(value, "dtype") and (own := np.asarray(value)).dtype.kind in "biuf" and own.ndim:
            size = " × ".join(map(str, own.shape))
            known = own[~np.isnan(own)] if own.dtype.kind == "f" else own
            told = f", from {cell(known.min())} to {cell(known.max())}" if known.size and own.dtype.kind != "b" else ""
            yield field.name, f"{size} {'numbers' if own.dtype.kind != 'b' else 'truth values'}{told}"


def _scalars(columns: Columns) -> tuple[tuple[str, str], ...]:
    """A line for every scalar; of an estimate one line, with its interval."""
    ends = {f"{name}{end}" for name in columns if _is_estimate(name, columns) for end in ENDS}
    lines = []
    for name, own in columns.items():
        if name not in ends:
            low, high = (f"{name}{end}" for end in ENDS)
            more = f" [{cell(columns[low][0])}, {cell(columns[high][0])}]" if _is_estimate(name, columns) else ""
            lines.append((name, f"{cell(own[0])}{more}"))
    return tuple(lines)


def _is_estimate(name: str, columns: Columns) -> bool:
    return all(f"{name}{end}" in columns for end in ENDS)


def _several(title: str, columns: Columns, rows: int, notes: tuple[str, ...]) -> Table:
    alike = {name: cell(own[0]) for name, own in columns.items() if rows and len(set(map(cell, own.tolist()))) == 1}
    varied = {name: own for name, own in columns.items() if name not in alike}
    lines = shortened(zip(*(map(cell, own.tolist()) for own in varied.values()), strict=True))
    left = [name for name, own in varied.items() if own.dtype.kind == "U"]
    said = ", ".join(f"{name} {own}" for name, own in alike.items() if own not in ("", NOTHING))
    same = [f"In every row: {said}."] if said else []
    count = [f"{MOST_ROWS} of {rows} rows; to_columns() has all."] if rows > MOST_ROWS else []
    return Table(title, tuple(varied), lines, tuple(left), notes=(*count, *same, *notes))


def cell(value: Any) -> str:
    """A value of a column as text.

    >>> [cell(value) for value in (0.25, 1 / 3, float("nan"), True, 7, "CC")]
    ['0.25', '0.333333', '–', 'yes', '7', 'CC']
    """
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return NOTHING if np.isnan(value) else f"{value:.6g}"
    return f"{value:.6g}" if isinstance(value, complex | np.complexfloating) else str(value)
