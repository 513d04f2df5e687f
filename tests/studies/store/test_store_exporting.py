"""Exports: the same bytes however rows were cut, in all formats the same rows, NaN told."""

import base64
import csv
import json
import math

import pyarrow.parquet as pq
import pytest

from nashscape.core import InputError
from nashscape.studies.store import Store, export, reading


@pytest.mark.long
def test_exports_are_the_same_however_rows_were_cut(small, tmp_path, monkeypatch):
    small.made(tmp_path / "one", range(20))
    small.made(tmp_path / "two", reversed(range(20)), each=3, apart=True)
    expected = small.exported(tmp_path / "one", tmp_path)
    assert small.exported(tmp_path / "two", tmp_path) == expected
    monkeypatch.setattr(reading, "BLOCK", 6)
    cut = small.exported(tmp_path / "two", tmp_path)
    same = {name for name in expected if cut[name] == expected[name]}
    assert same >= {name for name in expected if not name.endswith(".parquet")}


def test_an_export_holds_all_rows_by_item(small, tmp_path):
    folder = small.made(tmp_path / "store", range(10), each=3, apart=True)
    expected = Store.open(folder).columns("values")
    paths = {end: export(folder, tmp_path / f"all{end}") for end in (".csv", ".json", ".parquet")}
    with paths[".csv"].open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    rows = json.loads(paths[".json"].read_text(encoding="utf-8"))
    table = pq.read_table(paths[".parquet"]).to_pydict()
    assert lines[0] == list(rows[0]) == list(table) == list(expected)
    for k, name in enumerate(expected):
        column = expected[name].tolist()
        assert list(map(repr, table[name])) == list(map(repr, column))
        nulls = [None if isinstance(one, float) and math.isnan(one) else one for one in column]
        assert [row[name] for row in rows] == nulls
        read = [type(one)(line[k]) for one, line in zip(column, lines[1:], strict=True)]
        assert list(map(repr, read)) == list(map(repr, column))
    assert "ü" in expected["of"].tolist()


def test_bytes_are_told_as_base64(small, tmp_path):
    folder = small.made(tmp_path / "store", [0, 3])
    codes = Store.open(folder).columns("maps")["codes"].tolist()
    rows = json.loads(export(folder, tmp_path / "maps.json", "maps").read_text())
    assert [base64.b64decode(row["codes"]) for row in rows] == codes
    assert pq.read_table(export(folder, tmp_path / "maps.parquet", "maps"))["codes"].to_pylist() == codes


def test_a_store_without_rows_is_exported(small, tmp_path):
    folder = small.made(tmp_path / "store", [])
    assert json.loads(export(folder, tmp_path / "none.json").read_text()) == []
    assert export(folder, tmp_path / "none.csv").read_text().count("\n") == 1
    assert pq.read_table(export(folder, tmp_path / "none.parquet")).num_rows == 0


def test_unknown_endings_and_tables_are_refused(small, tmp_path):
    folder = small.made(tmp_path / "store", range(3))
    with pytest.raises(InputError, match=r"unknown ending of a file to export to '\.cvs'; did you mean '\.csv'"):
        export(folder, tmp_path / "all.cvs")
    with pytest.raises(InputError, match="unknown table 'valeus'"):
        export(folder, tmp_path / "all.csv", "valeus")
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        export(folder, tmp_path / "nowhere" / "all.csv")
