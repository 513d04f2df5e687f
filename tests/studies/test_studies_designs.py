"""What varies: lists side by side, ranges, random and Sobol designs, pairs, crossed blocks."""

import itertools

import numpy as np
import pytest

from nashscape import InputError
from nashscape.studies.designs import points_of


def every(points):
    return [points[k] for k in range(len(points))]


def test_blocks_are_crossed_and_the_last_varies_fastest():
    made = points_of([{"rule": ["pg", "lola"]}, {"peer": [0, 1, 2]}, {"steps": [10, 20]}])
    wanted = [
        dict(zip(("rule", "peer", "steps"), own, strict=True))
        for own in itertools.product(["pg", "lola"], [0, 1, 2], [10, 20])
    ]
    assert every(made) == wanted
    assert len(made) == 12
    assert made.names == ("rule", "peer", "steps")


def test_names_of_one_block_vary_together():
    made = points_of([{"peer": [0, 1, 2], "own": [5, 6, 7]}])
    assert every(made) == [{"peer": 0, "own": 5}, {"peer": 1, "own": 6}, {"peer": 2, "own": 7}]


def test_ranges_have_both_ends_and_no_crumbs():
    made = points_of([{"peer": {"from": 0, "to": 1, "count": 11}}])
    assert [own["peer"] for own in every(made)] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]


def test_equal_ratios():
    made = points_of([{"step_size": {"from": 0.01, "to": 100, "count": 5, "log": True}}])
    np.testing.assert_allclose([own["step_size"] for own in every(made)], [0.01, 0.1, 1, 10, 100])


def test_pairs_are_all_ordered_pairs():
    made = points_of([{"rule": {"pairs": ["pg", "lola", "sos"]}}])
    wanted = [list(pair) for pair in itertools.product(["pg", "lola", "sos"], repeat=2)]
    assert [own["rule"] for own in every(made)] == wanted


@pytest.mark.parametrize("design", ["random", "sobol"])
def test_designs_fill_their_box(design):
    block = {
        "design": design,
        "count": 64,
        "seed": 3,
        "game.T": {"from": 1, "to": 2},
        "game.S": {"from": 1e-3, "to": 10, "log": True},
    }
    made = np.array([[own["game.T"], np.log10(own["game.S"])] for own in every(points_of([block]))])
    assert len(made) == 64
    assert (made[:, 0] >= 1).all()
    assert (made[:, 0] <= 2).all()
    assert (made[:, 1] >= -3).all()
    assert (made[:, 1] <= 1).all()
    # each quarter of each side has its share: exactly of Sobol points, roughly of random ones
    for column, (low, high) in zip(made.T, [(1, 2), (-3, 1)], strict=True):
        counts = np.histogram(column, bins=4, range=(low, high))[0]
        assert (counts == 16).all() if design == "sobol" else (counts >= 6).all()


@pytest.mark.parametrize("design", ["random", "sobol"])
def test_more_points_keep_those_that_were_there(design):
    def block(count, seed=0):
        return points_of([{"design": design, "count": count, "seed": seed, "peer": {"from": 0, "to": 1}}])

    assert every(block(40))[:10] == every(block(10))
    assert every(block(10, seed=1)) != every(block(10))


def test_nothing_varies():
    assert every(points_of([])) == [{}]


def test_arrays_will_do():
    assert every(points_of([{"peer": np.array([0.5, 1.5])}])) == [{"peer": 0.5}, {"peer": 1.5}]


def test_points_of_some_names():
    made = points_of([{"peer": [0, 1], "own": [2, 3]}, {"steps": [10]}]).only(["own"])
    assert every(made) == [{"own": 2}, {"own": 3}]


def test_few_points_have_every_value():
    made = points_of([{"rule": ["pg", "lola"]}, {"peer": [0, 1, 2]}])
    some = list(made.every_value())
    assert len(some) == 3
    assert {own["rule"] for own in some} == {"pg", "lola"}
    assert {own["peer"] for own in some} == {0, 1, 2}


WRONG = [
    ([{"peer": [0, 1], "own": [1, 2, 3]}], "peer 2, own 3"),
    ([{"peer": [0, 1]}, {"peer": [2]}], "peer varies twice"),
    ([{"peer": []}], "no value at all"),
    ([{"peer": 3}], "varies over a list"),
    ([{"peer": "012"}], "varies over a list"),
    ([{"peer": {"from": 0, "to": 1}}], "needs a count"),
    ([{"peer": {"from": 1, "to": 0, "count": 3}}], "'from' must be less than 'to'"),
    ([{"peer": {"from": 0, "to": 1, "count": 1}}], "count of peer"),
    ([{"peer": {"from": 0, "count": 3}}], "needs 'to'"),
    ([{"peer": {"from": 0, "to": 1, "count": 3, "log": True}}], "positive ends"),
    ([{"peer": {"from": 0, "to": 1, "coutn": 3}}], "did you mean 'count'"),
    ([{"peer": {"from": 0, "to": float("inf"), "count": 3}}], "'to' of peer"),
    ([{}], "names nothing"),
    ([{"design": "sobl", "count": 4, "peer": {"from": 0, "to": 1}}], "sobol"),
    ([{"design": "sobol", "peer": {"from": 0, "to": 1}}], "needs a count"),
    ([{"design": "random", "count": 4, "peer": [0, 1]}], "has a range"),
    ([{"count": 4, "peer": [0, 1]}], "count is of random and Sobol designs"),
    ([{"rule": {"pairs": "pg"}}], "a list of rules"),
    ([{"a": {"from": 0, "to": 1, "count": 10_000}}, {"b": {"from": 0, "to": 1, "count": 10_000}}], "at most"),
]


@pytest.mark.parametrize(("blocks", "reason"), WRONG)
def test_what_cannot_be_is_refused(blocks, reason):
    with pytest.raises(InputError, match=reason):
        points_of(blocks)
