"""The sampled terms against explicit lists of plays, exact expectations at a batch size, and the exact terms."""

import functools
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from nashscape import games
from nashscape.core import InputError
from nashscape.learning import StepKey, exact, sampled, seed_words, step_key
from nashscape.semantics import independent, parametric

TERMS = ("base", "own", "peer", "lookahead")
SMALL = [
    ("2x2", 1),
    ("2x2", 2),
    ("2x2", 3),
    ("2x2", 4),
    ("2x2 mixed", 3),
    ("2x3", 2),
    ("2x3", 3),
    ("2x2x2", 2),
    ("2x2x2", 3),
]
ROOM = 512
MOST = 4.0  # standard errors of a mean over draws


def learners_of(theory):
    return parametric(games.dense(theory.payoffs), independent(theory.shape, theory.forms))


@jax.jit
def terms_from_counts(estimator, learners, theta, counts):
    """The terms for every one of a list of counts."""
    return jax.vmap(lambda own: estimator.from_counts(learners, theta, own))(counts)


def in_double_precision(estimator, theory, theta, counts):
    with jax.enable_x64(True):
        many = np.resize(counts, (ROOM, counts.shape[1])).reshape(ROOM, *theory.shape)  # of one shape: compiled once
        found = terms_from_counts(estimator, learners_of(theory), jnp.asarray(theta), jnp.asarray(many, float))
        return {name: np.asarray(getattr(found, name))[: len(counts)] for name in TERMS}


def all_sequences(theory, batch):
    """Every sequence of plays, as indices of joint actions `[sequences, batch]`."""
    return np.array(list(itertools.product(range(len(theory.joint_actions())), repeat=batch)))


def counts_of(sequences, cells):
    return np.array([np.bincount(sequence, minlength=cells) for sequence in sequences])


@pytest.mark.parametrize("form", ["published", "unbiased"])
@pytest.mark.parametrize(("name", "batch"), [case for case in SMALL if case[1] > 1])
def test_counts_give_what_the_list_of_plays_gives(name, batch, form, case_named):
    theory, theta = case_named(name)
    plays = theory.joint_actions()
    sequences = all_sequences(theory, batch)
    sequences = sequences[np.random.default_rng(0).permutation(len(sequences))[:40]]
    found = in_double_precision(sampled(batch, form=form), theory, theta, counts_of(sequences, len(plays)))
    estimate = theory.estimate if form == "published" else theory.estimate_by_pairs
    for k, sequence in enumerate(sequences):
        wanted = estimate(theta, [plays[a] for a in sequence])
        for term in TERMS:
            np.testing.assert_allclose(found[term][k], wanted[term], rtol=0, atol=1e-12, err_msg=term)


@functools.cache
def expectation(make_case, name, batch, form):
    """The expected terms, by enumeration over all sequences of plays."""
    theory, theta = make_case(name)
    sequences = all_sequences(theory, batch)
    counts = counts_of(sequences, len(theory.joint_actions()))
    weights = np.prod(theory.chances(theta)[sequences], axis=1)
    assert abs(weights.sum() - 1) < 1e-12
    found = in_double_precision(sampled(batch, form=form), theory, theta, counts)
    return {term: weights @ values for term, values in found.items()}


@pytest.mark.parametrize(("name", "batch"), SMALL)
def test_the_published_form_has_the_expected_bias(name, batch, case_named):
    theory, theta = case_named(name)
    wanted = theory.expected_estimate(theta, batch)
    found = expectation(case_named, name, batch, "published")
    for term in TERMS:
        np.testing.assert_allclose(found[term], wanted[term], rtol=0, atol=1e-11, err_msg=term)


@pytest.mark.parametrize(("name", "batch"), [case for case in SMALL if case[1] > 1])
def test_the_unbiased_form_is_unbiased(name, batch, case_named):
    theory, theta = case_named(name)
    wanted = theory.terms(theta)
    found = expectation(case_named, name, batch, "unbiased")
    biased = expectation(case_named, name, batch, "published")
    for term in TERMS:
        np.testing.assert_allclose(found[term], wanted[term], rtol=0, atol=1e-11, err_msg=term)
    assert all(np.abs(biased[term] - wanted[term]).max() > 1e-3 for term in TERMS[1:])


