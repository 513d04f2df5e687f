"""Parts of a table: files of many rows that are named after their content, written whole and verified when read."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import write_whole
from nashscape.studies.store import arrow

DIGITS = 32
"""Hexadecimal digits of a content's SHA-256 that are the name of its file."""

HELP = "; `nashscape study repair` sets the part aside, and `resume` computes its items again"


class Damaged(InputError):
    """A part or a manifest that is not as it was written; what is asked of the store waits for a repair."""


class Gone(Damaged):
    """A part that is not there: deleted, or written anew together with others while it was looked for."""


@dataclass(frozen=True, order=True)
class Part:
    """A file of rows.

    Attributes:
        table: whose rows they are.
        sha256: of the file's bytes, in hexadecimal digits.
        bytes: how many there are.
        rows: how many there are.
    """

    table: str
    sha256: str
    bytes: int
    rows: int

    @property
    def place(self) -> str:
        """The file within the folder of the store."""
        return f"{self.table}/{self.sha256[:DIGITS]}.parquet"

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain data."""
        return asdict(self)


def write_part(folder: Path, table: str, rows: Any, said: bytes | None = None) -> Part:
    """Write rows, an Arrow table, as a part of a table.

    Raises:
        InputError: where it cannot be written.
    """
    content = arrow.parquet(rows, said)
    part = Part(table, hashlib.sha256(content).hexdigest(), len(content), len(rows))
    try:
        (folder / table).mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder / table} cannot be made: {error.strerror}") from error
    write_whole(folder / part.place, content)
    return part


def content_of(folder: Path, part: Part) -> bytes:
    """The bytes of a part, as they were written.

    Raises:
        Damaged: where they are not, or not all, or the file is gone.
    """
    path = folder / part.place
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Gone(f"the part {part.place} of the store {folder} is gone{HELP}") from error
    except OSError as error:
        raise Damaged(f"{path} cannot be read: {error.strerror}{HELP}") from error
    if len(content) != part.bytes:
        raise Damaged(f"{path} has {len(content)} bytes and was written with {part.bytes}{HELP}")
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise Damaged(f"{path} is not what was written: its SHA-256 is another one{HELP}")
    return content


def read_part(folder: Path, part: Part, names: Sequence[str] | None = None) -> Any:
    """The rows of a part, verified: an Arrow table, texts as codes.

    Raises:
        Damaged: where its file is not as it was written.
    """
    return arrow.read(content_of(folder, part), names)
