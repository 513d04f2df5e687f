"""Rounds of many episodes side by side: what is stored, when memory is fresh, and what other weights make of them."""

import dataclasses
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import InputError, games, neural, parametric
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import discrete, reals
from nashscape.learning.keys import step_key
from nashscape.learning.plays.collecting import begin, evaluate, play
from nashscape.learning.plays.randomness import BEGINNING, DRAWING, EVALUATING, MINIBATCHES, UPDATING, key_of
from nashscape.learning.plays.records import Plays

ROUNDS, BATCH = 11, 6
SAME = 1e-6
"""Of log-probabilities that are computed once for each round and once for all, in single precision."""


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class Uneven:
    """Episodes of 2 to 4 rounds that end in both ways. Player 1 may not choose the number that it sees; player 2
    chooses a point between −1 and 1, and is paid just that."""

    bonus: float = 2.0

    name = "uneven"
    players = ("first", "second")
    offers = frozenset({"plays"})
    observation_spaces = (reals(2), discrete(3))
    action_spaces = (discrete(3), reals((1, 1), low=-1.0, high=1.0))
    discount = 0.9
    horizon = 4

    def reset(self, key):
        k, length = jax.random.randint(key, (2,), 0, 3)
        return self._seen((k, jnp.int32(0), length + 2))

    def legal(self, state):
        return jnp.arange(3) != state[0], None

    def step(self, key, state, actions):
        k, t, length = state
        k = (k + actions[0] + jax.random.bernoulli(key)) % 3
        state, seen = self._seen((k, t + 1, length))
        over = t + 1 >= length
        rewards = jnp.stack([self.bonus * k, actions[1][0, 0]])
        return Step(state, seen, rewards, over & (k > 0), over & (k == 0), {"number": k})

    def exact(self):
        return None

    def _seen(self, state):
        return state, (jnp.stack([state[0] - 1.0, state[1] / 4]), state[0])


class Toy(eqx.Module):
    """`h = tanh(w h + o)`, and the logit of the first action is `v h`."""

    w: Any
    v: Any

    def memory(self):
        return jnp.zeros(())

    def __call__(self, seen, memory):
        memory = jnp.tanh(self.w * memory + seen[0])
        return jnp.stack([self.v * memory, 0.0 * memory]), memory


@dataclasses.dataclass(frozen=True)
class Alone:
    """What one player of the toy sees and does; it is not played here."""

    name = "alone"
    players = ("only",)
    offers = frozenset({"plays"})
    observation_spaces = (reals(1),)
    action_spaces = (discrete(2),)
    discount, horizon = 1.0, None

    def reset(self, key): ...
    def step(self, key, state, actions): ...
    def legal(self, state): ...
    def exact(self): ...


jax.tree_util.register_static(Alone)
played = jax.jit(play, static_argnames=("rounds", "greedy"))
evaluated = jax.jit(evaluate)


@pytest.fixture(scope="module", params=["perceptrons", "recurrent"])
def rounds(request):
    """Learners, weights, and rounds that begin in the middle of episodes."""
    make = {"perceptrons": neural.perceptrons, "recurrent": neural.recurrent}[request.param]
    environment = Uneven()
    learners = parametric(environment, make(environment, *([(5,)] if request.param[0] == "p" else [4]), last=1.5))
    theta = learners.semantics.initial(jax.random.key(7))
    start = begin(learners, jax.random.key(0), BATCH)
    _, middle = played(learners, theta, jax.random.key(1), start, rounds=ROUNDS)
    plays, _ = played(learners, theta, jax.random.key(2), middle, rounds=ROUNDS)
    return learners, theta, plays, middle


@pytest.mark.long
def test_log_probabilities_are_those_that_were_stored(rounds):
    learners, theta, plays, _ = rounds
    assert plays.begins[1:].any()
    assert not plays.begins[0].all()
    made = evaluated(learners, theta, plays)
    for logs, stored in zip(made.log_probs, plays.log_probs, strict=True):
        np.testing.assert_allclose(logs, stored, atol=SAME, rtol=0)
    other = evaluated(learners, theta * 1.1, plays)
    assert all(np.abs(one - stored).max() > 1e-3 for one, stored in zip(other.log_probs, plays.log_probs, strict=True))


