"""Environments of ours as those of PettingZoo and JaxMARL: their own tests, and round by round the same play."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError

MAKERS = {
    "coins": lambda: environments.coin_game(limit=6),
    "pool": lambda: environments.fishery(rounds=4),
    "valves": lambda: environments.valves(rounds=5),
    "harvest": lambda: environments.harvest(limit=4),
    "cleanup": lambda: environments.cleanup(limit=4),
    "lattice": lambda: environments.lattice_dilemma(3, 3, limit=5),
    "pairings": lambda: environments.pairings(games.stag_hunt(), 3, rounds=2, selection=True, punish="both"),
    "governed": lambda: environments.governed(
        environments.coin_game(limit=3), environments.punishment(on="others_coins"), environments.tax("own_coins", 0.5)
    ),
    "points": lambda: environments.of_game(games.cournot()),
    "tree": lambda: environments.of_game(games.kuhn_poker()),
}


@pytest.mark.parametrize("name", MAKERS)
def test_pettingzoo_has_nothing_to_say_against_it(name):
    pytest.importorskip("pettingzoo")
    from pettingzoo.test import parallel_api_test

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        parallel_api_test(environments.parallel_env(MAKERS[name]()), num_cycles=12)
    known = ("named", "Overriding", "deprecated", "not being a box", "precision lowered")
    assert [str(one.message) for one in told if not any(own in str(one.message) for own in known)] == []


@pytest.mark.parametrize("name", ["pool", "governed"])
def test_play_is_the_same_in_all_three(name):
    pytest.importorskip("pettingzoo")
    env = MAKERS[name]()
    parallel, marl = environments.parallel_env(env, seed=4), environments.jaxmarl_env(env)
    seen, _ = parallel.reset(seed=4)
    key = jax.random.key(4)
    key, one = jax.random.split(key)
    there, state = marl.reset(one)
    random = np.random.default_rng(0)
    for _ in range(env.horizon):
        for agent in parallel.possible_agents:
            shown = seen[agent]["observation"] if isinstance(seen[agent], dict) else seen[agent]
            np.testing.assert_allclose(shown, there[agent], rtol=1e-6)
        may = marl.get_avail_actions(state)
        actions = {agent: int(random.choice(np.flatnonzero(own))) for agent, own in may.items()}
        seen, paid, ended, cut, told = parallel.step(actions)
        key, one = jax.random.split(key)
        there, state, rewards, done, measured = marl.step_env(one, state, {k: jnp.int32(v) for k, v in actions.items()})
        for i, agent in enumerate(parallel.possible_agents):
            assert paid[agent] == pytest.approx(float(rewards[agent]), rel=1e-6)
            assert (ended[agent], cut[agent]) == (bool(measured["terminated"]), bool(measured["truncated"]))
            assert (ended[agent] or cut[agent]) == bool(done["__all__"])
            for what, own in told[agent].items():
                whole = np.asarray(measured[what])
                np.testing.assert_allclose(own, whole[i] if whole.shape[:1] == (len(told),) else whole, rtol=1e-6)
        if not parallel.agents:
            break
    assert not parallel.agents
    assert any(cut.values()) == (name == "governed")


def test_episodes_of_jaxmarl_begin_anew():
    env = environments.jaxmarl_env(environments.coin_game(limit=2))
    actions = {"red": jnp.int32(0), "blue": jnp.int32(1)}
    _, state = env.reset(jax.random.key(0))
    played = []
    for t in range(4):
        _, state, _, done, told = env.step(jax.random.key(t), state, actions)
        played.append((int(state.played), bool(done["__all__"]), bool(told["truncated"])))
    assert played == [(1, False, False), (0, True, True), (1, False, False), (0, True, True)]


def test_refusals():
    pytest.importorskip("pettingzoo")
    env = environments.parallel_env(MAKERS["pairings"]())
    seen, _ = env.reset(seed=0)
    first = env.agents[0]
    assert seen[first]["action_mask"].tolist() == [0, 0, 1, 1, 0, 0, 0]
    with pytest.raises(InputError, match=r"action 0 of player_1 is not legal now; those are \[2, 3\]"):
        env.step(dict.fromkeys(env.agents, 0))
    with pytest.raises(InputError, match="there is none of player_2"):
        env.step({"player_1": 2})
    with pytest.raises(InputError, match="leave limit out"):
        environments.parallel_env(environments.coin_game(), limit=3)
    with pytest.raises(InputError, match="already"):
        environments.parallel_env(environments.pettingzoo(lambda: environments.parallel_env(games.stag_hunt())))
    with pytest.raises(InputError, match="stepped in Python by another library"):
        environments.jaxmarl_env(environments.pettingzoo(lambda: environments.parallel_env(games.stag_hunt())))
    with pytest.raises(InputError):
        environments.jaxmarl_env(games.stag_hunt())
