"""Rules that remember nothing."""

import abc
from typing import Any

import jax

from nashscape.core import finite_number
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.rules import Rule, State


class StatelessRule(Rule):
    """A rule that is a vector field: the direction depends on the present parameters and the step alone."""

    @abc.abstractmethod
    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """The direction in which to move, flat over all players."""

    @override
    def init(self, theta: jax.Array) -> State:
        return ()

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """The direction at this step."""
        return self.direction(oracle, step), state


def inner_step(value: Any, *, or_outer: bool = False) -> float | None:
    """A checked inner step size; where `or_outer`, None stands for the outer step size."""
    return None if value is None and or_outer else finite_number(value, "inner_lr", low=0.0)
