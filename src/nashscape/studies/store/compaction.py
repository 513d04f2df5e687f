"""Few large parts in place of many small ones."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from nashscape.studies.schemas import FAILURES, ITEMS
from nashscape.studies.store import arrow
from nashscape.studies.store.batches import write_batch, write_failures
from nashscape.studies.store.manifest import Batch, Manifest
from nashscape.studies.store.parts import read_part
from nashscape.studies.store.reading import block, cuts, types_of

if TYPE_CHECKING:
    from nashscape.studies.store.stores import Store

ENOUGH = 200_000
"""Rows of a part that is left as it is."""

LARGE = 32 << 20
"""Bytes of a batch that is left as it is."""


def together(store: "Store") -> Manifest | None:
    """What the store holds after its small batches have been written together; None where there is nothing to do."""
    batches = store.manifest.batches
    failed = [batch for batch in batches if batch.part(FAILURES)]
    done = [batch for batch in batches if batch.part(ITEMS)]
    small = [batch for batch in done if batch.rows() < ENOUGH // 2 and batch.bytes < LARGE // 2]
    old = [batch for batch in done if batch not in small and _is_old(store, batch)]
    kept = [batch for batch in done if batch not in small and batch not in old]
    groups = [group for group in _groups(small) if len(group) > 1 or _is_old(store, group[0])]
    if not groups and not old and len(failed) < 2 and (not failed or failed[0].rows(FAILURES) == len(store.failures)):
        return None
    untouched = [batch for batch in small if not any(batch in group for group in groups)]
    new = [_written(store, group) for group in [*groups, *([batch] for batch in old)]]
    return _manifest(store, [*kept, *untouched, *new])


def whole(store: "Store") -> Manifest:
    """What the store holds after all rows have been written anew: the same parts for the same rows."""
    new = []
    for ends in cuts(store, ENOUGH):
        tables = {table: block(store, table, types_of(store, table), ends) for table in [ITEMS, *store.tables]}
        new.append(_batch(store, tables))
    return _manifest(store, new)


def _manifest(store: "Store", batches: Sequence[Batch]) -> Manifest:
    failures = [write_failures(store.folder, store.failures)] if store.failures else []
    made = replace(store.manifest, failed=len(store.failures))
    return made.with_batches((*batches, *failures))


def _is_old(store: "Store", batch: Batch) -> bool:
    """Whether a part lacks columns that came to its table later."""
    tables = [part for part in batch.parts if part.table not in (ITEMS, FAILURES)]
    return any(len(read_part(store.folder, part).column_names) < len(store.types(part.table)) for part in tables)


def _groups(batches: Sequence[Batch]) -> list[list[Batch]]:
    groups: list[list[Batch]] = []
    rows = size = ENOUGH
    for batch in batches:
        if rows >= ENOUGH or size >= LARGE:
            groups.append([])
            rows = size = 0
        groups[-1].append(batch)
        rows += batch.rows()
        size += batch.bytes
    return groups


def _written(store: "Store", batches: Sequence[Batch]) -> Batch:
    tables: dict[str, Any] = {}
    for table in [ITEMS, *store.tables]:
        types = types_of(store, table)
        parts = [part for batch in batches for part in batch.parts if part.table == table]
        rows = [arrow.with_all(read_part(store.folder, part), types) for part in parts]
        if rows:
            tables[table] = arrow.by_item(pa.concat_tables(rows))
    return _batch(store, tables)


def _batch(store: "Store", tables: dict[str, Any]) -> Batch:
    filled = {table: rows for table, rows in tables.items() if len(rows)}
    return write_batch(store.folder, store.header.key, store.manifest.makers, filled)
