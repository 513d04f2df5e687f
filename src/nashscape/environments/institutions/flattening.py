"""What is seen as one flat array, so that more can be added to it."""

import jax
import numpy as np
import numpy.typing as npt

from nashscape.environments.spaces import Space, is_discrete

Floats = npt.NDArray[np.float64]


def flat(seen: jax.Array, space: Space) -> jax.Array:
    """An observation as a flat array; a whole number as flags."""
    if is_discrete(space):
        return jax.nn.one_hot(seen, space.n)  # type: ignore[union-attr]
    return seen.ravel()


def bounds_of_flat(space: Space, more: int, low: float = -np.inf, high: float = np.inf) -> tuple[Floats, Floats]:
    """The bounds of a flat observation, and of so many numbers more."""
    inside = (np.zeros(space.n), np.ones(space.n)) if is_discrete(space) else space.bounds  # type: ignore[union-attr]
    return np.append(inside[0], np.full(more, low)), np.append(inside[1], np.full(more, high))
