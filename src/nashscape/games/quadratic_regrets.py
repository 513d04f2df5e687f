"""What a player can gain at most where payoffs are quadratic: closed forms, with and without bounds."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

Floats = npt.NDArray[np.float64]
ROUNDING = 64.0
"""A slope below so many units of rounding of what it is summed from counts as zero."""

NOTHING = 1e-12
"""A curvature below this share of the largest counts as zero."""


def own_curvature(hessian: Floats) -> dict[str, Any]:
    """What `quadratic_regrets` needs to know of `H = ∂²u_i/∂x_i²`, of shape [d_i, d_i].

    A diagonal one is kept as "curvature", its diagonal. Any other is kept as the "inverse" of −H over the directions
    in which it bends down, the projector "flat" on those in which it does not bend, and whether it is "convex", that
    is bends up in some direction.
    """
    diagonal = np.diag(hessian)
    if np.array_equal(hessian, np.diag(diagonal)):
        return {"curvature": diagonal}
    bends, directions = np.linalg.eigh(-hessian)
    least = NOTHING * np.abs(bends).max()
    down, none = directions[:, bends > least], directions[:, np.abs(bends) <= least]
    return {
        "inverse": (down / bends[bends > least]) @ down.T,
        "flat": none @ none.T,
        "convex": np.asarray(float((bends < -least).any())),
    }


def quadratic_regrets(points: Sequence[jax.Array], coefficients: Mapping[str, Any]) -> jax.Array:
    """`max_y u_i(y, x_-i) − u_i(x)` over the bounds of `y`, for `u_i = ½ xᵀQ_i x + r_iᵀx`, shape [n].

    With the own gradient g and `H = (Q_i)_ii`: `½ gᵀ(−H)⁻¹g` where H is negative definite and the best point within
    bounds; infinite where a gain has no bound; coordinate by coordinate where H is diagonal, with bounds. NaN where
    H is not diagonal and the best point is not known to lie within the bounds, unless no coordinate of a concave
    payoff can be moved to gain: then zero.
    """
    x = jnp.concatenate(points)
    eps = float(np.finfo(x.dtype).eps)
    matrices, linear = coefficients["matrices"], coefficients["linear"]
    slopes = jnp.einsum("ikl,l->ik", matrices, x, precision=lax.Precision.HIGHEST) + linear
    summed = jnp.einsum("ikl,l->ik", jnp.abs(matrices), jnp.abs(x), precision=lax.Precision.HIGHEST)
    dust = ROUNDING * eps * (summed + jnp.abs(linear))
    regrets, first = [], 0
    for i, (point, own) in enumerate(zip(points, coefficients["own"], strict=True)):
        part = slice(first, first + point.size)
        first += point.size
        down, up = (end[part] - point for end in coefficients["bounds"])
        gain = _separable if "curvature" in own else _coupled
        regrets.append(gain(own, slopes[i, part], dust[i, part], down, up))
    return jnp.stack(regrets)


def _separable(own: Mapping[str, Any], slope: Any, dust: Any, down: Any, up: Any) -> jax.Array:
    """Every coordinate on its own: `max g t + ½ h t²` over `down ≤ t ≤ up`."""
    h = jnp.asarray(own["curvature"])
    best = jnp.clip(slope / -jnp.minimum(h, 0.0), down, up)  # used where h < 0 only
    concave = best * (slope + 0.5 * h * best)
    rising, falling = slope > dust, slope < -dust
    flat = jnp.where(rising, jnp.where(rising, slope, 1.0) * jnp.where(rising, up, 0.0), 0.0)
    flat = jnp.where(falling, jnp.where(falling, slope, 1.0) * jnp.where(falling, down, 0.0), flat)
    convex = jnp.maximum(down * (slope + 0.5 * h * down), up * (slope + 0.5 * h * up))
    gains = jnp.where(h < 0, concave, jnp.where(h > 0, convex, flat))
    return jnp.sum(jnp.maximum(gains, 0.0))


def _coupled(own: Mapping[str, Any], slope: Any, dust: Any, down: Any, up: Any) -> jax.Array:
    def times(matrix: Any, vector: Any) -> jax.Array:
        return jnp.einsum("kl,l->k", matrix, vector, precision=lax.Precision.HIGHEST)

    convex = jnp.asarray(own["convex"]) > 0
    best = times(own["inverse"], slope)
    endless = convex | jnp.any(jnp.abs(times(own["flat"], slope)) > jnp.sum(dust))
    anywhere = jnp.all((down == -jnp.inf) & (up == jnp.inf))
    within = jnp.all((best >= down) & (best <= up))
    stuck = jnp.all(((slope <= dust) | (up <= 0)) & ((slope >= -dust) | (down >= 0)))
    known = jnp.where(~endless & within, 0.5 * jnp.sum(slope * best), jnp.where(endless & anywhere, jnp.inf, jnp.nan))
    return jnp.where(stuck & ~convex, 0.0, known)
