"""Environments against the conformance tests of their libraries, and against what games say of profiles."""

import copy
import itertools
import re
import warnings

import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, games
from nashscape.core import InputError

pytest.importorskip("pettingzoo", reason="environments of PettingZoo need the extra nashscape[env]")
pytest.importorskip("gymnasium", reason="environments of Gymnasium need the extra nashscape[env]")

from gymnasium.spaces import Box, Discrete
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

RANDOM = np.random.default_rng(8)
THREE = games.dense(RANDOM.normal(size=(3, 2, 3, 2)), name="three", players=["Ann", "Bob", "Cy"])
MOVES = RANDOM.dirichlet([1, 1, 1], size=(3, 2, 3))
PAY = RANDOM.normal(size=(2, 3, 2, 3))
CHAIN = games.markov(PAY, MOVES, discount=0.8, initial=[0.2, 0.5, 0.3], name="chain")
SHORT = games.markov(PAY, MOVES, discount=0.8, initial=[0.2, 0.5, 0.3], horizon=4, name="short")
CERTAIN = games.markov(
    PAY, np.eye(3)[RANDOM.integers(0, 3, size=(3, 2, 3))], discount=0.8, initial=[0, 1, 0], horizon=3, name="certain"
)
GAMES = [(THREE, None), (games.iterated_prisoners_dilemma(), None), (CHAIN, 6), (SHORT, 2), (games.cournot(), None)]
KNOWN = "Observation is not a NumPy array|action space.*infinity|symmetric and normalized"
"""What the tests of the libraries advise against, and is so: a state is a number, and quantities have no largest."""


@pytest.mark.parametrize(("game", "limit"), GAMES, ids=lambda one: getattr(one, "name", ""))
def test_environments_pass_the_tests_of_their_libraries(game, limit, capsys):
    others = [0.5] if games.has_points(game) else [np.full(own, 1 / own[-1]) for own in game.strategy_shapes[:-1]]
    parallel, turns = (
        lambda make=make: make(game, limit=limit) for make in (environments.parallel_env, environments.aec_env)
    )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        parallel_api_test(parallel(), num_cycles=20)
        api_test(turns(), num_cycles=20)
        parallel_seed_test(parallel, num_cycles=20)
        seed_test(turns, num_cycles=20)
        check_env(environments.gymnasium_env(game, len(game.players) - 1, others, limit=limit), skip_render_check=True)
    names = "We recommend agents to be named" if game is THREE else "(?!)"
    assert [str(one.message) for one in told if not re.search(f"{KNOWN}|{names}", str(one.message))] == []
    assert "Passed API test" in capsys.readouterr().out


def played(env, choose, seed=None):
    """A play: states, rewards of all agents, and the two flags of every round."""
    seen, _ = env.reset(seed=seed)
    states, paid, flags = [seen[env.agents[0]]], [], []
    agents = list(env.agents)
    while env.agents:
        seen, rewards, ended, cut, _ = env.step(choose(states[-1], len(paid)))
        states.append(seen[agents[0]])
        paid.append([rewards[agent] for agent in agents])
        flags.append((ended[agents[0]], cut[agents[0]]))
    return states, np.array(paid), flags


def test_one_shot_rewards_are_the_payoffs_of_every_profile():
    env = environments.parallel_env(THREE)
    assert (env.possible_agents, env.metadata["actions"]) == (["Ann", "Bob", "Cy"], THREE.actions)
    for profile in itertools.product(range(2), range(3), range(2)):
        states, paid, flags = played(env, lambda *_, profile=profile: dict(zip(env.agents, profile, strict=True)))
        assert (states, paid[0].tolist(), flags) == ([0, 0], THREE.payoffs_at(profile).tolist(), [(True, False)])


def test_all_plays_of_a_game_without_chance_add_up_to_its_payoffs():
    env = environments.parallel_env(CERTAIN)
    strategies = [RANDOM.dirichlet(np.ones(own[-1]), size=3) for own in CERTAIN.strategy_shapes]
    total = np.zeros(2)
    for plan in itertools.product(itertools.product(range(2), range(3)), repeat=3):
        states, paid, _ = played(env, lambda _, t, plan=plan: dict(zip(env.agents, plan[t], strict=True)))
        chance = np.prod([own[s, a[i]] for s, a in zip(states, plan, strict=False) for i, own in enumerate(strategies)])
        total += chance * 0.8 ** np.arange(3) @ paid
    np.testing.assert_allclose(total, CERTAIN.expected_payoffs(strategies), rtol=2e-6)


PLAYS = 1200


