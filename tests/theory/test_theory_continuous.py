"""Equilibria over points, complementarity, contraction and diagonal concavity, each against something independent."""

from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize

import nashscape as ns
from nashscape import theory
from nashscape.core.eigenvalues import eigenvalue_discs, flow_type
from nashscape.theory.continuous.contraction import spectral_radius
from nashscape.theory.continuous.slopes import affine


def _monotone(random, d):
    square, turned = random.normal(size=(2, d, d))
    return square @ square.T + 0.1 * np.eye(d) + turned - turned.T


def _quadratic(z, symmetric, offset):
    return z @ symmetric @ z / 2 + offset @ z, symmetric @ z + offset


def test_lemke_solves_what_quadratic_programs_solve():
    random = np.random.default_rng(0)
    for k in range(30):
        d = int(random.integers(1, 7))
        matrix, offset = _monotone(random, d), 2 * random.normal(size=d)
        symmetric = (matrix + matrix.T) / 2
        high = np.where(random.random(d) < 0.4, random.uniform(0.1, 2, d), np.inf) if k % 2 else None
        assert theory.complementarity(matrix, offset, high=high).residual < 1e-9
        found = theory.complementarity(symmetric, offset, high=high)
        bounds = [(0, None if high is None or np.isinf(top) else top) for top in (high if k % 2 else np.ones(d))]
        best = minimize(_quadratic, np.ones(d) * 0.05, (symmetric, offset), bounds=bounds, tol=1e-12, jac=True)
        np.testing.assert_allclose(found.point, best.x, atol=1e-4)


def test_lemke_is_exact_in_fractions_and_says_where_there_is_no_solution():
    found = theory.complementarity([["1/3", 1], [-1, 2]], ["-1/7", "-1/2"], exact=True)
    z, w = found.point, found.slack
    assert all(isinstance(value, Fraction) and value >= 0 for value in [*z, *w])
    assert all(a * b == 0 for a, b in zip(z, w, strict=True))
    assert [w[0], w[1]] == [z[0] / 3 + z[1] - Fraction(1, 7), -z[0] + 2 * z[1] - Fraction(1, 2)]
    # w = −z − 1 is never positive; ties on every row end all the same
    assert not theory.complementarity([[-1.0]], [-1.0]).solved
    assert theory.complementarity(np.eye(4), -np.ones(4)).point.tolist() == [1.0] * 4


def test_contraction_is_proved_exactly_where_the_spectral_radius_is_below_one():
    random, seen = np.random.default_rng(1), []
    for _ in range(60):
        n = int(random.integers(2, 5))
        s = random.uniform(0, 1, (n, n)) * random.uniform(0, 0.9)
        found, radius = theory.contraction(s), spectral_radius(s)
        seen.append(found is not None)
        assert seen[-1] == (radius < 1)
        if found is None:
            continue
        assert radius <= found.rate < 1
        noise = random.uniform(0, 1, n)
        bound, exact = found.error_bound(noise), np.linalg.solve(np.eye(n) - s, noise)
        assert (bound >= exact * (1 - 1e-12)).all()
        np.testing.assert_allclose(bound, exact, rtol=1e-6, atol=1e-6)
        # the recursion with delays of one round, player by player in any order
        error, late = np.ones(n), np.ones(n)
        for t in range(1, 13):
            moved = np.where(random.random(n) < 0.5, s @ np.maximum(error, late), error)
            moved = s @ np.maximum(error, late) if t % 2 == 0 else moved
            error, late = moved, error
            assert (error <= found.errors_after(t, 1.0, every=2, delay=1) + 1e-12).all()
    assert 10 < sum(seen) < 55


def _players(random):
    """A random quadratic game of three players with one, two and one coordinates."""
    return random.normal(size=(3, 4, 4)), random.normal(size=(3, 4))


@pytest.mark.parametrize("count", [24, pytest.param(1000, marks=pytest.mark.long)])
def test_a_proof_of_uniqueness_is_never_given_to_a_game_with_two_equilibria(count):
    random, proved, several = np.random.default_rng(2), 0, 0
    for _ in range(count):
        squares, linear = _players(random)
        squares = (squares + squares.swapaxes(1, 2)) / 2
        for i, own in enumerate(([0], [1, 2], [3])):
            squares[np.ix_([i], own, own)] -= 3.0 * random.uniform(0, 2) * np.eye(len(own))
        game = ns.games.quadratic(squares, linear, sizes=(1, 2, 1), bounds=(-1, 1))
        jacobian = np.stack([squares[0, 0], squares[1, 1], squares[1, 2], squares[2, 3]])
        offset = np.array([linear[0, 0], linear[1, 1], linear[1, 2], linear[2, 3]])
        found = theory.diagonal_concavity(game)
        points = _all_of_box(jacobian, offset)
        several += len(points) > 1
        if found is not None:
            proved += 1
            assert len(points) == 1
            rows = np.repeat(found.weights, (1, 2, 1))[:, None] * jacobian
            assert np.linalg.eigvalsh(rows + rows.T).max() < 0
    assert proved > count // 12
    assert several > count // 12


