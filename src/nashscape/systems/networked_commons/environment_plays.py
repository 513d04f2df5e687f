"""The same episodes in the environment, and what mixing pays there."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.environments import governed, mixing, play_commons, pool_player, valves
from nashscape.environments.commons.commons_runs import CommonsRun
from nashscape.systems.networked_commons.restraint_games import PLAYERS, QUARTER, ROUNDS, THRESHOLD, UNIT


def played(rate: int, takers: Sequence[bool], order: str = "take first") -> CommonsRun:
    """One episode between takers and restrainers who see the stock alone."""
    above = THRESHOLD / UNIT
    players = [pool_player("greedy") if own else pool_player("threshold", above=above) for own in takers]
    collapse = PLAYERS * QUARTER / UNIT if order == "test last" else 0.0
    return play_commons(valves(rate / UNIT, order=order, collapse=collapse), players, episodes=1)


def mixed_totals(run: CommonsRun, rate: int, dependence: Any) -> npt.NDArray[np.float64]:
    """What everybody gets where payoffs are mixed and all do as they did in a run, `[n]`."""
    env = governed(valves(rate / UNIT), mixing(dependence))
    demanded = np.nan_to_num(run.demanded[0])
    actions = jnp.asarray(demanded > 0, jnp.int32)

    def one(carry: Any, chosen: jax.Array) -> Any:
        state, live = carry
        after = env.step(jax.random.key(0), state, tuple(chosen[i] for i in range(PLAYERS)))
        paid = jnp.where(live, after.rewards, 0.0)
        return (after.state, live & ~(after.terminated | after.truncated)), paid

    start = (env.reset(jax.random.key(0))[0], jnp.asarray(True))
    paid = jax.jit(lambda: jax.lax.scan(one, start, actions)[1])()
    assert len(actions) == ROUNDS
    return np.asarray(paid, float).sum(axis=0)
