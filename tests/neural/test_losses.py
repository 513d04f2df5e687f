"""Losses by hand, by automatic differentiation, and the gradient with which training begins."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.neural.losses import approximate_kl, clip_fraction, normalised, surrogate, value_loss
from nashscape.semantics.heads import Gaussian

ROWS = 64


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize(
    ("value", "plain", "clipped", "slope"), [(1.0, 1.0, 3.24, 0.0), (-1.0, 9.0, 9.0, -6.0), (0.1, 3.61, 3.61, -3.8)]
)
def test_the_clipped_value_loss_is_the_larger_one(value, plain, clipped, slope):
    made, gradient = jax.value_and_grad(lambda v: value_loss(v, jnp.array(2.0), jnp.array(0.0), clip=0.2))(value)
    assert (float(made), float(gradient)) == pytest.approx((clipped, slope), abs=1e-12)
    assert float(value_loss(jnp.array(value), jnp.array(2.0))) == pytest.approx(plain, abs=1e-12)
    free = jax.value_and_grad(lambda v: value_loss(v, jnp.array(2.0), jnp.array(0.0), clip=np.inf))(value)
    assert tuple(map(float, free)) == pytest.approx((plain, 2 * (value - 2.0)), abs=1e-12)


def test_clipping_never_lowers_the_value_loss_and_has_the_unit_of_payoffs():
    values, targets, before = np.random.default_rng(0).normal(size=(3, ROWS))
    each = [float(value_loss(*(own[k : k + 1] for own in (values, targets, before)), clip=0.3)) for k in range(ROWS)]
    assert (np.array(each) >= (values - targets) ** 2 - 1e-15).all()
    assert max(np.array(each) - (values - targets) ** 2) > 0.1

    def slope(factor, clip):
        return float(
            jax.grad(lambda v: value_loss(v, jnp.array(2.0 * factor), jnp.array(0.0), clip=clip))(0.1 * factor)
        )

    assert slope(1.0, 0.2) == pytest.approx(-3.8)
    assert slope(10.0, 0.2) == 0.0
    assert slope(10.0, 2.0) == pytest.approx(-38.0)


def test_the_surrogate_is_pessimistic_and_flat_where_it_has_gone_far_enough():
    log_ratio = jnp.log(jnp.array([1.5, 1.5, 0.5, 0.5, 1.1]))
    advantages = jnp.array([1.0, -1.0, 1.0, -1.0, 2.0])
    slopes = jax.grad(lambda own: 5.0 * surrogate(own, advantages, clip=0.2))(log_ratio)
    np.testing.assert_allclose(slopes, [0.0, -1.5, 0.5, 0.0, 2.2], atol=1e-12)
    by_hand = [1.2, -1.5, 0.5, -0.8, 2.2]
    assert float(surrogate(log_ratio, advantages, clip=0.2)) == pytest.approx(np.mean(by_hand))
    assert float(surrogate(log_ratio, advantages)) == pytest.approx(np.mean(np.exp(log_ratio) * advantages))


@pytest.mark.parametrize("clip", [None, 0.2])
def test_training_begins_with_the_plain_policy_gradient(clip):
    """Gaussian draws are kept raw, so that ratios are one whatever is clipped into the bounds of the environment."""
    head, rng = Gaussian((-1.0,), (1.0,)), np.random.default_rng(2)
    numbers, advantages = jnp.array([0.3, -0.2]), jnp.array(rng.normal(size=ROWS))
    drawn = jax.vmap(lambda key: head.sample(key, numbers))(jax.random.split(jax.random.key(0), ROWS))
    assert bool((jnp.abs(drawn) > 1.0).any())
    before = jax.vmap(lambda own: head.log_prob(numbers, own))(drawn)

    def log_ratio(numbers):
        return jax.vmap(lambda own: head.log_prob(numbers, own))(drawn) - before

    np.testing.assert_array_equal(log_ratio(numbers), 0.0)
    assert float(approximate_kl(log_ratio(numbers))) == float(clip_fraction(log_ratio(numbers), 0.2)) == 0.0
    made = jax.grad(lambda own: surrogate(log_ratio(own), advantages, clip))(numbers)
    plain = jax.grad(lambda own: jnp.mean(advantages * (log_ratio(own) + before)))(numbers)
    np.testing.assert_allclose(made, plain, rtol=1e-12)
    wrong = jax.vmap(lambda own: head.log_prob(numbers, head.played(own)))(drawn) - before
    assert float(clip_fraction(wrong, 0.2)) > 0.1


def test_the_divergence_is_estimated_without_bias():
    """Over all four outcomes, each as often as the policy before draws it: exactly the divergence."""
    before, after = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.25, 0.15, 0.2, 0.4])
    drawn = np.repeat(np.arange(4), (before * 10).astype(int))
    made = approximate_kl(jnp.log(after / before)[drawn])
    assert float(made) == pytest.approx(np.sum(before * np.log(before / after)), abs=1e-12)


def test_normalised_advantages_have_no_unit_and_no_gradient():
    advantages = jnp.array(np.random.default_rng(1).normal(2.0, 3.0, ROWS))
    made = normalised(advantages)
    assert float(jnp.mean(made)) == pytest.approx(0.0, abs=1e-12)
    assert float(jnp.std(made)) == pytest.approx(1.0)
    np.testing.assert_array_equal(made, normalised(64.0 * advantages))
    np.testing.assert_array_equal(normalised(jnp.full(7, 0.1)), 0.0)
    np.testing.assert_array_equal(normalised(jnp.zeros(7)), 0.0)
    # an environment that pays no number must not pass for one that pays nobody more than others
    assert np.isnan(normalised(advantages.at[3].set(jnp.nan))).all()
    slopes = jax.grad(lambda own: surrogate(jnp.zeros(ROWS), normalised(own)))(advantages)
    np.testing.assert_array_equal(slopes, 0.0)
