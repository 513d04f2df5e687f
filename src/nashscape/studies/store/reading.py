"""Rows of a store, verified: all at once, part by part, or sorted by item in blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from nashscape.studies.schemas import FAILURES, ITEMS, KEY
from nashscape.studies.store import arrow
from nashscape.studies.store.batches import FAILURE_TYPES, ITEM_TYPES
from nashscape.studies.store.parts import Gone, read_part

if TYPE_CHECKING:
    from nashscape.studies.store.stores import Store

Made = TypeVar("Made")

TRIES = 5
"""How often a reader begins again because a writer put parts together meanwhile."""

READERS = 2
"""Parts that are read at a time: checksums and decoding leave Python to others."""

BLOCK = 1_000_000
"""Rows that are sorted at a time."""


def types_of(store: "Store", table: str) -> Mapping[str, str]:
    """The types of the columns of a table, also of those that every store has."""
    every: Mapping[str, Mapping[str, str]] = {ITEMS: ITEM_TYPES, FAILURES: FAILURE_TYPES}
    return every[table] if table in every else store.types(table)


def each_part(store: "Store", table: str, names: Sequence[str] | None, make: Callable[[Any], Made]) -> list[Made]:
    """What is made of the rows of every part of a table, of verified ones alone, in the order of the manifest.

    Args:
        store: to read.
        table: of which.
        names: of columns that are read; by default all.
        make: from an Arrow table, in which texts are codes.

    Raises:
        Damaged: where a part is not as it was written.
    """
    for attempt in range(TRIES):
        parts = list(store.manifest.parts(table))
        try:
            if len(parts) < 2:
                return [make(read_part(store.folder, part, names)) for part in parts]
            with ThreadPoolExecutor(READERS) as pool:
                return list(pool.map(lambda part: make(read_part(store.folder, part, names)), parts))
        except Gone:
            if attempt == TRIES - 1 or not store.refreshed():
                raise
    raise AssertionError("the last attempt returns or raises")


def all_rows(store: "Store", table: str, types: Mapping[str, str] | None, *, together: bool = True) -> Any:
    """All rows of a table, those that are not written yet among them; with these columns, by default all.

    Args:
        store: to read.
        table: which one.
        types: the columns.
        together: as one table; otherwise a list of tables.
    """
    known = types_of(store, table)
    asked = known if types is None else types
    rows = each_part(store, table, list(asked), lambda part: arrow.with_all(part, asked))
    if table not in (ITEMS, FAILURES):
        rows.append(store.held_rows(table, asked))
    if not together:
        return rows
    return pa.concat_tables(rows) if rows else arrow.no_rows(asked)


def cuts(store: "Store", most: int) -> list[tuple[str, str]]:
    """The first and the last keys of blocks of items of about as many rows, which depend on the rows alone."""
    items = arrow.by_item(all_rows(store, ITEMS, {KEY: ITEM_TYPES[KEY], "rows": ITEM_TYPES["rows"]}))
    found, first, rows = [], "", 0
    for key, count in zip(items[KEY].to_pylist(), items["rows"].to_pylist(), strict=True):
        first = first or key
        rows += max(count, 1)
        if rows >= most:
            found.append((first, key))
            first, rows = "", 0
    return [*found, (first, key)] if first else found


def block(store: "Store", table: str, types: Mapping[str, str], ends: tuple[str, str]) -> Any:
    """The rows of the items between two keys, both included, sorted by item."""

    def between(part: Any) -> Any:
        whole = arrow.with_all(part, types)
        keys = whole[KEY]
        return whole.filter(pc.and_(pc.greater_equal(keys, ends[0]), pc.less_equal(keys, ends[1])))

    rows = each_part(store, table, None, between)
    return arrow.by_item(pa.concat_tables(rows)) if rows else arrow.no_rows(types)


def in_order(store: "Store", table: str, types: Mapping[str, str]) -> Iterator[Any]:
    """The rows of a table that is written, sorted by item, block after block."""
    for ends in cuts(store, BLOCK):
        yield block(store, table, types, ends)
