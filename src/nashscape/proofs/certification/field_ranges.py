"""Bounds of the field over many boxes of parameters, for all coefficients that a schedule ever takes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.learning import TermRule
from nashscape.learning.schedules import Constant
from nashscape.proofs.bounds.step_enclosures import enclosure
from nashscape.proofs.certification.box_runs import WIDTH, Boxes, Map, map_of, without_coefficients
from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.intervals import Interval, compiled_whole

Floats = npt.NDArray[np.float64]
Ranges = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""From ends of boxes of parameters, `[N, D]` each, to bounds of the field, `[N, D]` each."""


def field_ranges(
    game: ParametricGame, rule: TermRule, update: Map, coefficients: Sequence[tuple[float, float]], projection: Any
) -> Ranges:
    """Bounds of the field for all coefficients in their ranges.

    Where parameters are what is followed, they are those of `step size · field` as the map's own program gives them,
    which knows in which directions a component rises or falls; else those of the field as it is written.
    """
    own = np.array(coefficients).reshape(-1, 2).T
    if update.followed.has_softmax:
        structure, shapes, numbers = without_coefficients(game, rule)
        program = _values(structure, shapes, own.shape[1])
        return lambda low, high: _in_parts(program, numbers, own, low, high)
    if np.isinf(update.escape):
        # the program of a flow makes a step of time: that of an update is another
        update = map_of(game, rule, Constant(1.0), projection, 1, 0.0)
    table = np.zeros_like(update.coefficients)
    table[:, 0] = own
    d = update.followed.dimension
    everywhere = np.array([[-np.inf], [np.inf]])
    bare = replace(
        update, sizes=np.ones_like(update.sizes), coefficients=table, clip=np.repeat(everywhere, d, axis=1),
        limits=np.repeat(everywhere, update.limits.shape[1], axis=1), escape=np.inf, widest=np.inf, kept=0.0,
    )  # fmt: skip
    nowhere = np.zeros((0, 1, d)), np.zeros((0, 1))

    def ranges(low: Floats, high: Floats) -> tuple[Floats, Floats]:
        found = bare.run(Boxes.starting(low, high), *nowhere, 1)
        return found.low, found.high

    return ranges


def _in_parts(program: Any, numbers: Floats, own: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    parts = []
    for first in range(0, len(low), WIDTH):
        pad = ((0, max(0, first + WIDTH - len(low))), (0, 0))
        ends = [np.pad(end[first : first + WIDTH], pad).T for end in (low, high)]
        with jax.enable_x64(True):
            parts.append(np.asarray(program(numbers, own, *ends)))
    both = np.concatenate(parts, axis=2)[:, :, : len(low)]
    return both[0].T, both[1].T


@kept_while_code_stays(32)
def _values(structure: Any, shapes: tuple[Any, ...], count: int) -> Any:
    made = enclosure(structure, shapes)

    def values(numbers: Any, own: Any, low: Any, high: Any) -> Any:
        known = [*map(Interval, numbers), *(Interval(own[0, c], own[1, c]) for c in range(count))]
        found = made.values([*known, *map(Interval, low, high)])
        shape = low.shape[1:]
        return jnp.stack(
            [jnp.stack([jnp.broadcast_to(getattr(x, end), shape) for x in found]) for end in ("low", "high")]
        )

    return compiled_whole(values)
