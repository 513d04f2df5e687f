"""The manifest of a store: the study, the makers, the types of columns, the parts; written whole, with a checksum."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import path_of, write_whole
from nashscape.core.makers import Maker
from nashscape.studies.headers import Header
from nashscape.studies.schemas import FAILURES, ITEMS
from nashscape.studies.store.parts import Damaged, Part

FORMAT = 1
"""Counts the changes after which older programs cannot read a store."""

MANIFEST, STUDY, TEXT = "manifest.json", "study.json", "study.toml"
"""Files of a store: what it holds; what it is of; the study's file as it was given."""


@dataclass(frozen=True)
class Batch:
    """Items that were written together: all of their rows, or none of them, are in the store.

    Attributes:
        parts: the parts of all tables, sorted by table.
    """

    parts: tuple[Part, ...]

    def part(self, table: str) -> Part | None:
        """The part of a table, where there is one."""
        return next((part for part in self.parts if part.table == table), None)

    def rows(self, *tables: str) -> int:
        """The rows of some tables, or of all that hold results."""
        asked = tables or tuple({part.table for part in self.parts} - {ITEMS, FAILURES})
        return sum(part.rows for part in self.parts if part.table in asked)

    @property
    def bytes(self) -> int:
        """The bytes of all parts."""
        return sum(part.bytes for part in self.parts)


@dataclass(frozen=True)
class Manifest:
    """What a store holds.

    Attributes:
        header: what it is of; its maker is the first of the makers.
        makers: all code that made results in it, by name.
        types: column → type, by name of table.
        batches: what was written.
        failed: how many items failed and are not done.
    """

    header: Header
    makers: Mapping[str, Maker]
    types: Mapping[str, Mapping[str, str]]
    batches: tuple[Batch, ...] = ()
    failed: int = 0

    def parts(self, table: str | None = None) -> Iterator[Part]:
        """The parts of a table, or all."""
        return (part for batch in self.batches for part in batch.parts if table in (None, part.table))

    def rows(self, table: str) -> int:
        """The number of rows of a table."""
        return sum(part.rows for part in self.parts(table))

    def with_batches(self, batches: tuple[Batch, ...]) -> "Manifest":
        """The same with other batches, each once, in an order of their own."""
        return replace(self, batches=tuple(sorted(set(batches), key=lambda batch: batch.parts)))

    def to_dict(self) -> dict[str, Any]:
        """The manifest as plain data."""
        return {
            "format": FORMAT,
            "header": self.header.to_dict(),
            "makers": [maker.to_dict() for maker in self.makers.values()],
            "types": {table: list(map(list, columns.items())) for table, columns in sorted(self.types.items())},
            "batches": [[part.to_dict() for part in batch.parts] for batch in self.batches],
            "failed": self.failed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Manifest":
        """The manifest that `to_dict` wrote."""
        makers = [Maker.from_dict(maker) for maker in data["makers"]]
        return cls(
            Header.from_dict(data["header"]),
            {maker.name: maker for maker in makers},
            {table: dict(columns) for table, columns in data["types"].items()},
            tuple(Batch(tuple(Part(**part) for part in parts)) for parts in data["batches"]),
            data["failed"],
        )


def checked_json(data: Any) -> str:
    """Plain data with a checksum, as JSON."""
    return json.dumps({"sha256": _checksum(data), "content": data}, indent=1, ensure_ascii=False) + "\n"


def from_checked_json(path: Path) -> Any:
    """The data that `checked_json` made a text of.

    Raises:
        Damaged: where the file holds something else.
    """
    help_ = "; `nashscape study repair` makes it anew from the parts"
    try:
        read = json.loads(path.read_bytes().decode())
        whole = read.keys() == {"sha256", "content"} and read["sha256"] == _checksum(read["content"])
    except (ValueError, AttributeError, RecursionError) as error:
        raise Damaged(f"{path} cannot be read as JSON: it is damaged ({error}){help_}") from error
    if not whole:
        raise Damaged(f"{path} is not what was written: its checksum is another one{help_}")
    return read["content"]


def _checksum(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it in place of the one that was there."""
    write_whole(folder / MANIFEST, checked_json(manifest.to_dict()))


def read_manifest(folder: str | Path) -> Manifest:
    """The manifest of a store.

    Raises:
        InputError: where there is no store, or one that a later version made.
        Damaged: for a manifest that is not as it was written.
    """
    path = path_of(folder) / MANIFEST
    try:
        data = from_checked_json(path)
    except FileNotFoundError as error:
        if (path_of(folder) / STUDY).is_file():
            raise Damaged(f"{path} is gone; `nashscape study repair` makes it anew from the parts") from error
        raise InputError(f"there is no store of results in {folder}: it has no {MANIFEST}") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; give the folder of a store") from error
    if data.get("format") != FORMAT:
        raise InputError(
            f"{path} is of format {data.get('format')} and this version of nashscape reads format {FORMAT}; "
            "read it with the version that wrote it"
        )
    return Manifest.from_dict(data)


@dataclass(frozen=True)
class Counts:
    """What a store holds, counted.

    Attributes:
        study: the name of the study.
        items: how many are done.
        failed: how many failed and are not done.
        rows: by name of table.
        parts: how many files.
        bytes: of all parts.
        makers: all code that made results in it.
    """

    study: str
    items: int
    failed: int
    rows: Mapping[str, int]
    parts: int
    bytes: int
    makers: tuple[Maker, ...] = field(default=())


def counts(folder: str | Path) -> Counts:
    """What a store holds, from its manifest alone: no part is opened.

    Args:
        folder: of the store.

    Raises:
        InputError: where there is no store, or its manifest is damaged.
    """
    found = read_manifest(folder)
    return Counts(
        found.header.name,
        found.rows(ITEMS),
        found.failed,
        {table: found.rows(table) for table in found.types},
        sum(1 for _ in found.parts()),
        sum(batch.bytes for batch in found.batches),
        tuple(found.makers.values()),
    )
