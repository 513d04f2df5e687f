"""Heads: what numbers of a policy say of actions, against densities and sums by hand and the functions of JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import chdtrc

from nashscape.environments.spaces import discrete, reals
from nashscape.semantics.heads import FEW, Categorical, Gaussian, head_of

SIZES = (2, 3, FEW + 3)
"""Written out, and not."""

LEAST = 1e-4
"""Of p-values of a draw that is not pinned: one test in ten thousand would fail by chance."""


def numbers(size, seed=0):
    return jnp.asarray(np.random.default_rng(seed).normal(size=size).astype("float32"))


@pytest.mark.parametrize("size", SIZES)
def test_categorical_log_probabilities_entropies_and_slopes_are_those_of_a_softmax(size):
    head, logits = Categorical(size), numbers(size)
    chances = np.exp(np.asarray(logits, float)) / np.exp(np.asarray(logits, float)).sum()
    for action in range(size):
        assert head.log_prob(logits, jnp.int32(action)) == pytest.approx(np.log(chances[action]), abs=1e-6)
        slope = jax.grad(head.log_prob)(logits, jnp.int32(action))
        np.testing.assert_allclose(slope, np.eye(size)[action] - chances, atol=1e-6)
    assert head.entropy(logits) == pytest.approx(-(chances * np.log(chances)).sum(), abs=1e-6)
    assert head.mode(logits) == np.argmax(chances)
    assert head.mode(jnp.zeros(size)) == 0


@pytest.mark.parametrize("size", SIZES)
def test_actions_come_as_often_as_their_probabilities_say_and_illegal_ones_never(size):
    head, logits = Categorical(size), numbers(size, 1)
    legal = jnp.asarray(np.arange(size) != 1)
    for mask in (None, legal):
        drawn = jax.jit(jax.vmap(lambda key, mask=mask: head.sample(key, logits, mask)))(
            jax.random.split(jax.random.key(5), 20_000)
        )
        weights = np.exp(np.asarray(logits, float)) * (1.0 if mask is None else np.asarray(mask))
        wanted = 20_000 * weights / weights.sum()
        counts = np.bincount(drawn, minlength=size)
        assert drawn.dtype == jnp.int32
        assert counts.sum() == 20_000
        assert mask is None or counts[1] == 0
        possible = wanted > 0
        statistic = ((counts - wanted)[possible] ** 2 / wanted[possible]).sum()
        assert (size == 2 and mask is not None) or chdtrc(possible.sum() - 1, statistic) > LEAST


@pytest.mark.parametrize("size", SIZES)
def test_what_is_not_legal_has_no_part_in_probabilities_entropies_and_slopes(size):
    head, logits = Categorical(size), numbers(size, 2).at[1].set(30.0)
    legal = np.arange(size) != 1
    kept = np.asarray(logits, float)[legal]
    chances = np.exp(kept) / np.exp(kept).sum()
    assert head.mode(logits, jnp.asarray(legal)) == np.flatnonzero(legal)[np.argmax(chances)]
    assert head.entropy(logits, jnp.asarray(legal)) == pytest.approx(-(chances * np.log(chances)).sum(), abs=1e-6)
    last = jnp.int32(size - 1 if size > 2 else 0)
    assert head.log_prob(logits, last, jnp.asarray(legal)) == pytest.approx(np.log(chances[-1]), abs=1e-6)
    slopes = jax.grad(lambda own: head.entropy(own, jnp.asarray(legal)) + head.log_prob(own, last, jnp.asarray(legal)))(
        logits
    )
    assert np.isfinite(slopes).all()
    assert slopes[1] == 0


def test_an_action_that_is_all_but_sure_is_drawn_without_a_number_that_is_none():
    head, logits = Categorical(3), jnp.asarray([200.0, 0.0, -200.0])
    drawn = jax.vmap(lambda key: head.sample(key, logits))(jax.random.split(jax.random.key(0), 100))
    assert set(np.asarray(drawn).tolist()) == {0}
    assert head.log_prob(logits, jnp.int32(2)) == -400.0


def test_a_point_is_remembered_as_it_was_drawn_and_clipped_on_its_way_into_the_environment():
    head = head_of(reals(1, low=-1.0, high=1.0))
    normal = jnp.zeros(2)
    raw, inside = jnp.array([1.7]), jnp.array([1.0])
    assert head.log_prob(normal, raw) == pytest.approx(-2.36394, abs=5e-6)
    assert head.log_prob(normal, inside) == pytest.approx(-1.41894, abs=5e-6)
    # were the clipped point stored beside the log-probability of the raw one, the first ratio would be
    assert np.exp(head.log_prob(normal, inside) - head.log_prob(normal, raw)) == pytest.approx(2.57281, abs=5e-5)
    assert head.played(raw).tolist() == [1.0]


def test_points_have_their_means_deviations_and_entropies():
    head = Gaussian((-9.0, -9.0), (9.0, 9.0))
    given = jnp.asarray([1.0, -2.0, np.log(0.5), np.log(2.0)])
    drawn = np.asarray(jax.vmap(lambda key: head.sample(key, given))(jax.random.split(jax.random.key(1), 20_000)))
    np.testing.assert_allclose(drawn.mean(axis=0), [1.0, -2.0], atol=5 * 2.0 / np.sqrt(20_000))
    np.testing.assert_allclose(drawn.std(axis=0), [0.5, 2.0], rtol=5 / np.sqrt(40_000))
    # the entropy is the mean of −log density
    logs = np.asarray(jax.vmap(lambda point: head.log_prob(given, point))(drawn))
    assert head.entropy(given) == pytest.approx(-logs.mean(), abs=5 / np.sqrt(20_000))
    assert head.mode(given).tolist() == [1.0, -2.0]


def test_a_head_fits_its_space():
    assert head_of(discrete(4)) == Categorical(4)
    assert head_of(reals((2, 1), low=0.0)) == Gaussian((0.0, 0.0), (np.inf, np.inf))
    assert (head_of(discrete(4)).size, head_of(reals((2, 1))).size) == (4, 4)
