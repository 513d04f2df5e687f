"""A store: the results of a study in a folder, which are written whole, verified when read, and continued."""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from nashscape.core.columns import Columns
from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import path_of, write_whole
from nashscape.core.makers import Maker, this_maker
from nashscape.studies.headers import Header
from nashscape.studies.items import VALUES, Failure, Finished
from nashscape.studies.schemas import FAILURES, ITEMS, KEY, Schemas, chosen, value_types
from nashscape.studies.store import arrow, cleaning, compaction
from nashscape.studies.store.batches import (
    Held,
    failures_in,
    keys_in,
    last_failures,
    write_batch,
    write_failures,
)
from nashscape.studies.store.locks import Lock
from nashscape.studies.store.manifest import (
    STUDY,
    TEXT,
    Batch,
    Manifest,
    checked_json,
    read_manifest,
    write_manifest,
)
from nashscape.studies.store.opening import begun, continued
from nashscape.studies.store.reading import all_rows


class Store:
    """The results of a study in a folder; made by `create` and `open`, never directly.

    A folder holds `study.json`, `manifest.json`, and for every table a folder of Parquet files, which pandas, Polars
    and DuckDB read as they are. What is there is whole: items come with all of their rows or not at all.

    Example:
        >>> import tempfile
        >>> from nashscape.studies.headers import Header
        >>> from nashscape.studies.items import Finished
        >>> folder = tempfile.TemporaryDirectory()
        >>> rows = {"measure": ["shares"], "replicate": [0], "seed": [7], "quantity": ["share"], "value": [0.25]}
        >>> with Store.create(folder.name, Header({"name": "example"}, "0" * 32)) as store:
        ...     store.add([Finished("a" * 32, {"values": rows})])
        >>> Store.open(folder.name).columns("values", ["quantity", "value"])
        {'quantity': array(['share'], dtype='<U5'), 'value': array([0.25])}
        >>> folder.cleanup()
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        lock: Lock | None = None,
        maker: Maker | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """See `create` and `open`."""
        self.folder = folder
        self._manifest = manifest
        self._lock = lock
        self._maker = manifest.header.maker if maker is None else maker
        self._schemas = Schemas(manifest.types)
        self._held = Held(clock)
        self._keys: set[str] | None = None
        self._failures: dict[str, Failure] | None = None

    @classmethod
    def create(cls, folder: str | Path, header: Header, *, clock: Callable[[], float] = time.monotonic) -> "Store":
        """A new store, open for writing.

        Args:
            folder: which does not exist, or is empty.
            header: the study.
            clock: seconds that pass.

        Raises:
            InputError: where there is something in the folder, or nothing can be written.
        """
        manifest, lock = begun(path_of(folder), header)
        return cls(path_of(folder), manifest, lock, clock=clock)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        write: bool = False,
        *,
        maker: Maker | None = None,
        mixed: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> "Store":
        """A store that is there.

        Args:
            folder: of the store.
            write: whether items will be added; of those who write there is one at a time.
            maker: the code that makes the results to come, by default the code that is running.
            mixed: whether results of another maker may come beside those that are there; every row says whose it is.
            clock: seconds that pass.

        Raises:
            InputError: where there is no store, another one is writing, or the maker is another one.
            Damaged: where its manifest is not as it was written.
        """
        folder = path_of(folder)
        if not write:
            return cls(folder, read_manifest(folder), clock=clock)
        maker = this_maker() if maker is None else maker
        manifest, lock = continued(folder, maker, mixed)
        return cls(folder, manifest, lock, maker, clock)

    @property
    def header(self) -> Header:
        """The header: which study the store is of."""
        return self._manifest.header

    @property
    def manifest(self) -> Manifest:
        """What has been written."""
        return self._manifest

    @property
    def makers(self) -> tuple[Maker, ...]:
        """All code that made results in it."""
        return tuple(self._manifest.makers.values())

    @property
    def keys(self) -> frozenset[str]:
        """The items that are done."""
        return frozenset(self._known()[0])

    @property
    def failures(self) -> Mapping[str, Failure]:
        """Why items failed that are not done, by key."""
        return dict(self._known()[1])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self._schemas.types)

    def types(self, table: str) -> Mapping[str, str]:
        """The types of the columns of a table.

        Raises:
            InputError: for a table that is not there.
        """
        return self._schemas.of(table)

    def add(self, finished: Sequence[Finished]) -> None:
        """Take finished items, and write them when there are enough, or some have waited for long.

        An item that is there already is not taken twice; one that failed and then is done is done.

        Raises:
            InputError: for rows that do not fit to the columns; and where nothing can be written: what was not written
                is held, and written with the next. All other items have been taken.
        """
        self._writing()
        wrong: list[InputError] = []
        for one in finished:
            try:
                self._take(one)
                # once is enough where nothing can be written
                if self._held.enough and not wrong:
                    self.flush()
            except InputError as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]

    def _take(self, one: Finished) -> None:
        keys, failures = self._known()
        if one.key not in keys:
            if one.failure is not None:
                failures |= last_failures({one.key: failures.get(one.key, one.failure)}, {one.key: one.failure})
                self._held.take_failure(one.key, one.failure)
            else:
                self._held.take(one.key, self._schemas.fitted(one.key, one.tables, self._maker.name))
                keys.add(one.key)
                failures.pop(one.key, None)
                self._held.failures.pop(one.key, None)

    def flush(self) -> None:
        """Write what is not written yet.

        Raises:
            InputError: where it cannot be written; then it is held still.
        """
        self._writing()
        if not self._held.items and not self._held.failures:
            return
        new: list[Batch] = []
        types = self._schemas.types
        if self._held.items:
            tables = self._held.tables(types, self._maker.name)
            new.append(write_batch(self.folder, self.header.key, self._manifest.makers, tables))
        if self._held.failures:
            new.append(write_failures(self.folder, self._held.failures))
        made = replace(self._manifest, types=types, failed=len(self._known()[1]))
        self.commit(made.with_batches((*self._manifest.batches, *new)))
        self._held.clear()

    def columns(self, table: str, names: Sequence[str] | None = None, keys: Iterable[str] | None = None) -> Columns:
        """Rows of a table, verified where they are read; see `Keeping.columns`.

        Raises:
            InputError: for a table or a column that is not there.
            Damaged: where a part is not as it was written.
        """
        types = chosen(table, self._schemas.of(table), names)
        rows = all_rows(self, table, {KEY: self._schemas.of(table)[KEY], **types})
        if keys is not None:
            rows = arrow.of_items(rows, sorted(set(keys)))
        return arrow.columns_of(arrow.by_item(rows), types)

    def held_rows(self, table: str, types: Mapping[str, str]) -> Any:
        """Rows that are not written yet, as Arrow's."""
        return arrow.with_all(self._held.rows(table, self._schemas.of(table)), types)

    def refreshed(self) -> bool:
        """Whether another has written meanwhile, to a store that is read; then what it wrote is seen."""
        if self._lock is not None:
            return False
        found = read_manifest(self.folder)
        changed = found.batches != self._manifest.batches
        self._manifest, self._schemas = found, Schemas(found.types)
        self.reread()
        return changed

    def reread(self) -> None:
        """Have keys and failures read again, from what has been written."""
        self._keys = self._failures = None

    def extend(self, header: Header, manifest: Manifest | None = None) -> None:
        """Have the store be of a larger study, with more points, seeds, or measurements; what is there stays.

        Args:
            header: of the study as it is now. It varies what the store has columns of: rows say where each of these
                stands.
            manifest: what the store holds then, where rows were written anew for it; by default what it holds now.

        Raises:
            InputError: for a study that varies something else, and where nothing can be written.
        """
        self._writing()
        self.flush()
        made, old = self._manifest if manifest is None else manifest, self.header
        if value_types(header.varied) != made.types[VALUES]:
            raise InputError(
                f"the study varies {_told(header)} now and varied {_told(old)} before: rows that are there do not say "
                "where the others stand; give another folder for it"
            )
        if header.key != old.key:
            after = header.after(old)
            if header.text:
                write_whole(self.folder / TEXT, header.text)
            write_whole(self.folder / STUDY, checked_json(after.to_dict()))
            self.commit(replace(made, header=after))

    def commit(self, manifest: Manifest) -> None:
        """Have the store hold what a manifest says.

        Raises:
            InputError: where it cannot be written; then the store holds what it held.
        """
        self._writing()
        write_manifest(self.folder, manifest)
        self._manifest, self._schemas = manifest, Schemas(manifest.types)

    def tidy(self, *, whole: bool = False) -> None:
        """Put small parts together; or write all rows anew, in parts that depend on nothing but the rows.

        Args:
            whole: whether all are written anew, sorted by item.

        Raises:
            InputError: where nothing can be written; then nothing has changed.
            Damaged: where a part is not as it was written.
        """
        self.flush()
        made = compaction.whole(self) if whole else compaction.together(self)
        if made is not None:
            self.commit(made)
            cleaning.sweep(self.folder, made)

    def close(self) -> None:
        """Write what is not written yet, put small parts together, and let others write."""
        if self._lock is None:
            return
        try:
            self.tidy()
        finally:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> "Store":
        """The store itself, closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it; after an error what can be written is written, and the error is what is raised."""
        if error is None:
            self.close()
        else:
            with contextlib.suppress(InputError):
                self.close()

    def _known(self) -> tuple[set[str], dict[str, Failure]]:
        """The keys that are done, and the failures of those that are not."""
        if self._keys is None or self._failures is None:
            items = all_rows(self, ITEMS, None)
            failures = [failures_in(rows) for rows in all_rows(self, FAILURES, None, together=False)]
            self._keys = set(keys_in(items)) if len(items) else set()
            self._failures = {key: one for key, one in last_failures(*failures).items() if key not in self._keys}
        return self._keys, self._failures

    def _writing(self) -> None:
        if self._lock is None:
            raise InputError(f"the store {self.folder} is open for reading: open it with write=True to add to it")


def _told(header: Header) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in sorted(header.varied.items())) or "nothing"
