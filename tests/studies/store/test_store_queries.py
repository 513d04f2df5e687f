"""Queries against plain NumPy over the same rows: conditions, groups, NaN as NaN; what is no condition is told."""

import math

import duckdb
import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.studies.headers import Header
from nashscape.studies.items import Finished
from nashscape.studies.store import Store, query
from nashscape.studies.store.filters import Filter

NAN = math.nan


@pytest.fixture
def store(small, tmp_path):
    return small.made(tmp_path / "store", range(60), each=17, apart=True)


CONDITIONS = {
    "": lambda r: np.ones(len(r["value"]), bool),
    "peer >= 10 and quantity == 'share'": lambda r: (r["peer"] >= 10) & (r["quantity"] == "share"),
    "isnan(value)": lambda r: np.isnan(r["value"]),
    "not value < 0.5": lambda r: ~(r["value"] < 0.5),
    "value != 3": lambda r: r["value"] != 3,
    "value == value": lambda r: ~np.isnan(r["value"]),
    "quantity in ['share', 'first_hit'] or seed == 7": lambda r: (
        np.isin(r["quantity"], ["share", "first_hit"]) | (r["seed"] == 7)
    ),
    "rule not in ('pg',)": lambda r: r["rule"] != "pg",
    "0 <= value <= 1": lambda r: (r["value"] >= 0) & (r["value"] <= 1),
    "high - low > 0.1 * peer + -1": lambda r: r["high"] - r["low"] > 0.1 * r["peer"] - 1,
    "2 * seed / 3 >= 8 and not (rule == 'pg')": lambda r: (2 * r["seed"] / 3 >= 8) & (r["rule"] != "pg"),
    "'lola' == rule": lambda r: r["rule"] == "lola",
    "rule < quantity": lambda r: r["rule"] < r["quantity"],
    "rule == 'nobody'": lambda r: np.zeros(len(r["value"]), bool),
    "column('value') > 0": lambda r: r["value"] > 0,
    "isinf(1 / (seed - 3))": lambda r: r["seed"] == 3,
}  # fmt: skip


@pytest.mark.parametrize("where", CONDITIONS)
def test_rows_that_meet_a_condition(store, where):
    rows = Store.open(store).columns("values")
    kept = CONDITIONS[where](rows)
    found = query(store, where, order="item")
    assert list(found) == list(rows)
    for name, column in rows.items():
        assert found[name].dtype.kind == column.dtype.kind
        assert repr(found[name].tolist()) == repr(column[kept].tolist()), name
    some = query(store, where, columns=["value", "rule"], order="item")
    assert list(some) == ["value", "rule"]
    assert repr(some["value"].tolist()) == repr(rows["value"][kept].tolist())


@pytest.mark.parametrize("by", [["rule"], ["quantity", "rule"], ["peer"], ["peer", "rule", "quantity"], []], ids=str)
def test_groups_against_a_loop(store, by):
    rows = query(store, "peer < 12")
    found = query(store, "peer < 12", by=by, of="value")
    keys = list(zip(*(rows[name].tolist() for name in by), strict=True)) if by else [()] * len(rows["value"])
    groups = sorted(set(keys))
    got = list(zip(*(found[name].tolist() for name in by), strict=True)) if by else [()]
    assert got == groups
    for k, group in enumerate(groups):
        values = rows["value"][[key == group for key in keys]]
        nans = sum(map(math.isnan, values))
        assert (found["count"][k], found["nans"][k]) == (len(values), nans)
        if nans:
            assert all(math.isnan(found[name][k]) for name in ("mean", "min", "max"))
        else:
            assert found["mean"][k] == pytest.approx(math.fsum(values) / len(values), rel=1e-14)
            assert (found["min"][k], found["max"][k]) == (min(values), max(values))