@pytest.mark.parametrize("name", ["2x2", "2x2 mixed"])
def test_the_bias_falls_as_one_over_the_batch(name, case_named):
    theory, theta = case_named(name)
    biases = {}
    for batch in (2, 4, 8):
        cells = range(4)
        vectors = counts_of(list(itertools.combinations_with_replacement(cells, batch)), 4)
        weights = stats.multinomial.pmf(vectors, batch, theory.chances(theta))
        found = in_double_precision(sampled(batch), theory, theta, vectors)
        exact_terms = theory.terms(theta)
        biases[batch] = {term: weights @ found[term] - exact_terms[term] for term in TERMS}
    for term in TERMS[1:]:
        assert np.abs(biases[8][term]).max() > 1e-4
        np.testing.assert_allclose(biases[2][term], 2 * biases[4][term], atol=1e-11)
        np.testing.assert_allclose(biases[4][term], 2 * biases[8][term], atol=1e-11)
    np.testing.assert_allclose(biases[2]["base"], 0, atol=1e-12)


# --- drawn batches ------------------------------------------------------------------------------------------


@functools.partial(jax.jit, static_argnames="draws")
def draw(estimator, learners, theta, key, draws):
    """Terms from consecutive starts and steps of one seed, as the library runs them."""
    indices = jnp.arange(draws, dtype=jnp.uint32)
    side = jnp.uint32(200)
    low, high, start, step = key.seed_low, key.seed_high, key.start + indices // side, key.step + indices % side
    return jax.vmap(lambda a, b: estimator.estimate(learners, theta, StepKey(low, high, a, b)))(start, step)


def drawn_terms(estimator, theory, theta, draws=40_000, seed=0):
    found = draw(estimator, learners_of(theory), jnp.asarray(theta, jnp.float32), step_key(seed), draws)
    return {name: np.asarray(getattr(found, name), float) for name in TERMS}


def check_means(drawn, wanted):
    for term in TERMS:
        values = drawn[term]
        errors = values.std(axis=0) / np.sqrt(len(values))
        distance = np.abs(values.mean(axis=0) - wanted[term]) / errors
        assert (distance < MOST).all(), (term, distance)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "batch", "generator"),
    [
        ("2x2", 48, "counter"),
        ("2x2", 192, "counter"),
        ("2x2", 3, "counter"),
        ("2x2", 48, "jax"),
        ("2x3", 48, "counter"),
        ("2x2x2", 48, "counter"),
    ],
)
def test_drawn_terms_have_their_expectation_at_the_batch_size(name, batch, generator, case_named):
    theory, theta = case_named(name)
    estimator = sampled(batch, generator=generator, capacity=192)
    drawn = drawn_terms(estimator, theory, theta, draws=40_000 if generator == "counter" else 10_000)
    check_means(drawn, theory.expected_estimate(theta, batch))
    # the spread of base is that of a mean of independent plays
    one = [theory.combine(*theory.play_derivatives(theta, play))["base"] for play in theory.joint_actions()]
    chances, one = theory.chances(theta), np.array(one)
    spread = (chances @ one**2 - (chances @ one) ** 2) / batch
    np.testing.assert_allclose(drawn["base"].var(axis=0), spread, rtol=0.06)


@pytest.mark.long
@pytest.mark.parametrize(("name", "batch"), [("2x2", 48), ("2x3", 7), ("2x2x2", 48)])
def test_drawn_terms_of_the_unbiased_form_have_the_exact_terms_as_expectation(name, batch, case_named):
    theory, theta = case_named(name)
    drawn = drawn_terms(sampled(batch, form="unbiased", capacity=192), theory, theta, seed=1)
    check_means(drawn, theory.terms(theta))


