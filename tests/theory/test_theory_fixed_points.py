"""Fixed points of rules: known cases, shifts to first order, against SciPy, and proofs that cannot be had for less."""

import jax
import numpy as np
import pytest
from scipy.optimize import root

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.figures.fixed_points import fixed_point_figure
from nashscape.learning.fields import field_of
from nashscape.proofs.bounds.enclosures import enclose
from nashscape.theory.resting.krawczyk import proves_zero
from nashscape.theory.resting.linear_types import linear_type
from nashscape.theory.resting.points import fixed_points
from nashscape.tracing.interval_arrays import bounds_of
from nashscape.tracing.numeric_intervals import Bounds


@pytest.fixture(scope="module")
def stag():
    return fixed_points(ns.pg(), games.stag_hunt(), starts=16, prove=True)


@pytest.mark.long
def test_stag_hunt_under_policy_gradient(stag):
    [saddle] = stag.of_kind("interior")
    np.testing.assert_allclose(saddle.theta, np.log([2.0, 2.0]), atol=1e-12)
    # J is off-diagonal: s² c with s = 2/9, c = 3
    np.testing.assert_allclose(saddle.eigenvalues, [4 / 27, -4 / 27], atol=1e-12)
    assert saddle.type == "saddle"
    assert not saddle.attracting
    assert saddle.verdict == "proved"
    assert saddle.regret.max() < 1e-12
    assert np.abs(saddle.theta - np.log(2.0)).max() <= saddle.proved
    corners = {point.fixed: point for point in stag.of_kind("corner")}
    assert set(corners) == {(1, 1), (-1, -1)}
    s = 1 / (1 + np.exp(-8.0))
    assert corners[1, 1].outwards == pytest.approx(s * (1 - s) * (-2 + 3 * s), rel=1e-9)
    assert all(point.type == "attracting corner" and point.verdict == "proved" for point in corners.values())
    assert stag.attracting == tuple(stag.of_kind("corner"))
    assert stag.nearest([1.0, 1.0]) is saddle
    assert saddle.shift is saddle.predicted is None


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (ns.pg(), "centre"),
        (ns.lookahead(), "stable focus"),
        pytest.param(ns.sos(), "stable focus", marks=pytest.mark.long),
    ],
)
def test_matching_pennies_turns_and_look_ahead_draws_in(rule, kind):
    [point] = fixed_points(rule, games.matching_pennies(), starts=4).points
    np.testing.assert_allclose(point.theta, 0, atol=1e-9)
    assert point.type == kind


def asymmetric():
    """Both mix inside, at p_1 = 1/3 and p_2 = 3/4, with unequal slopes."""
    first, second = np.array([[1.0, -3.0], [0.0, 0.0]]), np.array([[2.0, 0.0], [-1.0, 0.0]])
    return games.dense(np.stack([first, second]))


@pytest.mark.long
def test_the_shift_is_that_of_first_order_up_to_second():
    errors, shifts = [], []
    for peer in (0.2, 0.1, 0.05):
        found = fixed_points(ns.peer_only(peer=peer, inner_lr=1.0), asymmetric(), starts=8)
        [point] = found.of_kind("interior")
        np.testing.assert_allclose(1 / (1 + np.exp(-point.origin)), [1 / 3, 3 / 4], atol=1e-10)
        errors.append(np.linalg.norm(point.shift - point.predicted))
        shifts.append(np.linalg.norm(point.predicted))
    assert shifts[0] > 1e-3
    assert np.allclose(np.divide(shifts[:-1], shifts[1:]), 2, rtol=1e-9)
    assert np.allclose(np.divide(errors[:-1], errors[1:]), 4, rtol=0.15)
    with_own = fixed_points(ns.meta_pg(own=0.3), asymmetric(), starts=16).of_kind("interior")
    np.testing.assert_allclose(with_own[0].shift, 0, atol=1e-9)  # own-learning vanishes where base does


@pytest.mark.long
def test_published_separatrix_points():
    for rule, p in ((ns.peer_only(), 0.53376), (ns.meta_mapg(), 0.53392), (ns.meta_mapg(peer=5.0), 0.35978)):
        interior = fixed_points(rule, games.stag_hunt(), starts=16).of_kind("interior")
        assert any(np.allclose([own[0] for own in point.strategies], p, atol=6e-6) for point in interior)


