"""Routing of traffic of which nobody alone makes a difference: a game over points with the equilibria of Wardrop."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.games.families.networks import Network
from nashscape.games.forms.differentiable_game import DifferentiableGame, Points
from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game


def _loads(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    """What every edge carries, `[E]`."""
    return jnp.einsum("ed,d->e", numbers["uses"], jnp.concatenate(points), precision=lax.Precision.HIGHEST)


def _edge_costs(loads: jax.Array, numbers: Mapping[str, Any]) -> jax.Array:
    """`Σ_k c_ek x_e^k`, `[E]`, by Horner's rule, which has a slope at an empty edge."""
    table = numbers["costs"]
    total = jnp.zeros_like(loads)
    for k in reversed(range(table.shape[1])):
        total = total * loads + table[:, k]
    return total


def minus_potential(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    """`−Φ(f) = −Σ_e ∫_0^{x_e} c_e`, the same for every population, `[n]`."""
    loads, table = _loads(points, numbers), numbers["costs"]
    areas = {"costs": table / (1.0 + jnp.arange(table.shape[1], dtype=table.dtype))}
    return jnp.broadcast_to(-jnp.sum(loads * _edge_costs(loads, areas)), (len(points),))


def path_costs(points: Points, numbers: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """What each path costs, one array for every population."""
    costs = _edge_costs(_loads(points, numbers), numbers)
    each = jnp.einsum("ed,e->d", numbers["uses"], costs, precision=lax.Precision.HIGHEST)
    return tuple(jnp.split(each, np.cumsum([len(own) for own in points])[:-1].tolist()))


def lost(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    """What travellers lose in all by not taking the cheapest of their paths, `[n]`."""
    costs = path_costs(points, numbers)
    return jnp.stack([jnp.sum(flow * (own - jnp.min(own))) for flow, own in zip(points, costs, strict=True)])


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class RoutingGame(DifferentiableGame):
    """Populations of travellers who choose among paths of a network. Made by `routing`.

    Attributes:
        network: what they travel on.
    """

    network: Network | None = None

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The paths of every population, in the order of its coordinates."""
        assert self.network is not None
        return self.network.names

    def path_costs(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """What each path costs a traveller, one array for every population.

        >>> from nashscape import games
        >>> [own.tolist() for own in games.pigou().path_costs([[0.25, 0.25], [0.5, 0.0]])]
        [[1.0, 0.25], [1.0, 0.25]]
        """
        return path_costs(*self._as_arrays(strategies))

    def total_cost(self, strategies: Strategies) -> jax.Array:
        """What all travellers spend together, `Σ_e x_e c_e(x_e)`.

        >>> from nashscape import games
        >>> float(games.pigou().total_cost([[0.25, 0.25], [0.25, 0.25]]))
        0.75
        """
        loads, numbers = _loads(*self._as_arrays(strategies)), self._as_arrays(strategies)[1]
        return jnp.sum(loads * _edge_costs(loads, numbers))

    def to_dict(self) -> dict[str, Any]:
        """What the game is made of, with the network."""
        return {**super().to_dict(), "paths": self.paths}

    def __repr__(self) -> str:
        """Populations and paths, as one line."""
        sizes = "×".join(map(str, self.sizes))
        return f"<RoutingGame {self.name}: {self.n_players} populations, {sizes} paths>"


register_game(
    RoutingGame,
    numbers=["coefficients", "bounds", "constraints"],
    structure=["payoffs", "sizes", "best_responses", "known_regrets"],
    names={"payoff_range": 1.0, "name": "", "players": (), "named_points": (), "network": None},
)
