"""Environments of JaxMARL: the kit, whose end is an end, and what they are given and give."""

import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.studies import Study
from nashscape.testing import check_environment

ALL = {
    "MPE_simple_spread_v3": {"limit": 5},
    "MPE_simple_reference_v3": {"limit": 5},
    "MPE_simple_speaker_listener_v4": {"limit": 5},
    "MPE_simple_tag_v3": {"limit": 5},
    "coin_game": {"limit": 6},
    "storm_2p": {"limit": 6},
    **{f"overcooked {layout}": {"limit": 6, "layout": layout} for layout in (
        "cramped_room", "asymm_advantages", "coord_ring", "forced_coord", "counter_circuit",
    )},
    "hanabi": {},
    "HeuristicEnemySMAX": {"scenario": "3m"},
    "SMAX": {"scenario": "3m", "limit": 8},
}  # fmt: skip
QUICK = ("MPE_simple_speaker_listener_v4", "coin_game")


def made(name):
    pytest.importorskip("jaxmarl", reason="environments of JaxMARL need the extra nashscape[marl]")
    return environments.jaxmarl(name.split()[0], **ALL[name])


@pytest.mark.parametrize("name", [own if own in QUICK else pytest.param(own, marks=pytest.mark.long) for own in ALL])
def test_they_pass_the_kit(name):
    check_environment(made(name))


def test_agents_keep_spaces_of_their_own():
    env = made("MPE_simple_speaker_listener_v4")
    assert env.players == ("speaker_0", "listener_0")
    assert [space.shape for space in env.observation_spaces] == [(3,), (11,)]
    assert [space.n for space in env.action_spaces] == [3, 5]
    assert env.inner is made("MPE_simple_speaker_listener_v4").inner  # one program for the same options


def rounds(env, actions, count):
    """What comes of the same actions in every round."""

    @jax.jit
    def play(key):
        def one(state, key):
            after = env.step(key, state, tuple(map(jnp.int32, actions)))
            return after.state, after

        return jax.lax.scan(one, env.reset(key)[0], jax.random.split(key, count))[1]

    return play(jax.random.key(3))


def test_time_that_is_up_truncates_after_just_the_limit_and_nothing_begins_anew():
    # JaxMARL itself says done one round later here, and its coin game pays nothing in the last round and moves all
    for name, actions in (("MPE_simple_speaker_listener_v4", (1, 1)), ("coin_game", (0, 4))):
        env = made(name)
        after = rounds(env, actions, env.limit)
        assert after.truncated.tolist() == [False] * (env.limit - 1) + [True]
        assert not after.terminated.any()
        assert after.state.played.tolist() == list(range(1, env.limit + 1))
    red, blue = (np.asarray(getattr(after.state.state, f"{own}_pos")) for own in ("red", "blue"))
    assert ((np.diff(red, axis=0) % 3) == [0, 1]).all()
    assert (blue == blue[0]).all()


@pytest.mark.long
def test_what_ends_of_itself_is_terminated():
    env = made("hanabi")

    @jax.jit
    def play(key):
        def one(state, key):
            masks = env.legal(state)
            likes = [jax.random.categorical(key, jnp.where(mask, 0.0, -jnp.inf)) for mask in masks]
            after = env.step(key, state, tuple(likes))
            return after.state, (after.terminated, after.truncated)

        return jax.lax.scan(one, env.reset(key)[0], jax.random.split(key, 90))[1]

    over, cut = play(jax.random.key(0))
    assert over.any()
    assert not cut.any()
    assert env.horizon is None


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("MPE_simple_spred_v3", {}, "did you mean 'MPE_simple_spread_v3'"),
        ("coin_game", {"num_inner_steps": 7}, "is given num_inner_steps=7; say limit=7"),
        ("hanabi", {"limit": 0}, "limit must be"),
        ("overcooked", {"layout": "kitchen"}, "does not take .*kitchen"),
        ("storm_2p", {"discount": 2.0}, "discount must be"),
        ("coin_game", {"colour": "red"}, "does not take .*colour"),
        ("coin_game", {"shaped": True}, "tells of no shaped reward"),
    ],
)
def test_what_jaxmarl_does_not_have_is_refused(name, options, said):
    pytest.importorskip("jaxmarl", reason="environments of JaxMARL need the extra nashscape[marl]")
    with pytest.raises(InputError, match=said):
        environments.jaxmarl(name, **options)


@pytest.mark.long
def test_steps_on_the_way_are_paid_where_that_is_asked_for():
    made("overcooked cramped_room")
    plain, shaped = (environments.jaxmarl("overcooked", limit=200, shaped=own) for own in (False, True))

    def played(env):
        @jax.jit
        def play(key):
            def one(state, key):
                after = env.step(key, state, tuple(jax.random.randint(key, (2,), 0, 6)))
                return after.state, (after.rewards, after.measures)

            return jax.lax.scan(one, env.reset(key)[0], jax.random.split(key, 200))[1]

        return play(jax.random.key(5))

    (paid, told), (more, measured) = played(plain), played(shaped)
    np.testing.assert_array_equal(more - paid, told["shaped_reward"])
    np.testing.assert_array_equal(measured["soups"], paid)
    assert (more > paid).any()
    assert plain.to_dict() != shaped.to_dict()


def test_without_jaxmarl_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jaxmarl", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install jaxmarl; it is in the extra nashscape\[marl\]"):
        environments.jaxmarl("coin_game")


def test_studies_tell_them_apart():
    made("MPE_simple_speaker_listener_v4")

    def key(name, **options):
        env = environments.jaxmarl(name, **options)
        fixed = {"game": env, "semantics": "perceptrons", "estimator": "played:batch=4", "targets": ["x: return >= 0"]}
        return Study("s", fixed={**fixed, "rule": "ppo", "n": 2, "steps": 8}, measure=["outcomes"]).key

    spread = "MPE_simple_spread_v3"
    every = [key(spread), key(spread, limit=24), key(spread, discount=0.5), key(spread, N=4), key("coin_game")]
    assert len(set(every)) == 5
    assert key(spread) == every[0]
