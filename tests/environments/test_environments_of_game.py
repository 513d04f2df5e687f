"""Games as environments against what the games say of policies: enumerated, and as means of many episodes."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.semantics.policy_networks import policy_network

RANDOM = np.random.default_rng(5)
THREE = games.dense(RANDOM.normal(size=(3, 2, 3, 2)))


def markov(**options):
    random = np.random.default_rng(3)
    pay, moves = random.normal(size=(3, 4, 2, 3, 2)), random.dirichlet([0.5] * 4, size=(4, 2, 3, 2))
    moves[1] = np.eye(4)[2]  # some states are never drawn there
    return games.markov(pay, moves, initial=[0.2, 0.5, 0.3, 0.0], **{"discount": 0.9, **options})


def policies(game, seed=2):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(shape[-1]), size=shape[:-1]) for shape in game.strategy_shapes]


def returns(env, strategies, episodes, gamma):
    """Σ γ^t r_t of episodes under policies that know the state, `[episodes, n]`."""

    @jax.jit
    def play(env, keys):
        def episode(key):
            def one(carry, k):
                state, total, weight = carry
                own = [jax.random.fold_in(k, i) for i in range(len(strategies) + 1)]
                acts = tuple(
                    jax.random.categorical(key, jnp.log(jnp.asarray(policy)[state.state]))
                    for key, policy in zip(own, strategies, strict=False)
                )
                step = env.step(own[-1], state, acts)
                return (step.state, total + weight * step.rewards, weight * gamma), (step.terminated, step.truncated)

            first, rest = jax.random.split(key)
            state, _ = env.reset(first)
            start = (state, jnp.zeros(len(strategies)), jnp.float32(1.0))
            (_, total, _), ends = jax.lax.scan(one, start, jax.random.split(rest, env.horizon))
            return total, ends

        return jax.vmap(episode)(keys)

    total, (over, cut) = play(env, jax.random.split(jax.random.key(1), episodes))
    return np.asarray(total, np.float64), np.asarray(over), np.asarray(cut)


@pytest.mark.long
@pytest.mark.parametrize(
    ("game", "limit"), [(markov(horizon=5), None), (markov(discount=0.6), 24), (THREE, None)], ids=str
)
def test_the_mean_of_episodes_is_what_the_game_says_of_policies(game, limit):
    strategies, env = policies(game), environments.of_game(game, limit=limit)
    tables = [own if own.ndim == 2 else own[None] for own in strategies]
    total, over, cut = returns(env, tables, 20_000, float(env.discount))
    error = total.std(axis=0) / np.sqrt(len(total))
    assert (np.abs(total.mean(axis=0) - np.asarray(game.expected_payoffs(strategies))) < 4 * error).all()
    # it ends in its last round, and there only, in one way
    ends, never = (cut, over) if limit else (over, cut)
    assert not never.any()
    assert not ends[:, :-1].any()
    assert ends[:, -1].all()


@pytest.mark.long
def test_two_rounds_enumerated_pay_exactly_what_the_game_says():
    game = games.repeated(THREE, memory=1, horizon=2, discount=0.7)
    strategies, env = policies(game), environments.of_game(game)
    profiles = list(itertools.product(range(2), range(3), range(2)))
    with jax.enable_x64(True):
        key = jax.random.key(0)
        total = np.zeros(3)
        start, _ = env.reset(key)
        joint = jax.vmap(env.step, in_axes=(None, None, 0))
        actions = tuple(jnp.asarray(profiles).T)
        first = joint(key, start, actions)
        second = jax.vmap(joint, in_axes=(None, 0, None))(key, first.state, actions)
        for k, one in enumerate(profiles):
            chance = np.prod([own[0, a] for own, a in zip(strategies, one, strict=True)])
            total += chance * np.asarray(first.rewards[k])
            state = int(first.state.state[k])
            for m, two in enumerate(profiles):
                then = np.prod([own[state, a] for own, a in zip(strategies, two, strict=True)])
                total += 0.7 * chance * then * np.asarray(second.rewards[k, m])
        np.testing.assert_allclose(total, np.asarray(game.expected_payoffs(strategies)), rtol=1e-13, atol=1e-14)
    assert not first.terminated.any()
    assert second.terminated.all()
    assert not np.append(first.truncated, second.truncated).any()


@pytest.mark.parametrize("game", [THREE, games.volunteers_dilemma(4), games.graph_donation("ring:4", 3, 1)], ids=str)
def test_one_shot_games_pay_what_their_tables_say_in_one_round(game):
    env, table = environments.of_game(game), game.to_dense()
    profiles = np.array(list(itertools.product(*(range(len(own)) for own in game.actions))))
    state, seen = env.reset(jax.random.key(0))
    after = jax.vmap(env.step, in_axes=(None, None, 0))(jax.random.key(0), state, tuple(profiles.T))
    listed = [table.payoffs_at(tuple(profile)) for profile in profiles.tolist()]
    np.testing.assert_allclose(after.rewards, listed, rtol=1e-6, atol=1e-6)
    assert [own.tolist() for own in seen] == [[1.0]] * len(game.players)
    assert (env.horizon, env.discount, bool(after.terminated.all()), bool(after.truncated.any())) == (
        1,
        1.0,
        True,
        False,
    )
    assert env.action_spaces[0] == environments.discrete(len(game.actions[0]), game.actions[0])


@pytest.mark.long
def test_points_are_played_within_bounds_and_brought_into_their_sets():
    env = environments.of_game(games.tandem())
    state, _ = env.reset(jax.random.key(0))
    after = env.step(jax.random.key(0), state, (jnp.array([0.1]), jnp.array([0.2])))
    np.testing.assert_allclose(after.rewards, [0.2 - 0.09, 0.4 - 0.09], rtol=1e-6)
    assert env.action_spaces[0] == environments.reals(1)
    cournot = games.cournot()
    own = environments.of_game(cournot).action_spaces
    assert [(space.low[0], space.high[0]) for space in own] == list(
        zip(*np.asarray(cournot.bounds).tolist(), strict=True)
    )
    budget = environments.of_game(games.power_control([[[1.0, 2.0], [0.3, 0.2]], [[0.1, 0.2], [1.0, 1.0]]]))
    spent = budget.step(jax.random.key(0), state, (jnp.ones(2), jnp.array([1.0, 0.5]))).rewards
    np.testing.assert_allclose(spent, budget.game.expected_payoffs([[0.5, 0.5], [0.75, 0.25]]), rtol=1e-6)


def test_players_see_what_networks_of_the_game_see():
    for game in (games.repeated(THREE, horizon=3), markov(horizon=2)):
        env, network = environments.of_game(game), policy_network(game)
        for state in range(game.n_states):
            now, _ = env.reset(jax.random.key(0))
            seen = env._seen(type(now)(jnp.int32(state), now.played))
            for own, view in zip(seen, network.seen, strict=True):
                np.testing.assert_array_equal(own, view[state])
        assert [space.shape for space in env.observation_spaces] == [own.shape[1:] for own in network.seen]


def test_the_clock_is_a_last_number_and_strategies_of_the_game_do_not_see_it():
    game = games.iterated_prisoners_dilemma(horizon=4)
    env, bare = environments.of_game(game, clock=True), environments.of_game(game)
    (state, seen), (_, plain) = env.reset(jax.random.key(0)), bare.reset(jax.random.key(0))
    shares = [float(seen[0][-1])]
    for _ in range(4):
        after = env.step(jax.random.key(0), state, (jnp.int32(0), jnp.int32(1)))
        state, shares = after.state, [*shares, float(after.observations[1][-1])]
    assert shares == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert (env.observation_spaces[0].shape, seen[0][:-1].tolist()) == ((4,), plain[0].tolist())
    assert env.exact() is None
    assert bare.exact() is game


def test_games_of_one_shape_share_a_program():
    traced = []

    @jax.jit
    def paid(env):
        traced.append(env.players)
        state, _ = env.reset(jax.random.key(0))
        return env.step(jax.random.key(0), state, (jnp.int32(0), jnp.int32(0))).rewards

    first, second = games.prisoners_dilemma(), games.bimatrix([[7, 0], [1, 2]], actions=[("a", "b")] * 2, name="other")
    assert [paid(environments.of_game(game)).tolist() for game in (first, second)] == [[3.0, 3.0], [7.0, 7.0]]
    assert traced == [("player 1", "player 2")]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: environments.of_game(markov()), r"never ends; .* limit=200.*discount\^limit, 7.1e-10"),
        (lambda: environments.of_game(markov(horizon=2), limit=0), "limit must be"),
        (lambda: environments.of_game(THREE, seen=[np.ones((2, 1))] * 3), r"players have \(1, 1, 1\) rows"),
        (lambda: environments.of_game(markov(horizon=2), seen=[np.ones(4)] * 3), r"players have \(4, 4, 4\) rows"),
        (lambda: environments.of_game(3), "expected a game"),
    ],
)
def test_what_cannot_be_played_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_a_limit_beyond_the_only_round_is_refused():
    with pytest.raises(
        InputError, match=r"over after one round.*games.repeated\(stag_hunt, horizon=5\) plays it 5 times"
    ):
        environments.of_game(games.stag_hunt(), limit=5)
    assert environments.of_game(games.stag_hunt(), limit=1).horizon == 1
