"""Bounds of a rule's field and of its derivatives over boxes of parameters, rounded outwards."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.learning.fields import Field, field_at
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.interval_arrays import bounds_of
from nashscape.tracing.numeric_intervals import Bounds
from nashscape.tracing.smoothness import Smoothness, smoothness

Floats = npt.NDArray[np.float64]
WIDTH = 256
"""Boxes in one call."""

VALUES, SLOPES, BENDS = 0, 1, 2
"""Up to which derivative bounds are wanted."""


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Bounds over K boxes of a field's values `[K, d]`, or of its derivatives `[K, d, d]` or `[K, d, d, d]`.

    Entry `[k, i, j, l]` is about `∂²F_i/∂θ_j∂θ_l`. Infinite where nothing is known, and where a derivative may not
    exist.
    """

    low: Floats
    high: Floats

    @property
    def size(self) -> Floats:
        """The largest absolute value that is possible."""
        return np.asarray(np.maximum(np.abs(self.low), np.abs(self.high)))


def enclose(field: Field, low: Floats, high: Floats, order: int = VALUES) -> list[Enclosure]:
    """Bounds of the field and of its derivatives up to an order, over boxes `[K, d]`.

    Traced once for fields that differ in numbers only.

    Raises:
        InputError: where no bounds are known for an operation in the rule or the game.
    """
    leaves, structure = jax.tree.flatten((field.game, field.rule))
    numbers = [np.asarray(leaf, np.float64) for leaf in leaves]
    try:
        program = _program(structure, tuple(number.shape for number in numbers), order)
    except NotUnrollable as refusal:
        raise InputError(
            f"nothing can be proved about rule {field.rule.name} in {field.game.name}: {refusal}; fixed_points without "
            "prove=True works for any rule that has a field"
        ) from None
    d = low.shape[1]
    shapes = [(d,) * (k + 1) for k in range(order + 1)]
    parts = []
    for first in range(0, len(low), WIDTH):
        here = slice(first, first + WIDTH)
        found = program([*(Bounds(x.reshape(-1, 1)) for x in numbers), Bounds(low[here].T, high[here].T)])
        parts.append([[_shaped(end, len(low[here]), shape) for end in (one.low, one.high)]
                      for one, shape in zip(found, shapes, strict=True)])  # fmt: skip
    return [
        Enclosure(*(np.concatenate(ends) for ends in zip(*derivative, strict=True)))
        for derivative in zip(*parts, strict=True)
    ]


def _shaped(end: Floats, boxes: int, shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(end, (len(end), boxes)).T.reshape(boxes, *shape)


@kept_while_code_stays(32)
def _program(structure: Any, shapes: tuple[Any, ...], order: int) -> Any:
    """Bounds of every derivative up to an order, as a function of those of numbers and of boxes."""
    leaves = [jax.ShapeDtypeStruct(shape, "float64") for shape in shapes]
    game = structure.unflatten(leaves)[0]
    theta = jax.ShapeDtypeStruct((game.dimension,), "float64")

    def derivatives(leaves: Any, theta: jax.Array) -> list[jax.Array]:
        game, rule = structure.unflatten(leaves)
        functions: list[Callable[[jax.Array], jax.Array]] = [partial(field_at, game, rule)]
        for _ in range(order):
            functions.append(jax.jacfwd(functions[-1]))
        return [function(theta) for function in functions]

    # straight-through readings and the like: what is differentiated is not what is played
    played = smoothness(lambda game, theta: game.strategies(theta), game, theta, argument=1)
    if order > VALUES and played <= Smoothness.JUMPS:
        raise NotUnrollable("strategies may jump, or their derivative is not their own")
    with jax.enable_x64(True):
        return bounds_of(derivatives, leaves, theta)
