"""Neural semantics: a fixed network reads the parameters of all players and gives each its logits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core.calls import public
from nashscape.semantics.callables import Held
from nashscape.semantics.network_logits import NetworkLogits, check_logits, counts_of, held_by_players, players_of


@dataclass(frozen=True, eq=False)
class Networked(NetworkLogits):
    """Logits `z_i = f_i(θ_i, θ_{-i})` by fixed networks that players learn the inputs of. Made by `networked`.

    Attributes:
        inner: how logits become strategies.
        networks: one for all players, or one each.
        counts: the number of parameters of every player.
    """

    networks: tuple[Held, ...]
    counts: tuple[int, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of parameters of every player."""
        return self.counts

    @property
    def origin(self) -> jax.Array:
        """Zero: networks say nothing about where players are."""
        return jnp.zeros(self.dimension)

    def logits(self, theta: jax.Array) -> jax.Array:
        """`f_i(θ_i, θ_{-i})` of all players, one after another."""
        made = [
            self.networks[i % len(self.networks)](own, others)
            for i, (own, others) in enumerate(zip(self.split(theta), self._others(theta), strict=True))
        ]
        return jnp.concatenate([jnp.reshape(own, -1) for own in made])


jax.tree_util.register_dataclass(Networked, data_fields=["networks"], meta_fields=["inner", "counts"])


@public()
def networked(
    shape: Sequence[int],
    network: Any,
    sizes: int | Sequence[int] | None = None,
    form: str | Sequence[str] | None = None,
) -> Networked:
    """Logits that a network makes of the whole profile: `z_i = f_i(θ_i, θ_{-i})`, and sigmoids or softmaxes of them.

    The network is called as `network(own, others)`. `own` are the player's own parameters, `[d_i]`; `others` those of
    the others, `[n − 1, d]` in the order of players, where d is the largest number of parameters and shorter ones
    are filled up with zeros. It gives the logits: `[1]` for a sigmoid, `[a_i]` for a softmax.

    Anything that can be called will do. Of a pytree, such as an Equinox module, the arrays are arguments of
    compiled programs: networks that differ in weights alone share them. A plain function is part of the program; define
    it once, since two lambdas are two functions.

    Args:
        shape: action counts `(a_1, …, a_n)`.
        network: one for all players, who are then exchangeable if it treats the others alike, or a list of one each.
        sizes: number of parameters, for all players or one each; by default one for a sigmoid, a_i for a softmax.
        form: "sigmoid" or "softmax", for all players or one each; by default a sigmoid for two actions.

    Raises:
        InputError: for a network that fails on such inputs or whose output does not match the actions.

    Example:
        >>> semantics = networked((2, 2), lambda own, others: own + jnp.tanh(others[0]))
        >>> semantics.logits(jnp.array([1.0, 0.0])).round(4).tolist()
        [1.0, 0.761...]
        >>> from nashscape.semantics.readers import read_all
        >>> networked((2, 2), read_all((2, 2), sizes=3), sizes=3).sizes
        (3, 3)

    Source: arXiv 2606.27068.
    """
    inner = players_of(shape, form)
    counts = counts_of(sizes, inner.sizes)
    semantics = Networked(inner, held_by_players(network, len(counts)), counts)
    for i, count in enumerate(counts):
        own = semantics.networks[i % len(semantics.networks)]
        check_logits(own, i, inner, (count,), (len(counts) - 1, max(counts)))
    return semantics
