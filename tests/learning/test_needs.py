"""Rules say what they need, estimators what they give, and nothing else is computed."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics.setup import advance, initial_state, make_setup
from nashscape.learning import RULES, Estimator, Exact, Oracle, Rule, step_key
from nashscape.learning.handing_over import handed_over
from nashscape.learning.terms import TERMS, Terms
from nashscape.tracing.components import operations

PAYOFFS = np.random.default_rng(5).normal(size=(3, 2, 3, 2))
LEARNERS = ns.parametric(games.dense(PAYOFFS))
THETA = np.random.default_rng(6).normal(size=LEARNERS.dimension)


@dataclass(frozen=True)
class Spoilt(Exact):
    """Exact terms, one of which is no number."""

    spoilt: str = ""

    def estimate(self, game, theta, key, wanted=None):
        terms = super().estimate(game, theta, key)
        return terms.changed(**{name: terms.__getattr__(name) * jnp.nan for name in TERMS if name == self.spoilt})


def direction(rule, estimator, wanted=None):
    ready = rule.for_game(LEARNERS)
    with jax.enable_x64(True):
        theta = jnp.asarray(THETA)
        oracle = Oracle(LEARNERS, estimator, theta, step_key(0), 0.1, wanted)
        return np.asarray(ready.update(oracle, ready.init(theta), jnp.int32(3))[0])


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in RULES if name != "pola"])
def test_rules_need_what_they_use_and_use_what_they_need(name):
    rule = RULES[name]()
    whole = direction(rule, Exact())
    np.testing.assert_allclose(direction(rule, Exact(), rule.needs), whole, rtol=1e-12)
    # natural gradient is a quotient that passes over what is no number, which base alone is never
    used = {term for term in TERMS if not np.isfinite(direction(rule, Spoilt(term))).all()}
    assert used | {"base"} == rule.needs & set(TERMS)


@pytest.mark.parametrize("name", RULES)
def test_exact_utilities_are_refused_to_rules_that_do_not_say_that_they_need_them(name):
    rule = RULES[name]().for_game(LEARNERS)
    oracle = Oracle(LEARNERS, Exact(), jnp.asarray(THETA), step_key(0), 0.1, rule.needs)
    if "utilities" in rule.needs:
        assert oracle.utilities(oracle.theta).shape == (3,)
    else:
        with pytest.raises(InputError, match="asks for utilities says so"):
            oracle.utilities(oracle.theta)


def test_rules_made_of_others_need_what_those_need():
    assert ns.learning.per_player([ns.pg(), ns.peer_only(), ns.learning.sga()]).needs == {"base", "peer", "jacobian"}
    assert ns.learning.delayed(ns.lookahead(), steps=2).needs == {"base", "lookahead", "late_reading"}
    assert handed_over(ns.meta_mapg(), 5).needs == {"base", "own", "peer"}
    assert ns.learning.exact_lola().needs == {"base", "jacobian", "utilities"}


def test_terms_that_are_not_there_are_missed_by_name():
    terms = Terms((1, 2), base=jnp.zeros(3), critic=jnp.ones(2))
    assert sorted(terms) == ["base", "critic"]
    assert terms.critic.tolist() == [1.0, 1.0]
    said = r"no term peer here, only base, critic.*frozenset\({'base', 'critic', 'peer'}\)"
    with pytest.raises(InputError, match=said):
        _ = terms.peer
    assert not hasattr(terms, "_secret")
    again = jax.jit(lambda given: given.changed(peer=2 * given.base))(terms)
    assert (again.sizes, again.slices) == ((1, 2), (slice(0, 1), slice(1, 3)))
    assert sorted(again) == ["base", "critic", "peer"]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Greedy(Rule):
    """A rule that takes more than it says."""

    name: str = field(metadata={"static": True}, default="greedy")
    sources = ()

    def init(self, theta):
        return ()

    def update(self, oracle, state, step):
        return oracle.terms().lookahead, state


def test_a_rule_that_takes_more_than_it_says_is_told_so():
    with pytest.raises(InputError, match=r"no term lookahead here, only base; .*needs = frozenset"):
        ns.simulate(games.stag_hunt(), Greedy(), [0.4, 0.6], steps=5)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Partial(Estimator):
    """Base alone."""

    exact = True
    gives = frozenset({"base"})

    def estimate(self, game, theta, key, wanted=None):
        return Terms(game.sizes, base=Exact().estimate(game, theta, key, frozenset({"base"})).base)


@pytest.mark.long
def test_rules_that_need_more_than_an_estimator_gives_are_refused():
    run = ns.simulate(games.stag_hunt(), ns.pg(), [0.4, 0.6], steps=5, estimator=Partial())
    np.testing.assert_array_equal(run.theta, ns.simulate(games.stag_hunt(), ns.pg(), [0.4, 0.6], steps=5).theta)
    for rule, missing in (
        (ns.lola(), "lookahead, peer"),
        (ns.learning.sga(), "jacobian"),
        (ns.learning.extragradient(), ""),
    ):
        if missing:
            with pytest.raises(InputError, match=f"rule {rule.name} needs {missing}, and Partial gives base: use"):
                make_setup(LEARNERS, rule, estimator=Partial())
        else:
            make_setup(LEARNERS, rule, estimator=Partial())
    with pytest.raises(InputError, match="takes exact payoffs, not estimates"):
        make_setup(LEARNERS, ns.learning.exact_lola(), estimator=Partial())


def test_base_alone_costs_no_second_derivatives():
    learners = ns.parametric(games.iterated_prisoners_dilemma())
    lengths = {}
    for rule in (ns.pg(), ns.meta_mapg()):
        setup = make_setup(learners, rule)
        state = initial_state(setup, jnp.zeros(10, jnp.float32))
        lengths[rule.name] = operations(advance, setup, state, step_key(0))
    assert 15 * lengths["pg"] < lengths["meta_mapg"]


def test_base_alone_is_the_base_of_all_terms():
    for learners in (LEARNERS, ns.parametric(games.iterated_prisoners_dilemma())):
        theta = jnp.asarray(np.random.default_rng(1).normal(size=learners.dimension), jnp.float32)

        def base(at, wanted, own=learners):
            return Exact().estimate(own, at, step_key(0), wanted).base

        alone, whole = (jax.jit(base, static_argnums=1)(theta, wanted) for wanted in (frozenset({"base"}), None))
        np.testing.assert_allclose(alone, whole, rtol=2e-6, atol=1e-7)
