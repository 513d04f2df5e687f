"""`grow`: known populations, gains against enumeration, resumed bits, and what is refused."""

import os
import signal
import subprocess
import sys
import time
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

import nashscape as ns
from nashscape import games
from nashscape.populations import GrowingPlan, Role, grow, growing_catalogue
from nashscape.theory import regret, zero_sum_value

THREE = {"teams": [range(3), range(3, 6)], "symmetric": True, "until": None}


def test_case_61_one_pool_on_a_game_whose_seats_differ_is_refused_and_two_pools_solve_it():
    """As reported in aicenter/openspiel_reproductions #1: with one pool exploitability grows."""
    table = np.array([[4, -1, 1], [-2, 3, 0], [1, 1, -3]])
    game = games.bimatrix(table, -table)
    with pytest.raises(ns.InputError, match="do not see the same game"):
        grow(game, symmetric=True)
    found = grow(game, start="first")
    np.testing.assert_allclose(found.gains.sum(axis=1), [5, 4, 0.5, 0], atol=1e-12)
    np.testing.assert_allclose(found.mixture(0), [0.6, 0.4, 0], atol=1e-12)
    np.testing.assert_allclose(found.mixture(1), [0, 0.2, 0.8], atol=1e-12)


def test_the_published_example_self_play_ends_in_all_ones_and_cross_play_in_all_zeros(example):
    """Exploitability 1.5 by self-play; by cross-play 1.5 after one generation, and 0 from the second on."""
    played = grow(example, "self-play", generations=5, **THREE)
    assert played.exploitability == pytest.approx(1.5, abs=1e-9)
    assert all(played.mixture(i)[1] > 1 - 1e-9 for i in range(6))
    assert played.alone[-1].max() < 1e-9  # nobody alone would leave what a team would
    crossed = grow(example, "fictitious-cross-play", generations=10, **THREE)
    assert crossed.gains[1].mean() == pytest.approx(1.5, abs=2e-3)
    assert (crossed.gains[2:] < 1e-3).all()
    assert all(crossed.mixture(i)[0] > 1 - 1e-4 for i in range(6))


@pytest.mark.parametrize("seed", range(3))
def test_double_oracle_finds_the_value_of_zero_sum_games_with_unequal_actions(seed):
    random = np.random.default_rng(seed)
    for _ in range(8):
        rows, columns = random.integers(2, 8, size=2)
        table = random.integers(-9, 10, size=(rows, columns))
        game = games.bimatrix(table, -table)
        found = grow(game, generations=60, start="drawn", seed=seed)
        value = float(zero_sum_value(game).value)
        assert found.gains[-1].max() <= 1e-9 * np.ptp(table) + 1e-12
        assert found.answer[0] @ table @ found.answer[1] == pytest.approx(value, abs=1e-9)


def test_double_oracle_finds_an_equilibrium_where_payoffs_do_not_sum_to_a_constant():
    random = np.random.default_rng(8)
    for _ in range(10):
        game = games.bimatrix(*random.integers(-9, 10, size=(2, 3, 5)))
        found = grow(game, generations=40, start="first")
        assert regret(game, list(found.answer)).max() < 1e-9
        assert found.exploitability < 1e-9


def test_gains_are_regrets_of_three_players_with_unequal_actions():
    random = np.random.default_rng(2)
    game = games.dense(random.normal(size=(3, 2, 3, 4)))
    found = grow(game, "psro:meta=replicator", generations=6, until=None)
    np.testing.assert_allclose(found.gains[-1], regret(game, [found.mixture(i) for i in range(3)]), atol=1e-12)
    np.testing.assert_allclose(found.alone, found.gains, atol=1e-12)
    assert found.gains.shape == (7, 3)


def test_gains_of_teams_and_of_one_member_are_those_of_enumeration(uneven):
    found = grow(uneven, "psro:meta=uniform", generations=4, teams=[[0, 1], [2]], until=None)
    team, other = uneven.payoffs[0], uneven.payoffs[2]
    own, foe = found.answer
    had = sum(own.reshape(2, 3)[a, b] * foe[c] * team[a, b, c] for a, b, c in product(range(2), range(3), range(4)))
    every = [float(team[a, b] @ foe) for a, b in product(range(2), range(3))]
    assert found.gains[-1, 0] == pytest.approx(max(every) - had, abs=1e-12)
    first = [sum(own.reshape(2, 3)[:, b].sum() * team[a, b] @ foe for b in range(3)) for a in range(2)]
    second = [sum(own.reshape(2, 3)[a].sum() * team[a, b] @ foe for a in range(2)) for b in range(3)]
    assert found.alone[-1, 0] == pytest.approx(max(*first, *second) - had, abs=1e-12)
    lone = [sum(own[j] * other.reshape(6, 4)[j, c] for j in range(6)) for c in range(4)]
    assert found.gains[-1, 1] == pytest.approx(max(lone) - float(np.array(lone) @ foe), abs=1e-12)


