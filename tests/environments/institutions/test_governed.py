"""Environments under institutions: accounts that sum to zero, stages, what is seen, exact games, refusals."""

from fractions import Fraction as F

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.environments import governed, inequity_aversion, mixing, punishment, tax
from nashscape.testing import check_environment
from nashscape.testing.exact_play import check_exact

N = 3


MAKERS = [
    lambda r: tax("give", float(r.normal()), back=float(r.random())),
    lambda r: tax("payoff", float(r.random()), back=float(r.random())),
    lambda r: mixing(r.normal(size=(N, N))),
    lambda r: inequity_aversion(envy=float(r.random()), guilt=r.random(N), memory=0.5),
    lambda r: punishment(cost=float(r.random()), harm=2.0, on="keep", error=0.3, sight=0.6),
    lambda r: punishment(on="payoff", name="revenge"),
]


@pytest.mark.parametrize("seed", range(4))
def test_accounts_balance_in_any_order(seed, rounds):
    random = np.random.default_rng(seed)
    chosen = random.permutation(len(MAKERS))[: random.integers(2, len(MAKERS) + 1)]
    made = [MAKERS[k](random) for k in chosen]
    taxes = iter(("first tax", "second tax"))
    made = [tax(own.on.name, float(own.rate), name=next(taxes)) if hasattr(own, "back") else own for own in made]
    env = governed(rounds.goods(), *made)
    steps, state = rounds.played(env, seed, 2 * env.stages.count)
    np.testing.assert_allclose(np.asarray(state.accounts).sum(axis=1), 0.0, atol=1e-4)
    paid = sum(np.asarray(step.rewards) for _, _, step in steps)
    before = sum(np.asarray(step.measures["reward before institutions"]) for _, _, step in steps)
    np.testing.assert_allclose(paid - before, np.asarray(state.accounts)[:, :-1].sum(axis=0), atol=1e-4)
    assert np.abs(np.asarray(state.accounts)).max() > 0.1
    for row, own in zip(np.asarray(state.accounts), env.institutions, strict=True):
        told = sum(float(step.measures[f"burnt by {own.name}"]) for _, _, step in steps)
        assert told == pytest.approx(row[-1], abs=1e-4)


@pytest.mark.parametrize(
    "institutions",
    [
        (tax("give", -0.7, back=0.25), mixing([[0, 1, 0], [0, 0, 0.5], [-1, 0, 0]])),
        (punishment(on="keep", error=0.2), tax("payoff", 0.5)),
        (inequity_aversion(envy=1.0, averse=[True, False, False]), punishment(on="give", sight=0.5)),
    ],
)
def test_an_environment_again(institutions, rounds):
    check_environment(governed(rounds.goods(limit=3), *institutions), episodes=128)


def test_exact_mixing_is_that_of_games():
    random = np.random.default_rng(2)
    weights = random.normal(size=(2, 2))
    for game in (games.dense(random.normal(size=(2, 3, 2))), games.iterated_prisoners_dilemma()):
        env = game if not hasattr(game, "states") else environments.of_game(game, limit=5)
        mixed = governed(env, mixing(weights)).exact()
        np.testing.assert_allclose(mixed.payoffs, games.payoff_mixing(game, weights).payoffs, atol=1e-12)


def test_order_matters_and_is_inside_out():
    pair = (tax("payoff", 0.5, back=0.0), mixing([[0, 1], [0, 0]]))
    one = np.asarray(governed(games.prisoners_dilemma(), *pair).exact().payoffs)
    other = np.asarray(governed(games.prisoners_dilemma(), *pair[::-1]).exact().payoffs)
    # of (5, 0): half of 5 is left, and nothing of another is added; or the other's 0 is added to 5, and then halved
    assert one[:, 1, 0].tolist() == [2.5, 0.0]
    assert one[:, 0, 1].tolist() == [2.5, 2.5]
    assert other[:, 0, 1].tolist() == [2.5, 2.5]
    assert (one[:, 0, 0].tolist(), other[:, 0, 0].tolist()) == ([3.0, 1.5], [3.0, 1.5])
    spite = (tax("payoff", 0.5, back=0.0), mixing([[0, -1], [0, 0]]))
    one = np.asarray(governed(games.prisoners_dilemma(), *spite).exact().payoffs)
    other = np.asarray(governed(games.prisoners_dilemma(), *spite[::-1]).exact().payoffs)
    assert (one[0, 0, 1], other[0, 0, 1]) == (-2.5, -5.0)
    key = jax.random.key(0)
    for institutions, exact in ((spite, one), (spite[::-1], other)):
        env = governed(games.prisoners_dilemma(), *institutions)
        for first, second in np.ndindex(2, 2):
            rewards = env.step(key, env.reset(key)[0], (jnp.int32(first), jnp.int32(second))).rewards
            np.testing.assert_allclose(rewards, exact[:, first, second], atol=1e-6)