def test_groups_against_duckdb(store):
    where = "seed % 5 <> 0 and quantity <> 'payoff'"
    theirs = duckdb.sql(
        f"select rule, of, count(*), min(value), max(value) from '{store}/values/*.parquet' where {where} "
        "group by rule, of order by rule, of"
    ).fetchall()
    rows = query(store, "quantity != 'payoff'")
    fifth = "(" + " or ".join(f"seed == {seed}" for seed in sorted(set(rows["seed"].tolist())) if seed % 5 == 0) + ")"
    ours = query(store, f"quantity != 'payoff' and not {fifth}", by=["rule", "of"], of="value")
    names = ("rule", "of", "count", "min", "max")
    assert list(zip(*(ours[name].tolist() for name in names), strict=True)) == theirs


def test_nan_is_no_number_in_a_group_and_none_in_a_mean(small, tmp_path):
    with Store.create(tmp_path / "store", small.HEADER) as store:
        for k, x in enumerate(([1.0, NAN], [2.0], [NAN, NAN])):
            store.add([Finished(small.key(k), {"entry": {"x": np.array(x), "k": np.full(len(x), k)}})])
    found = query(tmp_path / "store", by="k", of="x", table="entry")
    assert found["count"].tolist() == [2, 1, 2]
    assert found["nans"].tolist() == [1, 0, 2]
    assert repr(found["mean"].tolist()) == "[nan, 2.0, nan]"
    # as a group NaN is one
    assert repr(query(tmp_path / "store", by="x", of="k", table="entry")["x"].tolist()) == "[1.0, 2.0, nan]"


def test_nothing_is_found_where_nothing_is(small, store):
    found = query(store, "value > 1e9", by=["rule", "peer"], of="value")
    assert {name: len(column) for name, column in found.items()} == dict.fromkeys(
        ["rule", "peer", "count", "nans", "mean", "min", "max"], 0
    )
    assert len(query(store, "value > 1e9")["value"]) == 0
    empty = small.made(store.parent / "empty", [])
    for folder in (store, empty):
        groups = query(folder, "value > 1e9", by=["rule", "peer"], of="value")
        kinds = {name: column.dtype.kind for name, column in groups.items()}
        assert kinds == {"rule": "U", "peer": "f", "count": "i", "nans": "i", "mean": "f", "min": "f", "max": "f"}
        assert query(folder, "value > 1e9")["seed"].dtype == np.int64


