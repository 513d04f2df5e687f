"""Eigenvalues of one update, of parameters alone or with what the rule and an optimiser remember."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree

from nashscape.dynamics.endings.mean_fields import Moment, oracle_at, remembered
from nashscape.dynamics.pushes import first_memory, pushed
from nashscape.dynamics.setup import Setup

Floats = npt.NDArray[np.float64]

MOST = 500
"""Numbers of parameters and memory together beyond which no eigenvalues are asked for."""


def remembers(setup: Setup) -> bool:
    """Whether the rule or an optimiser has a memory."""
    return bool(jax.tree.leaves(_kept(setup, jax.ShapeDtypeStruct((setup.game.dimension,), np.float32))))


def _kept(setup: Setup, theta: Any) -> Any:
    """Shapes of what is remembered."""
    return jax.eval_shape(lambda own, place: first_memory(own.rule, own.optimiser, place), setup, theta)


def radii(matrices: Floats) -> Floats:
    """The largest modulus of an eigenvalue of each of n matrices `[n, d, d]`; infinite where it is not finite."""
    found = np.full(len(matrices), np.inf)
    finite = np.isfinite(matrices).all(axis=(1, 2))
    if finite.any():
        found[finite] = np.abs(np.linalg.eigvals(matrices[finite])).max(axis=1)
    return found


def radius_with_memory(setup: Setup, moment: Moment, theta: Floats, free: Floats) -> float:
    """The largest modulus of an eigenvalue of one update of parameters `[d]` and memory together.

    Infinite where they are more than `MOST` numbers. Parameters that a bound holds (`free` zero) do not move.
    """
    with jax.enable_x64(True):
        place = jnp.asarray(theta)
        kept = jax.tree.leaves(_kept(setup, place))
        if sum(leaf.size for leaf in kept) + place.size > MOST:
            return float("inf")
        matrix = np.asarray(update_matrix(setup, moment, place, jnp.asarray(free)))
    return float(radii(matrix[None])[0])


# compiled with place and moment as arguments: one program for all places of all runs of a rule
@jax.jit
def update_matrix(setup: Setup, moment: Moment, place: jax.Array, free: jax.Array) -> jax.Array:
    """The Jacobian of one update of parameters and memory, once nothing but this place is remembered."""
    memory, back = ravel_pytree(remembered(setup, moment, place))

    def update(joint: jax.Array) -> jax.Array:
        here, kept = joint[: place.size], back(joint[place.size :])
        _, push, after = pushed(setup.rule, setup.optimiser, oracle_at(setup, moment, here), kept, moment.step)
        return jnp.concatenate([here + moment.size * free * push, ravel_pytree(after)[0]])

    return jax.jacfwd(update)(jnp.concatenate([place, memory]))