@pytest.mark.long
@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3)])
def test_three_players_and_unequal_actions_against_scipy(shape):
    payoffs = np.random.default_rng(7).normal(size=(len(shape), *shape))
    game, rule = games.dense(payoffs), ns.peer_only(peer=0.4)
    field = field_of(game, rule)
    found = fixed_points(rule, game, starts=4, bound=4.0)
    assert found.points
    for point in found.points:
        free, sides = np.array(point.fixed) == 0, np.array(point.fixed)
        assert ((field(point.theta) * sides)[~free] > 0).all()
        if not free.any():
            continue

        def residual(y, theta=point.theta, free=free):
            at = theta.copy()
            at[free] = y
            return field(at)[free]

        exact = root(residual, point.theta[free] + 1e-5, tol=1e-13)
        np.testing.assert_allclose(residual(exact.x), 0, atol=1e-11)
        assert np.abs(residual(point.theta[free])).max() < 1e-11
        if shape == (2, 2, 2):
            np.testing.assert_allclose(exact.x, point.theta[free], atol=1e-6)


@pytest.mark.long
def test_logits_of_a_softmax_are_those_of_mean_zero_and_proved():
    payoffs = np.array([np.diag([3.0, 2.0, 1.0]), np.diag([1.0, 2.0, 4.0])])
    field = field_of(games.dense(payoffs))
    found = fixed_points(ns.pg(), games.dense(payoffs), starts=6, prove=True)
    [point] = found.of_kind("interior")
    # each mixes so that the other is indifferent
    np.testing.assert_allclose(point.strategies[0], np.array([1, 1 / 2, 1 / 4]) / 1.75, atol=1e-9)
    np.testing.assert_allclose(point.strategies[1], np.array([1 / 3, 1 / 2, 1]) / (11 / 6), atol=1e-9)
    np.testing.assert_allclose([point.theta[:3].sum(), point.theta[3:].sum()], 0, atol=1e-9)
    whole = np.linalg.eigvals(field.jacobian(point.theta))
    kept = np.sort_complex(whole[np.abs(whole) > 1e-9])
    np.testing.assert_allclose(np.sort_complex(point.eigenvalues), kept, atol=1e-9)
    assert len(point.eigenvalues) == 4
    assert point.type == "saddle"
    assert point.verdict == "proved"
    pure = [p for p in found.attracting if p.kind == "corner"]
    best = {tuple(int(np.argmax(own)) for own in p.strategies) for p in pure if p.regret.max() < 0.01}
    assert best == {(0, 0), (1, 1), (2, 2)}
    assert fixed_point_figure(found).axes[0].get_xlabel().startswith("real part")


@pytest.mark.long
def test_points_of_continuous_games():
    found = fixed_points(ns.pg(), games.cournot(costs=[1.0, 4.0]), starts=8, prove=True)
    [point] = found.points
    np.testing.assert_allclose(point.theta, [4.0, 1.0], atol=1e-9)
    assert (point.type, point.verdict) == ("stable node", "proved")
    lines = fixed_points(ns.lola(), games.tandem(), starts=8, prove=True)
    # LOLA's field in the tandem game vanishes along a line, which no proof of a single zero can hold
    assert {point.type for point in lines.points} == {"degenerate"}
    assert 0 < len(lines.points) <= 3
    sums = [point.theta.sum() for point in lines.points]
    np.testing.assert_allclose(sums, sums[0], atol=1e-9)
    assert {point.verdict for point in lines.points} == {"not proved"}


def test_proofs_hold_true_points_and_nothing_else():
    random, field = np.random.default_rng(1), field_of(games.stag_hunt(), ns.meta_mapg())
    true = root(field, np.log([1.1, 1.1]), tol=1e-14).x
    proved = missed = 0
    for _ in range(40):
        radius = 10.0 ** random.uniform(-4, -1)
        away = random.uniform(-2, 2, 2) * radius
        verdict = proves_zero(field, true + away, radius)
        inside = np.abs(away).max() <= radius
        assert inside or not verdict
        proved += verdict
        missed += inside and not verdict
    assert proved > 5
    assert not proves_zero(field, [3.0, 3.0], 0.1)
    with pytest.raises(InputError, match="radius"):
        proves_zero(field, true, 0.0)


