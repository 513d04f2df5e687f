"""A store of a study that has grown: what is there stays, where all of it belongs to what is asked now."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

import pyarrow as pa

from nashscape.core.errors import InputError
from nashscape.studies.headers import Header
from nashscape.studies.items import VALUES, Item, Place
from nashscape.studies.schemas import ITEMS, KEY, value_types
from nashscape.studies.store import arrow, cleaning
from nashscape.studies.store.batches import ITEM_TYPES, write_batch
from nashscape.studies.store.manifest import Batch
from nashscape.studies.store.parts import read_part
from nashscape.studies.store.stores import Store


class Grown(Protocol):
    """A study that may have grown."""

    def header(self) -> Header: ...  # noqa: D102
    def every_place(self) -> Iterator[Place]: ...  # noqa: D102
    def item(self, place: Place) -> Item: ...  # noqa: D102
    def cells(self, point: Mapping[str, Any]) -> Mapping[str, Any]: ...  # noqa: D102


def become(store: Store, study: Grown) -> None:
    """Let a store be of this study from now on: of the same one, or of one that has grown.

    A study may grow by values, measures, replicates, and names that vary: then all that is there belongs to it still.
    Of a name that varies now and did not before, the value that it had must be among its values: there the items are
    that were asked before, and their rows get a column that says so. What is taken away, or asked otherwise, is another
    study, whose numbers could not be told from those that are there.

    Args:
        store: open for writing.
        study: what is asked now.

    Raises:
        InputError: for another study, with what differs.
    """
    header, there = study.header(), store.header
    if header.key == there.key:
        return
    if header.name != there.name:
        there.same_study(header)
    _check_names(there, header)
    items = _items(study, store.keys)
    added = [name for name in header.varied if name not in there.varied]
    strangers = len(store.keys) - len(items)
    if strangers:
        raise InputError(
            f"{store.folder} holds {len(store.keys)} items of the study {there.name!r}, of which {strangers} are "
            f"not asked for any more{''.join(_what_it_was(there, name) for name in added)}; a study may grow in its "
            "folder, by values, measures, replicates, and names that vary: give another folder for what is asked "
            "otherwise"
        )
    if added:
        cells = {key: study.cells(item.point) for key, item in items.items()}
        _with_columns(store, header, {name: {key: own[name] for key, own in cells.items()} for name in added})
    else:
        store.extend(header)


def _check_names(there: Header, header: Header) -> None:
    """Whether all that varied before varies still, as numbers where it was numbers."""
    for name, kind in there.varied.items():
        now = header.varied.get(name)
        if now is None:
            raise InputError(
                f"{name} varied before and does not vary now: rows that are there have a column of it, and others "
                "would have none; let it vary still, over one value if need be, or give another folder"
            )
        if now != kind:
            raise InputError(
                f"{name} varied as a {kind} before and varies as a {now} now: a column has one type; give values of "
                "the same type, or another folder"
            )


def _what_it_was(there: Header, name: str) -> str:
    fixed = there.study.get("fixed", {})
    was = f"{fixed[name]!r}" if name in fixed else "not given"
    return f" ({name}, which varies now, was {was}: let this be among its values, and what is there stays)"


def _items(study: Grown, wanted: frozenset[str]) -> dict[str, Item]:
    """Of the items with these keys those that a study asks for, also by replicates that it may come to."""
    found: dict[str, Item] = {}
    for place in study.every_place():
        item = study.item(place)
        if item.key in wanted:
            found.setdefault(item.key, item)
        if len(found) == len(wanted):
            break
    return found


def _with_columns(store: Store, header: Header, cells: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the values anew, with further columns of what varies, and let the store be of the study that has them.

    Args:
        store: open for writing.
        header: of the study as it is now.
        cells: by name of a column that is new, its cell by key of an item.
    """
    store.flush()
    types = {**store.manifest.types, VALUES: value_types(header.varied)}
    known = {ITEMS: ITEM_TYPES, **types}

    def written(batch: Batch) -> Batch:
        if batch.part(ITEMS) is None:  # of failures
            return batch
        tables = {part.table: arrow.with_all(read_part(store.folder, part), known[part.table]) for part in batch.parts}
        if VALUES in tables:
            tables[VALUES] = _filled(tables[VALUES], cells)
        return write_batch(store.folder, header.key, store.manifest.makers, tables)

    batches = tuple(map(written, store.manifest.batches))
    store.extend(header, replace(store.manifest, types=types).with_batches(batches))
    cleaning.sweep(store.folder, store.manifest)


def _filled(rows: Any, cells: Mapping[str, Mapping[str, Any]]) -> Any:
    """The rows with cells of their items in some columns, which were blank."""
    codes, keys = arrow.coded(rows[KEY])
    for name, own in cells.items():
        place, field = rows.column_names.index(name), rows.schema.field(name)
        column = pa.array([own[key] for key in keys.tolist()], field.type).take(pa.array(codes))
        rows = rows.set_column(place, field, column)
    return rows
