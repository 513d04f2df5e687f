"""Items are known by what they ask, whatever it is written like; what differs has another key."""

import math
import os
import pickle
import subprocess
import sys

import pytest

from nashscape import InputError, box, games, meta_mapg, pg, sampled, schedules, starts
from nashscape.learning import per_player
from nashscape.studies.items import Place
from nashscape.studies.seeds import derived
from nashscape.studies.study import Study

BASE = {"game": "stag_hunt", "rule": "meta_mapg", "n": 8, "steps": 10}


BASE_GAME = {"game": "stag_hunt"}


def key(measure="outcomes", vary=(), place=(0, 0, 0), seed=0, **fixed):
    study = Study("one", fixed={**BASE, **fixed}, vary=vary, measure=measure, seed=seed)
    return study.item(Place(*place)).key


ALIKE = [
    ({"game": "stag-hunt"}, {"game": games.stag_hunt()}),
    ({"game": "stag_hunt:T=2"}, {"game": {"name": "stag_hunt", "T": 2.0}}),
    ({"rule": "meta-mapg:peer=2"}, {"rule": meta_mapg(peer=2.0)}),
    ({"rule": ["pg", "lola"]}, {"rule": ("pg", "lola")}),
    ({"rule": ["pg", "meta_mapg:own=1"]}, {"rule": per_player([pg(), meta_mapg(own=1)])}),
    ({"estimator": "sampled:batch=64"}, {"estimator": sampled(64)}),
    ({"starts": "normal:std=1"}, {"starts": starts.normal(std=1.0)}),
    ({"step_size": "0.9/(t + 5)^0.5"}, {"step_size": schedules.power(0.9, offset=5, exponent=0.5)}),
    ({"step_size": 1}, {"step_size": 1.0}),
    ({"projection": 4}, {"projection": box(4.0)}),
    ({"threshold": 0.9}, {"threshold": "0.9"}),
    ({"n": 3e1}, {"n": 30}),
    ({"game.T": 3}, {"game.T": 3.0}),
    # what is taken anyway may be said or left out
    ({}, {"threshold": 0.82, "precision": "float32", "estimator": "exact", "level": 0.95}),
    ({"rule": "meta_mapg"}, {"rule": "meta_mapg:own=0.35,peer=1.5,inner_lr=0.55"}),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_has_one_key(one, other):
    assert key(**one) == key(**other)


DIFFERENT = [
    {"rule": "meta_mapg:peer=1.4999999999999998"},
    {"rule": ["meta_mapg", "pg"]},
    {"game.T": 2.9999999999999996},
    {"game.T": 3.5},
    {"n": 9},
    {"steps": 11},
    {"starts": "normal:std=1"},
    {"threshold": 0.8200000000000001},
    {"precision": "float64"},
    {"estimator": "sampled:batch=64"},
    {"estimator": "sampled:batch=64,form=unbiased"},
    {"semantics": "open_source:coupling=0.5"},
    {"semantics": "open_source:coupling=0.25"},
    {"peer": 1.0},
    {"seed": 1},
    {"measure": ["outcomes", "first_hit"]},
    {"measure": {"what": "outcomes", "keep": "runs"}},
    {"measure": {"what": "outcomes", "name": "again"}},
    {"place": (0, 0, 1), "measure": {"what": "outcomes", "replicates": 2}},
]


def test_what_differs_has_keys_of_its_own():
    keys = [key(), *(key(**own) for own in DIFFERENT)]
    assert len(set(keys)) == len(keys)


def test_keys_do_not_hang_on_the_order_in_which_anything_is_said_or_seen():
    fixed = dict(reversed([*BASE.items(), ("own", 1.0), ("peer", 2.0)]))
    assert Study("a", fixed=fixed).item(Place(0, 0, 0)).key == key(peer=2.0, own=1.0)
    # a semantics is described in a game: of which, may not hang on what was looked at before
    vary = [{"game": ["stag_hunt", "chicken"]}]
    study = Study(
        "b",
        fixed={**{k: v for k, v in BASE.items() if k != "game"}, "semantics": "open_source:coupling=0.5"},
        vary=vary,
    )
    forwards = [study.item(Place(0, k, 0)).key for k in (0, 1)]
    again = pickle.loads(pickle.dumps(study))
    backwards = [again.item(Place(0, k, 0)).key for k in (1, 0)]
    assert forwards == backwards[::-1]
    assert forwards[0] == key(semantics="open_source:coupling=0.5")


@pytest.mark.long
def test_a_fresh_process_with_other_hashes_gives_the_same_key():
    code = (
        "from nashscape.studies.study import Study; from nashscape.studies.items import Place;"
        f"print(Study('one', fixed={ {**BASE, 'rule': 'meta_mapg:peer=2', 'estimator': 'sampled:batch=64'}!r})"
        ".item(Place(0, 0, 0)).key)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77"},
    )
    assert run.stdout.strip() == key(rule="meta_mapg:peer=2", estimator="sampled:batch=64")


