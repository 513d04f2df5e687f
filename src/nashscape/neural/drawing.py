"""How the weights of layers are drawn: matrices with orthogonal rows or columns, or independent entries."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

WAYS = ("orthogonal", "lecun")

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

    >>> made = orthogonal(jax.random.key(0), (2, 3))
    >>> (made @ made.T).round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0]]

    Source: Mezzadri 2007, section 5: the factor Q of normal entries, with the signs of R's diagonal.
    """
    tall = max(shape), min(shape)
    q, r = jnp.linalg.qr(jax.random.normal(key, tall, "float32"))
    made = q * jnp.where(jnp.diagonal(r) < 0, -1.0, 1.0).astype(q.dtype)
    return made if shape[0] >= shape[1] else made.T
