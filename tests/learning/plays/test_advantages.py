"""Advantages against the definition, by fractions, and what must never cross the end of an episode."""

import itertools
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.learning.plays.advantages import discounted_returns, gae


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def columns(*lists):
    return [jnp.array(own)[:, None] for own in lists]


def random_plays(seed, rounds=12, episodes=5, shape=()):
    rng = np.random.default_rng(seed)
    rewards, values, after = rng.normal(size=(3, rounds, episodes, *shape))
    kind = rng.integers(0, 5, size=(rounds, episodes))
    return rewards, values, after, kind == 0, kind == 1


def test_the_done_flag_belongs_to_its_own_round():
    r, v, after = columns([1.0, 2, 4, 8], [0.5, 1, 2, 4], [1.0, 2, 4, 3])
    terminated, truncated = columns([False, True, False, False], [False] * 4)
    made = gae(r, v, after, terminated, truncated, discount=0.5, trace=0.5)
    assert made[:, 0].tolist() == [1.25, 1.0, 5.375, 5.5]


@pytest.mark.parametrize("kind", [int, np.uint8, float])
def test_flags_may_be_zeros_and_ones(kind):
    r, v, after, *flags = random_plays(3)
    numbers = [own.astype(kind) for own in flags]
    for made in (
        lambda ends: gae(r, v, after, *ends, discount=0.9, trace=0.8),
        lambda ends: discounted_returns(r, after, *ends, discount=0.9),
    ):
        np.testing.assert_array_equal(made(numbers), made(flags))


def test_finished_episodes_one_after_the_other_are_as_each_alone():
    r, v, after, *_ = random_plays(0, rounds=9, episodes=3)
    ends = np.zeros((9, 3), bool)
    ends[[3, 8]] = True
    for terminated, truncated in ((ends, ~ends & ends), (~ends & ends, ends)):
        whole = gae(r, v, after, terminated, truncated, discount=0.9, trace=0.7)
        alone = [
            gae(*(own[part] for own in (r, v, after, terminated, truncated)), discount=0.9, trace=0.7)
            for part in (slice(0, 4), slice(4, 9))
        ]
        np.testing.assert_array_equal(whole, np.concatenate(alone))


def test_what_comes_after_an_end_never_changes_what_was_before():
    r, v, after, terminated, truncated = random_plays(1)
    ended = terminated | truncated
    before = gae(r, v, after, terminated, truncated, discount=0.9, trace=0.8)
    t, b = (int(own[0]) for own in np.nonzero(ended[:-1]))
    r[t + 1 :, b] += 100.0
    v[t + 1 :, b] -= 10.0
    after[t + 1 :, b] += 7.0
    changed = gae(r, v, after, terminated, truncated, discount=0.9, trace=0.8)
    np.testing.assert_array_equal(before[: t + 1], changed[: t + 1])
    assert (before[t + 1 :, b] != changed[t + 1 :, b]).any()


def test_with_the_whole_trace_advantages_are_returns_less_values_and_without_any_errors():
    r, v, after, terminated, truncated = random_plays(2)
    after[:-1] = np.where((terminated | truncated)[:-1], after[:-1], v[1:])  # what is seen after is seen before
    returns = discounted_returns(r, after, terminated, truncated, discount=0.9)
    np.testing.assert_allclose(
        gae(r, v, after, terminated, truncated, discount=0.9, trace=1.0) + v, returns, rtol=0, atol=1e-12
    )
    np.testing.assert_array_equal(
        gae(r, v, after, terminated, truncated, discount=0.9, trace=0.0), r + 0.9 * ~terminated * after - v
    )


def test_all_players_at_once_are_each_alone():
    r, v, after, terminated, truncated = random_plays(3, shape=(3,))
    whole = gae(r, v, after, terminated, truncated, discount=0.9, trace=0.6)
    returns = discounted_returns(r, after, terminated, truncated, discount=0.9)
    for i in range(3):
        own = (r[..., i], v[..., i], after[..., i], terminated, truncated)
        np.testing.assert_array_equal(whole[..., i], gae(*own, discount=0.9, trace=0.6))
        np.testing.assert_array_equal(returns[..., i], discounted_returns(own[0], *own[2:], discount=0.9))


