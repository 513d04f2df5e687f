"""What was changed after it was written is never believed, and a repair loses no more than it must."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.studies.items import Finished
from nashscape.studies.store import Store, counts, export, query, repair
from nashscape.studies.store.manifest import read_manifest
from nashscape.studies.store.parts import Damaged, read_part


def parts(folder, table):
    return list(read_manifest(folder).parts(table))


def completed(small, folder, numbers):
    """Add what is missing of some items; how many that were."""
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        missing = [k for k in numbers if small.key(k) not in store.keys]
        store.add([small.item(k) for k in missing])
    return len(missing)


def test_every_single_flipped_bit_of_a_part_is_found(small, tmp_path):
    small.made(tmp_path / "store", [2])
    [part] = parts(tmp_path / "store", "entry")
    path = tmp_path / "store" / part.place
    whole = path.read_bytes()
    assert 500 < len(whole) < 3000
    read_part(tmp_path / "store", part)
    with path.open("r+b", buffering=0) as file:
        for bit in range(8 * len(whole)):
            place, byte = bit // 8, whole[bit // 8]
            file.seek(place)
            file.write(bytes([byte ^ 1 << bit % 8]))
            with pytest.raises(Damaged, match=r"is not what was written: its SHA-256 is another one; .*repair"):
                read_part(tmp_path / "store", part)
            file.seek(place)
            file.write(bytes([byte]))
    read_part(tmp_path / "store", part)


def test_a_manifest_stays_as_it_was_until_the_next_one_has_its_name(small, tmp_path, monkeypatch):
    folder = small.made(tmp_path / "store", [1])
    meant, rename = read_manifest(folder).to_dict(), os.replace

    def stopped(one, other):
        if Path(other) == folder / "manifest.json":
            raise KeyboardInterrupt
        rename(one, other)

    monkeypatch.setattr("os.replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        completed(small, folder, [2])
    assert read_manifest(folder).to_dict() == meant


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.long)])
def test_every_single_flipped_bit_of_a_manifest_is_found_or_changes_nothing(small, tmp_path, step):
    small.made(tmp_path / "store", [1])
    path = tmp_path / "store" / "manifest.json"
    whole, meant = path.read_bytes(), read_manifest(tmp_path / "store").to_dict()
    harmless, bits = 0, range(0, 8 * len(whole), step)
    for bit in bits:
        with path.open("r+b", buffering=0) as file:
            # the byte before is put right again
            file.write(whole[: bit // 8])
            file.write(bytes([whole[bit // 8] ^ 1 << bit % 8]))
        try:
            assert read_manifest(tmp_path / "store").to_dict() == meant
            harmless += 1
        except Damaged as error:
            assert "manifest.json" in str(error)  # noqa: PT017
            assert "repair` makes it anew" in str(error)  # noqa: PT017
    # a space that became another white space
    assert harmless < 0.1 * len(bits)


@pytest.mark.parametrize("what", ["cut off", "empty", "longer", "deleted", "another's"])
def test_a_damaged_part_is_told_and_repaired(small, tmp_path, what):
    folder, whole = tmp_path / "store", small.made(tmp_path / "whole", range(20), each=5)
    small.made(folder, range(20), each=5, apart=True)
    bad, good = parts(folder, "values")[:2]
    path, content = folder / bad.place, (folder / bad.place).read_bytes()
    if what == "deleted":
        path.unlink()
    else:
        path.write_bytes({
            "cut off": content[:-1], "empty": b"", "longer": content + b"\0",
            "another's": (folder / good.place).read_bytes(),
        }[what])  # fmt: skip
    words = "is gone" if what == "deleted" else "is not what was written|bytes and was written with"
    for use in (
        lambda: Store.open(folder).columns("values"),
        lambda: query(folder, "value > 0"),
        lambda: export(folder, tmp_path / "out.csv"),
    ):
        with pytest.raises(Damaged, match=words):
            use()
    assert not (tmp_path / "out.csv").exists()
    assert len(Store.open(folder).columns("entry")["start"]) == 40  # which is whole
    done = repair(folder)
    assert done.missing == 5
    assert not done.rebuilt
    assert all((folder / name).exists() and name.endswith(".damaged") for name in done.aside)
    assert any(bad.place.split("/")[1] in name for name in done.aside) == (what != "deleted")
    assert counts(folder).items == 15
    assert completed(small, folder, range(20)) == 5
    assert small.exported(folder, tmp_path) == small.exported(whole, tmp_path)
    assert repair(folder).aside == ()


def test_a_damaged_list_of_items_is_told_before_anything_is_added(small, tmp_path):
    small.made(tmp_path / "store", range(3))
    [part] = parts(tmp_path / "store", "items")
    path = tmp_path / "store" / part.place
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    before = small.files(tmp_path / "store")
    with pytest.raises(Damaged):
        Store.open(tmp_path / "store", write=True, maker=small.MAKER)
    assert small.files(tmp_path / "store") == before
    assert repair(tmp_path / "store").missing == 3
    assert completed(small, tmp_path / "store", range(3)) == 3


@pytest.mark.parametrize("what", ["damaged", "gone", "with the study"])
def test_a_manifest_is_made_anew_from_the_parts(small, tmp_path, what):
    folder = tmp_path / "store"
    with Store.create(folder, small.HEADER) as store:
        store.add([*map(small.item, range(12)), small.failure(30)])
        store.add([Finished(small.key(20), {"late": {"x": np.zeros(1)}})])
    before, manifest = small.exported(folder, tmp_path), (folder / "manifest.json").read_bytes()
    if what == "gone":
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_bytes(manifest[:-30])
    if what == "with the study":
        (folder / "study.json").write_text("{}")
        with pytest.raises(InputError, match=r"neither manifest\.json nor study\.json .* give repair the header"):
            repair(folder)
    with pytest.raises(Damaged, match=r"manifest\.json"):
        Store.open(folder)
    done = repair(folder, small.HEADER if what == "with the study" else None)
    assert (done.missing, done.rebuilt) == (0, True)
    assert small.exported(folder, tmp_path) == before
    assert (folder / "manifest.json").read_bytes() == manifest
    assert Store.open(folder).failures.keys() == {small.key(30)}
    assert json.loads((folder / "study.json").read_text())["content"]["key"] == small.HEADER.key


def test_a_damaged_part_under_a_damaged_manifest_is_set_aside(small, tmp_path):
    folder, whole = tmp_path / "store", small.made(tmp_path / "whole", range(9))
    small.made(folder, range(9), each=3, apart=True)
    path = folder / parts(folder, "values")[0].place
    path.write_bytes(path.read_bytes()[:-9])
    (folder / "manifest.json").unlink()
    done = repair(folder)
    assert (done.missing, counts(folder).items) == (3, 6)
    assert any(path.name in name for name in done.aside)
    assert not path.exists()
    assert completed(small, folder, range(9)) == 3
    assert small.exported(folder, tmp_path) == small.exported(whole, tmp_path)


def test_what_a_dead_writer_left_is_taken_where_it_is_whole_and_removed_where_it_is_not(small, tmp_path):
    folder = small.made(tmp_path / "store", range(3))
    manifest = (folder / "manifest.json").read_bytes()
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        store.tidy = store.flush
        store.add([small.item(k) for k in (3, 4)])
    written = [part.place for part in parts(folder, None)]
    (folder / "manifest.json").write_bytes(manifest)  # died before it was written
    rest = folder / "values" / f"{'0' * 32}.parquet"
    rest.write_bytes(b"PAR1")
    (folder / "values" / ".a.parquet.1.unfinished").write_bytes(b"PAR1")
    (folder / ".manifest.json.1.unfinished").write_bytes(b"{")
    foreign = folder / "values" / "README"
    foreign.write_text("mine")
    assert counts(folder).items == 3  # a reader sees what the manifest says
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        assert store.keys == set(map(small.key, range(5)))
        assert sorted(part.place for part in parts(folder, None)) == sorted(written)
    left = [path.name for path in folder.rglob("*") if path.suffix == ".unfinished" or path == rest]
    assert left == []
    assert foreign.exists()
    assert small.exported(folder, tmp_path) == small.exported(small.made(tmp_path / "whole", range(5)), tmp_path)


def test_parts_that_name_what_is_gone_are_no_items(small, tmp_path):
    """A list of items without the rows that it names: none of them is done."""
    folder = small.made(tmp_path / "store", [])
    manifest = (folder / "manifest.json").read_bytes()
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        store.add([small.item(k) for k in (3, 4)])
    (folder / "manifest.json").write_bytes(manifest)
    next((folder / "values").glob("*.parquet")).unlink()
    assert completed(small, folder, (3, 4)) == 2


def test_a_store_of_a_later_version_is_not_read(small, tmp_path):
    folder = small.made(tmp_path / "store", [])
    from nashscape.studies.store.manifest import checked_json

    data = {**read_manifest(folder).to_dict(), "format": 2}
    (folder / "manifest.json").write_text(checked_json(data))
    with pytest.raises(InputError, match="is of format 2 and this version of nashscape reads format 1"):
        Store.open(folder)
    with pytest.raises(InputError, match="is of format 2"):
        repair(folder)
    with pytest.raises(InputError, match="it has neither"):
        repair(tmp_path)


def test_a_writer_that_died_after_putting_parts_together_leaves_no_row_twice(small, tmp_path):
    folder = small.made(tmp_path / "store", range(6), each=3, apart=True)
    old = {path: path.read_bytes() for path in folder.glob("*/*.parquet")}
    manifest = (folder / "manifest.json").read_bytes()
    Store.open(folder, write=True, maker=small.MAKER).close()
    new = {path: path.read_bytes() for path in folder.glob("*/*.parquet")}
    assert not old.keys() & new.keys()
    whole = small.exported(folder, tmp_path)
    for path, content in old.items():  # the old ones were not removed yet
        path.write_bytes(content)
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        assert len(store.columns("values")["value"]) == 12
        assert set(folder.glob("*/*.parquet")) == new.keys()
    (folder / "manifest.json").write_bytes(manifest)  # the new ones were not in the manifest yet
    for path, content in old.items():
        path.write_bytes(content)
    assert small.exported(folder, tmp_path) == whole
    Store.open(folder, write=True, maker=small.MAKER).close()
    assert small.exported(folder, tmp_path) == whole
    for path, content in old.items():  # and with nothing but the parts, both old and new
        path.write_bytes(content)
    (folder / "manifest.json").unlink()
    assert repair(folder).missing == 0
    assert small.exported(folder, tmp_path) == whole


def test_readers_go_on_while_a_writer_puts_parts_together(small, tmp_path):
    folder = small.made(tmp_path / "store", range(6), each=3, apart=True)
    reader, other = Store.open(folder), Store.open(folder)
    with Store.open(folder, write=True, maker=small.MAKER) as store:
        store.add([small.item(7)])
    assert sorted(set(reader.columns("values")["seed"].tolist())) == [0, 1, 2, 3, 4, 5, 7]
    assert len(other.keys) == 7
    for path in folder.glob("values/*.parquet"):
        path.unlink()
    with pytest.raises(Damaged, match="is gone"):
        reader.columns("values")
