"""Hosted players in environments: those of PettingZoo, and those that JAX traces."""

from typing import ClassVar

import jax.numpy as jnp
import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete
from pettingzoo import ParallelEnv

import nashscape as ns
from nashscape import environments, games, neural
from nashscape.core import InputError
from nashscape.dynamics import behaviour, hosted, hosted_episodes, observing
from nashscape.dynamics.playing.measures import measured
from nashscape.learning.plays.records import Plays


class Fixed:
    """Does one thing for ever, and writes down what it is told."""

    def __init__(self, action):
        self.action, self.told, self.asked = action, [], []

    def act(self, seen, legal=None):
        self.asked.append((np.array(seen), legal))
        return self.action

    def observe(self, seen, paid, over, cut):
        self.told.append((np.array(seen), paid, bool(over), bool(cut)))


class Chaser(Fixed):
    """Plays what has paid most so far, from a first action that is drawn."""

    def __init__(self, random):
        super().__init__(int(random.integers(2)))
        self.mean = np.full(2, -1.0)
        self.mean[self.action] = 0.0

    def act(self, seen, legal=None):
        self.action = int(self.mean.argmax())
        return self.action

    def observe(self, seen, paid, over, cut):
        self.mean[self.action] += 0.5 * (paid - self.mean[self.action])


class Leaving(ParallelEnv):
    """Three agents with unequal actions; the first leaves after one round, the others after three, or are cut off."""

    metadata: ClassVar[dict[str, str]] = {"name": "leaving"}
    possible_agents: ClassVar[list[str]] = ["a", "b", "c"]

    def __init__(self, cut=False, silent=False, pays=1.0):
        self.cut, self.silent, self.pays, self.seeds = cut, silent, pays, []

    def observation_space(self, agent):
        return Box(0.0, 9.0, (2,))

    def action_space(self, agent):
        return {"a": Discrete(2), "b": Discrete(3), "c": Box(-1.0, 1.0, (2,))}[agent]

    def reset(self, seed=None, options=None):
        self.seeds.append(seed)
        self.agents, self.round = list(self.possible_agents), 0
        return {agent: np.full(2, 0.0) for agent in self.agents}, {}

    def step(self, actions):
        assert set(actions) == set(self.agents)
        self.round += 1
        last = self.round == 3
        seen = {agent: np.full(2, float(self.round)) for agent in self.agents}
        paid = {agent: self.pays * k for k, agent in enumerate(self.possible_agents, 1) if agent in self.agents}
        over = {agent: (last and not self.cut) or (agent == "a" and not self.silent) for agent in self.agents}
        cut = dict.fromkeys(self.agents, last and self.cut)
        self.agents = [own for own in self.agents if own != "a" and not last]
        return seen, paid, over, cut, {own: {} for own in seen}


def entry(env, make, goals=(), n=2, steps=9, window=2, **more):
    return ns.entry_probability(env, hosted(make, "own", window=window), n=n, steps=steps, targets=goals, **more)


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("cut", [False, True])
def test_who_has_left_is_asked_no_more_and_ends_are_told_apart(cut, silent):
    players = []

    def make(run, random):
        players.append([Fixed(1), Fixed(2), Fixed([0.5, -0.5])])
        return players[-1]

    env = environments.pettingzoo(lambda: Leaving(cut, silent), discount=0.5)
    assert env.players == ("a", "b", "c")
    found = entry(env, make)
    first, second, third = players[0]
    assert len(first.told) == len(first.asked) == 9
    assert all(told[2:] == (True, False) for told in first.told)
    assert len(second.told) == len(third.told) == 27
    assert [told[2:] for told in second.told[:3]] == [(False, False)] * 2 + [(not cut, cut)]
    # what is seen before acting is what was told of the round before, and a new episode's first observation
    assert [seen[0].tolist() for seen in second.asked[:4]] == [[0, 0], [1, 1], [2, 2], [0, 0]]
    assert [told[0].tolist() for told in second.told[:3]] == [[1, 1], [2, 2], [3, 3]]
    got = found.reduced
    # a is paid once, b and c in three rounds, halved with every round; nine episodes: one before, then four windows
    np.testing.assert_allclose(got["return"][0], [[1.0, 6.0, 9.0]] * 4)
    np.testing.assert_allclose(got["discounted return"][0], [[1.0, 3.5, 5.25]] * 4)
    np.testing.assert_allclose(got["payoff"][0], [[1 / 3, 2.0, 3.0]] * 4)
    assert (got["rounds"] == 3.0).all()
    assert got["updates"][0].tolist() == [3, 5, 7, 9]
    np.testing.assert_array_equal(got["share of action 1"][0, 0], [1.0, 0.0, np.nan])
    np.testing.assert_array_equal(got["share of action 2"][0, 0], [0.0, 1.0, np.nan])
    assert list(found.question.get("players")) == ["a", "b", "c"]


