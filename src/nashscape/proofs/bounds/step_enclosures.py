"""One update of a rule on whole boxes of parameters: bounds of where every start of a box goes.

For the map `G(θ) = θ + h F(θ)` of the followed numbers and a box, let `J` enclose the Jacobian `I + h DF` over the box
by interval arithmetic. In every coordinate j in which `J_ij` keeps one sign over the box, `G_i` only rises or only
falls, so that its extremes lie on a face; along all others, of half width r_j, it changes by at most `|J_ij| r_j` to
either side of the middle (mean value theorem, along the segment from θ to the point with those coordinates at the
middle; the box is convex).
So with x the point that has the wanted face in the first coordinates and the middle in the others,

    min G_i  ≥  low(G_i(x)) − Σ_{j without a sign} max|J_ij| · r_j,

and likewise for the maximum. Where all signs are known, as in a small box nearly everywhere, the bounds are those of
the image itself but for rounding, and the boxes do not grow by more than the map makes them. `G_i(x)` is evaluated in
interval arithmetic too: no number is rounded without being moved outwards. Step sizes and coefficients may be
intervals. Clipping to a box moves bounds as it moves points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.games import MarkovGame
from nashscape.proofs.bounds.followed import Followed
from nashscape.proofs.bounds.policy_bounds import Policies
from nashscape.proofs.bounds.sigmoid_bounds import Bounds, sigmoid_bounds
from nashscape.proofs.bounds.state_bounds import state_bounds
from nashscape.semantics import Independent, ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.intervals import BOUNDS, Interval, down, up
from nashscape.tracing.polynomials import Polynomial, scaled, total, variable

ZERO = Interval(0.0)
ONE = Interval(1.0)
SIDE_BY_SIDE = 2
"""Followed numbers for which the field is evaluated once, at all points together."""


@dataclass(frozen=True)
class Enclosure:
    """Bounds of the field of one structure of game and rule. Made by `enclosure`.

    Boxes are lists of one `Interval` per followed number, and numbers one per number of the game and the rule.

    Attributes:
        followed: the followed numbers.
        values: bounds of the field, over boxes of parameters.
        slopes: bounds of what the field does to the followed numbers, and of the derivatives by them; None where none
            are needed.
        polynomials: what the field does to the followed numbers as polynomials of them, where there are such.
    """

    followed: Followed
    values: Bounds
    slopes: Bounds | None
    polynomials: Callable[[list[Interval], list[Polynomial]], list[Polynomial]] | None = None

    def over(self, numbers: list[Interval], box: list[Interval]) -> tuple[list[Interval], list[list[Interval]]]:
        """Bounds of the field and of its Jacobian, both for the followed numbers."""
        d = self.followed.dimension
        assert self.slopes is not None
        found = self.slopes([*numbers, *self.followed.inserted(box)])
        return found[:d], [found[d + i * d : d + (i + 1) * d] for i in range(d)]

    def at(self, numbers: list[Interval], box: list[Interval]) -> list[Interval]:
        """Bounds of the field alone."""
        return self.followed.reduced(self.values([*numbers, *self.followed.inserted(box)]))

    def updated(self, numbers: list[Interval], box: list[Interval], size: Interval, kept: Interval) -> list[Interval]:
        """Bounds of `kept · y + size · F(y)` over boxes; `kept` is one for the update, zero for the field itself.

        Args:
            numbers: of game and rule.
            box: the boxes.
            size: the step size.
            kept: see above.
        """
        if self.polynomials is None:
            return self.moved(numbers, box, self.over(numbers, box)[1], size, kept)
        y = [variable(x.low, x.high, k) for k, x in enumerate(box)]
        way = self.polynomials(numbers, y)
        return [total(scaled(own, kept), scaled(v, size)).bounds() for own, v in zip(y, way, strict=True)]

    def moved(
        self, numbers: list[Interval], box: list[Interval], jacobian: list[list[Interval]], size: Interval,
        kept: Interval,
    ) -> list[Interval]:  # fmt: skip
        """The same from bounds of the field's Jacobian over boxes that hold these, `[d][d]`."""
        d, width = self.followed.dimension, box[0].low.shape[-1]
        middle = [(x.low + x.high) / 2 for x in box]
        # from the middle, as it was rounded, to the farther end
        radius = [up(jnp.maximum(x.high - m, m - x.low)) for x, m in zip(box, middle, strict=True)]
        points, spreads = [], []
        for i in range(d):
            row = [_add(kept if i == j else ZERO, _mul(size, jacobian[i][j])) for j in range(d)]
            [least, most], spread = _extremes(box, middle, radius, row)
            points.append([Interval(jnp.concatenate([a, b])) for a, b in zip(least, most, strict=True)])
            spreads.append(spread)
        result = []
        for i, (ends, value) in enumerate(zip(points, self._components(numbers, points), strict=True)):
            both = _add(_mul(kept, ends[i]), _mul(_repeated(size, 2), value))
            result.append(Interval(down(both.low[:width] - spreads[i]), up(both.high[width:] + spreads[i])))
        return result

    def _components(self, numbers: list[Interval], points: list[list[Interval]]) -> list[Interval]:
        """Every component of the field at points of its own."""
        d, width = len(points), points[0][0].low.shape[-1]
        if d > SIDE_BY_SIDE:
            # as many programs, of each of which only one component is worked out
            several = [_repeated(x, 2) for x in numbers]
            return [self.at(several, theta)[i] for i, theta in enumerate(points)]
        theta = [Interval(jnp.concatenate([point[j].low for point in points])) for j in range(d)]
        found = self.at([_repeated(x, 2 * d) for x in numbers], theta)
        ends = [slice(i * width, (i + 1) * width) for i in range(d)]
        return [Interval(x.low[own], x.high[own]) for x, own in zip(found, ends, strict=True)]


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


@kept_while_code_stays(32)
def enclosure(structure: Any, shapes: tuple[Any, ...], flow: bool = False) -> Enclosure:
    """The enclosure of the pair (game, rule) of this structure; all coefficients of the rule are constants.

    Args:
        structure: of the pair, as a pytree.
        shapes: of its numbers.
        flow: whether derivatives are needed for the flow.
    """
    game, rule = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])
    followed = followed_of(game)
    try:
        with jax.enable_x64(True):
            if followed.has_softmax:
                made = Policies(game, rule, followed)
                if not flow and made.is_short:
                    return Enclosure(followed, made.values(), None, made.polynomials())
                return Enclosure(followed, made.values(), made.slopes())
            if isinstance(game.game, MarkovGame):
                return Enclosure(followed, *state_bounds(game, rule))
            return Enclosure(followed, *sigmoid_bounds(game, rule))
    except NotUnrollable as refusal:
        raise InputError(
            f"bounds of a rule with these terms in a game of this shape are too long to be written out ({refusal}); "
            "ask about pg, or about players with fewer actions or states"
        ) from None


def followed_of(game: ParametricGame) -> Followed:
    """What a certificate follows of these players."""
    forms = game.semantics.forms if isinstance(game.semantics, Independent) else ("sigmoid",) * len(game.sizes)
    return Followed(game.sizes, forms)
