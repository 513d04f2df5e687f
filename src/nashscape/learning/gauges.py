"""Directions in parameters along which nothing changes, such as one number added to all logits of a softmax."""

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.linalg import null_space

from nashscape.core import InputError
from nashscape.learning.fields import Field
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]
ROUNDING = 1e-9
"""Singular values smaller than this share of the largest count as zero."""


def gauges(game: ParametricGame) -> list[Floats]:
    """For every player an orthonormal basis `[d_i, g_i]` of the directions of its parameters that change no strategy.

    They are found from derivatives at three profiles, so that they are directions in which strategies are constant.
    """
    with jax.enable_x64(True):
        jacobians = [np.asarray(_strategy_jacobian(game, jnp.asarray(at))) for at in probes(game, 3)]
    stacked = np.concatenate(jacobians)
    return [null_space(stacked[:, part], rcond=ROUNDING) for part in game.semantics.slices]


def probes(game: ParametricGame, count: int) -> Floats:
    """Profiles at which fields are tried out, `[count, d]`: the same for every game, and within its bounds."""
    low, high = limits(game, 2.0)
    return low + (high - low) * np.random.default_rng(count).uniform(0.05, 0.95, (count, game.dimension))


def limits(game: ParametricGame, bound: float) -> tuple[Floats, Floats]:
    """The box `[−bound, bound]`, or as much of it as the game's own bounds leave."""
    low, high = np.full(game.dimension, -bound), np.full(game.dimension, bound)
    own = getattr(game.semantics, "bounds", None)
    if own is not None:
        low, high = np.maximum(low, np.asarray(own[0])), np.minimum(high, np.asarray(own[1]))
    if not (low < high).all():
        raise InputError(f"nothing lies both within ±{bound:g} and the bounds of {game.name}; raise the bound")
    return low, high


def complement(directions: list[Floats]) -> Floats:
    """An orthonormal basis `[d, r]` of what is orthogonal to every player's directions, player after player."""
    blocks = [np.eye(len(own)) if not own.shape[1] else null_space(own.T) for own in directions]
    basis = np.zeros((sum(map(len, blocks)), sum(block.shape[1] for block in blocks)))
    row = column = 0
    for block in blocks:
        rows, columns = block.shape
        basis[row : row + rows, column : column + columns] = block
        row, column = row + rows, column + columns
    return basis


def check_rest(field: Field, basis: Floats) -> None:
    """Raise `InputError` where a rule moves parameters along directions that change no strategy: it never rests."""
    for theta in probes(field.game, 3):
        direction = field(theta)
        if not np.isfinite(direction).all():
            raise InputError(f"the field of {field.rule.name} on {field.game.name} is not finite at {theta.round(3)}")
        beside = direction - basis @ (basis.T @ direction)
        if np.abs(beside).max() > ROUNDING * (1.0 + np.abs(direction).max()):
            raise InputError(
                f"rule {field.rule.name} moves parameters along directions that change no strategy; for two actions "
                "use sigmoids, independent(shape, 'sigmoid') or open_source(game, coupling, form='sigmoid')"
            )


@jax.jit
def _strategy_jacobian(game: ParametricGame, theta: jax.Array) -> jax.Array:
    def flat(at: jax.Array) -> jax.Array:
        return jnp.concatenate([own.ravel() for own in game.strategies(at)])

    return jnp.asarray(jax.jacfwd(flat)(theta))