def test_no_exact_game_where_rounds_are_not_all(rounds):
    env = rounds.goods()
    assert governed(env, inequity_aversion()).exact() is None
    assert governed(env, punishment(on="keep")).exact() is None
    assert governed(environments.coin_game(egocentric=True), tax("own_coins", 1.0)).exact() is None
    assert governed(env, tax("keep", 1.0)).exact() is not None
    # 30 players are played under a tax, and 2³⁰ profiles are not written out
    assert governed(games.public_goods(30), tax("D", 1.0)).exact() is None


def test_nothing_moves_once_a_pool_is_over():
    pool = environments.common_pool(2, demands=(0, 1, 4), capacity=8, unit=1, rounds=3)
    for institutions in ((tax("4", 1.0, back=0.5),), (mixing([[0, 0.5], [-1, 0]]), tax("0", -2.0, back=0.0))):
        env = governed(pool, *institutions)
        over = env.exact().states.index("over")
        assert np.asarray(env.exact().payoffs)[:, over].tolist() == [[[0.0] * 3] * 3] * 2
        # sampled returns are those of the game, also under two layers of institutions
        outer = governed(env, tax("1", 1.0))
        check_exact(outer, outer.exact(), 0)
    # both demand 4 of 8, and it is over: each has paid its tax of 1 once, of which half is handed back
    both = [np.tile(np.eye(3)[2], (8, 1))] * 2
    taxed = governed(pool, tax("4", 1.0, back=0.5)).exact()
    np.testing.assert_allclose(taxed.expected_payoffs(both), [3.5, 3.5], atol=1e-6)


def test_no_exact_tax_on_payoffs_that_are_drawn():
    # two demand 4 of 5 units: one gets 3 and the other 2, who loses 1 by comparison, and what is above zero is taxed
    pool = environments.common_pool(2, demands=(0, 1, 4), capacity=5, unit=1, rounds=1)
    rivals = (mixing([[0, -1], [-1, 0]]), tax("payoff", 0.5, back=0.0))
    env = governed(pool, *rivals)
    state, keys = env.reset(jax.random.key(0))[0], jax.random.split(jax.random.key(1), 64)
    paid = np.asarray(jax.vmap(lambda key: env.step(key, state, (jnp.int32(2),) * 2).rewards)(keys))
    assert {tuple(own) for own in paid.tolist()} == {(0.5, -1.0), (-1.0, 0.5)}
    # on average less than nothing is left, though nothing is above zero on average: rounds are not all
    assert env.exact() is None
    assert governed(env, tax("0", 1.0)).exact() is None
    assert governed(pool, rivals[0]).exact() is not None
    for known in (games.prisoners_dilemma(), environments.coin_game(), environments.graph_dilemma("path:3")):
        assert governed(known, rivals[1]).exact() is not None


