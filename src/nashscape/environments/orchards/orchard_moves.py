"""How the players of an orchard move, and whom and what their beams reach."""

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.orchards.orchard_ground import CLEAN, FIRE, TURNS, Ground


def moved(
    ground: Ground, cells: jax.Array, looks: jax.Array, actions: jax.Array, earlier: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Where all are and look after they have moved at once.

    Nobody walks into a wall. Of those who want one field the first in the order of the round may have it. Nobody goes
    where somebody stays, and no two change places; whoever follows somebody who leaves goes along, also in a ring.

    Args:
        ground: with n players.
        cells: where they are, `[n]`.
        looks: where they look, `[n]`.
        actions: what they do, `[n]`.
        earlier: whether i is before j in the order of the round, `[n, n]`.
    """
    wished = cells + jnp.asarray(ground.steps)[looks, actions]
    goes = (wished != cells) & ~jnp.asarray(ground.walls)[wished]
    same = wished[:, None] == wished[None]
    beaten = (same & goes & earlier.T).any(axis=1)
    occupied = (wished[:, None] == cells[None]) & ~np.eye(ground.players, dtype=bool)
    goes = goes & ~beaten & ~(occupied & occupied.T).any(axis=1)
    for _ in range(ground.players - 1):  # who cannot go holds up who follows
        goes = goes & ~(occupied & ~goes).any(axis=1)
    turns = jnp.where(cells < ground.size, jnp.asarray(TURNS)[actions], 0)
    return jnp.where(goes, wished, cells), (looks + turns) % 4


def struck(ground: Ground, cells: jax.Array, looks: jax.Array, actions: jax.Array) -> jax.Array:
    """Whom each player's beam hits, `[n, n]`: a line of it ends at a wall and at the first player on it."""
    reach = _reach(ground, cells, looks)
    there = reach[..., None] == cells
    open_ = _open(jnp.asarray(ground.walls)[reach], there.any(axis=-1))
    return (there & open_[..., None]).any(axis=(1, 2)) & _uses(ground, cells, actions, FIRE)[:, None]


def cleaned(
    ground: Ground, cells: jax.Array, looks: jax.Array, actions: jax.Array, waste: jax.Array, earlier: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The waste that is left, `[W]`, and how much of it each player has cleaned away, `[n]`.

    A line of the beam ends at a wall, at the first player on it and at the first waste, which it cleans away, also
    under that player. What two reach at once counts for the first in the order of the round.
    """
    reach = _reach(ground, cells, looks)
    number = jnp.asarray(ground.river_number)[reach]
    dirty = jnp.append(waste, False)[number]
    people = (reach[..., None] == cells).any(axis=-1)
    got = dirty & _open(jnp.asarray(ground.walls)[reach], people | dirty)
    got = got & _uses(ground, cells, actions, CLEAN)[:, None, None]
    found = jnp.where(got, number, len(ground.river)).min(axis=-1)
    hit = (found[:, :, None] == jnp.arange(len(ground.river))).any(axis=1)
    mine = hit & ~(hit[None] & earlier.T[:, :, None]).any(axis=1)
    return waste & ~hit.any(axis=0), mine.sum(axis=1, dtype=jnp.int32)


def _reach(ground: Ground, cells: jax.Array, looks: jax.Array) -> jax.Array:
    """The fields that beams lie over, `[n, width, length]`."""
    return cells[:, None, None] + jnp.asarray(ground.beam)[looks]


def _open(walls: jax.Array, ends: jax.Array) -> jax.Array:
    """Which fields of a line are reached: no wall is, and nothing behind a wall or what else ends the line."""
    stops = walls | ends
    return (jnp.cumsum(stops, axis=-1) - stops == 0) & ~walls


def _uses(ground: Ground, cells: jax.Array, actions: jax.Array, beam: int) -> jax.Array:
    return (actions == beam) & (cells < ground.size)
