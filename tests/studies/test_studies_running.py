"""A study runs to the same findings in memory, in a folder, by a pool; it grows, and is never mixed with another."""

import shutil

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError
from nashscape.core import Status
from nashscape.studies import Study, one_estimate, one_number, read_study
from nashscape.studies.running import engine_of, findings_of
from nashscape.studies.shipped import study_in
from nashscape.studies.store import Store, export, merge, repair
from nashscape.testing import check_result

FIXED = {"game": "stag_hunt", "rule": "meta_mapg", "grid": 5, "steps": 40}


def study(values=(0.0, 2.0), name="peer", measure=("outcomes", "welfare"), **fixed):
    return Study(name, fixed={**FIXED, **fixed}, vary=[{"peer": list(values)}], measure=measure)


def same(one, other):
    assert list(one.rows) == list(other.rows)
    for name, own in one.rows.items():
        np.testing.assert_array_equal(own, other.rows[name])


@pytest.fixture(scope="module")
def found():
    return study().run()


def test_findings_are_in_the_order_of_the_study(found):
    assert found.rows["peer"].tolist() == sorted(found.rows["peer"].tolist())
    assert found.status is Status.COMPLETE
    for peer in (0.0, 2.0):
        by_hand = ns.basin_map(ns.games.stag_hunt(), ns.meta_mapg(peer=peer), grid=5, steps=40)
        assert one_number(found, quantity="share", of="CC", peer=peer) == by_hand.fraction("CC").value
    assert found.values(of=["CC", "DD"], peer=2.0)["of"].tolist() == ["CC", "DD"]
    with pytest.raises(InputError, match="did you mean 'quantity'"):
        found.values(quantiy="share")
    with pytest.raises(InputError, match="2 rows have of = 'CC'"):
        one_number(found, of="CC")


def test_an_estimate_of_a_study_is_that_of_the_result():
    fixed = {"game": "stag_hunt", "n": 60, "steps": 40}
    runs = Study("made", {**fixed, "rule": "pg"}, measure=["standing", {"what": "welfare", "name": "pay"}]).run()
    by_hand = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=60, steps=40).at_step("CC")
    made = one_estimate(runs, quantity="standing", of="CC")
    for name in ("value", "low", "high", "level", "successes", "trials"):
        assert getattr(made, name) == getattr(by_hand, name)
    assert one_estimate(runs, quantity="welfare").trials is None
    with pytest.raises(InputError, match="2 rows have quantity = 'standing'"):
        one_estimate(runs, quantity="standing")


def test_findings_are_results_like_all_others(found, tmp_path):
    check_result(found)
    assert found.question["study"]["fixed"]["game"] == "stag_hunt"
    assert found.citation.startswith("The nashscape developers: ")
    same(found, ns.load(found.save(tmp_path / "found.json")))


def test_a_folder_holds_what_memory_holds_and_is_not_computed_twice(found, tmp_path):
    events = []
    stored = study().run(tmp_path / "store")
    same(found, stored)
    again = study().run(tmp_path / "store", progress=events.append)
    same(found, again)
    assert [event["asked"] - event["done"] for event in events if event["event"] == "began"] == [0]


def test_a_study_grows_in_its_folder_and_does_not_become_another(tmp_path):
    study([0.0]).run(tmp_path / "store")
    more = study([2.0, 0.0], measure=["outcomes", "welfare", {"what": "alignment", "grid": 5}])
    same(more.run(), more.run(tmp_path / "store"))
    with Store.open(tmp_path / "store", write=True) as store:
        assert len(store.keys) == 4
        assert store.header.key == more.key
    with pytest.raises(InputError, match="4 items of the study 'peer', of which 3 are not asked for any more"):
        study([2.0]).run(tmp_path / "store")
    # alignment has no steps
    with pytest.raises(InputError, match="of which 2 are not asked for any more"):
        study([2.0, 0.0], steps=41, measure=["outcomes", "welfare", {"what": "alignment", "grid": 5}]).run(
            tmp_path / "store"
        )
    with pytest.raises(InputError, match="is not the study 'peer'"):
        study([2.0, 0.0], name="other", steps=41).run(tmp_path / "store")


