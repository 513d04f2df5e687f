"""The estimator that plays: what it gives, from which episodes, and what it refuses."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games, neural
from nashscape.core import InputError
from nashscape.core.plain_data import plain
from nashscape.learning import step_key
from nashscape.learning.plays.estimator import played
from nashscape.learning.plays.terms_of_plays import terms_of_plays
from nashscape.semantics import parametric
from nashscape.testing import check_estimator


@pytest.mark.long
def test_the_kit_passes_fresh_episodes(pair_of):
    pair = pair_of((2, 3))
    check_estimator(played(8), pair.played, exactly=pair.exactly, draws=1000)


@pytest.mark.long
def test_the_kit_passes_rounds_that_go_on(pair_of):
    check_estimator(played(4, rounds=2, fresh=False), pair_of((2, 3)).played)


@pytest.mark.long
def test_the_kit_says_where_another_game_is_meant(pair_of):
    pair, other = pair_of((2, 3)), pair_of((2, 3), seed=1)
    with pytest.raises(AssertionError, match="draws of base lies"):
        check_estimator(played(64), pair.played, exactly=other.exactly, draws=200)
    with pytest.raises(InputError, match="must have the parameters of"):
        check_estimator(played(8), pair.played, exactly=pair_of((2, 2)).exactly, draws=200)


@pytest.mark.long
def test_fresh_episodes_are_whole_and_the_terms_are_theirs(pair_of):
    pair = pair_of((2, 3))
    theta = jnp.asarray(pair.theta, jnp.float32)
    estimator = played(6, form="published").for_game(pair.played)

    @jax.jit
    def found(key):
        terms = estimator.estimate(pair.played, theta, key)
        return (
            terms,
            terms_of_plays(pair.played, theta, terms.plays, form="published"),
            estimator.estimate(pair.played, theta, key, frozenset({"plays", "peer"})),
        )

    terms, again, few = found(step_key(0, start=3))
    assert set(terms) == estimator.gives == {"base", "own", "peer", "lookahead", "plays"}
    assert set(few) == {"peer", "plays"}
    plays = terms.plays
    assert plays.begins.shape == (3, 6)
    assert plays.begins[0].all()
    assert plays.ended[-1].all()
    assert not plays.begins[1:].any()
    for name in again:
        np.testing.assert_allclose(getattr(terms, name), getattr(again, name), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(few.peer, terms.peer, rtol=1e-5, atol=1e-6)


@pytest.mark.long
def test_rounds_that_go_on_begin_by_the_run_and_continue(pair_of):
    pair = pair_of((2, 3))
    theta = jnp.asarray(pair.theta, jnp.float32)
    estimator = played(64, rounds=2, fresh=False)
    tell = jax.jit(lambda key, state: estimator.answer(pair.played, theta, key, None, state))
    state = jax.jit(lambda: estimator.init(pair.played, theta))()
    first, after = tell(step_key(0), state)
    other, _ = tell(step_key(0, start=1), state)
    assert set(first) == estimator.gives == {"plays"}
    # runs have episodes of their own, from the first round on
    assert first.plays.begins[0].all()
    assert (np.asarray(first.plays.observations[0][0]) != np.asarray(other.plays.observations[0][0])).any()
    second, last = tell(step_key(0, step=1), after)
    # three rounds are an episode: its last one comes first, and then a new one begins
    assert not second.plays.begins[0].any()
    assert second.plays.ended[0].all()
    assert second.plays.begins[1].all()
    np.testing.assert_array_equal(first.plays.after[0][-1], second.plays.observations[0][0])
    assert bool(after[1])
    assert bool(last[1])


class Echo(eqx.Module):
    """Remembers in single precision what it saw, before the first round."""

    weights: Any

    def memory(self):
        return np.zeros(2, np.float32)

    def __call__(self, seen, before):
        after = jnp.tanh(self.weights @ seen + before)
        return after, after


@pytest.mark.parametrize("double", [False, True])
def test_what_it_remembers_keeps_its_types_in_both_precisions(double):
    environment = environments.of_game(games.repeated(games.prisoners_dilemma(), discount=0.9), limit=8)
    learners = parametric(environment, neural.policies(environment, Echo(np.ones((2, 3), np.float32))))
    estimator = played(4, rounds=3, fresh=False)
    with jax.enable_x64(double):
        theta = jax.ShapeDtypeStruct((learners.dimension,), "float64" if double else "float32")
        state = jax.eval_shape(lambda own: estimator.init(learners, own), theta)
        after = jax.eval_shape(
            lambda own, kept: estimator.answer(learners, own, step_key(0), None, kept)[1], theta, state
        )
    assert [own.dtype for own in jax.tree.leaves(state)] == [own.dtype for own in jax.tree.leaves(after)]
    assert {own.dtype for own in jax.tree.leaves(state[0].memory)} == {theta.dtype}


def test_what_it_gives_depends_on_whether_episodes_are_fresh():
    assert played(8).unbiased is True
    assert played(8, rounds=2).unbiased is None
    assert played(8, form="published").unbiased is False
    assert played(8, trace=0.5).unbiased is False
    assert not played(8).exact
    asked = {"batch": 8, "rounds": None, "fresh": True, "form": "unbiased", "baseline": "leave-one-out"}
    assert plain(played(8)) == asked | {"reward_to_go": True, "trace": 1.0}
    assert repr(played(8, rounds=5, fresh=False)) == "played(8, rounds=5, fresh=False)"
    assert eval(repr(played(8, trace=0.5)), {"played": played}) == played(8, trace=0.5)


@pytest.mark.long
def test_a_trace_is_an_argument_of_the_program(pair_of):
    pair = pair_of((2, 3))
    theta, traced = jnp.asarray(pair.theta, jnp.float32), []

    @jax.jit
    def peer(estimator):
        traced.append(1)
        return estimator.estimate(pair.played, theta, step_key(0), frozenset({"peer"})).peer

    ends = [peer(played(8, trace=trace)) for trace in (0.0, 0.5, 1.0)]
    assert traced == [1]
    assert np.abs(ends[0] - ends[1]).max() > 1e-3


def endless():
    game = games.repeated(games.prisoners_dilemma(), discount=0.9)
    environment = environments.of_game(game, limit=8)
    return parametric(environment, neural.perceptrons(environment, hidden=(2,)))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda _: played(3), "an even number of episodes"),
        (lambda _: played(0), "batch must be at least 1"),
        (lambda _: played(4, rounds=0), "rounds must be at least 1"),
        (lambda _: played(4, form="unbaised"), "did you mean 'unbiased'"),
        (lambda _: played(4, trace=1.5), "trace"),
        (lambda _: played(4).for_game(parametric(games.stag_hunt())), r"use exact\(\), sampled\(\) or episodes\(\)"),
        (lambda pair: played(4, rounds=4).for_game(pair.played), "over after 3 rounds"),
    ],
)
def test_what_does_not_fit_is_refused(call, said, pair_of):
    with pytest.raises(InputError, match=said):
        call(pair_of((2, 3)))


def test_a_limit_is_the_length_of_an_episode(pair_of):
    learners = endless()
    assert played(4).for_game(learners).rounds is None
    assert played(4, rounds=8).for_game(learners).unbiased
    assert played(4, rounds=5).for_game(learners).unbiased is None
    assert played(4, rounds=2).for_game(pair_of((2, 3)).played).rounds == 2
