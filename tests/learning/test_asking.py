"""What rules may ask the oracle, and who is refused what."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics import make_setup
from nashscape.learning import Exact, Oracle, StatelessRule, Terms, step_key
from nashscape.learning.estimators import Estimator
from nashscape.semantics import parametric

PAYOFFS = np.random.default_rng(5).normal(size=(3, 2, 3, 2))
THREE = parametric(games.dense(PAYOFFS))
THETA = np.array([0.3, -0.4, 0.2, 0.7, -0.6])
QUESTIONS = ("utilities", "payoffs", "action_payoffs", "strategies", "log_strategies", "parameters", "reading_late")


def mixed(theta):
    """Strategies of two sigmoids with a softmax of three between them, in NumPy."""
    first, last = (1.0 / (1.0 + np.exp(-theta[k])) for k in (0, 4))
    middle = np.exp(theta[1:4])
    return [np.array([first, 1 - first]), middle / middle.sum(), np.array([last, 1 - last])]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Asking(StatelessRule):
    """A rule that asks one thing and goes nowhere."""

    question: str = field(default="strategies", metadata={"static": True})
    needs: frozenset = field(default=frozenset({"base"}), metadata={"static": True})
    name: str = field(default="asking", metadata={"static": True})

    def direction(self, oracle, step):
        asked = getattr(oracle, self.question)
        takes_strategies = self.question in ("payoffs", "action_payoffs", "parameters")
        asked([jnp.full(3, 1 / 3) for _ in range(3)] if takes_strategies else oracle.theta)
        return oracle.terms().base


def oracle_with(*needs, game=THREE):
    with jax.enable_x64(True):
        return Oracle(game, Exact(), jnp.asarray(THETA), step_key(0), 0.1, frozenset(needs) if needs else None)


def test_a_rule_without_sources_has_none_to_cite():
    assert Asking().sources == ()


def test_answers_are_those_of_formulas_written_out():
    with jax.enable_x64(True):
        oracle, strategies = oracle_with(), mixed(THETA)
        paid = np.einsum("nabc,a,b,c->n", PAYOFFS, *strategies)
        for own, wanted in zip(oracle.strategies(oracle.theta), strategies, strict=True):
            np.testing.assert_allclose(own, wanted, atol=1e-14)
        for own, wanted in zip(oracle.log_strategies(oracle.theta), strategies, strict=True):
            np.testing.assert_allclose(own, np.log(wanted), atol=1e-14)
        np.testing.assert_allclose(oracle.payoffs(strategies), paid, atol=1e-14)
        np.testing.assert_allclose(oracle.utilities(oracle.theta), paid, atol=1e-14)
        each = [
            np.einsum("abc,b,c->a", PAYOFFS[0], *strategies[1:]),
            np.einsum("abc,a,c->b", PAYOFFS[1], strategies[0], strategies[2]),
            np.einsum("abc,a,b->c", PAYOFFS[2], *strategies[:2]),
        ]
        for own, wanted in zip(oracle.action_payoffs(strategies), each, strict=True):
            np.testing.assert_allclose(own, wanted, atol=1e-14)
        again = mixed(np.asarray(oracle.parameters([jnp.asarray(own) for own in strategies])))
        for own, wanted in zip(again, strategies, strict=True):
            np.testing.assert_allclose(own, wanted, atol=1e-12)


def test_late_reading_is_that_of_logits_written_out():
    game = games.dense(np.random.default_rng(6).normal(size=(2, 3, 3)))
    learners = ns.open_source(game, 0.3)
    past = np.random.default_rng(7).normal(size=learners.dimension)
    theta = np.random.default_rng(8).normal(size=learners.dimension)
    with jax.enable_x64(True):
        oracle = Oracle(learners, Exact(), jnp.asarray(theta), step_key(0), 0.1)
        late = oracle.reading_late(jnp.asarray(past))
        matrix = np.asarray(learners.semantics.matrix)
        own = np.kron(np.eye(2), np.ones((3, 3)))
        logits = (matrix * own) @ theta + (matrix * (1 - own)) @ past + np.asarray(learners.semantics.bias)
        for found, part in zip(late.strategies(late.theta), np.split(logits, 2), strict=True):
            np.testing.assert_allclose(found, np.exp(part) / np.exp(part).sum(), atol=1e-13)
        assert np.abs(np.asarray(oracle.strategies(oracle.theta)[0]) - late.strategies(late.theta)[0]).max() > 1e-2


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_rule_does_not_name_it_is_not_told(question):
    oracle = oracle_with("base")
    named = {"reading_late": "late_reading"}.get(question, question)
    with pytest.raises(InputError, match=rf'asks for {named} says so, as in needs = frozenset\({{"base", "{named}"}}'):
        getattr(oracle, question)(oracle.theta)
    with pytest.raises(InputError, match=f"asks for {named} says so"):
        ns.simulate(games.stag_hunt(), Asking(question), [0.4, 0.6], steps=3)


def test_nobody_reaches_through_to_the_game():
    assert not hasattr(oracle_with(), "game")
    assert {name for name in dir(oracle_with()) if not name.startswith("_")} == {
        *QUESTIONS, "alive", "answered", "best_responses", "discount", "policies",
        "estimator", "forms", "key", "on_behalf", "sizes", "slices", "state", "step_size", "terms",
        "theta", "wanted", "legal", "holds_zeros", "row_values", "sampled_row_values",
    }  # fmt: skip


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Partial(Estimator):
    """Base alone."""

    exact = True
    gives = frozenset({"base"})

    def estimate(self, game, theta, key, wanted=None):
        return Terms(game.sizes, base=Exact().estimate(game, theta, key, frozenset({"base"})).base)


@pytest.mark.long
def test_what_cannot_be_answered_is_refused_before_anything_is_compiled():
    def needing(name):
        return Asking(needs=frozenset({"base", "strategies", name}))

    tandem, dilemma = parametric(games.tandem()), parametric(games.iterated_prisoners_dilemma())
    with pytest.raises(InputError, match=r"needs late_reading, which .* does not have: its players do not read each"):
        make_setup(THREE, needing("late_reading"))
    with pytest.raises(InputError, match="needs log_strategies, which tandem does not have: its strategies are points"):
        make_setup(tandem, needing("log_strategies"))
    with pytest.raises(InputError, match=r"needs action_payoffs, which .* it does not say what single actions pay"):
        make_setup(dilemma, needing("action_payoffs"))
    for name in ("payoffs", "action_payoffs", "utilities"):
        with pytest.raises(InputError, match="takes exact payoffs, not estimates; run it without sampling"):
            make_setup(THREE, needing(name), estimator=ns.sampled(8))
    for name in ("strategies", "log_strategies", "parameters"):
        make_setup(THREE, needing(name), estimator=ns.sampled(8))
        make_setup(THREE, needing(name), estimator=Partial())
    make_setup(ns.open_source(games.stag_hunt(), 0.5), needing("late_reading"))


@pytest.mark.long
def test_a_rule_asks_on_behalf_of_no_rule_that_needs_more():
    with jax.enable_x64(True):
        oracle = oracle_with("base", "peer")
        place = oracle.theta + 1.0
        inner = oracle.on_behalf(frozenset({"base"}), theta=place, step_size=0.0)
        wanted = Exact().estimate(THREE, place, step_key(0)).base
        np.testing.assert_array_equal(inner.terms().base, wanted)
        assert inner.step_size == 0.0
        with pytest.raises(InputError, match="no term peer here"):
            _ = inner.terms().peer
        with pytest.raises(InputError, match="asks for own says so"):
            oracle.on_behalf(frozenset({"base", "own"}), theta=place, step_size=0.0)
