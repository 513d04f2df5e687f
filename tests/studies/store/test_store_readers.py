"""The files of a store in the hands of pandas, Polars, DuckDB and Arrow: the same rows, NaN found, types for good."""

import math

import duckdb
import numpy as np
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from nashscape.studies.items import Finished
from nashscape.studies.store import Store
from nashscape.studies.store.manifest import read_manifest
from nashscape.studies.store.parts import read_part

NAN = math.nan
CHOICES = {"is NaN": math.isnan, "not 3": lambda x: x != 3, "not below 10": lambda x: not x < 10}


def arrow_on_file(path):
    x = pc.field("value")
    read = lambda condition: pa.dataset.dataset(path).to_table(filter=condition)["value"].to_pylist()  # noqa: E731
    return {"is NaN": read(pc.is_nan(x)), "not 3": read(x != 3), "not below 10": read(~(x < 10))}


def polars_on_file(path):
    x = polars.col("value")
    read = lambda condition: polars.scan_parquet(f"{path}/*.parquet").filter(condition).collect()["value"].to_list()  # noqa: E731
    return {"is NaN": read(x.is_nan()), "not 3": read(x != 3), "not below 10": read(~(x < 10))}


def duckdb_on_file(path):
    read = lambda condition: [  # noqa: E731
        row[0] for row in duckdb.sql(f"select value from '{path}/*.parquet' where {condition}").fetchall()
    ]
    return {"is NaN": read("isnan(value)"), "not 3": read("value != 3"), "not below 10": read("not value < 10")}


def pandas_on_file(path):
    x = pandas.read_parquet(path)["value"]
    read = lambda condition: x[condition].tolist()  # noqa: E731
    return {"is NaN": read(x.isna()), "not 3": read(x != 3), "not below 10": read(~(x < 10))}


READERS = {"arrow": arrow_on_file, "polars": polars_on_file, "duckdb": duckdb_on_file, "pandas": pandas_on_file}


def with_values(small, folder, *parts):
    with Store.create(folder, small.HEADER) as store:
        store.tidy = store.flush
        for k, values in enumerate(parts):
            tables = small.item(3).tables["values"]
            rows = {name: np.resize(column, len(values)) for name, column in tables.items()}
            store.add([Finished(small.key(k), {"values": {**rows, "value": np.array(values)}})])
            store.flush()
    return folder


@pytest.mark.parametrize("values", [[3.0, NAN, 3.0], [NAN, NAN], [1.0, 20.0, NAN]], ids=str)
@pytest.mark.parametrize("reader", READERS)
def test_nan_is_found_by_everyone_who_filters_the_files(small, tmp_path, reader, values):
    found = READERS[reader](str(with_values(small, tmp_path / "store", values) / "values"))
    for name, rows in found.items():
        assert repr(sorted(rows, key=str)) == repr(sorted(filter(CHOICES[name], values), key=str)), name


def test_columns_of_numbers_have_no_statistics(small, tmp_path):
    folder = small.made(tmp_path / "store", range(9))
    for path in folder.glob("*/*.parquet"):
        group = pq.ParquetFile(path).metadata.row_group(0)
        for k in range(group.num_columns):
            column = group.column(k)
            assert (column.statistics is not None) == (
                column.physical_type == "BYTE_ARRAY" and column.path_in_schema != "codes"
            )


WHOLE_TABLES = {
    "arrow": lambda path: pq.read_table(path)["value"].to_pylist(),
    "polars": lambda path: polars.read_parquet(f"{path}/*.parquet")["value"].to_list(),
    "duckdb": lambda path: [row[0] for row in duckdb.sql(f"select value from '{path}/*.parquet'").fetchall()],
    "pandas": lambda path: pandas.read_parquet(path)["value"].tolist(),
}


@pytest.mark.parametrize("reader", READERS)
def test_the_first_part_does_not_decide_how_others_are_read(small, tmp_path, reader):
    """Whole numbers in one part, fractions or NaN in the other, whichever name comes first."""
    seen = set()
    for k in range(10):
        first, second = [k, k + 1], [k + 0.5, 2.7 if k % 2 else NAN]
        folder = with_values(small, tmp_path / str(k), first, second)
        parts = sorted(read_manifest(folder).parts("values"))
        seen.add(read_part(folder, parts[0])["value"][0].as_py() == k)
        found = WHOLE_TABLES[reader](str(folder / "values"))
        assert sorted(map(repr, found)) == sorted(repr(float(x)) for x in [*first, *second])
    assert seen == {True, False}


@pytest.mark.parametrize("reader", ["pandas", "polars", "duckdb"])
def test_a_store_is_read_as_it_is_by_others(small, tmp_path, reader):
    folder = small.made(tmp_path / "store", range(12), each=5)
    for table in ("values", "entry", "maps"):
        path = folder / table
        if reader == "pandas":
            frame = pandas.read_parquet(path)
        elif reader == "polars":
            frame = polars.read_parquet(path / "*.parquet").to_pandas()
        else:
            frame = duckdb.sql(f"select * from '{path}/*.parquet'").df()
        frame = frame.sort_values("item", kind="stable")
        expected = Store.open(folder).columns(table)
        assert list(frame) == list(expected)
        for name, column in expected.items():
            told = [bytes(one) if name == "codes" else one for one in frame[name].tolist()]
            assert list(map(repr, told)) == list(map(repr, column.tolist())), name


def test_bytes_of_a_part_depend_on_its_rows_alone(small, tmp_path):
    one = small.made(tmp_path / "one", [5, 1, 8])
    other = small.made(tmp_path / "other", [8, 5, 1])
    assert small.files(one) == small.files(other)
    # as another process writes it, in which other columns come first
    again = small.made(tmp_path / "again", [8])
    with Store.open(again, write=True, maker=small.MAKER) as store:
        store.add([small.item(1), small.item(5)])
    assert small.files(again) == small.files(one)


def test_an_empty_table_and_one_of_nan_have_the_types_of_others(small, tmp_path):
    full = pq.read_schema(next((with_values(small, tmp_path / "a", [0.5]) / "values").glob("*.parquet")))
    nans = pq.read_schema(next((with_values(small, tmp_path / "b", [NAN]) / "values").glob("*.parquet")))
    whole = pq.read_schema(next((with_values(small, tmp_path / "c", [1]) / "values").glob("*.parquet")))
    assert full.equals(nans, check_metadata=True)
    assert full.equals(whole, check_metadata=True)
    empty = Store.open(small.made(tmp_path / "d", [])).columns("values")
    assert {name: column.dtype.kind for name, column in empty.items() if column.dtype.kind != "U"} == {
        "replicate": "i", "seed": "i", "peer": "f", "value": "f", "low": "f", "high": "f", "level": "f",
        "successes": "f", "trials": "f",
    }  # fmt: skip


def test_columns_that_came_later_are_in_all_parts_of_a_closed_store(small, tmp_path):
    with Store.create(tmp_path / "store", small.HEADER) as store:
        store.add([Finished(small.key(1), {"entry": {"x": np.array([0.5])}})])
        store.flush()
        store.add([Finished(small.key(2), {"entry": {"x": np.array([1.5]), "payoff_2": np.array([3.0])}})])
    frame = pandas.read_parquet(tmp_path / "store" / "entry")
    assert repr(sorted(zip(frame["x"].tolist(), frame["payoff_2"].tolist(), strict=True))) == "[(0.5, nan), (1.5, 3.0)]"