@pytest.mark.parametrize("trace", [Fraction(1), Fraction(1, 2), Fraction(0)])
def test_every_path_of_a_chain_agrees_with_the_sum_that_defines_it(trace):
    """Three states; from each the next one or staying; state 2 ends the game, every fourth round cuts the episode."""
    discount, value = Fraction(3, 4), [Fraction(1, 2), Fraction(5, 4), Fraction(7, 8)]
    reward = {(0, 0): 1, (0, 1): -2, (1, 1): 3, (1, 2): 4}
    plays = []
    for moves in itertools.product((0, 1), repeat=6):
        state, clock, path = 0, 0, []
        for move in moves:
            follows = state + move
            clock += 1
            over, cut = follows == 2, follows != 2 and clock == 4
            path.append((Fraction(reward[state, follows]), value[state], value[follows], over, cut))
            state, clock = (0, 0) if over or cut else (follows, clock)
        plays.append(path)
    arrays = [
        jnp.array(np.array(own, kind).T) for own, kind in zip(_parts(plays), [float] * 3 + [bool] * 2, strict=True)
    ]
    made = gae(*arrays, discount=float(discount), trace=float(trace))
    wanted = [_by_definition(path, discount, trace) for path in plays]
    assert any(cut for path in plays for *_, cut in path)
    assert any(over for path in plays for *_, over, _ in path)
    np.testing.assert_allclose(made, np.array(wanted, float).T, rtol=0, atol=1e-14)
    if trace == 1:
        earned = [[sum_to_end(path, t, discount) - path[t][1] for t in range(len(path))] for path in plays]
        assert earned == wanted


def _parts(plays):
    return [[[row[k] for row in path] for path in plays] for k in range(5)]


def _by_definition(path, discount, trace):
    """`Σ_k (γλ)^k δ_{t+k}` to the end of the episode of t, in fractions."""
    found = []
    for t in range(len(path)):
        total, factor = Fraction(0), Fraction(1)
        for paid, before, after, over, cut in path[t:]:
            total += factor * (paid + (0 if over else discount * after) - before)
            factor *= discount * trace
            if over or cut:
                break
        found.append(total)
    return found


def sum_to_end(path, t, discount):
    ends = [k for k, (*_, over, cut) in enumerate(path) if k >= t and (over or cut)]
    last = ends[0] if ends else len(path) - 1
    *_, after, over, _ = path[last]
    earned = sum(discount ** (k - t) * path[k][0] for k in range(t, last + 1))
    return earned + (0 if over else discount ** (last + 1 - t) * after)


def test_a_time_limit_is_not_the_end_of_the_game():
    """A reward of 1 in every round, cut or over after ten: the values that reproduce themselves."""
    rounds, discount = 10, 0.99
    ones, last = np.ones((rounds, 1)), (np.arange(rounds) == rounds - 1)[:, None]

    def returns(value, terminated, truncated):
        after = np.full((rounds, 1), value)
        return np.asarray(discounted_returns(ones, after, terminated, truncated, discount=discount))

    def fixed_point(terminated, truncated):
        """Of a critic that does not see the clock: value ↦ mean of its targets is affine, so solved exactly."""
        start, one = (returns(value, terminated, truncated).mean() for value in (0.0, 1.0))
        return start / (1.0 - (one - start))

    assert fixed_point(~last & last, last) == pytest.approx(100.0, rel=1e-12)
    seen_with_the_clock = returns(0.0, last, ~last & last)[:, 0]
    np.testing.assert_allclose(seen_with_the_clock, [(1 - 0.99 ** (10 - t)) / 0.01 for t in range(10)], rtol=1e-12)
    assert seen_with_the_clock[0] == pytest.approx(9.5618, abs=5e-5)
    # and advantages of any trace vanish exactly at these values
    for trace in (0.0, 0.5, 1.0):
        hundred = np.full((rounds, 1), 100.0)
        flat = gae(ones, hundred, hundred, ~last & last, last, discount=discount, trace=trace)
        clock = seen_with_the_clock[:, None]
        ending = gae(ones, clock, np.append(clock[1:], [[55.0]], 0), last, ~last & last, discount=discount, trace=trace)
        np.testing.assert_allclose(np.concatenate([flat, ending]), 0.0, atol=1e-12)
