"""Counts of joint actions against the exact multinomial distribution."""

import functools
import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from nashscape.learning.binomial import binomial_words, divide_groups
from nashscape.learning.counts import joint_counts
from nashscape.tracing.components import by_component

DRAWS = 20_000
CAPACITY = 384
MOST = 4.5  # standard errors; all draws are from fixed seeds
LEAST_LIKELY = 1e-4  # p-value below which a distribution is not believed

STRATEGIES = {
    (2, 2): [[0.58, 0.42], [0.1, 0.9]],
    (2, 3): [[0.3, 0.7], [0.2, 0.5, 0.3]],
    (3, 2, 2): [[0.6, 0.1, 0.3], [0.75, 0.25], [0.4, 0.6]],
}


def random_words(seed, *shape):
    """Words of a generator that is not ours."""
    return np.random.default_rng(seed).integers(0, 2**32, shape, dtype=np.uint32)


@functools.cache
def groups_program(capacity, groups):
    draw = functools.partial(divide_groups, capacity=capacity)
    return jax.jit(jax.vmap(lambda sizes, chance, words: jnp.stack(draw(list(sizes), chance, words)), (None, None, 0)))


def divided(sizes, chance, capacity=CAPACITY, seed=0, draws=DRAWS):
    words = random_words(seed, draws, binomial_words(capacity))
    program = groups_program(capacity, len(sizes))
    return np.asarray(program(jnp.asarray(sizes, jnp.int32), jnp.float32(chance), words))


def chi_square_p_value(values, size, chance):
    """Of counts against Binomial(size, chance), neighbouring values merged until every bin expects ten."""
    expected = stats.binom.pmf(np.arange(size + 1), size, chance) * len(values)
    observed = np.bincount(values.astype(int), minlength=size + 1)
    assert len(observed) == size + 1  # nothing above the size of the group
    bins = np.minimum(np.cumsum(expected), len(values) - 10) // 10  # ten expected plays in every bin, or more
    _, place = np.unique(bins, return_inverse=True)
    expected, observed = np.bincount(place, expected), np.bincount(place, observed)
    if len(expected) == 1:
        return 1.0
    return stats.chi2.sf(np.sum((observed - expected) ** 2 / expected), len(expected) - 1)


@pytest.mark.parametrize("chance", [0.5, 0.25, 0.58, 0.01, 0.97, 1 / 3, 1 - 1 / 3])
def test_groups_are_binomial_and_independent(chance):
    sizes = [0, 48, 1, 200]
    drawn = divided(sizes, chance)
    for size, group in zip(sizes, drawn.T, strict=True):
        assert chi_square_p_value(group, size, chance) > LEAST_LIKELY
    correlations = np.corrcoef(drawn[:, 1:].T)[np.triu_indices(3, 1)]
    assert np.abs(correlations).max() < MOST / math.sqrt(DRAWS)


@pytest.mark.parametrize("capacity", [1, 31, 32, 33, 64, 100])
def test_a_group_may_fill_the_capacity(capacity):
    drawn = divided([capacity], 0.3, capacity=capacity, seed=capacity)[:, 0]
    assert chi_square_p_value(drawn, capacity, np.float32(0.3)) > LEAST_LIKELY


def test_chances_of_nothing_and_of_everything_are_certain():
    sizes = [3, 0, 180, 200]
    np.testing.assert_array_equal(divided(sizes, 0.0), np.zeros((DRAWS, 4)))
    np.testing.assert_array_equal(divided(sizes, 1.0), np.broadcast_to(sizes, (DRAWS, 4)))


@pytest.mark.parametrize("chance", [1e-6, 2.0**-17, 1e-4])
def test_tiny_chances_are_kept(chance):
    rare = divided([300], chance, draws=200_000).sum()
    common = (300 - divided([300], np.float32(1) - np.float32(chance), draws=200_000, seed=1)).sum()
    for total, rate in ((rare, chance), (common, float(1 - (np.float32(1) - np.float32(chance))))):
        mean = 300 * 200_000 * rate
        # undecided trials are decided together: at most about one in two hundred of the events comes as a pair
        assert abs(total - mean) < MOST * math.sqrt(mean * 1.01), (total, mean)


