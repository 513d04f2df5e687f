"""Stores of one study, such as shards, put together: the same parts whatever their order and however often."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import path_of
from nashscape.core.makers import Maker
from nashscape.studies.headers import Header
from nashscape.studies.schemas import FAILURES, ITEMS, KEY, MAKER, NUMBER, WHOLE
from nashscape.studies.store import arrow
from nashscape.studies.store.batches import ITEM_TYPES, last_failures, write_batch, write_failures
from nashscape.studies.store.manifest import MANIFEST, Counts, counts
from nashscape.studies.store.parts import read_part
from nashscape.studies.store.reading import all_rows, types_of
from nashscape.studies.store.stores import Store

Types = Mapping[str, Mapping[str, str]]


def merge(stores: Sequence[str | Path], into: str | Path, *, mixed: bool = False) -> Counts:
    """Put the items of several stores of one study into one.

    An item that several hold is taken once. The parts that are written depend on the rows alone: not on the order of
    the stores, nor on how they were cut, nor on how often they are merged.

    Args:
        stores: their folders; they stay as they are.
        into: the folder of a store of this study, or one that does not exist or is empty.
        mixed: whether results that different code made may stand side by side; every row says whose it is.

    Raises:
        InputError: for stores of different studies, or of different makers; for an item whose rows differ between two
            of them; where nothing can be written.
        Damaged: where a part is not as it was written.
    """
    folders = [path_of(folder) for folder in stores]
    into = path_of(into)
    if not folders or into.resolve() in {folder.resolve() for folder in folders}:
        raise InputError(f"merge takes one store at least and a folder that is none of them; got {folders}, {into}")
    sources = [Store.open(folder) for folder in folders]
    there = [Store.open(into)] if (into / MANIFEST).exists() else []
    every = [*there, *sources]
    for one in every[1:]:
        every[0].header.same_study(one.header)
    makers = _one_maker(every, mixed)
    types = _joined_types([one.manifest.types for one in every])
    header = min((one.header for one in sources), key=lambda own: (own.maker.name, own.text))
    with _opened(into, header) as store:
        before = store.manifest
        store.commit(replace(store.manifest, makers=makers, types=types))
        for source in sources:
            _take(store, source)
        if store.manifest.batches != before.batches:
            store.tidy(whole=True)
    return counts(into)


def _opened(into: Path, header: Header) -> Store:
    if not (into / MANIFEST).exists():
        return Store.create(into, header)
    return Store.open(into, write=True, maker=Store.open(into).makers[0])


def _one_maker(stores: Sequence[Store], mixed: bool) -> dict[str, Maker]:
    """All makers, by name."""
    every = {maker.name: maker for one in stores for maker in one.makers}
    if any(len(one.makers) < len(every) for one in stores) and not mixed:
        mine, theirs = sorted(every.values(), key=lambda maker: maker.name)[:2]
        differing = ", ".join(
            f"{name} {getattr(mine, name)} and {getattr(theirs, name)}" for name in mine.differs(theirs)
        )
        raise InputError(
            f"the results in these stores were made by different code: {differing}. Compute some of them again, or say "
            "that they may stand side by side (mixed=True): every row says whose it is"
        )
    return dict(sorted(every.items()))


def _joined_types(several: Sequence[Types]) -> dict[str, dict[str, str]]:
    """Types that hold the rows of all: numbers where some have whole numbers."""
    joined: dict[str, dict[str, str]] = {}
    for table in sorted({table for types in several for table in types}):
        every = [types[table] for types in several if table in types]
        names = list(every[0])
        if any(list(types) != names for types in every):  # in an order that does not depend on who is first
            names = [KEY, *sorted({name for types in every for name in types} - {KEY, MAKER}), MAKER]
        joined[table] = {name: _joined_type(f"{table}.{name}", every, name) for name in names}
    return joined


def _joined_type(where: str, every: Sequence[Mapping[str, str]], name: str) -> str:
    kinds = {types[name] for types in every if name in types}
    if kinds == {WHOLE, NUMBER}:
        return NUMBER
    if len(kinds) > 1:
        raise InputError(f"the column {where} is a {' and a '.join(sorted(kinds))} in these stores; it has one type")
    return kinds.pop()


def _take(store: Store, source: Store) -> None:
    """Write what a source has and the store has not."""
    shared = sorted(store.keys & source.keys)
    if shared:
        _agree(store, source, shared)
    new = list(store.manifest.batches)
    for batch in source.manifest.batches:
        items = batch.part(ITEMS)
        if items is not None:
            keys = sorted(set(read_part(source.folder, items)[KEY].to_pylist()) - store.keys)
            tables: dict[str, Any] = {}
            for part in batch.parts:
                rows = arrow.with_all(read_part(source.folder, part), types_of(store, part.table))
                rows = arrow.of_items(rows, keys)
                if len(rows):
                    tables[part.table] = rows
            if keys:
                new.append(write_batch(store.folder, store.header.key, store.manifest.makers, tables))
    done = store.keys | source.keys
    failures = last_failures(store.failures, source.failures)
    failures = {key: one for key, one in failures.items() if key not in done}
    kept = [batch for batch in new if not batch.part(FAILURES)]
    if failures:
        kept.append(write_failures(store.folder, failures))
    store.commit(replace(store.manifest, failed=len(failures)).with_batches(tuple(kept)))
    store.reread()


def _agree(store: Store, source: Store, keys: Sequence[str]) -> None:
    """Nothing where the rows of items are the same, bit by bit, in two stores."""
    for table in [ITEMS, *sorted({*store.tables} & {*source.tables})]:
        types = ITEM_TYPES if table == ITEMS else store.types(table)
        one, other = (arrow.by_item(arrow.of_items(_rows(own, table, types), keys)) for own in (store, source))
        if arrow.parquet(one) != arrow.parquet(other):
            key = next(key for key in keys if not _alike(one, other, key))
            raise InputError(
                f"the item {key} has different rows in {store.folder} and in {source.folder}, table {table!r}: one of "
                "them is wrong, or was made by other code; compute it again in both"
            )


def _rows(store: Store, table: str, types: Mapping[str, str]) -> Any:
    every = all_rows(store, table, {name: kind for name, kind in types_of(store, table).items() if name in types})
    return arrow.with_all(every, types)


def _alike(one: Any, other: Any, key: str) -> bool:
    return arrow.parquet(arrow.of_items(one, [key])) == arrow.parquet(arrow.of_items(other, [key]))
