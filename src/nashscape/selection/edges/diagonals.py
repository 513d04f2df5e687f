"""The diagonal: profiles in which all players have the same parameters, and runs that stay on it."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.dynamics import Setup
from nashscape.dynamics.setup import advance, initial_state
from nashscape.games.offers import payoff_array
from nashscape.learning import StepKey
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import has_forms, is_linear

Floats = npt.NDArray[np.float64]
ROUNDING = 1e-5
"""How far apart one step may take two players who are alike."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class OnDiagonal:
    """A projection, and after it every player's parameters are those of the first.

    A rule that treats players alike keeps them equal, but rounding does not, and where the diagonal repels the last
    digit grows until a run leaves it.
    """

    inner: Any
    players: int = field(metadata={"static": True})

    def project(self, theta: jax.Array) -> jax.Array:
        """The projection of θ, with the first player's block in place of all."""
        inside = self.inner.project(theta)
        return jnp.concatenate([inside[: inside.size // self.players]] * self.players)


def alike(game: ParametricGame) -> bool:
    """Whether every player has the place of the next in payoffs and semantics, so that the diagonal is invariant.

    >>> from nashscape import games
    >>> from nashscape.semantics import open_source, parametric
    >>> alike(open_source(games.stag_hunt(), 0.4)), alike(parametric(games.battle_of_the_sexes()))
    (True, False)
    """
    bare, semantics = game.game, game.semantics
    payoffs = payoff_array(bare)
    if payoffs is None or len(set(game.sizes)) > 1 or len(set(payoffs.shape[1:])) > 1:
        return False
    n = len(game.sizes)
    after = [(k + 1) % n for k in range(n)]
    turned = np.asarray(payoffs)[after].transpose(0, *(1 + k for k in after))
    if not np.array_equal(turned, payoffs):
        return False
    if has_forms(semantics):
        return len(set(semantics.forms)) == 1
    if not is_linear(semantics) or not has_forms(semantics.inner):
        return False
    weights = np.asarray(semantics.matrix).reshape(n, game.sizes[0], n, game.sizes[0])
    offsets = np.asarray(semantics.bias).reshape(n, game.sizes[0])
    same = np.array_equal(weights[after][:, :, after], weights) and np.array_equal(offsets[after], offsets)
    return same and len(set(semantics.inner.forms)) == 1


def stays(setup: Setup) -> bool:
    """Whether one exact update takes a profile of the diagonal to another; for games whose players are `alike`."""
    if not setup.estimator.exact:
        return False
    key = StepKey(*(jnp.uint32(0) for _ in range(4)))
    theta = jnp.asarray(on_diagonal(setup.game, np.asarray([0.3]))[0], "float32")
    after = np.asarray(advance(setup, initial_state(setup, theta), key).theta).reshape(len(setup.game.sizes), -1)
    return bool((np.abs(after - after[0]) <= ROUNDING * (1.0 + np.abs(after[0]))).all())


def on_diagonal(game: ParametricGame, line: Floats) -> Floats:
    """Profiles `[L, d]` in which every player's first parameter is a point of the line, and all others are zero."""
    theta = np.zeros((len(line), len(game.sizes), game.sizes[0]))
    theta[:, :, 0] = line[:, None]
    return theta.reshape(len(line), -1)
