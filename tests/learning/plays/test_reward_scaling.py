"""Scales of rewards: begun anew at every end, positive, never centred, and the same however rounds are cut."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.learning.plays.reward_scaling import nothing_tracked, scale_of, tracked


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def test_sums_begin_anew_where_an_episode_is_cut_off():
    """The figures of a public implementation that runs on: 99.9957 and 19.862; and those that are right."""
    rewards, begins = jnp.ones((1000, 1, 1)), (jnp.arange(1000) % 10 == 0)[:, None]
    right = tracked(nothing_tracked(1, 1), rewards, begins, 0.99)
    running = tracked(nothing_tracked(1, 1), rewards, jnp.zeros_like(begins), 0.99)
    assert float(right.sums[0, 0]) == pytest.approx(9.5618, abs=5e-5)
    assert float(scale_of(right, "each")[0]) == pytest.approx(2.7324, abs=5e-5)
    assert float(scale_of(running, "each")[0]) == pytest.approx(19.862, abs=5e-4)
    assert float(running.sums[0, 0]) == pytest.approx(99.9957, abs=5e-5)
    anew = tracked(running, rewards[:1], begins[:1], 0.99)
    assert anew.sums.tolist() == [[1.0]]


def test_moments_are_those_of_all_rounds_together_however_they_are_cut():
    rng = np.random.default_rng(0)
    rewards, begins = 3.0 + rng.normal(size=(40, 3, 2)) * [1.0, 5.0], rng.random((40, 3)) < 0.2
    whole = tracked(nothing_tracked(3, 2), rewards, begins, 0.9)
    cut = nothing_tracked(3, 2)
    for part in (slice(0, 7), slice(7, 8), slice(8, 40)):
        cut = tracked(cut, rewards[part], begins[part], 0.9)
    jax.tree.map(lambda one, other: np.testing.assert_allclose(one, other, rtol=1e-12), whole, cut)
    sums, running = np.zeros((3, 2)), []
    for t in range(40):
        sums = 0.9 * np.where(begins[t][:, None], 0.0, sums) + rewards[t]
        running.append(sums)
    each = np.std(running, axis=(0, 1))
    np.testing.assert_allclose(scale_of(whole, "each"), each, rtol=1e-12)
    np.testing.assert_allclose(scale_of(whole, "one"), [np.sqrt(np.mean(each**2))] * 2, rtol=1e-12)


def test_a_scale_is_positive_and_reading_it_changes_nothing():
    assert scale_of(nothing_tracked(4, 2), "each").tolist() == [1.0, 1.0]
    still = tracked(nothing_tracked(4, 2), jnp.full((5, 4, 2), 0.1), jnp.ones((5, 4), bool), 0.9)
    assert scale_of(still, "each").tolist() == scale_of(still, "one").tolist() == [1.0, 1.0]
    seen = tracked(nothing_tracked(1, 1), jnp.arange(6.0).reshape(6, 1, 1), jnp.ones((6, 1), bool), 0.9)
    first, second = scale_of(seen, "each"), scale_of(seen, "each")
    assert first.tolist() == second.tolist()
    assert first[0] > 0.0


def test_what_is_better_stays_better():
    """One round of 1 against four of 0.4, undiscounted: the second is better, on every scale, and not if centred."""
    one, four = np.array([1.0, 0, 0, 0]), np.full(4, 0.4)
    begins = np.stack([[True] * 4, [True, False, False, False]], 1)
    seen = tracked(nothing_tracked(2, 1), jnp.array(np.stack([one, four], 1)[..., None]), begins, 1.0)
    scale = float(scale_of(seen, "each")[0])
    assert scale != 1.0
    assert sum(four / scale) > sum(one / scale)
    assert sum(four - 0.7) < one[0] - 0.7


def test_payoffs_times_a_power_of_two_are_scaled_back_exactly():
    rng = np.random.default_rng(1)
    rewards, begins = rng.normal(size=(20, 3, 2)), rng.random((20, 3)) < 0.2
    for per in ("each", "one"):
        made = [
            rewards * factor / scale_of(tracked(nothing_tracked(3, 2), rewards * factor, begins, 0.9), per)
            for factor in (1.0, 8.0)
        ]
        np.testing.assert_array_equal(*made)


def test_which_scale_is_named():
    with pytest.raises(InputError, match="both"):
        scale_of(nothing_tracked(1, 2), "both")