def test_fictitious_play_is_that_of_the_loop_written_by_hand():
    table = np.array([[0.0, -1.0, 2.0, 0.5], [1.0, 0.0, -1.0, 0.25], [-2.0, 1.0, 0.0, 0.75]])
    other = np.array([[1.0, 0.0, 0.5, 2.0], [0.0, 2.0, 1.0, 0.25], [0.5, 1.5, 1.0, 0.0]])
    found = grow(games.bimatrix(table, other), "fictitious-play", generations=25, start="first", until=None)
    rows, columns = [np.eye(3)[0]], [np.eye(4)[0]]
    for _ in range(25):
        row = np.eye(3)[int((table @ np.mean(columns, axis=0)).argmax())]
        column = np.eye(4)[int((np.mean(rows, axis=0) @ other).argmax())]
        rows, columns = [*rows, row], [*columns, column]
    np.testing.assert_allclose(found.answer[0], np.mean(rows, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.answer[1], np.mean(columns, axis=0), atol=1e-12)


def test_the_steps_of_members_are_those_of_the_published_loop(example):
    """From random mixtures, by a loop over players and actions on the game of six."""
    random = np.random.default_rng(1)
    mixtures = random.dirichlet(np.ones(2), size=3)
    begin = [*mixtures, *mixtures]
    found = grow(example, "self-play:response=steps:most=7", generations=1, start=begin, **THREE)
    played = mixtures.copy()
    for step in range(7):
        both = [*played, *played]
        worth = np.zeros((3, 2))
        for member, action in product(range(3), range(2)):
            chosen = [np.eye(2)[action] if i == member else own for i, own in enumerate(both)]
            worth[member, action] = np.einsum("abcdef,a,b,c,d,e,f->", example.payoffs[0], *chosen)
        rates = 0.1 * (1 + np.eye(3)[step % 3])[:, None]
        played = (1 - rates) * played + rates * np.eye(2)[worth.argmax(axis=1)]
    np.testing.assert_allclose(found.strategies[0][0].reshape(3, 2), played, atol=1e-12)


def test_the_population_is_a_game_of_choosing_strategies(uneven):
    found = grow(uneven, "psro:meta=uniform", generations=3, teams=[[0, 1], [2]], until=None)
    made = found.meta_game()
    assert made.shape == (4, 4)
    assert made.actions[0] == ("main 1", "main 2", "main 3", "main 4")
    one, other = found.strategies[0][2], found.strategies[1][1]
    paid = np.einsum("abc,a,b,c->", uneven.payoffs[0], one[:2], one[2:], other)
    assert made.payoffs[0, 2, 1] == pytest.approx(paid, abs=1e-12)


def test_counters_respond_to_main_strategies_alone():
    """Main strategies of rock and then paper; counters that met counters too would see scissors among them."""
    game = games.rock_paper_scissors()
    found = grow(game, "fictitious-cross-play:response=exact,oneself=0", generations=3, symmetric=True, start="first",
                 until=None)  # fmt: skip
    played = {name: found.strategies[0][k].argmax() for k, name in enumerate(found.names(0))}
    table, mains, counters = game.payoffs[0], [], [0]
    for k in range(1, 4):
        mains.append(int(played[f"main {k}"]))
        weights = best_of(table[np.ix_(mains, counters)])
        values = table[:, mains] @ weights
        assert values[played[f"counter {k + 1}"]] == pytest.approx(values.max(), abs=1e-9)
        counters.append(int(played[f"counter {k + 1}"]))


def best_of(table):
    """What the one of the rows plays in a matrix game, by its linear program."""
    found = linprog(
        [*[0.0] * len(table), -1.0], np.hstack([-table.T, np.ones((table.shape[1], 1))]), np.zeros(table.shape[1]),
        [[*[1.0] * len(table), 0.0]], [1.0], bounds=[*[(0, None)] * len(table), (None, None)],
    )  # fmt: skip
    return found.x[:-1]


class Stopped(Exception):
    pass


def test_what_is_kept_goes_on_to_the_same_bits(example, tmp_path):
    path = tmp_path / "population.json"
    options = {**THREE, "start": "drawn", "seed": 4, "generations": 6}
    whole = grow(example, "fictitious-cross-play", **options)

    def stops(done, _):
        if done == 3:
            raise Stopped

    with pytest.raises(Stopped):
        grow(example, "fictitious-cross-play", keep=path, progress=stops, **options)
    assert ns.load(path).generations == 3
    seen = []
    again = grow(example, "fictitious-cross-play", keep=path, progress=lambda done, _: seen.append(done), **options)
    assert seen == [4, 5, 6]
    for name in ("gains", "alone", "payoffs"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
    for mine, theirs in zip((*again.strategies, *again.answer), (*whole.strategies, *whole.answer), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert again.roles == whole.roles
    assert again.question.key == whole.question.key
    with pytest.raises(ns.InputError, match="another question, which differs in seed"):
        grow(example, "fictitious-cross-play", keep=path, **{**options, "seed": 5})


KILLED = """
import sys
import nashscape as ns
table = ns.games.shapley()
ns.populations.grow(table, "psro:response=steps", generations=400, start="drawn", until=None, keep=sys.argv[1],
                    progress=lambda done, every: print(done, flush=True))
"""


@pytest.mark.long
def test_a_population_that_is_killed_goes_on_to_the_same_bits(tmp_path):
    path = tmp_path / "population.json"
    work = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    while int(work.stdout.readline()) < 5:
        time.sleep(0.001)
    os.kill(work.pid, signal.SIGKILL)
    work.communicate()
    done = ns.load(path).generations
    assert 5 <= done < 400
    options = {"generations": done + 3, "start": "drawn", "until": None}
    again = grow(games.shapley(), "psro:response=steps", keep=path, **options)
    whole = grow(games.shapley(), "psro:response=steps", **options)
    np.testing.assert_array_equal(again.gains, whole.gains)
    np.testing.assert_array_equal(again.strategies[0], whole.strategies[0])


def test_several_ways_give_a_mapping_and_each_is_what_it_is_alone():
    found = grow(games.shapley(), ["fictitious-play", "league"], generations=3, start="first", until=None)
    assert list(found) == ["fictitious-play", "league"]
    alone = grow(games.shapley(), "league", generations=3, start="first", until=None)
    np.testing.assert_array_equal(found["league"].gains, alone.gains)
    assert set(alone.roles[0]) == {"main", "main exploiter", "league exploiter"}


def test_growing_ends_where_nobody_gains_or_goes_on_where_that_is_asked():
    game = games.rock_paper_scissors()
    found = grow(game, start="first", generations=50)
    assert found.generations < 10
    assert found.gains[-1].max() <= 1e-9
    assert grow(game, start="first", generations=12, until=None).generations == 12


def test_every_way_has_a_name_and_grows_uneven_games(uneven):
    for way in growing_catalogue():
        if way.name in ("fictitious-cross-play", "rectified-psro"):
            continue  # below, and of one pool alone
        found = grow(uneven, way.name, generations=2, teams=[[0, 1], [2]], until=None)
        assert found.generations == 2, way.name
        assert all(np.isfinite(own).all() and own.sum() == pytest.approx(1) for own in found.answer)
    crossed = grow(uneven, "fictitious-cross-play", generations=3, teams=[[0, 1], [2]], until=None)
    assert crossed.roles[0].count("counter") == crossed.roles[1].count("counter") == 4


def test_a_plan_of_ones_own_and_a_response_in_a_file(tmp_path, uneven):
    (tmp_path / "mine.py").write_text(
        "import numpy as np\n"
        "def worst(lesson, learning):\n"
        "    sides, made = lesson.sides, []\n"
        "    for side in sides.first:\n"
        "        k = int(lesson.values(side, learning).argmin())\n"
        "        places = np.unravel_index(k, sides.shapes[side])\n"
        "        made.append(np.concatenate([np.eye(a)[j] for a, j in zip(sides.shapes[side], places)]))\n"
        "    return made\n"
        "def halves(lesson, learning):\n"
        "    return [own / 2 for own in learning]\n"
    )
    role = Role("only", ("only",), ("only",), "last", at_first=True)
    plan = GrowingPlan((role,), ("only",), "last", f"{tmp_path}/mine.py:worst")
    found = grow(uneven, plan, generations=1, teams=[[0, 1], [2]], start="first", until=None)
    worst = np.unravel_index(int(uneven.payoffs[0][:, :, 0].argmin()), (2, 3))
    assert found.strategies[0][1].nonzero()[0].tolist() == [worst[0], 2 + worst[1]]
    with pytest.raises(ns.InputError, match="must give strategies"):
        grow(uneven, GrowingPlan((role,), ("only",), "last", f"{tmp_path}/mine.py:halves"), generations=1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"by": "psrro"}, "did you mean 'psro'"),
        ({}, "take replicator, as in psro:meta=replicator"),
        ({"by": "psro:meta=nach"}, "unknown meta-solver"),
        ({"by": "psro:meta=uniform,response=exakt"}, "unknown response"),
        ({"by": 3}, "or a GrowingPlan"),
        ({"by": GrowingPlan((Role("a", ("b",)),), ("a",), "last", "exact")}, "'b' is none"),
        ({"by": []}, "several ways"),
        ({"teams": [[0, 1]]}, "player 3 is in none"),
        ({"teams": [[0, 1], [1, 2]]}, "player 2 is in two of them"),
        ({"teams": [[0, 1, 2]]}, "two teams or more"),
        ({"teams": "ab"}, "teams are lists of players"),
        ({"teams": [[0, 2], [1]]}, "one payoff; those of player 1 and player 3 differ"),
        ({"symmetric": True}, "have the same actions"),
        ({"start": "middle"}, "unknown start"),
        ({"start": "uniform:std=1"}, "no options"),
        ({"start": [[1, 0], [1, 0, 0]]}, "a mixture for each of 3 players"),
        ({"start": [[1, 0], [1, 0, 1], [1, 0, 0, 0]]}, "player 2"),
        ({"generations": 0}, "generations"),
        ({"until": -1.0}, "until"),
    ],
)
def test_what_is_refused_is_told_in_one_error(uneven, options, says):
    with pytest.raises(ns.InputError, match=says):
        grow(uneven, **options)


