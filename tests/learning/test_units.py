"""Payoff units: with payoffs times s, steps over s and coefficients in their units every rule takes the same path."""

import dataclasses
import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, learning
from nashscape.core import InputError
from nashscape.learning import RULES, Oracle, delayed, per_player, sos, step_key
from nashscape.learning.estimators import Exact
from nashscape.learning.jacobian_rules import local_symplectic_surgery
from nashscape.learning.schedules import two_phase
from nashscape.semantics import parametric

FACTORS = (1e-6, 1e-3, 0.3, 1e3, 1e6)
HAVE_A_UNIT = {"sos": {"b": 0.0}, "local_symplectic_surgery": {"regularisation": 0.0}}
"""Rules whose formulas fix the unit of payoffs, and the coefficients with which they do not."""
STEP = 0.3
PAYOFFS = np.random.default_rng(4).normal(size=(2, 2, 3))
THETA = np.random.default_rng(5).normal(size=4)


def game(factor):
    return parametric(games.dense(PAYOFFS * factor))


class Remembering(Exact):
    """Exact terms, traced once for every place where rules ask for them."""

    def __init__(self):
        self.__dict__["made"] = {}

    def estimate(self, game, theta, key, wanted=None):
        if id(theta) not in self.made:
            self.made[id(theta)] = theta, super().estimate(game, theta, key)
        return self.made[id(theta)][1]


# compiled in haste: every program runs a few times
@functools.partial(
    jax.jit, compiler_options={"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
)
def directions(rules, learners, theta, step_size):
    """What every rule says, times the step size."""
    oracle = Oracle(learners, Remembering(), theta, step_key(0), step_size)
    return [step_size * rule.update(oracle, rule.init(theta), jnp.int32(0))[0] for rule in rules]


def moved(rules, factor):
    with jax.enable_x64(True):
        ready = [rule.rescaled(factor).for_game(game(factor)) for rule in rules]
        numbers = jax.tree.map(lambda leaf: np.asarray(leaf, np.int32 if isinstance(leaf, int) else float), ready)
        return [np.asarray(own) for own in directions(numbers, game(factor), jnp.asarray(THETA), STEP / factor)]


# all but POLA in one program, which the number of its inner steps makes long
NAMES = tuple(name for name in RULES if name != "pola")


@pytest.fixture(scope="module")
def plain():
    return moved(all_rules(), 1.0)


def all_rules():
    return [*(RULES[name](**HAVE_A_UNIT.get(name, {})) for name in NAMES), per_player([ns.lola(), sos(b=0.0)])]


@pytest.mark.parametrize("factor", FACTORS)
def test_every_update_is_the_same_in_another_unit(plain, factor):
    found = moved(all_rules(), factor)
    for name, own, wanted in zip([*NAMES, "per_player"], found, plain, strict=True):
        assert np.abs(wanted).max() > 1e-3, name
        np.testing.assert_allclose(own, wanted, rtol=1e-8, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("rule", [ns.meta_mapg(), ns.learning.consensus(), ns.learning.sga(align=False)])
def test_a_rule_whose_coefficients_stay_moves_otherwise(plain, rule):
    with jax.enable_x64(True):
        [own] = directions([rule], game(10.0), jnp.asarray(THETA), STEP / 10.0)
    wanted = plain[NAMES.index(rule.name)]
    assert np.abs(np.asarray(own) - wanted).max() > 0.01


@pytest.mark.long
@pytest.mark.parametrize("name", [*RULES, "delayed"])
def test_every_path_is_the_same_in_another_unit(name):
    rule = delayed(ns.lola(), steps=2) if name == "delayed" else RULES[name](**HAVE_A_UNIT.get(name, {}))
    base = games.dense(PAYOFFS[:, :, :2]) if name == "delayed" else games.dense(PAYOFFS)

    def path(factor):
        played = games.dense(base.payoffs * factor)
        learners = ns.open_source(played, 0.3) if name == "delayed" else played
        start = ns.dynamics.starts.parameters([THETA[: parametric(learners).dimension]])
        return ns.simulate(learners, rule.rescaled(factor), start, steps=30, step_size=STEP / factor).theta

    wanted = path(1.0)
    assert np.abs(wanted[-1] - wanted[0]).max() > 0.05
    for factor in FACTORS:
        np.testing.assert_allclose(path(factor), wanted, rtol=1e-6, atol=1e-8, err_msg=f"{name} {factor}")


@pytest.mark.parametrize("rule", [sos(b=10.0), local_symplectic_surgery(regularisation=1.0)])
def test_rules_with_a_unit_of_their_own_have_no_such_group(rule):
    # |base|² below b, and 1 − exp(−|v|²), are numbers of payoffs that nothing makes up for
    [here], [there] = moved([rule], 1.0), moved([rule], 10.0)
    assert np.abs(here - there).max() > 1e-3


def test_units_name_coefficients_that_there_are():
    for make in RULES.values():
        fields = {field.name for field in dataclasses.fields(make())}
        assert set(make().units) <= fields


def test_schedules_and_wrong_factors_are_refused():
    with pytest.raises(InputError, match="strength is a schedule"):
        ns.learning.consensus(strength=two_phase(1.0, warm_up=3)).rescaled(2.0)
    with pytest.raises(InputError, match="factor"):
        ns.pg().rescaled(0.0)
    with pytest.raises(InputError, match="trained for payoffs as they are"):
        learning.Cola(None, 0.5, (1, 1)).rescaled(2.0)
