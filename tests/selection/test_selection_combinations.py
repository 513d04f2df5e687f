import itertools

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, Status
from nashscape.learning.handing_over import handed_over
from nashscape.selection.steering.combinations import cheapest_combination

HUNT = ns.games.stag_hunt()
VALUES = {"peer": [0, 2, 4], "warm_up": [0, 10, 40]}


def test_the_cheapest_combination_is_that_of_all_of_them():
    prices = {"peer": 1.0, "warm_up": lambda k: (k / 10) ** 0.5}
    found = cheapest_combination(HUNT, VALUES, prices, "CC", 0.35, grid=11)
    reached = {}
    for peer, k in itertools.product(*VALUES.values()):
        share = ns.basin_map(HUNT, handed_over(ns.meta_mapg(peer=peer), k), grid=11).fraction("CC").value
        if share >= 0.35:
            reached[peer + (k / 10) ** 0.5] = {"peer": peer, "warm_up": k}
    assert 0 < len(reached) < 9
    assert found.cost == pytest.approx(min(reached))
    assert found.cheapest == reached[min(reached)]
    assert (np.diff(found.costs) >= 0).all()
    assert found.verdicts == (False,) * (len(found.costs) - 1) + (True,)
    assert found.combinations == 9
    assert "at cost" in repr(found)


def test_game_and_rule_are_changed_together():
    found = cheapest_combination(
        ns.games.donation(), {"peer": [0.0], "coupling": [0.2, 0.95]}, {"peer": 1, "coupling": 1}, ["CC"], 0.9, n=64
    )
    assert found.parameters == ("coupling", "peer")
    assert found.cheapest == {"coupling": 0.95, "peer": 0.0}


def test_none_may_do_and_trials_may_not_suffice():
    none = cheapest_combination(ns.games.prisoners_dilemma(), {"peer": [0, 1]}, {"peer": 1}, ["CC"], 0.9, grid=11)
    assert none.cheapest is None
    assert "reached by none, 2 of 2 tried" in repr(none)
    open_one = cheapest_combination(
        HUNT, {"peer": [0.0, 9.0]}, {"peer": 1}, "CC", 0.22, about="distribution", most_trials=256, steps=60
    )
    assert open_one.verdicts == (None, True)
    assert open_one.status is Status.UNDECIDED


def test_cheaper_ones_that_longer_runs_could_make_do_are_said():
    found = cheapest_combination(HUNT, {"peer": [0, 2, 2.2, 2.4]}, {"peer": 1}, "CC", 0.5, grid=11, steps=20)
    reached = np.array([one.value for one in found.shares])
    possible = reached + found.unsettled / 121
    np.testing.assert_array_equal(found.movable, (reached < 0.5) & (possible >= 0.5))
    assert found.movable.any()
    assert found.status is Status.UNRESOLVED
    assert "longer runs could do at cost" in repr(found)
    assert "Raise steps" in found.advice
    enough = cheapest_combination(HUNT, {"peer": [0, 4]}, {"peer": 1}, "CC", 0.5, grid=11)
    assert enough.status is Status.COMPLETE


BAD = {
    "negative": [VALUES, {"peer": -1, "warm_up": 1}, {}, "price of peer must be at least 0; got -1"],
    "negative cost": [{"peer": [-1, 1]}, {"peer": 2}, {}, "cost of peer = -1 must be at least 0"],
    "nothing": [{}, {}, {}, "parameters needs an entry"],
    "no prices": [{"peer": [1]}, {}, {}, "prices needs an entry"],
    "a list": [["peer"], {"peer": 1}, {}, "parameters needs an entry"],
    "price missing": [VALUES, {"peer": 1.0}, {}, "its values and its price"],
    "unknown": [{"pear": [1]}, {"pear": 1}, {}, "did you mean 'peer'"],
    "no values": [{"peer": []}, {"peer": 1}, {}, "from 1 to"],
    "cost": [{"peer": [1]}, {"peer": float("nan")}, {}, "price"],
    "sampled": [{"peer": [1]}, {"peer": 1}, {"about": "starts", "estimator": ns.sampled(4)}, "no exact shares"],
}


@pytest.mark.parametrize(("values", "prices", "options", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused(values, prices, options, part):
    with pytest.raises(InputError, match=part):
        cheapest_combination(HUNT, values, prices, "CC", 0.4, **options)


@pytest.mark.long
def test_dials_and_functions_are_combined_like_names():
    """Payoff when both defect, by a function, with the peer coefficient; the same by hand, map by map."""

    def lowered(by):
        return ns.games.stag_hunt(P=2.0 - by)

    values, prices = {lowered: [0.0, 0.5], "peer": [0, 4]}, {lowered: 10.0, "peer": 1.0}
    found = cheapest_combination(HUNT, values, prices, "CC", 0.45, grid=9, rule=[ns.meta_mapg(), ns.peer_only()])
    assert list(found) == ["meta_mapg", "peer_only"]
    for make in (ns.meta_mapg, ns.peer_only):
        one = found[make().name]
        assert one.parameters == ("peer", "lowered")
        for (peer, by), share in zip(one.tried.tolist(), one.shares, strict=True):
            assert (
                share.value == ns.basin_map(lowered(by), make(peer=peer), targets=["CC"], grid=9).fraction("CC").value
            )
        alone = cheapest_combination(HUNT, values, prices, "CC", 0.45, grid=9, rule=make())
        assert alone.question == one.question
    with pytest.raises(InputError, match="numbers need different names, such as Dials have; got value, value"):
        cheapest_combination(HUNT, {lambda v: HUNT: [0], lambda v: ns.pg(): [0]}, {"peer": 1}, "CC", 0.4)
