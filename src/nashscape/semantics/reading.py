"""What a player makes of the others' parameters, noise apart: which it sees, and how coarsely."""

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.semantics.reading_noise import Columns

ROUNDINGS = ("nearest", "straight-through", "dithered")


@dataclass(frozen=True, eq=False)
class Reading:
    """From the profile to what every player reads of it: a finite mixture of profiles, with weights.

    Attributes:
        own: places of every player's own parameters.
        columns: places of those of others that each player reads.
        visible: 1 where a player sees a parameter and 0 where it reads zero, `[n, d]`; None where all see all.
        quantum: the steps to which every player rounds what it reads, `[n]`, 0 for not at all; None for nobody.
        rounding: "nearest", "straight-through" (as nearest, with the derivatives of no rounding) or "dithered" (up
            with the probability with which that is right on average).
    """

    own: Columns
    columns: Columns
    visible: Any
    quantum: Any
    rounding: str

    @property
    def ways(self) -> int:
        """The most profiles that a player may read."""
        dithered = self.quantum is not None and self.rounding == "dithered"
        return 2 ** max(map(len, self.columns)) if dithered else 1

    def profiles(self, theta: jax.Array, player: int) -> tuple[jax.Array, jax.Array]:
        """The profiles that a player may read, `[w, d]`, its own parameters included, and their weights, `[w]`."""
        read, weights = theta[None], jnp.ones(1, theta.dtype)
        if self.quantum is not None:
            read, weights = self._rounded(theta, player)
        if self.visible is not None:
            read = read * jnp.asarray(self.visible, theta.dtype)[player]
        return jnp.where(self._among(self.own[player], theta), theta, read), weights

    def nothing(self, theta: jax.Array, player: int) -> jax.Array:
        """The profile of a player who reads nothing: the others' parameters count as zero, `[d]`."""
        return jnp.where(self._among(self.own[player], theta), theta, jnp.zeros_like(theta))

    def _rounded(self, theta: jax.Array, player: int) -> tuple[jax.Array, jax.Array]:
        step = jnp.asarray(self.quantum, theta.dtype)[player]
        scaled = theta / jnp.where(step > 0, step, 1.0)
        if self.rounding == "dithered":
            return self._dithered(theta, scaled, step, self.columns[player])
        rounded = jnp.where(step > 0, step * jnp.round(scaled), theta)
        if self.rounding == "straight-through":
            rounded = theta + lax.stop_gradient(rounded - theta)
        return rounded[None], jnp.ones(1, theta.dtype)

    def _dithered(
        self, theta: jax.Array, scaled: jax.Array, step: jax.Array, columns: tuple[int, ...]
    ) -> tuple[jax.Array, jax.Array]:
        """Every combination of rounding up and down what is read."""
        down = jnp.where(step > 0, step * jnp.floor(scaled), theta)
        up = jnp.where(step > 0, scaled - jnp.floor(scaled), 0.0)
        ways = np.zeros((2 ** len(columns), theta.shape[0]))
        ways[:, list(columns)] = list(itertools.product([0.0, 1.0], repeat=len(columns)))
        went_up = jnp.asarray(ways, theta.dtype)
        chances = went_up * up + (1.0 - went_up) * (1.0 - up)
        weights = [chances[:, column] for column in columns]
        return down + step * went_up, functools.reduce(jnp.multiply, weights, jnp.ones(len(ways), theta.dtype))

    @staticmethod
    def _among(places: tuple[int, ...], theta: jax.Array) -> Any:
        found = np.zeros(theta.shape[0], dtype=bool)
        found[list(places)] = True
        return found


jax.tree_util.register_dataclass(
    Reading, data_fields=["visible", "quantum"], meta_fields=["own", "columns", "rounding"]
)
