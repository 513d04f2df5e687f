"""Where hosted players act: an environment that JAX traces, stepped from Python one round at a time."""

from collections.abc import Mapping
from typing import Any, Protocol

import jax
import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Stage(Protocol):
    """Episodes of one environment, one after the other, stepped from Python."""

    going: Flags
    """Who still plays, `[n]`."""

    seen: list[Any]
    """What every player sees."""

    def begin(self, seed: int) -> None:
        """A new episode."""

    def step(self, actions: list[Any]) -> tuple[Floats, Flags, Flags]:
        """What a round pays, for whom the game is over, and who is cut off, `[n]` each."""

    def allowed(self, i: int) -> Flags | None:
        """Which actions a player may take; None where all, or where it is told with what it sees."""

    def measured(self) -> Mapping[str, Floats]:
        """What else is told of the round."""


class Traced:
    """An environment of ours or another's that JAX traces. Attributes and methods as `Stage` has them."""

    def __init__(self, environment: Any) -> None:
        """Compiles nothing yet."""
        self.environment, self.count = environment, len(environment.players)
        self.going: Flags = np.zeros(self.count, bool)
        self.seen: list[Any] = []
        self.told: Mapping[str, Any] = {}

    def begin(self, seed: int) -> None:
        """A new episode, whose chance is that of the seed alone."""
        self.key, first = jax.random.split(jax.random.key(seed))
        self.state, seen = _reset(self.environment, first)
        self.seen, self.played, self.going = list(map(np.asarray, seen)), 0, np.ones(self.count, bool)

    def step(self, actions: list[Any]) -> tuple[Floats, Flags, Flags]:
        """A round; all end together."""
        after = _step(self.environment, self.key, self.played, self.state, tuple(map(np.asarray, actions)))
        self.state, self.told, self.played = after.state, after.measures, self.played + 1
        self.seen = list(map(np.asarray, after.observations))
        over, cut = np.full(self.count, bool(after.terminated)), np.full(self.count, bool(after.truncated))
        self.going = ~(over | cut)
        return np.asarray(after.rewards, np.float64), over, cut

    def allowed(self, i: int) -> Flags | None:
        """Its masks."""
        own = _legal(self.environment, self.state)[i]
        return None if own is None else np.asarray(own)

    def measured(self) -> Mapping[str, Floats]:
        """Its measures."""
        return {name: np.asarray(own, np.float64) for name, own in self.told.items()}


@jax.jit
def _reset(environment: Any, key: jax.Array) -> Any:
    return environment.reset(key)


@jax.jit
def _step(environment: Any, key: jax.Array, played: Any, state: Any, actions: Any) -> Any:
    return environment.step(jax.random.fold_in(key, played), state, actions)


@jax.jit
def _legal(environment: Any, state: Any) -> Any:
    return environment.legal(state)


def stage_of(environment: Any) -> Stage:
    """A stage of its own for a run."""
    return environment.stage() if hasattr(environment, "stage") else Traced(environment)