@pytest.mark.long
def test_numbers_are_those_of_the_modules_round_by_round(rounds):
    learners, theta, plays, _ = rounds
    made = evaluated(learners, theta, plays)
    for i, module in enumerate(learners.semantics.players(theta)):
        memory = jax.tree.map(lambda own: own[0], plays.memory[i])
        for t in range(ROUNDS):
            seen = plays.observations[i][t, 0]
            if hasattr(module, "memory"):
                numbers, memory = module(seen, module.memory() if plays.begins[t, 0] else memory)
            else:
                numbers = module(seen)
            np.testing.assert_allclose(made.numbers[i][t, 0], numbers, atol=1e-5)


@pytest.mark.long
def test_where_an_episode_ends_another_begins(rounds):
    _, _, plays, middle = rounds
    assert plays.terminated.any()
    assert plays.truncated.any()
    assert not (plays.terminated & plays.truncated).any()
    np.testing.assert_array_equal(plays.begins[1:], plays.ended[:-1])
    np.testing.assert_array_equal(plays.begins[0], middle.begins)
    for seen, after in zip(plays.observations, plays.after, strict=True):
        goes_on = ~np.asarray(plays.ended[:-1])
        np.testing.assert_array_equal(np.asarray(seen[1:])[goes_on], np.asarray(after[:-1])[goes_on])
    clock, last = plays.observations[0][..., 1] * 4, plays.after[0][..., 1] * 4
    np.testing.assert_array_equal(clock == 0, plays.begins)
    # the last observation of an episode is its own, not the first of the next one
    assert (np.asarray(last)[np.asarray(plays.ended)] >= 2).all()
    np.testing.assert_array_equal(plays.rewards[..., 0], 2.0 * plays.measures["number"])


def test_what_is_not_legal_is_not_played_and_the_mask_is_stored(rounds):
    _, _, plays, _ = rounds
    np.testing.assert_array_equal(plays.legal[0], np.arange(3) != np.asarray(plays.observations[1])[..., None])
    assert np.take_along_axis(np.asarray(plays.legal[0]), np.asarray(plays.actions[0])[..., None], axis=-1).all()
    assert plays.legal[1] is None


def test_points_are_stored_as_drawn_and_clipped_where_they_are_played(rounds):
    learners, theta, plays, _ = rounds
    drawn = np.asarray(plays.actions[1])
    assert drawn.shape == (ROUNDS, BATCH, 1)
    assert (np.abs(drawn) > 1).any()
    np.testing.assert_array_equal(plays.rewards[..., 1], np.clip(drawn[..., 0], -1, 1))
    mean, spread = np.moveaxis(np.asarray(evaluated(learners, theta, plays).numbers[1], float), -1, 0)
    density = np.exp(-0.5 * ((drawn[..., 0] - mean) / np.exp(spread)) ** 2) / np.exp(spread) / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(plays.log_probs[1], np.log(density), atol=1e-5)


def test_earlier_episodes_have_no_part_in_the_present_one(rounds):
    learners, theta, plays, _ = rounds
    before = np.asarray(evaluated(learners, theta, plays).log_probs[0])
    first = np.array([np.flatnonzero(own)[-1] for own in np.asarray(plays.begins).T])
    assert (first > 0).all()
    past = np.arange(ROUNDS)[:, None] < first
    turned = tuple(
        jnp.where(jnp.asarray(past).reshape(*past.shape, *[1] * (own.ndim - 2)), own[:, ::-1], own)
        for own in plays.observations
    )
    after = np.asarray(evaluated(learners, theta, dataclasses.replace(plays, observations=turned)).log_probs[0])
    np.testing.assert_array_equal(after[~past], before[~past])
    assert np.abs(after - before)[past].max() > 1e-3


