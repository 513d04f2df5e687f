"""Trust and damage: against one pair after another in plain Python, and against what they must never do."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.environments.coopetitions.trust import TrustRates, ceiling, observed, trust_weights

PLAIN = TrustRates(0.15, 0.45, 0.6, 0.5, 0.02, 1.5)
CAPPED = TrustRates(0.1, 0.3, 0.5, 0.6, 0.03, 1.0, 0.9, 0.6)
DEPENDENCE = np.array([[0, 0.3, 0.2], [0.8, 0, 0.15], [0.85, 0.1, 0]])
BASELINES = np.array([0.3, 0.24, 0.5])


def _pair(trust, damage, signal, needs, rates):
    """One pair, one step, with the ceiling of the damage from before it."""
    most = min(rates.highest, 1 - rates.weight * damage)
    if signal > 0:
        trust += rates.growth * signal * max(0.0, most - trust)
    elif signal < 0:
        trust += rates.erosion * signal * trust * (1 + rates.amplification * needs)
    changed = damage + rates.damage * -signal * (1 - damage) if signal < 0 else damage * (1 - rates.recovery)
    return min(max(trust, 0.0), most), min(max(changed, 0.0), 1.0)


def _begun(trust, damage, n=3):
    return jnp.where(jnp.eye(n, dtype=bool), 1.0, trust), jnp.where(jnp.eye(n, dtype=bool), 0.0, damage)


@pytest.mark.parametrize("rates", [PLAIN, CAPPED])
def test_every_pair_is_as_written_out(rates):
    actions = np.random.default_rng(0).uniform(0, 1, (40, 3))
    actions[5] = BASELINES  # no signal: trust stays, damage fades
    trust, damage = _begun(0.55, 0.2)
    expected = np.array([np.asarray(trust), np.asarray(damage)], dtype=float)
    step = jax.jit(observed)
    for row in actions:
        trust, damage = step(trust, damage, jnp.asarray(row, jnp.float32), jnp.asarray(BASELINES, jnp.float32),
                             jnp.asarray(DEPENDENCE, jnp.float32), rates)  # fmt: skip
        for i in range(3):
            for j in range(3):
                if i != j:
                    told = math.tanh(rates.sharpness * (np.float32(row[j]) - np.float32(BASELINES[j])))
                    expected[:, i, j] = _pair(*expected[:, i, j], told, DEPENDENCE[i, j], rates)
        np.testing.assert_allclose(np.array([trust, damage]), expected, atol=2e-6)


@pytest.mark.parametrize(("rates", "damage", "most"), [(PLAIN, 0.3, 0.7), (CAPPED, 0.1, 0.9), (CAPPED, 0.5, 0.7)])
def test_ceilings_of_both_published_versions(rates, damage, most):
    assert float(ceiling(jnp.asarray(damage), rates)) == pytest.approx(most, abs=1e-6)
    # more trust than the ceiling is taken away at once, whatever is told
    found, _ = observed(*_begun(0.95, damage), jnp.asarray(BASELINES), jnp.asarray(BASELINES), jnp.asarray(DEPENDENCE),
                        rates)  # fmt: skip
    np.testing.assert_allclose(found[~np.eye(3, dtype=bool)], most, atol=1e-6)
    np.testing.assert_array_equal(np.diag(found), 1)


def test_trust_is_lost_three_times_as_fast_as_won_and_a_defection_leaves_a_mark():
    rates = TrustRates(amplification=0.0, sharpness=1e3)
    nobody = jnp.zeros((2, 2))

    def after(trust, damage, action):
        return observed(trust, damage, jnp.full(2, action), jnp.full(2, 0.5), nobody, rates)

    start = _begun(0.5, 0.0, n=2)
    up, down = after(*start, 1.0), after(*start, 0.0)
    assert float((start[0] - down[0])[0, 1] / (up[0] - start[0])[0, 1]) == pytest.approx(3.0, rel=1e-5)
    # the same good action does not bring back what one bad one took
    back = after(*down, 1.0)
    assert float(back[0][0, 1]) < float(start[0][0, 1])
    assert float(back[1][0, 1]) == pytest.approx(0.6 * 0.97, rel=1e-5)
    np.testing.assert_allclose(trust_weights(*down)[0, 1], min(0.35, 0.4), rtol=1e-5)


def test_rates_may_differ_within_one_batch():
    many = TrustRates(growth=jnp.array([0.0, 0.1, 0.2]))
    axes = TrustRates(0, *(None,) * 7)
    one = jnp.full(2, 1.0), jnp.full(2, 0.5), jnp.zeros((2, 2))
    found, _ = jax.vmap(lambda rates: observed(*_begun(0.5, 0.0, n=2), *one, rates), in_axes=(axes,))(many)
    np.testing.assert_allclose(found[:, 0, 1], 0.5 + 0.5 * np.array([0, 0.1, 0.2]) * math.tanh(0.5), rtol=1e-5)
