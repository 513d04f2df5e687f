"""Which row of a table an observation belongs to: by its number, flags, known views, bins, or a function."""

import math
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np


class Numbered(eqx.Module):
    """Of a whole number the row of this number.

    Attributes:
        count: how many rows there are, as of all of these.
    """

    count: int = eqx.field(static=True)

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The number of the row, int32."""
        return jnp.asarray(observation, jnp.int32)


class Flagged(eqx.Module):
    """Of flags of which one is up the row of the first of the largest entries.

    Attributes:
        count: how many flags there are.
    """

    count: int = eqx.field(static=True)

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The number of the row, int32."""
        return jnp.argmax(jnp.ravel(observation)).astype(jnp.int32)


class Viewed(eqx.Module):
    """Of one of finitely many known arrays the row of this array.

    Attributes:
        bits: of the arrays in single precision, `[rows, entries]`, whole numbers, since they are not learnt.
    """

    bits: Any

    @property
    def count(self) -> int:
        """How many different arrays there are."""
        return int(np.shape(self.bits)[0])

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The number of the row, int32."""
        known = jax.lax.bitcast_convert_type(jnp.asarray(self.bits), jnp.float32)
        same = jnp.all(known == jnp.ravel(observation).astype(jnp.float32), axis=-1)
        return jnp.argmax(same).astype(jnp.int32)


class Binned(eqx.Module):
    """Of an array the box it lies in: the bin of every coordinate, the last coordinate counting fastest.

    Attributes:
        edges: of every coordinate, rising; a value on an edge belongs to the bin above it.
    """

    edges: tuple[tuple[float, ...], ...] = eqx.field(static=True)

    @property
    def count(self) -> int:
        """How many boxes there are."""
        return math.prod(len(own) + 1 for own in self.edges)

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The number of the row, int32."""
        values, row = jnp.ravel(observation), jnp.int32(0)
        for value, own in zip(values, self.edges, strict=True):
            place = sum(((value >= edge).astype(jnp.int32) for edge in own), start=jnp.int32(0))
            row = row * (len(own) + 1) + place
        return row


class Mapped(eqx.Module):
    """Of anything the row that a function says.

    Attributes:
        function: from what is seen to a whole number.
        count: how many rows there are.
    """

    function: Callable[[jax.Array], jax.Array] = eqx.field(static=True)
    count: int = eqx.field(static=True)

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The number of the row, int32, the nearest one that there is."""
        return jnp.clip(self.function(observation), 0, self.count - 1).astype(jnp.int32)
