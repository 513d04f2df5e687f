"""Public goods over time, teams, hold-up and joint ventures as environments: sampled, exact, and by all plays."""

from functools import cache
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.testing import check_environment

EPISODES = 4000
GOODS = {
    "no refund": {"values": [3.0, 5.0, 2.0], "threshold": 2.5, "contributions": (0, 0.5, 1.5), "rounds": 2},
    "refund": {
        "values": [3.0, 5.0, 2.0], "threshold": 3, "contributions": (0, 1), "rounds": 3, "refund": 1.0, "discount": 0.9,
    },
    "half of it, some spared": {
        "values": [3.0, 5.0, 2.0], "threshold": 6, "contributions": (0, 1, 3), "rounds": 2, "refund": 0.5,
        "spared": 0.25,
    },
}  # fmt: skip


def odds_of(player, played, k):
    """Odds of the gifts, which differ by player and round."""
    raw = np.arange(1.0, k + 1) ** (player - played)
    return raw / raw.sum()


def by_plays(numbers):
    """What a public good pays on average, `[n]`, by recursion over all plays, each rule written apart."""
    gifts, values, rounds = numbers["contributions"], numbers["values"], numbers["rounds"]
    back, spared, discount = (
        numbers.get(name, usual) for name, usual in (("refund", 0), ("spared", 0), ("discount", 1))
    )

    @cache
    def worth(given, played):
        total = np.zeros(3)
        for chosen in product(range(len(gifts)), repeat=3):
            chance = np.prod([odds_of(i, played, len(gifts))[a] for i, a in enumerate(chosen)])
            now = [gifts[a] for a in chosen]
            then = [own + more for own, more in zip(given, now, strict=True)]
            paid = [-own for own in now]
            if played + 1 == rounds:
                enough = sum(then) >= numbers["threshold"]
                for i in range(3):
                    paid[i] += values[i] if enough else spared * values[i] + (1 - spared) * back * then[i]
                later = np.zeros(3)
            else:
                later = worth(tuple(then), played + 1)
            total += chance * (np.array(paid) + discount * np.array(later))
        return tuple(total)

    return np.array(worth((0,) * 3, 0))


def sampled(env, policies, row_of):
    """Mean returns `[n]` and their standard errors, of players with a strategy for every row of the exact game."""

    @jax.jit
    def returns(env, keys):
        def episode(key):
            def one(carry, t):
                state, live, weight = carry
                first, *own = jax.random.split(jax.random.fold_in(key, t), len(policies) + 1)
                row = row_of(state)
                acts = tuple(
                    jax.random.categorical(k, jnp.log(jnp.asarray(p)[row])) for k, p in zip(own, policies, strict=True)
                )
                after = env.step(first, state, acts)
                paid = jnp.where(live, weight * after.rewards, 0.0)
                return (after.state, live & ~(after.terminated | after.truncated), weight * env.discount), paid

            start = (env.reset(key)[0], True, jnp.float32(1.0))
            return jax.lax.scan(one, start, jnp.arange(env.horizon))[1].sum(axis=0)

        return jax.vmap(episode)(keys)

    paid = np.asarray(returns(env, jax.random.split(jax.random.key(4), EPISODES)), float)
    return paid.mean(axis=0), paid.std(axis=0) / np.sqrt(EPISODES)


def agree(mean, error, exact):
    assert (np.abs(mean - exact) <= 4 * error + 1e-5).all(), (mean, exact, error)
    assert error.max() > 0


@pytest.mark.parametrize("name", GOODS)
def test_goods_over_time_pay_what_all_their_plays_pay(name):
    env = environments.threshold_goods(3, **GOODS[name])
    game, k = env.exact(), len(env.levels)
    rounds = [0 if own == "over" else int(own.split(",")[0].removeprefix("round ")) - 1 for own in game.states]
    policies = [np.array([odds_of(i, t, k) for t in rounds]) for i in range(3)]
    wanted = by_plays(GOODS[name])
    np.testing.assert_allclose(game.expected_payoffs(policies), wanted, rtol=1e-5)
    by_round = [np.array([odds_of(i, t, k) for t in range(env.rounds)]) for i in range(3)]
    agree(*sampled(env, by_round, lambda state: state.played), wanted)


@pytest.mark.parametrize(
    "game",
    [
        games.joint_venture(
            3, worth=9, shares=["1/2", "1/4", "1/4"], costs=[1, 2, 0.5], outside=[0.5, 1, 2], rivalry=[0.25, 0, 1],
            discount=0.8, horizon=4,
        ),
        games.repeated(games.partnership(3, costs=[1, 2, "1/2"], target=4), horizon=3, discount=0.9),
        games.repeated(games.hold_up([[0, 4, 6], [1, 3]], [[0, 1, 2], [0, "1/2"]], kept=["1/2", 0]), horizon=5),
    ],
    ids=lambda game: game.name,
)  # fmt: skip
def test_ventures_that_are_played_pay_what_they_say(game):
    env = environments.of_game(game)
    random = np.random.default_rng(1)
    policies = [random.dirichlet(np.ones(shape[1]), shape[0]) for shape in game.strategy_shapes]
    agree(*sampled(env, policies, lambda state: state.state), np.asarray(game.expected_payoffs(policies), float))