def test_without_targets_the_result_says_so():
    found = entry(environments.pettingzoo(Leaving), lambda run, random: [Fixed(0), Fixed(0), Fixed([0, 0])])
    assert any("no targets were named" in note for note in found.notes)
    goals = [behaviour("b", "return", at_least=0.0)]
    named = entry(environments.pettingzoo(Leaving), lambda run, random: [Fixed(0), Fixed(0), Fixed([0, 0])], goals)
    assert not any("no targets were named" in note for note in named.notes)


def test_limits_cut_off():
    players = [Fixed(0), Fixed(0), Fixed([0.0, 0.0])]
    entry(environments.pettingzoo(Leaving, limit=2), lambda run, random: players, n=1)
    assert [told[2:] for told in players[1].told[:2]] == [(False, False), (False, True)]
    assert [told[2:] for told in players[0].told[:1]] == [(True, False)]


def test_runs_have_environments_and_chance_of_their_own():
    made = []

    def make_one():
        made.append(Leaving())
        return made[-1]

    env = environments.pettingzoo(make_one)

    def make(run, random):
        return [Fixed(0), Fixed(int(random.integers(3))), Fixed([0.0, 0.0])]

    both = entry(env, make, n=2, seed=4)
    seeds = [own.seeds for own in made if own.seeds]
    assert [len(own) for own in seeds] == [9, 9]
    assert len({*seeds[0], *seeds[1]}) == 18
    made.clear()
    alone = entry(env, make, n=1, seed=4)
    assert next(own.seeds for own in made if own.seeds) == seeds[0]
    np.testing.assert_array_equal(alone.reduced["share of action 0"][0], both.reduced["share of action 0"][0])


def test_labels_are_of_windows_and_hits_of_episodes():
    class Later(Fixed):
        def act(self, seen, legal=None):
            return 0 if len(self.told) >= 6 else 1

    env = environments.pettingzoo(lambda: environments.parallel_env(games.stag_hunt()))
    goals = [behaviour("hunts", "share of C", at_least=0.9, of="least"), behaviour("hares", "share of C", at_most=0.1)]
    found = entry(env, lambda run, random: [Later(1), Later(1)], goals, n=1, steps=9)
    # after one episode more hares in windows 1 and 2, half and half in the third, and hunting in the fourth
    assert found.reduced["share of C"][0, :, 0].tolist() == [0.0, 0.0, 0.5, 1.0]
    assert found.first_hit.tolist() == [9]
    assert found.hits("hares").tolist() == [3]
    assert found.outcomes() == {"passing hunts": 1}
    assert found.held.tolist() == [0]
    late = entry(env, lambda run, random: [Fixed("C"), Fixed(0)], goals, n=1, steps=8)
    assert late.outcomes() == {"hunts": 1}
    assert late.status.name == "COMPLETE"


