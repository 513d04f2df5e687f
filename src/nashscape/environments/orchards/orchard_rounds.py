"""A round of an orchard: first what players do, then what grows, then who comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.environments.orchards.orchard_ground import FIRE, Ground
from nashscape.environments.orchards.orchard_growth import Growth, grown, spread
from nashscape.environments.orchards.orchard_moves import cleaned, moved, struck


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Grove:
    """Where everything is.

    Attributes:
        cells: the field on which each player is, `[n]`; of who is out, nowhere.
        looks: where each looks, `[n]`: 0 up, 1 right, 2 down, 3 left.
        out: rounds for which each is still out, `[n]`.
        apples: whether there is one on each of the apples' fields, `[A]`.
        waste: whether there is some on each field of the river, `[W]`.
        played: rounds that were played.
    """

    cells: jax.Array
    looks: jax.Array
    out: jax.Array
    apples: jax.Array
    waste: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Drawn:
    """The random numbers of a round, each evenly drawn from [0, 1).

    Attributes:
        order: by which players are in order, the lowest first, `[n]`.
        apples: below whose chance an apple grows, `[A]`.
        waste: whether waste appears, and where, `[2]`.
        back: where who was out comes back, `[n]`.
    """

    order: jax.Array
    apples: jax.Array
    waste: jax.Array
    back: jax.Array


def drawn(ground: Ground, key: jax.Array) -> Drawn:
    """The random numbers of a round."""
    n, fields = ground.players, len(ground.apples)
    numbers = jax.random.uniform(key, (2 * n + fields + 2,), float)
    return Drawn(numbers[:n], numbers[2 * n + 2 :], numbers[2 * n : 2 * n + 2], numbers[n : 2 * n])


def order_of(numbers: jax.Array) -> jax.Array:
    """Whether i is before j, `[n, n]`; of equal numbers the first one is."""
    one, other = numbers[:, None], numbers[None]
    return (one < other) | ((one == other) & jnp.tri(len(numbers), k=-1, dtype=bool).T)


def acted(
    ground: Ground, state: Grove, actions: jax.Array, earlier: jax.Array
) -> tuple[Grove, Mapping[str, jax.Array]]:
    """What players do: they move, take apples where they stand, and then all beams go off at once.

    Returns:
        The state before anything grows, and what each did and suffered, `[n]`: apples taken, whether it fired, by how
        many beams it was hit, and waste cleaned away.
    """
    cells, looks = moved(ground, state.cells, state.looks, actions, earlier)
    taken = _stands(ground, cells) & state.apples
    hits = struck(ground, cells, looks, actions)
    told = {
        "taken": taken.sum(axis=1, dtype=jnp.int32),
        "fired": (actions == FIRE) & (cells < ground.size),
        "hit": hits.sum(axis=0, dtype=jnp.int32),
    }
    waste = state.waste
    if len(ground.river):
        waste, told["cleaned"] = cleaned(ground, cells, looks, actions, waste, earlier)
    return replace(state, cells=cells, looks=looks, apples=state.apples & ~taken.any(axis=0), waste=waste), told


def after_growth(ground: Ground, growth: Growth, state: Grove, numbers: Drawn) -> Grove:
    """What grows: apples where nobody stands, and waste, by how things stand before either does."""
    chances = growth.apples(ground, state.apples, state.waste)
    apples = grown(state.apples, chances, free_fields(ground, state), numbers.apples)
    if not len(ground.river):
        return replace(state, apples=apples)
    return replace(state, apples=apples, waste=spread(state.waste, growth.waste(ground, state.waste), numbers.waste))


def free_fields(ground: Ground, state: Grove) -> jax.Array:
    """On which fields an apple may grow: where there is none, and nobody."""
    return ~(state.apples | _stands(ground, state.cells).any(axis=0))


def sent_out(ground: Ground, state: Grove, hit: jax.Array, rounds: int) -> Grove:
    """Who was hit goes out for so many rounds."""
    out = jnp.where(hit, rounds, jnp.maximum(state.out - 1, 0))
    return replace(state, out=out, cells=jnp.where(hit, ground.size, state.cells))


def brought_back(ground: Ground, state: Grove, numbers: Drawn) -> Grove:
    """Who is not out any more comes back, one after the other, where players start and nobody stands, if anywhere."""
    starts = jnp.asarray(ground.starts)

    def one(i: jax.Array, cells: jax.Array) -> jax.Array:
        free = ~(starts[:, None] == cells).any(axis=1)
        count = free.sum(dtype=jnp.int32)
        which = jnp.minimum((numbers.back[i] * count).astype(jnp.int32), count - 1)
        there = starts[(free & (jnp.cumsum(free, dtype=jnp.int32) - 1 == which)).argmax()]
        comes = (cells[i] == ground.size) & (state.out[i] == 0) & (count > 0)
        return cells.at[i].set(jnp.where(comes, there, cells[i]))

    return replace(state, cells=lax.fori_loop(0, ground.players, one, state.cells))


def _stands(ground: Ground, cells: jax.Array) -> jax.Array:
    """Whether each player stands on each of the apples' fields, `[n, A]`."""
    return cells[:, None] == jnp.asarray(ground.apples)
