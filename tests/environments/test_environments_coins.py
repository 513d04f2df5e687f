"""The coin game against rules applied by hand, and against the Markov game over its states."""

import collections

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.environments.coin_states import listed
from nashscape.environments.coins import Coins
from nashscape.testing import check_environment

UP, DOWN, LEFT, RIGHT = range(4)
KEY = jax.random.key(4)


def at(red, blue, coin, owner=0):
    return Coins(jnp.array([red, blue]), jnp.array(coin), jnp.int32(owner), jnp.int32(0))


def stepped(env, state, red, blue, key=KEY):
    return env.step(key, state, (jnp.int32(red), jnp.int32(blue)))


@pytest.mark.long
@pytest.mark.parametrize(
    ("state", "moves", "rewards", "own", "others"),
    [
        (at((0, 0), (2, 2), (0, 1), 0), (RIGHT, UP), [1.0, 0.0], [True, False], [False, False]),
        (at((0, 0), (2, 2), (0, 1), 1), (RIGHT, UP), [1.0, -3.0], [False, False], [True, False]),
        (at((1, 1), (0, 0), (2, 0), 0), (UP, UP), [-3.0, 1.0], [False, False], [False, True]),  # over the edge
        (at((0, 0), (0, 2), (0, 1), 1), (RIGHT, LEFT), [1.0, -2.0], [False, True], [True, False]),  # both
        (at((0, 0), (2, 2), (1, 1), 0), (LEFT, DOWN), [0.0, 0.0], [False, False], [False, False]),
    ],
)
def test_who_takes_a_coin_is_paid_and_its_owner_pays(state, moves, rewards, own, others):
    env = environments.coin_game(penalty=3.0)
    after = stepped(env, state, *moves)
    np.testing.assert_array_equal(after.rewards, rewards)
    assert (after.measures["own_coins"].tolist(), after.measures["others_coins"].tolist()) == (own, others)
    if not any(own + others):
        assert (after.state.coin.tolist(), int(after.state.owner)) == (state.coin.tolist(), int(state.owner))


@pytest.mark.parametrize(("colours", "share"), [("random", 0.5), ("alternating", 1.0)])
def test_another_coin_appears_where_nobody_stands(colours, share):
    env = environments.coin_game(colours=colours)
    keys = jax.random.split(KEY, 4000)
    step = jax.vmap(lambda key: stepped(env, at((0, 0), (2, 2), (0, 1), 0), RIGHT, UP, key))
    after = jax.jit(step)(keys).state
    where = collections.Counter(map(tuple, after.coin.tolist()))
    assert set(where) == {(r, c) for r in range(3) for c in range(3)} - {(0, 1), (1, 2)}
    assert max(abs(own - 4000 / 7) for own in where.values()) < 4.5 * np.sqrt(4000 / 7 * 6 / 7)
    assert abs(float(after.owner.mean()) - share) <= 4.5 * np.sqrt(share * (1 - share) / 4000)


def test_episodes_begin_with_three_fields_drawn_evenly():
    env = environments.coin_game(size=2)
    state, _ = jax.jit(jax.vmap(env.reset))(jax.random.split(KEY, 4800))
    cells = np.asarray(jnp.concatenate([state.places, state.coin[:, None]], axis=1) @ jnp.array([2, 1]))
    found = collections.Counter((*own, int(owner)) for own, owner in zip(cells.tolist(), state.owner, strict=True))
    assert len(found) == 4 * 3 * 2 * 2
    assert max(abs(own - 100) for own in found.values()) < 4.5 * 10


def test_players_see_themselves_first_and_in_the_middle_where_they_say_so():
    state = at((0, 0), (2, 1), (1, 2), 1)
    red, blue = environments.coin_game()._seen(state)
    assert [np.argwhere(plane).tolist() for plane in red] == [[[0, 0]], [[2, 1]], [], [[1, 2]]]
    assert [np.argwhere(plane).tolist() for plane in blue] == [[[2, 1]], [[0, 0]], [[1, 2]], []]
    red, blue = environments.coin_game(egocentric=True)._seen(state)
    assert [np.argwhere(plane).tolist() for plane in red] == [[[1, 1]], [[0, 2]], [], [[2, 0]]]
    assert [np.argwhere(plane).tolist() for plane in blue] == [[[1, 1]], [[2, 0]], [[0, 2]], []]


@pytest.mark.long
@pytest.mark.parametrize("colours", ["random", "alternating"])
def test_random_players_are_paid_what_the_game_over_relative_places_says(colours):
    env = environments.coin_game(egocentric=True, colours=colours, discount=0.6, limit=16, penalty=1.5)
    assert env.exact().n_states == 128
    assert env.views[1].shape == (128, 4, 3, 3)
    check_environment(env)


@pytest.mark.long
def test_both_games_over_states_pay_policies_that_see_relative_places_the_same():
    wide, narrow = (environments.coin_game(size=2, egocentric=own, discount=0.7) for own in (False, True))
    shifted = environments.coin_game(size=2, egocentric=True)
    cells = np.array(listed(2, relative=False))
    states = Coins(shifted._field(jnp.asarray(cells[:, :2])), shifted._field(cells[:, 2]), cells[:, 3], cells[:, 3])
    random = np.random.default_rng(0)
    weights = [random.normal(size=(16, 4)) for _ in range(2)]

    def tables(views):
        return [
            jax.nn.softmax(np.asarray(own).reshape(len(own), 16) @ w) for own, w in zip(views, weights, strict=True)
        ]

    paid = narrow.exact().expected_payoffs(tables(narrow.views))
    assert (wide.exact().n_states, narrow.exact().n_states) == (len(cells), len(cells) // 4)
    np.testing.assert_allclose(wide.exact().expected_payoffs(tables(jax.vmap(shifted._seen)(states))), paid, rtol=1e-5)


@pytest.mark.long
def test_random_players_are_paid_what_the_game_over_all_states_says():
    env = environments.coin_game(discount=0.6, limit=16)
    assert env.exact().n_states == 1152
    check_environment(env)


@pytest.mark.long
def test_larger_grids_are_played_and_not_written_out():
    env = environments.coin_game(size=5, limit=3)
    assert env.exact() is None
    assert env.views is None
    assert environments.coin_game(size=4, egocentric=True).exact().n_states == 2 * (15 + 15 * 14)
    check_environment(env)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": 1}, "size must be"),
        ({"discount": 1.0}, "below 1: the coin game has no end"),
        ({"penalty": -1.0}, "penalty must be"),
        ({"colours": "red"}, "colours are 'random' or 'alternating'; got 'red'"),
        ({"limit": 0}, "limit must be"),
    ],
)
def test_what_is_no_coin_game_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        environments.coin_game(**options)
