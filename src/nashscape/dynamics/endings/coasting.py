"""Where momentum carries runs after their last update.

What a rule remembers is taken to be what it would remember after a long time at one place. An optimiser may carry a run
on: out of the target in which it stands, or across the border of a basin. So a run under an optimiser is continued by
updates without noise, in parameters and memory together, until nothing is left of the directions that it
remembered (of second moments, as Adam has, more is left); it is from there
that it is followed, and a target counts as held only where it was held all the way.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.dynamics.endings.mean_fields import Moment, free_of_noise, oracle_at
from nashscape.dynamics.pushes import Memory, pushed
from nashscape.dynamics.setup import Setup, State

Floats = npt.NDArray[np.float64]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Coasting:
    """One run on its way: parameters, what is remembered, and the least and largest strategies so far, `[Σ a_i]`."""

    theta: Any
    memory: Memory
    low: Any
    high: Any


@dataclass(frozen=True, eq=False)
class Coasted:
    """Where N runs come to once nothing is left of what they remembered.

    Attributes:
        theta: parameters, `[N, d]`.
        low: least strategies on the way, `[N, Σ a_i]`.
        high: largest ones.
    """

    theta: npt.NDArray[Any]
    low: npt.NDArray[Any]
    high: npt.NDArray[Any]

    def leaves(self, lower: Floats, upper: Floats) -> npt.NDArray[np.bool_]:
        """Which runs leave the bounds `[N, Σ a_i]` on their way."""
        return np.asarray(((self.low < lower) | (self.high > upper)).any(axis=1))

    def moved(self, played: npt.NDArray[Any]) -> Floats:
        """How far a strategy gets at most from those at the ends of the runs, `[N, Σ a_i]`, on the way, `[N]`."""
        return np.asarray(np.maximum(self.high - played, played - self.low).max(axis=1), np.float64)


def turns_of(setup: Setup) -> int:
    """For how many updates runs are continued: none without an optimiser."""
    return 0 if setup.optimiser is None else setup.optimiser.turns


def set_off(setup: Setup, state: State) -> Coasting:
    """A run after its last update."""
    played = _played(setup, state.theta)
    return Coasting(state.theta, Memory(state.rule, state.optimiser), played, played)


def carried(setup: Setup, step: Any, run: Coasting) -> Coasting:
    """The run one update later, with the step size and the coefficients of its end."""
    quiet = free_of_noise(setup)
    size = jnp.asarray(setup.step_size(step), run.theta.dtype)
    oracle = oracle_at(quiet, Moment(step, size, 1.0), run.theta)
    _, push, memory = pushed(quiet.rule, quiet.optimiser, oracle, run.memory, step)
    theta = setup.projection.project(run.theta + size * push)
    played = _played(setup, theta)
    return Coasting(theta, memory, jnp.minimum(run.low, played), jnp.maximum(run.high, played))


def coasted(setup: Setup, step: Any, state: State) -> Coasting:
    """One run continued until nothing is left of what it remembered."""
    begun = set_off(setup, state)
    run: Coasting = jax.lax.fori_loop(0, turns_of(setup), lambda _, own: carried(setup, step, own), begun)
    return run


def at_once(run: Coasting) -> Coasted:
    """One run as the only one of several."""
    return Coasted(*(np.asarray(own)[None] for own in (run.theta, run.low, run.high)))


def _played(setup: Setup, theta: jax.Array) -> jax.Array:
    return jnp.concatenate([own.ravel() for own in setup.game.strategies(theta)])
