"""Items on their way into a store: held until there are enough, then written as parts of all tables at once."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nashscape.core.makers import Maker
from nashscape.studies.items import Failure
from nashscape.studies.schemas import FAILURES, ITEMS, KEY, MAKER, TEXT, WHOLE, Cells, joined
from nashscape.studies.store import arrow
from nashscape.studies.store.manifest import FORMAT, Batch
from nashscape.studies.store.parts import Part, write_part

ROWS, BYTES_HELD = 20_000, 32 << 20
"""What is held at most before it is written, in rows and in bytes."""

SECONDS, SHARE = 5.0, 0.005
"""Rows wait this long, or this share of the time that has passed since the store was opened, where that is more."""

ITEM_TYPES: Mapping[str, str] = {KEY: TEXT, "rows": WHOLE, MAKER: TEXT}
FAILURE_TYPES: Mapping[str, str] = {KEY: TEXT, "error": TEXT, "traceback": TEXT, "attempts": WHOLE}


class Held:
    """Items and failures that are not written yet.

    Args:
        clock: seconds that pass.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.items: dict[str, dict[str, Cells]] = {}
        self.failures: dict[str, Failure] = {}
        self._clock = clock
        self._opened = self._since = clock()
        self._rows = self._bytes = 0

    def take(self, key: str, tables: dict[str, Cells]) -> None:
        """Hold an item."""
        self._begin()
        self.items[key] = tables
        self._rows += sum(len(cells[KEY]) for cells in tables.values()) or 1
        for cells in tables.values():
            # only what is large is worth being counted
            self._bytes += sum(len(own[0]) * len(own) for own in cells.values() if isinstance(own[0], bytes))

    def take_failure(self, key: str, failure: Failure) -> None:
        """Hold the failure of an item."""
        self._begin()
        self.failures[key] = failure
        self._rows += 1

    def _begin(self) -> None:
        if not self.items and not self.failures:
            self._since = self._clock()

    @property
    def enough(self) -> bool:
        """Whether there are enough rows to be written, or some have waited long enough."""
        now = self._clock()
        waited = now - self._since >= max(SECONDS, SHARE * (now - self._opened))
        return self._rows >= ROWS or self._bytes >= BYTES_HELD or (bool(self.items or self.failures) and waited)

    def clear(self) -> None:
        """Nothing is held any more."""
        self.items, self.failures = {}, {}
        self._rows = self._bytes = 0

    def rows(self, table: str, types: Mapping[str, str]) -> Any:
        """The rows of a table, as Arrow's, sorted by item."""
        cells = [self.items[key][table] for key in sorted(self.items) if table in self.items[key]]
        return arrow.table_of(types, joined(types, cells))

    def tables(self, types: Mapping[str, Mapping[str, str]], maker: str) -> dict[str, Any]:
        """The rows of all tables that have some, and the items themselves."""
        keys = sorted(self.items)
        names = {name for tables in self.items.values() for name in tables}
        counts = [sum(len(cells[KEY]) for cells in self.items[key].values()) for key in keys]
        items = {KEY: keys, "rows": counts, MAKER: [maker] * len(keys)}
        return {**{name: self.rows(name, types[name]) for name in names}, ITEMS: arrow.table_of(ITEM_TYPES, items)}


def write_batch(folder: Path, study: str, makers: Mapping[str, Maker], tables: Mapping[str, Any]) -> Batch:
    """Write the rows of some items, those of `ITEMS` last: they name the other parts, so that none is believed alone.

    Args:
        folder: of the store.
        study: the key of the study.
        makers: all code that made results in the store, by name.
        tables: rows sorted by item, as Arrow tables by name, `ITEMS` among them.

    Raises:
        InputError: where something cannot be written.
    """
    parts = [write_part(folder, name, tables[name]) for name in sorted(tables) if name != ITEMS]
    names = sorted(set(arrow.coded(tables[ITEMS][MAKER])[1].tolist()))
    said = {
        "format": FORMAT,
        "study": study,
        "makers": [makers[name].to_dict() for name in names],
        "parts": [part.to_dict() for part in parts],
    }
    parts.append(write_part(folder, ITEMS, tables[ITEMS], json.dumps(said, sort_keys=True).encode()))
    return Batch(tuple(sorted(parts)))


def said_by(content: bytes) -> tuple[str, tuple[Maker, ...], tuple[Part, ...]]:
    """The study, the makers and the other parts that a part of `ITEMS` names."""
    said = json.loads(arrow.said_in(content))
    return said["study"], tuple(map(Maker.from_dict, said["makers"])), tuple(Part(**part) for part in said["parts"])


def write_failures(folder: Path, failures: Mapping[str, Failure]) -> Batch:
    """Write why items failed, sorted by item.

    Raises:
        InputError: where it cannot be written.
    """
    keys = sorted(failures)
    own = [failures[key] for key in keys]
    cells = {
        KEY: keys,
        "error": [_unicode(one.error) for one in own],
        "traceback": [_unicode(one.traceback) for one in own],
        "attempts": [one.attempts for one in own],
    }
    return Batch((write_part(folder, FAILURES, arrow.table_of(FAILURE_TYPES, cells)),))


def _unicode(text: str) -> str:
    """The text, without what is no character: names of files in messages may hold such."""
    return text.encode(errors="backslashreplace").decode()


def failures_in(rows: Any) -> dict[str, Failure]:
    """Why items failed, from the rows of a part."""
    columns = arrow.columns_of(rows, FAILURE_TYPES)
    each = zip(*(columns[name].tolist() for name in FAILURE_TYPES), strict=True)
    return {key: Failure(error, traceback, attempts) for key, error, traceback, attempts in each}


def last_failures(*several: Mapping[str, Failure]) -> dict[str, Failure]:
    """For every item the failure after most attempts; of as many, the one whose words come last."""
    found: dict[str, Failure] = {}
    for failures in several:
        for key, one in failures.items():
            found[key] = max(found.get(key, one), one, key=lambda own: (own.attempts, own.error, own.traceback))
    return found


def keys_in(rows: Any) -> Sequence[str]:
    """The keys in the rows of a part of `ITEMS`."""
    found: Sequence[str] = rows[KEY].to_pylist()
    return found