def rows_of(folder):
    return {name: column.tolist() for name, column in Store.open(folder).columns("values").items()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A study of four items with tables of their own, and the folder in which it was run."""
    folder = tmp_path_factory.mktemp("kept") / "store"
    fixed = {"game": "stag_hunt", "n": 3, "steps": 5}
    one = Study("kept", fixed, [{"game.T": [2.0, 3.0]}], [{"what": "outcomes", "keep": ["runs"], "replicates": 2}])
    one.run(folder)
    return one, folder


@pytest.mark.parametrize("what", ["values", "entry", "items", "manifest.json"])
def test_what_is_damaged_is_set_aside_and_computed_again_and_it_is_said_of_how_many_items(kept, tmp_path, what):
    one, folder = kept
    shutil.copytree(folder, tmp_path / "store")
    before, where = rows_of(tmp_path / "store"), tmp_path / "store" / what
    [path] = [where] if where.is_file() else where.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    events = []
    found = one.run(tmp_path / "store", progress=events.append)
    lost = 0 if what == "manifest.json" else 4
    made = ", manifest made anew from the parts" if what == "manifest.json" else ""
    [note] = [note for note in found.provenance.notes if note.startswith("damaged: ")]
    assert note.endswith(f" files set aside, {lost} items missing again{made}")
    assert [event["asked"] - event["done"] for event in events if event["event"] == "began"] == [lost]
    assert found.status is Status.COMPLETE
    assert repr(rows_of(tmp_path / "store")) == repr(before)
    assert any((tmp_path / "store" / "damaged").iterdir())
    assert not any("damaged" in note for note in one.run(tmp_path / "store").provenance.notes)


def test_a_study_grows_by_names_that_vary_where_its_items_are_the_same(tmp_path):
    """Of `steps`, which was fixed, and `threshold`, left at its default, old values are among the new."""
    measure = ["outcomes", {"what": "alignment", "grid": 5}]
    study([0.0], measure=measure).run(tmp_path / "store")
    before = Store.open(tmp_path / "store").keys
    fixed = {name: own for name, own in FIXED.items() if name != "steps"}
    vary = [{"threshold": [0.9, 0.82]}, {"peer": [0.0]}, {"steps": [20, 40]}]
    more = Study("peer", fixed, vary, measure=measure)
    events = []
    grown = more.run(tmp_path / "store", progress=events.append)
    [began] = [event for event in events if event["event"] == "began"]
    assert began["done"] == len(before) == 2
    fresh = more.run(tmp_path / "fresh")
    same(fresh, grown)
    assert (
        export(tmp_path / "store", tmp_path / "grown.csv").read_bytes()
        == export(tmp_path / "fresh", tmp_path / "fresh.csv").read_bytes()
    )
    # alignment takes no updates, so that its rows say nothing of their number
    steps = grown.rows["steps"]
    assert set(steps[grown.rows["measure"] == "basin_map"]) == {20.0, 40.0}
    assert set(grown.rows["threshold"][grown.rows["measure"] == "basin_map"]) == {0.82, 0.9}
    assert np.isnan(steps[grown.rows["measure"] == "alignment"]).all()
    assert sorted(path.name for path in (tmp_path / "store").rglob("*.parquet")) == sorted(
        part.place.rpartition("/")[2] for part in Store.open(tmp_path / "store").manifest.parts()
    )
    (tmp_path / "store" / "manifest.json").unlink()
    assert repair(tmp_path / "store").missing == 0
    same(fresh, more.run(tmp_path / "store"))


def test_a_study_does_not_grow_by_names_whose_old_values_are_gone(tmp_path):
    study([0.0]).run(tmp_path / "store")
    fixed = {name: own for name, own in FIXED.items() if name != "steps"}
    with pytest.raises(InputError, match=r"\(steps, which varies now, was 40: let this be among its values, and what"):
        Study("peer", fixed, [{"peer": [0.0]}, {"steps": [20, 30]}], measure=["outcomes", "welfare"]).run(
            tmp_path / "store"
        )
    with pytest.raises(InputError, match=r"\(game.T, which varies now, was not given: let this be among"):
        Study("peer", FIXED, [{"peer": [0.0]}, {"game.T": [2.5, 3.0]}], measure=["outcomes", "welfare"]).run(
            tmp_path / "store"
        )
    with pytest.raises(InputError, match=r"peer varied before and does not vary now: .* let it vary still, over one"):
        Study("peer", {**FIXED, "peer": 0.0}, measure=["outcomes", "welfare"]).run(tmp_path / "store")
    assert len(Store.open(tmp_path / "store").keys) == 1


def test_shards_merge_to_the_whole(found, tmp_path):
    for number in (1, 2, 3):
        study().run(tmp_path / f"{number}", shard=f"{number}/3")
    merge([tmp_path / "3", tmp_path / "1", tmp_path / "2"], tmp_path / "all")
    same(found, study().run(tmp_path / "all"))


def test_replicates_go_on_until_an_interval_is_narrow():
    until = {"quantity": "share", "of": "CC", "width": 0.45, "most": 16}
    measure = {"what": "outcomes", "verb": "entry_probability", "n": 16, "until": until}
    fixed = {"game": "stag_hunt", "rule": "meta_mapg", "steps": 40, "estimator": "sampled:batch=32"}
    found = Study("peer", fixed=fixed, vary=[{"peer": [0.0, 1.5]}], measure=measure).run()
    for peer in (0.0, 1.5):
        shares = found.values(quantity="share", of="CC", peer=peer)
        assert sorted(shares["replicate"].tolist()) == list(range(len(shares["replicate"])))
        assert len(shares["replicate"]) in (2, 4, 8, 16)
        pooled = ns.core.clopper_pearson(int(shares["successes"].sum()), int(shares["trials"].sum()), 1 - 0.05 / 5)
        assert pooled.high - pooled.low <= 0.45
        assert len(set(shares["seed"].tolist())) == len(shares["seed"])


def test_what_chance_has_no_part_in_is_measured_once():
    for quantity, of in (("share", "CC"), ("share", "cycling"), ("welfare", "")):
        until = {"quantity": quantity, "of": of, "width": 1e-6, "most": 8}
        found = study([0.0, 2.0], measure={"what": ["outcomes", "welfare"], "until": until}).run()
        assert set(found.rows["replicate"].tolist()) == {0}
        assert found.status is Status.COMPLETE


def test_intervals_that_stay_too_wide_are_told_by_the_findings(tmp_path):
    until = {"quantity": "share", "of": "cycling", "width": 0.01, "most": 2}
    fixed = {"game": "stag_hunt", "rule": "meta_mapg", "n": 8, "steps": 20}
    wide = Study("wide", fixed=fixed, vary=[{"peer": [1.0, 2.0]}], measure={"what": "outcomes", "until": until})
    found = wide.run(tmp_path / "store")
    assert found.status is Status.UNRESOLVED
    assert found.advice == "at 2 points intervals are still wide: raise `most`"
    # and by those that are read from the folder again
    with Store.open(tmp_path / "store") as store:
        again = findings_of(wide, store)
    assert (again.status, again.advice) == (found.status, found.advice)


def test_failed_items_are_told_and_tried_again_only_when_asked(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from pathlib import Path\n"
        "def counted(game, *, threshold=0.5):\n"
        f"    if threshold > 0.7 and not Path({str(tmp_path / 'mended')!r}).exists():\n"
        "        raise ValueError('not yet')\n    return {'twice': 2 * threshold}\n"
    )
    measure = {"verb": f"{tmp_path / 'mine.py'}:counted", "name": "mine"}
    own = Study("own", fixed={"game": "stag_hunt"}, vary=[{"threshold": [0.6, 0.8]}], measure=measure)
    found = own.run(tmp_path / "store")
    assert found.status is Status.UNRESOLVED
    assert list(found.failures.values()) == ["ValueError: not yet"]
    assert "1 item failed" in found.standing
    (tmp_path / "mended").touch()
    assert own.run(tmp_path / "store").status is Status.UNRESOLVED
    mended = own.run(tmp_path / "store", again=True)
    assert mended.status is Status.COMPLETE
    assert mended.rows["value"].tolist() == [1.2, 1.6]


def test_engines_by_name():
    assert engine_of("pool", 3).workers == 3
    for given, reason in {
        ("pol",): "did you mean 'pool'",
        ("here", 2): "in this process alone",
        ("pool", 2, "127.0.0.1:1"): "that of a Ray cluster",
    }.items():
        with pytest.raises(InputError, match=reason):
            engine_of(*given)


@pytest.mark.long
def test_a_pool_gives_the_same_rows(found):
    same(found, study().run(engine="pool", workers=2))


def test_a_file_that_was_edited_is_another_study_and_lies_beside_the_results_it_made(tmp_path):
    text = "from nashscape import meta_mapg\ndef rule(peer={}):\n    return meta_mapg(peer=peer)\n"
    (tmp_path / "mine.py").write_text(text.format(1.0))
    (tmp_path / "s.toml").write_text(
        '[study]\nname = "s"\n[fixed]\ngame = "stag_hunt"\nn = 4\nsteps = 3\nrule = "mine.py:rule"\n'
    )
    found = read_study(tmp_path / "s.toml").run(tmp_path / "out")
    (tmp_path / "mine.py").write_text(text.format(2.0))
    with pytest.raises(InputError, match="1 items of the study 's', of which 1 are not asked for any more"):
        read_study(tmp_path / "s.toml").run(tmp_path / "out")
    same(found, study_in(tmp_path / "out").run(tmp_path / "out"))
    other = read_study(tmp_path / "s.toml").run()
    assert set(other.rows["item"].tolist()).isdisjoint(found.rows["item"].tolist())


def test_a_measure_may_be_called_like_a_file_and_games_may_be_files(tmp_path):
    (tmp_path / "game.json").write_text('{"payoffs": [[[4, 0], [3, 2]], [[4, 3], [0, 2]]]}')
    measure = {"what": "outcomes", "name": "shares.json"}
    study = Study("called", {"n": 4, "steps": 3}, [{"game": ["game.json"]}], measure, folder=str(tmp_path))
    assert list(study.files) == ["game.json"]
    assert study.key != study.but(seed=1).key


def test_workers_get_ready_for_the_measures_that_can_be_called(monkeypatch):
    from nashscape.studies.readied import Readied

    work = study([2.5], measure=["outcomes", "equilibria"]).work
    call, failing = Readied.call, {"equilibria"}

    def fails(self, point, seed):
        if self.measure.name in failing:
            raise RuntimeError(f"no {self.measure.name} here")
        return call(self, point, seed)

    monkeypatch.setattr(Readied, "call", fails)
    work.prepare()
    failing.add("basin_map")
    with pytest.raises(RuntimeError, match="no basin_map here"):
        work.prepare()
