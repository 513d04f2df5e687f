"""Ready networks: perceptrons of the parameters of all players."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import choice, positive_integer
from nashscape.core.calls import public
from nashscape.semantics.network_logits import counts_of, players_of

POOLINGS = ("mean", "each")


class Reader(eqx.Module):
    """Logits `direct @ θ_i + perceptron(θ_i, θ_{-i})`, the perceptron with tanh. Made by `read_all`.

    Through `direct` a player's own parameters have no bounded effect, so that strategies near pure ones can be played.

    Attributes:
        direct: `[e_i, d_i]`.
        layers: the perceptron.
        pooling: "mean" reads the mean of the others, "each" reads one after another.
    """

    direct: jax.Array
    layers: eqx.nn.MLP
    pooling: str = eqx.field(static=True)

    def __call__(self, own: jax.Array, others: jax.Array) -> jax.Array:
        """The logits."""
        read = jnp.mean(others, axis=0) if self.pooling == "mean" else jnp.ravel(others)
        return self.direct @ own + self.layers(jnp.concatenate([own, read]))


@public()
def read_all(
    shape: Sequence[int],
    sizes: int | Sequence[int] | None = None,
    *,
    form: str | Sequence[str] | None = None,
    pooling: str = "mean",
    width: int = 8,
    depth: int = 1,
    seed: int = 0,
) -> Reader | tuple[Reader, ...]:
    """Random networks for `networked`: `z_i = direct @ θ_i + perceptron(θ_i, θ_{-i})`, direct the identity at first.

    Args:
        shape: action counts `(a_1, …, a_n)`.
        sizes: as in `networked`.
        form: as in `networked`.
        pooling: "mean" reads the mean of the others, so that their order plays no part; "each" reads all of them.
        width: units of every hidden layer.
        depth: number of hidden layers.
        seed: of the random weights, which are single precision in every run.

    Returns:
        One network for all players where they have the same numbers of parameters and logits; otherwise one each.

    Raises:
        InputError: for sizes or names that do not fit.

    Example:
        >>> reader = read_all((2, 2))
        >>> reader(jnp.zeros(1), jnp.ones((1, 1))).shape
        (1,)
    """
    inner = players_of(shape, form)
    counts, kind = counts_of(sizes, inner.sizes), choice(pooling, "pooling", POOLINGS)
    width, depth = positive_integer(width, "width"), positive_integer(depth, "depth", at_least=0)
    rows = 1 if kind == "mean" else len(counts) - 1
    seed = positive_integer(seed, "seed", at_least=0)
    made = []
    for i, (own, out) in enumerate(zip(counts, inner.sizes, strict=True)):
        layers = perceptron(own + rows * max(counts), out, width, depth, (seed, i))
        made.append(Reader(jnp.asarray(np.eye(out, own, dtype=np.float32)), layers, kind))
    same = len(set(counts)) == 1 and len(set(inner.sizes)) == 1
    return made[0] if same else tuple(made)


def perceptron(inputs: int, outputs: int, width: int, depth: int, seed: Sequence[int]) -> eqx.nn.MLP:
    """A perceptron with tanh and random weights, uniform within one over the root of the length of their last axis.

    They are drawn by NumPy: the same seed gives the same network, whatever the version of JAX.
    """
    random = np.random.default_rng(list(seed))

    def drawn(leaf: Any) -> Any:
        if not isinstance(leaf, jax.ShapeDtypeStruct):
            return leaf
        bound = 1.0 / np.sqrt(leaf.shape[-1])
        return jnp.asarray(random.uniform(-bound, bound, leaf.shape).astype(np.float32))

    empty = eqx.filter_eval_shape(eqx.nn.MLP, inputs, outputs, width, depth, jnp.tanh, key=jax.random.key(0))
    made: eqx.nn.MLP = jax.tree.map(drawn, empty)
    return made
