"""How the weights of layers are drawn: matrices with orthogonal rows or columns, or independent entries."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

WAYS = ("orthogonal", "lecun")

EXACT = lax.Precision.HIGHEST

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Drawing:
    """How weights are drawn, in single precision whatever that of a run, so that a key has the same ones in both.

    "orthogonal" draws a matrix uniformly among those with orthonormal rows or columns, times a gain: of hidden layers
    √2, of the last one `last`. √2 keeps the size of what passes through rectified units; with tanh 5/3 would keep it,
    but √2 is what published results of policy gradients stand on, whatever the activation. "lecun" draws entries
    from `N(0, 1/m)` with m inputs, in all layers.

    Attributes:
        way: "orthogonal" or "lecun".
        last: gain of the last layer.

    Source: Saxe, McClelland and Ganguli 2014; for the gains Huang et al. 2022, "The 37 implementation details of
    proximal policy optimization", detail 2.
    """

    way: str
    last: float

    def layer(self, key: jax.Array, shape: Shape, last: bool) -> jax.Array:
        """Weights of a layer, `[outputs, inputs]`."""
        if self.way == "lecun":
            return jax.random.normal(key, shape, "float32") / np.sqrt(shape[1])
        return np.float32(self.last if last else np.sqrt(2)) * orthogonal(key, shape)

    def gate(self, key: jax.Array, shape: Shape) -> jax.Array:
        """Weights of a gate, `[units, inputs]`: of gain one, so that what is remembered keeps its size."""
        return self.layer(key, shape, last=False) if self.way == "lecun" else orthogonal(key, shape)


def orthogonal(key: jax.Array, shape: Shape) -> jax.Array:
    """A matrix with orthonormal rows, or columns where these are fewer, uniformly distributed among them.

    Columns of normal entries, each made orthogonal to those before it, twice, since once leaves rounding errors. Not by
    `jax.numpy.linalg.qr`: on a CPU two batches of factorisations at a time can wait for each other for ever (jaxlib
    0.10), as those of many runs' layers would.

    >>> made = orthogonal(jax.random.key(0), (2, 3))
    >>> jnp.abs(made @ made.T - jnp.eye(2)).max().item() < 1e-6
    True

    Source: Mezzadri 2007, section 5: the factor Q of which R has a positive diagonal.
    """
    count = min(shape)
    drawn = jax.random.normal(key, (count, max(shape)), "float32")

    def add(k: jax.Array, rows: jax.Array) -> jax.Array:
        row = drawn[k]
        for _ in range(2):
            row = row - jnp.matmul(jnp.matmul(rows, row, precision=EXACT), rows, precision=EXACT)
        return rows.at[k].set(row / jnp.linalg.norm(row))

    made = lax.fori_loop(0, count, add, jnp.zeros_like(drawn))
    return made if shape[0] == count else made.T