def test_extreme_words_leave_the_counts_within_the_groups_and_certain_chances_certain():
    sizes = np.array([30, 0, 300, 54])
    program, width = groups_program(CAPACITY, 4), binomial_words(CAPACITY)
    words = random_words(7, DRAWS, width)
    places = np.arange(DRAWS)
    words[places, places % width] = np.where(places // width % 2, 0, 2**32 - 1)  # the extremes, word by word
    for chance in (0.0, 0.3, 0.999, 1.0):
        drawn = np.asarray(program(sizes.astype(np.int32), jnp.float32(chance), words))
        assert (drawn >= (sizes if chance == 1.0 else 0)).all()
        assert (drawn <= (0 if chance == 0.0 else sizes)).all()


# --- joint actions --------------------------------------------------------------------------------------------


@functools.cache
def counts_program(shape, capacity):
    def draw(strategies, batch, pool):
        return joint_counts(strategies, lambda stage, n: pool[stage, :n], batch, capacity)

    return jax.jit(jax.vmap(draw, in_axes=(None, None, 0)))


def draw_counts(strategies, batch, capacity=CAPACITY, seed=0, draws=DRAWS, dtype=jnp.float32):
    """Counts of joint actions `[draws, a_1, …, a_n]` in batches of plays."""
    shape = tuple(len(own) for own in strategies)
    stages = sum(actions - 1 for actions in shape)
    pool = random_words(seed, draws, stages, binomial_words(capacity))
    counts = counts_program(shape, capacity)([jnp.asarray(own, dtype) for own in strategies], jnp.int32(batch), pool)
    assert counts.dtype == dtype
    assert counts.shape == (draws, *shape)
    return np.asarray(counts, float)


def joint_chances(strategies):
    return functools.reduce(np.multiply.outer, [np.asarray(own, float) for own in strategies])


@pytest.mark.long
@pytest.mark.parametrize("batch", [1, 2, 48, 192, 384])
@pytest.mark.parametrize("shape", STRATEGIES)
def test_counts_have_the_moments_and_margins_of_the_multinomial(shape, batch):
    strategies = STRATEGIES[shape]
    counts = draw_counts(strategies, batch, seed=batch).reshape(DRAWS, -1)
    chances = joint_chances(strategies).ravel()
    np.testing.assert_array_equal(counts.sum(axis=1), batch)
    assert (counts >= 0).all()
    assert (counts == np.round(counts)).all()
    away = counts - batch * chances
    errors = away.std(axis=0) / math.sqrt(DRAWS)
    assert (np.abs(away.mean(axis=0)) < MOST * errors).all()
    products = away[:, :, None] * away[:, None, :]
    covariance = batch * (np.diag(chances) - np.outer(chances, chances))
    assert (np.abs(products.mean(axis=0) - covariance) < MOST * products.std(axis=0) / math.sqrt(DRAWS)).all()
    for k, chance in enumerate(chances):
        assert chi_square_p_value(counts[:, k], batch, chance) > LEAST_LIKELY


@pytest.mark.long
@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("shape", STRATEGIES)
def test_small_batches_have_the_whole_multinomial_distribution(shape, batch):
    counts = draw_counts(STRATEGIES[shape], batch, seed=10 + batch).reshape(DRAWS, -1).astype(int)
    cells = math.prod(shape)
    plays = itertools.combinations_with_replacement(range(cells), batch)
    vectors = np.array([np.bincount(play, minlength=cells) for play in plays])
    expected = DRAWS * stats.multinomial.pmf(vectors, batch, joint_chances(STRATEGIES[shape]).ravel())
    places = (batch + 1) ** np.arange(cells)
    observed = np.array([np.sum(counts @ places == vector @ places) for vector in vectors])
    assert observed.sum() == DRAWS
    rare = expected < 10
    expected = np.append(expected[~rare], expected[rare].sum() + 1e-9)
    observed = np.append(observed[~rare], observed[rare].sum())
    p_value = stats.chi2.sf(np.sum((observed - expected) ** 2 / expected), len(expected) - 1 - (not rare.any()))
    assert p_value > LEAST_LIKELY


def test_the_distribution_does_not_depend_on_the_capacity():
    for capacity in (48, 65):
        counts = draw_counts(STRATEGIES[2, 2], 48, capacity=capacity, seed=capacity).reshape(DRAWS, -1)
        for k, chance in enumerate(joint_chances(STRATEGIES[2, 2]).ravel()):
            assert chi_square_p_value(counts[:, k], 48, chance) > LEAST_LIKELY


@pytest.mark.parametrize(
    "strategies",
    [
        [[1.0, 0.0], [0.3, 0.7]],
        [[0.0, 1.0], [0.0, 1.0, 0.0]],
        [[0.5, 0.5], [0.0, 0.0, 1.0]],
        [[0.4, 0.6], [0.3, 0.7, 0.0]],
        [[1.0, 0.0, 0.0], [0.0, 1.0], [1.0, 0.0]],
    ],
)
def test_actions_of_probability_zero_never_occur(strategies):
    counts = draw_counts(strategies, 384)
    chances = joint_chances(strategies)
    assert (counts[:, chances == 0] == 0).all()
    np.testing.assert_array_equal(counts.reshape(len(counts), -1).sum(axis=1), 384)
    for own, axis in zip(strategies, range(1, counts.ndim), strict=True):
        others = tuple(k for k in range(1, counts.ndim) if k != axis)
        assert (np.abs(counts.sum(axis=others).mean(axis=0) - 384 * np.asarray(own)) < 1.0).all()


def test_rare_actions_occur_as_often_as_they_should():
    rare = 1e-6
    # about 38 of 38 million plays
    total = sum(draw_counts([[1 - rare, rare], [0.5, 0.5]], 384, seed=seed)[:, 1].sum() for seed in range(5))
    rate = float(1 - np.float32(1 - rare))
    assert abs(total - 384 * 100_000 * rate) < MOST * math.sqrt(384 * 100_000 * rate)


def test_double_precision_draws_the_same_distribution():
    with jax.enable_x64(True):
        strategies = STRATEGIES[2, 3]
        counts = draw_counts(strategies, 48, dtype=jnp.float64).reshape(DRAWS, -1)
        for k, chance in enumerate(joint_chances(strategies).ravel()):
            assert chi_square_p_value(counts[:, k], 48, chance) > LEAST_LIKELY


def test_counts_written_out_entry_by_entry_are_the_same():
    stages, width = 2, binomial_words(33)
    strategies = [jnp.asarray(own, jnp.float32) for own in STRATEGIES[2, 2]]
    pool = random_words(3, 50, stages, width)

    def draw(strategies, pool):
        def words(stage, n):
            return jnp.where(stage == 0, pool[0, :n], pool[1, :n])

        return joint_counts(strategies, words, jnp.int32(33), 33)

    run = by_component(draw, strategies, jax.ShapeDtypeStruct(pool.shape[1:], pool.dtype))
    chances = [entry for own in strategies for entry in own]
    written_out = jax.jit(jax.vmap(lambda *own: run([*chances, *own])))(*pool.reshape(50, -1).T)
    as_arrays = jax.jit(jax.vmap(draw, in_axes=(None, 0)))(strategies, pool)
    np.testing.assert_array_equal(np.stack(written_out, axis=-1), as_arrays.reshape(50, -1))
