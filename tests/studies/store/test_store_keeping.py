"""Memory and a store keep the same: items once, rows by item, failures until they are done, types for good."""

from dataclasses import replace

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.studies.headers import Header
from nashscape.studies.items import Failure, Finished
from nashscape.studies.keeping import Keeping
from nashscape.studies.memory import Memory
from nashscape.studies.store import Store, counts, repair


@pytest.fixture(params=["memory", "store", "store, written at once"])
def keeping(request, small, tmp_path):
    if request.param == "memory":
        yield Memory(small.HEADER)
        return
    store = Store.create(tmp_path / "store", small.HEADER)
    if "at once" in request.param:
        taken = store.add
        store.add = lambda finished: (taken(finished), store.flush())[0]
    yield store
    store.close()


def equal(one, other):
    assert list(one) == list(other)
    for name, column in one.items():
        assert column.dtype.kind == other[name].dtype.kind, name
        assert len(column) == len(other[name]), name
        if column.dtype.kind == "f":  # the bits, of NaN too
            assert (column.view(np.int64) == other[name].view(np.int64)).all(), name
        else:
            assert (column == other[name]).all(), name


def test_rows_are_sorted_by_item_and_stand_in_the_order_of_their_item(keeping, small):
    numbers = [7, 2, 11, 0, 6, 3]
    keeping.add([small.item(k) for k in numbers[:2]])
    keeping.add([small.item(k) for k in numbers[2:]])
    keeping.flush()
    by_key = sorted(numbers, key=small.key)
    expected = np.concatenate([small.item(k).tables["values"]["value"] for k in by_key])
    found = keeping.columns("values")
    assert (found["value"].view(np.int64) == expected.view(np.int64)).all()
    assert found["item"].tolist() == [small.key(k) for k in by_key for _ in range(1 + k % 3)]
    assert found["quantity"].tolist() == [q for k in by_key for q in ["share", "payoff", "first_hit"][: 1 + k % 3]]
    assert set(found["maker"]) == {small.MAKER.name}
    assert list(found)[:6] == ["item", "measure", "replicate", "seed", "peer", "rule"]
    assert [found[name].dtype.kind for name in ("seed", "peer", "rule")] == ["i", "f", "U"]
    assert keeping.keys == set(map(small.key, numbers))
    codes = keeping.columns("maps", ["codes"])["codes"]
    assert codes.tolist() == [bytes([k, 0, 255]) for k in by_key if k % 3 == 0]
    assert keeping.columns("entry")["held"].dtype == bool
    assert set(keeping.tables) == {"values", "entry", "maps"}


def test_some_columns_of_some_items(keeping, small):
    keeping.add([small.item(k) for k in range(6)])
    some = keeping.columns("values", ["rule", "value"], [small.key(4), small.key(5), "no item"])
    assert list(some) == ["rule", "value"]
    assert sorted(some["rule"].tolist()) == ["lola"] * 2 + ["pg"] * 3
    nothing = keeping.columns("values", ["rule", "seed"], [])
    assert [nothing[name].dtype.kind for name in nothing] == ["U", "i"]
    assert len(nothing["seed"]) == 0
    with pytest.raises(InputError, match="unknown column of the table 'values' 'valu'; did you mean 'value'"):
        keeping.columns("values", ["valu"])
    with pytest.raises(InputError, match="unknown table 'entri'; did you mean 'entry'"):
        keeping.columns("entri")


def test_an_item_is_taken_once(keeping, small):
    keeping.add([small.item(1), small.item(1)])
    other = Finished(small.key(1), small.item(2).tables)
    keeping.add([other])
    keeping.add([small.failure(1)])
    assert len(keeping.columns("values")["value"]) == 2
    assert not keeping.failures


def test_an_item_that_failed_is_missing_until_it_is_done(keeping, small):
    keeping.add([small.failure(1), small.failure(2), small.item(3)])
    assert keeping.keys == {small.key(3)}
    assert keeping.failures[small.key(1)] == Failure("item 1 has failed", "Traceback …", 2)
    keeping.add([small.item(1)])
    assert keeping.keys == {small.key(1), small.key(3)}
    assert set(keeping.failures) == {small.key(2)}