def _all_of_box(jacobian, offset):
    """All points of [−1, 1]⁴ at which F(x) = Jx + b points nowhere into it, face by face."""
    found = []
    for face in np.ndindex(3, 3, 3, 3):
        side = np.array(face) - 1
        free, x = side == 0, side.astype(float)
        if free.any():
            rest = offset[free] + jacobian[np.ix_(free, ~free)] @ x[~free]
            x[free] = np.linalg.solve(jacobian[np.ix_(free, free)], -rest)
        slope = jacobian @ x + offset
        if (np.abs(x) <= 1 + 1e-12).all() and (slope[~free] * side[~free] >= -1e-12).all():
            found.append(x)
    return found


@pytest.mark.long
def test_equilibria_of_cournot_are_those_of_the_closed_form():
    costs = [1.0, 4.0, 9.0]
    found = ns.equilibria(ns.games.cournot(3, costs=costs))
    assert (found.uniqueness, found.unique, found.status) == ("proved", True, ns.Status.COMPLETE)
    [only] = found
    np.testing.assert_allclose(np.concatenate(only.point), ns.games.cournot_equilibrium(3, costs=costs), atol=1e-9)
    assert only.flow == "attracting"
    assert only.known == ("exact",) * 3
    assert only.free == 2


def _pulled(points, strength):
    x, y, z = points
    both = x[0] * y[0] + y[1] * z[0]
    return jnp.stack([strength * both - x[0] ** 4, strength * both - jnp.sum(y**4), strength * both - z[0] ** 4])


@pytest.mark.long
def test_several_equilibria_are_found_and_none_is_called_unique():
    game = ns.games.differentiable(_pulled, (1, 2, 1), coefficients=2.0, bounds=(-1.5, 1.5), name="pulled")
    found = ns.equilibria(game)
    assert (found.uniqueness, found.unique) == ("refuted", False)
    # every player gains along 2 × other − 4 own³: a coordinate is ±(1/2)^(1/2), its partner the same, or both are zero
    ends = {tuple(np.round(np.concatenate(one.point), 6) + 0.0) for one in found}
    at = round(0.5**0.5, 6)
    assert {(a, a, b, b) for a in (at, -at) for b in (at, -at)} <= ends
    assert {one.flow for one in found if np.abs(np.concatenate(one.point)).min() > 0.1} == {"attracting"}
    middle = next(one for one in found if np.abs(np.concatenate(one.point)).max() < 1e-6)
    assert middle.flow == "saddle"
    assert theory.diagonal_concavity(game) is None
    assert affine(game) is None


@pytest.mark.long
def test_a_continuum_is_told():
    found = ns.equilibria(ns.games.tandem())
    assert found.unique is False
    assert all(not one.isolated and sum(np.concatenate(one.point)) == pytest.approx(1) for one in found)


def test_discs_hold_the_eigenvalues_of_all_matrices_between_two():
    random = np.random.default_rng(4)
    for _ in range(30):
        middle = random.normal(size=(3, 3))
        wide = 0.01 * random.random((3, 3))
        centres, radii = eigenvalue_discs(middle - wide, middle + wide)
        for _ in range(10):
            values = np.linalg.eigvals(middle + wide * random.uniform(-1, 1, (3, 3)))
            assert (np.abs(values[:, None] - centres) <= radii).any(axis=1).all()
    assert flow_type(np.array([-1.0, 2.0]), np.array([0.1, 0.1])) == "saddle"
    assert flow_type(np.array([-1.0, 0.05]), np.array([0.1, 0.1])) == "undecided"
    assert flow_type(np.array([-1.0, -0.5]), np.array([0.1, 0.1])) == "attracting"


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: ns.equilibria(ns.games.cournot(), rule=ns.pg()), "leave rule and method out"),
        (lambda: theory.diagonal_concavity(ns.games.stag_hunt()), "continuous actions"),
        (lambda: theory.diagonal_concavity(ns.games.cournot(), weights=[1, -1]), "weights must be above 0"),
        (lambda: theory.contraction([[0, -1], [1, 0]]), "without negative entries"),
        (lambda: theory.contraction([[0, 0.5], [0.5, 0]]).error_bound(-1), "are not negative"),
        (lambda: theory.complementarity([[1]], [1, 2]), r"needs a matrix of shape \[2, 2\]"),
        (lambda: theory.complementarity([[1]], [1], high=[0]), "upper bounds must be above 0"),
    ],
)
def test_wrong_input_is_refused_with_the_reason(ask, reason):
    with pytest.raises(ns.InputError, match=reason):
        ask()


def test_weights_decide_where_one_player_follows_another():
    # −x²/2 + 10xy and −y²/2: with equal weights the matrix [[−1, 5], [5, −1]] is indefinite
    game = ns.games.quadratic([[[-1, 10], [10, 0]], [[0, 0], [0, -1]]], bounds=(-1, 1))
    assert theory.diagonal_concavity(game, weights=[1, 1]) is None
    assert theory.diagonal_concavity(game, weights=[1, 100]).margin == pytest.approx(1 - 5 / 10, abs=1e-9)
    assert theory.diagonal_concavity(game).margin > 0
