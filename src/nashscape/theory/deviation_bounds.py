"""Bounds of a player's utility and slope over intervals of its parameter, as one compiled program per structure."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core.intervals import BOUNDS, Interval, enclosed
from nashscape.semantics import ParametricGame

WIDTH = 2048
"""Boxes in one call."""


@functools.lru_cache(maxsize=64)
def bounds_program(structure: Any, shapes: tuple[Any, ...], player: int) -> Any:
    """The compiled bounds of boxes of one structure; numbers are its arguments."""
    leaves, (count, dimension), weighted = shapes
    game = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in leaves])
    place = game.semantics.slices[player].start
    mine = np.arange(dimension) == place

    def utility(game: ParametricGame, profiles: Any, weights: Any, t: Any) -> tuple[Any, Any]:
        def value(t: Any) -> Any:
            each = [game.utilities(jnp.where(mine, t, profiles[k]))[player] for k in range(count)]
            return each[0] if weights is None else jnp.sum(weights * jnp.stack(each))

        found: tuple[Any, Any] = jax.jvp(value, (t,), (jnp.ones_like(t),))
        return found

    def example(shape: Any) -> Any:
        return jax.ShapeDtypeStruct(tuple(shape), "float64")

    with jax.enable_x64(True):
        run = enclosed(utility, game, example((count, dimension)), example((count,)) if weighted else None, example(()))

    def bounds(leaves: Any, profiles: Any, weights: Any, low: Any, high: Any) -> Any:
        tables = [*leaves, profiles] + ([] if weights is None else [weights])
        shared = [Interval(row) for table in tables for row in table.reshape(len(low), -1).T]
        middle = (low + high) / 2
        box, point = run([*shared, Interval(low, high)]), run([*shared, Interval(middle)])
        return _together(box, point, Interval(low, high), Interval(middle))

    with jax.enable_x64(True):  # refuses here what has no bounds
        jax.eval_shape(bounds, *_examples(leaves, (count, dimension), weighted))
    return jax.jit(bounds)


def _examples(leaves: Any, profiles: Any, weighted: bool) -> list[Any]:
    def rows(shape: Any) -> Any:
        return jax.ShapeDtypeStruct((WIDTH, *shape), "float64")

    return [tuple(map(rows, leaves)), rows(profiles), rows(profiles[:1]) if weighted else None, rows(()), rows(())]


def _together(box: list[Interval], point: list[Interval], range_: Interval, middle: Interval) -> Any:
    """The better of two upper bounds: that of the formula, and that from the derivative."""
    value, slope = box
    away = BOUNDS["sub"](range_, middle)
    linear = BOUNDS["add"](point[0], BOUNDS["mul"](slope, away))
    top = jnp.fmin(value.high, linear.high)
    return point[0].low, top, slope.low, slope.high
