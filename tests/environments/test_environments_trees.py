"""Games in extensive form that are played: chance, information sets, turns and payoffs are those of the tree."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import InputError, environments, games
from nashscape.games import chance, decision, ending, extensive_game
from nashscape.testing import check_environment


def uneven():
    """Chance before and after moves, twice in a row, an end without a move, payoffs on the way, three players."""
    late = decision(2, {"x": ending(0, 1, 7), "y": ending(2, 0, 0), "z": ending(0, 0, 1)}, knows="k", pays=(0, 0, 1))
    lottery = chance({"in": ("1/3", late), "out": ("2/3", ending(1, 1, 1))})
    first = decision(0, {"a": decision(1, {"l": late, "r": ending(3, 0, 2)}), "b": lottery}, pays=(5, 0, 0))
    start = chance({"one": ("1/4", ending(9, 9, 9)), "two": ("3/4", chance({"go": (1, first)}))})
    return extensive_game(start, players=3)


@pytest.mark.parametrize(
    "make",
    [
        uneven,
        pytest.param(games.kuhn_poker, marks=pytest.mark.long),
        pytest.param(partial(games.dark_hex, rule="abrupt"), marks=pytest.mark.long),
    ],
)
def test_a_tree_is_an_environment_and_pays_what_the_tree_says(make):
    check_environment(environments.of_game(make()))


@jax.jit
def passing(env, key):
    """What is seen and legal at the start, and what a play comes to in which both do the first thing."""
    state, first = env.reset(key)
    after = env.step(key, state, (jnp.int32(0), jnp.int32(0)))
    last = env.step(key, after.state, (jnp.int32(0), jnp.int32(0)))
    return first, env.legal(state), after, last


def test_who_moves_sees_its_information_set_and_the_others_wait():
    game = games.kuhn_poker()
    env = environments.of_game(game)
    assert (env.horizon, env.discount, env.exact()) == (3, 1.0, game)
    assert env.action_spaces[0].names == game.actions[0]
    first, masks, after, last = jax.vmap(passing, in_axes=(None, 0))(env, jax.random.split(jax.random.key(0), 60))
    assert masks[0].all()
    assert np.all(np.asarray(masks[1]) == [True, False])
    assert not np.any(first[1])
    assert not np.any(after.terminated | after.rewards.any(axis=1))
    assert np.all(last.terminated)
    rows = zip(first[0].argmax(axis=1), after.observations[1].argmax(axis=1), strict=True)
    seen = dict(zip([(game.rows[0][i], game.rows[1][j]) for i, j in rows], last.rewards.tolist(), strict=True))
    # both pass: the higher card wins one
    assert seen == {
        (one, f"{two} p"): [1.0, -1.0] if "JQK".index(one) > "JQK".index(two) else [-1.0, 1.0]
        for one in "JQK" for two in "JQK" if one != two
    }  # fmt: skip


def test_what_is_seen_may_be_something_else():
    game = games.kuhn_poker()
    cards = [np.array([["JQK".index(row[0])] for row in rows]) + 1.0 for rows in game.rows]
    env = environments.of_game(game, seen=cards)
    _, seen = env.reset(jax.random.key(0))
    assert seen[0].shape == (1,)
    assert float(seen[0][0]) in {1.0, 2.0, 3.0}


@pytest.mark.parametrize("given", [{"limit": 3}, {"clock": True}])
def test_plays_of_trees_end_by_themselves(given):
    with pytest.raises(InputError, match="plays of kuhn_poker end, and say what players know"):
        environments.of_game(games.kuhn_poker(), **given)
