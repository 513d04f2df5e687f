"""Bounds of a term's product with the direction to a joint action, over boxes of profiles that are halved."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.learning import Oracle, Rule, StepKey, exact
from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.intervals import Interval, compiled_whole, enclosed

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int8]

WIDTH = 1024
"""Boxes that are bounded in one call; fewer are padded."""


def parts_at(game: ParametricGame, rule: Rule, theta: jax.Array) -> dict[str, jax.Array]:
    """What every term of a rule adds at a profile, with the first values of coefficients that are schedules."""
    key = StepKey(*(jnp.uint32(0) for _ in range(4)))
    oracle = Oracle(game, exact(), theta, key, jnp.zeros((), theta.dtype), rule.needs)
    return dict(rule.contributions(oracle, rule.init(theta), jnp.int32(0)))


def bounds_of(learners: ParametricGame, rule: Rule, term: str, profile: tuple[int, ...]) -> Any:
    """A function from the ends of boxes `[K, d]` to bounds of `⟨c, d⟩` `[K, 2]`.

    Raises:
        InputError: where there are no such bounds of the game or the rule.
    """
    leaves, structure = jax.tree.flatten((learners, rule))
    numbers = np.concatenate([np.asarray(leaf, np.float64).ravel() for leaf in leaves])
    try:
        program = _program(structure, tuple(np.shape(leaf) for leaf in leaves), term, profile)
    except NotUnrollable as error:
        raise InputError(f"there are no interval bounds of {rule.name} on {learners.name}: {error}") from error

    def bounds(low: Floats, high: Floats) -> Floats:
        made = []
        for first in range(0, len(low), WIDTH):
            some = slice(first, first + WIDTH)
            pad = ((0, WIDTH - len(low[some])), (0, 0))
            ends = np.pad(low[some], pad, mode="edge"), np.pad(high[some], pad, mode="edge")
            with jax.enable_x64(True):
                made.append(np.asarray(program(numbers, *ends))[: len(low[some])])
        return np.concatenate(made)

    return bounds


@kept_while_code_stays(32)
def _program(structure: Any, shapes: tuple[Any, ...], term: str, profile: tuple[int, ...]) -> Any:
    """The bounds as a compiled function of the numbers of game and rule and of the ends of boxes."""
    game, rule = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])

    def product(game: ParametricGame, rule: Rule, theta: jax.Array) -> jax.Array:
        def likelihood(theta: jax.Array) -> jax.Array:
            logs = game.semantics.log_strategies(theta)
            return sum((own[k] for own, k in zip(logs, profile, strict=True)), start=jnp.zeros((), theta.dtype))

        parts = parts_at(game, rule, theta)
        part = sum(parts.values()) if term == "total" else parts[term]
        return jnp.sum(part * jax.grad(likelihood)(theta))

    with jax.enable_x64(True):
        run = enclosed(product, game, rule, jax.ShapeDtypeStruct((game.dimension,), "float64"))

    def bounds(numbers: Any, low: Any, high: Any) -> Any:
        entries = [Interval(jnp.broadcast_to(number, low.shape[:1])) for number in numbers]
        [found] = run([*entries, *(Interval(a, b) for a, b in zip(low.T, high.T, strict=True))])
        return jnp.stack([found.low, found.high], axis=1)

    return compiled_whole(bounds)


def decided_boxes(
    bound: Any, low: Floats, high: Floats, resolution: float, boxes: int
) -> tuple[Floats, Floats, Whole, Floats]:
    """Boxes that fill the region, the largest first, with the sign and the bounds of each."""
    least = resolution * (high - low) * (2 - 1e-9)
    lows, highs = low[None], high[None]
    done: list[tuple[Floats, Floats, Whole, Floats]] = []
    looked = 0
    while len(lows):
        found = bound(lows, highs)
        looked += len(lows)
        sign = np.where(found[:, 0] > 0, 1, np.where(found[:, 1] < 0, -1, 0)).astype(np.int8)
        side = (highs - lows) / (high - low)
        small = ((highs - lows) < least).all(axis=1)
        over = looked + 2 * int((sign == 0).sum()) > boxes
        stays = (sign != 0) | small | over
        done.append((lows[stays], highs[stays], sign[stays], found[stays]))
        lows, highs = _halved(lows[~stays], highs[~stays], side[~stays])
    a, b, c, e = (np.concatenate(column) for column in zip(*done, strict=True))
    return a, b, c, e


def _halved(low: Floats, high: Floats, side: Floats) -> tuple[Floats, Floats]:
    """Both halves of every box along its relatively longest side."""
    rows, axis = np.arange(len(low)), np.argmax(side, axis=1)
    middle = (low[rows, axis] + high[rows, axis]) / 2
    left, right = high.copy(), low.copy()
    left[rows, axis], right[rows, axis] = middle, middle
    return np.concatenate([low, right]), np.concatenate([left, high])
