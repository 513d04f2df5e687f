"""Separatrices: the known thresholds on the diagonal, brackets with both outcomes at their ends, signed distances."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Outcome, target_code
from nashscape.selection.edges import contours
from nashscape.selection.edges.bisection import narrowed

GAME = ns.games.stag_hunt()
RULES = {"pg": ns.pg(), "peer": ns.peer_only(), "both": ns.meta_mapg(), "strong": ns.meta_mapg(peer=5.0)}
# zeros of A(p) + λ η c s² B(p) + … on the diagonal, from THEORY.md section 4
DIAGONAL = {"pg": 2 / 3, "peer": 0.53376, "both": 0.53392, "strong": 0.35978}


@pytest.fixture(scope="module")
def boundary():
    return ns.separatrix(GAME, ns.pg(), grid=21)


@pytest.mark.long
@pytest.mark.parametrize("name", RULES)
def test_thresholds_on_the_diagonal(name):
    line = ns.selection.along(GAME, RULES[name], [0.1, 0.1], [0.9, 0.9])
    found = line.probability()
    assert found.low <= DIAGONAL[name] + 5e-6
    assert found.high >= DIAGONAL[name] - 5e-6
    assert 0 < found.high - found.low < 1e-9
    assert line.status is ns.Status.COMPLETE


def test_small_steps_of_the_same_rule_find_the_same_threshold():
    line = ns.selection.along(GAME, ns.pg(), [0.6, 0.6], [0.8, 0.8], step_size=0.02, steps=9000, scan=9, tolerance=1e-4)
    assert line.probability().contains(2 / 3)


def test_a_bracket_has_both_outcomes_at_its_ends():
    line = ns.selection.along(GAME, ns.pg(), [0.25, 0.95], [0.95, 0.25], scan=17, tolerance=1e-6)
    assert len(line.crossings) == 2  # out of the basin of CC and into it again
    for k, one in enumerate(line.crossings):
        profiles = [np.array([0.25, 0.95]) + s * np.array([0.7, -0.7]) for s in (line.inner[k], line.outer[k])]
        ends = [ns.simulate(GAME, ns.pg(), p, steps=1000, targets=["CC", "DD"]).outcome for p in profiles]
        assert ends == ["CC", "DD"]
        assert one.low == pytest.approx(min(line.inner[k], line.outer[k]))
    with pytest.raises(InputError, match="2 switches"):
        _ = line.crossing


def test_a_line_without_a_switch_says_so():
    line = ns.selection.along(GAME, ns.pg(), [0.1, 0.1], [0.3, 0.3], scan=9)
    assert line.crossings == ()
    assert "nowhere" in repr(line)


@pytest.mark.long
def test_three_players_with_unequal_numbers_of_actions():
    # a coordination game: everybody is paid 2 if all take their first action, 1 if all take their last
    payoffs = np.zeros((3, 2, 3, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 2, 1] = 2.0, 1.0
    game = ns.games.dense(payoffs, actions=[("a", "b"), ("a", "b", "c"), ("a", "b")])
    start, end = [0.3, [0.2, 0.2, 0.6], 0.3], [0.8, [0.7, 0.2, 0.1], 0.8]
    line = ns.selection.along(game, ns.peer_only(), start, end, target="aaa", tolerance=1e-5, scan=33)
    share = float(line.crossing)
    for s, wanted in ((share - 1e-4, "bcb"), (share + 1e-4, "aaa")):
        profile = [np.asarray(a) + s * (np.asarray(b) - np.asarray(a)) for a, b in zip(start, end, strict=True)]
        run = ns.simulate(
            game, ns.peer_only(), [p if p.ndim else float(p) for p in profile], steps=1000, targets=["aaa", "bcb"]
        )
        assert run.outcome == wanted


@pytest.mark.long
def test_points_of_the_boundary_are_brackets_on_edges(boundary):
    assert (boundary.widths <= 1e-6).all()
    assert len(boundary.inner) == len(boundary.outer_labels) == 38
    on_grid = np.isclose(boundary.points[:, :, None], boundary.axis, atol=1e-12).any(axis=2)
    assert (on_grid.sum(axis=1) == 1).all()
    codes = {"CC": target_code(0), "DD": target_code(1)}
    assert set(boundary.outer_labels.tolist()) == {codes["DD"]}
    for k in (0, 11, 37):
        for points, name in ((boundary.inner, "CC"), (boundary.outer, "DD")):
            assert ns.simulate(GAME, ns.pg(), points[k], steps=1000, targets=["CC", "DD"]).outcome == name


def test_a_symmetric_game_has_a_symmetric_boundary(boundary):
    [line] = boundary.lines
    assert line.shape == (38, 2)
    mirrored = line[::-1, ::-1]
    np.testing.assert_allclose(line, mirrored, atol=2e-6)
    assert {line[0].max(), line[-1].max()} == {boundary.axis[-1]}  # it ends on the rim


def test_the_area_inside_is_the_known_share_of_the_basin(boundary):
    # shoelace, closed over the corner of the square; the true share on [.05, .95]² is .2548
    [line] = boundary.lines
    corners = [line[-1], [0.95, 0.95], line[0]]
    around = np.concatenate([line, corners])
    area = 0.5 * abs(np.sum(around[:-1, 0] * around[1:, 1] - around[1:, 0] * around[:-1, 1]))
    assert area / 0.81 == pytest.approx(0.2548, abs=2e-4)


@pytest.mark.long
def test_distances_have_the_sign_of_the_outcome_and_hold_within_their_error(boundary):
    points = np.random.default_rng(0).uniform(0.05, 0.95, (60, 2))
    found = boundary.distance(points)
    maps = ns.entry_probability(GAME, ns.pg(), starts=ns.starts.strategies(points), steps=1000, precision="float64")
    sure = np.abs(found.value) > found.error
    assert sure.sum() > 55
    np.testing.assert_array_equal((found.value > 0)[sure], maps.reached("CC")[sure])
    fine = ns.separatrix(GAME, ns.pg(), grid=81).distance(points)
    assert (np.abs(fine.value - found.value) <= fine.error + found.error).all()
    assert fine.error.max() < found.error.max() / 4 < 1e-3
    np.testing.assert_allclose(found.rim, np.minimum(points - 0.05, 0.95 - points).min(axis=1))


def test_crossings_of_the_line_agree_with_bisection_along_it(boundary):
    for start, end in (([0.05, 0.05], [0.95, 0.95]), ([0.3, 0.5], [0.95, 0.8])):
        exact = ns.selection.along(GAME, ns.pg(), start, end, tolerance=1e-7).crossings
        drawn = boundary.crossings(start, end)
        assert len(exact) == len(drawn) == 1
        assert drawn[0].overlaps(exact[0])
        assert drawn[0].high - drawn[0].low < 5e-3


@pytest.mark.long
def test_three_players_get_points_but_no_line():
    found = ns.separatrix(ns.games.threshold_stag_hunt(3, 2), ns.pg(), grid=5, steps=400)
    assert found.inner.shape[1] == 3
    assert len(found.inner) > 10
    assert found.chords.shape == (0, 2)
    with pytest.raises(InputError, match="two players"):
        found.distance([[0.5, 0.5]])


@pytest.mark.long
def test_too_few_steps_are_said_to_be():
    assert ns.selection.along(GAME, ns.pg(), [0.1, 0.1], [0.9, 0.9], steps=20).status is ns.Status.UNRESOLVED
    bounded = ns.separatrix(GAME, ns.pg(), grid=5, steps=20)
    assert bounded.status is ns.Status.UNRESOLVED
    assert (bounded.outer_labels == Outcome.OUT_OF_BUDGET).any()


def test_no_boundary_is_no_failure_until_a_distance_is_asked_for():
    found = ns.separatrix(ns.games.prisoners_dilemma(), ns.pg(), "CC", grid=4, steps=300)
    assert found.inner.shape == (0, 2)
    assert found.lines == ()
    assert found.to_dict()["status"] == "COMPLETE"
    with pytest.raises(InputError, match="no boundary"):
        found.distance([[0.5, 0.5]])


# --- geometry, without games --------------------------------------------------------------------------------


def geometry(function, size=9):
    """The line where a function of the square is zero, found linearly on the edges of a grid."""
    axis = np.linspace(0.0, 1.0, size)
    value = function(*np.meshgrid(axis, axis, indexing="ij"))
    edges = contours.differing_edges(value > 0)
    low, high = value[tuple(edges.first.T)], value[tuple(edges.second.T)]
    points = axis[edges.first] + (low / (low - high))[:, None] * (axis[edges.second] - axis[edges.first])
    crowded = contours.crowded_squares(edges, size)
    centres = (axis[crowded] + axis[crowded + 1]) / 2
    joined, squares = contours.chords(value > 0, edges, function(centres[:, 0], centres[:, 1]) > 0)
    return axis, value > 0, points, joined, squares


def test_a_closed_boundary_is_a_loop_and_two_are_two():
    circles = lambda x, y: 0.0411 - np.minimum((x - 0.3) ** 2, (x - 0.7) ** 2) * 1.5 - (y - 0.5) ** 2  # noqa: E731
    axis, inside, points, joined, squares = geometry(circles, size=31)
    lines = contours.curves(joined)
    assert len(lines) == 2
    assert all(line[0] == line[-1] for line in lines)
    assert sum(len(line) - 1 for line in lines) == len(points)
    some = np.random.default_rng(1).uniform(0, 1, (500, 2))
    signs = contours.within(some, axis, inside, squares, (points[joined[:, 0]], points[joined[:, 1]]))
    clear = np.abs(circles(*some.T)) > 2e-3
    np.testing.assert_array_equal(signs[clear], circles(*some.T)[clear] > 0)


def test_a_square_crossed_on_all_edges_is_joined_as_its_centre_says():
    for centre, same in ((0.1, True), (-0.1, False)):
        saddle = lambda x, y, c=centre: np.where((x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.1, c, (x - 0.5) * (y - 0.5))  # noqa: E731
        axis, inside, points, joined, squares = geometry(saddle, size=2)
        assert len(joined) == 2
        assert (squares == 0).all()
        ends = points[joined[:, 0]], points[joined[:, 1]]
        middle = contours.within(np.array([[0.5, 0.5]]), axis, inside, squares, ends)
        assert middle[0] == same
        corners = contours.within(np.array([[0.01, 0.01], [0.99, 0.01], [0.99, 0.99]]), axis, inside, squares, ends)
        assert corners.tolist() == [True, False, True]


def test_distances_to_chords_against_dense_sampling():
    rng = np.random.default_rng(2)
    first, second, points = rng.uniform(size=(3, 7, 2))
    errors = rng.uniform(0, 0.05, 7)
    dense = first[:, None] + np.linspace(0, 1, 4001)[None, :, None] * (second - first)[:, None]
    d = np.linalg.norm(points[:, None, None] - dense, axis=3).min(axis=2)
    value, low, high = contours.distances(points, first, second, errors)
    np.testing.assert_allclose(value, d.min(axis=1), atol=1e-6)
    np.testing.assert_allclose(low, np.maximum((d - errors).min(axis=1), 0), atol=1e-6)
    np.testing.assert_allclose(high, (d + errors).min(axis=1), atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ns.selection.along(GAME, ns.pg(), [0.1, 0.1], [0.9, 0.9], estimator=ns.sampled(16)), "noise-free"),
        (lambda: ns.selection.along(GAME, ns.pg(), [0.0, 0.1], [0.9, 0.9]), "interior"),
        (lambda: ns.selection.along(GAME, ns.pg(), [0.1, 0.1], [0.9, 0.9], "XY"), "not a profile"),
        (lambda: ns.selection.along(ns.games.matching_pennies(), ns.pg(), [0.1, 0.1], [0.9, 0.9]), "no strict pure"),
        (lambda: ns.separatrix(ns.games.random_game((2, 3), seed=0), ns.pg()), "two actions"),
        (lambda: ns.separatrix(GAME, ns.pg(), low=0.0), "inside"),
        (lambda: ns.separatrix(GAME, ns.pg(), wrong=1), "unknown option"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_points_outside_the_square_are_refused(boundary):
    with pytest.raises(InputError, match="between"):
        boundary.distance([[0.01, 0.5]])


# --- bisection, without games -------------------------------------------------------------------------------


def test_brackets_close_in_on_a_switch_and_interrupted_stay_brackets():
    rounds = []

    def ask(shares):
        # the target is reached left of .3, and between .6 and .7
        rounds.append(shares.shape)
        if len(rounds) == 3:
            raise KeyboardInterrupt
        return np.where((shares < 0.3) | ((shares > 0.6) & (shares < 0.7)), target_code(0), target_code(1)).astype(
            np.int8
        )

    lines = np.zeros(60), np.ones(60), np.full(60, target_code(1), np.int8)
    cut = narrowed(ask, *lines, 1e-9)
    assert cut.status is ns.Status.INTERRUPTED
    assert ((cut.inner < 0.3) & (cut.outer >= 0.3) & (cut.outer - cut.inner < 0.05)).all()
    rounds += [None]
    whole = narrowed(ask, *lines, 1e-9)
    assert whole.status is ns.Status.COMPLETE
    assert ((whole.outer - whole.inner <= 1e-9) & (whole.inner < 0.3) & (whole.outer >= 0.3)).all()
    # a tolerance of nothing ends where rounding does
    rounding = narrowed(ask, *lines, 0.0)
    assert (rounding.outer - rounding.inner <= 2 * np.spacing(0.3)).all()