def test_extending_a_study_keeps_the_keys_that_were_there():
    few = Study("few", fixed=BASE, vary=[{"peer": [0.0, 1.0]}])
    more = Study("more", fixed=BASE, vary=[{"peer": [1.0, 2.0, 0.0]}], about="another sentence")
    assert {few.item(place).key for place in few.places()} < {more.item(place).key for place in more.places()}


def test_functions_of_files_are_told_by_their_texts(tmp_path):
    path = tmp_path / "mine.py"
    keys = []
    for factor in (2, 3):
        path.write_text(
            f"from nashscape import pg, meta_mapg\ndef rule(peer=1.0):\n    return meta_mapg(peer={factor} * peer)\n"
        )
        keys += [key(rule=f"{path}:rule:peer=1.0"), key(rule=f"{path}:rule:peer=1.5")]
    assert len(set(keys)) == 3  # 2 · 1.5 and 3 · 1 are one rule
    assert keys[1] == keys[2]


def test_what_cannot_be_told_from_others_is_refused():
    with pytest.raises(InputError, match="reducers cannot be told from others"):
        key(reducers=[iter([])])


def test_seeds_of_different_studies_and_replicates_never_meet():
    seeds = {derived(seed, index) for seed in range(10) for index in range(100)}
    assert len(seeds) == 1000
    assert max(seeds) < 2**62
    assert [derived(seed, 0) for seed in range(10)] == list(range(10))
    measure = {"what": "outcomes", "replicates": 4}
    study = Study("seeds", fixed=BASE, vary=[{"peer": [0.0, 1.0]}], measure=measure, seed=5)
    items = [study.item(place) for place in study.places()]
    assert [item.seed for item in items] == [derived(5, r) for r in range(4)] * 2
    assert len({item.key for item in items}) == 8


def test_a_measure_has_points_of_what_concerns_it_alone():
    study = Study(
        "parts",
        fixed={"game": "stag_hunt", "n": 8, "steps": 5},
        vary=[{"game.T": [2.0, 2.5, 3.0]}, {"rule": ["pg", "lola"]}, {"threshold": [0.8, 0.9]}],
        measure=["outcomes", "thresholds", "peer_direction"],
    )
    assert [len(own.points) for own in study.readied] == [12, 3, 3]
    assert study.n_items == 18
    assert study.item(Place(1, 2, 0)).point == {"game.T": 3.0}
    cells = study.cells({"game.T": 3.0})
    assert cells["rule"] == ""
    assert math.isnan(cells["threshold"])


def test_a_measure_may_be_taken_at_a_part_of_the_points():
    vary = [{"rule": ["pg", "lola", "sos"]}, {"threshold": [0.8, 0.9]}]
    measure = ["outcomes", {"what": "alignment", "name": "some", "where": {"rule": ["pg", "lola"], "threshold": 0.8}}]
    study = Study("part", fixed={"game": "stag_hunt", "n": 8, "steps": 5}, vary=vary, measure=measure)
    assert [len(own.points) for own in study.readied] == [6, 2]
    assert [study.item(Place(1, k, 0)).point for k in (0, 1)] == [{"rule": "pg"}, {"rule": "lola"}]
    whole = Study(
        "whole", fixed={"game": "stag_hunt", "n": 8}, vary=vary[:1], measure={"what": "alignment", "name": "some"}
    )
    assert study.item(Place(1, 1, 0)).key == whole.item(Place(0, 1, 0)).key
    assert pickle.loads(pickle.dumps(study)).key == study.key
    for where, reason in {
        "rul": "did you mean 'rule'",
        "rule": "rule is never 'cgd'; its values are 'pg', 'lola', 'sos'",
    }.items():
        with pytest.raises(InputError, match=reason) as caught:
            study.but(measure={"what": "outcomes", "where": {where: ["cgd"]}})
        assert caught.value.faults[0].place[:3] == ("measure", 0, "where")
    small = study.but(values=2)  # pg and sos, of which the second measure asks for one
    assert [len(own.points) for own in small.readied] == [4, 1]
    assert len(study.but(vary={"rule": ["sos"]}).readied) == 1
    together = [{"rule": ["pg", "lola"], "threshold": [0.8, 0.9]}]
    nowhere = {"what": "outcomes", "where": {"rule": "pg", "threshold": 0.9}}
    with pytest.raises(InputError, match="no point is left where rule and threshold"):
        Study("part", fixed=BASE_GAME, vary=together, measure=nowhere)