def test_inequity_of_public_report(rounds):
    # as reported in cooperativex/SocialJax PR #10: who is compared, and who minds
    def felt(rewards, **options):
        own = inequity_aversion(envy=5, guilt=0.05, **options)
        env = environments.of_game(games.dense(np.broadcast_to(np.array(rewards)[:, None, None, None], (3, 2, 2, 2))))
        steps, _ = rounds.played(governed(env, own), 0, 1)
        return np.asarray(steps[0][2].rewards)

    wanted = [F(4) - F(1, 20) / 2 * 6, F(1) - F(5, 2) * 3, F(1) - F(5, 2) * 3]
    assert wanted == [F(77, 20), F(-13, 2), F(-13, 2)]
    np.testing.assert_allclose(felt([4.0, 1.0, 1.0]), np.array(wanted, float), atol=1e-6)
    np.testing.assert_allclose(felt([4.0, 1.0, 1.0], averse=[True, False, False]), [3.85, 1.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(felt([2.0, 2.0, 2.0]), 2.0, atol=1e-6)
    with pytest.raises(InputError, match="averse says of each player"):
        inequity_aversion(averse=3)
    with pytest.raises(InputError, match="none by position"):
        inequity_aversion(5, 0.05)


def test_smoothed_inequity_remembers(rounds):
    env = governed(rounds.goods(), inequity_aversion(envy=1.0, guilt=0.0, memory=0.5))
    steps, _ = rounds.played(env, 3, 4)
    kept = np.zeros(3)
    for _, _, step in steps:
        reward = np.asarray(step.measures["reward before institutions"])
        kept = 0.5 * kept + reward
        less = np.array([sum(max(other - own, 0.0) for other in kept) for own in kept])
        np.testing.assert_allclose(step.rewards, reward - less / 2, atol=1e-5)


def test_punishment_hits_whom_it_is_aimed_at(rounds):
    env = governed(rounds.goods(), punishment(cost=0.5, harm=2.0, on="keep"))
    names = [own.names for own in env.action_spaces]
    assert names[1][3:] == ("punishment of nobody", "punishment of player 1", "punishment of player 3")
    key = jax.random.key(0)
    state, seen = env.reset(key)
    assert [own.shape for own in seen] == [own.shape for own in env.observation_spaces]
    step = env.step(key, state, (jnp.int32(0), jnp.int32(2), jnp.int32(1)))
    # the second sees itself, then the first, who kept, and the third, who gave
    assert np.asarray(step.observations[1])[-3:].tolist() == [0.0, 1.0, 0.0]
    assert [own.tolist() for own in env.legal(step.state)] == [
        [False, False, True, True, True],
        [False, False, False, True, True, True],
        [False, False, True, True, True],
    ]
    hit = env.step(key, step.state, tuple(jnp.int32(names[i].index(f"punishment of {who}"))
                                          for i, who in enumerate(["nobody", "player 1", "player 1"])))  # fmt: skip
    assert np.asarray(hit.rewards).tolist() == [-4.0, -0.5, -0.5]
    assert np.asarray(hit.state.accounts)[0].tolist() == [-4.0, -0.5, -0.5, 5.0]
    assert np.asarray(hit.measures["punishment received"]).tolist() == [2.0, 0.0, 0.0]
    assert float(hit.measures["reward before institutions"].sum()) == 0.0
    # a round later nothing of it is seen any more
    assert np.asarray(hit.observations[1])[-3:].tolist() == [0.0, 0.0, 0.0]


def test_errors_of_punishment_are_as_likely_as_said(rounds):
    env = governed(rounds.goods(), punishment(cost=0.0, harm=1.0, on="keep", error=0.4))
    state, _ = env.reset(jax.random.key(0))
    state = env.step(jax.random.key(0), state, (jnp.int32(0),) * 3).state
    actions = tuple(jnp.int32(own.names.index("punishment of nobody")) for own in env.action_spaces[:2])
    aimed = jnp.int32(env.action_spaces[2].names.index("punishment of player 1"))
    keys = jax.random.split(jax.random.key(1), 4000)
    struck = jax.vmap(lambda key: env.step(key, state, (*actions, aimed)).measures["punishment received"])(keys)
    share = np.asarray(struck).mean(axis=0)
    # it hits another at random with chance .4: the second with .2
    assert share[2] == 0.0
    assert abs(share[1] - 0.2) < 4 * np.sqrt(0.2 * 0.8 / 4000)
    assert share.sum() == pytest.approx(1.0)


def test_the_end_waits_for_the_last_stage(rounds):
    env = governed(rounds.goods(limit=2), punishment(on="keep"))
    steps, _ = rounds.played(env, 0, 4)
    assert [bool(step.truncated) for _, _, step in steps] == [False, False, False, True]
    assert not any(bool(step.terminated) for _, _, step in steps)
    assert (env.horizon, float(env.discount)) == (4, pytest.approx(0.9**0.5))


def test_institutions_over_others_hide_nothing(rounds):
    inner = governed(rounds.goods(), tax("give", 1.0, back=0.0))
    with pytest.raises(InputError, match="two institutions are called 'tax on give'"):
        governed(inner, tax("give", 2.0))
    key = jax.random.key(0)
    for many in (governed(inner, tax("keep", 0.5, back=0.0)), governed(inner, punishment(on="keep"))):
        told = many.step(key, many.reset(key)[0], (jnp.int32(1), jnp.int32(1), jnp.int32(0)))
        plain = rounds.goods().step(key, rounds.goods().reset(key)[0], (jnp.int32(1), jnp.int32(1), jnp.int32(0)))
        moved = told.measures["from tax on give"] + told.measures[f"from {many.institutions[0].name}"]
        assert told.measures["reward before institutions"].tolist() == plain.rewards.tolist()
        assert (told.rewards - moved).tolist() == plain.rewards.tolist()


def test_refusals_name_what_is_missing(rounds):
    with pytest.raises(InputError, match=r"'taken', which .* does not offer; it offers .*'keep', 'give', 'more'"):
        governed(rounds.goods(), tax("taken", 1.0))
    with pytest.raises(InputError, match="two institutions are called 'tax on give'"):
        governed(rounds.goods(), tax("give", 1.0), tax("give", 2.0))
    with pytest.raises(InputError, match=r"two actions would be called 'punishment of nobody'|two institutions"):
        governed(rounds.goods(), punishment(on="keep"), punishment(on="give"))
    with pytest.raises(InputError, match="at least one institution"):
        governed(rounds.goods())
    with pytest.raises(InputError, match="has 3 players; mixing has numbers for"):
        governed(rounds.goods(), mixing(np.eye(2)))
    with pytest.raises(InputError, match="expected institutions"):
        governed(rounds.goods(), "a tax")
    with pytest.raises(InputError, match="choose points"):
        governed(environments.of_game(games.cournot()), punishment(on="payoff"))
    with pytest.raises(InputError, match="back"):
        tax("give", 1.0, back=1.5)
