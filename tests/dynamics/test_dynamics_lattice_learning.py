"""Q-learning on lattices and graphs against a loop written by hand, and against values of exact decision problems."""

import dataclasses

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments
from nashscape.core import InputError, Status
from nashscape.dynamics import lattice_q_learning

TABLE = [[3.0, -1.0, 0.5], [4.0, 0.25, 1.0], [-2.0, 2.0, 7.0]]
AROUND = [[1], [0, 2, 3], [1, 3], [1, 2]]
EDGES = [(0, 1), (1, 2), (2, 3), (1, 3)]
ROUNDS = 60


def by_hand(env, tables, start, rates, begun, last, lookahead, key):
    """Tables of players and shares of the first action, round by round and player by player."""
    values = begun.astype(np.float64).copy()
    gamma, count = float(env.discount), len(TABLE)

    def row(actions, i):
        shown = [actions[i], *(actions[j] for j in AROUND[i]), *[0] * (3 - len(AROUND[i]))]
        return sum(action * count**k for k, action in enumerate(reversed(shown)))

    actions = np.asarray(env.drawn(key)).tolist()
    past, cooperation = [], []
    fall = ROUNDS // 20 * 19
    for t in range(ROUNDS):
        heat = start + (last - start) * min(t / fall, 1.0)
        bits = np.asarray(jax.random.bits(jax.random.fold_in(key, t), (4,)))
        before, now = actions, []
        for i in range(4):
            own = values[tables[i], row(before, i)]
            chances = np.exp((own - own.max()) / heat)
            point = (bits[i] >> 8) / 2**24
            now.append(int((point >= (chances.cumsum() / chances.sum())[:-1]).sum()))
        paid = [np.mean([TABLE[now[i]][now[j]] for j in AROUND[i]]) for i in range(4)]
        past.append([(tables[i], row(before, i), now[i], paid[i]) for i in range(4)])
        actions = now
        cooperation.append(np.mean([own == 0 for own in now]))
        if t < lookahead - 1 or t >= fall:
            continue
        moves = {}
        for i in range(4):
            ahead = [past[t - lookahead + 1 + j][i][3] for j in range(lookahead)]
            target = sum(gamma**j * own for j, own in enumerate(ahead))
            target += gamma**lookahead * values[tables[i], row(actions, i)].max()
            entry = past[t - lookahead + 1][i][:3]
            moves.setdefault(entry, []).append(target - values[entry])
        for entry, own in moves.items():
            values[entry] += rates[entry[0]] * np.mean(own)
    return values, np.mean(np.reshape(cooperation, (20, -1)), axis=1)


@pytest.mark.parametrize("lookahead", [1, 3])
@pytest.mark.parametrize("sharing", [[2, 1, 0, 0], "separate"])
def test_tables_are_those_of_a_loop_by_hand(lookahead, sharing):
    env = environments.graph_dilemma(EDGES, game=TABLE, discount=0.8)
    tables = [0, 1, 2, 3] if sharing == "separate" else sharing
    rates = [0.5, 0.2, 0.9, 1.0][: max(tables) + 1]
    begun = np.random.default_rng(3).normal(size=(len(rates), 81, 3)).astype(np.float32)
    found = lattice_q_learning(
        env, sharing, budgets=[1.5, 0.7], runs=3, rounds=ROUNDS, learning_rate=rates, lookahead=lookahead,
        last_temperature=0.4, values=begun, seed=5,
    )  # fmt: skip
    for k, budget in enumerate([1.5, 0.7]):
        for run in range(3):
            key = jax.random.fold_in(jax.random.key(5), run)
            # the mean over the first 28 of 57 rounds of a fall to .4 is the budget
            start = (budget - 0.4 * 13.5 / 57) / (1 - 13.5 / 57)
            values, cooperation = by_hand(env, tables, start, rates, begun, 0.4, lookahead, key)
            np.testing.assert_allclose(found.values[k, run], values, atol=2e-4)
            np.testing.assert_allclose(found.cooperation[k, run], cooperation, atol=1e-6)


def test_beside_players_who_do_not_change_values_are_those_of_the_decision_problem():
    env = environments.graph_dilemma("complete:3", game=TABLE, discount=0.9, average=False)
    random = np.random.default_rng(8)
    others = random.integers(0, 3, size=(2, 27))
    begun = np.concatenate([np.zeros((1, 27, 3)), 1e6 * np.eye(3)[others]])
    found = lattice_q_learning(
        env, "separate", budgets=[1e3], last_temperature=1e3, runs=2, rounds=60_000, lookahead=1,
        learning_rate=[1.0, 0.0, 0.0], values=begun,
    )  # fmt: skip
    game = env.exact()
    # a state is what all did; every player sees itself first, then the others in their order
    states = np.array(list(np.ndindex(3, 3, 3)))
    theirs = [others[0][states @ [3, 9, 1]], others[1][states @ [3, 1, 9]]]
    values, onward = np.zeros((27, 3)), np.zeros((27, 3), int)
    for _ in range(400):
        for s in range(27):
            for a in range(3):
                joint = (a, theirs[0][s], theirs[1][s])
                onward[s, a] = np.ravel_multi_index(joint, (3, 3, 3))
                values[s, a] = game.payoffs[(0, 0, *joint)] + 0.9 * values[onward[s, a]].max()
    again = np.unique(onward[np.unique(onward[np.unique(onward)])])
    assert len(again) >= 4
    np.testing.assert_array_equal(found.values[0, :, 1:], np.broadcast_to(begun[1:], (2, 2, 27, 3)))
    for run in range(2):
        np.testing.assert_allclose(found.values[0, run, 0][again], values[again], rtol=1e-4)


