"""Starts of policies: weights that are drawn as their networks say."""

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError
from nashscape.core.reprs import called
from nashscape.dynamics.starts import Starts
from nashscape.learning.keys import StepKey, seed_words
from nashscape.learning.plays.randomness import DRAWING, key_of
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]

BLOCK = 64
"""Starts that are drawn by one call of a program, one after another: the same bits whatever is drawn beside them."""


@dataclass(frozen=True, repr=False)
class DrawnWeights(Starts):
    """Weights drawn as the policies' `initial(key)` says. Made by `weights`."""

    def parameters(self, game: ParametricGame, indices: npt.NDArray[np.int64], seed: int) -> Floats:
        """Weights by index: start k gets the same ones whatever else is drawn.

        Raises:
            InputError: for players who do not say how their parameters are drawn.
        """
        policies: Any = game.semantics
        if not hasattr(policies, "initial"):
            raise InputError(
                f"the parameters of {game.name} are no weights of networks that are drawn; use starts.normal(std=1)"
            )
        low, high = seed_words(seed)
        wanted = np.asarray(indices, np.uint32)
        padded = np.pad(wanted, (0, -len(wanted) % BLOCK), mode="edge").reshape(-1, BLOCK)
        made = [np.asarray(_drawn(policies, low, high, block), np.float64) for block in padded]
        return np.concatenate(made)[: len(wanted)] if made else np.empty((0, game.dimension))

    def to_dict(self) -> dict[str, Any]:
        """Only the kind: how weights are drawn is part of the policies."""
        return {"kind": "weights"}

    def __repr__(self) -> str:
        return called("starts.weights")


@jax.jit
def _drawn(policies: Any, low: Any, high: Any, indices: jax.Array) -> jax.Array:
    return lax.map(lambda index: policies.initial(key_of(StepKey(low, high, index, 0), DRAWING)), indices)
