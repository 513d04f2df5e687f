"""Layers of units, with and without memory, as Equinox modules of one observation of one player."""

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from nashscape.neural.drawing import Drawing

ACTIVATIONS: Mapping[str, Callable[[jax.Array], jax.Array]] = MappingProxyType(
    {"tanh": jnp.tanh, "relu": jax.nn.relu, "silu": jax.nn.silu, "gelu": jax.nn.gelu}
)
"""What a hidden unit makes of its input, by name."""


class Sight(eqx.Module):
    """How an observation becomes a vector of numbers: of finitely many values one flag each, of arrays the entries.

    Attributes:
        size: how many numbers.
        values: whether the observation is a whole number.
    """

    size: int = eqx.field(static=True)
    values: bool = eqx.field(static=True)

    def __call__(self, observation: jax.Array, dtype: Any) -> jax.Array:
        """`[size]`."""
        if self.values:
            return jax.nn.one_hot(observation, self.size, dtype=dtype)
        return jnp.ravel(observation).astype(dtype)


class Layers(eqx.Module):
    """`W_k a(… a(W_1 x + b_1) …) + b_k`, the activation a after all layers but the last.

    Attributes:
        weights: of every layer, `[outputs, inputs]`.
        biases: of every layer, `[outputs]`.
        sight: how an observation becomes x.
        activation: a, by name.
        drawing: how weights are drawn.
    """

    weights: tuple[Any, ...]
    biases: tuple[Any, ...]
    sight: Sight
    activation: str = eqx.field(static=True)
    drawing: Drawing = eqx.field(static=True)

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The numbers, `[outputs]` of the last layer."""
        value = self.sight(observation, self.biases[0].dtype)
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            value = weight @ (value if k == 0 else ACTIVATIONS[self.activation](value)) + bias
        return value

    def drawn(self, key: jax.Array) -> "Layers":
        """The same with random weights, and biases of zero."""
        keys, last = jax.random.split(key, len(self.weights)), len(self.weights) - 1
        weights = tuple(
            self.drawing.layer(own, weight.shape, last=k == last)
            for k, (own, weight) in enumerate(zip(keys, self.weights, strict=True))
        )
        return eqx.tree_at(lambda own: own.weights, self, weights)


class Gated(eqx.Module):
    """A gated recurrent unit (GRU) and a layer upon what it remembers: `h' = GRU(x, h)`, numbers `W h' + b`.

    Attributes:
        cell: the unit, of Equinox.
        last: W and b, as layers of one.
        sight: how an observation becomes x.
        drawing: how weights are drawn.
    """

    cell: eqx.nn.GRUCell
    last: Layers
    sight: Sight
    drawing: Drawing = eqx.field(static=True)

    def memory(self) -> jax.Array:
        """h before the first round of an episode: zeros."""
        return jnp.zeros(self.cell.hidden_size)

    def __call__(self, observation: jax.Array, memory: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The numbers, and what is remembered."""
        memory = self.cell(self.sight(observation, memory.dtype), memory)
        return self.last(memory), memory

    def drawn(self, key: jax.Array) -> "Gated":
        """The same with random weights: those of every gate by themselves; biases are zero."""
        first, second, third = jax.random.split(key, 3)
        gates = [
            jnp.concatenate(
                [self.drawing.gate(one, (own.shape[0] // 3, own.shape[1])) for one in jax.random.split(k, 3)]
            )
            for k, own in ((first, self.cell.weight_ih), (second, self.cell.weight_hh))
        ]
        cell = eqx.tree_at(lambda own: (own.weight_ih, own.weight_hh), self.cell, tuple(gates))
        return eqx.tree_at(lambda own: (own.cell, own.last), self, (cell, self.last.drawn(third)))


class Spread(eqx.Module):
    """Means from a network and logarithms of standard deviations that are parameters of their own.

    Attributes:
        network: of the means, `[d]`.
        spread: the logarithms, `[d]`.
    """

    network: Any
    spread: Any

    @property
    def memory(self) -> Any:
        """That of the network, where it remembers."""
        return self.network.memory

    def __call__(self, observation: jax.Array, *memory: Any) -> Any:
        """Means and logarithms, `[2d]`, and what the network remembers."""
        made = self.network(observation, *memory)
        if memory:
            return jnp.concatenate([made[0], self.spread]), made[1]
        return jnp.concatenate([made, self.spread])

    def drawn(self, key: jax.Array) -> "Spread":
        """The same with random weights of the network; the spread stays."""
        return eqx.tree_at(lambda own: own.network, self, redrawn(self.network, key))


def layers(sight: Sight, hidden: tuple[int, ...], outputs: int, activation: str, drawing: Drawing) -> Layers:
    """Layers whose weights have not been drawn yet: zeros."""
    sizes = (sight.size, *hidden, outputs)
    weights = tuple(np.zeros((out, own), np.float32) for own, out in pairwise(sizes))
    return Layers(weights, tuple(np.zeros(len(own), np.float32) for own in weights), sight, activation, drawing)


def gated(sight: Sight, units: int, outputs: int, drawing: Drawing) -> Gated:
    """A recurrent unit whose weights have not been drawn yet: zeros."""
    empty = eqx.filter_eval_shape(eqx.nn.GRUCell, sight.size, units, key=jax.random.key(0))
    cell = jax.tree.map(lambda own: np.zeros(own.shape, np.float32), empty)
    last = layers(Sight(units, False), (), outputs, "tanh", drawing)
    return Gated(cell, last, sight, drawing)


def redrawn(module: Any, key: jax.Array) -> Any:
    """A module with random weights.

    One that offers `drawn(key)` says how. Of others every array of two or more axes, of which the first are outputs, as
    Equinox has it, is drawn independently from `N(0, 1/m)` with m inputs, and all else stays as it was given.
    """
    if hasattr(module, "drawn"):
        return module.drawn(key)
    structure: Any
    leaves, structure = jax.tree.flatten(module)
    places = [k for k, leaf in enumerate(leaves) if _is_matrix(leaf)]
    for own, k in zip(jax.random.split(key, max(len(places), 1)), places, strict=False):
        inputs = math.prod(leaves[k].shape[1:])
        leaves[k] = jax.random.normal(own, leaves[k].shape, "float32") / np.sqrt(inputs)
    return structure.unflatten(leaves)


def _is_matrix(leaf: Any) -> bool:
    return hasattr(leaf, "dtype") and jnp.issubdtype(leaf.dtype, jnp.floating) and leaf.ndim >= 2
