"""A table of a store as one file, the same bytes for the same rows however they were computed and cut."""

import base64
import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from nashscape.core.errors import unknown
from nashscape.core.files.whole_files import path_of, whole_file
from nashscape.studies.items import VALUES
from nashscape.studies.schemas import BYTES, NUMBER, TEXT
from nashscape.studies.store import arrow
from nashscape.studies.store.reading import in_order, types_of
from nashscape.studies.store.stores import Store


def export(folder: str | Path, path: str | Path, table: str = VALUES) -> Path:
    """Write a table to one file, its rows sorted by key of their item, and then in the order of their item.

    The bytes depend on the rows alone, not on engines, shards, or interruptions. Bytes of maps are written as base64
    in texts; in JSON NaN is null.

    Args:
        folder: of the store.
        path: of the file, whose ending says the format: .csv, .json or .parquet; it is there whole or not at all.
        table: which table.

    Returns:
        The path.

    Raises:
        InputError: for another ending, a table that is not there, and where nothing can be written.
        Damaged: where a part is not as it was written.
    """
    path = path_of(path)
    if path.suffix not in FORMATS:
        raise unknown("ending of a file to export to", path.suffix, FORMATS)
    store = Store.open(folder)
    types = types_of(store, table)
    with whole_file(path) as file:
        FORMATS[path.suffix](file, in_order(store, table, types), types)
    return path


def _csv(file: BinaryIO, blocks: Iterator[Any], types: Mapping[str, str]) -> None:
    told = _told(types)
    with pyarrow.csv.CSVWriter(file, arrow.schema_of(told)) as writer:
        for block in blocks:
            writer.write_table(_with_texts(block, types))


def _json(file: BinaryIO, blocks: Iterator[Any], types: Mapping[str, str]) -> None:
    between = "["
    for block in blocks:
        told = _with_texts(block, types)
        columns = [_finite(told[name]) if kind == NUMBER else told[name].to_pylist() for name, kind in types.items()]
        for row in zip(*columns, strict=True):
            line = json.dumps(dict(zip(types, row, strict=True)), ensure_ascii=False, allow_nan=False)
            file.write(f"{between}\n{line}".encode())
            between = ","
    file.write(b"[]\n" if between == "[" else b"\n]\n")


def _finite(column: Any) -> list[Any]:
    """Numbers as JSON has them: null for NaN, texts for the two infinities."""
    named = {float("inf"): "Infinity", float("-inf"): "-Infinity"}
    return [one if math.isfinite(one) else named.get(one) for one in column.to_pylist()]


def _parquet(file: BinaryIO, blocks: Iterator[Any], types: Mapping[str, str]) -> None:
    schema = arrow.schema_of(types)
    with pq.ParquetWriter(file, schema, **arrow.options(schema)) as writer:
        for block in blocks:
            writer.write_table(block, row_group_size=arrow.GROUP_ROWS)


def _told(types: Mapping[str, str]) -> dict[str, str]:
    return {name: TEXT if kind == BYTES else kind for name, kind in types.items()}


def _with_texts(block: Any, types: Mapping[str, str]) -> Any:
    """The rows with bytes as base64."""
    for place, (name, kind) in enumerate(types.items()):
        if kind == BYTES:
            texts = [base64.b64encode(one).decode() for one in block[name].to_pylist()]
            field = pa.field(name, arrow.OF[TEXT], nullable=False)
            block = block.set_column(place, field, pa.array(texts, arrow.OF[TEXT]))
    return block


FORMATS: Mapping[str, Callable[[BinaryIO, Iterator[Any], Mapping[str, str]], None]] = MappingProxyType(
    {".csv": _csv, ".json": _json, ".parquet": _parquet}
)
"""What writes files of an ending."""