def test_a_round_of_giving_by_hand():
    env = environments.threshold_goods(3, **GOODS["half of it, some spared"] | {"spared": 0.0})
    key = jax.random.key(0)
    state, seen = env.reset(key)
    assert [own.tolist() for own in seen] == [[0, 0, 0, 0]] * 3
    first = env.step(key, state, (jnp.int32(2), jnp.int32(0), jnp.int32(1)))
    assert first.rewards.tolist() == [-3.0, 0.0, -1.0]
    np.testing.assert_allclose(first.observations[1], [0.5, 0, 1 / 6, 0.5], rtol=1e-6)
    short = env.step(key, first.state, (jnp.int32(0), jnp.int32(1), jnp.int32(0)))
    # five of six: half of what each gave comes back
    assert short.rewards.tolist() == [1.5, -0.5, 0.5]
    enough = env.step(key, first.state, (jnp.int32(0), jnp.int32(1), jnp.int32(1)))
    assert enough.rewards.tolist() == [3.0, 4.0, 1.0]
    assert [bool(own.measures["provided"]) for own in (first, short, enough)] == [False, False, True]
    assert (bool(first.terminated), bool(short.terminated), bool(enough.truncated)) == (False, True, False)


def test_a_collective_risk_pays_what_is_kept():
    group = environments.collective_risk(0.9)
    assert (group.size, group.rounds, group.exact()) == (6, 10, None)

    @jax.jit
    def whole(key, acts):
        def one(state, t):
            after = group.step(jax.random.fold_in(key, t), state, tuple(acts))
            return after.state, after.rewards

        return jax.lax.scan(one, group.reset(key)[0], jnp.arange(10))[1].sum(axis=0)

    key = jax.random.key(0)
    # 2 each in ten rounds are 120: all keep 20; three who give 4 do it for the others
    assert whole(key, jnp.ones(6, jnp.int32)).tolist() == [20.0] * 6
    assert whole(key, jnp.array([2, 2, 2, 0, 0, 0])).tolist() == [0.0] * 3 + [40.0] * 3
    keys = jax.random.split(key, 2000)
    lost = np.asarray(jax.vmap(whole, in_axes=(0, None))(keys, jnp.array([1, 1, 1, 1, 1, 0])))
    assert (lost[:, 0] == lost[:, 5] / 2).all()  # what 20 and 40 are kept of is drawn for all at once
    share = (lost[:, 0] == 0).mean()
    assert abs(share - 0.9) < 4 * np.sqrt(0.09 / 2000)


def test_a_fair_gift_holds_where_the_loss_is_likely_enough():
    # two rounds, 1 each; who alone keeps a unit more loses its 4 − 1 with the chance of the loss
    def regret(loss):
        game = environments.collective_risk(
            loss, players=2, rounds=2, threshold=4, contributions=(0, 1), values=4.0
        ).exact()  # fmt: skip
        return float(np.asarray(game.regrets([np.tile([0.0, 1.0], (game.n_states, 1))] * 2)).max())

    # giving pays 4 − 2; giving nothing pays (1 − loss) · 4
    assert regret(0.51) < 1e-5
    assert regret(0.4) == pytest.approx(0.4, abs=1e-5)


def test_institutions_stand_over_ventures():
    goods = environments.threshold_goods(3, **GOODS["refund"])
    env = environments.governed(goods, environments.tax("given", -0.5), environments.mixing(np.eye(3)[[1, 2, 0]]))
    step = env.step(jax.random.key(0), env.reset(jax.random.key(0))[0], (jnp.int32(1), jnp.int32(0), jnp.int32(0)))
    # half of a gift is paid back by all alike, then everybody gets what the next one gets as well
    own = np.array([-1 + 0.5 - 1 / 6, -1 / 6, -1 / 6])
    np.testing.assert_allclose(step.rewards, own + np.roll(own, -1), rtol=1e-5)
    np.testing.assert_allclose(step.state.accounts.sum(axis=1), 0.0, atol=1e-6)
    venture = environments.governed(
        environments.of_game(games.joint_venture(horizon=3)), environments.tax("leave", 2.0)
    )
    assert venture.exact() is not None
    team = environments.of_game(games.repeated(games.partnership(), horizon=3))
    assert environments.in_turn(team).horizon == 6
    assert environments.governed(team, environments.punishment(on="0")).stages.count == 2


@pytest.mark.long
@pytest.mark.parametrize("name", GOODS)
def test_goods_pass_the_kit(name):
    check_environment(environments.threshold_goods(3, **GOODS[name]))


@pytest.mark.long
def test_large_goods_and_ventures_pass_the_kit():
    check_environment(environments.collective_risk())
    check_environment(environments.of_game(games.joint_venture(knowledge=1, horizon=3)))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"players": 1}, "players must be at least 2"),
        ({"values": [1, 2]}, "values"),
        ({"values": -1.0}, "values are not below 0"),
        ({"threshold": 0.0}, "threshold must be"),
        ({"contributions": (0,)}, "two or more"),
        ({"contributions": (2, 1)}, "and rise"),
        ({"contributions": (-1, 1)}, "not below 0"),
        ({"refund": 1.5}, "refund must be"),
        ({"spared": -0.1}, "spared must be"),
        ({"threshold": 1e-9, "contributions": (0, 5)}, "take coarser amounts"),
    ],
)
def test_goods_that_cannot_be_are_refused(options, reason):
    with pytest.raises(InputError, match=reason):
        environments.threshold_goods(**options)
