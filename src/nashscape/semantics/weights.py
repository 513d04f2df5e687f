"""Neural semantics: parameters are the weights of a network that reads a description of the others' weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.semantics.callables import Held, hold, output_shape
from nashscape.semantics.network_logits import NetworkLogits, check_logits, held_by_players, players_of
from nashscape.semantics.readers import perceptron

FEATURES, WIDTH = 3, 4
"""By default a network reads three numbers, with four hidden units."""


@dataclass(frozen=True, eq=False)
class WeightReading(NetworkLogits):
    """Logits `z_i = network_i(r_i; θ_i)` of what is read, where `θ_i` are weights. Made by `weight_reading`.

    Attributes:
        inner: how logits become strategies.
        networks: one for all players, or one each; their own weights are those of `weights()`.
        description: what a network reads of the others' weights.
        strength: how strongly it reads.
    """

    networks: tuple[Held, ...]
    description: Held
    strength: Any = 1.0

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of weights of every player's network."""
        return tuple(self._network(i).size for i in range(len(self.inner.shape)))

    @property
    def origin(self) -> jax.Array:
        """The weights of the networks that the semantics was made of."""
        return self.weights()

    def logits(self, theta: jax.Array) -> jax.Array:
        """What every player's network makes of the description of the others, one after another."""
        made = [
            self._network(i).with_weights(own)(self._read(others, before))
            for i, (own, others, before) in enumerate(
                zip(self.split(theta), self._others(theta), self._others(self.origin), strict=True)
            )
        ]
        return jnp.concatenate([jnp.reshape(own, -1) for own in made])

    def _read(self, others: jax.Array, before: jax.Array) -> jax.Array:
        """What is read of the others' weights; at strength one their description as it is, to the last bit."""
        described = self.description(others)
        return described + (self.strength - 1.0) * (described - self.description(before))

    def weights(self, networks: Any = None) -> jax.Array:
        """The flat profile `[d]` of players with these networks; by default those that the semantics was made of.

        Args:
            networks: one for all players or a list of one each, alike but for their weights.

        Raises:
            InputError: for networks that differ in more than weights.
        """
        n = len(self.inner.shape)
        given = self.networks if networks is None else held_by_players(networks, n)
        rows = [given[i % len(given)] for i in range(n)]
        for i, own in enumerate(rows):
            if not own.alike(self._network(i)):
                raise InputError(
                    f"the network of player {i + 1} differs in more than its weights; make a new semantics"
                )
        return jnp.concatenate([own.weights() for own in rows])

    def players(self, theta: Any) -> tuple[Any, ...]:
        """The networks of all players at a flat profile, as modules like those that were given."""
        return tuple(self._network(i).with_weights(own).whole() for i, own in enumerate(self.split(jnp.asarray(theta))))

    def _network(self, player: int) -> Held:
        return self.networks[player % len(self.networks)]


jax.tree_util.register_dataclass(
    WeightReading, data_fields=["networks", "description", "strength"], meta_fields=["inner"]
)


class Projection(eqx.Module):
    """The mean of the others' weights, projected to a few numbers: `matrix @ mean_j θ_j`.

    Attributes:
        matrix: `[m, d]`.
    """

    matrix: Any

    def __call__(self, others: jax.Array) -> jax.Array:
        """`[m]` of `[n − 1, d]`."""
        return self.matrix @ jnp.mean(others, axis=0)


@public()
def weight_reading(
    shape: Sequence[int],
    network: Any = None,
    description: Any = None,
    *,
    features: int = FEATURES,
    seed: int = 0,
    form: str | Sequence[str] | None = None,
    strength: float = 1.0,
) -> WeightReading:
    """Players whose parameters are the weights of a network that reads a description of the others' weights.

        z_i = network_i(description(θ_{-i}); θ_i)

    The weights are all entries of the network's arrays of floating point numbers. A network is called as
    `network(description)` and gives the logits: `[1]` for a sigmoid, `[a_i]` for a softmax. The description is called
    as `description(others)` with the others' weights, `[n − 1, d]` in the order of players, d the largest number of
    weights and shorter ones filled up with zeros.

    Profiles of strategies become weights near those of the networks given here. Start from given weights with
    `starts.parameters([semantics.weights(networks)])`, and see what was learnt with `semantics.players(theta)`.

    Args:
        shape: action counts `(a_1, …, a_n)`.
        network: a pytree that can be called, such as an Equinox module: one for all players or a list of one each. By
            default a perceptron with four hidden units and tanh, with the same random weights for all players
            who have as many actions.
        description: any callable; by default a fixed random projection of the mean of the others' weights.
        features: how many numbers the default description has; a network given here has to take so many.
        seed: of the default description and of the default networks.
        form: "sigmoid" or "softmax", for all players or one each; by default a sigmoid for two actions.
        strength: `c`, by which the description's distance from that of the networks given here is multiplied: at 0
            nobody reads anything, at 1 what is described. It plays the part of the coupling κ, since at the weights of
            these networks `∂z_i/∂θ_j` is proportional to it, and is an argument of compiled programs.

    Raises:
        InputError: for a network without weights, or one that fails on the description or gives other than logits.

    Example:
        >>> semantics = weight_reading((2, 2))
        >>> semantics.sizes                         # 3·4 + 4 + 4 + 1
        (21, 21)
        >>> [strategy.shape for strategy in semantics.strategies(semantics.weights())]
        [(2,), (2,)]

    Source: arXiv 2606.27068.
    """
    inner = players_of(shape, form)
    n, features = len(inner.shape), positive_integer(features, "features")
    seed = positive_integer(seed, "seed", at_least=0)
    made = _perceptrons(features, inner.sizes, seed) if network is None else network
    networks = held_by_players(made, n)
    counts = [own.size for own in networks]
    if not all(counts):
        raise InputError(
            "a network here is a pytree whose arrays are its weights, such as an Equinox module; "
            f"{networks[counts.index(0)].rest[0]} has none: use networked for a fixed function"
        )
    read = _projection(features, max(counts), seed) if description is None else description
    held = hold(read, "description")
    described = output_shape(held, "the description", (n - 1, max(counts)))
    for i in range(n):
        check_logits(networks[i % len(networks)], i, inner, described)
    return WeightReading(inner, networks, held, finite_number(strength, "strength"))


def _perceptrons(features: int, logits: tuple[int, ...], seed: int) -> Any:
    """One for all players with the same number of logits; otherwise one each."""
    made = [perceptron(features, out, WIDTH, 1, (seed, 0)) for out in logits]
    return made[0] if len(set(logits)) == 1 else made


def _projection(features: int, weights: int, seed: int) -> Projection:
    return Projection(np.random.default_rng(seed).normal(size=(features, weights)) / np.sqrt(weights))
