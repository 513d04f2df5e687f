"""What the players of an orchard see: a window that turns with them."""

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.orchards.orchard_ground import Ground

PLANES = ("wall", "apple", "player", "river", "waste")
"""What the planes of a window show, the last two of Cleanup alone."""
WALL, APPLE, PLAYER, RIVER, WASTE = (1 << k for k in range(len(PLANES)))


def planes(ground: Ground) -> int:
    """How many planes a window has."""
    return len(PLANES) if len(ground.river) else PLANES.index("river")


def windows(ground: Ground, cells: jax.Array, looks: jax.Array, apples: jax.Array, waste: jax.Array) -> jax.Array:
    """Zeros and ones, `[n, planes, view, view]`; a player is in the middle and looks up. Who is out sees nothing."""
    still = np.where(ground.walls, WALL, np.where(ground.water, RIVER, 0)).astype(np.uint8)
    shown = jnp.asarray(still).at[ground.apples].add(apples * np.uint8(APPLE), unique_indices=True)
    if len(ground.river):
        shown = shown.at[ground.river].add(waste * np.uint8(WASTE), unique_indices=True)
    shown = shown.at[cells].set(shown[cells] | PLAYER)
    seen = shown[cells[:, None, None] + jnp.asarray(ground.window)[looks]]
    bits = np.array([1 << k for k in range(planes(ground))], np.uint8)[:, None, None]
    there = (seen[:, None] & bits) != 0
    return (there & (cells < ground.size)[:, None, None, None]).astype(float)
