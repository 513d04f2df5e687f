"""Known answers of the generator, and statistics of its words as the library asks for them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.core.randomness import ROUNDS, threefry

STARTS, STEPS, STAGES, BLOCKS = 128, 32, 3, 8
MOST = 5.5  # standard errors, of the largest of at most a few thousand statistics


@pytest.mark.parametrize(
    ("fill", "rounds", "answer"),
    [
        (0, 13, "531c7e4f 39491ee5 2c855a92 3d6abf9a"),
        (0xFFFFFFFF, 13, "c4189358 1c9cc83a d5881c67 6a0a89e0"),
        (0, 20, "9c6ca96a e17eae66 fc10ecd4 5256a7d8"),
        (0xFFFFFFFF, 20, "2a881696 57012287 f6c7446e a16a6732"),
    ],
)
def test_known_answers_of_random123(fill, rounds, answer):
    words = [jnp.full((), fill, jnp.uint32)] * 4
    assert " ".join(f"{int(word):08x}" for word in threefry(words, words, rounds)) == answer


def test_known_answer_for_the_digits_of_pi():
    counter = [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344]
    key = [0xA4093822, 0x299F31D0, 0x082EFA98, 0xEC4E6C89]
    words = threefry([jnp.uint32(w) for w in counter], [jnp.uint32(w) for w in key], 20)
    assert " ".join(f"{int(word):08x}" for word in words) == "59cd1dbb b8879579 86b5d00c ac8b6d84"


def test_rounds_are_those_of_a_published_safe_choice_by_default():
    zero = [jnp.zeros((), jnp.uint32)] * 4
    assert ROUNDS >= 12
    assert [int(w) for w in threefry(zero, zero)] == [int(w) for w in threefry(zero, zero, ROUNDS)]


def test_a_batch_of_counters_gives_what_each_gives_alone():
    counter = [jnp.arange(5, dtype=jnp.uint32), *[jnp.uint32(k) for k in (7, 1, 2)]]
    key = [jnp.uint32(k) for k in (3, 1, 4, 1)]
    together = jax.jit(threefry)(counter, key)
    for k in range(5):
        alone = threefry([jnp.uint32(k), *counter[1:]], key)
        assert [int(word[k]) for word in together] == [int(word) for word in alone]
    assert all(word.dtype == jnp.uint32 for word in together)


# --- statistics ---------------------------------------------------------------------------------------------


def library_words(rounds, seed=(1, 0), first_start=0):
    """Words by start, step, stage and block: `[start, step, stage, block, 4]`, laid out as an update draws them."""
    sizes = (STARTS, STEPS, STAGES, BLOCKS)
    counter = [jnp.asarray(axis, jnp.uint32) for axis in np.meshgrid(*map(np.arange, sizes), indexing="ij")]
    counter[0] = counter[0] + jnp.uint32(first_start)
    key = [jnp.uint32(word) for word in (*seed, 0, 0)]
    return np.stack(jax.jit(threefry, static_argnums=2)(counter, key, rounds), axis=-1)


def bits(words):
    """The bits of every word along a last axis of 32."""
    return (words[..., None] >> np.arange(32, dtype=np.uint32)) & np.uint32(1)


def normal_scores(ones, trials):
    """How many standard errors counts of fair coins lie from one half."""
    return np.abs(2.0 * np.asarray(ones) - trials) / np.sqrt(trials)


def chi_square_score(counts, expected):
    """The chi-square statistic as standard errors from its mean."""
    degrees = len(counts) - 1
    statistic = np.sum((counts - expected) ** 2 / expected)
    return abs(statistic - degrees) / np.sqrt(2 * degrees)


def lag_score(words, axis):
    """Fair coins: whether a bit equals the same bit of the neighbour along an axis, for every bit of every word."""
    ordered = np.moveaxis(words, axis, 0)
    unequal = bits(ordered[1:] ^ ordered[:-1])
    trials = unequal[..., 0, 0].size
    return normal_scores(unequal.sum(axis=(0, 1, 2, 3)), trials).max()


def frequency(words):
    return normal_scores(bits(words).sum(axis=(0, 1, 2, 3)), words[..., 0].size).max()


def frequency_within_a_start(words):
    # one learner must not live its whole life with biased coins
    return normal_scores(bits(words).sum(axis=(1, 2, 3, 4, 5)), words[0].size * 32).max()


def frequency_within_a_draw(words):
    # the population counts from which binomial numbers are made: ones in a block of 128 bits are Binomial(128, ½)
    ones = bits(words).sum(axis=(-1, -2)).ravel()
    return abs(ones.var() / 32.0 - 1.0) / np.sqrt(2.0 / ones.size)


def bytes_of_words(words):
    counts = np.bincount(words.astype("<u4").ravel().view(np.uint8), minlength=256)
    return chi_square_score(counts, words.size * 4 / 256)


def pairs_of_low_bits(words):
    """Low bits of the two neighbours in start and in step, all of which should be equally likely."""
    low = (words & np.uint32(7)).astype(int)
    cells = low[:-1, :-1] * 64 + low[1:, :-1] * 8 + low[:-1, 1:]
    # disjoint pairs only, so that the cells are independent
    return chi_square_score(np.bincount(cells[::2, ::2].ravel(), minlength=512), cells[::2, ::2].size / 512)


def runs(words):
    """Lengths of runs of equal bits along the starts: a half of length 1, a quarter of length 2, …"""
    stream = np.moveaxis(bits(words), 0, -1).reshape(-1, STARTS)
    stream = stream[:20_000].ravel()
    ends = np.flatnonzero(np.diff(stream.astype(np.int8)) != 0)
    lengths = np.minimum(np.diff(ends), 8)
    expected = np.array([0.5**k for k in range(1, 8)] + [0.5**7]) * len(lengths)
    return chi_square_score(np.bincount(lengths, minlength=9)[1:], expected)


STATISTICS = {
    "bit frequency": frequency,
    "bit frequency within a start": frequency_within_a_start,
    "spread of the ones in a draw": frequency_within_a_draw,
    "bytes": bytes_of_words,
    "correlation along starts": lambda words: lag_score(words, 0),
    "correlation along steps": lambda words: lag_score(words, 1),
    "correlation along stages": lambda words: lag_score(words, 2),
    "correlation along blocks": lambda words: lag_score(words, 3),
    "neighbours in start and step": pairs_of_low_bits,
    "runs along starts": runs,
}


@pytest.fixture(scope="module")
def words():
    return {
        "library": library_words(ROUNDS),
        "another seed, late starts": library_words(ROUNDS, seed=(0xDEADBEEF, 7), first_start=1_000_000),
        "2 rounds": library_words(2),
    }


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("which", ["library", "another seed, late starts"])
def test_words_look_random(name, which, words):
    assert STATISTICS[name](words[which]) < MOST


@pytest.mark.parametrize("name", STATISTICS)
def test_every_statistic_finds_a_generator_of_two_rounds(name, words):
    assert STATISTICS[name](words["2 rounds"]) > 1.5 * MOST


def avalanche(rounds, trials=2048):
    """The largest deviation from one half of the chance that one input bit turns one output bit, in standard errors."""
    random = np.random.default_rng(0)
    # small counters, as they occur: few starts, steps, stages, blocks; then the two words of the seed
    inputs = np.stack([random.integers(0, most, trials) for most in (10**5, 10**4, 4, 16, 2**32, 2**32)])
    flips = np.kron(np.eye(6, dtype=np.uint32), 2 ** np.arange(32, dtype=np.uint32)[:, None])  # [bit, word]

    @jax.jit
    def turned(inputs):
        def outputs(words):
            return jnp.stack(threefry(list(words[:4]), [*words[4:], *jnp.zeros((2, 1), jnp.uint32)], rounds))

        change = outputs(inputs[:, None, :] ^ flips.T[:, :, None]) ^ outputs(inputs[:, None, :])
        return jnp.stack([jnp.sum((change >> jnp.uint32(k)) & 1, axis=-1) for k in range(32)])

    return normal_scores(turned(jnp.asarray(inputs, jnp.uint32)), trials).max()


@pytest.mark.long
def test_every_input_bit_turns_half_of_the_output():
    # 6 · 32 · 128 = 24,576 coins; the chance that one of them is off by 6 standard errors is 5e-5
    assert avalanche(ROUNDS) < 6.0


@pytest.mark.parametrize("rounds", [2, 4])
def test_the_avalanche_is_missing_after_few_rounds(rounds):
    assert avalanche(rounds) > 20.0
