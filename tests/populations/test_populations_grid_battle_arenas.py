"""Teams that learn on a grid: the gradient against finite differences, whom they meet, and where they come to rest."""

import numpy as np
import pytest

from nashscape import environments, populations
from nashscape.core import InputError
from nashscape.populations.arenas import Opponents
from nashscape.populations.grid_battle_arenas import advantages, stepped
from nashscape.populations.policy_steps import LEAST


@pytest.fixture(scope="module")
def arena():
    battle = environments.grid_battle(rows=2, columns=3, turns=2, force=1, reach=1, ground=0.05)
    return populations.grid_battle_arena(battle, updates=6, spread=1.0)


def drawn(arena, count, seed=0):
    random = np.random.default_rng(seed)
    return [arena.start(0, random) for _ in range(count)]


def mean_payoff(arena, policy, others, weights):
    return sum(w * arena.payoffs((policy, other))[0] for other, w in zip(others, weights, strict=True))


def test_the_gradient_of_a_mixture_is_that_of_finite_differences(arena):
    policy, *others = drawn(arena, 4)
    weights, way = np.array([0.5, 0.3, 0.2]), np.random.default_rng(1).normal(size=policy.shape)
    visits, gained = advantages(arena.battle, policy, others, weights)
    for member in range(2):
        own = way * (np.arange(2) == member)[:, None, None]
        slope = float((visits[:, None] * policy * gained * own).sum())

        def moved(step, own=own):
            powers = policy * np.exp(step * own)
            return powers / powers.sum(axis=-1, keepdims=True)

        ends = [mean_payoff(arena, moved(step), others, weights) for step in (1e-4, -1e-4)]
        assert slope == pytest.approx((ends[0] - ends[1]) / 2e-4, rel=1e-4)
        assert abs(slope) > 1e-3


def test_nobody_does_what_is_not_allowed_and_nothing_else_is_given_up(arena):
    policy, other = drawn(arena, 2, seed=1)
    for _ in range(30):
        policy = stepped(arena.battle, policy, [other], np.ones(1), rate=50.0, rounds=1e4)
    assert (policy[~arena.battle.allowed] == 0).all()
    assert policy[arena.battle.allowed].min() >= LEAST / (1 + 6 * LEAST)
    np.testing.assert_allclose(policy.sum(axis=-1), 1.0, atol=1e-12)
    assert arena.payoffs((policy, other))[0] <= arena.best(0, (None, other)) + 1e-12


def test_responses_begin_where_they_are_told_and_meet_whom_they_are_told(arena):
    policy, one, other = drawn(arena, 3, seed=3)
    random, against = np.random.default_rng(0), {}
    for side in (0, 1):
        for k, opponent in enumerate((one, other)):
            profile = (None, opponent) if side == 0 else (opponent, None)
            found = arena.respond(side, Opponents((profile,), np.ones(1)), policy, random)
            against[side, k] = found
            assert arena.payoffs((found, opponent))[0] > arena.payoffs((policy, opponent))[0] + 0.1
            assert arena.best(side, profile) == arena.battle.best_response(opponent).value
    np.testing.assert_array_equal(against[0, 0], against[1, 0])
    assert np.abs(against[0, 0] - against[0, 1]).max() > 0.1


def test_alone_with_itself_it_meets_itself_as_it_is(arena):
    policy = drawn(arena, 1, seed=4)[0]
    found = arena.respond(0, Opponents((), np.zeros(0), 1.0), policy, np.random.default_rng(0))
    by_hand = policy
    for _ in range(arena.updates):
        by_hand = stepped(arena.battle, by_hand, [by_hand], np.ones(1), rate=arena.rate, rounds=arena.rounds)
    np.testing.assert_array_equal(found, by_hand)


def test_self_play_comes_to_rest_where_no_member_gains_alone_and_a_team_does():
    arena = populations.grid_battle_arena(environments.grid_battle())
    grown = populations.grow(arena, "self-play", generations=2, seed=11, until=None)
    newest = grown.members[0][-1]
    alone = [arena.battle.best_alone(newest, newest, member).value for member in range(2)]
    assert max(alone) < 0.02
    assert grown.limit[-1, 0] == pytest.approx(arena.battle.best_response(newest).value, abs=1e-12)
    assert grown.limit[-1, 0] > 0.15
    assert (grown.gains <= grown.limit + 1e-9).all()


@pytest.mark.parametrize("wrong", [{"updates": 0}, {"rate": 0.0}, {"rounds": -1}, {"drawn": 0}, {"spread": -1}])
def test_wrong_numbers_are_refused(arena, wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        populations.grid_battle_arena(arena.battle, **wrong)
