"""Shards are merged bit by bit the same, whatever their order and however often; strangers are refused in words."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.studies.items import Finished
from nashscape.studies.store import Store, counts, merge

SHARDS = {"a": [0, 3, 6, 9], "b": [1, 4, 7, 10], "c": [2, 5, 8, 11, 4, 9]}  # two items are in two of them


@pytest.fixture
def shards(small, tmp_path):
    return {name: small.made(tmp_path / name, numbers, each=3) for name, numbers in SHARDS.items()}


@pytest.mark.long
def test_shards_give_the_same_files_in_every_order_and_however_often(small, tmp_path, shards):
    whole = small.exported(small.made(tmp_path / "whole", range(12), each=5), tmp_path)
    seen = []
    for order in itertools.permutations(SHARDS):
        into = tmp_path / "".join(order)
        assert merge([shards[name] for name in order], into).items == 12
        seen.append(small.files(into))
    assert small.exported(into, tmp_path) == whole
    assert all(one == seen[0] for one in seen)
    # again, all and one of them; and one after the other
    merge([shards["b"]], tmp_path / "abc")
    merge(list(shards.values()), tmp_path / "abc")
    for name in "cab":
        merge([shards[name]], tmp_path / "step by step")
    assert small.files(tmp_path / "abc") == small.files(tmp_path / "step by step") == seen[0]
    assert counts(tmp_path / "a").items == 4  # sources stay as they are


def test_failures_are_merged_until_items_are_done(small, tmp_path, shards):
    for name, numbers in {"a": [1, 20, 21], "c": [20, 22]}.items():
        with Store.open(shards[name], write=True, maker=small.MAKER) as store:
            store.add([small.failure(k) for k in numbers])
    for order in (("a", "b", "c"), ("c", "b", "a")):
        into = tmp_path / "".join(order)
        assert merge([shards[name] for name in order], into).failed == 3
        assert Store.open(into).failures.keys() == set(map(small.key, [20, 21, 22]))
    assert small.files(tmp_path / "abc") == small.files(tmp_path / "cba")


def test_the_first_shard_does_not_decide_types(small, tmp_path):
    """Whole numbers in one shard, fractions in the other: all are numbers, in every order."""
    rows = {"a": np.array([1, 2]), "b": np.array([0.5, 2.7])}
    for k, (name, x) in enumerate(rows.items()):
        with Store.create(tmp_path / name, small.HEADER) as store:
            store.add([Finished(small.key(k), {"entry": {"x": x}})])
    for order in ("ab", "ba"):
        merge([tmp_path / name for name in order], tmp_path / order)
        found = Store.open(tmp_path / order).columns("entry")["x"]
        assert sorted(found.tolist()) == [0.5, 1.0, 2.0, 2.7]
    assert small.files(tmp_path / "ab") == small.files(tmp_path / "ba")
    with Store.create(tmp_path / "c", small.HEADER) as store:
        store.add([Finished(small.key(2), {"entry": {"x": np.array(["much"])}})])
    with pytest.raises(InputError, match=r"the column entry\.x is a text and a whole in these stores"):
        merge([tmp_path / "a", tmp_path / "c"], tmp_path / "ac")
    assert not (tmp_path / "ac").exists()


def test_columns_that_one_shard_lacks_are_blank(small, tmp_path):
    rows = {"a": {"x": np.array([1.5])}, "b": {"y": np.array(["late"]), "x": np.array([2.5])}}
    for k, (name, columns) in enumerate(rows.items()):
        with Store.create(tmp_path / name, small.HEADER) as store:
            store.add([Finished(small.key(k), {"entry": columns})])
    for order in ("ab", "ba"):
        merge([tmp_path / name for name in order], tmp_path / order)
    found = Store.open(tmp_path / "ab").columns("entry")
    assert dict(zip(found["x"].tolist(), found["y"].tolist(), strict=True)) == {1.5: "", 2.5: "late"}
    assert small.files(tmp_path / "ab") == small.files(tmp_path / "ba")


def test_other_studies_and_other_code_are_refused(small, tmp_path, shards):
    other = replace(small.HEADER, study={"name": "large", "seed": 0}, key="6" * 32)
    small.made(tmp_path / "other", [1], header=other)
    with pytest.raises(InputError, match=r"the study 'large' .* is not the study 'small' .* they differ in name"):
        merge([shards["a"], tmp_path / "other"], tmp_path / "into")
    newer = replace(small.HEADER, maker=replace(small.MAKER, code="f" * 16))
    small.made(tmp_path / "newer", [30], header=newer)
    with pytest.raises(InputError, match=r"were made by different code: code .*mixed=True"):
        merge([shards["a"], tmp_path / "newer"], tmp_path / "into")
    assert not (tmp_path / "into").exists()
    merge([shards["a"], tmp_path / "newer"], tmp_path / "one", mixed=True)
    merge([tmp_path / "newer", shards["a"]], tmp_path / "two", mixed=True)
    assert small.files(tmp_path / "one") == small.files(tmp_path / "two")
    assert set(Store.open(tmp_path / "one").columns("values")["maker"]) == {small.MAKER.name, newer.maker.name}
    for stores, into in (([], "into"), ([shards["a"]], "a")):
        with pytest.raises(InputError, match="merge takes one store at least and a folder that is none of them"):
            merge(stores, tmp_path / into)


def test_an_item_with_other_rows_is_refused(small, tmp_path, shards):
    tables = small.item(4).tables
    value = tables["values"]["value"].copy()
    value[0] = np.nextafter(value[0], 9)
    with Store.create(tmp_path / "wrong", small.HEADER) as store:
        store.add([small.item(1), Finished(small.key(4), {**tables, "values": {**tables["values"], "value": value}})])
    with pytest.raises(InputError, match=f"the item {small.key(4)} has different rows in .*, table 'values'"):
        merge([shards["b"], tmp_path / "wrong"], tmp_path / "into")


def test_a_damaged_shard_is_told(small, tmp_path, shards):
    path = next((shards["b"] / "values").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=f"{path} has .* bytes and was written with"):
        merge(list(shards.values()), tmp_path / "into")


@pytest.mark.long
def test_many_rows_are_cut_by_their_number_alone(small, tmp_path, monkeypatch):
    from nashscape.studies.store import compaction

    monkeypatch.setattr(compaction, "ENOUGH", 7)
    small.made(tmp_path / "one", range(16), each=5)
    small.made(tmp_path / "two", reversed(range(16)), each=11)
    merge([tmp_path / "one"], tmp_path / "from one")
    merge([tmp_path / "two"], tmp_path / "from two")
    assert small.files(tmp_path / "from one") == small.files(tmp_path / "from two")
    assert counts(tmp_path / "from one").parts > 8
    assert small.exported(tmp_path / "from one", tmp_path) == small.exported(tmp_path / "two", tmp_path)
