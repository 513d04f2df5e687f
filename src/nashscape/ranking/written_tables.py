"""Files of rows of cells, and which of their columns are meant."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from nashscape.core import InputError

SEPARATORS = (",", ";", "\t")


def lines_of(path: Path, example: str) -> list[tuple[int, list[str]]]:
    """The lines of a file that are not empty, as cells separated by commas, semicolons or tabs, with their numbers.

    Args:
        path: of the file.
        example: a line of such a file, for who gives an empty one.

    Raises:
        InputError: where it cannot be read, and where it is empty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines = [(reader.line_num, _trimmed(line)) for line in reader]
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise InputError(f"{path} is empty; a line of it is {example}")
    return lines


def _trimmed(cells: list[str]) -> list[str]:
    """Cells without spaces around them, and without empty ones at the end."""
    own = [cell.strip() for cell in cells]
    while len(own) > 3 and not own[-1]:
        own.pop()
    return own


def three_chosen(cells: Sequence[str], columns: Sequence[str] | str, where: str, what: str) -> tuple[int, ...]:
    """The places of three columns that are named.

    Args:
        cells: the names of all columns.
        columns: those that are wanted, or these in one text, with commas.
        where: the table, for errors.
        what: the three columns are of, for errors.

    Raises:
        InputError: for names that no column has, and not three different ones.
    """
    given = columns.split(",") if isinstance(columns, str) else columns
    chosen = [str(name).strip() for name in given] if isinstance(given, Iterable) else [str(given)]
    missing = [name for name in chosen if name not in cells]
    if len(chosen) != 3 or missing:
        why = f"it has no {', '.join(map(repr, missing))}" if missing else f"got {len(chosen)}"
        raise InputError(f"columns are three of {where}, {what}; {why}. It has: {', '.join(cells)}")
    if len(set(chosen)) < 3:
        raise InputError(f"columns {what} are three; got {', '.join(chosen)}")
    return tuple(cells.index(name) for name in chosen)