@pytest.mark.long
def test_the_bias_of_own_learning_in_stag_hunt(theory):
    stag_hunt = theory(np.asarray(games.stag_hunt().payoffs), ("sigmoid", "sigmoid"))
    theta = np.full(2, np.log(0.58 / 0.42))
    rate = 0.55
    assert np.round(rate * stag_hunt.terms(theta)["own"], 5).tolist() == [-0.00035] * 2
    for batch, mean in ((48, -0.00387), (384, -0.00079)):
        wanted = stag_hunt.expected_estimate(theta, batch)
        assert np.round(rate * wanted["own"], 5).tolist() == [mean] * 2
        drawn = drawn_terms(sampled(batch, capacity=384), stag_hunt, theta, draws=40_000)
        check_means(drawn, wanted)
    # 40,000 batches of 384 can tell the biased mean from the exact term, so the check above is not empty
    own = rate * drawn["own"]
    assert (np.abs(own.mean(axis=0) - rate * stag_hunt.terms(theta)["own"]) > 5 * own.std(axis=0) / 200).all()


def test_batches_of_other_seeds_starts_and_steps_are_uncorrelated(case_named):
    theory, theta = case_named("2x2")
    estimator, draws = sampled(48, capacity=192), 40_000

    def base(**key):
        made = step_key(5)
        key = {name: jnp.uint32(value) for name, value in key.items()}
        moved = StepKey(**{**{k: getattr(made, k) for k in ("seed_low", "seed_high", "start", "step")}, **key})
        found = draw(estimator, learners_of(theory), jnp.asarray(theta, jnp.float32), moved, draws)
        return np.asarray(found.base, float)[:, 0]

    first = base()
    np.testing.assert_array_equal(first, base())
    # starts 300 and steps 300 lie outside the block of starts and steps drawn first
    for other in ({"seed_low": 6}, {"seed_high": 1}, {"start": 300}, {"step": 300}):
        assert abs(np.corrcoef(first, base(**other))[0, 1]) < MOST / np.sqrt(draws), other
    block = first.reshape(200, 200)  # [start, step]
    for one, other in ((block[1:], block[:-1]), (block[:, 1:], block[:, :-1]), (block, block.T)):
        off = one - other != 0 if one is block else np.ones(one.shape, bool)
        assert abs(np.corrcoef(one[off], other[off])[0, 1]) < 2 * MOST / np.sqrt(draws)


def test_a_seed_has_two_words():
    assert [int(word) for word in seed_words(2**40 + 7)] == [7, 256]
    assert int(step_key(3, start=4, step=5).start) == 4
    with pytest.raises(InputError, match="seed"):
        seed_words(-1)
    with pytest.raises(InputError, match="seed"):
        seed_words(2**64)


def test_batch_sizes_of_one_capacity_share_one_program(case_named):
    theory, theta = case_named("2x2")
    traces = []

    @jax.jit
    def estimate(estimator, learners, theta, key):
        traces.append(estimator.capacity)
        return estimator.estimate(learners, theta, key)

    for batch in (1, 48, 192):
        estimate(sampled(batch, capacity=192), learners_of(theory), jnp.asarray(theta, jnp.float32), step_key(0))
    assert traces == [192]


def test_counts_at_saturated_logits_give_finite_terms(case_named):
    theory, _ = case_named("2x3")
    learners = learners_of(theory)
    counts = np.zeros(theory.shape)
    counts[0, 0] = 40  # a batch in which the likely joint action occurred
    counts[1, 2] = 8  # and one whose probability rounds to zero
    for scale in (30.0, 200.0, 5000.0):
        theta = jnp.asarray([scale, scale, 0.0, -scale], jnp.float32)
        terms = terms_from_counts(sampled(48), learners, theta, jnp.asarray(counts, jnp.float32)[None])
        assert all(np.isfinite(getattr(terms, term)).all() for term in TERMS)


def test_published_is_the_default_and_estimators_say_whether_they_are_exact():
    assert sampled(48).form == "published"
    assert (sampled(48).capacity, sampled(384).capacity, sampled(385).capacity) == (128, 384, 512)
    assert not sampled(48).exact
    assert exact().exact


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sampled(0), "batch must be at least 1"),
        (lambda: sampled(1, form="unbiased"), "batch must be at least 2"),
        (lambda: sampled(2.5), "batch must be a whole number"),
        (lambda: sampled(65_536), "at most 65408"),
        (lambda: sampled(100, capacity=99), "capacity"),
        (lambda: sampled(100, capacity="big"), "capacity"),
        (lambda: sampled(100, form="publsihed"), "did you mean 'published'"),
        (lambda: sampled(100, generator="threefry"), "generator"),
    ],
)
def test_bad_batches_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
