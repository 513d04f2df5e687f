"""Lists of fixed points hold true ones only, against integration by SciPy, and say that they come from a search."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, Status
from nashscape.learning.fields import field_of
from nashscape.theory.resting.drift import drift_constants
from nashscape.theory.resting.points import fixed_points

BOUND = 8.0


def two_by_two(game):
    """`[2, 2, 2]`: what each player gets."""
    return np.asarray(game.payoffs, np.float64)


def replicator(payoffs):
    """The natural gradient with sigmoids, written out: the logit of action 0 moves at the gain from playing it."""
    first, second = payoffs[0], payoffs[1].T

    def field(theta):
        p, q = 1 / (1 + np.exp(-theta))
        return np.array([(first[0] - first[1]) @ [q, 1 - q], (second[0] - second[1]) @ [p, 1 - p]])

    return field


def ends_of_runs(field, count=40):
    """Where the flow on the box comes to, from random starts."""

    def cut(_, theta):
        move = field(np.clip(theta, -BOUND, BOUND))
        return np.where((np.abs(theta) >= BOUND) & (move * theta > 0), 0.0, move)

    ends = set()
    for start in np.random.default_rng(0).uniform(-4, 4, (count, 2)):
        end = solve_ivp(cut, (0, 400), start, max_step=0.5).y[:, -1]
        ends.add(tuple(np.clip(end, -BOUND, BOUND).round(2)))
    return ends


def anticoordination():
    """Asymmetric, drawn at random with two strict equilibria off the diagonal."""
    random = np.random.default_rng(11)
    payoffs = random.uniform(0, 1, (2, 2, 2))
    payoffs[:, 0, 1] += 1.5
    payoffs[:, 1, 0] += 1.5
    return games.dense(payoffs)


LONG = pytest.mark.long


@pytest.mark.parametrize("make", [pytest.param(games.stag_hunt, marks=LONG), games.chicken, anticoordination])
@pytest.mark.long
def test_natural_gradient_rests_at_one_saddle_and_two_corners(make):
    game, rule = make(), ns.learning.natural_gradient()
    payoffs = two_by_two(game)
    found, exact = fixed_points(rule, game, starts=32), replicator(payoffs)
    for theta in np.random.default_rng(1).uniform(-BOUND, BOUND, (5, 2)):
        np.testing.assert_allclose(field_of(game, rule)(theta), exact(theta), atol=1e-9)
    assert [point.type for point in found.points] == ["saddle", "attracting corner", "attracting corner"]
    saddle = found.points[0]
    # each mixes so that the other is indifferent
    gains = [own[0] - own[1] for own in (payoffs[1].T, payoffs[0])]
    mixed = [gain[1] / (gain[1] - gain[0]) for gain in gains]
    np.testing.assert_allclose([own[0] for own in saddle.strategies], mixed, atol=1e-9)
    np.testing.assert_allclose(exact(saddle.theta), 0, atol=1e-9)
    assert ends_of_runs(exact) == {tuple(point.theta) for point in found.attracting}
    assert max(point.residual for point in found.points) < 1e-12


@pytest.mark.long
def test_dominance_under_natural_gradient_leaves_one_corner():
    found = fixed_points(ns.learning.natural_gradient(), games.prisoners_dilemma(), starts=16)
    [corner] = found.points
    assert corner.fixed == (-1, -1)
    assert ends_of_runs(replicator(two_by_two(games.prisoners_dilemma())), 10) == {tuple(corner.theta)}


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_of_payoffs_change_no_list(scale):
    payoffs = two_by_two(games.stag_hunt())
    for rule in (ns.pg(), ns.learning.natural_gradient()):
        found = fixed_points(rule, games.dense(payoffs * scale), starts=16)
        assert [point.type for point in found.points] == ["saddle", "attracting corner", "attracting corner"]
        np.testing.assert_allclose(found.points[0].theta, np.log(2.0), atol=1e-9)


def three_actions():
    own = np.array([[4.0, 0.0, 1.0], [3.0, 3.0, 0.0], [0.0, 1.0, 2.0]])
    return games.dense(np.stack([own, own.T]))


@LONG
def test_points_that_mix_two_of_three_actions_are_found_from_few_starts():
    found = fixed_points(ns.meta_mapg(), three_actions(), starts=8, seed=5)
    supports = {tuple(np.flatnonzero(point.strategies[0] > 0.01)) for point in found.points if point.type == "saddle"}
    assert supports == {(0, 1, 2), (0, 1), (0, 2), (1, 2)}
    assert len(found.attracting) == 3
    field = field_of(three_actions(), ns.meta_mapg())
    for point in found.points:
        free = np.array(point.fixed) == 0
        assert np.abs(field(point.theta)[free]).max(initial=0.0) < 1e-10


@pytest.mark.long
def test_a_search_says_that_it_is_one():
    found = fixed_points(ns.pg(), games.stag_hunt(), starts=4, prove=True)
    assert found.status is Status.UNDECIDED
    assert repr(found).endswith("undecided, see .note>")
    assert "all corners were looked at" in found.note
    assert "there may be more" in found.note
    assert "not that the list is complete" in found.note
    inner = fixed_points(ns.pg(), games.cournot(costs=[1.0, 4.0]), starts=4)
    assert "there may be more" in inner.note

    def stop(done, total):
        raise KeyboardInterrupt

    part = fixed_points(ns.pg(), games.stag_hunt(), starts=4, progress=stop)
    assert part.status is Status.INTERRUPTED
    assert "stopped" in part.note


@pytest.mark.parametrize("bound", [16.0, 30.0])
@pytest.mark.long
def test_wide_boxes_hold_no_points_made_by_rounding(bound):
    found = fixed_points(ns.pg(), games.stag_hunt(), bound=bound)
    assert [point.type for point in found.points] == ["saddle", "attracting corner", "attracting corner"]
    softmax = fixed_points(ns.pg(), games.dense(np.array([np.diag([3.0, 2.0, 1.0])] * 2)), bound=bound, starts=4)
    for point in softmax.points:
        sides = np.array(point.fixed).reshape(2, 3)
        for own, side in zip(point.strategies, sides, strict=True):
            assert own.max() < 1 - 1e-14 or side.all()


def test_points_of_players_who_do_not_care_stay():
    idle = fixed_points(ns.pg(), games.dense(np.zeros((2, 2, 2))), starts=4).of_kind("interior")
    assert len(idle) == 3
    assert {one.type for one in idle} == {"degenerate"}


def test_boxes_in_which_fields_die_out_are_refused():
    for bound in (30.5, 1000.0):
        with pytest.raises(InputError, match=r"pure to within rounding.*at most 30"):
            fixed_points(ns.pg(), games.stag_hunt(), bound=bound)
    [point] = fixed_points(ns.pg(), games.cournot(costs=[1.0, 4.0]), starts=8, bound=50.0).points
    np.testing.assert_allclose(point.theta, [4.0, 1.0], atol=1e-9)


@pytest.mark.long
def test_constants_are_those_of_the_point_that_was_asked_about():
    [other] = fixed_points(ns.meta_mapg(), games.stag_hunt(), starts=16).of_kind("interior")
    away = np.log(2.0) - other.theta[0]
    for at in (other, other.theta):
        with pytest.raises(
            InputError, match=rf"rule pg does not rest .* {away:.3g} away .*\[0.693147181, 0.693147181\]"
        ):
            drift_constants(ns.pg(), games.stag_hunt(), at)
    with pytest.raises(InputError, match=r"0\.001 away"):
        drift_constants(ns.lookahead(), games.matching_pennies(), [0.001, 0.0])
    within = drift_constants(ns.lookahead(), games.matching_pennies(), [1e-8, 0.0])
    assert within.verdict == "proved"
    np.testing.assert_allclose(within.theta, 0, atol=1e-12)
    own = fixed_points(ns.lookahead(), games.matching_pennies(), starts=8).points[0]
    assert drift_constants(ns.lookahead(), games.matching_pennies(), own).verdict == "proved"
