"""Each institution against its rule, told step by step in plain numbers."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.environments import (
    disclosure,
    governed,
    in_turn,
    messages,
    monitoring,
    punishment,
    quota,
    reputation,
    tax,
    voting,
)
from nashscape.testing import check_environment


class Amounts:
    """Actions that amount to something."""

    amounts = ((0.0, 2.0), (0.0, 1.0, 4.0), (3.0, 5.0))


def counted(rounds):
    """Three players whose actions have amounts."""
    env = rounds.goods(limit=6)

    @jax.tree_util.register_pytree_node_class
    class Counted(type(env)):
        amounts = Amounts.amounts

        def tree_flatten(self):
            return (self.game, self.views), (self.choices, self.limit, self.clock)

        @classmethod
        def tree_unflatten(cls, static, data):
            return cls(*data, *static)

    return Counted(env.game, env.views, env.choices, env.limit, env.clock)


def keeps(actions, names=("keep", "keep", "keep")):
    return np.array([float(int(own) == 0) for own in actions])


def test_graduated_fines(rounds):
    env = governed(rounds.goods(), monitoring("keep", 0, 1.0, growth=2.0, most=3.0, cost=0.3))
    steps, state = rounds.played(env, 1, 6)
    times = np.zeros(3)
    for _, actions, step in steps:
        guilty = keeps(actions) > 0
        fine = np.where(guilty, np.minimum(1.0 * 2.0**times, 3.0), 0.0)
        # three are looked at for .3 each, borne evenly
        np.testing.assert_allclose(step.rewards - step.measures["reward before institutions"], -fine - 0.3, atol=1e-5)
        times += guilty
        np.testing.assert_allclose([float(own[-1]) for own in step.observations], times)
    assert times.max() >= 3
    assert float(state.accounts[0].sum()) == pytest.approx(0.0, abs=1e-4)


def test_fines_that_grow_for_long_stay_numbers():
    many = environments.of_game(games.repeated(games.prisoners_dilemma(), discount=0.9), limit=300)
    for first in (0.0, 1.0):
        env = governed(many, monitoring("D", 0, first, growth=10.0))
        state = env.reset(jax.random.key(0))[0]
        state = replace(state, own=(jnp.array([200.0, 200.0]),))
        step = env.step(jax.random.key(0), state, (jnp.int32(1), jnp.int32(0)))
        # the second is not guilty, and loses nothing by how large its fine would be
        assert step.rewards.tolist() == [pytest.approx(5.0 - 1e24 * first, rel=1e-6), 0.0]
        assert np.isfinite(np.asarray(step.state.accounts)).all()


def test_who_is_looked_at_and_taken_for_guilty_is_as_likely_as_said(rounds):
    env = governed(rounds.goods(), monitoring("keep", 0, 1.0, chance=0.5, error=0.2))
    state, _ = env.reset(jax.random.key(0))
    keys = jax.random.split(jax.random.key(1), 4000)
    did = (jnp.int32(0), jnp.int32(1), jnp.int32(0))
    fined = jax.vmap(lambda key: env.step(key, state, did).measures["monitoring: fined"])(keys)
    for share, wanted in zip(np.asarray(fined).mean(axis=0), (0.5 * 0.8, 0.5 * 0.2, 0.5 * 0.8), strict=True):
        assert abs(share - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / 4000)


@pytest.mark.parametrize(("limit", "wanted"), [(1.0, [[1, 0], [1, 1, 0], [1, 0]]), (4.0, [[1, 1], [1, 1, 1], [1, 0]])])
def test_a_quota_forbids_what_amounts_to_more(limit, wanted, rounds):
    env = governed(counted(rounds), quota(limit))
    state, _ = env.reset(jax.random.key(0))
    # the third cannot stay within 1: its least amount is 3
    assert [own.astype(int).tolist() for own in env.legal(state)] == wanted


def test_votes_bind_until_the_next_one(rounds):
    env = governed(counted(rounds), voting([1, 2, 4], every=2), tax("keep", 0.5))
    names = env.action_spaces[1].names
    assert names[3:] == ("vote for 1", "vote for 2", "vote for 4")
    key = jax.random.key(0)
    state, seen = env.reset(key)
    assert np.asarray(seen[0])[-2:].tolist() == [4.0, 1.0]

    def vote(state, *levels):
        places = [own.names.index(f"vote for {level}") for own, level in zip(env.action_spaces, levels, strict=True)]
        return env.step(key, state, tuple(map(jnp.int32, places))).state

    state = vote(state, 4, 1, 2)
    assert [own.astype(int).tolist() for own in env.legal(state)] == [
        [1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0]
    ]  # fmt: skip
    state = env.step(key, state, (jnp.int32(0),) * 3).state
    state = vote(state, 4, 4, 4)
    assert float(env.step(key, state, (jnp.int32(0),) * 3).measures["vote: level"]) == 0.0
    assert env.legal(state)[1].astype(int).tolist() == [1, 1, 0, 0, 0, 0]
    state = env.step(key, state, (jnp.int32(0),) * 3).state
    state = vote(state, 4, 4, 1)
    assert env.legal(state)[1].astype(int).tolist() == [1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize(("rule", "votes", "won"), [
    ("median", (0, 0, 2), 0), ("median", (2, 1, 0), 1), ("plurality", (2, 0, 2), 2), ("plurality", (2, 1, 0), 0),
])  # fmt: skip
def test_how_votes_are_counted(rule, votes, won):
    own = voting([1, 2, 4], rule=rule)
    settled = own.decides(None, None, own.begin(None), jnp.array(votes))
    assert int(settled.state.limit) == won


def test_reputations_are_clipped_and_seen_by_all(rounds):
    env = governed(
        rounds.goods(), reputation("keep", -1.5, keep=0.5, low=-2.0, high=1.0), reputation("give", 1.0, high=2.0)
    )
    steps, _ = rounds.played(env, 2, 6)
    bad, good = np.zeros(3), np.zeros(3)
    for _, actions, step in steps:
        gave = np.array([float(int(own) == 1) for own in actions])
        bad = np.clip(0.5 * bad - 1.5 * keeps(actions), -2.0, 1.0)
        good = np.clip(good + gave, -5.0, 2.0)
        for seen in step.observations:
            np.testing.assert_allclose(np.asarray(seen)[-6:], np.concatenate([bad, good]), atol=1e-5)


def test_who_sees_whom(rounds):
    among = [[False, True, True], [False, False, False], [True, False, True]]
    env = governed(rounds.goods(), disclosure("keep", among))
    assert [own.shape[0] for own in env.observation_spaces] == [
        own.shape[0] + more for own, more in zip(rounds.goods().observation_spaces, (2, 0, 2), strict=True)
    ]
    steps, _ = rounds.played(env, 4, 3)
    for _, actions, step in steps:
        kept = keeps(actions)
        assert np.asarray(step.observations[0])[-2:].tolist() == kept[[1, 2]].tolist()
        assert np.asarray(step.observations[2])[-2:].tolist() == kept[[0, 2]].tolist()


def test_losses_are_told_as_they_are(rounds):
    bads = games.dense([[[-1.0, -3.0], [0.0, -2.0]], [[-1.0, 0.0], [-3.0, -2.0]]])
    many = environments.of_game(games.repeated(bads, discount=0.9), limit=6)
    told = governed(many, disclosure("payoff"), reputation("payoff", low=-9.0), punishment(on="payoff"))
    key = jax.random.key(0)
    did = (jnp.int32(0), jnp.int32(1))
    step = told.step(key, told.reset(key)[0], did)
    assert np.asarray(step.measures["reward before institutions"]).tolist() == [-3.0, 0.0]
    # what was disclosed, both standings, and what itself and the other got, before it punishes
    assert np.asarray(step.observations[1])[-6:].tolist() == [-3.0, 0.0, -3.0, 0.0, 0.0, -3.0]
    fined = governed(many, monitoring("payoff", -2.0, 1.0), tax("payoff", 0.5, back=0.0))
    step = fined.step(key, fined.reset(key)[0], did)
    # who got more than −2 is fined, and nobody is taxed on a loss
    assert np.asarray(step.rewards).tolist() == [-3.0, -1.0]


def test_messages_are_seen_in_the_round_and_gone_after_it(rounds):
    env = governed(rounds.goods(), messages(["yes", "no"], cost=[0.25, 0.0]))
    key = jax.random.key(0)
    state, _ = env.reset(key)
    words = ("no", "yes", "yes")
    places = [own.names.index(f"say {word}") for own, word in zip(env.action_spaces, words, strict=True)]
    step = env.step(key, state, tuple(map(jnp.int32, places)))
    assert np.asarray(step.rewards).tolist() == [0.0, -0.25, -0.25]
    assert np.asarray(step.observations[2])[-6:].tolist() == [0, 1, 1, 0, 1, 0]
    assert env.legal(step.state)[0].tolist() == [True, True, False, False]
    step = env.step(key, step.state, (jnp.int32(0),) * 3)
    assert np.asarray(step.observations[2])[-6:].tolist() == [0.0] * 6


def test_later_players_see_what_earlier_ones_did(rounds):
    inner = rounds.goods(limit=2)
    env = in_turn(inner, order=[2, 0, 1])
    check_environment(env, episodes=64)
    key = jax.random.key(3)
    state, _ = env.reset(key)
    moves = {2: 1, 0: 0, 1: 2}
    paid = np.zeros(3)
    for turn, player in enumerate(env.order):
        assert [bool(own.sum() > 1) for own in env.legal(state)] == [i == player for i in range(3)]
        step = env.step(key, state, tuple(jnp.int32(moves[i] if i == player else 0) for i in range(3)))
        state, paid = step.state, paid + np.asarray(step.rewards)
        if turn == 1:
            # it is the last one's turn: the third gave, the first kept, of the second nothing is known
            shown = np.asarray(step.observations[1])[-10:].tolist()
            assert shown == [0, 0, 1, 1, 0, 0, 0, 0, 0, 1]
    simultaneous = inner.step(key, inner.reset(key)[0], (jnp.int32(0), jnp.int32(2), jnp.int32(1)))
    np.testing.assert_allclose(paid, simultaneous.rewards)
    assert np.asarray(step.observations[1])[-10:].tolist() == [1, 0, 0] + [0] * 7


def test_a_round_in_turn_is_played_once():
    played = []

    @jax.tree_util.register_static
    class Told(type(environments.common_pool(2))):
        """A pool that tells when it is played."""

        def step(self, key, state, actions):
            jax.debug.callback(lambda *own: played.append(tuple(map(int, own))), *actions)
            return super().step(key, state, actions)

    pool = environments.common_pool(3, demands=(0, 1, 4), capacity=20, unit=1, rounds=4)
    env = in_turn(Told(**vars(pool)), order=[1, 2, 0])
    state, move = env.reset(jax.random.key(0))[0], jax.jit(env.step)
    for moves in ((0, 2, 0), (0, 0, 1), (2, 0, 0), (0, 1, 0)):
        step = move(jax.random.key(1), state, tuple(map(jnp.int32, moves)))
        state = step.state
    jax.block_until_ready(state)
    assert played == [(2, 2, 1)]
    assert int(state.inner.stock) == 20
    assert np.asarray(step.rewards).tolist() == [0.0] * 3


def test_who_waits_does_nothing():
    dilemma = environments.of_game(games.prisoners_dilemma())
    env = governed(in_turn(dilemma), tax("C", -1.0, back=0.0))
    key = jax.random.key(0)
    state, accounts = env.reset(key)[0], []
    for moves in ((1, 0), (0, 0)):
        state = env.step(key, state, tuple(map(jnp.int32, moves))).state
        accounts.append(np.asarray(state.accounts)[0, :2].tolist())
    # the first defects, while the second waits, who then cooperates
    assert accounts == [[0.0, 0.0], [0.0, 1.0]]
    group = governed(environments.pairings(games.prisoners_dilemma(), 4), tax("C", 1.0), disclosure("C"))
    state, _ = group.reset(key)
    step = group.step(key, state, (jnp.int32(0),) * 4)
    two = np.isin(np.arange(4), [int(state.inner.first), int(state.inner.second)])
    assert step.measures["from tax on C"].tolist() == np.where(two, -0.5, 0.5).tolist()
    assert np.asarray(step.observations[0])[-4:].tolist() == two.tolist()


def test_turns_stand_outside_institutions(rounds):
    env = in_turn(governed(rounds.goods(limit=2), tax("keep", 1.0)))
    check_environment(env, episodes=64)
    assert env.horizon == 6


def test_refusals(rounds):
    with pytest.raises(InputError, match="has `amounts`"):
        governed(rounds.goods(), quota(2))
    with pytest.raises(InputError, match="levels to vote on rise"):
        voting([2, 1])
    with pytest.raises(InputError, match="votes are counted by"):
        voting([1, 2], rule="borda")
    with pytest.raises(InputError, match="must lie between low and high"):
        reputation("keep", low=1.0)
    with pytest.raises(InputError, match="square matrix of truth values"):
        disclosure("keep", [[1, 0]])
    with pytest.raises(InputError, match="says who sees whom of 2"):
        governed(rounds.goods(), disclosure("keep", [[1, 0], [0, 1]]))
    with pytest.raises(InputError, match="two words or more"):
        messages("yes")
    with pytest.raises(InputError, match="each of the 3 players once"):
        in_turn(rounds.goods(), order=[0, 1, 1])
    with pytest.raises(InputError, match="choose points"):
        in_turn(environments.of_game(games.cournot()))
    with pytest.raises(InputError, match="growth"):
        monitoring("keep", 0, 1.0, growth=0.5)
