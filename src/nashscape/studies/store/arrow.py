"""Cells of a study as Arrow tables and as the bytes of Parquet files, which depend on the rows alone, and back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.columns import Columns
from nashscape.core.errors import InputError
from nashscape.studies.schemas import BLANKS, BYTES, KEY, NUMBER, TEXT, TRUTH, WHOLE, Cells

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
except ImportError as error:  # pragma: no cover, in an environment without extras
    raise InputError(
        "stores of results need pyarrow, which is not installed: pip install pyarrow (or the extra nashscape[studies])"
    ) from error

OF = MappingProxyType(
    {TEXT: pa.string(), NUMBER: pa.float64(), WHOLE: pa.int64(), TRUTH: pa.bool_(), BYTES: pa.binary()}
)
"""Arrow's types."""

GROUP_ROWS = 1 << 17
"""Rows that are compressed together."""

SAID = b"nashscape"
"""Under what a part tells which others belong to it."""


def table_of(types: Mapping[str, str], cells: Cells) -> Any:
    """Cells as an Arrow table without nulls."""
    columns = [pa.array(cells[name], OF[kind]) for name, kind in types.items()]
    return pa.table(columns, schema=schema_of(types))


def no_rows(types: Mapping[str, str]) -> Any:
    """A table with these columns and no rows."""
    return schema_of(types).empty_table()


def schema_of(types: Mapping[str, str]) -> Any:
    """Columns without nulls."""
    return pa.schema([pa.field(name, OF[kind], nullable=False) for name, kind in types.items()])


def options(schema: Any) -> dict[str, Any]:
    """How Parquet files are written.

    Columns of numbers have no statistics: they leave NaN out, and readers then skip the rows in which it stands.
    """
    return {
        "version": "2.6",
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": True,
        "write_statistics": [field.name for field in schema if field.type == pa.string()] or False,
        "data_page_version": "1.0",
        "write_page_checksum": True,
        "store_schema": False,
    }


def parquet(table: Any, said: bytes | None = None) -> bytes:
    """The bytes of a Parquet file with these rows, the same for the same rows."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, **options(table.schema)) as writer:
        writer.write_table(table, row_group_size=GROUP_ROWS)
        if said is not None:
            writer.add_key_value_metadata({SAID: said})
    return bytes(sink.getvalue())


def read(content: bytes, names: Sequence[str] | None = None) -> Any:
    """The table in the bytes of a Parquet file, or some of its columns; texts as codes of those that occur."""
    buffer = pa.BufferReader(content)
    texts = [name for name, kind in types_in(content).items() if kind == TEXT]
    file = pq.ParquetFile(buffer, read_dictionary=texts)
    present = None if names is None else [name for name in names if name in file.schema_arrow.names]
    return file.read(columns=present)


def types_in(content: bytes) -> dict[str, str]:
    """The types of the columns in the bytes of a Parquet file."""
    kinds = {arrow: kind for kind, arrow in OF.items()}
    return {field.name: kinds[field.type] for field in pq.read_schema(pa.BufferReader(content))}


def said_in(content: bytes) -> bytes:
    """What a part says of others; nothing where it says nothing."""
    return bytes((pq.read_metadata(pa.BufferReader(content)).metadata or {}).get(SAID, b""))


def with_all(table: Any, types: Mapping[str, str]) -> Any:
    """The rows with these columns in this order, texts as texts; blank where a part is older than a column."""
    columns = []
    for name, kind in types.items():
        if name in table.column_names:
            try:
                columns.append(table[name].cast(OF[kind]))
            except pa.ArrowInvalid as error:
                raise InputError(f"the column {name!r} cannot be made a {kind}: {error}") from error
        elif kind in BLANKS:
            columns.append(pa.repeat(pa.scalar(BLANKS[kind], OF[kind]), len(table)))
        else:
            raise InputError(f"a part has no column {name!r}, and nothing can stand for a {kind}")
    return pa.table(columns, schema=schema_of(types))


def coded(column: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """A column of texts as a code for each row, and the texts that the codes stand for."""
    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    texts = np.array(whole.dictionary.to_pylist(), dtype=str)
    return whole.indices.to_numpy(zero_copy_only=False), texts


def codes(values: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """A code for each entry of an array, and the values that the codes stand for."""
    found = pa.array(values).dictionary_encode()
    return found.indices.to_numpy(zero_copy_only=False), found.dictionary.to_numpy(zero_copy_only=False)


def by_item(table: Any) -> Any:
    """The rows sorted by item, those of an item in their order."""
    if not len(table):
        return table
    codes, keys = coded(table[KEY])
    ranks = np.argsort(np.argsort(keys, kind="stable"), kind="stable")[codes]
    order = np.argsort(ranks, kind="stable")
    return table if (np.diff(order) == 1).all() else table.take(pa.array(order))


def of_items(table: Any, keys: Sequence[str]) -> Any:
    """The rows of some items."""
    return table.filter(pc.is_in(table[KEY].cast(pa.string()), pa.array(keys, pa.string())))


def columns_of(table: Any, types: Mapping[str, str]) -> Columns:
    """The columns of a table as NumPy arrays."""
    made: Columns = {}
    for name, kind in types.items():
        column = table[name]
        if kind == TEXT:
            codes, texts = coded(column)
            made[name] = texts[codes] if len(texts) else np.array([], dtype=str)
        elif kind == BYTES:
            made[name] = np.empty(len(column), object)
            made[name][:] = column.to_pylist()
        else:
            made[name] = column.to_numpy()
    return made
