"""Extragradient, exact LOLA and unrolled Meta-MAPG against finite differences of their definitions."""

import functools
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import Oracle, exact, exact_lola, extragradient, step_key, unrolled_meta_mapg
from nashscape.semantics import independent, parametric


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.fixture(params=["2x3", "2x2x2", "2x3x2"])
def case(request, case_named):
    """Fewer games than elsewhere: every one is compiled for every rule."""
    return case_named(request.param)


@jax.jit
def _direction(rule, learners, theta):
    return rule.update(Oracle(learners, exact(), theta, step_key(0), 0.1), (), jnp.int32(0))[0]


def direction(rule, theory, theta):
    learners = parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))
    return np.asarray(_direction(rule, learners, jnp.asarray(theta)))


def parts_of(theory):
    ends = np.cumsum(theory.sizes)
    return [slice(end - size, end) for end, size in zip(ends, theory.sizes, strict=True)]


def by_differences(theory, theta, outcome, step=1e-5):
    """For every player the total derivative of `outcome(θ, player)` along that player's own parameters."""
    found = np.zeros_like(theta)
    for player, own in enumerate(parts_of(theory)):
        for k in range(own.start, own.stop):
            move = step * np.eye(len(theta))[k]
            found[k] = (outcome(theta + move, player) - outcome(theta - move, player)) / (2 * step)
    return found


def base(theory, theta):
    gradients, _ = theory.derivatives(theta)
    return np.concatenate([gradients[i][i] for i in theory.players])


def test_exact_lola_is_the_derivative_through_the_others_step(case):
    theory, theta = case
    rate = 1.7

    def outcome(theta, player):
        change = rate * base(theory, theta)
        change[parts_of(theory)[player]] = 0.0
        return theory.utilities(theta + change)[player]

    wanted = by_differences(theory, theta, outcome)
    np.testing.assert_allclose(direction(exact_lola(inner_lr=rate), theory, theta), wanted, atol=1e-8)


def test_the_unrolled_rule_is_the_derivative_through_all_steps(case):
    theory, theta = case
    rate, steps_ahead = 1.3, 3

    def outcome(theta, player):
        for _ in range(steps_ahead):
            theta = theta + rate * base(theory, theta)
        return theory.utilities(theta)[player]

    wanted = by_differences(theory, theta, outcome)
    rule = unrolled_meta_mapg(steps_ahead=steps_ahead, inner_lr=rate)
    np.testing.assert_allclose(direction(rule, theory, theta), wanted, atol=1e-8)


def errors(theory, theta, make, expansion):
    """How far a rule is from its expansion at three inner steps, each half of the one before."""
    return [
        np.linalg.norm(direction(make(inner_lr=rate), theory, theta) - expansion(rate)) for rate in (0.02, 0.01, 0.005)
    ]


def test_the_expansions_hold_to_second_order(case):
    theory, theta = case
    terms = theory.terms(theta)
    whole = 2 * terms["own"] + terms["lookahead"] + terms["peer"]
    shaping = terms["lookahead"] + terms["peer"]
    cases = [
        (exact_lola, lambda rate: terms["base"] + rate * shaping),
        (unrolled_meta_mapg, lambda rate: terms["base"] + rate * whole),
        (functools.partial(unrolled_meta_mapg, steps_ahead=3), lambda rate: terms["base"] + 3 * rate * whole),
    ]
    for make, expansion in cases:
        first, second, third = errors(theory, theta, make, expansion)
        assert first > 1e-8  # more than rounding
        np.testing.assert_allclose([first / second, second / third], 4.0, rtol=0.15)
    # the coefficients form is no expansion of it: it is wrong to first order already
    wrong = errors(theory, theta, unrolled_meta_mapg, lambda rate: terms["base"] + rate * (terms["own"] + shaping))
    np.testing.assert_allclose(wrong[1] / wrong[2], 2.0, rtol=0.15)


class Field:
    """The oracle of a game in closed form, which remembers what it was asked."""

    step_size = 0.4

    def __init__(self, theory, theta):
        self.theory, self.theta, self.asked = theory, jnp.asarray(theta), []

    def terms(self, theta=None, question=0):
        place = np.asarray(self.theta if theta is None else theta)
        self.asked.append(question)
        return SimpleNamespace(base=jnp.asarray(base(self.theory, place)))


def test_extragradient_is_the_gradient_where_the_gradient_leads(case):
    theory, theta = case
    for rule, rate in ((extragradient(inner_lr=0.9), 0.9), (extragradient(), Field.step_size)):
        oracle = Field(theory, theta)
        found, _ = rule.update(oracle, (), 0)
        wanted = base(theory, theta + rate * base(theory, theta))
        np.testing.assert_allclose(found, wanted, atol=1e-14)
        assert np.abs(wanted - base(theory, theta)).max() > 1e-3
        assert oracle.asked == [0, 1]  # the second place has a batch of its own


@pytest.mark.parametrize("make", [exact_lola, unrolled_meta_mapg])
def test_what_differentiates_through_payoffs_refuses_samples(make):
    assert "utilities" in make().needs
    with pytest.raises(InputError, match="run it without sampling"):
        ns.simulate(games.stag_hunt(), make(), [0.5, 0.5], estimator=ns.sampled(batch=16))


@pytest.mark.parametrize("bad", [0, -1, 1.5, 2.0, True, None, "3"])
def test_steps_ahead_are_a_whole_number(bad):
    with pytest.raises(InputError, match="steps_ahead"):
        unrolled_meta_mapg(steps_ahead=bad)