@pytest.mark.long
def test_enclosures_hold_and_shrink_to_the_derivatives():
    random = np.random.default_rng(2)
    for game, rule in (
        (games.dense(random.normal(size=(2, 3, 2))), ns.meta_mapg()),
        (games.dense(random.normal(size=(3, 2, 2, 2))), ns.lola()),
        (ns.open_source(games.prisoners_dilemma(), 0.4), ns.lookahead()),
    ):
        field = field_of(game, rule)
        d = field.game.dimension
        middle = random.uniform(-1, 1, d)
        value, slope, bend = enclose(field, (middle - 0.1)[None], (middle + 0.1)[None], 2)
        for theta in random.uniform(middle - 0.1, middle + 0.1, (10, d)):
            assert ((value.low[0] <= field(theta)) & (field(theta) <= value.high[0])).all()
            jacobian, h = field.jacobian(theta), 1e-5
            assert ((slope.low[0] <= jacobian) & (jacobian <= slope.high[0])).all()
            for k, step in enumerate(h * np.eye(d)):
                second = (field.jacobian(theta + step) - field.jacobian(theta - step)) / (2 * h)
                assert (bend.low[0, :, :, k] <= second + 1e-7).all()
                assert (second - 1e-7 <= bend.high[0, :, :, k]).all()
        exact = enclose(field, middle[None], middle[None], 1)
        assert (exact[1].high - exact[1].low).max() < 1e-12
        np.testing.assert_allclose(exact[1].low[0], field.jacobian(middle), atol=1e-12)


def test_no_bounds_where_a_formula_changes():
    def kinked(x):
        return jax.numpy.where(x > 0.0, x, 2.0 * x)

    with jax.enable_x64(True):
        value = bounds_of(kinked, jax.ShapeDtypeStruct((1,), "float64"))
        slope = bounds_of(jax.jacfwd(kinked), jax.ShapeDtypeStruct((1,), "float64"))
    boxes = Bounds(np.array([[0.5, -0.5]]), np.array([[1.0, 0.5]]))
    [found] = value([boxes])
    assert np.isinf(found.high[0]).tolist() == [False, True]
    [found] = slope([boxes])
    assert found.low[0].tolist() == [1.0, -np.inf]


def test_types_have_a_margin():
    assert linear_type(np.array([[1e-13, 1.0], [-1.0, -1e-13]]))[1] == "centre"
    assert linear_type(np.array([[-1.0, 1.0], [0.0, -1.0]]))[1] == "stable node"  # a single eigenvector
    assert linear_type(np.array([[-1.0, 0.0], [0.0, 1e-14]]))[1] == "degenerate"
    assert linear_type(np.diag([1.0, 2.0]))[1] == "unstable node"
    assert linear_type(1e-9 * np.diag([-1.0, 2.0]))[1] == "saddle"
    assert linear_type(np.zeros((2, 2)))[1] == "degenerate"


def test_corners_where_a_player_does_not_care_are_degenerate():
    own = np.array([[0.1, 0.7], [0.1, 0.7]])
    found = fixed_points(ns.pg(), games.dense(np.stack([own, np.array([[2.0, 0.0], [3.0, 1.0]])])), starts=4)
    assert len(found.of_kind("corner")) == 2
    assert {point.type for point in found.of_kind("corner")} == {"degenerate"}
    assert not found.attracting


def test_figures(stag):
    figure = fixed_point_figure(stag)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["saddle", "attracting corner"]
    assert stag.grid.shape == stag.arrows.shape == (441, 2)
    assert stag.to_dict()["points"][0]["linear"] == "saddle"
    with pytest.raises(InputError, match="expected FixedPoints"):
        fixed_point_figure("stag")


def test_bad_input():
    with pytest.raises(InputError, match="expected a rule"):
        fixed_points(games.stag_hunt(), ns.pg())
    with pytest.raises(InputError, match="bound"):
        fixed_points(ns.pg(), games.stag_hunt(), bound=-1.0)
    with pytest.raises(InputError, match="faces"):
        fixed_points(ns.pg(), games.dense(np.zeros((4, 2, 2, 3, 4))))
