"""Program equilibria at corners: dense searches in thousands of random games, and what fools first-order tests."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, Status
from nashscape.semantics import coupled, imperfect, parametric
from nashscape.theory.programs.boundary import boundary_test, corner_of
from nashscape.theory.programs.boundary_batches import boundary_tests
from nashscape.theory.programs.critical_boxes import critical_box
from nashscape.theory.symmetric import symmetric_thresholds

POINTS = 2001


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def payoff(table, p, q):
    """Expected payoff for a table `[…, 2, 2]` when the first actions have probabilities p and q."""
    return (
        table[..., 0, 0] * p * q
        + table[..., 0, 1] * p * (1 - q)
        + table[..., 1, 0] * (1 - p) * q
        + table[..., 1, 1] * (1 - p) * (1 - q)
    )


def utilities_along(payoffs, matrix, corner, player, t):
    """What a player gets with parameter t, written out for two players."""
    theta = [np.full_like(t, c) for c in corner]
    theta[player] = t
    p, q = (sigmoid(matrix[..., i, 0] * theta[0] + matrix[..., i, 1] * theta[1]) for i in (0, 1))
    return payoff(payoffs[..., player, :, :], p, q)


def random_games(count, seed):
    random = np.random.default_rng(seed)
    payoffs = random.normal(size=(count, 2, 2, 2)).round(2)
    matrix = np.zeros((count, 2, 2))
    matrix[:, 0, 1], matrix[:, 1, 0] = random.uniform(-0.8, 1.6, size=(2, count))
    bound = 4.0
    made = [ns.open_source(games.dense(u), k) for u, k in zip(payoffs, matrix, strict=True)]
    return made, payoffs, matrix + np.eye(2), bound


def check(found, payoffs, matrix, corner, bound, points=POINTS):
    """No claim is contradicted by a dense search, and every best deviation does what it is said to do."""
    t = np.linspace(-bound, bound, points)
    best = np.zeros((len(payoffs), 2))
    for i in (0, 1):
        along = utilities_along(payoffs[:, None], matrix[:, None], corner, i, np.tile(t, (len(payoffs), 1)))
        here = utilities_along(payoffs, matrix, corner, i, np.full(len(payoffs), corner[i]))
        there = utilities_along(payoffs, matrix, corner, i, found.deviations[:, i])
        best[:, i] = along.max(axis=1) - here
        assert (found.gain_low[:, i] <= np.maximum(there - here, 0) + 1e-12).all()
    assert (best <= found.gain_high + 1e-12).all()
    assert (found.gain_low <= found.gain_high).all()
    assert (best[found.verdicts == "yes"] <= 1e-12).all()
    assert (found.gain_low[found.verdicts == "no"].max(axis=1) > 0).all()
    # the bounds close: what is said to be gained is gained
    assert (found.gain_high - found.gain_low)[found.gain_low > 0].max() < 1e-7
    return best


@pytest.mark.parametrize("count", [500, pytest.param(2500, marks=pytest.mark.long)])
@pytest.mark.parametrize(("corner", "signs"), [("AA", (1, 1)), ("AB", (1, -1)), ("BA", (-1, 1)), ("BB", (-1, -1))])
def test_no_false_verdict_in_ten_thousand_random_games_and_corners(corner, signs, count):
    made, payoffs, matrix, bound = random_games(count, 10 + signs[0] + 3 * signs[1])
    names = made[0].game.actions
    found = boundary_tests(made, "".join(own["AB".index(c)] for own, c in zip(names, corner, strict=True)), bound=bound)
    best = check(found, payoffs, matrix, np.multiply(signs, bound), bound)
    decided = found.verdicts != "undecided"
    assert decided.mean() > 0.99
    assert 0.05 < (found.verdicts == "yes").mean() < 0.6
    assert (found.verdicts[best.max(axis=1) > 1e-6] == "no").all()


@pytest.mark.long
def test_corners_that_pass_the_first_order_test_and_are_no_equilibria_are_found():
    """T > R, κ between the corner's own threshold and 1, and a box that is large enough; deviations often interior."""
    random = np.random.default_rng(5)
    interior = shown = 0
    for _ in range(60):
        T, R, P, S = np.sort(random.uniform(0, 5, size=4))[::-1]
        form = symmetric_thresholds(games.prisoners_dilemma(T=T, R=R, P=P, S=S))
        low = max(form.cooperation, 0.0)
        if low > 0.6 or T - R < 0.1:
            continue
        kappa = low + (1 - low) * random.uniform(0.3, 0.7)
        learners = ns.open_source(games.prisoners_dilemma(T=T, R=R, P=P, S=S), kappa)
        test = boundary_test(learners, "CC", bound=min(7 / (1 - kappa), 24 / (1 + kappa)))
        assert test.first_order
        assert test.verdict == "no"
        shown += 1
        moved = test.players[0].deviation[0]
        interior += abs(moved) < test.bound * 0.999
        assert test.gain[0] > 0.5 * (T - R)
    assert shown > 20
    assert interior > 5


