"""Bounds of a player's utility and slope over intervals of its parameter, as one compiled program per structure."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import operations
from nashscape.tracing.intervals import BOUNDS, Interval, compiled_whole, enclosed
from nashscape.tracing.smoothness import Smoothness, smoothness

WIDTH = 2048
"""Boxes in one call."""

LONG, MOST_OPERATIONS = 200, 6000
"""Scalar operations of programs that are compiled as a whole, and of the longest that have bounds at all."""


@kept_while_code_stays(64)
def bounds_program(structure: Any, shapes: tuple[Any, ...], player: int) -> Any:
    """The compiled bounds of boxes of one structure; numbers are its arguments."""
    leaves, (count, dimension), weighted = shapes
    game = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in leaves])
    place = game.semantics.slices[player].start
    mine = np.arange(dimension) == place

    def value(game: ParametricGame, profiles: Any, weights: Any, t: Any) -> Any:
        each = [game.utilities(jnp.where(mine, t, profiles[k]))[player] for k in range(count)]
        return each[0] if weights is None else jnp.sum(weights * jnp.stack(each))

    def utility(game: ParametricGame, profiles: Any, weights: Any, t: Any) -> tuple[Any, Any]:
        found: tuple[Any, Any] = jax.jvp(lambda t: value(game, profiles, weights, t), (t,), (jnp.ones_like(t),))
        return found

    def example(shape: Any) -> Any:
        return jax.ShapeDtypeStruct(tuple(shape), "float64")

    examples = game, example((count, dimension)), example((count,)) if weighted else None, example(())
    with jax.enable_x64(True):
        run = enclosed(utility, *examples, most=MOST_OPERATIONS)
        # across a jump the derivative says nothing of the function
        jumps = smoothness(value, *examples, argument=3) <= Smoothness.JUMPS

    def bounds(leaves: Any, profiles: Any, weights: Any, low: Any, high: Any) -> Any:
        tables = [*leaves, profiles] + ([] if weights is None else [weights])
        shared = [Interval(row) for table in tables for row in table.reshape(len(low), -1).T]
        middle, unknown = (low + high) / 2, jnp.full(low.shape, jnp.inf)
        box, point = run([*shared, Interval(low, high)]), run([*shared, Interval(middle)])
        found = _together(box, point, Interval(low, high), Interval(middle))
        return (found[0], box[0].high, -unknown, unknown) if jumps else found

    with jax.enable_x64(True):  # refuses here what has no bounds
        jax.eval_shape(bounds, *_examples(leaves, (count, dimension), weighted))
        long = operations(utility, *examples) > LONG
    return compiled_whole(bounds) if long else jax.jit(bounds)


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
