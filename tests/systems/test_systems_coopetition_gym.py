"""Constants, sequences, games of one round and documents of Coopetition-Gym against brute force; the card."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments
from nashscape.systems.coopetition_gym import constant_play, documented, parity, stages


@pytest.fixture(scope="module")
def hold_up():
    return environments.coopetition_gym("PartnerHoldUp", limit=4, endowment=[30.0, 20.0], baseline=[12.0, 9.0])


def by_hand(env, shares, mode):
    """What all get together on one sequence, step by step through the environment, and how many rounds it lasts."""
    with jax.enable_x64(True):
        step, state, total = jax.jit(env.step), env.reset(jax.random.key(0))[0], 0.0
        for rounds, own in enumerate(shares, 1):  # noqa: B007 - the last one is told
            actions = tuple(jnp.array([share * most]) for share, most in zip(own, env.tops, strict=True))
            after = step(jax.random.key(1), state, actions)
            state, total = after.state, total + float(after.measures[mode].sum())
            if after.terminated:
                break
        return total, rounds


def test_plays_are_those_of_the_environment_and_stop_where_it_ends(hold_up):
    random = np.random.default_rng(2).uniform(0, 1, (6, 2))
    told = constant_play.total_of(hold_up, random, "private")
    wanted = [by_hand(hold_up, np.repeat(own[None], 4, axis=0), "private") for own in random]
    np.testing.assert_allclose(told, [total for total, _ in wanted], rtol=1e-12)
    assert {3, 4} <= {rounds for _, rounds in wanted}


@pytest.mark.parametrize("mode", ["private", "integrated"])
def test_no_constant_action_of_a_fine_grid_is_better(hold_up, mode):
    best = constant_play.best_constant(hold_up, mode)
    fine = np.stack(np.meshgrid(*[np.linspace(0, 1, 81)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    found = constant_play.total_of(hold_up, fine, mode)
    assert best.total >= found.max()
    assert best.total == pytest.approx(found.max(), rel=1e-3)
    np.testing.assert_allclose(best.shares, fine[found.argmax()], atol=0.03)
    assert best.total == pytest.approx(by_hand(hold_up, np.repeat(best.shares[None], 4, axis=0), mode)[0], rel=1e-12)


def test_players_are_of_one_group_where_their_numbers_are_alike():
    star = constant_play.groups(environments.coopetition_gym("PlatformEcosystem"))
    assert (len(set(star[1:])), star[0] in star[1:]) == (1, False)
    assert len(set(constant_play.groups(environments.coopetition_gym("AppleAppStore")))) == 3
    assert set(constant_play.groups(environments.coopetition_gym("GraduatedSanction"))) == {0}


def test_ascent_finds_the_best_sequence_of_two_rounds():
    env = environments.coopetition_gym("PartnerHoldUp", limit=2, sharpness=0.02)
    grid = np.linspace(0.2, 0.6, 9)
    points = np.stack(np.meshgrid(*[grid] * 4, indexing="ij"), axis=-1).reshape(-1, 2, 2)
    brute = max(constant_play.played(env, points).returns("integrated").sum(axis=1))
    found = constant_play.best_sequence(env, "integrated", np.full((1, 2, 2), 0.4), 200)
    assert found[0] >= brute
    assert found[0] == pytest.approx(brute, rel=2e-3)


@pytest.mark.parametrize("name", ["PartnerHoldUp", "AppleAppStore", "PlatformEcosystem"])
def test_in_a_stage_equilibrium_nobody_gains_by_doing_something_else(name):
    env = environments.coopetition_gym(name, limit=1)
    weights = 0.7 * np.asarray(env.numbers["dependence"])
    low, high = stages.stage_equilibria(env, weights)
    np.testing.assert_allclose(low, high, atol=stages.ALIKE)
    endowment, share, gamma = env.numbers["endowment"], env.numbers["share"], env.numbers["synergy"][0]

    def paid(invested, i):
        own = endowment - invested + env.numbers["worth"] * np.log1p(invested)
        own = own + share * gamma * np.prod(invested) ** (1 / len(invested))
        return own[i] + weights[i] @ own

    for i, most in enumerate(endowment):
        for other in np.linspace(0, most, 400):
            assert paid(np.where(np.arange(len(low)) == i, other, low), i) <= paid(low, i) + 1e-9


def test_optimum_and_equilibrium_of_players_who_are_alike_are_the_closed_forms():
    env = environments.coopetition_gym("TeamProduction")
    grid = np.linspace(0, 50, 5001)
    alone = 50 - grid + 20 * np.log1p(grid) + 0.65 / 4 * grid
    assert stages.optimum(env) == pytest.approx(grid[alone.argmax()], abs=0.01)
    trust = stages.trust_at_baseline(env)
    at = stages.stage_equilibria(env, trust * np.asarray(env.numbers["dependence"]))[0]
    np.testing.assert_allclose(at, 20.0, atol=1e-8)


def test_best_responders_lose_trust_below_the_threshold_and_win_it_above():
    env = environments.coopetition_gym("TeamProduction")
    down, up = (stages.trust_of_responders(env, trust) for trust in (0.09, 0.13))
    assert (np.diff(down) <= 0).all()
    assert (np.diff(up) >= 0).all()
    assert (down[-1] < 1e-3, up[-1] > 0.99) == (True, True)
    below = stages.trust_of_responders(environments.coopetition_gym("SLCD"), 0.9)
    assert below[-1] < 1e-6


def test_shares_from_which_nobody_goes_are_those_of_the_closed_form_where_rules_are_idle():
    env = environments.coopetition_gym("TeamProduction", limit=1)
    equilibrium = float(stages.stage_equilibria(env, np.zeros((4, 4)))[0][0]) / 50
    assert np.abs(stages.alike_in_first_round(env, "private", 101) - equilibrium).max() < 0.02


def test_documented_formulas_are_those_of_the_documents():
    invested = np.array([5.0, 45.0, 10.0, 40.0])
    np.testing.assert_allclose(documented.team_payoffs(invested), 25 * 100**0.7 / 4 - invested)
    np.testing.assert_allclose(documented.public_good_payoffs(50.0, invested), 50 - invested + 2 * 100 / 4)
    own, optimum = documented.team_efforts(4)
    grid = np.linspace(3000, 4000, 10001)
    assert grid[(25 * (4 * grid) ** 0.7 / 4 - grid).argmax()] == pytest.approx(optimum, abs=0.2)
    near = np.linspace(own - 5, own + 5, 10001)
    gains = 25 * (3 * own + near) ** 0.7 / 4 - near
    assert near[gains.argmax()] == pytest.approx(own, abs=0.01)


def test_no_actions_move_a_factor_further_than_the_bound():
    env = environments.coopetition_gym("AppleAppStore", trust=1.0)
    bound = documented.largest_answer(env.rules[0], env.numbers)
    np.testing.assert_allclose(bound, [0.0058, 0.0171, 0.0181], atol=6e-5)
    random, most, step = np.random.default_rng(0), np.zeros(3), jax.jit(env.step)
    state = env.reset(jax.random.key(0))[0]
    for _ in range(12):
        actions = tuple(jnp.array([own]) for own in random.choice([0.0, 1.0], 3) * np.array(env.tops))
        after = step(jax.random.key(1), state, actions)
        most = np.maximum(most, np.abs(np.asarray(after.measures["factor"]) - 1))
        state = after.state
    assert (most <= bound + 1e-6).all()
    assert most.max() > bound.max() / 3


def test_the_fastest_end_of_recovery_is_that_of_the_recurrence():
    trust, damage, rounds = 0.25, 0.5, 0
    while trust < 0.9:
        trust, damage, rounds = min(trust + 0.08 * max(0, 1 - damage - trust), 1 - damage), 0.99 * damage, rounds + 1
    env = parity.environment("RecoveryRace", limit=200)
    assert documented.fastest_end(env) == rounds == 174
    assert documented.fastest_end(environments.coopetition_gym("RecoveryRace")) == 0
    assert (
        0.5 * 0.99 ** documented.rounds_to_heal(env, 0.9)
        <= 0.1
        < 0.5 * 0.99 ** (documented.rounds_to_heal(env, 0.9) - 1)
    )


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("coopetition-gym", effort="quick").stands
