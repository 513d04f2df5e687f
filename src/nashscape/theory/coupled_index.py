"""The cooperation index of coupled players at given strategies, for which their parameters need not be known."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import is_linear
from nashscape.theory.joint_actions import Places

Floats = npt.NDArray[np.float64]


def index_at_logits(game: ParametricGame, strategies: Sequence[Floats], places: Places) -> float:
    """`d/dt Σ_i log σ_i[a*_i]` under policy gradient, where coupled players play the given strategies.

    With `z = K θ + c`, utilities in logits `U_i(z)` and the rows `K_i` of player i's own parameters in `Kᵀ`, parameters
    move at `θ̇_i = K_i ∇_z U_i` and logits at `ż = K θ̇`. So at given strategies it is a polynomial of degree two in
    weights that K is linear in, and nothing needs to be inverted where K is singular.

    Args:
        game: a game with coupled semantics.
        strategies: interior, one per player.
        places: where the joint action a* is, as in `joint_actions`.
    """
    with jax.enable_x64(True):
        wanted = [jnp.asarray(own, "float64") for own in strategies]
        rates = _rates(game, wanted)
    return float(sum(float(np.asarray(rate)[place].sum()) for rate, place in zip(rates, places, strict=True)))


@jax.jit
def _rates(game: ParametricGame, strategies: Sequence[jax.Array]) -> Any:
    """The rates of the logarithms of all strategies."""
    semantics = game.semantics
    assert is_linear(semantics)
    inner, matrix = ParametricGame(game.game, semantics.inner), jnp.asarray(semantics.matrix)
    logits = inner.semantics.parameters(strategies)
    pulled = jax.jacrev(inner.utilities)(logits) @ matrix  # [n, d], row i is Kᵀ ∇_z U_i
    theta = jnp.concatenate([pulled[i, part] for i, part in enumerate(semantics.slices)])
    return jax.jvp(inner.semantics.log_strategies, (logits,), (matrix @ theta,))[1]