def test_groups_are_the_same_bits_however_rows_were_cut(small, tmp_path):
    numbers = list(range(120))
    small.made(tmp_path / "one", numbers)
    small.made(tmp_path / "two", numbers[::-1], each=3, apart=True)
    one, two = (query(tmp_path / name, "not isnan(value)", by="rule", of="value") for name in ("one", "two"))
    assert one["mean"].tobytes() == two["mean"].tobytes()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("valu > 1", "unknown column 'valu'; did you mean 'value'"),
        ("value >", "cannot be read"),
        ("value = 1", "cannot be read"),
        ("value", "is no condition"),
        ("value + 1", "is no condition"),
        ("1 < 2", "is no condition"),
        ("value > 'much'", "'value' is a number and \"'much'\" is a text"),
        ("rule == 1", "'rule' is a text and '1' is a number"),
        ("not value", "'value' is a number and no condition"),
        ("rule and value > 1", "'rule' is a text and no condition"),
        ("-rule == 'x'", "'rule' is a text and no number"),
        ("value ** 2 > 1", "is not part of the language"),
        ("value is None", "is not part of the language"),
        ("value == None", "None is no number"),
        ("rule in 'pg'", "followed by a list"),
        ("rule in []", "followed by a list"),
        ("abs(value) > 1", "is not part of the language"),
        ("__import__('os').system('true') == 0", "unknown column|is not part of the language"),
        ("(lambda: value)() > 1", "is not part of the language"),
        ("[x for x in value]", "unknown column|is not part of the language"),
        ("value if value else value", "is not part of the language"),
        ("(value := 3) > 1", "is not part of the language"),
        ("value[0] > 1", "is not part of the language"),
        ("f'{value}' == '1'", "is not part of the language"),
        ("isnan(value, value)", "is not part of the language"),
        ("isnan(rule)", "'rule' is a text and no number"),
        ("value.real > 1", "unknown column 'value.real'"),
        ("(" * 300 + "value > 1" + ")" * 300, "cannot be read"),
        ("value\0 > 1", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_told_before_anything_is_read(store, where, words):
    for path in store.glob("values/*.parquet"):
        path.unlink()
    with pytest.raises(InputError, match=words):
        query(store, where)


def test_names_with_dots_and_odd_ones():
    types = {"game.T": "number", "odd name": "text", "held": "truth"}
    assert Filter("game.T > 1 and column('odd name') == 'x' and held", types).names == ("game.T", "odd name", "held")
    with pytest.raises(InputError, match="a filter is a text, got 3"):
        Filter(3, types)
    with pytest.raises(InputError, match=r"unknown column 'game\.S'; did you mean 'game\.T'"):
        Filter("game.S > 1", types)


def test_groups_of_what_cannot_be_summed_up_are_refused(small, store):
    with pytest.raises(InputError, match="groups by rule of what"):
        query(store, by="rule")
    with pytest.raises(InputError, match="the column 'rule' of text cannot be summed up"):
        query(store, by="peer", of="rule")
    with pytest.raises(InputError, match="unknown column of the table 'values' 'pear'; did you mean 'peer'"):
        query(store, by="pear", of="value")
    with pytest.raises(InputError, match="the column 'codes' of bytes"):
        query(store, by="codes", of="codes", table="maps")
    with pytest.raises(InputError, match="the column 'codes' holds bytes"):
        query(store, "codes == 'x'", table="maps")


STUDY = {
    "measure": [{"name": "later"}, {"name": "entry"}],
    "vary": [{"rule": ["pg", "lola", "cola"]}, {"peer": [2.0, 0.5]}, {"step_size": {"range": "of numbers"}}],
}


def test_rows_are_in_the_order_of_the_study_or_in_that_of_keys(tmp_path):
    varied = {"rule": "text", "peer": "number", "step_size": "number"}
    asked = [(m, r, p, s, k) for m in ("later", "entry") for r in ("pg", "lola", "cola", "zz") for p in (2.0, 0.5)
             for s in (0.1, 1.0, NAN) for k in range(2)]  # fmt: skip
    keys = [f"{(37 * k) % 101:032x}" for k in range(len(asked))]
    assert keys != sorted(keys)
    items = [
        Finished(key, {
            "values": {"measure": [m] * 2, "replicate": [k] * 2, "seed": [k] * 2, "rule": [r] * 2, "peer": [p] * 2,
                       "step_size": [s] * 2, "quantity": ["b", "a"], "value": [1.0, 2.0]},
            "runs": {"hit": np.arange(3)},
        })
        for key, (m, r, p, s, k) in zip(keys, asked, strict=True)
    ]  # fmt: skip
    with Store.create(tmp_path / "store", Header(STUDY, "0" * 32, varied)) as store:
        for k in np.random.default_rng(0).permutation(len(items)):
            store.add([items[k]])
    found = query(tmp_path / "store")
    assert found["item"].tolist() == [key for key in keys for _ in range(2)]
    assert found["quantity"].tolist() == ["b", "a"] * len(keys), "rows of an item stay as they were"
    assert query(tmp_path / "store", "rule == 'lola'", columns=["peer"])["peer"].tolist() == [
        p for _, r, p, _, _ in asked if r == "lola" for _ in range(2)
    ]
    runs = query(tmp_path / "store", table="runs")
    assert runs["item"].tolist() == [key for key in keys for _ in range(3)]
    assert runs["hit"].tolist() == [0, 1, 2] * len(keys)
    assert query(tmp_path / "store", order="item")["item"].tolist() == [key for key in sorted(keys) for _ in range(2)]
    with pytest.raises(InputError, match=r"unknown order 'value'.*Known: item, study"):
        query(tmp_path / "store", order="value")