def test_parts_of_ways_are_named_with_options_and_in_files(tmp_path):
    (tmp_path / "mine.py").write_text("def weights(meta):\n    return [[1.0 / m] * m for m in meta.sizes]\n")
    game, options = games.battle_of_the_sexes(), {"generations": 3, "start": "first", "until": None}
    mine = grow(game, f"psro:meta={tmp_path}/mine.py:weights", **options)
    np.testing.assert_array_equal(mine.gains, grow(game, "psro:meta=uniform", **options).gains)
    learnt = [grow(game, f"self-play:response=(rule:rule=lola,updates={n})", start=[[0.4, 0.6], [0.3, 0.7]],
                   generations=3, until=None) for n in (7, 8)]  # fmt: skip
    assert not np.array_equal(learnt[0].gains, learnt[1].gains)
    assert grow(game, "self-play:response=regret-matching:rounds=5", **options).generations == 3
    low, high = (grow(games.shapley(), f"psro:meta=replicator:least={least}", **options) for least in ("1e-3", "0.5"))
    assert not np.array_equal(low.gains, high.gains)


def test_a_start_that_leaves_nothing_to_gain_is_an_answer_with_empty_pools(tmp_path):
    found = grow(games.shapley(), "self-play")
    assert found.generations == 0
    assert repr(found) == "<Grown: 0 generations by self-play, exploitability 0>"
    assert ns.load(found.save(tmp_path / "none.json")).payoffs.shape == (2, 0, 0)
    found.plot(tmp_path / "none.png")
    with pytest.raises(ns.InputError, match="pools are empty"):
        found.meta_game()