def test_mean_discounted_returns_of_fixed_strategies_are_the_payoffs_of_the_game():
    strategies = [RANDOM.dirichlet(np.ones(own[-1]), size=3) for own in SHORT.strategy_shapes]
    known = np.asarray(SHORT.expected_payoffs(strategies))
    env, random = environments.parallel_env(SHORT, seed=3), np.random.default_rng(4)
    draw = lambda state, _: {  # noqa: E731
        agent: random.choice(len(own[state]), p=own[state]) for agent, own in zip(env.agents, strategies, strict=True)
    }
    found = np.array([0.8 ** np.arange(4) @ played(env, draw)[1] for _ in range(PLAYS)])
    errors = found.std(axis=0) / np.sqrt(PLAYS)
    assert (np.abs(found.mean(axis=0) - known) < 3.5 * errors).all()
    # the other player's chances, or another discount, would be seen
    turned = SHORT.expected_payoffs([own[[1, 2, 0]] for own in strategies])
    assert (np.abs(np.asarray(turned) - known) > 7 * errors).any()


@pytest.mark.parametrize("player", [0, "player 2"])
def test_frozen_others_play_their_strategies_and_are_paid_beside(player):
    strategies = [RANDOM.dirichlet(np.ones(own[-1]), size=3) for own in SHORT.strategy_shapes]
    own = games.player_index(SHORT, player)
    env, random = environments.gymnasium_env(SHORT, player, [strategies[1 - own]], seed=5), np.random.default_rng(6)
    returns = []
    for _ in range(PLAYS):
        state, told = env.reset()
        assert told == {"round": 0, "state": SHORT.states[state], "discount": 0.8}
        total, over = np.zeros(2), False
        while not over:
            action = random.choice(len(strategies[own][state]), p=strategies[own][state])
            state, reward, over, cut, told = env.step(action)
            assert (told["payoffs"][own], cut) == (reward, False)
            total += 0.8 ** (told["round"] - 1) * np.array(told["payoffs"])
        returns.append(total)
    known, found = np.asarray(SHORT.expected_payoffs(strategies)), np.array(returns)
    assert (np.abs(found.mean(axis=0) - known) < 3.5 * found.std(axis=0) / np.sqrt(PLAYS)).all()


def test_others_may_be_parameters_of_a_semantics():
    theta = np.array([3.0, -1.0, 0.7, 0.2, 0.1])
    learners = ns.parametric(games.dense(np.zeros((2, 2, 3))), ns.semantics.independent((2, 3), "softmax"))
    frozen = environments.gymnasium_env(learners, 1, theta).strategies
    weights = np.exp(theta)
    np.testing.assert_allclose(frozen[0], weights[:2] / weights[:2].sum(), rtol=1e-12)
    np.testing.assert_allclose(frozen[1], weights[2:] / weights[2:].sum(), rtol=1e-12)
    # where players read each other the own parameters count
    reading = ns.open_source(games.stag_hunt(), 0.5)
    found = environments.gymnasium_env(reading, 0, [2.0, 0.4]).strategies[1][0]
    assert found == pytest.approx(1 / (1 + np.exp(-(0.4 + 0.5 * 2.0))), rel=1e-12)


def test_points_are_played_as_they_are():
    tandem = environments.parallel_env(games.tandem())
    tandem.reset()
    assert tandem.step({"player_1": 0.7, "player_2": [0.1]})[1] == pytest.approx({"player_1": 0.76, "player_2": -0.44})
    firms = environments.gymnasium_env(games.cournot(), "firm 2", [0.25])
    firms.reset()
    known = games.cournot().expected_payoffs([[0.25], [0.5]])
    assert firms.step(np.array([0.5]))[1] == pytest.approx(float(known[1]), rel=1e-6)
    assert isinstance(firms.action_space, Box)
    with pytest.raises(InputError, match=r"an action of firm 2 is a point of Box\(0.0, inf, \(1,\), float64\)"):
        firms.step(-0.1)


def test_a_play_that_is_cut_off_is_no_end_of_the_game():
    for game, limit, flags in [(CHAIN, 3, (False, True)), (SHORT, None, (True, False)), (SHORT, 4, (True, False))]:
        env = environments.parallel_env(game, limit=limit)
        first = lambda *_, env=env: dict.fromkeys(env.agents, 0)  # noqa: E731
        every = played(env, first)[2]
        assert (every[-1], set(every[:-1])) == (flags, {(False, False)})
        assert env.step({}) == ({}, {}, {}, {}, {})
        single = environments.gymnasium_env(game, 0, [np.full((3, 3), 1 / 3)], limit=limit)
        single.reset()
        assert [single.step(0)[2:4] for _ in range(len(every))] == every


def value_at_the_start(env, discount):
    """What a critic by state and round comes to that adds the value of where it stands after every round but the end.

    It knows no clock where nothing ends: all rounds of a state are one.
    """
    states, paid, flags = played(env, lambda *_: dict.fromkeys(env.agents, 0))
    ends = flags[-1][0]
    names = [(state, t) if ends else state for t, state in enumerate(states)]
    places = {name: k for k, name in enumerate(dict.fromkeys(names))}
    matrix, rewards = np.eye(len(places)), np.zeros(len(places))
    for t, (over, _) in enumerate(flags):
        row, onward = places[names[t]], places[names[t + 1]]
        rewards[row] = paid[t, 0]
        matrix[row] = np.eye(len(places))[row] - (0 if over else discount) * np.eye(len(places))[onward]
    return np.linalg.solve(matrix, rewards)[0]


