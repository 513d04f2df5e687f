"""A search for better parameters of one player from several starts: what it finds is better, what it misses is open."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from nashscape.core import positive_integer
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]


def searched(
    game: ParametricGame, player: int, theta: Floats, bound: float, starts: int, seed: int
) -> tuple[Floats, float, Floats]:
    """The best parameters of a player that a search in the box finds, what they gain, and the gradient at θ itself.

    Bounded quasi-Newton ascent (L-BFGS-B) from the point itself, the two ends of all parameters, and random points.

    Args:
        game: the game.
        player: who moves.
        theta: what all play, `[d]`.
        bound: M of the box.
        starts: random starts.
        seed: of the random starts.
    """
    part = game.semantics.slices[player]
    own, size = theta[part], game.sizes[player]
    random = np.random.default_rng(seed).uniform(-bound, bound, (positive_integer(starts, "starts"), size))
    points = np.concatenate([own[None], np.full((1, size), bound), np.full((1, size), -bound), random])

    def loss(at: Floats) -> tuple[float, Floats]:
        with jax.enable_x64(True):
            value, slope = _own_utility(game, player, jnp.asarray(theta), jnp.asarray(at))
        return -float(value), -np.asarray(slope, np.float64)

    here, slope = loss(own)
    best, value = own, here
    for point in points:
        found: Any = minimize(loss, point, jac=True, method="L-BFGS-B", bounds=[(-bound, bound)] * size)
        if found.fun < value:
            best, value = np.asarray(found.x, np.float64), float(found.fun)
    return best, here - value, -slope


def _utility_at(game: ParametricGame, player: Any, theta: jax.Array) -> Any:
    return game.utilities(theta)[player]


def _own_utility(game: ParametricGame, player: int, theta: jax.Array, own: jax.Array) -> Any:
    part = game.semantics.slices[player]
    full = jnp.concatenate([theta[: part.start], own, theta[part.stop :]])
    value, slope = _value_and_gradient(game, player, full)
    return value, slope[part]


_value_and_gradient = jax.jit(jax.value_and_grad(_utility_at, argnums=2))
