"""Dilemmas on lattices and graphs against rules written by hand, and against the Markov game over their states."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.testing import check_environment

TABLE = [[3.0, -1.0, 0.5], [4.0, 0.25, 1.0], [-2.0, 2.0, 7.0]]
EDGES = [(0, 1), (1, 2), (2, 3), (1, 3)]


def beside(rows, columns, corners):
    """The neighbours of every place, by name of the place."""
    ways = [(-1, 0), (0, 1), (1, 0), (0, -1), *([(-1, 1), (1, 1), (1, -1), (-1, -1)] if corners else [])]
    return [
        [(r + down) % rows * columns + (c + right) % columns for down, right in ways]
        for r in range(rows)
        for c in range(columns)
    ]


def paid_by_hand(table, around, actions, average):
    every = []
    for i, own in enumerate(around):
        got = [table[actions[i]][actions[j]] for j in own]
        every.append(sum(got) / (len(own) if average else 1))
    return every


@pytest.mark.parametrize("average", [True, False])
@pytest.mark.parametrize("neighbours", ["von Neumann", "Moore"])
def test_players_of_a_lattice_are_paid_and_see_what_neighbours_do(neighbours, average):
    env = environments.lattice_dilemma(3, 5, game=TABLE, neighbours=neighbours, average=average)
    around = beside(3, 5, neighbours == "Moore")
    actions = np.random.default_rng(2).integers(0, 3, 15)
    np.testing.assert_allclose(env.paid(jnp.asarray(actions)), paid_by_hand(TABLE, around, actions, average), rtol=1e-5)
    flags, base = np.eye(3), np.array([3**k for k in reversed(range(len(around[0]) + 1))])
    after = env.step(jax.random.key(0), env.reset(jax.random.key(1))[0], tuple(jnp.asarray(actions)))
    for i, own in enumerate(around):
        shown = actions[[i, *own]]
        assert int(env.rows_of(jnp.asarray(actions))[i]) == int(shown @ base)
        np.testing.assert_array_equal(after.observations[i], flags[shown].ravel())
    assert after.measures["cooperated"].tolist() == (actions == 0).tolist()
    assert float(after.measures["cooperation"]) == pytest.approx((actions == 0).mean())


def test_on_a_graph_fewer_neighbours_leave_places_empty():
    env = environments.graph_dilemma(EDGES, game=[[1.0, -0.5], [2.0, 0.0]], average=False)
    around = [[1], [0, 2, 3], [1, 3], [1, 2]]
    for actions in np.ndindex(2, 2, 2, 2):
        paid = env.paid(jnp.array(actions))
        assert paid.tolist() == paid_by_hand([[1.0, -0.5], [2.0, 0.0]], around, actions, average=False)
    seen = env.step(jax.random.key(0), env.reset(jax.random.key(1))[0], tuple(jnp.array([1, 0, 1, 0]))).observations
    assert [own.tolist() for own in seen] == [[-1, 1, 0, 0], [1, -1, -1, 1], [-1, 1, 1, 0], [1, 1, -1, 0]]
    assert env.rows_of(jnp.array([1, 0, 1, 0])).tolist() == [8, 6, 8, 2]


@pytest.mark.parametrize("average", [True, False])
def test_a_small_one_pays_random_policies_what_its_markov_game_says(average):
    env = environments.graph_dilemma("path:3", game=TABLE, average=average, discount=0.6, limit=16)
    assert env.exact().n_states == 27
    assert env.exact().payoffs[:, 0, 0, 1, 2].tolist() == paid_by_hand(TABLE, [[1], [0, 2], [1]], (0, 1, 2), average)
    check_environment(env)


def test_many_players_are_played_and_not_written_out():
    env = environments.lattice_dilemma(4, 4, limit=3)
    assert env.exact() is None
    assert env.views is None
    assert environments.graph_dilemma("ring:7").exact().n_states == 128
    check_environment(env)


def test_first_actions_are_drawn_evenly():
    env = environments.lattice_dilemma(40, 50, game=TABLE)
    drawn = np.bincount(env.drawn(jax.random.key(3)), minlength=3)
    assert abs(drawn - 2000 / 3).max() < 4.5 * np.sqrt(2000 * 2 / 9)


def test_an_exact_one_passes_the_tests_of_pettingzoo():
    test = pytest.importorskip("pettingzoo.test")
    exact = environments.graph_dilemma("ring:3").exact()
    test.parallel_api_test(environments.parallel_env(exact, limit=20), num_cycles=50)


def test_games_of_two_alike_name_the_actions():
    env = environments.lattice_dilemma(3, 3, game=games.prisoners_dilemma())
    assert env.action_spaces[8].names == ("C", "D")
    assert repr(env) == "<LatticeDilemma lattice_dilemma: 9 players with 4 neighbours each, actions C D>"
    assert "1 to 3 neighbours" in repr(environments.graph_dilemma(EDGES))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: environments.lattice_dilemma(2, 5), "rows must be"),
        (lambda: environments.lattice_dilemma(3, 3, neighbours="moor"), "Moore"),
        (lambda: environments.lattice_dilemma(3, 3, game=[[1, 2]]), "row and a column"),
        (lambda: environments.lattice_dilemma(3, 3, game=games.matching_pennies()), "are not"),
        (lambda: environments.lattice_dilemma(3, 3, discount=1.0), "discount must be below 1"),
        (lambda: environments.lattice_dilemma(3, 3, limit=0), "limit must be"),
        (lambda: environments.graph_dilemma([(0, 2)]), "node 1 of the graph has no neighbour"),
    ],
)
def test_what_is_no_lattice_dilemma_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