@pytest.mark.long
def test_an_episode_is_the_same_whatever_is_played_beside_it(rounds):
    learners, theta, _, _ = rounds
    few, many = begin(learners, jax.random.key(3), 3), begin(learners, jax.random.key(3), BATCH)
    short, _ = played(learners, theta, jax.random.key(4), few, rounds=ROUNDS)
    wide, _ = played(learners, theta, jax.random.key(4), many, rounds=ROUNDS)
    np.testing.assert_array_equal(short.actions[0], wide.actions[0][:, :3])
    np.testing.assert_allclose(short.actions[1], wide.actions[1][:, :3], atol=1e-5)
    other, _ = played(learners, theta, jax.random.key(5), many, rounds=ROUNDS)
    assert (np.asarray(other.actions[0]) != np.asarray(wide.actions[0])).any()


def test_greedy_players_take_the_likeliest_action(rounds):
    learners, theta, _, middle = rounds
    plays, _ = played(learners, theta, jax.random.key(2), middle, rounds=ROUNDS, greedy=True)
    made = evaluated(learners, theta, plays)
    logits = np.where(np.asarray(plays.legal[0]), made.numbers[0], -np.inf)
    np.testing.assert_array_equal(plays.actions[0], logits.argmax(axis=-1))
    np.testing.assert_array_equal(plays.actions[1][..., 0], made.numbers[1][..., 0])


def test_memory_is_fresh_with_the_first_observation_and_not_with_the_last():
    """The toy of a public fault: the reset one step late has ratios (1, .51262, .84954, .91478)."""
    seen, done = np.array([1.0, -0.5, 0.7, 0.2]), np.array([False, True, False, False])

    def chances(fresh):
        made, h = [], 0.0
        for observation, begins in zip(seen, fresh, strict=True):
            h = np.tanh(0.8 * (0.0 if begins else h) + observation)
            made.append(1.0 / (1.0 + np.exp(-2.0 * h)))
        return np.array(made)

    begins = np.array([True, *done[:-1]])
    right, late = chances(begins), chances(done)
    np.testing.assert_allclose(late / right, [1.0, 0.51262, 0.84954, 0.91478], atol=5e-6)

    learners = parametric(Alone(), neural.policies(Alone(), Toy(np.float32(0.8), np.float32(2.0))))
    column = {"terminated": done[:, None], "truncated": np.zeros((4, 1), bool), "begins": begins[:, None]}
    plays = Plays(
        observations=(jnp.asarray(seen[:, None, None]),), actions=(jnp.zeros((4, 1), jnp.int32),),
        log_probs=(jnp.log(right)[:, None],), legal=(None,), rewards=jnp.zeros((4, 1, 1)),
        after=(jnp.zeros((4, 1, 1)),), memory=(jnp.full(1, 9.0),), measures={},
        **jax.tree.map(jnp.asarray, column),
    )  # fmt: skip
    made = evaluate(learners, learners.semantics.weights(), plays)
    np.testing.assert_allclose(np.exp(made.log_probs[0] - plays.log_probs[0])[:, 0], np.ones(4), atol=SAME)


def test_keys_of_different_seeds_starts_steps_and_purposes_are_different():
    purposes = (UPDATING, MINIBATCHES, EVALUATING, BEGINNING, DRAWING)
    words = [
        (seed, start, step, purpose)
        for seed in range(10)
        for start in range(20)
        for step in range(3)
        for purpose in purposes
    ]
    columns = [jnp.asarray(own, jnp.uint32) for own in zip(*words, strict=True)]

    def made(seed, start, step, purpose):
        where = dataclasses.replace(step_key(0), seed_low=seed, start=start, step=step)
        return jax.random.key_data(key_of(where, purpose))

    keys = np.asarray(jax.jit(jax.vmap(made))(*columns))
    assert len(np.unique(keys, axis=0)) == len(words) == 3000


def test_what_is_not_played_by_policies_is_refused():
    with pytest.raises(InputError, match=r"to play round by round takes a game .*'plays'"):
        begin(parametric(games.stag_hunt()), jax.random.key(0), 4)
    learners = parametric(Uneven(), neural.perceptrons(Uneven()))
    with pytest.raises(InputError, match="batch must be"):
        begin(learners, jax.random.key(0), 0)