def test_an_item_without_rows_is_done(keeping, small):
    keeping.add([Finished(small.key(1)), Finished(small.key(2), {"entry": {"start": np.array([])}})])
    assert keeping.keys == {small.key(1), small.key(2)}
    assert keeping.tables == ("values",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": np.zeros(2)}, "the columns have the lengths"),
        ({"value": np.zeros((1, 1))}, r"the column 'value' has the shape \(1, 1\)"),
        ({"valu": np.zeros(1)}, "unknown column of the values 'valu'; did you mean 'value'"),
        ({"seed": np.array([0.5])}, "values.seed is of type whole since its first rows"),
        ({"value": np.array(["much"])}, "values.value is of type number since its first rows, and .*'much'"),
        ({"value": np.array([2**53 + 1])}, "only whole numbers up to 2⁵³"),
        ({"value": np.array([1j])}, "give complex numbers as two columns"),
        ({"text": np.array([b"bytes"])}, "the column values.text is |S5"),
        ({"text": np.array(["\ud800"], object)}, "is no Unicode"),
        ({"seed": np.array([2**63], np.uint64)}, "whole numbers are below 2⁶³"),
        ({"item": np.array(["another"])}, "its rows say that they are of the item another"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused_and_nothing_of_them_is_taken(keeping, small, change, words):
    good = small.item(3)
    bad = {"fresh": {"x": np.zeros(1)}, "values": {**good.tables["values"], **change}}
    with pytest.raises(InputError, match=words):
        keeping.add([small.item(0), Finished(small.key(3), bad), small.item(6)])
    assert keeping.keys == {small.key(0), small.key(6)}  # all others have been taken
    assert "fresh" not in keeping.tables
    keeping.add([good])
    assert keeping.keys == {small.key(0), small.key(3), small.key(6)}


def test_values_need_what_cannot_be_left_blank(keeping, small):
    tables = small.item(3).tables
    without = {name: column for name, column in tables["values"].items() if name not in ("value", "text")}
    keeping.add([Finished(small.key(3), {"values": without})])
    found = keeping.columns("values", ["value", "text"])
    assert np.isnan(found["value"]).all()
    assert found["text"].tolist() == [""]
    del without["replicate"]
    with pytest.raises(InputError, match="the column 'replicate' of type whole, which these rows lack"):
        keeping.add([Finished(small.key(1), {"values": without})])


def test_types_are_those_of_the_first_rows_and_whole_numbers_become_numbers(keeping, small):
    """A table begun with whole numbers in one store and with fractions in another has one type in each."""
    keeping.add([Finished(small.key(1), {"entry": {"x": np.array([0.5, 2.7]), "n": np.array([1, 2])}})])
    keeping.add([Finished(small.key(2), {"entry": {"x": np.array([1, 2]), "n": np.array([3, 4])}})])
    found = keeping.columns("entry")
    assert sorted(found["x"].tolist()) == [0.5, 1.0, 2.0, 2.7]
    assert found["x"].dtype == np.float64
    with pytest.raises(InputError, match=r"entry\.n is of type whole since its first rows, and .*0\.5"):
        keeping.add([Finished(small.key(3), {"entry": {"x": np.zeros(1), "n": np.array([0.5])}})])


def test_columns_that_come_later_are_blank_before(keeping, small):
    keeping.add([Finished(small.key(1), {"entry": {"x": np.array([0.5])}})])
    keeping.flush()
    later = {"x": np.array([1.5]), "payoff_2": np.array([3.0]), "why": np.array(["late"])}
    keeping.add([Finished(small.key(2), {"entry": later})])
    keeping.add([Finished(small.key(3), {"entry": {"payoff_2": np.array([4.0])}})])
    found = keeping.columns("entry", ["item", "x", "payoff_2", "why"])
    told = zip(*(found[name].tolist() for name in ("x", "payoff_2", "why")), strict=True)
    rows = dict(zip(found["item"].tolist(), told, strict=True))
    assert repr(rows[small.key(1)]) == "(0.5, nan, '')"
    assert repr(rows[small.key(2)]) == "(1.5, 3.0, 'late')"
    assert repr(rows[small.key(3)]) == "(nan, 4.0, '')"
    with pytest.raises(InputError, match="entry has rows without a column 'n', and as a whole"):
        keeping.add([Finished(small.key(4), {"entry": {"x": np.zeros(1), "n": np.array([1])}})])


@pytest.mark.parametrize("name", ["items", "failures", "Entry", "../entry", ""])
def test_tables_are_folders(keeping, small, name):
    with pytest.raises(InputError, match="is no name for a table of results"):
        keeping.add([Finished(small.key(1), {name: {"x": np.zeros(1)}})])


def test_what_is_varied_has_names_and_types_of_its_own():
    with pytest.raises(InputError, match="'value' cannot be varied under this name"):
        Header({}, "0", {"value": "number"})
    with pytest.raises(InputError, match="'n' is declared as 'whole'"):
        Header({}, "0", {"n": "whole"})


def test_a_store_and_memory_hold_the_same(small, tmp_path):
    numbers = list(range(40))
    memory = Memory(small.HEADER)
    memory.add([small.item(k) for k in numbers])
    small.made(tmp_path / "store", reversed(numbers), each=7)
    store = Store.open(tmp_path / "store")
    for table in ("values", "entry", "maps"):
        equal(memory.columns(table), store.columns(table))
    assert memory.keys == store.keys


def test_items_are_written_when_there_are_enough_or_some_have_waited(small, tmp_path):
    now = [0.0]
    store = Store.create(tmp_path / "store", small.HEADER, clock=lambda: now[0])

    def there():
        return counts(tmp_path / "store").items

    store.add([small.item(0)])
    assert there() == 0
    now[0] = 4.9
    store.add([small.item(1)])
    assert there() == 0
    now[0] = 5.0  # five seconds after the first of them
    store.add([small.item(2)])
    assert there() == 3
    now[0] = 2000.0  # half a percent of the time that has passed
    store.add([small.item(3)])
    now[0] = 2009.0
    store.add([small.item(4)])
    assert there() == 3
    now[0] = 2011.0
    store.add([small.item(5)])
    assert there() == 6
    rows = 20_000
    big = {"x": np.zeros(rows)}
    store.add([Finished(small.key(6), {"big": big}), small.item(7)])
    assert there() == 7
    store.close()
    assert there() == 8


def test_what_is_read_only_or_closed_is_not_written(small, tmp_path):
    small.made(tmp_path / "store", range(3))
    store = Store.open(tmp_path / "store")
    for change in (lambda: store.add([small.item(4)]), store.flush):
        with pytest.raises(InputError, match="is open for reading: open it with write=True"):
            change()
    store.close()  # of nothing


def test_stores_are_made_in_new_folders_and_opened_where_there_are_some(small, tmp_path):
    small.made(tmp_path / "store", range(3))
    with pytest.raises(InputError, match=r"there is a store in .* already: open it"):
        Store.create(tmp_path / "store", small.HEADER)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("…")
    with pytest.raises(InputError, match=r"holds 'thesis\.tex'; give a new folder"):
        Store.create(tmp_path / "other", small.HEADER)
    with pytest.raises(InputError, match=r"there is no store of results in .*other"):
        Store.open(tmp_path / "other")
    with pytest.raises(InputError, match=r"there is no store of results in .*nowhere"):
        counts(tmp_path / "nowhere")
    with pytest.raises(InputError, match="expected the path of a file"):
        Store.open(3)


def test_other_code_is_refused_or_stands_beside_with_its_name_in_every_row(small, tmp_path):
    small.made(tmp_path / "store", [0, 1])
    other = replace(small.MAKER, code="f" * 16)
    with pytest.raises(InputError, match=r"made by other code: code 0{16} there, f{16} now. .*mixed=True"):
        Store.open(tmp_path / "store", write=True, maker=other)
    with pytest.raises(InputError, match="made by other code: version"):  # of the code that is running
        Store.open(tmp_path / "store", write=True)
    with Store.open(tmp_path / "store", write=True, maker=other, mixed=True) as store:
        store.add([small.item(1), small.item(2)])
    found = Store.open(tmp_path / "store")
    makers = dict(zip(found.columns("values")["seed"].tolist(), found.columns("values")["maker"].tolist(), strict=True))
    assert makers == {0: small.MAKER.name, 1: small.MAKER.name, 2: other.name}
    assert set(found.makers) == {small.MAKER, other}
    # both are known now
    Store.open(tmp_path / "store", write=True, maker=small.MAKER).close()


def test_a_store_without_results_is_anybodys(small, tmp_path):
    small.made(tmp_path / "store", [])
    other = replace(small.MAKER, code="f" * 16)
    with Store.open(tmp_path / "store", write=True, maker=other) as store:
        store.add([small.item(1)])
    assert counts(tmp_path / "store").makers == (other,)


def test_counts_come_from_the_manifest_alone(small, tmp_path):
    with Store.create(tmp_path / "store", small.HEADER) as store:
        store.add([*map(small.item, range(6)), small.failure(8), small.failure(9)])
        store.flush()
        store.add([small.item(9)])
    for path in (tmp_path / "store").glob("*/*.parquet"):
        path.write_bytes(b"")
    found = counts(tmp_path / "store")
    assert (found.study, found.items, found.failed) == ("small", 7, 1)
    assert found.rows == {"values": 13, "entry": 12, "maps": 3}


def test_the_study_s_file_is_kept_as_it_was_given(small, tmp_path):
    text = '[study]\nname = "small"  # ü\n'
    Store.create(tmp_path / "store", replace(small.HEADER, text=text)).close()
    assert (tmp_path / "store" / "study.toml").read_bytes() == text.encode()


def test_both_keep_what_studies_need(small, tmp_path):
    keepings: list[Keeping] = [Memory(small.HEADER), Store.create(tmp_path / "store", small.HEADER)]
    names = {name for name in vars(Keeping) if not name.startswith("_")}
    assert names == {"add", "columns", "failures", "flush", "keys", "tables"}
    for one in keepings:
        assert names <= set(dir(one))


def test_a_study_that_is_extended_keeps_what_is_there(small, tmp_path):
    folder = small.made(tmp_path / "store", range(3))
    larger = replace(small.HEADER, study={"name": "small", "seed": 0, "replicates": 5}, key="7" * 32, text="[study]")
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        store.tidy = store.flush  # parts of before stay as they are
        store.extend(larger)
        store.add([small.item(k) for k in range(2, 5)])
        with pytest.raises(InputError, match=r"varies nothing now and varied peer \(number\), rule \(text\) before"):
            store.extend(replace(larger, varied={}, key="8" * 32))
    found = Store.open(folder)
    assert found.keys == set(map(small.key, range(5)))
    assert (found.header.key, found.header.former, found.header.study["replicates"]) == ("7" * 32, ("5" * 32,), 5)
    assert (folder / "study.toml").read_text() == "[study]"
    (folder / "manifest.json").unlink()  # what was written before the study was extended is still of it
    assert repair(folder).missing == 0
    assert Store.open(folder).keys == found.keys