def test_roles_without_opponents_yet_are_alone_with_themselves():
    late = Role("late", ("other",), ("other",), "nash", anew=False)
    other = Role("other", oneself=1.0, anew=False)
    plan = GrowingPlan((late, other), ("late",), "last", "steps")
    found = grow(games.battle_of_the_sexes(), plan, generations=2, start="first", until=None)
    assert found.roles[0] == ("late", "other", "late", "other")
    with pytest.raises(ns.InputError, match="'late' has no `against`"):
        grow(games.shapley(), GrowingPlan((Role("late", ("late",)),), ("late",), "last", "steps"))


def test_who_is_stopped_has_whole_generations(example):
    def stops(done, _):
        if done == 2:
            raise KeyboardInterrupt

    found = grow(example, "fictitious-cross-play", generations=6, progress=stops, **THREE)
    assert found.status is ns.Status.INTERRUPTED
    whole = grow(example, "fictitious-cross-play", generations=2, **THREE)
    np.testing.assert_array_equal(found.gains, whole.gains)
    np.testing.assert_array_equal(found.payoffs, whole.payoffs)


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("psro:meta={file}:nothing", "meta-solver .*mine.py:nothing must give a mixture for each side.*; got None"),
        ("psro:response={file}:nothing_learnt", "response .*mine.py:nothing_learnt must give strategies.*; got None"),
        ("psro:response={file}:three", "three needs the option random, .*; by itself it is called with 2 arguments"),
    ],
)
def test_faults_of_functions_of_ones_own_are_told_with_their_names(tmp_path, by, says):
    (tmp_path / "mine.py").write_text(
        "def nothing(meta): pass\n"
        "def nothing_learnt(lesson, begin): pass\n"
        "def three(lesson, begin, random): return begin\n"
    )
    with pytest.raises(ns.InputError, match=says):
        grow(games.shapley(), by.format(file=tmp_path / "mine.py"), generations=1, start="first")