def test_by_the_two_flags_a_critic_learns_what_the_game_is_worth():
    stage = games.dense(np.ones((2, 2, 2)))
    forever = games.repeated(stage, memory=0, discount=0.99)
    short = games.repeated(stage, memory=0, discount=0.99, horizon=10)
    # Σ γ^t over all rounds, and over ten
    assert value_at_the_start(environments.parallel_env(forever, limit=10), 0.99) == pytest.approx(100.0)
    assert value_at_the_start(environments.parallel_env(short), 0.99) == pytest.approx(9.561792499119559)


def test_a_copy_of_an_environment_goes_on_as_it_does():
    env = environments.parallel_env(CHAIN, limit=9, seed=2)
    env.reset()
    env.step({"player_1": 1, "player_2": 2})
    other = copy.deepcopy(env)
    ahead = [[one.step({"player_1": 0, "player_2": 1})[:2] for _ in range(8)] for one in (env, other)]
    assert ahead[0] == ahead[1]
    assert env.agents == other.agents == []


def turn_by_turn(env, choose):
    """Each agent's return, a reward belonging to the action that the agent took before it was told."""
    env.reset(seed=9)
    total, seen = dict.fromkeys(env.possible_agents, 0.0), []
    for agent in env.agent_iter():
        state, reward, ended, cut, _ = env.last()
        total[agent] += reward
        seen.append((agent, int(state)))
        env.step(None if ended or cut else choose(agent))
    return total, seen


def test_in_turns_nobody_sees_more_and_everybody_is_paid_the_same():
    pennies = games.repeated(games.matching_pennies(), horizon=3)
    plan = {"player_1": [0, 1, 1], "player_2": [1, 1, 0]}
    states, paid, _ = played(
        environments.parallel_env(pennies), lambda _, t: {agent: own[t] for agent, own in plan.items()}
    )
    left = {agent: list(own) for agent, own in plan.items()}
    total, seen = turn_by_turn(environments.aec_env(pennies), lambda agent: left[agent].pop(0))
    assert list(total.values()) == paid.sum(axis=0).tolist()
    assert sum(total.values()) == 0.0
    assert [state for _, state in seen] == [state for state in states for _ in range(2)]
    assert [agent for agent, _ in seen] == ["player_1", "player_2"] * 4


def test_a_seed_says_what_comes_and_plays_go_on_without_one():
    def run(env, *seeds):
        return [played(env, lambda *_: dict.fromkeys(env.agents, 1), seed)[0] for seed in seeds]

    one, other = (environments.parallel_env(CHAIN, limit=8, seed=seed) for seed in (1, 2))
    first, second, again = run(one, None, None, 7)
    assert first != second
    assert run(environments.parallel_env(CHAIN, limit=8, seed=1), None, None) == [first, second]
    assert run(other, None, 7)[1] == again
    assert run(other, 1)[0] == first  # the seed is the same whether given early or late


def test_actions_that_are_none_are_refused():
    env = environments.parallel_env(games.iterated_prisoners_dilemma())
    env.reset()
    assert env.action_space("player_1") == Discrete(2)
    for action in (2, 0.7, -1, None):
        with pytest.raises(InputError, match=f"an action of player_2 is a whole number from 0 to 1; got {action}"):
            env.step({"player_1": 0, "player_2": action})
    with pytest.raises(InputError, match="there is none of player_1"):
        env.step({"player_2": 0})
    assert env.step({"player_1": np.int32(1), "player_2": 0})[1] == {"player_1": 5.0, "player_2": 0.0}


@pytest.mark.parametrize(
    ("player", "others", "said"),
    [
        ("Dan", [0.5, 0.5], "unknown player 'Dan'"),
        (0, [0.5], r"of Bob, Cy, a list with one for each other player, as \[\[0.5, 0.5\]\] .*got \[0.5\]"),
        (2, 0.5, "others are the strategies of Ann, Bob, a list .*got 0.5"),
        (0, [[0.5, 0.5], 0.5], "the strategy of Bob"),
        (0, [[0.5, 0.5, 0.5], 0.5], "the strategy of Bob .*1.5"),
    ],
)
def test_others_that_do_not_fit_are_refused(player, others, said):
    with pytest.raises(InputError, match=said):
        environments.gymnasium_env(THREE, player, others)


def test_parameters_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match=r"the parameters of all players must have shape \(2\); got \(1,\)"):
        environments.gymnasium_env(ns.parametric(games.stag_hunt()), 0, [0.5])
    with pytest.raises(InputError, match="seed must be a whole number"):
        environments.gymnasium_env(games.stag_hunt(), 0, [0.5], seed=0.5)
