"""One step of the flow on whole boxes: bounds of where every start of a box is after a time h.

The flow is `ẏ = F(y)`, of which parameters at an end of the clipped box only follow what leads back inside. Let B be a
box that holds the starts b and, clipped, `b + [0, h] F(B)`. Then every run stays in B for a time h (Schauder's fixed
point theorem for the integral equation, reflected at the ends), with velocities `ẏ ∈ V = F(B)`, or between that and
zero where B touches an end. Hence

    y(h) ∈ y + h F(y) + h²/2 · DF(B) V,

clipped where the component of F over B keeps its sign, so that once at an end it stays; where it does not, and B
touches an end, `y(h)` is between the clipped `y + h min F(B)` and `y + h max F(B)`. The first two terms are bounded as
those of an update, with the derivatives over B.
"""

from typing import Any

import jax.numpy as jnp

from nashscape.proofs.bounds.step_enclosures import ONE, Enclosure
from nashscape.tracing.intervals import BOUNDS, Interval

add, mul = BOUNDS["add"], BOUNDS["mul"]
ROOM = 1.25
"""How much farther than the velocity at the start leads B reaches."""


def flowed(
    made: Enclosure, numbers: list[Interval], box: list[Interval], size: Interval, clip: Any
) -> tuple[list[Interval], list[Interval], Any]:
    """Bounds of the boxes after a step, of where they are on the way, and which are proved.

    Args:
        made: of the field.
        numbers: of game and rule.
        box: the boxes.
        size: the step, h.
        clip: ends of the clipped box, `[2, d]`.
    """
    first = made.at(numbers, box)
    around = []
    for y, v, low, high in zip(box, first, clip[0], clip[1], strict=True):
        # the room is for how much the velocity changes on the way; whether it is enough is checked
        spare = ROOM * size.high * (v.high - v.low) + size.high * size.high
        reach = Interval(y.low + size.high * jnp.minimum(v.low, 0.0) * ROOM - spare,
                         y.high + size.high * jnp.maximum(v.high, 0.0) * ROOM + spare)  # fmt: skip
        around.append(Interval(jnp.clip(reach.low, low, high), jnp.clip(reach.high, low, high)))
    velocity, jacobian = made.over(numbers, around)
    time = Interval(jnp.zeros_like(size.high), size.high)
    proved: Any = True
    for y, b, v, low, high in zip(box, around, velocity, clip[0], clip[1], strict=True):
        reach = add(y, mul(time, v))
        proved &= (jnp.maximum(reach.low, low) >= b.low) & (jnp.minimum(reach.high, high) <= b.high)
    touches = [(b.low <= low) | (b.high >= high) for b, low, high in zip(around, clip[0], clip[1], strict=True)]
    real = [
        Interval(jnp.where(at, jnp.minimum(v.low, 0.0), v.low), jnp.where(at, jnp.maximum(v.high, 0.0), v.high))
        for at, v in zip(touches, velocity, strict=True)
    ]
    straight = made.moved(numbers, box, jacobian, size, ONE)
    half = mul(Interval(jnp.float64(0.5)), mul(size, size))
    result = []
    for y, v, at, row, own in zip(box, velocity, touches, jacobian, straight, strict=True):
        bend = mul(row[0], real[0])
        for slope, other in zip(row[1:], real[1:], strict=True):
            bend = add(bend, mul(slope, other))
        sharp, rough = add(own, mul(half, bend)), add(y, mul(size, v))
        unsure = at & (v.low < 0) & (v.high > 0)
        result.append(Interval(jnp.where(unsure, rough.low, sharp.low), jnp.where(unsure, rough.high, sharp.high)))
    return result, around, proved
