"""Reducers of paths: how long the way was; and the two kinds of points that a path is made of."""

from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp

from nashscape.core import choice
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reduction import Reducer, Seen

OF = ("parameters", "strategies")
"""What the points of a path are."""


def point_of(seen: Seen, of: str) -> jax.Array:
    """The parameters `[d]`, or all strategies side by side, `[Σ a_i]` (with rows, row by row)."""
    if of == "parameters":
        return seen.theta
    return jnp.concatenate([own.ravel() for own in seen.strategies])


def named(name: str, of: str, usual: str) -> str:
    """The name of a reducer, which says what it is of where that is not the usual."""
    return name if choice(of, "of", OF) == usual else f"{name}_of_{of}"


@dataclass(frozen=True)
class PathLength(Reducer):
    """How long the way was. Made by `path_length`."""

    of: str = "parameters"
    name: str = "path_length"

    def init(self, seen: Seen) -> Any:
        """At the first profile, with no way behind."""
        return point_of(seen, self.of), jnp.zeros((), seen.theta.dtype)

    @override
    def add(self, carried: Any, seen: Seen) -> Any:
        before, length = carried
        point = point_of(seen, self.of)
        return point, length + jnp.sqrt(jnp.sum(jnp.square(point - before)))

    @override
    def finish(self, carried: Any) -> jax.Array:
        return cast(jax.Array, carried[1])


jax.tree_util.register_dataclass(PathLength, data_fields=[], meta_fields=["of"], drop_fields=["name"])


@public()
def path_length(of: str = "parameters") -> PathLength:
    """The length of the way, `Σ_t |x_{t+1} − x_t|` (Euclidean), of parameters or of all strategies side by side.

    >>> path_length("strategies").name
    'path_length_of_strategies'
    """
    return PathLength(of, named("path_length", of, "parameters"))
