"""Rows of a store that meet a condition, and what groups of them come to; NaN is counted as NaN."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.columns import Columns
from nashscape.core.errors import InputError
from nashscape.studies.items import VALUES
from nashscape.studies.schemas import BYTES, KEY, TEXT, chosen
from nashscape.studies.store import arrow
from nashscape.studies.store.filters import Filter, Texts, is_coded
from nashscape.studies.store.reading import each_part, types_of
from nashscape.studies.store.stores import Store

Array = npt.NDArray[Any]
STATISTICS = ("count", "nans", "mean", "min", "max")
"""Columns of groups: rows, NaN among them, and what they come to: NaN where one of them is."""


def query(
    folder: str | Path,
    where: str = "",
    *,
    by: str | Sequence[str] = (),
    of: str = "",
    columns: Sequence[str] | None = None,
    table: str = VALUES,
) -> Columns:
    """Rows of a table that meet a condition, or what groups of them come to.

    Args:
        folder: of the store.
        where: the condition, as in "peer >= 1 and quantity == 'share'" or "isnan(value)"; by default all rows.
        by: the columns whose values say which rows make a group.
        of: the column of numbers that is summed up in each group; without it rows are given, not groups.
        columns: of rows; by default all.
        table: which table.

    Returns:
        Rows sorted by item; or a row for each group, sorted by `by`, with `count`, `nans` (how many of them are NaN),
        `mean`, `min`, `max`: NaN where one of the group is.

    Raises:
        InputError: for a condition that cannot be read, columns that are not there, and `by` without `of`.
        Damaged: where a part is not as it was written.

    Example:
        >>> query("runs", "peer >= 1", by="peer", of="value")  # doctest: +SKIP
        {'peer': array([1., 2.]), 'count': array([10, 10]), 'nans': array([0, 0]), 'mean': array([0.25, 0.75]), ...}
    """
    store = Store.open(folder)
    types = types_of(store, table)
    groups = [by] if isinstance(by, str) else list(by)
    condition = Filter(where, types)
    if groups and not of:
        raise InputError(f"groups by {', '.join(groups)} of what? Name a column of numbers, as in of='value'")
    asked = chosen(table, types, [*groups, of] if of else columns)
    for name in (*groups, *([of] if of else [])):
        if types[name] == BYTES or (name == of and types[name] == TEXT):
            raise InputError(f"the column {name!r} of {types[name]} cannot be summed up or make groups")
    rows = _rows(store, table, {KEY: TEXT, **asked}, condition)
    return _grouped(rows, groups, of) if of else {name: _plain(rows[name]) for name in asked}


def _rows(store: Store, table: str, types: Mapping[str, str], condition: Filter) -> dict[str, Any]:
    """The rows of a table that meet a condition, sorted by item: arrays, and texts as codes."""
    known = types_of(store, table)
    read = {**types, **{name: known[name] for name in condition.names}}

    def chosen_rows(part: Any) -> dict[str, Any]:
        columns = {name: _column(part, name, kind) for name, kind in read.items()}
        if condition.names:
            kept = np.flatnonzero(condition(columns))
            columns = {name: _at(column, kept) for name, column in columns.items()}
        return {name: columns[name] for name in types}

    parts = each_part(store, table, list(read), chosen_rows)
    joined = {name: _joined([part[name] for part in parts], kind) for name, kind in types.items()}
    ranks = joined[KEY].codes  # texts are sorted, so codes are ranks
    if (np.diff(ranks) < 0).any():
        order = np.argsort(ranks, kind="stable")
        joined = {name: _at(column, order) for name, column in joined.items()}
    return joined


def _column(part: Any, name: str, kind: str) -> Any:
    """A column of a part; blank where the part is older than the column."""
    if name not in part.column_names:
        part = arrow.with_all(part, {name: kind})
    if kind == TEXT:
        return Texts(*arrow.coded(part[name]))
    return arrow.columns_of(part, {name: kind})[name]


def _at(column: Any, rows: Array) -> Any:
    return Texts(column.codes[rows], column.texts) if is_coded(column) else column[rows]


def _joined(columns: Sequence[Any], kind: str) -> Any:
    if kind != TEXT:
        return np.concatenate(columns) if columns else np.zeros(0)
    every = np.unique(np.concatenate([column.texts for column in columns])) if columns else np.array([], dtype=str)
    codes = [np.searchsorted(every, column.texts).astype(np.int32)[column.codes] for column in columns]
    return Texts(np.concatenate(codes) if codes else np.zeros(0, np.int32), every)


def _plain(column: Any) -> Array:
    return column.all() if is_coded(column) else np.asarray(column)


def _grouped(rows: Mapping[str, Any], by: Sequence[str], of: str) -> Columns:
    values = np.asarray(rows[of], float)
    number: Array = np.zeros(len(values), np.int64)
    for name in by:
        codes, most = _codes(rows[name])
        # renumbered after each column, so that numbers of groups stay small
        number = np.unique(number * max(most, 1) + codes, return_inverse=True)[1] if len(by) > 1 else codes
    count = int(number.max()) + 1 if len(number) else 0
    small = number.astype(np.uint16) if count <= 1 << 16 else number  # which are sorted much faster
    order = np.argsort(small, kind="stable")
    sizes = np.bincount(number, minlength=count)
    present = np.flatnonzero(sizes)
    begins = (np.cumsum(sizes) - sizes)[present]
    if not len(present):
        return {**{name: _plain(_at(rows[name], order)) for name in by}, **_nothing()}
    own = values[order]
    with np.errstate(all="ignore"):
        found = {
            "count": sizes[present],
            "nans": np.add.reduceat(np.isnan(own), begins, dtype=np.int64),
            "mean": np.add.reduceat(own, begins) / sizes[present],
            "min": np.minimum.reduceat(own, begins),
            "max": np.maximum.reduceat(own, begins),
        }
    return {**{name: _plain(_at(rows[name], order[begins])) for name in by}, **found}


def _codes(column: Any) -> tuple[Array, int]:
    """A whole number for each row, in the order of its values, and how many there can be."""
    if is_coded(column):
        return column.codes, len(column.texts)
    texts, codes = np.unique(column, return_inverse=True)
    return codes, len(texts)


def _nothing() -> Columns:
    whole, number = np.zeros(0, np.int64), np.zeros(0)
    return {name: whole if name in ("count", "nans") else number for name in STATISTICS}
