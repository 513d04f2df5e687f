"""Networks whose neurons participate, trained on the digits that come with scikit-learn, many seeds at once.

The gate `s_i` of a hidden neuron multiplies what it computes, which for rectified neurons is the same as multiplying
its incoming weights and its bias, `θ_i`. Weights go down the loss and gates up their utility, minibatch by minibatch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core.extras import needs_package

Floats = npt.NDArray[np.float64]
Network = list[tuple[jax.Array, jax.Array]]
"""Weights `[in, out]` and biases `[out]` of every layer."""

RULES: Mapping[str, tuple[float, float, float]] = {
    "printed": (1.0, 0.0, 0.0),
    "corrected": (-1.0, 0.0, 0.0),
    "no benefit": (0.0, 0.0, 0.0),
    "same decay for all": (0.0, 0.0, 1.0),
    "L1 on gates": (0.0, 1.0, 0.0),
}
"""What drives gates: the weight of `⟨∇L, θ_i⟩`, that of `−∂L/∂s_i`, and whether all decay by the mean cost."""


@dataclass(frozen=True)
class Trained:
    """What training came to, seed by seed.

    Attributes:
        gates: of all hidden neurons after the last step, `[seeds, neurons]`.
        accuracy: on the test set with pruned neurons taken out, `[seeds]`.
        sparsity: the share of neurons whose gate is below the threshold, `[seeds]`.
        benefit: `⟨∇L, θ_i⟩` over the whole training set at the end, `[seeds, neurons]`.
        norms: `|θ_i|`, `[seeds, neurons]`.
        networks: the weights, with a leading axis of seeds.
    """

    gates: Floats
    accuracy: Floats
    sparsity: Floats
    benefit: Floats
    norms: Floats
    networks: Any


def load(test: int, seed: int) -> tuple[Any, Any, Any, Any]:
    """Pixels from 0 to 1 and digits, to train with and to test with, drawn by a seed.

    Raises:
        InputError: where scikit-learn is not installed.
    """
    needs_package("sklearn", "training on digits", "the game itself is computed without it, see the page of the system")
    from sklearn.datasets import load_digits

    found = load_digits()
    order = np.random.default_rng(seed).permutation(len(found.target))
    pixels, labels = np.asarray(found.data, np.float32)[order] / 16, np.asarray(found.target, np.int32)[order]
    return pixels[test:], labels[test:], pixels[:test], labels[:test]


def drawn(key: jax.Array, widths: tuple[int, ...]) -> Network:
    """Weights and biases uniform between `±1/√in`."""
    made = []
    for k, (size, out) in enumerate(pairwise(widths)):
        own, end = jax.random.split(jax.random.fold_in(key, k)), 1 / np.sqrt(size)
        made.append((
            jax.random.uniform(own[0], (size, out), minval=-end, maxval=end),
            jax.random.uniform(own[1], (out,), minval=-end, maxval=end),
        ))  # fmt: skip
    return made


def scores(network: Network, gates: list[jax.Array], pixels: Any) -> jax.Array:
    """What the network says of every picture, `[N, 10]`."""
    at = pixels
    for (weights, bias), gate in zip(network[:-1], gates, strict=True):
        at = jax.nn.relu((at @ weights + bias) * gate)
    weights, bias = network[-1]
    return at @ weights + bias


def loss(network: Network, gates: list[jax.Array], pixels: Any, labels: Any) -> jax.Array:
    """The mean cross-entropy."""
    every = jax.nn.log_softmax(scores(network, gates, pixels))
    return -jnp.mean(jnp.take_along_axis(every, labels[:, None], axis=1))


def along(network: Network, slopes: Network) -> list[jax.Array]:
    """`⟨∇L, θ_i⟩` of every hidden neuron, layer by layer."""
    pairs = zip(network[:-1], slopes[:-1], strict=True)
    return [jnp.sum(w * dw, axis=0) + b * db for (w, b), (dw, db) in pairs]


def squares(network: Network) -> list[jax.Array]:
    """`|θ_i|²` of every hidden neuron, layer by layer."""
    return along(network, network)


def utility_slope(
    gates: list[jax.Array], benefit: list[jax.Array], lost: list[jax.Array], sizes: list[jax.Array], numbers: Any
) -> list[jax.Array]:
    """How fast each gate's utility grows with it: what drives it less `2β|θ_i|² s_i + γ`, layer by layer."""
    printed, of_loss, same = numbers["rule"]
    cost = [2 * numbers["beta"] * own * gate for own, gate in zip(sizes, gates, strict=True)]
    mean = jnp.mean(jnp.concatenate(cost))
    return [
        printed * own - of_loss * slope - jnp.where(same > 0, mean, paid) - numbers["gamma"]
        for own, slope, paid in zip(benefit, lost, cost, strict=True)
    ]


