"""Noise in what players read, and the strategies that it leads to on average."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError
from nashscape.semantics.averages import SAMPLE, Nodes, choose_nodes
from nashscape.semantics.independence import Independent
from nashscape.semantics.means import mean_sigmoid, mixture
from nashscape.semantics.semantics import Semantics, has_forms, is_linear

Floats = npt.NDArray[np.float64]
Columns = tuple[tuple[int, ...], ...]
"""For every player the places in the flat profile of those parameters of others that it reads."""

WIDEST = 40.0
"""Half-width of uniform noise, in logits, up to which the closed form neither overflows nor loses digits."""


class Noise(abc.ABC):
    """What a player does on average over noise in its reading of a profile."""

    @abc.abstractmethod
    def mean(self, semantics: Semantics, player: int, profile: jax.Array, logs: bool) -> jax.Array:
        """The mean strategy of one player, or its logarithms; `profile` is what it reads but for noise."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Quiet(Noise):
    """No noise."""

    def mean(self, semantics: Semantics, player: int, profile: jax.Array, logs: bool) -> jax.Array:
        """The strategy itself."""
        return (semantics.log_strategies(profile) if logs else semantics.strategies(profile))[player]


@dataclass(frozen=True, eq=False)
class LogitNoise(Noise):
    """Noise in the logits of coupled players.

    Noise in parameters that enter linearly is noise in logits: of normal noise with standard deviation `s` the logits
    of player i have the covariance `s² Σ_j K_ij K_ijᵀ`, for a sigmoid `s² Σ_j b_ij²`. A softmax does not see what all
    logits have in common, so that a entries of noise are `a − 1`.

    Attributes:
        spread: from the entries of standard noise to the noise in the logits of each player, `[n, a, e]`.
        nodes: the points at which means are taken.
    """

    spread: Any
    nodes: Nodes

    def mean(self, semantics: Semantics, player: int, profile: jax.Array, logs: bool) -> jax.Array:
        """The mean over noisy logits."""
        assert is_linear(semantics)
        inner = semantics.inner
        assert has_forms(inner), "others have noise in parameters"
        dtype = profile.dtype
        logits = semantics.logits(profile)[semantics.slices[player]]
        points, weights = jnp.asarray(self.nodes.points(), dtype), jnp.asarray(self.nodes.weights(), dtype)
        spread = jnp.asarray(self.spread, dtype)[player]
        noise = jnp.matmul(points, spread.T, precision=lax.Precision.HIGHEST)
        if inner.forms[player] == "sigmoid":
            first = mean_sigmoid(logits[0], noise[:, 0], weights)
            if logs:
                return jnp.log(jnp.stack([first, mean_sigmoid(-logits[0], -noise[:, 0], weights)]))
            return jnp.stack([first, 1.0 - first])
        alone = Independent((inner.shape[player],), ("softmax",))
        play = alone.log_strategies if logs else alone.strategies
        return mixture(weights, jax.vmap(lambda own: play(own)[0])(logits + noise), logs)


jax.tree_util.register_dataclass(LogitNoise, data_fields=["spread"], meta_fields=["nodes"])


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class EvenNoise(Noise):
    """Uniform noise of half-width w in the logit of a sigmoid, in closed form.

    `(1/2w) ∫_{z−w}^{z+w} σ = (softplus(z + w) − softplus(z − w))/2w = log(1 + (e^{2w} − 1) σ(z − w))/2w`, the last
    of which keeps its digits where w or the probability is small.

    Attributes:
        width: w of every player, `[n]`.
    """

    width: Any

    def mean(self, semantics: Semantics, player: int, profile: jax.Array, logs: bool) -> jax.Array:
        """The mean over noisy logits."""
        assert is_linear(semantics)
        logit = semantics.logits(profile)[semantics.slices[player]]
        # at 1e-6 the mean is the sigmoid to within 1e-13
        width = jnp.maximum(jnp.asarray(self.width, profile.dtype)[player], 1e-6)
        both = jnp.concatenate([logit, -logit])
        mean = jnp.log1p(jnp.expm1(2.0 * width) * jax.nn.sigmoid(both - width)) / (2.0 * width)
        return jnp.log(mean) if logs else mean


