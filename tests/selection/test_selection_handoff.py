"""Corrected steps: brute force over all k, the two separatrices, probability curves of sampled updates."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, target_code, wilson
from nashscape.learning import handed_over

GAME = ns.games.stag_hunt()
STARTS = [[0.8, 0.8], [0.7, 0.65], [0.6, 0.6], [0.55, 0.54], [0.53, 0.53], [0.3, 0.4]]


@pytest.fixture(scope="module")
def found():
    return ns.corrected_steps_needed(GAME, ns.meta_mapg(), STARTS)


@pytest.mark.long
def test_starts_between_the_separatrices_need_some_those_outside_none_or_never(found):
    # on the diagonal policy gradient parts at 2/3, the corrected rule at .53392
    assert found.labels.shape == (1, 6, 401)
    assert found.at.tolist() == list(range(401))
    assert found.needed[:2].tolist() == [0, 0]
    assert 0 < found.needed[2] < found.needed[3] < 400
    assert found.needed[4:].tolist() == [-1, -1]
    assert [found.steps(k) for k in (0, 5)] == [0, None]
    assert found.monotone.all()
    assert "2 need none, 2 some" in repr(found)


@pytest.mark.long
def test_the_smallest_number_is_that_of_brute_force_with_schedules(found):
    for start, k in ((2, int(found.needed[2])), (3, int(found.needed[3]))):
        for at, wanted in ((k, "CC"), (k - 1, "DD")):
            rule = ns.meta_mapg(own=ns.schedules.handoff(0.35, at=at), peer=ns.schedules.handoff(1.5, at=at))
            assert ns.simulate(GAME, rule, STARTS[start], steps=400, targets=["CC", "DD"]).outcome == wanted


@pytest.mark.long
def test_every_k_is_the_run_of_the_rule_that_hands_over_there():
    game = ns.games.dense(np.array([[[4.0, 0], [3, 2]], [[5.0, 3.5], [0, 2]]]))
    target, where = (0, 0), ns.starts.normal(std=1.0)
    some = ns.corrected_steps_needed(
        game, ns.meta_mapg(), where, target, then=ns.lookahead(), n=80, handoffs=[11, 0, 3, 90], steps=90
    )
    assert some.at.tolist() == [0, 3, 11, 90]
    options = {"starts": where, "n": 80, "targets": [target], "steps": 90, "precision": "float64"}
    for index, k in enumerate(some.at.tolist()):
        alone = ns.entry_probability(game, handed_over(ns.meta_mapg(), k, ns.lookahead()), **options)
        np.testing.assert_array_equal(alone.labels == target_code(0), some.reached[0, :, index])
    pure = ns.entry_probability(game, ns.meta_mapg(), **options)
    np.testing.assert_array_equal(pure.labels == target_code(0), some.reached[0, :, -1])
    assert 0 < some.reached[0, :, 0].sum() < some.reached[0, :, 2].sum() < some.reached[0, :, 3].sum() < 80


def test_more_corrected_steps_need_not_be_better():
    labels = np.full((1, 3, 5), target_code(1), np.int8)
    labels[0, 0, [1, 2, 4]] = labels[0, 1, 3:] = target_code(0)
    base = ns.corrected_steps_needed(GAME, ns.pg(), STARTS[:3], handoffs=[0, 10, 20, 30, 40], steps=40)
    made = replace(base, labels=labels)
    assert made.needed.tolist() == [10, 30, -1]
    assert made.lasting.tolist() == [40, 30, -1]
    assert made.monotone.tolist() == [False, True, True]
    everywhere = replace(base, labels=np.full((1, 3, 5), target_code(0), np.int8))
    assert everywhere.lasting.tolist() == everywhere.needed.tolist() == [0, 0, 0]


@pytest.mark.long
def test_results_do_not_depend_on_how_starts_are_cut(found, monkeypatch):
    monkeypatch.setattr("nashscape.selection.plans.handoff_runs.MOST_RUNS", 802)
    again = ns.corrected_steps_needed(GAME, ns.meta_mapg(), STARTS)
    np.testing.assert_array_equal(again.labels, found.labels)
    assert again.provenance.trajectory_steps == found.provenance.trajectory_steps == 6 * 401 * 400


def test_random_starts_give_a_share_of_those_that_need_none():
    drawn = ns.corrected_steps_needed(GAME, ns.meta_mapg(), ns.starts.normal(std=1.35), n=200, handoffs=[0, 400])
    plain = ns.entry_probability(GAME, ns.pg(), n=200, steps=400, precision="float64")
    whole = ns.entry_probability(GAME, ns.meta_mapg(), n=200, steps=400, precision="float64")
    for one, entry in zip(drawn.curve(), (plain, whole), strict=True):
        assert one == entry.probability("CC")


@pytest.mark.long
def test_sampled_updates_give_a_curve_with_intervals():
    ks = [0, 2, 30]
    made = ns.corrected_steps_needed(
        GAME, ns.meta_mapg(), [[0.6, 0.6], [0.75, 0.7]], handoffs=ks, steps=60, rollouts=60, estimator=ns.sampled(64)
    )
    assert made.labels.shape == (60, 2, 3)
    curve = made.curve(0)
    assert [one.successes for one in curve] == made.reached[:, 0].sum(axis=0).tolist()
    assert curve[1] == wilson(int(made.reached[:, 0, 1].sum()), 60)
    assert curve[2].low > curve[0].high
    assert made.enough(0.5, 0) == 30
    assert made.enough(0.999, 0) is None
    assert made.curve()[0].trials == 120
    with pytest.raises(InputError, match="some probability"):
        _ = made.needed


@pytest.mark.long
def test_a_handoff_at_the_start_is_the_other_rule_alone_with_the_same_random_numbers():
    options = {"starts": ns.starts.normal(), "n": 30, "steps": 25, "estimator": ns.sampled(32)}
    over, alone = (ns.entry_probability(GAME, rule, **options) for rule in (handed_over(ns.meta_mapg(), 0), ns.pg()))
    np.testing.assert_array_equal(over.labels, alone.labels)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"handoffs": [500]}, "handoffs"),
        ({"handoffs": [1.5]}, "whole number"),
        ({"handoffs": []}, "one at least"),
        ({"rollouts": 3}, "without noise"),
        ({"then": "pg"}, "expected a rule"),
        ({"target": "XX"}, "not a profile"),
        ({"n": 9}, "only 6 starts"),
        ({"starts": ns.starts.normal(), "rollouts": 2, "estimator": ns.sampled(8)}, "more random starts"),
    ],
)
def test_bad_input_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        ns.corrected_steps_needed(GAME, ns.meta_mapg(), **{"starts": STARTS, **options})


def test_an_unknown_start_is_refused(found):
    with pytest.raises(InputError, match="6 starts"):
        found.steps(6)
