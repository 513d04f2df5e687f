"""Games over points whose derivatives do not tell all: kinks, jumps, stopped gradients, flat and endless payoffs."""

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import theory
from nashscape.core.eigenvalues import singular
from nashscape.theory.continuous.ranges import ranges_of
from nashscape.theory.continuous.replies import gains
from nashscape.theory.continuous.sensitivities_of_replies import reply_contraction
from nashscape.theory.continuous.slopes import affine, quadratic_players
from nashscape.tracing.smoothness import smoothness

LOW, HIGH = -2.0, 2.0


def alone(paid, bounds=(LOW, HIGH)):
    """Two players whose payoff is a function of the own number, so that equilibria are its largest points."""

    def payoffs(points, coefficients):
        return jnp.stack([paid(points[0][0]), paid(points[1][0])])

    return ns.games.differentiable(payoffs, (1, 1), bounds=bounds, name="alone")


def _stopped(points, coefficients):
    """`2xy − x²/2` and `2xy − y²/2`, with equilibria at (−2, −2), (0, 0) and (2, 2)."""
    x, y = points[0][0], points[1][0]
    return jnp.stack([2 * x * jax.lax.stop_gradient(y) - x**2 / 2, 2 * y * jax.lax.stop_gradient(x) - y**2 / 2])


TWO_HILLS = {
    "abs": lambda x: jnp.abs(x) - x**2 / 2,
    "abs and a fourth power": lambda x: jnp.abs(x) - x**2 / 2 - x**4 / 100,
    "max": lambda x: jnp.maximum(2 * x, -x) - x**2 / 2,
    "where": lambda x: jnp.where(x > 0.1, 2 * x, 0.3 - x) - x**2 / 2,
    "relu": lambda x: 2 * jax.nn.relu(x) - x - x**2 / 2,
    "floor": lambda x: 3 * jnp.floor(x) - (x - 0.3) ** 2 / 2,
    "step": lambda x: 3.0 * (x > 1) - (x - 0.3) ** 2 / 2 - x**4 / 90,
    "whole part": lambda x: 3.0 * x.astype(int) - (x - 0.3) ** 2 / 2 - x**4 / 90,
}


@pytest.mark.long
@pytest.mark.parametrize("name", TWO_HILLS)
def test_nothing_is_proved_across_kinks_and_jumps(name):
    game = alone(TWO_HILLS[name])
    _no_proofs(game)
    # no bound on gains either: a hill of its own stands on both sides of the kink
    at = np.array([0.3, 0.3])
    assert gains(game, at, ranges_of(game))[1] == ("searched", "searched")


def test_nothing_is_proved_from_stopped_gradients():
    game = ns.games.differentiable(_stopped, (1, 1), bounds=(LOW, HIGH), name="stopped")
    assert ranges_of(game) is None
    _no_proofs(game)


def _no_proofs(game):
    assert affine(game) is None
    assert theory.diagonal_concavity(game) is None
    assert reply_contraction(game, ranges_of(game)) is None


def test_nothing_is_proved_from_derivatives_that_payoffs_bring_along():
    """With a rule that is no derivative of −x² slopes vanish at 0.9, from where moving to 0 gains 0.81."""
    square = jax.custom_jvp(lambda x: -(x**2))
    square.defjvp(lambda x, t: (square(*x), -2 * (x[0] - 0.9) * t[0]))
    for own, known in ((square, False), (jax.nn.relu, True)):
        game = ns.games.differentiable(
            lambda points, _, own=own: jnp.stack([own(points[0][0]), -((points[1][0] - 0.3) ** 2)]),
            (1, 1), bounds=(0.0, 1.0), payoff_range=1.0,
        )  # fmt: skip
        assert 0 not in quadratic_players(game)
        assert (ranges_of(game) is not None) == known
        assert gains(game, np.array([0.9, 0.3]), None, quadratic_players(game), search=False)[0][0] == np.inf


def test_choices_that_are_decided_everywhere_prevent_no_proof():
    proof = theory.diagonal_concavity(alone(lambda x: jnp.abs(x) - x**2 - x**4, bounds=(0.1, 2.0)))
    assert proof is not None


def _cancelling(points, numbers):
    """`x²/2` for each: the terms are 10¹⁶ + 1 − 10¹⁶ − ½, and doubles make −½ of them."""
    curvature = numbers[0] + numbers[1] - numbers[0] - numbers[2]
    return curvature * jnp.concatenate(points) ** 2


def test_what_rounding_may_have_made_is_no_proof():
    game = ns.games.differentiable(_cancelling, (1, 1), coefficients=np.array([1e16, 1.0, 0.5]), bounds=(LOW, HIGH))
    assert affine(game)[0].diagonal().tolist() == [-1.0, -1.0]
    assert theory.diagonal_concavity(game) is None
    assert reply_contraction(game, ranges_of(game)) is None


