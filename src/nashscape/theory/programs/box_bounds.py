"""Bounds of a player's utility and its slopes over boxes of its parameters, as one compiled program per structure."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.theory.programs.deviation_bounds import LONG
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import operations
from nashscape.tracing.intervals import BOUNDS, Interval, compiled_whole, enclosed
from nashscape.tracing.smoothness import Smoothness, smoothness

WIDTH = 2048
"""Boxes in one call."""

MOST_OPERATIONS = 2500
"""Scalar operations of the longest program that is compiled: beyond it that takes minutes."""


@kept_while_code_stays(64)
def box_program(structure: Any, shapes: tuple[Any, ...], player: int) -> Any:
    """The compiled bounds of boxes of one structure; the numbers of the game and what others play are its arguments.

    Raises:
        NotUnrollable: where no bounds are known.
    """
    game = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])
    part = game.semantics.slices[player]
    size = part.stop - part.start

    def value(game: Any, theta: Any, own: Any) -> Any:
        return game.utilities(jnp.concatenate([theta[: part.start], own, theta[part.stop :]]))[player]

    def utility(game: Any, theta: Any, own: Any) -> Any:
        units = [jnp.asarray(unit, own.dtype) for unit in np.eye(size)]
        slopes = [jax.jvp(lambda t: value(game, theta, t), (own,), (unit,))[1] for unit in units]
        return value(game, theta, own), jnp.stack(slopes)

    examples = game, *(jax.ShapeDtypeStruct((entries,), "float64") for entries in (game.dimension, size))
    with jax.enable_x64(True):
        run = enclosed(utility, *examples, most=MOST_OPERATIONS)
        # across a jump the derivative says nothing of the function
        jumps = smoothness(value, *examples, argument=2) <= Smoothness.JUMPS
        long = operations(utility, *examples) > LONG

    def bounds(leaves: Any, theta: Any, low: Any, high: Any) -> Any:
        entries = [entry for table in [*leaves, theta] for entry in jnp.asarray(table).reshape(-1)]
        shared = [Interval(jnp.broadcast_to(entry, len(low))) for entry in entries]
        middle = (low + high) / 2
        box = run([*shared, *map(Interval, low.T, high.T)])
        point = run([*shared, *map(Interval, middle.T)])
        top, floor = box[0].high, point[0].low
        slopes = jnp.stack([one.low for one in box[1:]], axis=1), jnp.stack([one.high for one in box[1:]], axis=1)
        if jumps:
            return floor, top, jnp.full_like(slopes[0], -jnp.inf), jnp.full_like(slopes[1], jnp.inf)
        linear = point[0]
        for c, slope in enumerate(box[1:]):
            away = BOUNDS["sub"](Interval(low[:, c], high[:, c]), Interval(middle[:, c]))
            linear = BOUNDS["add"](linear, BOUNDS["mul"](slope, away))
        return floor, jnp.fmin(top, linear.high), *slopes

    return compiled_whole(bounds) if long else jax.jit(bounds)