def test_the_textbook_case():
    """T=5, κ=.7: an equilibrium on a box of 1, none on a box of 2, where the best deviation is −1.18 and gains .110."""
    learners = ns.open_source(games.prisoners_dilemma(), 0.7)
    assert boundary_test(learners, "CC", bound=1).verdict == "yes"
    test = boundary_test(learners, "CC", bound=2)
    assert (test.verdict, test.first_order, test.status) == ("no", True, Status.COMPLETE)
    table = np.array([[3.0, 0.0], [5.0, 1.0]])
    found = minimize_scalar(
        lambda t: -payoff(table, sigmoid(t + 1.4), sigmoid(0.7 * t + 2)), bounds=(-2, 2), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    here = payoff(table, sigmoid(3.4), sigmoid(3.4))
    low, high = test.gain
    assert low - 1e-12 <= -found.fun - here <= high + 1e-12
    np.testing.assert_allclose(test.players[0].deviation[0], found.x, atol=1e-3)
    assert round(low, 3) == 0.110
    assert round(float(found.x), 2) == -1.18


@pytest.mark.long
def test_three_players_against_a_dense_search_of_the_library_itself():
    random = np.random.default_rng(7)
    for k in range(12):
        weights = random.uniform(-0.5, 0.9, size=(3, 3)) * (1 - np.eye(3))
        learners = ns.open_source(games.dense(random.normal(size=(3, 2, 2, 2))), weights, own=[1.0, 0.7, 1.3])
        signs = random.choice([-1.0, 1.0], size=3)
        test = boundary_test(learners, (3.0 * signs).tolist(), bound=3.0)
        with jax.enable_x64(True):
            utilities = jax.jit(jax.vmap(learners.utilities))
            here = np.asarray(learners.utilities(test.theta))
            for i, own in enumerate(test.players):
                profiles = np.tile(test.theta, (1501, 1))
                profiles[:, i] = np.linspace(-3, 3, 1501)
                gain = float(np.asarray(utilities(profiles))[:, i].max() - here[i])
                assert gain <= own.gain[1] + 1e-12
                assert own.gain[0] <= gain + 1e-4
                assert (own.verdict == "yes") == (gain < 1e-9), k


def test_slopes_contain_the_derivative():
    learners = ns.open_source(games.bimatrix([[1.0, 4.0], [2.0, -1.0]], [[0.0, 1.0], [3.0, 2.0]]), [[0, 0.4], [0.9, 0]])
    test = boundary_test(learners, [0.3, -1.0], bound=2.0)
    with jax.enable_x64(True):
        gradient = np.diagonal(np.asarray(jax.jacrev(learners.utilities)(np.array([0.3, -1.0]))))
    for own, slope in zip(test.players, gradient, strict=True):
        assert own.slope[0, 0] <= slope <= own.slope[0, 1]
        assert own.slope[0, 1] - own.slope[0, 0] < 1e-12


def test_a_tie_is_undecided_and_says_within_what():
    flat = ns.open_source(games.bimatrix([[1.0, 0.0], [1.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]), 0.0)
    test = boundary_test(flat, (0, 0), bound=2)
    assert (test.verdict, test.status) == ("undecided", Status.UNDECIDED)
    assert 0 <= test.gain[0] <= test.gain[1] < 1e-6


@pytest.mark.long
def test_several_parameters_are_bounded_in_all_directions():
    random = np.random.default_rng(8)
    learners = parametric(games.dense(random.normal(size=(2, 3, 3))), coupled((3, 3), 0.4))
    test = boundary_test(learners, (0, 0), bound=2.0)
    assert {own.method for own in test.players} == {"interval branch and bound"}
    assert all(np.isfinite(own.gain[1]) for own in test.players)
    with jax.enable_x64(True):
        for i, own in enumerate(test.players):
            moved = test.theta.copy()
            moved[learners.semantics.slices[i]] = own.deviation
            gain = float(learners.utilities(moved)[i] - learners.utilities(test.theta)[i])
            np.testing.assert_allclose(gain, own.gain[0], atol=1e-12)
            assert own.verdict == ("no" if gain > 0 else "yes")
    # a dominant action needs no deviation, and that is proved
    dominant = games.dense(np.stack([np.array([[3.0] * 3, [2.0] * 3, [1.0] * 3]), np.array([[3.0, 2.0, 1.0]] * 3)]))
    test = boundary_test(parametric(dominant, coupled((3, 3), 0.0)), (0, 0), bound=2.0)
    assert (test.verdict, test.gain) == ("yes", (0.0, 0.0))


@pytest.mark.long
def test_of_too_many_operations_it_is_a_search_and_the_result_says_so():
    learners = ns.open_source(games.iterated_prisoners_dilemma(), 0.9)
    test = boundary_test(learners, "DD", bound=2.0, starts=4)
    assert {own.method for own in test.players} == {"multi-start search"}
    assert all(own.verdict == "no" and np.isinf(own.gain[1]) for own in test.players)


def test_where_reading_is_chosen_corners_have_no_names():
    learners = parametric(games.stag_hunt(), ns.semantics.imperfect(coupled((2, 2), 0.3), reads="chosen"))
    with pytest.raises(InputError, match="names where parameters are logits; give the 4 parameters"):
        boundary_test(learners, "CC")


def test_what_does_not_fit_is_refused():
    learners = ns.open_source(games.prisoners_dilemma(), 0.5)
    with pytest.raises(InputError, match="'CX' is not a profile"):
        boundary_test(learners, "CX")
    with pytest.raises(InputError, match=r"lie outside the box \[−2, 2\]"):
        boundary_test(learners, [3.0, 2.0], bound=2.0)
    with pytest.raises(InputError, match="bound"):
        boundary_test(learners, "CC", bound=0.0)
    with pytest.raises(InputError, match="alike but for their numbers"):
        boundary_tests([learners, ns.open_source(games.dense(np.ones((3, 2, 2, 2))), 0.5)], "CC")
    with pytest.raises(InputError, match="takes a list of games"):
        boundary_tests([], "CC")


def test_the_box_at_which_the_verdict_flips():
    """T=5, κ=.7: cooperation is an equilibrium of small boxes only; a dense search agrees on both sides."""
    [flip] = critical_box(ns.open_source(games.prisoners_dilemma(), 0.7), "CC")
    assert not flip.rises
    assert 0 < flip.width <= 1e-6
    table = np.array([[3.0, 0.0], [5.0, 1.0]])
    for bound, gains in ((flip.low - 0.01, False), (flip.high + 0.01, True)):
        t = np.linspace(-bound, bound, 20001)
        value = payoff(table, sigmoid(t + 0.7 * bound), sigmoid(0.7 * t + bound))
        assert (value.max() > value[-1] + 1e-12) == gains
    # above κ = 1 it is one however large the box, below its own threshold never
    assert critical_box(ns.open_source(games.prisoners_dilemma(), 1.2), "CC") == ()
    assert critical_box(ns.open_source(games.prisoners_dilemma(), 0.2), "CC", low=1.0) == ()
    with pytest.raises(InputError, match="by its name"):
        critical_box(ns.open_source(games.prisoners_dilemma(), 0.2), [1.0, 1.0])


@pytest.mark.long
@pytest.mark.parametrize("rounding", ["nearest", "straight-through"])
@pytest.mark.parametrize(("kappa", "quantum", "bound"), [(0.2, 1.0, 1.0), (0.9, 0.7, 4.0)])
def test_utilities_that_jump_are_bounded_without_their_derivatives(rounding, kappa, quantum, bound):
    """The derivative of rounding is zero, so that a slope says nothing of what lies beyond a jump."""
    reading = imperfect(coupled((2, 2), kappa), quantum=quantum, rounding=rounding)
    learners = parametric(games.donation(benefit=3, cost=1), reading)
    for corner in ("CC", "DD", "CD"):
        test = boundary_test(learners, corner, bound=bound, tolerance=1e-6)
        for i, own in enumerate(test.players):
            profiles = np.tile(test.theta, (4002, 1))
            profiles[1:, i] = np.linspace(-bound, bound, 4001)
            with jax.enable_x64(True):
                values = np.asarray(jax.vmap(learners.utilities)(profiles))[:, i]
            gain = float(values[1:].max() - values[0])
            assert gain <= own.gain[1] + 1e-12
            assert (own.verdict == "yes") <= (gain <= 1e-12)


def test_a_common_part_of_all_payoffs_changes_nothing():
    payoffs = games.prisoners_dilemma().payoffs
    for shift, scale in ((1e7, 1.0), (-3e5, 1e-3), (0.0, 1e9), (0.0, 1e-9)):
        learners = ns.open_source(games.dense(payoffs * scale + shift), 0.7)
        assert boundary_test(learners, (0, 0), bound=1).verdict == "yes"
        test = boundary_test(learners, (0, 0), bound=2)
        assert test.verdict == "no"
        np.testing.assert_allclose(test.gain, 0.110252 * scale, rtol=1e-4)


@pytest.mark.long
def test_corners_of_policies_are_named_by_what_is_played_in_all_states():
    game = ns.games.iterated_prisoners_dilemma()
    learners = ns.open_source(game, 0.5)
    name, theta = corner_of(learners, "CD", 2.0)
    assert name == "CD"
    assert theta.tolist() == [2.0] * 5 + [-2.0] * 5
    soft = ns.open_source(game, 0.5, form="softmax")
    assert corner_of(soft, "CD", 2.0)[1].tolist() == [2.0, -2.0] * 5 + [-2.0, 2.0] * 5
    played = learners.strategies(jnp.asarray([40.0] * 5 + [-120.0] * 5))
    assert [own[:, 0].round(3).tolist() for own in played] == [[0.0] * 5, [0.0] * 5]
    test = ns.theory.boundary_test(learners, "DD", bound=2.0, starts=2)
    assert test.corner == "DD"
    with pytest.raises(InputError, match="not a profile"):
        ns.theory.boundary_test(learners, "CE", bound=2.0)
