"""Baselines of sampled terms: expectations at a batch size by enumeration, on asymmetric games, and drawn batches."""

import functools
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from nashscape import games
from nashscape.core import InputError
from nashscape.learning import StepKey, sampled, step_key
from nashscape.semantics import independent, parametric

TERMS = ("base", "own", "peer", "lookahead")
PRODUCTS = TERMS[1:]
CASES = (pytest.param("2x3", marks=pytest.mark.long), "2x3x2")
ROOM = 364  # all batches of three plays of a game with twelve joint actions
MOST = 4.5  # standard errors of a mean over draws


def learners_of(theory, constant=0.0):
    return parametric(games.dense(theory.payoffs + constant), independent(theory.shape, theory.forms))


# compiled in haste: every program runs a few times
@functools.partial(
    jax.jit, compiler_options={"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
)
def from_counts(estimator, learners, theta, counts):
    return jax.vmap(lambda own: estimator.from_counts(learners, theta, own))(counts)


def terms_of(estimator, theory, theta, counts, constant=0.0):
    with jax.enable_x64(True):
        room = np.resize(counts, (ROOM, counts.shape[1]))  # of one shape: compiled once
        shaped = jnp.asarray(room, float).reshape(ROOM, *theory.shape)
        found = from_counts(estimator, learners_of(theory, constant), jnp.asarray(theta), shaped)
        return {name: np.asarray(getattr(found, name))[: len(counts)] for name in TERMS}


def all_batches(theory, theta, batch):
    """Every batch as counts of joint actions, and its probability."""
    cells = len(theory.joint_actions())
    picks = itertools.combinations_with_replacement(range(cells), batch)
    counts = np.array([np.bincount(pick, minlength=cells) for pick in picks])
    return counts, stats.multinomial.pmf(counts, batch, theory.chances(theta))


def expectation(estimator, theory, theta, batch):
    counts, weights = all_batches(theory, theta, batch)
    assert weights.sum() == pytest.approx(1.0)
    return {name: weights @ values for name, values in terms_of(estimator, theory, theta, counts).items()}


def estimate_of_plays(theory, make, theta, plays):
    """The published products over a list of plays, each payoff less the mean of the other plays' payoffs."""
    scores = make(np.ones_like(theory.payoffs), theory.forms)
    paid = np.array([[theory.payoffs[(j, *play)] for play in plays] for j in theory.players])
    paid = paid - (paid.sum(axis=1, keepdims=True) - paid) / (len(plays) - 1)
    each, players = [scores.play_derivatives(theta, play) for play in plays], theory.players

    def mean(values, j):
        return sum(weight * value for weight, value in zip(paid[j], values, strict=True)) / len(plays)

    gradients = [[mean([g[j][i] for g, _ in each], j) for i in players] for j in players]
    blocks = list(itertools.product(players, players))
    hessians = [{block: mean([h[j][block] for _, h in each], j) for block in blocks} for j in players]
    return theory.combine(gradients, hessians)


@pytest.mark.parametrize("name", CASES)
def test_the_unbiased_form_stays_unbiased(name, case_named):
    game, theta = case_named(name)
    found = expectation(sampled(3, form="unbiased", baseline="leave-one-out"), game, theta, 3)
    wanted = game.terms(theta)
    for term in TERMS:
        np.testing.assert_allclose(found[term], wanted[term], rtol=0, atol=1e-12, err_msg=term)


@pytest.mark.parametrize("name", CASES)
def test_the_published_form_has_a_right_base_and_biased_products(name, case_named):
    game, theta = case_named(name)
    found = expectation(sampled(3, baseline="leave-one-out"), game, theta, 3)
    wanted = game.terms(theta)
    np.testing.assert_allclose(found["base"], wanted["base"], rtol=0, atol=1e-12)
    for term in PRODUCTS:
        assert np.abs(found[term] - wanted[term]).max() > 1e-3


@pytest.mark.parametrize("name", CASES)
def test_counts_give_what_the_list_of_plays_gives(name, case_named, theory):
    game, theta = case_named(name)
    plays = game.joint_actions()
    random = np.random.default_rng(0)
    batches = random.integers(len(plays), size=(12, 4))
    counts = np.array([np.bincount(batch, minlength=len(plays)) for batch in batches])
    found = terms_of(sampled(4, baseline="leave-one-out"), game, theta, counts)
    for k, batch in enumerate(batches):
        wanted = estimate_of_plays(game, theory, theta, [plays[a] for a in batch])
        for term in TERMS:
            np.testing.assert_allclose(found[term][k], wanted[term], rtol=0, atol=1e-12, err_msg=term)


@pytest.mark.parametrize("form", ["published", "unbiased"])
def test_a_constant_changes_nothing(form, case_named):
    game, theta = case_named("2x3x2")
    counts, _ = all_batches(game, theta, 3)
    estimator = sampled(3, form=form, baseline="leave-one-out")
    plain, moved = (terms_of(estimator, game, theta, counts, constant) for constant in (0.0, 100.0))
    for term in TERMS:
        np.testing.assert_allclose(moved[term], plain[term], rtol=0, atol=1e-10, err_msg=term)


@pytest.mark.long
@pytest.mark.parametrize(("name", "form"), [("2x3", "published"), ("2x3x2", "unbiased")])
def test_drawn_batches_have_the_expected_terms(name, form, case_named):
    game, theta = case_named(name)
    estimator = sampled(3, form=form, baseline="leave-one-out")
    key, draws = step_key(0), jnp.arange(30_000, dtype=jnp.uint32)

    @jax.jit
    def run(learners, theta):
        one = lambda k: estimator.estimate(learners, theta, StepKey(key.seed_low, key.seed_high, k, key.step))  # noqa: E731
        return jax.vmap(one)(draws)

    found = run(learners_of(game), jnp.asarray(theta, jnp.float32))
    wanted = expectation(estimator, game, theta, 3)
    for term in TERMS:
        values = np.asarray(getattr(found, term), float)
        error = values.std(axis=0) / np.sqrt(len(values))
        assert (np.abs(values.mean(axis=0) - wanted[term]) <= MOST * error + 1e-6).all(), term


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch": 1, "baseline": "leave-one-out"}, "at least 2"),
        ({"batch": 2, "baseline": "leave-one-out", "form": "unbiased"}, "at least 3"),
        ({"batch": 8, "baseline": "per-state"}, "leave-one-out"),
    ],
)
def test_wrong_baselines_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        sampled(**wrong)
