"""Focal populations beside others: scores against enumeration, seats, gaps and their intervals; and bad input."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from scipy.stats import ttest_ind

from nashscape import games
from nashscape.core import InputError
from nashscape.populations import scenarios

PAYOFFS = np.random.default_rng(4).integers(-9, 10, size=(3, 4, 4, 4))
"""Three unlike seats, four policies."""


@pytest.fixture
def table():
    return games.dense(PAYOFFS, actions=[list("abcd")] * 3, players=["p", "q", "r"], name="table")


def enumerated(focal, background, choices):
    """The mean payoff of focal seats as a fraction, profile by profile."""
    total = Fraction(0)
    for seats in choices:
        for profile in product(range(4), repeat=3):
            chance = Fraction(1)
            for seat, policy in enumerate(profile):
                chance *= (focal if seat in seats else background)[policy]
            total += chance * sum(int(PAYOFFS[(i, *profile)]) for i in seats) / len(seats)
    return float(total / len(choices))


def even(text):
    return [Fraction(text.count(name), len(text)) for name in "abcd"]


@pytest.mark.parametrize("seats", [1, 2, 3, ["r", "p"]])
def test_scores_are_those_of_all_profiles_one_after_the_other(table, seats):
    focal = {"one": "a", "two": ["b", 3], "weighed": {"a": 3, "c": 1}}
    exact = [even("a"), even("bd"), [Fraction(3, 4), 0, Fraction(1, 4), 0]]
    backgrounds = {"x": "abcd", "y": [2], "z": {"d": 0.5, "b": 0.25}}
    others = [even("abcd"), even("c"), [0, Fraction(1, 3), 0, Fraction(2, 3)]]
    found = scenarios(table, focal, backgrounds, seats=seats)
    choices = list(combinations(range(3), seats)) if isinstance(seats, int) else [(0, 2)]
    wanted = [[enumerated(one, other, choices) for other in others] for one in exact]
    np.testing.assert_allclose(found.scores, wanted, rtol=1e-12)
    np.testing.assert_allclose(
        [one.value for one in found.alone], [enumerated(one, one, [(0, 1, 2)]) for one in exact], rtol=1e-12
    )
    if seats == 3:
        np.testing.assert_allclose(found.scores, np.repeat([[one.value] for one in found.alone], 3, axis=1), rtol=1e-12)
        assert np.isfinite(found.normalised).all()
    assert found.normalised.min(0).tolist() == [0, 0, 0]
    assert found.normalised.max(0).tolist() == [1, 1, 1]


def test_gaps_are_those_of_means_and_welchs_interval(table):
    backgrounds = {name: name for name in "abcd"} | {"all": "abcd"}
    found = scenarios(table, {"f": "ab", "g": "cd", "h": "d"}, backgrounds, level=0.9,
                      trained={"f": ["a", "b"], "g": "c", "h": ()})  # fmt: skip
    known, others = found.scores[0, :2], found.scores[0, 2:]
    test = ttest_ind(known, others, equal_var=False).confidence_interval(0.9)
    gap = found.gaps[0]
    assert (gap.value, gap.low, gap.high) == pytest.approx((known.mean() - others.mean(), test.low, test.high))
    assert found.trained.tolist() == [
        [True, True, False, False, False],
        [False, False, True, False, False],
        [False] * 5,
    ]
    assert found.gaps[1].value == pytest.approx(found.scores[1, 2] - found.scores[1, [0, 1, 3, 4]].mean())
    assert np.isnan([found.gaps[1].low, found.gaps[2].value]).all()


def test_intervals_of_gaps_hold_the_gap_of_the_scenarios_that_might_have_been():
    draws, held = np.random.default_rng(0), 0
    policies = 60
    partners = np.concatenate([draws.normal(2, 1, 30), draws.normal(1, 2, 30)])
    form = games.dense(np.stack([np.tile(partners, (policies, 1))] * 2), name="partners")
    truth = partners[:30].mean() - partners[30:].mean()
    for _ in range(150):
        own, others = draws.integers(0, 30, 6), draws.integers(30, 60, 9)
        backgrounds = {f"{k}": [int(policy)] for k, policy in enumerate([*own, *others])}
        gap = scenarios(form, {"f": [0]}, backgrounds, trained=[str(k) for k in range(6)], seats=[0]).gaps[0]
        held += gap.contains(truth)
    assert 130 <= held <= 149  # 95 % of 150 are 142


def test_episodes_of_a_function_that_plays_come_to_the_exact_scores(table):
    chances = (PAYOFFS + 9) / 18
    exact = games.dense(chances, actions=table.actions, players=table.players)
    asked = {"focal": {"f": "ab", "g": {"c": 1, "d": 3}}, "backgrounds": {"x": "abcd", "y": "c"}, "seats": 2}
    counted = []

    def play(profile, count, random):
        counted.append(count)
        return random.random((count, 3)) < chances[(slice(None), *profile)]

    wanted, held, cases = scenarios(exact, **asked), 0, 40
    np.testing.assert_array_equal(wanted.low, wanted.scores)
    for seed in range(cases):
        found = scenarios(play, **asked, names=table.actions, episodes=150, seed=seed, level=0.9)
        held += ((found.low <= wanted.scores) & (wanted.scores <= found.high)).sum()
        held += sum(one.contains(other.value) for one, other in zip(found.alone, wanted.alone, strict=True))
    assert sum(counted) == cases * 6 * 150
    assert abs(held - 0.9 * cases * 6) < 4 * np.sqrt(cases * 6 * 0.09)
    again = scenarios(play, **asked, names=table.actions, episodes=150, seed=cases - 1, level=0.9)
    np.testing.assert_array_equal(again.scores, found.scores)


@pytest.mark.parametrize(
    ("play", "names", "why"),
    [
        (lambda *_: [[1, 2]], None, "needs names"),
        (lambda *_: [[1, 2]], ["ab", "ac"], "differ between players"),
        (lambda *_: [[1, 2]], ["ab", "ab"], "must have shape"),
        (lambda profile, count, random: np.full((count, 2), np.nan), ["ab", "ab"], "must be finite"),
    ],
)
def test_a_function_that_does_not_play_is_refused(play, names, why):
    with pytest.raises(InputError, match=why):
        scenarios(play, {"f": "a"}, {"b": "b"}, names=names, episodes=7)


def test_populations_that_are_alike_have_no_place_between_worst_and_best():
    found = scenarios(games.prisoners_dilemma(), {"one": "C", "same": [0]}, {"x": "C"})
    assert np.isnan(found.normalised).all()
    assert "–" in str(found.table())
    columns = found.to_columns()
    assert columns["focal"].tolist() == ["one", "same"]
    assert columns["score"].tolist() == found.scores[:, 0].tolist()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"focal": ["C"]}, "focal are a dict"),
        ({"focal": {}}, "focal are a dict"),
        ({"focal": {"f": "X"}}, "unknown policy 'X'"),
        ({"focal": {"f": [2]}}, "policy 2 of 2"),
        ({"episodes": 1}, "episodes must be"),
        ({"focal": {"f": {"C": -1}}}, "weight of C"),
        ({"focal": {"f": {"C": 0}}}, "no policy with a weight"),
        ({"focal": {"f": 0.5}}, "focal f is a policy"),
        ({"backgrounds": {"b": []}}, "no policy with a weight"),
        ({"trained": "c"}, "unknown background 'c'"),
        ({"trained": {"g": "b"}}, "unknown focal population 'g'"),
        ({"seats": 3}, "3 seats are more"),
        ({"seats": 0}, "seats must be"),
        ({"seats": [0, 0]}, "different players"),
        ({"level": 1}, "level"),
    ],
)
def test_what_is_no_scenario_is_refused_with_the_reason(options, why):
    with pytest.raises(InputError, match=why):
        scenarios(games.stag_hunt(), **{"focal": {"f": "C"}, "backgrounds": {"b": "D"}, **options})


def test_seats_have_the_same_policies():
    with pytest.raises(InputError, match="differ between players"):
        scenarios(games.dense([np.ones((2, 3))] * 2), {"f": [0]}, {"b": [1]})
