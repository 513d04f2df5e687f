"""One update of a rule on whole boxes of parameters: bounds of where every start of a box goes.

For the map `G(θ) = θ + h F(θ)` and a box, let `J` enclose the Jacobian `I + h DF` over the box by interval arithmetic.
In every coordinate j in which `J_ij` keeps one sign over the box, `G_i` only rises or only falls, so that its extremes
lie on a face; along all others, of half width r_j, it changes by at most `|J_ij| r_j` to either side of the middle
(mean value theorem, along the segment from θ to the point with those coordinates at the middle; the box is convex).
So with x the point that has the wanted face in the first coordinates and the middle in the others,

    min G_i  ≥  low(G_i(x)) − Σ_{j without a sign} max|J_ij| · r_j,

and likewise for the maximum. Where all signs are known, as in a small box nearly everywhere, the bounds are those of
the image itself but for rounding, and the boxes do not grow by more than the map makes them. `G_i(x)` is evaluated in
interval arithmetic too: no number is rounded without being moved outwards. Step sizes and coefficients may be
intervals. Clipping to a box moves bounds as it moves points.
"""

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core.intervals import BOUNDS, Interval, down, up
from nashscape.theory.sigmoid_bounds import sigmoid_bounds

ZERO = Interval(0.0)
ONE = Interval(1.0)


@dataclass(frozen=True)
class Enclosure:
    """Bounds of the field of one structure of game and rule. Made by `enclosure`.

    Boxes are lists of one `Interval` per parameter, and numbers one per number of the game and the rule.
    """

    dimension: int
    at_points: Any
    over_boxes: Any

    def moved(self, numbers: list[Interval], box: list[Interval], size: Interval, kept: Interval) -> list[Interval]:
        """Bounds of `kept · θ + size · F(θ)` over boxes; `kept` is one for the update, zero for the field itself."""
        d, width = self.dimension, box[0].low.shape[-1]
        found = self.over_boxes([*numbers, *box])
        middle = [(x.low + x.high) / 2 for x in box]
        # from the middle, as it was rounded, to the farther end
        radius = [up(jnp.maximum(x.high - m, m - x.low)) for x, m in zip(box, middle, strict=True)]
        points, spreads = [], []
        for i in range(d):
            row = [_add(kept if i == j else ZERO, _mul(size, found[d + i * d + j])) for j in range(d)]
            ends, spread = _extremes(box, middle, radius, row)
            points += ends
            spreads.append(spread)
        # all points of all coordinates side by side: one evaluation of the field
        theta = [Interval(jnp.concatenate([point[j] for point in points])) for j in range(d)]
        side = 2 * d
        field = self.at_points([*(_repeated(x, side) for x in numbers), *theta])
        result = []
        for i, spread in enumerate(spreads):
            total = _add(_mul(kept, theta[i]), _mul(_repeated(size, side), field[i]))
            bottom = total.low[2 * i * width : (2 * i + 1) * width]
            top = total.high[(2 * i + 1) * width : (2 * i + 2) * width]
            result.append(Interval(down(bottom - spread), up(top + spread)))
        return result


def _extremes(
    box: list[Interval], middle: list[Any], radius: list[Any], row: list[Interval]
) -> tuple[list[list[Any]], Any]:
    """The points at which a coordinate of the map is bounded from below and above, and how much to allow for."""
    spread: Any = 0.0
    least, most = [], []
    for x, m, r, slope in zip(box, middle, radius, row, strict=True):
        rises, falls = slope.low >= 0, slope.high <= 0
        least.append(jnp.where(rises, x.low, jnp.where(falls, x.high, m)))
        most.append(jnp.where(rises, x.high, jnp.where(falls, x.low, m)))
        steepest = jnp.maximum(jnp.abs(slope.low), jnp.abs(slope.high))
        spread = up(spread + up(jnp.where(rises | falls, 0.0, steepest * r)))
    return [least, most], spread


def _repeated(x: Interval, times: int) -> Interval:
    """Numbers that differ from box to box, as many times side by side."""
    low, high = (jnp.tile(end, times) if jnp.ndim(end) else end for end in (x.low, x.high))
    return Interval(low) if x.single else Interval(low, high)


def _add(x: Interval, y: Interval) -> Interval:
    if x is ZERO or y is ZERO:
        return y if x is ZERO else x
    return BOUNDS["add"](x, y)


def _mul(x: Interval, y: Interval) -> Interval:
    if x is ZERO or y is ZERO:
        return ZERO
    if x is ONE or y is ONE:
        return y if x is ONE else x
    return BOUNDS["mul"](x, y)


@functools.lru_cache(maxsize=32)
def enclosure(structure: Any, shapes: tuple[Any, ...]) -> Enclosure:
    """The enclosure of the pair (game, rule) of this structure; all coefficients of the rule are constants."""
    game, rule = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])
    with jax.enable_x64(True):
        return Enclosure(game.dimension, *sigmoid_bounds(game, rule))
