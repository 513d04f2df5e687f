"""Estimators that remember, by the worked example of a running baseline."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.core.randomness import threefry
from nashscape.dynamics import make_setup
from nashscape.dynamics.batches import run_starts
from nashscape.dynamics.setup import advance, initial_state
from nashscape.dynamics.starts import parameters
from nashscape.learning import Oracle, StatefulEstimator, StatelessRule, StepKey, Terms, step_key
from nashscape.testing import check_estimator

TWO = np.random.default_rng(3).normal(size=(2, 2, 3))
THREE = np.random.default_rng(4).normal(size=(3, 2, 3, 2))
PLAYS = 16


def drawn(key, mixed, numbers):
    """Actions of PLAYS plays, `[players][PLAYS]`, in NumPy or JAX; every word of the key matters."""
    plays = numbers.arange(PLAYS, dtype=np.uint32)
    counter = [0 * plays + numbers.asarray(word).astype(np.uint32) for word in (key.start, key.step, key.question)]
    seed = [numbers.asarray(word).astype(np.uint32) for word in (key.seed_low, key.seed_high, 0, 0)]
    words = threefry([*counter, plays], seed)
    shares = [(word >> np.uint32(8)).astype(mixed[0].dtype) * 2.0**-24 for word in words]
    return [(share[:, None] > numbers.cumsum(own)[:-1]).sum(axis=1) for share, own in zip(shares, mixed, strict=False)]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RunningMean(StatefulEstimator):
    """REINFORCE, with the mean of all payoffs of earlier updates taken away: `mean((R_i − b_i) ∇ log σ_i(a_i))`."""

    wrong: str = field(metadata={"static": True}, default="")
    exact = False
    unbiased = True
    gives = frozenset({"base"})

    def init(self, game, theta):
        return jnp.zeros(len(game.sizes), theta.dtype), jnp.zeros((), theta.dtype)

    def answer(self, game, theta, key, wanted, state):
        mean, seen = state
        actions = drawn(key, game.strategies(theta), jnp)
        paid = jnp.asarray(game.game.payoffs)[(slice(None), *actions)]
        baseline = paid.mean(axis=1) if self.wrong == "own plays" else mean
        weight = paid - baseline[:, None]

        def surrogate(theta):
            logs = game.semantics.log_strategies(theta)
            return sum(jnp.mean(weight[i] * own[actions[i]]) for i, own in enumerate(logs))

        share = 1.0 if self.wrong == "forgets" else 1.0 / (seen + 1.0)
        after = mean + share * (paid.mean(axis=1) - mean)
        if self.wrong == "still":
            after, seen = mean, seen - 1.0
        if self.wrong == "shape":
            after = jnp.concatenate([after, after])
        if self.wrong == "structure":
            return Terms(game.sizes, base=jax.grad(surrogate)(theta)), {"mean": after}
        return Terms(game.sizes, base=jax.grad(surrogate)(theta)), (after, seen + 1.0)

    def estimate(self, game, theta, key, wanted=None):
        fresh = super().estimate(game, theta, key, wanted)
        return fresh.changed(base=fresh.base + 1.0) if self.wrong == "estimate" else fresh


def strategies(payoffs, theta):
    found, at = [], 0
    for count in payoffs.shape[1:]:
        size = 1 if count == 2 else count
        logits = np.append(theta[at], 0.0) if count == 2 else theta[at : at + size]
        weights = np.exp(logits - logits.max())
        found.append(weights / weights.sum())
        at += size
    return found


def loop(payoffs, theta, start, steps, rate):
    """The same in NumPy; with actions from the same words."""
    path, mean = [theta], np.zeros(len(payoffs))
    for t in range(steps):
        mixed = strategies(payoffs, path[-1])
        actions = drawn(StepKey(0, 0, start, t), mixed, np)
        paid, parts = payoffs[(slice(None), *actions)], []
        for i, own in enumerate(mixed):
            scores = np.eye(len(own))[actions[i]] - own
            slope = ((paid[i] - mean[i])[:, None] * scores).mean(axis=0)
            parts.append(slope[:1] if len(own) == 2 else slope)
        mean = (t * mean + paid.mean(axis=1)) / (t + 1)
        path.append(np.clip(path[-1] + rate * np.concatenate(parts), -8, 8))
    return np.array(path), mean


@pytest.mark.long
def test_a_running_baseline_is_that_of_the_loop_written_out():
    game = games.dense(THREE)
    start = np.random.default_rng(1).normal(size=ns.parametric(game).dimension)
    run = ns.simulate(game, ns.pg(), ns.starts.parameters([start]), steps=7, step_size=0.3, estimator=RunningMean())
    wanted, _ = loop(THREE, start, 0, 7, 0.3)
    np.testing.assert_allclose(run.theta, wanted, atol=1e-10)


@pytest.mark.long
def test_every_start_has_a_state_of_its_own_however_runs_are_cut():
    setup = make_setup(games.dense(TWO), ns.pg(), estimator=RunningMean(), step_size=0.3)
    where = np.random.default_rng(2).normal(size=(200, 4))
    ends = [
        run_starts(setup, parameters(where), np.arange(200), steps=8, chunk=chunk, precision="float64")[0].theta
        for chunk in (128, 200)
    ]
    np.testing.assert_array_equal(*ends)
    for k in (0, 131):
        np.testing.assert_allclose(ends[0][k], loop(TWO, where[k], k, 8, 0.3)[0][-1], atol=1e-10)


def test_a_baseline_takes_away_what_all_payoffs_have_in_common():
    game = games.dense(TWO + 50.0)
    learners, theta = ns.parametric(game), jnp.zeros(4)
    setup = make_setup(game, ns.pg(), estimator=RunningMean(), step_size=1e-9)
    state, key = initial_state(setup, theta), step_key(0)
    step = jax.jit(advance)
    for t in range(20):
        state = step(setup, state, step_key(0, step=t))

    def spread(memory):
        keys = jnp.arange(300, dtype=jnp.uint32)
        ask = lambda k: RunningMean().answer(learners, theta, StepKey(0, 0, k, key.step), None, memory)[0].base  # noqa: E731
        return float(np.asarray(jax.jit(jax.vmap(ask))(keys)).std(axis=0).max())

    assert spread(state.estimator) < 0.1 * spread(RunningMean().init(learners, theta))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Twice(StatelessRule):
    """Asks elsewhere first, then here, then elsewhere again."""

    name: str = field(default="twice", metadata={"static": True})
    sources = ()

    def direction(self, oracle, step):
        oracle.terms(oracle.theta + 1.0, question=1)
        base = oracle.terms().base
        return base + 0.0 * oracle.terms(oracle.theta - 1.0, question=2).base


def test_all_answers_of_a_step_are_given_from_one_state_which_moves_once():
    setups = [make_setup(games.dense(TWO), rule, estimator=RunningMean()) for rule in (ns.pg(), Twice())]
    theta = jnp.asarray([0.3, -0.2, 0.4, 0.1], jnp.float32)
    states = [initial_state(setup, theta) for setup in setups]
    step = jax.jit(advance)
    for t in range(3):
        states = [step(setup, state, step_key(5, step=t)) for setup, state in zip(setups, states, strict=True)]
    assert float(states[0].estimator[1]) == 3.0
    for one, other in zip(jax.tree.leaves(states[0].estimator), jax.tree.leaves(states[1].estimator), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(states[0].theta, states[1].theta)


@pytest.mark.long
def test_who_judges_at_a_point_asks_from_a_fresh_state():
    learners, theta = ns.parametric(games.dense(TWO)), jnp.asarray([0.3, -0.2, 0.4, 0.1], jnp.float32)
    fresh = RunningMean().init(learners, theta)
    told = (jnp.full_like(fresh[0], 9.0), fresh[1] + 5.0)
    bases = [
        np.asarray(Oracle(learners, RunningMean(), theta, step_key(0), 0.1, None, state).terms().base)
        for state in (None, fresh, told)
    ]
    np.testing.assert_array_equal(bases[0], bases[1])
    np.testing.assert_array_equal(bases[0], RunningMean().estimate(learners, theta, step_key(0)).base)
    assert np.abs(bases[0] - bases[2]).max() > 0.1


@pytest.mark.long
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("own plays", "standard errors from the exact one"),
        ("still", "a state that its answers never change: leave it out"),
        ("shape", r"changes shapes or types in the state, from \(\(2,\), 'float32'\) to \(\(4,\), 'float32'\)"),
        ("structure", "changes the structure of the state"),
        ("estimate", "estimate is not the answer from a fresh state"),
    ],
)
def test_the_kit_looks_at_the_state(wrong, said):
    with pytest.raises(AssertionError, match=said):
        check_estimator(RunningMean(wrong), games.dense(TWO), draws=40_000 if wrong == "own plays" else 300)


def test_the_kit_passes_a_state_that_is_right():
    check_estimator(RunningMean(), games.dense(TWO), draws=1000)


def test_an_estimator_without_a_state_has_none():
    setup: Any = make_setup(games.stag_hunt(), ns.pg(), estimator=ns.sampled(8))
    assert initial_state(setup, jnp.zeros(2)).estimator == ()
    with pytest.raises(InputError, match="only noise-free runs are explained"):
        ns.explain(games.stag_hunt(), ns.pg(), [0.6, 0.5], estimator=RunningMean())
