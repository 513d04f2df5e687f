"""How apples and waste come to be: by apples nearby in Harvest, by the state of the river in Cleanup."""

from dataclasses import dataclass
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.orchards.orchard_ground import Ground


class Growth(Protocol):
    """A rule of growth: a pytree of numbers."""

    def apples(self, ground: Ground, apples: jax.Array, waste: jax.Array) -> jax.Array:
        """How likely an apple grows on each free field of apples, `[A]` or one number."""

    def waste(self, ground: Ground, waste: jax.Array) -> jax.Array:
        """How likely one more field of the river gets dirty."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ByNeighbours:
    """Apples grow where apples are: of Harvest.

    Attributes:
        regrowth: the chance on a field with 0, 1, 2, … apples near it, the last for as many and more, `[k]`.
    """

    regrowth: Any

    def apples(self, ground: Ground, apples: jax.Array, waste: jax.Array) -> jax.Array:
        """By the number of apples within the radius."""
        near = apples.astype(jnp.float32) @ jnp.asarray(ground.near, jnp.float32)
        last = len(self.regrowth) - 1
        return jnp.asarray(self.regrowth, float)[jnp.minimum(near.astype(jnp.int32), last)]

    def waste(self, ground: Ground, waste: jax.Array) -> jax.Array:
        """None, as there is no river."""
        return jnp.zeros(())


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ByRiver:
    """Apples grow where the river is clean: of Cleanup.

    Attributes:
        growth: the chance of an apple on each field in a round while the river is clean.
        spread: the chance in a round that one more field of the river gets dirty.
        depletion: the share of dirty fields from which on nothing grows, and no more waste comes.
        restoration: the share up to which apples grow as by a clean river.
    """

    growth: Any
    spread: Any
    depletion: Any
    restoration: Any

    def apples(self, ground: Ground, apples: jax.Array, waste: jax.Array) -> jax.Array:
        """Falls in a straight line between both thresholds."""
        share = _share(ground, waste)
        rest = (self.depletion - share) / (self.depletion - self.restoration)
        return self.growth * jnp.where(share >= self.depletion, 0.0, jnp.minimum(rest, 1.0))

    def waste(self, ground: Ground, waste: jax.Array) -> jax.Array:
        """Nothing from the threshold on: then all is as bad as it gets."""
        return jnp.where(_share(ground, waste) >= self.depletion, 0.0, self.spread)


def _share(ground: Ground, waste: jax.Array) -> jax.Array:
    """Of dirty fields, from a table: a quotient that is rounded once meets a threshold that is the same number."""
    count = len(ground.river)
    return jnp.asarray(np.arange(count + 1) / count, float)[waste.sum(dtype=jnp.int32)]


def grown(apples: jax.Array, chances: jax.Array, free: jax.Array, drawn: jax.Array) -> jax.Array:
    """Apples after growth, `[A]`: on each free field where the drawn number is below the chance."""
    return apples | (free & (drawn < chances))


def spread(waste: jax.Array, chance: jax.Array, drawn: jax.Array) -> jax.Array:
    """Waste after it has spread, `[W]`: to one clean field at most, evenly drawn.

    Args:
        waste: of each field of the river.
        chance: that there is more of it.
        drawn: two numbers in [0, 1): whether, and to which of the clean fields, in their order.
    """
    clean = ~waste
    count = clean.sum(dtype=jnp.int32)
    which = jnp.minimum((drawn[1] * count).astype(jnp.int32), count - 1)
    here = clean & (jnp.cumsum(clean, dtype=jnp.int32) - 1 == which)
    return waste | (here & (drawn[0] < chance))
