"""Rows of a store that meet a condition, and what groups of them come to; NaN is counted as NaN."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import choice
from nashscape.core.columns import Columns
from nashscape.core.errors import InputError
from nashscape.studies.items import VALUES
from nashscape.studies.schemas import BYTES, KEY, TEXT, chosen
from nashscape.studies.store import arrow
from nashscape.studies.store.filters import Filter, Texts, is_coded
from nashscape.studies.store.ordering import ORDERS, STUDY, in_order, names_of
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
    order: str = STUDY,
) -> Columns:
    """Rows of a table that meet a condition, or what groups of them come to.

    Args:
        folder: of the store.
        where: the condition, as in "peer >= 1 and quantity == 'share'" or "isnan(value)"; by default all rows.
        by: the columns whose values say which rows make a group.
        of: the column of numbers that is summed up in each group; without it rows are given, not groups.
        columns: of rows; by default all.
        table: which table.
        order: of rows, "study" by default: by measure, then by what varies, in the order in which the study's file
            names it and lists its values, then by replicate; "item" for the keys of items. Rows of one item stay
            together and as they were found.

    Returns:
        Rows in this order; or a row for each group, sorted by `by`, with `count`, `nans` (how many of them are NaN),
        `mean`, `min`, `max`: NaN where one of the group is.

    Raises:
        InputError: for another order, a condition that cannot be read, columns that are not there, and `by` without
            `of`.
        Damaged: where a part is not as it was written.

    Example:
        >>> import tempfile
        >>> from nashscape.studies.headers import Header
        >>> from nashscape.studies.items import Finished
        >>> runs = {"first_hit": np.array([3, 8, 5]), "outcome": np.array(["CC", "DD", "CC"])}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with Store.create(folder, Header({}, "0" * 32)) as store:
        ...         store.add([Finished("a" * 32, {"entry": runs})])
        ...     found = query(folder, "first_hit < 8", by="outcome", of="first_hit", table="entry")
        >>> found["outcome"].tolist(), found["count"].tolist(), found["mean"].tolist()
        (['CC'], [2], [4.0])
    """
    choice(order, "order", ORDERS)
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
    if of:
        return _grouped(_rows(store, table, {KEY: TEXT, **asked}, condition, {KEY, *groups}), groups, of)
    beside = names_of(store.header) if (order, table) == (STUDY, VALUES) else []
    rows = _rows(store, table, {KEY: TEXT, **asked, **{name: types[name] for name in beside}}, condition, {KEY})
    # keys are sorted, so that their codes are ranks
    by_item = np.argsort(rows[KEY].codes, kind="stable")
    rows = {name: _at(column, by_item) for name, column in rows.items()}
    if beside:
        places = in_order(store.header, rows)
    elif order == STUDY:
        places = np.argsort(_item_ranks(store)(rows[KEY].texts)[rows[KEY].codes], kind="stable")
    else:
        places = np.arange(len(by_item))
    return {name: _plain(_at(rows[name], places)) for name in asked}


def _item_ranks(store: Store) -> Callable[[Array], Array]:
    """From keys of items to their ranks in the order of the study; those without values come last."""
    types = types_of(store, VALUES)
    read = {KEY: TEXT, **{name: types[name] for name in names_of(store.header)}}
    rows = _rows(store, VALUES, read, Filter("", types), {KEY})
    every = rows[KEY].all()[in_order(store.header, rows)]
    known = {key: k for k, key in enumerate(dict.fromkeys(every.tolist()))}
    return lambda keys: np.array([known.get(key, len(known)) for key in keys.tolist()], np.int64)


def _rows(
    store: Store, table: str, types: Mapping[str, str], condition: Filter, coded: Collection[str]
) -> dict[str, Any]:
    """The rows of a table that meet a condition: arrays; codes of texts, and of what else is to be coded."""
    known = types_of(store, table)
    read = {**types, **{name: known[name] for name in condition.names}}

    def chosen_rows(part: Any) -> dict[str, Any]:
        columns = {name: _column(part, name, kind) for name, kind in read.items()}
        if condition.names:
            kept = np.flatnonzero(condition(columns))
            columns = {name: _at(columns[name], kept) for name in types}
        return {name: _coded(columns[name]) if name in coded else columns[name] for name in types}

    parts = each_part(store, table, list(read), chosen_rows)
    return {name: _joined([part[name] for part in parts], kind, name in coded) for name, kind in types.items()}


def _column(part: Any, name: str, kind: str) -> Any:
    """A column of a part; blank where the part is older than the column."""
    if name not in part.column_names:
        part = arrow.with_all(part, {name: kind})
    if kind == TEXT:
        return Texts(*arrow.coded(part[name]))
    return arrow.columns_of(part, {name: kind})[name]


def _at(column: Any, rows: Array) -> Any:
    return Texts(column.codes[rows], column.texts) if is_coded(column) else column[rows]


def _coded(column: Any) -> Any:
    """A column as codes of the values that occur."""
    return column if is_coded(column) else Texts(*arrow.codes(column))


def _joined(columns: Sequence[Any], kind: str, coded: bool) -> Any:
    none = arrow.columns_of(arrow.no_rows({"": kind}), {"": kind})[""]
    if not coded and kind != TEXT:
        return np.concatenate(columns) if columns else none
    every = np.unique(np.concatenate([column.texts for column in columns])) if columns else none
    codes = [np.searchsorted(every, column.texts).astype(np.int32)[column.codes] for column in columns]
    return Texts(np.concatenate(codes) if codes else np.zeros(0, np.int32), every)


def _plain(column: Any) -> Array:
    return column.all() if is_coded(column) else np.asarray(column)


def _grouped(rows: Mapping[str, Any], by: Sequence[str], of: str) -> Columns:
    """What groups of rows come to: the same bits for the same rows, in whatever order they were read."""
    values = np.asarray(rows[of], float)
    number, count = _numbered([rows[name] for name in by], len(values))
    sizes = np.bincount(number, minlength=count)
    present = np.flatnonzero(sizes)
    if not len(present):
        return {**{name: _plain(rows[name]) for name in by}, **_nothing()}
    first = np.zeros(count, np.int64)
    first[number] = np.arange(len(number))  # any row of a group says which it is
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    with np.errstate(all="ignore"):
        np.minimum.at(least, number, values)
        np.maximum.at(most, number, values)
        found = {
            "count": sizes[present],
            "nans": np.bincount(number[np.isnan(values)], minlength=count)[present],
            "mean": _sums(values, number, count, rows[KEY])[present] / sizes[present],
            "min": least[present],
            "max": most[present],
        }
    return {**{name: _plain(_at(rows[name], first[present])) for name in by}, **found}


def _numbered(columns: Sequence[Texts], rows: int) -> tuple[Array, int]:
    """The number of each row's group, in the order of their values, and how many numbers there are."""
    number, count = np.zeros(rows, np.int64), 1
    for column in columns:
        number = number * len(column.texts) + column.codes
        count *= len(column.texts)
        if count > rows:  # more than can be there
            there, number = np.unique(number, return_inverse=True)
            count = len(there)
    return number, count


def _sums(values: Array, number: Array, count: int, items: Texts) -> Array:
    """The sum of each group: of its rows item by item, then of the items in the order of their keys.

    Rows of an item are read in their order, items in any order: what is added to what depends on the rows alone.
    """
    if len(items.texts) * count <= 2 * len(values):
        each = np.bincount(items.codes * np.int64(count) + number, values, len(items.texts) * count)
        return np.asarray(each.reshape(-1, count).sum(axis=0))
    order = np.lexsort((items.codes, number))
    sizes = np.bincount(number, minlength=count)
    sums = np.zeros(count)
    sums[sizes > 0] = np.add.reduceat(values[order], (np.cumsum(sizes) - sizes)[sizes > 0])
    return sums


def _nothing() -> Columns:
    whole, number = np.zeros(0, np.int64), np.zeros(0)
    return {name: whole if name in ("count", "nans") else number for name in STATISTICS}
