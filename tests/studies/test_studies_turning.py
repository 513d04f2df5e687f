"""What is turned is turned in one order, whoever writes it how; and for whom it cannot be turned is told."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError
from nashscape.semantics.recoupling import recoupled
from nashscape.studies import Study
from nashscape.studies.items import Place
from nashscape.studies.seeds import derived

READERS = {
    "game": "donation", "semantics": "open_source", "targets": ["CC", "DD"], "starts": "normal:std=1", "n": 40,
    "steps": 20,
}  # fmt: skip


def test_noise_is_in_what_is_read_at_the_coupling_however_both_are_written():
    orders = [{"noise": 3.0, "coupling": 0.9}, {"coupling": 0.9, "noise": 3.0}]
    studies = [Study("order", {**READERS, **own}, measure="welfare") for own in orders]
    studies.append(Study("order", {**READERS, "noise": 3.0}, [{"coupling": [0.9]}], measure="welfare"))
    assert len({own.item(Place(0, 0, 0)).key for own in studies}) == 1
    coupled = ns.semantics.coupled((2, 2), 0.9)
    learners = ns.parametric(ns.games.donation(), ns.semantics.imperfect(coupled, noise=3.0))
    theta = np.array([0.7, -0.4], np.float32)
    for own in studies:
        call = own.readied[0].call(own.points[0], 0)
        made = [np.asarray(one) for one in call.first["game"].strategies(theta)]
        np.testing.assert_allclose(made, [np.asarray(one) for one in learners.strategies(theta)], rtol=1e-6)


def test_who_reads_imperfectly_is_not_coupled_once_more():
    learners = ns.parametric(ns.games.donation(), ns.semantics.imperfect(ns.semantics.coupled((2, 2), 0.2), noise=3.0))
    with pytest.raises(InputError, match="set the coupling first"):
        recoupled(learners, 0.9)
    with pytest.raises(InputError, match="set the coupling first"):
        Study("late", {**READERS, "semantics": "imperfect:noise=3"}, [{"coupling": [0.3, 0.9]}], measure="welfare")


@pytest.mark.parametrize(
    "name", ["coupling", "estimator.batch", "step_size", "std", "starts.second", "threshold", "steps"]
)
def test_of_one_player_are_numbers_of_its_rule_alone(name):
    fixed = {**READERS, "estimator": "sampled:batch=8", f"{name}@1": 0.9}
    with pytest.raises(InputError, match=f"of one player alone are numbers of its rule.* and {name} is of all"):
        Study("one", fixed, measure="welfare")


@pytest.mark.long
def test_a_distance_takes_all_that_the_boundary_does():
    fixed = {"game": "stag_hunt", "rule": "meta_mapg", "points": [[0.2, 0.1]], "threshold": 0.6, "grid": 11}
    found = Study("far", fixed, [{"steps": [5, 60]}], measure="separatrix_distance").run()
    for steps in (5, 60):
        edge = ns.separatrix(ns.games.stag_hunt(), ns.meta_mapg(), None, steps=steps, threshold=0.6, grid=11)
        [row] = found.values(quantity="distance", steps=steps)["value"]
        assert row == edge.distance([[0.2, 0.1]]).value[0]


def test_noise_of_its_own_is_that_of_no_replicate():
    fixed = {"game": "stag_hunt", "rule": "pg", "against": "pg", "n": 60, "steps": 30, "estimator": "sampled:batch=8"}
    study = Study("own", fixed, measure={"what": "gain", "independent": True, "replicates": 3})
    replicates = {study.item(place).seed for place in study.places()}
    assert derived(0, 1, "baseline") not in replicates
    made = [study.readied[0].call({}, seed)() for seed in sorted(replicates)]
    run = {"n": 60, "steps": 30, "estimator": ns.sampled(8)}
    for one, seed in zip(made, sorted(replicates), strict=True):
        baseline = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), seed=derived(seed, 1, "baseline"), **run)
        assert one.baseline_share.value == baseline.probability("CC").value


@pytest.mark.long
def test_predictors_without_noise_have_no_interval_of_chance_and_need_a_target():
    fixed = {"game": "stag_hunt", "rule": "meta_mapg", "against": "pg", "grid": 5, "steps": 60, "by": "margin"}
    found = Study("exact", fixed, measure="predictors").run()
    auc = found.values(quantity="auc")
    assert auc["low"] == auc["value"] == auc["high"]
    assert np.isnan(auc["level"]).all()
    missing = Study("none", {**fixed, "game": "matching_pennies"}, measure="predictors").run()
    assert "say target" in next(iter(missing.failures.values()))
    without = {name: own for name, own in fixed.items() if name != "grid"}
    random = Study("random", {**without, "n": 30}, measure={"what": "predictors", "runs": "entry_probability"}).run()
    assert not random.failures


def test_a_game_from_a_file_has_its_parameters_whatever_reads_it(tmp_path):
    (tmp_path / "mine.py").write_text("import nashscape as ns\ndef hunt(T=3.0):\n    return ns.games.stag_hunt(T=T)\n")
    fixed = {
        "game": "mine.py:hunt",
        "semantics": "open_source:coupling=0.2",
        "targets": ["CC", "DD"],
        "n": 4,
        "steps": 3,
    }
    study = Study("file", fixed, [{"game.T": [2.5, 3.0]}], folder=str(tmp_path))
    games = [study.readied[0].call(study.points[k], 0).first["game"].game for k in (0, 1)]
    assert [own.payoffs[0, 1, 0].item() for own in games] == [2.5, 3.0]
    keys = [study.item(place).key for place in study.places()]
    again = Study("file", fixed, [{"game.T": [3.0, 2.5]}], folder=str(tmp_path))
    assert [again.item(place).key for place in again.places()] == keys[::-1]
    usual = Study("usual", {**fixed, "rule": "pg"}, folder=str(tmp_path))
    assert usual.readied[0].call({}, 0).first["game"].game.payoffs[0, 1, 0].item() == 3.0


def test_small_ranges_keep_their_digits():
    points = Study("small", {"game": "stag_hunt", "n": 4}, [{"std": {"from": 1e-14, "to": 3e-13, "count": 3}}]).points
    assert points.values("std") == (1e-14, 1.55e-13, 3e-13)
    with pytest.raises(InputError, match="grid is of maps, and with n or starts runs are random ones"):
        Study("both", {"game": "stag_hunt", "n": 4, "grid": 5})


def test_what_takes_bare_games_alone_is_asked_of_each_game_once():
    vary = [{"game": ["stag_hunt", "chicken"]}, {"coupling": [0.0, 0.25]}]
    fixed = {"semantics": "open_source", "n": 4, "steps": 3, "targets": "CC"}
    study = Study("bare", fixed, vary, measure=["outcomes", "equilibria"])
    assert [len(own.points) for own in study.readied] == [4, 2]
    assert study.readied[1].call(study.readied[1].points[0], 0)().game == "stag_hunt"


@pytest.mark.long
def test_where_there_is_no_answer_that_is_what_was_found():
    fixed = {"game": "ordinal:Prisoner's Dilemma", "rule": "lookahead", "semantics": "open_source:coupling=0.5"}
    found = Study("none", fixed, measure="certificates").run()
    learners = ns.open_source(ns.games.topology.ordinal_game("Prisoner's Dilemma").to_dense(), 0.5)
    with pytest.raises(InputError) as caught:
        ns.certify(learners, ns.lookahead(), resolution=1 / 32)
    assert found.rows["text"].tolist() == [str(caught.value)]
    assert found.rows["quantity"].tolist() == ["no_answer"]
    assert not found.failures
