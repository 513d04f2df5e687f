"""Term fields against finite differences in NumPy, the updates themselves, and equilibria of another library."""

import numpy as np
import pytest

from nashscape import InputError, Status, games, learning, lola, meta_mapg, pg, simulate
from nashscape.learning import consensus
from nashscape.selection.maps.portraits import portrait
from nashscape.selection.maps.term_fields import term_field
from nashscape.semantics import independent, parametric
from nashscape.semantics.direct import simplex

A = np.array([[1.3, -0.4], [0.2, 0.9]])
B = np.array([[0.5, 1.1], [-0.7, 0.6]])
GAME = games.dense(np.stack([A, B]), name="uneven")


def utilities(theta):
    p = 1.0 / (1.0 + np.exp(-np.asarray(theta)))
    x, y = np.array([p[0], 1 - p[0]]), np.array([p[1], 1 - p[1]])
    return np.array([x @ A @ y, x @ B @ y])


def slope(theta, player, along, h=1e-5):
    step = h * np.eye(2)[along]
    return (utilities(theta + step)[player] - utilities(theta - step)[player]) / (2 * h)


def curve(theta, player, one, other, h=1e-4):
    step = h * np.eye(2)[other]
    return (slope(theta + step, player, one) - slope(theta - step, player, one)) / (2 * h)


def test_velocities_are_those_of_finite_differences():
    found = term_field(GAME, lola(peer=0.8, lookahead=1.7, inner_lr=0.3), grid=4, low=0.1, high=0.9)
    assert found.status is Status.COMPLETE
    for i, p in enumerate(found.axis):
        for j, q in enumerate(found.axis):
            theta = np.log([p / (1 - p), q / (1 - q)])
            speed = np.array([p * (1 - p), q * (1 - q)])
            base = np.array([slope(theta, k, k) for k in (0, 1)])
            peer = np.array([curve(theta, 1 - k, 0, 1) * slope(theta, k, 1 - k) for k in (0, 1)])
            look = np.array([curve(theta, k, 0, 1) * slope(theta, 1 - k, 1 - k) for k in (0, 1)])
            expected = {"base": base, "peer": 0.3 * 0.8 * peer, "lookahead": 0.3 * 1.7 * look}
            expected["total"] = sum(expected.values())
            for name, own in expected.items():
                np.testing.assert_allclose(found.velocities[name][i, j], speed * own, atol=1e-7)
    assert found.terms == ("base", "peer", "lookahead", "total")


@pytest.mark.long
def test_the_whole_direction_is_where_small_updates_go():
    rules = [learning.sos(), learning.exact_lola()]
    fields = term_field(GAME, rules, grid=3, low=0.2, high=0.7)
    for rule in rules:
        found = fields[rule.name]
        start = [found.axis[0], found.axis[2]]
        run = simulate(GAME, rule, start=start, steps=1, step_size=1e-6)
        moved = np.array([own[1, 0] - own[0, 0] for own in run.strategies]) / 1e-6
        np.testing.assert_allclose(found.velocities["total"][0, 2], moved, rtol=1e-4, atol=1e-8)


def test_other_semantics_move_as_their_strategies_do():
    softmax = term_field(parametric(GAME, independent((2, 2), "softmax")), pg(), grid=3)
    sigmoid = term_field(GAME, pg(), grid=3)
    # both logits move, in opposite directions: twice the speed
    np.testing.assert_allclose(softmax.velocities["total"], 2 * sigmoid.velocities["total"], atol=1e-12)
    # probabilities themselves, projected back to the simplex: the gain, halved
    direct = term_field(parametric(GAME, simplex((2, 2))), pg(), grid=3)
    p = direct.axis
    gain = np.outer(np.ones(3), (A[0] - A[1]) @ np.stack([p, 1 - p]))
    np.testing.assert_allclose(direct.velocities["total"][:, :, 0], gain / 2, atol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_equilibria_are_those_of_the_conditions_written_out(seed):
    payoffs = np.random.default_rng(seed).integers(-4, 5, size=(2, 2, 2)) + 0.25 * np.arange(8).reshape(2, 2, 2)
    found = term_field(games.dense(payoffs), pg(), grid=2)
    row, column = payoffs
    theirs = {
        (1.0 - a, 1.0 - b)
        for a in (0, 1)
        for b in (0, 1)
        if row[a, b] >= row[1 - a, b] and column[a, b] >= column[a, 1 - b]
    }
    # each mixes so that the other is indifferent; no entry is equal to another here
    stay, leave = column[0, 0] - column[0, 1], column[1, 1] - column[1, 0]
    keep, change = row[0, 0] - row[1, 0], row[1, 1] - row[0, 1]
    if stay * leave > 0 and keep * change > 0:
        theirs.add((round(float(leave / (stay + leave)), 9), round(float(change / (keep + change)), 9)))
    assert {tuple(np.round(one.point, 9).tolist()) for one in found.equilibria} == theirs
    for one in found.equilibria:
        assert (one.kind == "mixed") == all(0 < x < 1 for x in one.point)


def test_schedules_are_taken_at_the_step_asked_for():
    rule = meta_mapg(peer=learning.handoff(2.0, at=5))
    early, late = (term_field(GAME, rule, grid=2, step=step) for step in (4, 5))
    assert early.speed("peer").min() > 0
    assert late.speed("peer").max() == 0
    assert early.question.key != late.question.key


def test_a_velocity_that_is_not_finite_is_no_complete_field():
    large = games.dense(np.stack([A, B]) * 1e10)
    assert term_field(large, consensus(strength=1e300), grid=2).status is Status.DIVERGED


def test_payoffs_whose_products_are_no_numbers_are_refused():
    with pytest.raises(InputError, match="another unit where all are tiny or huge"):
        term_field(games.dense(np.stack([A, B]) * 1e200), meta_mapg(), grid=2)


@pytest.mark.parametrize(
    "game", [games.shapley(), games.iterated_prisoners_dilemma(), games.dense(np.ones((3, 2, 2, 2)))]
)
def test_games_that_are_no_square_are_refused(game):
    with pytest.raises(InputError, match="two players with two actions"):
        term_field(game, pg())


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="low must be below high"):
        term_field(GAME, pg(), low=0.8, high=0.2)
    with pytest.raises(InputError, match="expected a rule"):
        term_field(GAME, pg)
    with pytest.raises(InputError, match="term 'peer'"):
        term_field(GAME, pg(), grid=2).speed("peer")
    with pytest.raises(InputError, match="at least one start"):
        portrait(GAME, pg(), starts=[])


def test_a_portrait_holds_what_its_parts_are():
    found = portrait(games.stag_hunt(), meta_mapg(), grid=5, arrows=3, steps=60, starts=[(0.9, 0.8), (0.1, 0.2)])
    assert found.basin.labels.shape == (1, 5, 5)
    assert found.field.axis.shape == (3,)
    assert [run.outcome for run in found.runs] == ["CC", "DD"]
    assert found.to_dict()["field"]["rule"] == "meta_mapg"
