"""Fighters that learn: the gradient against finite differences, steps that rise, and populations of policies."""

import numpy as np
import pytest

from nashscape import environments, populations
from nashscape.core import InputError
from nashscape.populations.arenas import Opponents
from nashscape.populations.duel_arenas import advantages, stepped


@pytest.fixture(scope="module")
def arena():
    return populations.duel_arena(environments.duel(health=1, start=1), updates=8)


def drawn(arena, count, seed=0):
    random = np.random.default_rng(seed)
    return [arena.start(0, random) for _ in range(count)]


def mean_payoff(arena, policy, others, weights):
    return sum(w * arena.payoffs((policy, other))[0] for other, w in zip(others, weights, strict=True))


def test_the_gradient_of_a_mixture_is_that_of_finite_differences(arena):
    policy, *others = drawn(arena, 4)
    weights, way = np.array([0.5, 0.3, 0.2]), np.random.default_rng(1).normal(size=policy.shape)
    visits, gained = advantages(arena.duel, policy, others, weights)
    slope = float((visits[:, None] * policy * gained * way).sum())

    def moved(step):
        powers = np.log(policy) + step * way
        return np.exp(powers) / np.exp(powers).sum(axis=1, keepdims=True)

    ends = [mean_payoff(arena, moved(step), others, weights) for step in (1e-4, -1e-4)]
    assert slope == pytest.approx((ends[0] - ends[1]) / 2e-4, rel=1e-4)
    assert abs(slope) > 1e-3


def test_a_small_step_rises_and_a_step_is_smaller_where_nobody_comes(arena):
    policy, *others = drawn(arena, 3, seed=2)
    weights = np.array([0.6, 0.4])
    before = mean_payoff(arena, policy, others, weights)
    after = stepped(arena.duel, policy, others, weights, rate=0.05, rounds=100)
    assert mean_payoff(arena, after, others, weights) > before
    visits = advantages(arena.duel, policy, others, weights)[0]
    far = [np.abs(np.log(stepped(arena.duel, policy, others, weights, rate=0.5, rounds=r) / policy)).max(axis=1)
           for r in (1.0, 1e6)]  # fmt: skip
    seldom = arena.duel.chooses & (visits < 0.01)
    assert far[0][seldom].max() < 0.02
    assert far[1][seldom].max() > 0.2


def test_responses_begin_where_they_are_told_and_meet_whom_they_are_told(arena):
    policy, one, other = drawn(arena, 3, seed=3)
    random = np.random.default_rng(0)
    against = {}
    for side in (0, 1):
        for k, opponent in enumerate((one, other)):
            profile = (None, opponent) if side == 0 else (opponent, None)
            found = arena.respond(side, Opponents((profile,), np.ones(1)), policy, random)
            against[side, k] = found
            assert arena.payoffs((found, opponent))[0] > arena.payoffs((policy, opponent))[0] + 0.1
            assert arena.payoffs((found, opponent))[0] <= arena.best(0, (None, opponent)) + 1e-9
    np.testing.assert_array_equal(against[0, 0], against[1, 0])
    assert np.abs(against[0, 0] - against[0, 1]).max() > 0.1


def test_alone_with_itself_it_meets_itself_as_it_is(arena):
    policy = drawn(arena, 1, seed=4)[0]
    found = arena.respond(0, Opponents((), np.zeros(0), 1.0), policy, np.random.default_rng(0))
    by_hand = policy
    for _ in range(arena.updates):
        by_hand = stepped(arena.duel, by_hand, [by_hand], np.ones(1), rate=arena.rate, rounds=arena.rounds)
    np.testing.assert_array_equal(found, by_hand)


def test_many_opponents_are_drawn_as_often_as_they_are_met():
    arena = populations.duel_arena(environments.duel(health=1, start=1), updates=1, drawn=1)
    policy, *others = drawn(arena, 4, seed=5)
    met = Opponents(tuple((None, own) for own in others), np.array([0.0, 0.9, 0.1]))
    alone = [stepped(arena.duel, policy, [own], np.ones(1), rate=arena.rate, rounds=arena.rounds) for own in others]
    random = np.random.default_rng(0)
    found = [arena.respond(0, met, policy, random) for _ in range(60)]
    counts = [sum(np.array_equal(own, one) for own in found) for one in alone]
    assert counts[0] == 0
    assert sum(counts) == 60
    assert 1 <= counts[2] <= 15


def test_pools_of_policies_grow_and_nobody_gains_more_than_the_most(arena):
    grown = populations.grow(arena, "psro", generations=3, seed=2, until=None)
    assert grown.gains.shape == (4, 2)
    assert len(grown.members[0]) == 4
    assert (grown.gains <= grown.limit + 1e-9).all()
    again = populations.grow(arena, "psro", generations=3, seed=2, until=None)
    np.testing.assert_array_equal(grown.gains, again.gains)


def test_the_best_gain_is_exact_where_the_answer_is_one_policy(arena):
    grown = populations.grow(arena, "self-play", generations=1, until=None)
    newest = grown.members[0][-1]
    assert grown.limit[-1, 0] == pytest.approx(arena.duel.best_response(newest)[0], abs=1e-12)


@pytest.mark.parametrize("wrong", [{"updates": 0}, {"rate": 0.0}, {"rounds": -1}, {"drawn": 0}])
def test_wrong_numbers_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        populations.duel_arena(environments.duel(health=1), **wrong)
