"""Consensus, SGA, CGD and LSS as published, for players who descend losses, and what each of them promises."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.learning import Terms, cgd, consensus, local_symplectic_surgery, sga

STEP = jnp.int32(2)


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


class Given:
    """An oracle whose field and Jacobian are known."""

    def __init__(self, base, jacobian, sizes, step_size=0.3):
        self.theta, self.step_size = jnp.asarray(base), step_size
        self.given = Terms(sizes, base=self.theta, jacobian=jnp.asarray(jacobian))

    def terms(self):
        return self.given


def direction(rule, base, jacobian, sizes, **more):
    return np.asarray(rule.update(Given(base, jacobian, sizes, **more), (), STEP)[0])


@pytest.fixture
def field(case):
    """Field, Jacobian and sizes under ascent, and field and Jacobian of the losses."""
    theory, theta = case
    losses = type(theory)(-theory.payoffs, theory.forms)
    ascent = theory.terms(theta)["base"], theory.jacobian(theta), theory.sizes
    return ascent, (losses.terms(theta)["base"], losses.jacobian(theta))


def test_the_jacobian_is_the_derivative_of_base(case):
    theory, theta = case
    moves = 1e-5 * np.eye(len(theta))
    wanted = [(theory.terms(theta + m)["base"] - theory.terms(theta - m)["base"]) / 2e-5 for m in moves]
    np.testing.assert_allclose(theory.jacobian(theta), np.transpose(wanted), atol=1e-8)


def test_consensus_is_the_published_one(field):
    ascent, (xi, jacobian) = field
    np.testing.assert_allclose(
        direction(consensus(strength=0.8), *ascent), -(xi + 0.8 * jacobian.T @ xi), rtol=0, atol=1e-13
    )


def test_consensus_lowers_the_length_of_the_field(case):
    theory, theta = case

    def half_square(x):
        return theory.terms(x)["base"] @ theory.terms(x)["base"] / 2

    slope = [(half_square(theta + m) - half_square(theta - m)) / 2e-5 for m in 1e-5 * np.eye(len(theta))]
    ascent = theory.terms(theta)["base"], theory.jacobian(theta), theory.sizes
    added = direction(consensus(strength=2.0), *ascent) - ascent[0]
    np.testing.assert_allclose(added, -2.0 * np.array(slope), atol=1e-8)


def published_sga(xi, jacobian, strength, align, epsilon):
    antisymmetric = (jacobian - jacobian.T) / 2
    adjustment, gradient = antisymmetric.T @ xi, jacobian.T @ xi
    sign = np.sign((xi @ gradient) * (adjustment @ gradient) / len(xi) + epsilon) if align else 1.0
    return -(xi + strength * sign * adjustment), sign


@pytest.mark.parametrize("align", [True, False])
def test_sga_is_the_published_one(field, align):
    (base, jacobian, sizes), (xi, of_losses) = field
    for epsilon in (0.1, 0.0):
        wanted, _ = published_sga(xi, of_losses, 0.8, align, epsilon)
        found = direction(sga(strength=0.8, align=align, epsilon=epsilon), base, jacobian, sizes)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-13)


def test_alignment_pulls_towards_stable_and_away_from_unstable_zeros():
    turn = np.array([[0.0, 3.0], [-3.0, 0.0]])
    signs = set()
    for own in (-1.0, 1.0):  # stable and unstable zeros of an ascending field
        jacobian, place = own * np.eye(2) + turn, np.array([0.6, -0.2])
        base = jacobian @ place
        found = direction(sga(epsilon=0.0), base, jacobian, (1, 1))
        plain = direction(sga(align=False), base, jacobian, (1, 1))
        # without alignment the adjustment pulls towards the zero in both cases; with it outwards from the unstable one
        assert (plain - base) @ place < 0
        assert np.sign((found - base) @ place) == np.sign(own)
        wanted, sign = published_sga(-base, -jacobian, 1.0, True, 0.0)
        np.testing.assert_allclose(found, wanted, atol=1e-14)
        signs.add(sign)
    assert signs == {-1.0, 1.0}


def test_cgd_is_the_published_one_for_two_players_and_for_more(field):
    (base, jacobian, sizes), (xi, of_losses) = field
    eta = 0.6
    player = np.repeat(np.arange(len(sizes)), sizes)
    between = of_losses * (player[:, None] != player)
    wanted = -np.linalg.solve(np.eye(len(xi)) + eta * between, xi)
    np.testing.assert_allclose(direction(cgd(inner_lr=eta), base, jacobian, sizes), wanted, atol=1e-12)
    # by default the inner step is the outer one
    outer = -np.linalg.solve(np.eye(len(xi)) + 0.3 * between, xi)
    np.testing.assert_allclose(direction(cgd(), base, jacobian, sizes), outer, atol=1e-12)
    if len(sizes) == 2:
        # the form of the paper: −(I − η² D²_xy f D²_yx g)⁻¹ (∇_x f − η D²_xy f ∇_y g)
        k = sizes[0]
        xy, yx = of_losses[:k, k:], of_losses[k:, :k]
        first = -np.linalg.solve(np.eye(k) - eta**2 * xy @ yx, xi[:k] - eta * xy @ xi[k:])
        second = -np.linalg.solve(np.eye(sizes[1]) - eta**2 * yx @ xy, xi[k:] - eta * yx @ xi[:k])
        np.testing.assert_allclose(wanted, np.concatenate([first, second]), atol=1e-12)


def test_a_step_of_cgd_is_the_equilibrium_of_the_local_game(field):
    (base, jacobian, sizes), _ = field
    eta = 0.6
    step = eta * direction(cgd(inner_lr=eta), base, jacobian, sizes)
    ends = np.cumsum(sizes)
    parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    random = np.random.default_rng(0)
    for own in parts:
        others = np.ones(len(base), bool)
        others[own] = False

        def value(x, own=own, others=others):
            return x @ (base[own] + jacobian[own][:, others] @ step[others]) - x @ x / (2 * eta)

        for _ in range(10):
            assert value(step[own]) > value(step[own] + 0.01 * random.normal(size=len(step[own])))


def test_cgd_in_zero_sum_games_always_has_a_finite_step(theory):
    payoffs = np.random.default_rng(5).normal(size=(3, 3)) * 20
    game = theory(np.stack([payoffs, -payoffs]), ("softmax", "softmax"))
    theta = np.random.default_rng(6).normal(size=6)
    base, jacobian = game.terms(theta)["base"], game.jacobian(theta)
    for eta in (0.1, 10.0, 1e4):
        found = direction(cgd(inner_lr=eta), base, jacobian, game.sizes)
        xy = jacobian[:3, 3:]
        wanted = np.linalg.solve(np.eye(3) + eta**2 * xy @ xy.T, base[:3] + eta * xy @ base[3:])
        np.testing.assert_allclose(found[:3], wanted, rtol=1e-7, atol=1e-12)
        assert np.linalg.norm(found) <= np.linalg.norm(base) + 1e-12  # the symmetric part of I − ηN is I


def test_local_symplectic_surgery_is_the_published_field(field):
    (base, jacobian, sizes), (xi, of_losses) = field
    rho = 0.05 * (1 - np.exp(-xi @ xi))
    inverse = np.linalg.inv(of_losses.T @ of_losses + rho * np.eye(len(xi)))
    wanted = -(xi + of_losses.T @ inverse @ of_losses.T @ xi) / 2
    found = direction(local_symplectic_surgery(regularisation=0.05), base, jacobian, sizes)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11)


def test_near_zeros_surgery_leaves_the_symmetric_part_alone():
    random = np.random.default_rng(3)
    jacobian, place = random.normal(size=(4, 4)), 1e-6 * random.normal(size=4)
    found = direction(local_symplectic_surgery(), jacobian @ place, jacobian, (1, 3))
    np.testing.assert_allclose(found, (jacobian + jacobian.T) / 2 @ place, atol=1e-10)


def test_surgery_leaves_no_stable_zero_that_is_no_equilibrium():
    # the zero attracts policy gradient, yet the second player could gain by moving
    jacobian = np.array([[-3.0, -2.0], [2.0, 1.0]])
    assert np.linalg.eigvals(jacobian).real.max() < 0
    columns = [
        direction(local_symplectic_surgery(), jacobian @ place, jacobian, (1, 1)) / 1e-6 for place in 1e-6 * np.eye(2)
    ]
    eigenvalues = np.linalg.eigvals(np.transpose(columns))
    np.testing.assert_allclose(sorted(eigenvalues.real), [-3.0, 1.0], atol=1e-4)
    assert eigenvalues.real.max() > 0
    np.testing.assert_allclose(eigenvalues.imag, 0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_surgery_is_finite_where_the_jacobian_is_singular(dtype):
    null = np.array([[-1.0, 1.0, 2.0], [1.0, -1.0, -2.0], [0.5, -0.5, 0.0]], dtype)  # (1, 1, 0) changes nothing
    for scale in (1.0, 1e-6, 1e-12, 0.0):
        base = (scale * null @ np.array([0.3, -0.4, 0.2])).astype(dtype)
        for jacobian in (null, np.zeros((3, 3), dtype)):
            found = direction(local_symplectic_surgery(), base, jacobian, (2, 1))
            assert np.isfinite(found).all()
            assert np.linalg.norm(found) <= 1.01 * np.linalg.norm(base) + 0.6 * scale + 1e-30
            assert found.dtype == dtype


@pytest.mark.parametrize("bad", [None, "yes", 2, 0.5, np.ones(2)])
def test_alignment_is_on_or_off(bad):
    with pytest.raises(InputError, match="align must be True or False"):
        sga(align=bad)
    assert sga(align=0) == sga(align=False)