def test_runs_do_not_depend_on_how_many_there_are_nor_on_other_budgets():
    env = environments.lattice_dilemma(3, 4)
    one = lattice_q_learning(env, 4, budgets=[0.3], runs=1, rounds=100, seed=7)
    three = lattice_q_learning(env, 4, budgets=[0.9, 0.3], runs=3, rounds=100, seed=7)
    np.testing.assert_array_equal(one.cooperation[0, 0], three.cooperation[1, 0])
    np.testing.assert_array_equal(one.values[0, 0], three.values[1, 0])
    assert not np.array_equal(three.values[1, 0], three.values[1, 1])


def test_actions_are_drawn_with_chances_of_boltzmann():
    env = environments.lattice_dilemma(20, 20, game=TABLE)
    worth = np.array([0.3, 1.0, -0.2])
    values = np.broadcast_to(worth, (1, env.n_rows, 3))
    found = lattice_q_learning(
        env, budgets=[0.8], last_temperature=0.8, runs=1, rounds=200, learning_rate=0.0, values=values
    )
    chances = np.exp(worth / 0.8) / np.exp(worth / 0.8).sum()
    error = np.sqrt(chances[0] * (1 - chances[0]) / (400 * 200))
    assert abs(found.cooperation.mean() - chances[0]) < 4.5 * error
    # payoffs of independent actions: the mean over the game
    assert abs(found.payoffs.mean() - chances @ np.array(TABLE) @ chances) < 0.1


def test_groups_follow_each_other():
    env = environments.lattice_dilemma(3, 4)
    assert lattice_q_learning(env, 5, budgets=[0.2], runs=1, rounds=20).values.shape == (1, 1, 5, 32, 2)
    asked = lattice_q_learning(env, 5, budgets=[0.2], runs=1, rounds=20).provenance.question["tables"]
    assert list(asked) == [0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4]


def test_the_result_says_what_it_is(tmp_path):
    env = environments.lattice_dilemma(3, 3, game=ns.games.prisoners_dilemma())
    found = lattice_q_learning(env, "separate", budgets=[0.2, 0.6], runs=4, rounds=40)
    assert (found.sharing, found.action, found.window, found.status) == ("a table for each", "C", 2, Status.COMPLETE)
    columns = found.to_columns()
    assert columns["budget"].tolist() == [0.2] * 4 + [0.6] * 4
    np.testing.assert_array_equal(columns["cooperation"], found.final.ravel())
    assert all(own.low <= own.value <= own.high for own in found.estimates)
    assert "9 players, a table for each" in repr(found)
    found.save(tmp_path / "found.json")
    again = ns.load(tmp_path / "found.json")
    np.testing.assert_array_equal(again.values, found.values)
    assert dataclasses.replace(found, tables=1).sharing == "one table for all"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sharing": "grouped"}, "a number of groups"),
        ({"sharing": 10}, "9 groups at most"),
        ({"sharing": [0, 0, 0, 1, 1, 1, 3, 3, 3]}, "without a gap"),
        ({"sharing": [0, 1]}, "sharing"),
        ({"budgets": [0.05]}, "none falls below 0.1"),
        ({"budgets": []}, "budgets"),
        ({"rounds": 50}, "take 40"),
        ({"rounds": 10}, "rounds must be"),
        ({"learning_rate": 1.5}, "from 0 to 1"),
        ({"learning_rate": [0.5, 0.5]}, "learning_rate"),
        ({"lookahead": 0}, "lookahead must be"),
        ({"last_temperature": 0.0}, "last_temperature must be"),
        ({"values": np.zeros((1, 16, 2))}, "values"),
        ({"runs": 10**7}, "take fewer runs"),
    ],
)
def test_what_cannot_be_learnt_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        lattice_q_learning(environments.lattice_dilemma(3, 3), **options)


def test_only_players_with_equally_many_neighbours_share_a_table():
    env = environments.graph_dilemma("path:4")
    with pytest.raises(InputError, match="those of table 0 have 1 and 2"):
        lattice_q_learning(env)
    assert lattice_q_learning(env, [0, 1, 1, 0], rounds=20, runs=1).tables == 2
    with pytest.raises(InputError, match="lattice_dilemma"):
        lattice_q_learning(environments.coin_game())


def test_all_cooperate_where_that_is_dominant():
    """Unless tables begin at 0: the first action that pays is then the last that is tried."""
    env = environments.lattice_dilemma(5, 5, game=[[1.0, 1.0], [0.0, 0.0]])
    found, stuck = (
        lattice_q_learning(env, 5, budgets=[0.2], runs=4, rounds=2000, values=begun) for begun in (100.0, 0.0)
    )
    assert found.final.min() > 0.95
    assert stuck.final.mean() < 0.9
