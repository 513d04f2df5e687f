"""Branches of zeros of learning fields, against closed forms, scans of NumPy formulas and root finding by SciPy."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq, root

import nashscape as ns
from nashscape import games, theory
from nashscape.core import InputError, Status
from nashscape.learning import fields
from nashscape.semantics import simplex
from nashscape.theory.following.branches import ENDS, KINDS

DILEMMA = games.prisoners_dilemma()
FORMS = theory.symmetric_thresholds(DILEMMA)
TRUE = FORMS.leaving_the_diagonal()[0].middle


def dilemma(coupling):
    return ns.open_source(DILEMMA, coupling)


@pytest.fixture(scope="module")
def mixture():
    return theory.continuation(dilemma, 0.2, 0.7, start=[0.5, 0.5], at=0.45, parameter="κ")


def contains(point, value, tolerance=1e-6):
    return point.low <= value <= point.high and point.high - point.low <= tolerance * (1 + 1e-9)


@pytest.mark.long
def test_the_diagonal_mixture_is_the_closed_form_from_corner_to_corner_of_the_box(mixture):
    branch = mixture.branches[0]
    wanted = np.array([FORMS.mixture(coupling) for coupling in branch.values])
    for own in branch.strategies:
        np.testing.assert_allclose(own[:, 0], wanted, atol=1e-9)
    assert branch.ends == ("box", "box")
    assert np.abs(branch.theta[[0, -1]]).max(axis=1) == pytest.approx(8.0)
    for end, corner in ((0, "D"), (-1, "C")):
        [change] = FORMS.corner_thresholds(8.0, corner)
        assert branch.values[end] == pytest.approx(change.middle, abs=1e-9)
    assert len(branch.values) > 60
    assert np.abs(np.diff(branch.theta, axis=0)).max() <= 0.25


@pytest.mark.long
def test_its_eigenvalues_are_the_rates_along_and_across_the_diagonal(mixture):
    branch = mixture.branches[0]
    for coupling, p, found in zip(branch.values, branch.strategies[0][:, 0], branch.eigenvalues, strict=True):
        along = (1 + coupling) ** 2 * (p * (1 - p)) ** 2 * FORMS.c
        wanted = sorted([along, FORMS.transverse_rate(coupling, p)], reverse=True)
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-10)
    np.testing.assert_array_equal(branch.stable, branch.values < TRUE)
    np.testing.assert_array_equal(branch.unstable, (branch.values > TRUE).astype(int))


def test_it_loses_its_stability_at_a_pitchfork_whose_branches_are_followed(mixture):
    (point,) = mixture.points
    assert point.kind == "pitchfork"
    assert contains(point, TRUE)
    assert (point.branch, point.others, point.multiplicity) == (0, (1, 2), 1)
    assert point.strategies[0][0] == pytest.approx(FORMS.mixture(TRUE), abs=1e-5)
    one, two = (mixture.branches[k] for k in point.others)
    for branch in (one, two):
        for theta, coupling in zip(branch.theta[1:], branch.values[1:], strict=True):
            np.testing.assert_allclose(symmetric_field(theta, coupling), 0.0, atol=1e-13)
        assert branch.ends[0] == "point"
        assert np.abs(branch.theta[-1, 0] - branch.theta[-1, 1]) > 1.0
    # the other player of one is the one of the other
    np.testing.assert_allclose(one.theta[1:], two.theta[1:, ::-1], atol=1e-7)
    assert np.sign(one.theta[-1, 0] - one.theta[-1, 1]) == -np.sign(two.theta[-1, 0] - two.theta[-1, 1])


def symmetric_field(theta, coupling):
    """Of the dilemma with T=5 R=3 P=1 S=0, written out."""
    p, q = 1 / (1 + np.exp(-np.array([theta[0] + coupling * theta[1], theta[1] + coupling * theta[0]])))
    s, t = p * (1 - p), q * (1 - q)
    return [s * (-1 - q) + coupling * t * (4 - p), t * (-1 - p) + coupling * s * (4 - q)]


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-8])
def test_brackets_are_as_narrow_as_asked_and_hold_the_true_value(tolerance):
    found = theory.continuation(dilemma, 0.4, 0.44, start=[0.5, 0.5], at=0.43, tolerance=tolerance, switch=False)
    (point,) = found.points
    assert contains(point, TRUE, tolerance)
    assert (point.kind, point.others, len(found.branches)) == ("pitchfork", (), 1)


@pytest.mark.parametrize("at", [0.4, 0.5])
def test_softmaxes_are_followed_without_what_changes_no_strategy(at):
    def family(coupling):
        return ns.open_source(DILEMMA, coupling, form="softmax")

    found = theory.continuation(family, 0.38, 0.52, start=[0.5, 0.5], at=at, switch=False)
    (branch,) = found.branches
    np.testing.assert_allclose(branch.theta.reshape(-1, 2, 2).sum(axis=2), 0.0, atol=1e-12)
    np.testing.assert_allclose(branch.strategies[0][:, 0], [FORMS.mixture(k) for k in branch.values], atol=1e-9)
    rates = [FORMS.transverse_rate(k, FORMS.mixture(k)) for k in branch.values]
    # a step of both logits, in opposite directions, moves their difference twice as far
    np.testing.assert_allclose(np.abs(branch.eigenvalues.real - 2 * np.array(rates)[:, None]).min(axis=1), 0, atol=1e-9)
    assert contains(found.points[0], TRUE)


def bent(points, c):
    x, y = points[0][0], points[1][0]
    return jnp.stack([c["k"] * x - x**3 / 3 + c["b"] * x * y, -((y - c["a"] * x) ** 2) / 2])


@pytest.mark.long
@pytest.mark.parametrize(("a", "b"), [(0.7, 1.3), (-0.4, 2.0), (1.5, 0.6)])
def test_a_fold_is_where_the_discriminant_vanishes(a, b):
    """`k − x² + b y = 0` and `y = a x`: zeros at `x = [ab ± √(a²b² + 4k)]/2`."""
    numbers = {"a": np.float64(a), "b": np.float64(b)}
    game = games.differentiable(bent, (1, 1), coefficients={"k": 0.0, **numbers})

    def family(k):
        return replace(game, coefficients={"k": np.float64(k), **numbers})

    found = theory.continuation(family, -0.9, 1.5, theta=[2.0, 2 * a], at=1.0)
    (branch,), (point,) = found.branches, found.points
    assert point.kind == "fold"
    assert contains(point, -((a * b) ** 2) / 4)
    x, y = branch.theta.T
    upper = x > a * b / 2
    roots = a * b / 2 + np.where(upper, 1, -1) * np.sqrt((a * b) ** 2 / 4 + branch.values)
    np.testing.assert_allclose(x, roots, atol=1e-6)
    np.testing.assert_allclose(branch.values - x**2 + b * y, 0.0, atol=1e-12)
    assert branch.ends == ("range", "range")
    np.testing.assert_array_equal(branch.values[[0, -1]], 1.5)
    # J = [[−2x, b], [a, −1]]
    np.testing.assert_array_equal(branch.stable, (2 * x > a * b) & (2 * x > -1))


def with_numbers(payoffs, k):
    """A game over a number, checked once."""
    game = games.differentiable(payoffs, (1, 1), coefficients=k)
    return lambda value: replace(game, coefficients=np.float64(value))


def ring(points, k):
    x, y = points[0][0], points[1][0]
    return jnp.stack([x**3 / 3 + (k**2 - 1) * x, -((y - 2 * x) ** 2) / 2])


@pytest.mark.long
def test_a_closed_branch_is_followed_once_round_and_found_once():
    found = theory.continuation(with_numbers(ring, 0.0), -1.9, 2.1, starts=4)
    (branch,) = found.branches
    assert branch.ends == ("loop", "loop")
    np.testing.assert_allclose(branch.theta[:, 0] ** 2 + branch.values**2, 1.0, atol=1e-9)
    angles = np.unwrap(np.arctan2(branch.theta[:, 0], branch.values))
    assert abs(angles[-1] - angles[0]) == pytest.approx(2 * np.pi, abs=1e-4)
    assert {point.kind for point in found.points} == {"fold"}
    low, high = sorted(found.points, key=lambda point: point.low)
    assert contains(low, -1.0)
    assert contains(high, 1.0)
    assert found.status is Status.COMPLETE


def crossing(points, k):
    x, y = points[0][0], points[1][0]
    return jnp.stack([(k - 0.3) * x**2 / 2 - x**3 / 3, -((y - 2 * x) ** 2) / 2])


@pytest.mark.long
def test_branches_that_cross_are_told_from_those_that_part():
    found = theory.continuation(with_numbers(crossing, 0.0), -0.9, 1.1, theta=[0, 0], at=0.0)
    (point,) = found.points
    assert point.kind == "transcritical"
    assert contains(point, 0.3)
    trivial, *others = found.branches
    np.testing.assert_allclose(trivial.theta, 0.0, atol=1e-9)
    np.testing.assert_array_equal(trivial.stable, trivial.values < 0.3)
    for branch in others:
        np.testing.assert_allclose(branch.theta[1:, 0], branch.values[1:] - 0.3, atol=1e-7)
        np.testing.assert_array_equal(branch.stable[1:], branch.values[1:] > 0.3)
    assert sorted(branch.values[-1] for branch in others) == [-0.9, 1.1]


def test_where_two_logits_become_one_a_line_of_zeros_crosses():
    found = theory.continuation(lambda k: ns.open_source(games.stag_hunt(), k), 0.4, 1.7, start=[0.5, 0.5], at=0.5)
    (point,) = found.points
    assert point.kind == "line"
    assert contains(point, 1.0)
    for k in point.others:
        branch = found.branches[k]
        np.testing.assert_allclose(branch.values[1:], 1.0, atol=1e-9)
        assert (branch.neutral[1:] == 1).all()
        # A + B = 0 for the strategy that both play, whatever the difference of their parameters
        p = branch.strategies[0][1:, 0]
        np.testing.assert_allclose(-2 + 3 * p + 1 + 3 * p, 0.0, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_hopf_point_is_where_look_ahead_takes_the_trace_away(seed):
    """`u_1 = a x²/2 + b xy`, `u_2 = d y²/2 − b xy`: the trace is `a + d − 2 νη b²`."""
    random = np.random.default_rng(seed)
    a, d = random.uniform(0.1, 0.4), random.uniform(-0.05, 0.3)
    b, eta = random.uniform(1.0, 2.0), random.uniform(0.2, 0.6)
    game = games.quadratic([[[a, b], [b, 0]], [[0, -b], [-b, d]]])
    found = theory.continuation(
        game, -1.0, 1.5, dial=lambda v: ns.lookahead(lookahead=v, inner_lr=eta), theta=[0.1, 0.1],
    )  # fmt: skip
    (branch,), (point,) = found.branches, found.points
    true = (a + d) / (2 * eta * b**2)
    assert point.kind == "Hopf"
    assert contains(point, true)
    np.testing.assert_array_equal(branch.stable, branch.values > true)
    w = true * eta
    determinant = (a - w * b * b) * (d - w * b * b) + b * b * (1 + w * d) * (1 + w * a)
    assert point.frequency == pytest.approx(np.sqrt(determinant), abs=1e-5)


def test_where_pennies_turn_round_for_ever_is_found_between_falling_in_and_out():
    found = theory.continuation(
        games.matching_pennies(), -1.0, 1.3, dial=lambda v: ns.lookahead(lookahead=v), start=[0.4, 0.6], at=1.0
    )
    (point,) = found.points
    assert point.kind == "Hopf"
    assert contains(point, 0.0)
    assert point.frequency == pytest.approx(0.25, abs=1e-6)  # s² · payoff differences: ¼ · ¼ · 4


class ThreePlayers:
    """Three coupled players with payoffs of their own between two random games, in NumPy alone."""

    def __init__(self, seed):
        random = np.random.default_rng(seed)
        self.ends = random.normal(size=(2, 3, 2, 2, 2))
        self.coupling = random.normal(size=(3, 3)) * 0.5 * (1 - np.eye(3))

    def payoffs(self, value):
        return (1 - value) * self.ends[0] + value * self.ends[1]

    def family(self, value):
        return ns.open_source(games.dense(self.payoffs(value)), self.coupling)

    def field(self, theta, value):
        reads = np.eye(3) + self.coupling
        p = 1 / (1 + np.exp(-reads @ theta))
        each = np.stack([p, 1 - p], axis=1)
        signs = np.array([1.0, -1.0])
        found = np.zeros(3)
        for j in range(3):
            rows = [signs if k == j else each[k] for k in range(3)]
            by_p = np.einsum("iabc,a,b,c->i", self.payoffs(value), *rows)
            found += reads[j] * p[j] * (1 - p[j]) * by_p
        return found

    def jacobian(self, theta, value, h=1e-6):
        steps = h * np.eye(3)
        return np.stack(
            [(self.field(theta + e, value) - self.field(theta - e, value)) / (2 * h) for e in steps], axis=1
        )


@pytest.fixture(scope="module")
def three():
    players = ThreePlayers(1)
    return players, theory.continuation(players.family, 0.0, 1.0, starts=12)


@pytest.mark.long
def test_three_unlike_players_rest_where_scipy_says(three):
    players, found = three
    assert len(found.branches) == 2
    for branch in found.branches:
        for theta, value, eigenvalues in list(zip(branch.theta, branch.values, branch.eigenvalues, strict=True))[::3]:
            slope = players.jacobian(theta, value)
            scale = np.linalg.norm(slope)
            beside = theta + 1e-3
            if np.abs(eigenvalues).min() > 1e-3 * scale:  # at a fold SciPy, with the value held, has two roots in one
                polished = root(lambda x, v, c: players.field(x, v) / c, beside, args=(value, scale), tol=1e-13)
                np.testing.assert_allclose(polished.x, theta, atol=1e-5)
            np.testing.assert_allclose(players.field(theta, value) / scale, 0.0, atol=1e-11)
            independent = np.linalg.eigvals(slope)
            for one in eigenvalues:
                assert np.abs(independent - one).min() < 1e-6 * scale
            assert branch.ends[0] in ENDS


@pytest.mark.long
def test_their_fold_and_hopf_points_are_those_of_extended_systems(three):
    players, found = three
    (fold,) = found.of_kind("fold")

    def folded(unknown):
        theta, null, value = unknown[:3], unknown[3:6], unknown[6]
        return [*players.field(theta, value), *(players.jacobian(theta, value) @ null), null @ null - 1]

    near = players.jacobian(fold.theta, fold.low)
    start = [*fold.theta, *np.linalg.svd(near)[2][-1], fold.low + 1e-3]
    solved = root(folded, start, tol=1e-12)
    assert np.abs(solved.fun).max() < 1e-10
    assert contains(fold, solved.x[6])
    points = found.of_kind("Hopf")
    assert len(points) == 2
    for point in points:

        def growth(value, theta=point.theta):
            resting = root(players.field, theta, args=(value,), tol=1e-14).x
            pair = np.linalg.eigvals(players.jacobian(resting, value))
            return pair[np.abs(pair.imag) > 1e-4].real.max()

        middle = (point.low + point.high) / 2
        true = brentq(growth, middle - 2e-3, middle + 2e-3, xtol=1e-10)
        assert point.low - 1e-7 <= true <= point.high + 1e-7


@pytest.mark.long
def test_three_players_who_are_alike_branch_in_two_directions_at_once():
    """The diagonal of a dilemma with two others is that of one other; differences of three players are a plane."""

    def family(coupling):
        pair = [[3.0, 0.0], [5.0, 1.0]]
        return ns.open_source(games.polymatrix({(0, 1): pair, (1, 2): pair, (0, 2): pair}), coupling)

    found = theory.continuation(family, 0.2, 0.6, start=[0.5] * 3, at=0.42)
    (point,) = found.points
    assert (point.kind, point.multiplicity, len(point.others)) == ("branch point", 2, 6)
    rates = [theory.transverse_spectrum(family(k), point.theta[:1]).across.real for k in (point.low, point.high)]
    assert (rates[0] < 1e-6).all()
    assert (rates[1] > -1e-6).all()
    singled_out = set()
    for k in point.others:
        branch = found.branches[k]
        assert (branch.unstable[0], branch.neutral[0]) == (0, 2)
        np.testing.assert_allclose(fields.field_of(family(branch.values[-1]))(branch.theta[-1]), 0.0, atol=1e-12)
        # two of the three stay alike, and the third does more or less than they
        gaps = branch.theta[5][[0, 1, 2]] - branch.theta[5][[1, 2, 0]]
        (alike,) = np.flatnonzero(np.abs(gaps) < 1e-9)
        singled_out.add(((alike + 2) % 3, np.sign(gaps[(alike + 1) % 3])))
    assert len(singled_out) == 6


@pytest.mark.long
def test_games_that_differ_in_numbers_share_their_programs():
    theory.continuation(dilemma, 0.3, 0.35, start=[0.2, 0.2], switch=False)
    before = fields._direction._cache_size(), fields._jacobian._cache_size()
    other = games.prisoners_dilemma(T=4.5, R=3.2)
    theory.continuation(lambda k: ns.open_source(other, k), 0.3, 0.4, starts=2, at=0.35)
    assert (fields._direction._cache_size(), fields._jacobian._cache_size()) == before


def test_results_say_what_they_are(mixture, tmp_path):
    assert repr(mixture) == (
        "<Continuation pg on prisoners_dilemma over κ from 0.2 to 0.7: 3 branches, 1 pitchfork; complete>"
    )
    assert "others may exist" in mixture.searched
    assert set(KINDS) >= {point.kind for point in mixture.points}
    assert "Keller" in mixture.citation
    text = mixture.to_json(tmp_path / "found.json")
    assert '"parameter": "κ"' in text
    again = theory.continuation(dilemma, 0.3, 0.6, start=[0.5, 0.5], at=0.45, max_points=3)
    assert again.status is Status.UNRESOLVED
    assert set(again.branches[0].ends) == {"budget"}
    assert again.question.key != mixture.question.key
    with pytest.raises(InputError, match="no bifurcations of kind 'hopf'"):
        mixture.of_kind("hopf")


def test_an_interrupted_continuation_holds_what_was_followed():
    def stop(done, total):
        assert total >= done == 1
        raise KeyboardInterrupt

    found = theory.continuation(dilemma, 0.4, 0.44, start=[0.5, 0.5], at=0.43, progress=stop)
    assert found.status is Status.INTERRUPTED
    assert len(found.branches) == 1


def test_a_game_without_zeros_has_no_branches():
    found = theory.continuation(dilemma, 0.0, 0.2, starts=6)
    assert (found.branches, found.points, found.status) == ((), (), Status.COMPLETE)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: theory.continuation(3, 0, 1), "a family is a game and a dial, or a function"),
        (lambda: theory.continuation(lambda: DILEMMA, 0, 1), "cannot be called with one value"),
        (lambda: theory.continuation(dilemma, 1, 1), "needs low < high; got 1 and 1"),
        (lambda: theory.continuation(dilemma, 0), "says nothing of its range; give low and high"),
        (lambda: theory.continuation(dilemma, 0, 1, dial="peer"), "give dial with one game"),
        (lambda: theory.continuation(DILEMMA, dial="steps_ahead"), "steps_ahead has whole values"),
        (lambda: theory.continuation(DILEMMA, dial="pear"), "unknown parameter 'pear'; did you mean 'peer'"),
        (lambda: theory.continuation(DILEMMA, dial="step_size"), "unknown part of a case 'step_size'"),
        (lambda: theory.continuation(lambda k: ns.pg(), 0, 1), "a function that gives rules is a dial"),
        (lambda: theory.continuation(lambda k: (DILEMMA, ns.pg()), 0, 1, rule=ns.pg()), "leave rule out"),
        (lambda: theory.continuation(dilemma, 0, 1, rule=ns.learning.pola()), "has no field"),
        (lambda: theory.continuation(dilemma, 0.3, 0.6, start=[0.5, 0.5], theta=[0, 0]), "not both"),
        (lambda: theory.continuation(dilemma, 0.3, 0.6, start=[1.0, 0.5]), "between the pure ones"),
        (lambda: theory.continuation(dilemma, 0.0, 0.2, start=[0.5, 0.5]), "finds no isolated zero"),
        (lambda: theory.continuation(dilemma, 0.3, 0.6, theta=[0.0]), "theta must have shape"),
        (lambda: theory.continuation(dilemma, 0.3, 0.6, at=0.7), "at must be"),
        (lambda: theory.continuation(dilemma, 0.3, 0.6, step=0.0), "step"),
        (lambda: theory.continuation(dilemma, 0.3, 0.6, tolerance=1e-12), "tolerance"),
        (lambda: theory.continuation(lambda k: games.tandem(), 0, 1), r"direction \[0.707, -0.707\].*not isolated"),
        (lambda: theory.continuation(lambda k: ns.open_source(games.donation(3 + k), 1.0), 0, 1), "the same logit"),
        (lambda: theory.continuation(lambda k: ns.parametric(DILEMMA, simplex((2, 2))), 0, 1), "use logits"),
        (lambda: theory.continuation(lambda k: DILEMMA if k < 0.5 else games.shapley(), 0, 1), "same numbers of param"),
        (lambda: theory.continuation(lambda k: k, 0, 1), "a number that varies is a name.*it gives"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_input_error(ask, message):
    with pytest.raises(InputError, match=message):
        ask()