def test_whole_parts_jump():
    with jax.enable_x64(True):
        assert smoothness(lambda x: 1.0 * x.astype(int), jnp.ones(()), argument=0).name == "JUMPS"
        assert smoothness(lambda x: x[jnp.array([1, 0])], jnp.ones(2), argument=0).name == "SMOOTH"
        assert smoothness(lambda x: jax.lax.stop_gradient(x) * x, jnp.ones(()), argument=0).name == "FOREIGN"
        assert smoothness(jnp.sqrt, jnp.ones(()), argument=0).name == "ROOTS"


@pytest.mark.long
@pytest.mark.parametrize("power", [4, 6])
def test_a_flat_top_is_one_equilibrium_and_no_continuum(power):
    found = ns.equilibria(alone(lambda x: -(x**power)))
    assert (len(found), found.uniqueness) == (1, "not proved")
    assert not found[0].isolated
    assert np.abs(np.concatenate(found[0].point)).max() < 1e-3


def test_an_own_payoff_that_bends_up_far_from_a_steep_one_is_not_concave():
    # near zero the logarithm bends down by 10⁹; from .1 on the payoff bends up, and the top is at 3
    game = alone(lambda x: 1e-3 * jnp.log(x) + 0.05 * x**2 - 0.1 * x, bounds=(1e-6, 3.0))
    low = (0.1 - np.sqrt(0.01 - 4e-4)) / 0.2  # the smaller root of .1x² − .1x + .001, where the slope is zero
    found, known = gains(game, np.array([low, 3.0]), ranges_of(game))
    best = 1e-3 * np.log(3 / low) + 0.05 * (9 - low**2) - 0.1 * (3 - low)
    assert known == ("searched", "searched")
    np.testing.assert_allclose(found, [best, 0.0], atol=1e-9)


def _rivals(points, numbers):
    x = jnp.concatenate(points)
    return x * (numbers["top"] - jnp.sum(x)) / 3 - numbers["steep"] * x**4


@pytest.mark.long
@pytest.mark.parametrize("steep", [0.0, 1.0])
def test_sets_without_bounds_have_bounds_of_gains(steep):
    game = ns.games.differentiable(
        _rivals, (1, 1), coefficients={"top": np.array([10.0, 7.3]), "steep": steep}, bounds=(0, np.inf)
    )
    found = ns.equilibria(game)
    [only] = found
    assert only.known == ("bound", "bound")
    assert only.gains.max() < 1e-12
    if not steep:
        np.testing.assert_allclose(np.concatenate(only.point), [12.7 / 3, 4.6 / 3], atol=1e-9)
    # away from it the bound is not below what is gained: at (1, 1) the best reply to 1 is (top − 1)/2
    away, known = gains(game, np.ones(2), ranges_of(game))
    grid = np.linspace(0, 6, 6001)
    for i, top in enumerate((10.0, 7.3)):
        paid = grid * (top - grid - 1) / 3 - steep * grid**4
        assert known[i] == "bound"
        assert away[i] >= paid.max() - ((top - 2) / 3 - steep) - 1e-9


def _pushing(points, strength):
    x, y = points[0][0], points[1][0]
    return jnp.stack([strength * x * y - x**2 / 2, strength * x * y - y**2 / 2])


@pytest.mark.long
def test_a_corner_where_own_gradients_vanish_is_not_called_attracting():
    # from (−a, −a) both gradients are a − 3a, and lead away from the equilibrium at (0, 0)
    game = ns.games.differentiable(_pushing, (1, 1), coefficients=3.0, bounds=(-1, 0), name="pushing")
    flows = {tuple(np.round(np.concatenate(one.point), 6) + 0.0): one.flow for one in ns.equilibria(game)}
    assert flows == {(-1.0, -1.0): "attracting", (0.0, 0.0): "undecided"}


def test_what_is_singular_is_told_beside_the_size_of_others():
    assert not singular(np.array([[1e-15]]))
    assert singular(np.array([[1e-15]]), 1.0)


def test_upper_bounds_of_complementarity_may_be_fractions():
    found = theory.complementarity([[2]], [-5], high=[Fraction(1, 3)], exact=True)
    assert found.point.tolist() == [Fraction(1, 3)]
    assert theory.complementarity([[2]], [-5], high=["1/3"]).point.tolist() == pytest.approx([1 / 3])
    with pytest.raises(ns.InputError, match="finite"):
        theory.complementarity([[2]], [-5], high=[np.nan])


def test_sizes_of_first_errors_are_not_negative():
    proof = theory.contraction([[0, 0.5], [0.5, 0]])
    for wrong in ([-1, 2], [np.nan, 1]):
        with pytest.raises(ns.InputError):
            proof.errors_after(3, wrong)
