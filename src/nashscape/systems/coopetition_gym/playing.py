"""Fixed sequences of actions played in an environment, many side by side, in double precision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.environments import CoopetitionGym

Floats = npt.NDArray[np.float64]

MODES = ("private", "integrated", "cooperative")
TOLD = (*MODES, "mean_trust", "mean_damage")
CHUNK = 256
"""Sequences that are played side by side."""


@dataclass(frozen=True)
class Played:
    """Plays, sequence by sequence.

    Attributes:
        told: measures by name, `[B, T]` or `[B, T, n]`.
        terminated: whether the environment ended by itself in a round, `[B, T]`.
        live: whether a round was played at all, `[B, T]`.
    """

    told: Mapping[str, Floats]
    terminated: npt.NDArray[np.bool_]
    live: npt.NDArray[np.bool_]

    def returns(self, mode: str) -> Floats:
        """What every player gets in all rounds that are played, `[B, n]`."""
        made: Floats = (self.told[mode] * self.live[..., None]).sum(axis=1)
        return made


def anonymous(env: CoopetitionGym) -> CoopetitionGym:
    """The environment without its name and its players', so that those of one structure share one program."""
    n = len(env.players)
    return replace(env, name="", players=("",) * n, tops=(1.0,) * n, most=1.0)


def played(env: CoopetitionGym, shares: Any) -> Played:
    """What sequences of actions come to.

    Args:
        env: an environment whose synergy is not drawn.
        shares: of the endowments that are invested, `[B, T, n]`.
    """
    given = np.asarray(shares, float)
    actions = given * np.asarray(env.numbers["endowment"])
    room = np.zeros((-len(actions) % CHUNK, *actions.shape[1:]))
    parts = np.concatenate([actions, room]).reshape(-1, CHUNK, *actions.shape[1:])
    with jax.enable_x64(True):
        made = [_program(anonymous(env), part) for part in parts]
    told = {name: np.concatenate([np.asarray(one[0][name]) for one in made])[: len(actions)] for name in TOLD}
    over = np.concatenate([np.asarray(one[1]) for one in made])[: len(actions)]
    before = np.cumsum(over, axis=1) - over
    return Played(told, over, (before == 0) & (np.arange(over.shape[1]) < env.limit))


@partial(jax.jit, compiler_options={"xla_backend_optimization_level": 0})
def _program(env: CoopetitionGym, actions: jax.Array) -> Any:
    """Measures and whether it is over, of every round."""
    key = jax.random.key(0)

    def play(sequence: jax.Array) -> Any:
        def one(state: Any, invested: jax.Array) -> Any:
            after = env.step(key, state, tuple(invested[:, None]))
            return after.state, ({name: after.measures[name] for name in TOLD}, after.terminated)

        return jax.lax.scan(one, env.reset(key)[0], sequence)[1]

    return jax.vmap(play)(jnp.asarray(actions))
