"""The twenty environments against frozen rewards of the release, and against rules applied by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.environments.coopetitions.coalition import Coalition
from nashscape.environments.coopetitions.constants import names
from nashscape.environments.coopetitions.rules import Moment
from nashscape.environments.coopetitions.standings import Reciprocity
from nashscape.systems.coopetition_gym import parity
from nashscape.testing import check_environment

FAST = ("TrustDilemma", "CooperativeNegotiation", "CoalitionFormation", "GiftExchange")
KEY = jax.random.key(3)


def in_turn(*slow):
    return [pytest.param(name, marks=() if name in FAST else pytest.mark.long) for name in slow]


@pytest.mark.parametrize("name", in_turn(*names()))
def test_rewards_trust_and_ends_are_those_of_the_release(name):
    found = parity.differences(name)
    assert len(found) == 26
    assert found.max() < 1


def moment(invested, endowment, dependence=None, trust=None, played=1, told=None):
    a, e = np.asarray(invested, float), np.asarray(endowment, float)
    return Moment(a, a / e, e, dependence, trust, played, told or {})


def test_actions_are_answered_by_what_changed():
    needs = np.array([[0.0, 0.4, 0.0], [0.7, 0.0, 0.2], [0.1, 0.3, 0.0]])
    trust = np.array([[1.0, 0.5, 0.9], [0.3, 1.0, 0.6], [0.2, 0.8, 1.0]])
    rule = Reciprocity(weight=1.2, power=0.5, slope=0.1, strength=1.5, amplified=0.8, rounds=2)
    kept, actions = rule.begin(3), np.array([[10.0, 4.0, 7.0], [2.0, 9.0, 5.0], [6.0, 6.0, 1.0]])
    for t, own in enumerate(actions):
        effect = rule.apply(kept, moment(own, [20.0, 30.0, 40.0], needs, trust, t + 1))
        kept, count = effect.kept, min(2, t)
        usual = actions[t + 1 - count : t + 1].mean(axis=0) if count else np.zeros(3)
        for i in range(3):
            gain = 1.5 * sum(
                trust[i, j] * (1 + 0.8 * needs[i, j]) * 1.2 * needs[i, j] ** 0.5 * np.tanh(0.1 * (own[j] - usual[j]))
                for j in range(3) if j != i
            )  # fmt: skip
            assert float(effect.factor[i]) == pytest.approx(max(0.01, 1 + gain / 30), rel=1e-5)


def test_a_coalition_is_left_and_entered_in_order():
    rule = Coalition(leave=0.15, back=0.4, within=1.1, outside=0.5, least=2, away=3)
    random, n = np.random.default_rng(1), 5
    kept, members, outside, timers, left = rule.begin(n), list(range(n)), [], {}, 0
    for _ in range(60):
        loyalty = random.choice([0.1, 0.3, 0.5], n)
        effect = rule.apply(kept, moment(np.ones(n), np.ones(n), told={"loyalty": loyalty}))
        kept = effect.kept
        for i in list(members):
            if loyalty[i] < 0.15 and len(members) > 2:
                members.remove(i)
                outside.append(i)
                timers[i], left = 3, left + 1
        for i in list(outside):
            timers[i] -= 1
            if timers[i] <= 0 and loyalty[i] >= 0.4:
                outside.remove(i)
                members.append(i)
        assert np.nonzero(kept.inside)[0].tolist() == sorted(members)
        assert sorted(members, key=lambda i: int(kept.order[i])) == members
        np.testing.assert_allclose(effect.factor, np.where(np.isin(np.arange(n), members), 1.1, 0.5))
    assert left > 10


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("TrustDilemma", {"limit": 4}),
        pytest.param("ReputationMarket", {"visibility": 0.5, "players": 3}, marks=pytest.mark.long),
        *(pytest.param(name, {"seen": "joint"}, marks=pytest.mark.long) for name in names()),
    ],
)
def test_environments_are_what_environments_must_be(name, options):
    check_environment(environments.coopetition_gym(name, **options), episodes=4)


def test_rewards_are_one_of_three_and_are_told_apart_from_payoffs():
    for reward in ("private", "integrated", "cooperative"):
        env = environments.coopetition_gym("AppleAppStore", reward, limit=1)
        after = env.step(KEY, env.reset(KEY)[0], tuple(jnp.array([own]) for own in (90.0, 10.0, 30.0)))
        np.testing.assert_array_equal(after.rewards, after.measures[reward])
        assert (bool(after.terminated), bool(after.truncated)) == (False, True)
    factor = np.asarray(after.measures["factor"])
    paid = np.asarray(after.measures["integrated"]) / factor
    np.testing.assert_allclose(np.asarray(after.measures["cooperative"]) / factor, paid.mean(), rtol=1e-5)
    assert len({round(float(own), 3) for own in after.rewards}) > 1


def test_views_hold_what_the_release_shows():
    env = environments.coopetition_gym("PartnerHoldUp", seen="joint")
    state, seen = env.reset(KEY)
    after = env.step(KEY, state, (jnp.array([90.0]), jnp.array([5.0])))
    t, r = after.state.trust.ravel(), after.state.damage.ravel()
    wanted = np.concatenate([[90.0, 5.0], t, r, [0, 0.35, 0.85, 0], [1.0]])
    np.testing.assert_allclose(after.observations[1], wanted, rtol=1e-6)
    own = environments.coopetition_gym("PartnerHoldUp")
    seen = own.step(KEY, state, (jnp.array([90.0]), jnp.array([5.0]))).observations[1]
    damage = after.state.damage
    wanted = np.concatenate([[5.0, 90.0], t, damage[1], [damage[0].mean()], [0.85, 0], [0.01]])
    np.testing.assert_allclose(seen, wanted, rtol=1e-6)
    market = environments.coopetition_gym("ReputationMarket")
    state, seen = market.reset(KEY)
    assert [own.shape for own in seen] == [(5**2 + 4 * 5 + 5,)] * 5
    after = market.step(KEY, state, (jnp.array([90.0]),) * 5)
    np.testing.assert_array_equal(after.observations[0][-5:], np.full(5, 0.5))  # as it was before the round
    np.testing.assert_allclose(after.measures["reputation"], 0.54, rtol=1e-6)


def test_a_hidden_synergy_is_drawn_evenly():
    env = environments.coopetition_gym("SynergySearch")
    drawn = jax.vmap(lambda key: env.reset(key)[0].synergy)(jax.random.split(KEY, 2000))
    assert (float(drawn.min()) > 0.2, float(drawn.max()) < 0.9) == (True, True)
    assert abs(float(drawn.mean()) - 0.55) < 4.5 * 0.7 / np.sqrt(12 * 2000)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "TrustDilema"}, "unknown environment of Coopetition-Gym 'TrustDilema'.*TrustDilemma"),
        ({"reward": "mean"}, "unknown reward 'mean'"),
        ({"phase": "mature"}, "TrustDilemma has no phases"),
        ({"name": "RenaultNissan", "phase": "old"}, "unknown phase of RenaultNissan 'old'"),
        ({"players": 3, "name": "SLCD"}, "SLCD has 2 players, and no other number"),
        ({"players": 2, "name": "CoalitionFormation"}, "players must be"),
        ({"trust": 1.5}, "trust must be"),
        ({"visibility": 0.5}, "unknown number of TrustDilemma 'visibility'"),
        ({"dependence": [[0.1, 0.2], [0.3, 0.0]]}, "nobody depends on itself"),
        ({"synergy": [0.5, 0.2]}, "synergy is a number from 0 on"),
        ({"limit": 0}, "limit must be"),
    ],
)
def test_what_is_no_such_environment_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        environments.coopetition_gym(**options)


def rewards(env, plays):
    """Integrated rewards, round by round."""
    with jax.enable_x64(True):
        step, state, made = jax.jit(env.step), env.reset(KEY)[0], []
        for own in plays:
            after = step(KEY, state, tuple(jnp.array([one]) for one in own))
            state = after.state
            made.append(np.asarray(after.rewards))
        return np.array(made)


def test_breaches_of_agreements_cost_what_they_cost_in_the_release():
    plays = [(50.0, 55.0), (50.0, 20.0), (52.0, 58.0), (80.0, 58.0), (80.0, 85.0)]
    wanted = [[187.870, 185.705], [160.309, 91.930], [165.295, 192.197], [67.151, 193.402], [69.795, 101.523]]
    env = environments.coopetition_gym("CooperativeNegotiation")
    np.testing.assert_allclose(rewards(env, plays), wanted, atol=2e-3)


@pytest.mark.long
def test_a_member_who_idles_is_left_out_and_comes_back_as_in_the_release():
    plays = np.full((31, 6), 45.0)
    plays[:16, 0] = 2.5
    found = rewards(environments.coopetition_gym("CoalitionFormation"), plays)
    for played, first, others in (
        (1, 111.925, 251.058), (15, 156.325, 314.038), (16, 71.656, 316.420), (17, 182.613, 390.712),
        (30, 217.335, 416.632), (31, 478.891, 418.170),
    ):  # fmt: skip
        np.testing.assert_allclose(found[played - 1], [first, *[others] * 5], atol=2e-3)
