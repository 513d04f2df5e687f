"""What the tables of a study hold: the type of every column, which no later rows change."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.errors import InputError, unknown
from nashscape.studies.items import VALUES

TEXT, NUMBER, WHOLE, TRUTH, BYTES = TYPES = ("text", "number", "whole", "truth", "bytes")
"""Of columns: text, double, 64-bit integer, yes or no, bytes."""

ITEMS, FAILURES = "items", "failures"
"""Tables of every store: a row for each item that is done, and for each one that failed."""

NAMES = re.compile("[a-z][a-z0-9_]*")
"""Of tables, which are folders too."""

KEY, MAKER = "item", "maker"
"""Columns of every table: the key of the item, and the name of the code that made it."""

BEFORE = MappingProxyType({KEY: TEXT, "measure": TEXT, "replicate": WHOLE, "seed": WHOLE})
AFTER = MappingProxyType({
    "quantity": TEXT, "of": TEXT, "value": NUMBER, "low": NUMBER, "high": NUMBER, "level": NUMBER, "successes": NUMBER,
    "trials": NUMBER, "text": TEXT, "status": TEXT, "question": TEXT, MAKER: TEXT,
})  # fmt: skip
"""The columns of the values, before and after those that the study varies."""

BLANKS = MappingProxyType({TEXT: "", NUMBER: float("nan"), BYTES: b""})
"""What stands in a column where an item has none; counts and truth values have nothing to stand there."""

EXACT = 2**53
"""Whole numbers up to here are doubles too."""

KINDS = MappingProxyType({"U": TEXT, "b": TRUTH, "i": WHOLE, "u": WHOLE, "f": NUMBER})

Cells = dict[str, Any]
"""Columns of one item, as the types say: lists of texts and of bytes, arrays of the others."""


def value_types(varied: Mapping[str, str]) -> dict[str, str]:
    """The types of the columns of the values of a study, from those of what it varies.

    >>> list(value_types({"game.T": "number"}))[:6]
    ['item', 'measure', 'replicate', 'seed', 'game.T', 'quantity']

    Raises:
        InputError: for a name that is a column already, and for what is neither a text nor a number.
    """
    for name, kind in varied.items():
        if name in BEFORE or name in AFTER:
            raise InputError(f"{name!r} cannot be varied under this name, which every table of values has; rename it")
        if kind not in (TEXT, NUMBER):
            raise InputError(f"what is varied is a {TEXT} or a {NUMBER}; {name!r} is declared as {kind!r}")
    return {**BEFORE, **varied, **AFTER}


class Schemas:
    """The types of the columns of all tables: declared for the values, by first sight for others.

    Args:
        types: those known, column → type by name of table.
    """

    def __init__(self, types: Mapping[str, Mapping[str, str]]) -> None:
        """These tables, to which others may come."""
        self._types = {table: dict(columns) for table, columns in types.items()}

    @property
    def types(self) -> dict[str, dict[str, str]]:
        """Column → type, by name of table."""
        return {table: dict(columns) for table, columns in self._types.items()}

    def of(self, table: str) -> dict[str, str]:
        """The types of a table.

        Raises:
            InputError: for a table that is not there.
        """
        if table not in self._types:
            raise unknown("table", table, self._types)
        return dict(self._types[table])

    def fitted(self, key: str, tables: Mapping[str, Columns], maker: str) -> dict[str, Cells]:
        """The rows of an item as the types say, tables without rows left out.

        Tables and columns that are new have the type of what is seen first: a column of texts, of numbers, of whole
        numbers, of truth values, of bytes. A column that comes to a table later is blank in earlier rows, and so is
        one that is missing in later rows: NaN, or an empty text.

        Raises:
            InputError: for what does not fit; then nothing of the item has been taken.
        """
        made, grown = {}, {}
        for table, columns in tables.items():
            cells, rows = _cells(f"item {key}, table {table!r}", columns, key)
            if rows:
                if not NAMES.fullmatch(table) or table in (ITEMS, FAILURES):
                    raise InputError(
                        f"{table!r} is no name for a table of results; give small letters, digits and underscores, and "
                        f"neither {ITEMS!r} nor {FAILURES!r}, which every store has"
                    )
                known = self._types.get(table)
                grown[table] = types = _grown(table, known, cells)
                made[table] = {
                    KEY: [key] * rows,
                    **{name: _as_type(types[name], cells[name], f"{table}.{name}") for name in cells},
                    MAKER: [maker] * rows,
                }
        self._types |= grown
        return made


def _cells(where: str, columns: Columns, key: str) -> tuple[Cells, int]:
    """Columns as arrays of one length, without the two that every table has."""
    found: Cells = {}
    for name, given in columns.items():
        array = np.asarray(given)
        if name == KEY and (array != key).any():
            raise InputError(f"{where}: its rows say that they are of the item {array[array != key][0]}")
        if name not in (KEY, MAKER):
            if array.ndim != 1:
                raise InputError(f"{where}: the column {name!r} has the shape {array.shape}; columns have one axis")
            found[name] = array
    lengths = {name: len(array) for name, array in found.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"{where}: the columns have the lengths {lengths}; they all have one entry per row")
    return found, next(iter(lengths.values()), 0)


def _grown(table: str, known: Mapping[str, str] | None, cells: Cells) -> dict[str, str]:
    """The types of a table with those of columns that it has not seen yet."""
    if known is None:
        return {KEY: TEXT, **{name: _kind(array, f"{table}.{name}") for name, array in cells.items()}, MAKER: TEXT}
    absent = [name for name in known if name not in cells and name not in (KEY, MAKER)]
    if table == VALUES and not cells.keys() <= known.keys():
        raise unknown("column of the values", next(name for name in cells if name not in known), known)
    blank = [name for name in absent if known[name] not in BLANKS]
    if blank:
        raise InputError(
            f"{table} has the column {blank[0]!r} of type {known[blank[0]]}, which these rows lack, and nothing can "
            f"stand for it; give it in every row, or as a {NUMBER} from the first row on"
        )
    grown = dict(known)
    for name, array in cells.items():
        if name not in known:
            kind = _kind(array, f"{table}.{name}")
            if kind not in BLANKS:
                raise InputError(
                    f"{table} has rows without a column {name!r}, and as a {kind} it cannot be left blank there; give "
                    f"it from the first row on, or as a {NUMBER}"
                )
            grown[name] = kind
    return grown


def _kind(array: Any, where: str) -> str:
    kind = KINDS.get(array.dtype.kind)
    if kind is None and array.dtype.kind == "O":
        kinds = {TEXT if isinstance(one, str) else BYTES if isinstance(one, bytes) else "" for one in array}
        kind = kinds.pop() if len(kinds) == 1 else None
    if not kind or (array.dtype.itemsize > 8 and kind == NUMBER):
        what = f"mixed or unknown: {array[0]!r}, …" if array.dtype.kind == "O" else str(array.dtype)
        raise InputError(
            f"the column {where} is {what}; columns are texts, numbers of at most 64 bits, truth values, or bytes in "
            "an array of objects; give complex numbers as two columns"
        )
    return kind


def _as_type(kind: str, array: Any, where: str) -> Any:
    """The column as its type says, where nothing is lost."""
    given = _kind(array, where)
    if kind == NUMBER and given == WHOLE and ((array >= -EXACT) & (array <= EXACT)).all():
        given = NUMBER
    if given != kind:
        raise InputError(
            f"the column {where} is of type {kind} since its first rows, and {array[0]!r} is of type {given}; types do "
            f"not change later, and only whole numbers up to 2⁵³ become a {NUMBER}"
        )
    if kind in (TEXT, BYTES):
        return _checked_texts(array.tolist(), where) if kind == TEXT else array.tolist()
    if kind == WHOLE and array.dtype.kind == "u" and (array > np.iinfo(np.int64).max).any():
        raise InputError(f"the column {where} holds {array.max()}; whole numbers are below 2⁶³: give it as a text")
    return array.astype({NUMBER: np.float64, WHOLE: np.int64, TRUTH: np.bool_}[kind])


def _checked_texts(texts: Sequence[str], where: str) -> Sequence[str]:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the column {where} holds a text that is no Unicode: {error.object!r}") from error
    return texts


def joined(types: Mapping[str, str], blocks: Sequence[Cells]) -> Cells:
    """The rows of several items, one after the other, with all columns; blank where an item has none."""
    made: Cells = {}
    for name, kind in types.items():
        parts = [block[name] if name in block else _blank(kind, len(block[KEY])) for block in blocks]
        if kind in (TEXT, BYTES):
            made[name] = [one for part in parts for one in part]
        else:
            made[name] = np.concatenate(parts) if parts else np.zeros(0, _NUMPY[kind])
    return made


def _blank(kind: str, rows: int) -> Any:
    filled = [BLANKS[kind]] * rows
    return np.array(filled) if kind == NUMBER else filled


_NUMPY = {NUMBER: np.float64, WHOLE: np.int64, TRUTH: np.bool_}


def arrays(types: Mapping[str, str], cells: Cells) -> Columns:
    """Cells as NumPy arrays: texts as such, bytes as objects."""
    made: Columns = {}
    for name, column in cells.items():
        if types[name] == BYTES:
            made[name] = np.empty(len(column), object)
            made[name][:] = column
        else:
            made[name] = np.array(column, dtype=str) if types[name] == TEXT else column
    return made


def chosen(table: str, types: Mapping[str, str], names: Sequence[str] | None) -> dict[str, str]:
    """The types of some columns, in this order; by default of all.

    Raises:
        InputError: for a column that the table does not have.
    """
    for name in names or ():
        if name not in types:
            raise unknown(f"column of the table {table!r}", name, types)
    return dict(types) if names is None else {name: types[name] for name in names}