def test_learners_in_python_reach_what_they_reach_in_the_game_itself(tmp_path):
    env = environments.pettingzoo(lambda: environments.parallel_env(games.stag_hunt()))
    goals = [behaviour("hunts", "share of C", at_least=0.9, of="least")]
    found = entry(env, lambda run, random: [Chaser(random), Chaser(random)], goals, n=40, steps=40, window=5)
    share = found.probability("hunts")
    # they hunt where both began so, a quarter of all pairs
    assert share.low <= 0.25 <= share.high
    found.save(tmp_path / "found.json")
    np.testing.assert_array_equal(ns.load(tmp_path / "found.json").labels, found.labels)
    curves = ns.selection.learning_curves(found, "share of C", target="hunts")
    assert curves.updates.tolist() == list(range(5, 41, 5))
    found.plot(tmp_path / "found.png")
    curves.plot(tmp_path / "curves.png")
    tried = ns.restarts(env, hosted(lambda run, random: [Chaser(random), Chaser(random)], "own", window=5),
                        target=goals[0], runs=8, budget=40, steps=20)  # fmt: skip
    assert tried.success().value > 0.5


def test_environments_that_are_traced_take_them_too_with_their_masks_and_measures():
    dilemma = environments.of_game(games.iterated_prisoners_dilemma(), limit=6)
    found = entry(
        dilemma, lambda run, random: [Fixed("D"), Fixed("C")], [behaviour("d", "share of D", at_least=0.9, of=0)]
    )
    np.testing.assert_allclose(found.reduced["return"][0, 0], [6 * 5.0, 0.0])
    assert found.outcomes() == {"d": 2}
    kuhn = environments.pgx("kuhn_poker", limit=4)
    seen = []

    class Careful(Fixed):
        def act(self, seen_now, legal=None):
            seen.append(legal)
            return int(np.flatnonzero(legal)[-1])

    found = entry(kuhn, lambda run, random: [Careful(0), Careful(0)], n=1)
    assert {len(own) for own in seen} == {2}
    np.testing.assert_allclose(found.reduced["return"].sum(axis=2), 0.0)
    coins = entry(environments.coin_game(limit=40), lambda run, random: [Fixed(0), Fixed("left")], n=1).reduced
    taken = coins["own_coins"] + coins["others_coins"]
    assert taken.sum() > 0
    # a coin pays one to whom takes it, and one of the other's colour costs the other two
    np.testing.assert_allclose(coins["return"], taken - 2 * coins["others_coins"][..., ::-1], atol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (3, "takes a function that makes"),
        (lambda: 3, "must give a ParallelEnv of PettingZoo; got int"),
        (lambda: 1 / 0, "make raised ZeroDivisionError"),
        (lambda: environments.aec_env(games.stag_hunt()), "aec_to_parallel"),
    ],
)
def test_what_makes_no_environment_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        environments.pettingzoo(make)


@pytest.mark.parametrize(
    ("env", "players", "options", "message"),
    [
        (
            {},
            [Fixed(0), Fixed(3), Fixed([0, 0])],
            {},
            "act of b, round 0 of episode 0 of run 0, gave 3; actions are 0 to 2",
        ),
        ({}, [Fixed(0), Fixed("C"), Fixed([0, 0])], {}, "gave 'C'"),
        ({}, [Fixed(0)], {}, "make gave 1 players for run 0; leaving has 3"),
        (
            {"pays": np.nan},
            [Fixed(0), Fixed(0), Fixed([0, 0])],
            {},
            "leaving pays .* in round 0 of .*; rewards",
        ),
        ({}, [Fixed(0), Fixed(0), Fixed([0, 2])], {}, r"act of c, .* gave \[0, 2\]; a point \[2\] within its bounds"),
        ({}, [Fixed(0), Fixed(0), Fixed([0])], {}, r"a point \[2\] within its bounds"),
        ({}, [Fixed(0), Fixed(0), Fixed("left")], {}, r"a point \[2\] within its bounds"),
        ({}, [Fixed(0), Fixed(0), Fixed([0, np.nan])], {}, r"a point \[2\] within its bounds"),
        ({}, [], {"steps": 3}, "windows of 2 episodes, of which a run needs four; got 3"),
        ({}, [], {"goals": [behaviour("x", "share of C", at_least=1)]}, "unknown measure 'share of C'"),
        ({}, [], {"step_size": 0.1}, "leave step_size out"),
    ],
)
def test_bad_input_is_told_in_one_error(env, players, options, message):
    with pytest.raises(InputError, match=message):
        entry(environments.pettingzoo(lambda: Leaving(**env)), lambda run, random: players, **options)


