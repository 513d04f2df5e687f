"""Groups that meet two by two: one whole game against the stages of `environments.pairings`; a table by hand."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, games
from nashscape.environments.pairings.pair_states import rows_of, seen
from nashscape.systems.direct_punishment import group_learning, group_play, measuring

WAYS = {None: (0, 0), "direct": (1, 0), "third party": (0, 1), "both": (1, 1)}


@pytest.mark.parametrize("punish", WAYS)
def test_a_game_pays_what_the_stages_of_the_environment_pay(punish):
    dilemma = games.bimatrix(group_play.PAYOFFS, np.transpose(group_play.PAYOFFS), actions=("C", "D"))
    env = environments.pairings(
        dilemma, group_play.PLAYERS, punish=punish, cost=0.5, just=2.0, unjust=-10.0, deeds=group_play.DEEDS
    )
    group = group_play.Mechanisms(0, *WAYS[punish], 1, 2.0, -10.0, 0.5)
    step, settle, random = jax.jit(env.step), jax.jit(group_play.settle), np.random.default_rng(3)
    state, _ = env.reset(jax.random.key(1))
    for t in range(12):
        pair, before = jnp.stack([state.first, state.second]), state.standing
        did, whom = random.integers(0, 2, 2), np.zeros(5, int)
        paid = np.zeros(5)
        for stage in env.stages:
            actions = np.zeros(5, int)
            if stage == "play":
                actions[np.asarray(pair)] = did
            else:
                whom = np.array([random.choice(np.flatnonzero(own[-3:])) if own[-3:].any() else 0
                                 for own in map(np.asarray, env.legal(state))])  # fmt: skip
                actions = whom + 2
            if stage == "punish":
                sees_as_in_the_environment(env, state, group, before, did)
            made = step(jax.random.key(t), state, tuple(map(jnp.int32, actions)))
            state, paid = made.state, paid + np.asarray(made.rewards)
        ours = settle(group, before, pair, jnp.asarray(did), jnp.asarray(whom))
        np.testing.assert_allclose(ours.payoff + ours.after, paid, atol=1e-5)
        np.testing.assert_allclose(ours.standing, state.standing, atol=1e-5)


def sees_as_in_the_environment(env, state, group, before, did):
    """Who may punish sees the standing of after the play, in both; of rows that are in use there."""
    pair, starts = jnp.stack([state.first, state.second]), rows_of(env)
    partner, third = group_play.witnessed(group, before, pair, jnp.asarray(did))
    for i, row in enumerate(seen(env, state)):
        inside = i in np.asarray(pair)
        if group.direct if inside else group.third:
            kind, own = ("punish partner", partner) if inside else ("punish others", third)
            assert int(row) - starts[kind][0] == own[i]


def test_punishing_a_defector_pays_with_shaping_and_never_with_a_cost_alone():
    pair, nobody = jnp.array([0, 3]), jnp.zeros(5, jnp.int32)
    for (just, unjust, cost), gains in {(2.0, -10.0, 0.0): (-10, 2), (0.0, 0.0, 1.0): (-1, -1)}.items():
        group = group_play.Mechanisms(0, 1, 0, 1, just, unjust, cost)
        for own, theirs in itertools.product(range(2), repeat=2):
            did = jnp.array([own, theirs])
            kept = group_play.settle(group, jnp.zeros(5), pair, did, nobody).after
            hit = group_play.settle(group, jnp.zeros(5), pair, did, nobody.at[0].set(2)).after
            assert (hit - kept).tolist() == [gains[theirs], 0, 0, -group_play.HARM, 0]


def test_a_table_moves_as_by_hand_and_only_where_something_waits():
    table = jnp.arange(12.0).reshape(2, 3, 2)
    last = group_learning.Waiting(jnp.array([2, 1]), jnp.array([1, 0]), jnp.array([4.0, 4.0]), jnp.array([True, False]))
    after = np.asarray(group_learning.learn(table, last, jnp.array([10.0, 10.0]), jnp.array([True, True])))
    expected = np.arange(12.0).reshape(2, 3, 2)
    expected[0, 2, 1] += 0.1 * (4 + 0.9 * 10 - 5)
    np.testing.assert_allclose(after, expected, atol=1e-5)


def test_standings_are_seen_only_where_they_are_shown():
    standing = jnp.array([-1.0, 0.0, 2.0, -3.0, 1.0])
    seen, hidden = (group_play.Mechanisms(0, 0, 0, own, 0.0, 0.0, 0.0) for own in (1, 0))
    assert group_play.levels(seen, standing).tolist() == [0, 1, 1, 0, 1]
    assert group_play.levels(hidden, standing).tolist() == [0] * 5


def slope(standing, partners):
    """Of games in which everybody in turn meets each of its partners once."""
    pairs = [jnp.array([i, j]) for i, own in enumerate(partners) for j in own]
    sums = np.sum([group_learning.apart(jnp.asarray(standing), own) for own in pairs], axis=0)
    return float(group_learning.assortment(group_learning.Told(0.0, 0.0, 0.0, *sums, len(pairs))))


def test_assortment_is_that_of_games_by_hand():
    standing, anyone = [7.0, 1.0, -2.0, 0.0, 4.0], [[j for j in range(5) if j != i] for i in range(5)]
    # who cannot meet itself meets others who are, on average, on the other side of the mean; whoever begins how often
    assert slope(standing, anyone) == pytest.approx(-1 / 4, abs=1e-6)
    assert slope(standing, [anyone[0] * 3, [], anyone[2], [], anyone[4]]) == pytest.approx(-1 / 4, abs=1e-6)
    assert slope([5.0, 5.0, 1.0, 1.0], [[1], [0], [3], [2]]) == pytest.approx(1.0)
    assert slope([5.0, 5.0, 1.0, 1.0], [[2], [3], [0], [1]]) == pytest.approx(-1.0)
    begun, met = np.array(standing) - 2, np.array([4.0, 7.0, 7.0, 7.0, 7.0]) - 2
    assert slope(standing, [[4], [0], [0], [0], [0]]) == pytest.approx((begun * met).sum() / (begun**2).sum(), abs=1e-6)


def test_how_far_partners_stand_out_is_from_the_mean_of_all_others():
    above = group_learning.apart(jnp.array([7.0, 1.0, -2.0, 0.0, 4.0]), jnp.array([0, 4]))[0]
    assert float(above) == pytest.approx(4 - (1 - 2 + 0 + 4) / 4)


def test_groups_of_the_card_have_what_their_names_say():
    for name, group in measuring.GROUPS.items():
        words = {part.strip() for own in name.split(" and ") for part in own.split(",")}
        assert (group.selection, group.direct, group.third) == tuple(
            int(own in words) for own in ("selection", "direct", "third party")
        )
        assert (group.seen, group.cost) == (int("standings unseen" not in words), float("cost 1" in words))
        assert (group.just, group.unjust) == ((0.0, 0.0) if "no shaping" in words else (2.0, -10.0))


@pytest.mark.long
def test_short_learning_is_told_of_by_group():
    told = measuring.learnt(2, 0, episodes=120)
    assert list(told) == list(measuring.GROUPS)
    for name, own in told.items():
        assert own.cooperated.shape == (2,)
        assert np.all((own.cooperated > 0) & (own.cooperated < 1))
        assert (own.just.sum() > 0) == ("direct" in name or "third" in name)
    drawn = group_learning.assortment(told[measuring.NONE])
    np.testing.assert_allclose(drawn, -1 / 4, atol=0.1)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("direct-punishment", effort="quick").stands
