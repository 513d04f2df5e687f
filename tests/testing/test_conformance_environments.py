"""The kit of environments: ours pass, and each thing that it claims can fail."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games
from nashscape.core import InputError
from nashscape.environments import Step, discrete, reals
from nashscape.testing import check_environment

STAGE = games.bimatrix([[3.0, -1.0, 0.0], [4.0, 1.0, 2.0]], [[0.5, 1.0, -2.0], [1.0, 0.0, 3.0]])
EXACT = games.repeated(STAGE, memory=0, horizon=3, discount=0.5)


def reset(env, key):
    return {"t": jnp.int32(0)}, (jnp.ones(1), jnp.int32(1))


def step(env, key, state, actions, /, **changed):
    t = state["t"] + 1
    told = {
        "state": {"t": t}, "observations": (jnp.ones(1), jnp.int32(1)),
        "rewards": jnp.asarray(STAGE.payoffs)[(slice(None), *actions)], "terminated": t >= 3,
        "truncated": jnp.asarray(False), "measures": {"round": t},
    }  # fmt: skip
    return Step(**(told | {name: make(key, t) for name, make in changed.items()}))


def stage(**changed):
    """A game of three rounds whose players see a number and a sign, both always 1, of which something may be others."""
    own: dict[str, Any] = {
        "offers": frozenset({"plays"}),
        "name": "stage",
        "players": ("row", "column"),
        "observation_spaces": (reals(1, 0.0, 1.0), discrete(2)),
        "action_spaces": (discrete(2), discrete(3)),
        "discount": 0.5,
        "horizon": 3,
        "reset": reset,
        "step": step,
        "legal": lambda self, state: (None, None),
        "exact": lambda self: EXACT,
        "views": (np.ones((1, 1)), np.ones((1, 1))),
    }
    return jax.tree_util.register_static(type("Own", (object,), own | changed))()


def stepped(**changed):
    """Steps of which an attribute is what a function of the key and the round says."""
    return {"step": lambda self, key, state, actions: step(self, key, state, actions, **changed)}


def seen(first, then):
    return {"reset": lambda self, key: (reset(self, key)[0], first)} | stepped(observations=lambda key, t: then(t))


COUNT = iter(range(100))


@pytest.mark.long
def test_a_strangers_environment_passes():
    check_environment(stage())


ONE, SIGN = jnp.ones(1), jnp.int32(1)
MASKED = (jnp.ones(2, bool), None)
WRONG = {
    "horizon is a number of rounds, 1 or more, or None; got 0": {"horizon": 0},
    "discount is from 0 to 1; got 1.5": {"discount": 1.5},
    "action_spaces is a tuple, one space for each of 2": {"action_spaces": (discrete(2),)},
    "observation_spaces is a tuple": {"observation_spaces": [reals(1), discrete(2)]},
    r"reset shows player 1 float32\[2\]; its space is real numbers \[1\] from 0 to 1": seen(
        (jnp.ones(2), SIGN), lambda t: (ONE, SIGN)
    ),
    r"step shows player 2 float32\[\]; its space is whole numbers from 0 to 1": seen(
        (ONE, SIGN), lambda t: (ONE, jnp.float32(1))
    ),
    "reset gives observations as a tuple": seen([ONE, SIGN], lambda t: (ONE, SIGN)),
    "legal gives a tuple, a mask or None for each of 2": {"legal": lambda self, state: None},
    r"legal of player 1 is float32\[2\]; truth values \[2\]": {"legal": lambda self, state: (jnp.ones(2), None)},
    "legal gives a mask for player 1, who chooses points": {
        "action_spaces": (reals(2), discrete(3)),
        "legal": lambda self, state: MASKED,
        **stepped(rewards=lambda key, t: jnp.ones(2)),
    },
    "player 1 has no legal action in some round": {"legal": lambda self, state: (jnp.arange(2) > state["t"], None)},
    "step fails with .*Bool.*: .*jnp.where": stepped(terminated=lambda key, t: jnp.asarray(bool(t >= 3))),
    r"rewards are float32\[3\]; 2 real numbers": stepped(rewards=lambda key, t: jnp.ones(3)),
    r"rewards are int32\[2\]; 2 real numbers": stepped(rewards=lambda key, t: jnp.ones(2, int)),
    r"terminated is bool\[2\]; one truth value": stepped(terminated=lambda key, t: jnp.ones(2, bool)),
    r"truncated is float32\[\]; one truth value": stepped(truncated=lambda key, t: jnp.float32(0)),
    "measures is a list, not a mapping": stepped(measures=lambda key, t: [t]),
    "step changes the structure of the state": stepped(state=lambda key, t: {"t": t, "last": t}),
    r"step changes shapes or types in the state, from int32\[\] to float32\[\], in float32": stepped(
        state=lambda key, t: {"t": t.astype(float)}
    ),
    r"from int32\[\] to int64\[\], in float64": stepped(state=lambda key, t: {"t": t.astype(int)}),
    "traced twice, the environment is not the same": stepped(
        rewards=lambda key, t: jnp.ones(2) * np.float32(next(COUNT))
    ),
    "with the same keys an episode goes another way": stepped(
        rewards=lambda key, t: jax.pure_callback(
            lambda: np.full(2, next(COUNT), np.float32),
            jax.ShapeDtypeStruct((2,), jnp.float32),
            vmap_method="sequential",
        )
    ),
    r"player 1 sees \[nan\], which is no number": seen(
        (ONE, SIGN), lambda t: (ONE * jnp.where(t > 1, jnp.nan, 1), SIGN)
    ),
    r"player 1 sees \[1.5\], which is out of bounds: real numbers": seen((1.5 * ONE, SIGN), lambda t: (ONE, SIGN)),
    r"player 2 sees \[2.0\], which is out of bounds: whole numbers from 0 to 1": seen((ONE, SIGN), lambda t: (ONE, t)),
    "rewards are no numbers in some round": stepped(rewards=lambda key, t: jnp.full(2, jnp.nan)),
    "the measure 'round' is no number": stepped(measures=lambda key, t: {"round": jnp.log(-t)}),
    "terminated and truncated at once": stepped(truncated=lambda key, t: t >= 3),
    "horizon is 3, and some episodes go on": stepped(terminated=lambda key, t: t >= 4),
    "exact gives a game, and horizon is None": {"horizon": None},
    "discounts differ: 0.5 of the exact game, 0.9 here": {"discount": 0.9},
    "exact gives a game, and no views": {"views": None},
    "views are 1, one array for each of 2": {"views": (np.ones((1, 1)),)},
    "player 2 is paid .* by random policies, and the exact game says": {
        "step": lambda *given: dataclasses.replace(step(*given), rewards=step(*given).rewards + jnp.array([0.0, 0.2]))
    },
    "player 1 is paid .* by random policies, and the exact game says": {
        "exact": lambda self: games.repeated(STAGE, memory=0, horizon=2, discount=0.5)
    },
}


@pytest.mark.long
@pytest.mark.parametrize("said", WRONG)
def test_environments_that_are_wrong_do_not_pass(said):
    with pytest.raises(AssertionError, match=said):
        check_environment(stage(**WRONG[said]))


def test_what_is_no_environment_is_refused():
    with pytest.raises(InputError, match=r"not played round by round; make environments.of_game"):
        check_environment(STAGE)
    with pytest.raises(InputError, match="expected a game"):
        check_environment(3)


@pytest.mark.long
@pytest.mark.parametrize(
    "environment",
    [
        environments.of_game(games.iterated_prisoners_dilemma(horizon=4), clock=True),
        environments.of_game(games.repeated(STAGE, discount=0.6), limit=4),
        environments.of_game(games.cournot()),
    ],
    ids=lambda own: own.name,
)
def test_games_as_environments_pass(environment):
    check_environment(environment)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"step": lambda self, key, state, actions: (state, 0.0, False, {})},
            "step gives an environments.Step; got a tuple",
        ),
        (stepped(rewards=lambda key, t: [1.0, 2.0]), r"rewards are a list; an array \[2\] is wanted"),
        ({"action_spaces": (2, 3)}, r"action_spaces holds environments.discrete\(n\) or environments.reals"),
        (stepped(rewards=lambda key, t: jnp.array([jnp.nan, 1.0])), "rewards are no numbers in some round"),
        (stepped(rewards=lambda key, t: np.array([np.nan, 1.0])), "rewards are no numbers in some round"),
    ],
)
def test_what_others_give_in_place_of_a_step_is_told(changed, said):
    with pytest.raises(AssertionError, match=said):
        check_environment(stage(exact=lambda self: None, **changed))
