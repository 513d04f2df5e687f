"""Games in pairs within a group, against their rules told by hand; random legal play of unequal groups."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.testing import check_environment

DEEDS = (1.0, -2.0, 2.0, -3.0)


def by_hand(env, state, actions, options):
    """What a stage pays and changes, in words of the rules: players by number, actions by name."""
    n = env.n
    names = [env.action_spaces[i].names[int(a)] for i, a in enumerate(actions)]
    stage, first, second = env.stages[int(state.stage)], int(state.first), int(state.second)
    standing, material, shaping = np.array(state.standing), np.zeros(n), np.zeros(n)
    did = list(map(int, state.did))
    if stage == "choose":
        second = env.players.index(names[first].removeprefix("choose "))
    elif stage == "play":
        did = [env.names.index(names[first]), env.names.index(names[second])]
        table = np.asarray(env.payoffs)
        material[first] += table[did[0], did[1]]
        material[second] += table[did[1], did[0]]
        for who, act in zip((first, second), did, strict=True):
            standing[who] += DEEDS[0] if act == 0 else DEEDS[1]
    else:
        for who, name in enumerate(names):
            if name in ("punish who began", "punish who was met"):
                at = int(name == "punish who was met")
                target = (first, second)[at]
                just = did[at] == len(env.names) - 1
                material[who] -= options["cost"]
                material[target] -= options["harm"]
                shaping[who] += options["just"] if just else options["unjust"]
                standing[who] += DEEDS[2] if just else DEEDS[3]
    return second, did, standing, material, shaping


def level(env, value):
    return sum(value >= edge for edge in env.edges)


def seen_by_hand(env, state):
    """What everybody sees, counted through from waiting on."""
    n, bins, acts = env.n, len(env.edges) + 1, len(env.names)
    stage, first, second = env.stages[int(state.stage)], int(state.first), int(state.second)
    did, levels = list(map(int, state.did)), [level(env, own) for own in np.asarray(state.standing)]
    begin_play = 1 + (bins ** (n - 1) if "choose" in env.stages else 0)
    begin_direct = begin_play + bins
    begin_third = begin_direct + (acts * bins if env.direct else 0)
    made = []
    for i in range(n):
        row = 0
        other = {first: second, second: first}.get(i)
        if stage == "choose" and i == first:
            row = 1 + sum(levels[j] * bins**k for k, j in enumerate(j for j in range(n) if j != i))
        elif stage == "play" and other is not None:
            row = begin_play + levels[other]
        elif stage == "punish" and other is not None and env.direct:
            row = begin_direct + did[other == second] * bins + levels[other]
        elif stage == "punish" and other is None and env.third_parties:
            row = begin_third + did[0] * acts + did[1]
        made.append(row)
    return made


@pytest.mark.parametrize("selection", [False, True])
@pytest.mark.parametrize("punish", [None, "direct", "third party", "both"])
def test_every_stage_is_what_the_rules_say(selection, punish):
    random = np.random.default_rng(7)
    table = random.integers(-5, 9, (3, 3)).astype(float)
    game = games.dense(np.stack([table, table.T]), actions=[["help", "wait", "rob"]] * 2)
    options = {"harm": 3.0, "cost": 0.5, "just": 2.0, "unjust": -10.0}
    env = environments.pairings(
        game, 4, rounds=2, selection=selection, punish=punish, deeds=DEEDS, edges=(-1.0, 1.0), **options
    )
    step = jax.jit(env.step)
    state, seen = env.reset(jax.random.key(3))
    assert [int(own) for own in seen] == seen_by_hand(env, state)
    for t in range(env.horizon):
        legal = [np.flatnonzero(own) for own in env.legal(state)]
        actions = [int(random.choice(own)) for own in legal]
        second, did, standing, material, shaping = by_hand(env, state, actions, options)
        after = step(jax.random.key(t), state, tuple(map(jnp.int32, actions)))
        np.testing.assert_allclose(after.rewards, material + shaping, atol=1e-5)
        np.testing.assert_allclose(after.measures["material"], material, atol=1e-5)
        np.testing.assert_allclose(after.state.standing, standing, atol=1e-5)
        ends = int(state.stage) == len(env.stages) - 1
        if ends:
            assert int(after.state.first) == (int(state.first) + 1) % 4
            assert int(after.state.second) != int(after.state.first)
        else:
            assert (int(after.state.second), list(map(int, after.state.did))) == (second, did)
        assert [int(own) for own in after.observations] == seen_by_hand(env, after.state)
        assert bool(after.truncated) == (t == env.horizon - 1)
        state = after.state


def test_who_may_do_what():
    env = environments.pairings(games.prisoners_dilemma(), 3, selection=True, punish="both")
    assert env.action_spaces[1].names == (
        "C", "D", "choose player 1", "choose player 3", "punish nobody", "punish who began", "punish who was met"
    )  # fmt: skip
    state, _ = env.reset(jax.random.key(0))
    assert env.legal(state)[0].astype(int).tolist() == [0, 0, 1, 1, 0, 0, 0]
    assert env.legal(state)[1].astype(int).tolist() == [1, 0, 0, 0, 0, 0, 0]
    key = jax.random.key(1)
    state = env.step(key, state, (jnp.int32(3), jnp.int32(0), jnp.int32(0))).state
    assert [own.astype(int).tolist()[:2] for own in env.legal(state)] == [[1, 1], [1, 0], [1, 1]]
    state = env.step(key, state, (jnp.int32(1), jnp.int32(0), jnp.int32(0))).state
    # who began cannot punish itself, nor who was met
    assert [own.astype(int).tolist()[-3:] for own in env.legal(state)] == [[1, 0, 1], [1, 1, 1], [1, 1, 0]]


def test_partners_are_drawn_evenly():
    env = environments.pairings(games.prisoners_dilemma(), 4)
    keys = jax.random.split(jax.random.key(5), 3000)
    met = np.asarray(jax.vmap(lambda key: env.reset(key)[0].second)(keys))
    counts = np.bincount(met, minlength=4)
    assert counts[0] == 0
    assert (np.abs(counts[1:] / 3000 - 1 / 3) < 4 * np.sqrt(2 / 9 / 3000)).all()


def test_an_environment():
    check_environment(environments.pairings(games.stag_hunt(), 3, rounds=2, selection=True, punish="both"), episodes=32)
    check_environment(environments.pairings(games.stag_hunt(), 3, rounds=2, edges=()), episodes=32)


def test_refusals():
    dilemma = games.prisoners_dilemma()
    with pytest.raises(InputError, match="not symmetric"):
        environments.pairings(games.battle_of_the_sexes())
    with pytest.raises(InputError, match="pairs play games of two players"):
        environments.pairings(games.dense(np.zeros((3, 2, 2, 2))))
    with pytest.raises(InputError, match="'third party'"):
        environments.pairings(dilemma, punish="everybody")
    with pytest.raises(InputError, match="players"):
        environments.pairings(dilemma, 2)
    with pytest.raises(InputError, match="edges of levels rise"):
        environments.pairings(dilemma, edges=(1.0, 0.0))
    with pytest.raises(InputError, match="deeds"):
        environments.pairings(dilemma, deeds=(1.0,))
