"""Minimax policies of duels: a closed form, nothing to gain anywhere, and value iteration over matrix games."""

import numpy as np
import pytest

from nashscape import environments, theory
from nashscape.core import InputError
from nashscape.environments.duels.meetings import best_response
from nashscape.theory.zero_sum import duel_minimax


def core(discount, **more):
    return environments.duel(
        health=1, widest=0, start=0, actions=["attack", "guard", "throw"], discount=discount, **more
    )


@pytest.mark.parametrize("discount", [0.9, 0.6])
def test_the_core_has_the_equilibrium_of_a_circle_of_three(discount):
    """Attack beats throw by A, throw beats guard by B, guard beats attack by C: chances are as B, A and C.

    Pay is γ for every frame before: one before an attack meets a throw, and a throw a guard; four before the attack
    that punishes a guarded one.
    """
    found = theory.duel_minimax(core(discount))[0]
    weights = np.array([discount, discount, discount**4])
    np.testing.assert_allclose(found, weights / weights.sum(), atol=1e-9)


def test_a_throw_that_is_seen_before_it_comes_is_never_chosen():
    slow = core(0.8, throw=environments.Blow(start_up=3, recovery=4, reach=0))
    assert theory.duel_minimax(slow)[0, 2] < 1e-9


def test_nothing_is_gained_against_it_from_any_state_on():
    duel = environments.duel(health=2)
    policy = theory.duel_minimax(duel)
    values = best_response(duel.tables, policy)[1]
    np.testing.assert_allclose(values, -values[duel.tables.mirror], atol=1e-7)
    assert abs(values[0]) < 1e-7
    assert np.abs(values).max() > 0.5
    for other in environments.duel_characters(duel).values():
        assert duel.payoffs(policy, other)[0] > -1e-7


def test_the_slow_way_comes_to_the_same(monkeypatch):
    duel = environments.duel(health=1, discount=0.7)
    quick = best_response(duel.tables, theory.duel_minimax(duel))[1]
    monkeypatch.setattr(duel_minimax, "QUICK_ROUNDS", 0)
    slow = best_response(duel.tables, theory.duel_minimax(duel, tolerance=1e-4))[1]
    np.testing.assert_allclose(quick, slow, atol=1e-4)


def test_rewards_that_are_not_zero_sum_are_refused():
    with pytest.raises(InputError, match='take reward="result"'):
        theory.duel_minimax(environments.duel(health=1, reward="shaped"))
    with pytest.raises(InputError, match="tolerance"):
        theory.duel_minimax(environments.duel(health=1), tolerance=0)
