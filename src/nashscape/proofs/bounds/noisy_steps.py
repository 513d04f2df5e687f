"""One sampled update on whole boxes of parameters, for all runs whose summed noise is small.

A run of sampled updates is `θ_{k+1} = clip(θ_k + h_k F(θ_k) + h_k ζ_k)` with F the exact field. With the summed noise
`N_k = Σ_{t<k} h_t ζ_t` and `y_k = θ_k − N_k`,

    y_{k+1} = y_k + h_k F(y_k + N_k) + what clipping adds.

So noise does not add up step by step in y; only its sum enters. Let `|N_k^i| ≤ r_k^i`, and let Y hold y_k. The map
`Φ_i(y, n) = y_i + h F_i(y + n)` over `Y × [−r, r]` is bounded as in `nashscape.proofs.bounds.step_enclosures`, in twice
as many coordinates: where a derivative keeps one sign over the box, an end is taken, and otherwise the middle and the
mean value theorem. The derivatives are those of F over `Y + [−r, r]`.

Clipping to [a, b]. With `r′ = r_{k+1}`: a coordinate that is clipped from above has `θ = b`, so `y = b − N ≥ b − r′`,
and y is not more than the bound for Φ; one that is not clipped has `θ ≤ b`, so `y ≤ b + r′`. Likewise from below. So
the new box is

    [clip(low Φ, a − r′, b − r′), clip(high Φ, a + r′, b + r′)].
"""

from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp

from nashscape.proofs.bounds.sigmoid_bounds import Bounds
from nashscape.tracing.intervals import BOUNDS, Interval, down, up

add, mul = BOUNDS["add"], BOUNDS["mul"]


@dataclass(frozen=True)
class NoisyStep:
    """Bounds of the exact field and its Jacobian over boxes, from the numbers of game and rule and from parameters."""

    dimension: int
    values: Bounds
    slopes: Bounds

    def moved(self, numbers: list[Interval], low: Any, high: Any, size: Interval, noise: Any) -> tuple[Any, Any]:
        """Bounds of Φ over boxes from `low` to `high` with noise up to `noise`, all `[d, W]`."""
        d, width = self.dimension, low.shape[1]
        wide = [Interval(down(low[j] - noise[j]), up(high[j] + noise[j])) for j in range(d)]
        slopes = self.slopes([*numbers, *wide])[d:]
        middle = (low + high) / 2
        half = up(jnp.maximum(high - middle, middle - low))
        ends: list[tuple[Any, Any]] = []
        spreads = []
        for i in range(d):
            along_noise = [mul(size, slopes[i * d + j]) for j in range(d)]
            along_y = [add(Interval(1.0), own) if i == j else own for j, own in enumerate(along_noise)]
            y = [_ends(own, low[j], middle[j], high[j], half[j]) for j, own in enumerate(along_y)]
            n = [_ends(own, -noise[j], 0.0 * noise[j], noise[j], noise[j]) for j, own in enumerate(along_noise)]
            ends += [tuple(jnp.stack([own[side] for own in part]) for part in (y, n)) for side in (0, 1)]  # type: ignore[misc]
            spreads.append(_sum([own[2] for own in (*y, *n)]))
        # all points side by side: one evaluation of the field
        points, shifts = (jnp.concatenate(part, axis=1) for part in zip(*ends, strict=True))
        theta = [add(Interval(points[j]), Interval(shifts[j])) for j in range(d)]
        field = self.values([*numbers, *theta])
        bottoms, tops = [], []
        for i, spread in enumerate(spreads):
            total = add(Interval(points[i]), mul(size, field[i]))
            first, second = 2 * i * width, (2 * i + 1) * width
            bottoms.append(down(jnp.broadcast_to(total.low, (2 * d * width,))[first:second] - spread))
            tops.append(up(jnp.broadcast_to(total.high, (2 * d * width,))[second : second + width] + spread))
        return jnp.stack(bottoms), jnp.stack(tops)


def _ends(slope: Interval, low: Any, middle: Any, high: Any, half: Any) -> tuple[Any, Any, Any]:
    """Where one coordinate makes Φ least and largest, and what to allow for where that is not known."""
    rises, falls = slope.low >= 0, slope.high <= 0
    least = jnp.where(rises, low, jnp.where(falls, high, middle))
    most = jnp.where(rises, high, jnp.where(falls, low, middle))
    steepest = jnp.maximum(jnp.abs(slope.low), jnp.abs(slope.high))
    return least, most, jnp.where(rises | falls, 0.0, up(steepest * half))


def _sum(values: list[Any]) -> Any:
    total: Any = 0.0
    for value in values:
        total = up(total + value)
    return total


def clipped(low: Any, high: Any, noise: Any, bottom: Any, top: Any) -> tuple[Any, Any]:
    """The box after clipping parameters to [bottom, top], where `noise` bounds the sum that includes this step's."""
    return (
        jnp.clip(low, down(bottom - noise), down(top - noise)),
        jnp.clip(high, up(bottom + noise), up(top + noise)),
    )


def held(low: Any, high: Any, noise: Any, bottom: Any, top: Any) -> tuple[Any, Any]:
    """The boxes that hold the parameters themselves."""
    return jnp.maximum(down(low - noise), bottom), jnp.minimum(up(high + noise), top)