@dataclass(frozen=True, eq=False)
class ProfileNoise(Noise):
    """Noise in the parameters that are read, for any semantics.

    Attributes:
        reach: how much noise every player has in every parameter, `[n, d]`; zero in its own.
        nodes: the fixed points of the noise over which the mean is taken, of d entries each.
    """

    reach: Any
    nodes: Nodes

    def mean(self, semantics: Semantics, player: int, profile: jax.Array, logs: bool) -> jax.Array:
        """The mean over noisy profiles."""
        points, weights = (jnp.asarray(own, profile.dtype) for own in (self.nodes.points(), self.nodes.weights()))
        noisy = profile + jnp.asarray(self.reach, profile.dtype)[player] * points
        play = semantics.log_strategies if logs else semantics.strategies
        return mixture(weights, jax.vmap(lambda read: play(read)[player])(noisy), logs)


jax.tree_util.register_dataclass(ProfileNoise, data_fields=["reach"], meta_fields=["nodes"])


def make_noise(semantics: Semantics, columns: Columns, size: Floats, form: str) -> tuple[Noise, str]:
    """The noise of every player's reading, and how means over it are taken, in words.

    Args:
        semantics: what is read.
        columns: which parameters every player reads.
        size: standard deviation, or half-width of uniform noise, for every player, `[n]`.
        form: "normal" or "uniform".

    Raises:
        InputError: for uniform noise too wide for its closed form.
    """
    if not is_linear(semantics) or not has_forms(semantics.inner):
        reach = np.zeros((len(columns), semantics.dimension))
        for player, own in enumerate(columns):
            reach[player, list(own)] = size[player]
        nodes = Nodes(form, semantics.dimension, SAMPLE, sampled=True)
        return ProfileNoise(reach, nodes), f"sample of {SAMPLE} quasi-random points of the noise, error not measured"
    blocks = [
        np.asarray(semantics.matrix, dtype=np.float64)[rows][:, list(own)]
        for rows, own in zip(semantics.slices, columns, strict=True)
    ]
    spreads = _normal_spreads(blocks, size) if form == "normal" else _uniform_spreads(blocks, size)
    if form == "uniform" and spreads.shape[1:] == (1, 1):
        width = np.abs(spreads[:, 0, 0])
        if width.max() > WIDEST:
            raise InputError(
                f"uniform noise may be up to {WIDEST:g} wide in logits; here it is {width.max():g}: players who "
                "understand so little read nothing, reads=0"
            )
        return EvenNoise(width), "closed form"
    nodes, error = choose_nodes(form, spreads)
    return LogitNoise(spreads, nodes), nodes.text(error)


def _normal_spreads(blocks: Sequence[Floats], size: Floats) -> Floats:
    """`[n, a, e]`: a root of every covariance, for softmaxes (a > 1) across what all logits have in common."""
    logits = blocks[0].shape[0]
    across = np.ones((1, 1)) if logits == 1 else _contrasts(logits)
    return np.stack([s * across @ _root(across.T @ own @ own.T @ across) for own, s in zip(blocks, size, strict=True)])


def _uniform_spreads(blocks: Sequence[Floats], size: Floats) -> Floats:
    """`[n, a, e]`: sums of uniform noise are not uniform, so that every parameter read is an entry of its own."""
    entries = max(1, *(own.shape[1] for own in blocks))
    return np.stack(
        [s * np.pad(own, ((0, 0), (0, entries - own.shape[1]))) for own, s in zip(blocks, size, strict=True)]
    )


def _contrasts(entries: int) -> Floats:
    """An orthonormal basis of the vectors whose sum is zero, `[entries, entries − 1]`."""
    basis = np.zeros((entries, entries - 1))
    for k in range(1, entries):
        basis[:k, k - 1], basis[k, k - 1] = 1.0, -k
    return basis / np.sqrt(np.sum(basis**2, axis=0))


def _root(covariance: Floats) -> Floats:
    """The symmetric root, which unlike a triangular one exists where the covariance is singular."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root