def test_networks_do_not_play_what_is_stepped_in_python():
    env = environments.pettingzoo(lambda: environments.parallel_env(games.stag_hunt()), limit=2)
    with pytest.raises(InputError, match="stepped in Python, outside of compiled programs"):
        ns.parametric(env, neural.perceptrons(env, hidden=(2,)))
    with pytest.raises(InputError, match="stepped in Python, outside of compiled programs"):
        ns.entry_probability(env, ns.pg(), n=2)


def test_who_waits_for_its_turn_is_not_counted():
    class Bets(Fixed):
        def act(self, seen, legal=None):
            return 1 if legal[1] else 0

    kuhn = environments.pgx("kuhn_poker", limit=4)
    bets = [behaviour("bets", "share of action 1", at_least=0.99, of="least")]
    found = entry(kuhn, lambda run, random: [Bets(0), Bets(0)], bets)
    assert found.outcomes() == {"bets": 2}
    assert found.reduced["share of action 0"].max() == 0


class Endless(Leaving):
    def step(self, actions):
        self.round = 0
        seen, paid, over, cut, told = super().step(actions)
        self.agents = list(self.possible_agents)
        return seen, paid, dict.fromkeys(over, False), dict.fromkeys(cut, False), told


class Old(Leaving):
    def reset(self, seed=None, options=None):
        return super().reset(seed)[0]


def test_what_goes_wrong_between_runs_and_rounds_is_told(monkeypatch):
    monkeypatch.setattr(hosted_episodes, "MOST_ROUNDS", 50)
    three = [Fixed(0), Fixed(0), Fixed([0.0, 0.0])]
    with pytest.raises(InputError, match="episode 0 of run 0 has not ended after 50 rounds; give leaving a limit"):
        entry(environments.pettingzoo(Endless), lambda run, random: three, n=1)
    with pytest.raises(InputError, match="players of the run before for run 1"):
        entry(environments.pettingzoo(Leaving), lambda run, random: three)
    with pytest.raises(InputError, match="make gave a mapping for run 0"):
        entry(environments.pettingzoo(Leaving), lambda run, random: dict(zip("abc", three, strict=True)))
    with pytest.raises(InputError, match=r"reset\(seed=…\) of leaving must give what every agent sees and infos"):
        entry(environments.pettingzoo(Old), lambda run, random: three)
    one = Leaving()
    with pytest.raises(InputError, match="the same environment of leaving again"):
        entry(environments.pettingzoo(lambda: one), lambda run, random: three)
    with pytest.raises(InputError, match=r"looked at over windows: hosted\(…, window=…\); leave settling out"):
        entry(environments.pettingzoo(Leaving), lambda run, random: three, settling=observing())


def test_programs_do_not_count_who_waits_either():
    game = environments.pgx("kuhn_poker", limit=4)
    legal = jnp.array([[[True, True]], [[True, False]], [[True, True]], [[True, True]]])
    actions = (jnp.array([[1], [0], [1], [0]]),) * 2
    flags = jnp.zeros((4, 1), bool)
    plays = Plays(
        ((),) * 2, actions, ((),) * 2, (legal, None), flags.at[0].set(True), jnp.zeros((4, 1, 2)), flags, flags,
        ((),) * 2, ((),) * 2, {},
    )  # fmt: skip
    shares = measured(game, plays)
    # the first player waits in the second round; of the second all rounds count
    np.testing.assert_allclose(shares["share of action 1"], [[2 / 3, 1 / 2]], rtol=1e-6)
    np.testing.assert_allclose(shares["share of action 0"], [[1 / 3, 1 / 2]], rtol=1e-6)


def test_shares_have_bounds_within_reach():
    for bounds in ({"at_least": 80}, {"at_most": -1}):
        with pytest.raises(InputError, match="share of C is a share, from 0 to 1"):
            behaviour("both", "share of C", **bounds)
    assert behaviour("three", "share of C", at_least=2.5, of="sum").at_least == 2.5