@partial(jax.jit, static_argnames=("widths", "batch"))
def _trained(seeds: jax.Array, data: Any, numbers: Any, *, widths: tuple[int, ...], batch: int) -> Any:
    return jax.vmap(lambda seed: _from_seed(seed, data, numbers, widths, batch))(seeds)


def _from_seed(seed: jax.Array, data: Any, numbers: Any, widths: tuple[int, ...], batch: int) -> Any:
    pixels, labels, test, truth = data
    key = jax.random.key(seed)
    first = drawn(key, widths), [jnp.ones(size) for size in widths[1:-1]]

    def step(t: Any, state: Any) -> Any:
        network, gates = state
        picked = jax.random.randint(jax.random.fold_in(key, t + 1000), (batch,), 0, len(labels))
        slopes, lost = jax.grad(loss, argnums=(0, 1))(network, gates, pixels[picked], labels[picked])
        way = utility_slope(gates, along(network, slopes), lost, squares(network), numbers)
        moved = [jnp.clip(gate + numbers["gate_step"] * own, 0, 1) for gate, own in zip(gates, way, strict=True)]
        return jax.tree.map(lambda own, slope: own - numbers["step"] * slope, network, slopes), moved

    network, gates = lax.fori_loop(0, numbers["steps"], step, first)
    benefit = along(network, jax.grad(loss)(network, gates, pixels, labels))
    kept = [jnp.where(gate < numbers["threshold"], 0.0, gate) for gate in gates]
    right = jnp.mean(jnp.argmax(scores(network, kept, test), axis=1) == truth)
    whole = [jnp.concatenate(own) for own in (gates, benefit, squares(network))]
    return network, right, *whole


def trained(rule: str, beta: float, gamma: float, protocol: Mapping[str, Any], data: Any, seeds: Any) -> Trained:
    """Networks trained together with their gates by one of `RULES`, one for each seed."""
    numbers = {
        "rule": jnp.asarray(RULES[rule]), "beta": beta, "gamma": gamma, "step": protocol["step"],
        "gate_step": protocol["gate_step"], "threshold": protocol["threshold"], "steps": protocol["steps"],
    }  # fmt: skip
    numbers = {name: jnp.asarray(own) for name, own in numbers.items()}
    network, right, gates, benefit, sizes = _trained(
        jnp.asarray(seeds), data, numbers, widths=tuple(protocol["widths"]), batch=protocol["batch"]
    )
    last = np.asarray(gates, np.float64)
    return Trained(
        last, np.asarray(right, np.float64), (last < protocol["threshold"]).mean(axis=1),
        np.asarray(benefit, np.float64), np.sqrt(np.asarray(sizes, np.float64)), network,
    )  # fmt: skip


def pruned_by_size(dense: Trained, shares: Floats, data: Any, widths: tuple[int, ...]) -> Floats:
    """Accuracies of networks without gates when a share of neurons, those of the smallest `|θ_i|`, is taken out."""
    order = dense.norms.argsort(axis=1).argsort(axis=1)
    kept = (order >= np.round(shares * order.shape[1])[:, None]).astype(np.float32)
    gates = jnp.split(jnp.asarray(kept), np.cumsum(widths[1:-2]), axis=1)
    return np.asarray(_right(dense.networks, gates, data[2], data[3]), np.float64)


@jax.jit
def _right(networks: Any, gates: Any, test: jax.Array, truth: jax.Array) -> jax.Array:
    def one(network: Network, own: list[jax.Array]) -> jax.Array:
        return jnp.mean(jnp.argmax(scores(network, own, test), axis=1) == truth)

    return jax.vmap(one)(networks, gates)
