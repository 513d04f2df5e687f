"""Whether points lie in a set, and what it takes to draw one."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-9
"""By how much a point may miss a set, as a share of the size of its numbers, and still count as in it."""


def numbers(region: Any) -> int:
    """How many uniform numbers it takes to draw one point."""
    parts = getattr(region, "parts", None)
    return region.size + 1 if parts is None else sum(map(numbers, parts))


def misses(region: Any, points: npt.ArrayLike) -> Floats:
    """By how much points `[N, d]` are outside a set: how far the nearest of it is, in the largest coordinate, `[N]`.

    >>> from nashscape.games import simplex_set
    >>> misses(simplex_set(2), [[0.5, 0.5], [1.0, 1.0]]).tolist()
    [0.0, 0.5]
    """
    given = np.asarray(points, dtype=np.float64)
    with jax.enable_x64(True):
        nearest = np.asarray(_projected(region, jnp.asarray(given)))
    return np.asarray(np.abs(nearest - given).max(axis=1, initial=0.0))


@jax.jit
def _projected(region: Any, points: jax.Array) -> jax.Array:
    return jax.vmap(region.project)(points)


def is_in(region: Any, point: npt.ArrayLike) -> bool:
    """Whether a point lies in a set, but for rounding."""
    given = np.asarray(point, dtype=np.float64)
    if given.shape != (region.size,):
        return False
    return float(misses(region, given[None])[0]) <= ROUNDING * (1.0 + float(np.abs(given).max(initial=0.0)))
