"""Risk aversion: players who also mind how much their payoff varies with what the others happen to do."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError, choice, finite_number
from nashscape.core.calls import public
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.forms.differentiable_checks import differentiable
from nashscape.games.forms.differentiable_game import DifferentiableGame, Points
from nashscape.games.institutions.risk_replies import AverseReplies, knows_replies, over_others
from nashscape.games.offers import needs
from nashscape.games.protocol import GameLike
from nashscape.games.sets_of_points import simplex_set

VARIANCES = ("opponents", "all")


@dataclasses.dataclass(frozen=True)
class _Averse:
    """Mean less γ times variance, `[n]`; the same function for games of the same shape."""

    variance: str

    def __call__(self, points: Points, numbers: Any) -> jax.Array:
        payoffs, aversion, tremble = numbers["payoffs"], numbers["aversion"], numbers["tremble"]
        return jnp.stack([self._of(i, payoffs[i], points, tremble, aversion) for i in range(len(points))])

    def _of(self, i: int, table: Any, points: Points, tremble: Any, aversion: Any) -> jax.Array:
        """Of player i: over what the others do its payoff `Σ_a s_a u(a, b)`, or with its own chance too."""
        own = points[i]
        by_action, chances = over_others(i, table, points, tremble)
        means = jnp.matmul(own, by_action, precision=lax.Precision.HIGHEST)
        mean = jnp.sum(chances * means)
        if self.variance == "opponents":
            return mean - aversion * jnp.sum(chances * (means - mean) ** 2)
        spread = jnp.sum(own[:, None] * chances[None] * (by_action - mean) ** 2)
        return mean - aversion * spread


@public()
def risk_averse(
    game: "GameLike", aversion: Any, *, tremble: float = 0.05, variance: str = "opponents"
) -> DifferentiableGame:
    """The game of players who choose mixed strategies for the mean of their payoff less γ times its variance.

        U_i(s) = E u_i − γ Var u_i,   the others playing t_j = ε + (1 − k_j ε) s_j, every action with ε at least

    It is a game over points, the simplexes of mixed strategies, so that `equilibria`, maps and entries are those of any
    such game. With up to six actions each its best replies are known, so that rules of replies play it. With γ = 0 and
    ε = 0 its equilibria are those of Nash.

    Args:
        game: with a table of payoffs.
        aversion: γ, not negative, in units of one over payoff; one for all players.
        tremble: ε, the least chance of every action of the others; at most one over their number.
        variance: "opponents": of what a player's own mixture pays against what the others do; concave in the own
            strategy, so that an equilibrium exists. "all": of the payoff with the own chance too, convex in the own
            strategy, so that an equilibrium need not exist. Both readings are ours.

    Raises:
        InputError: for games without a table, and numbers outside these limits.

    Example:
        >>> from nashscape import equilibria, games
        >>> hunt = games.bimatrix([[4, 0], [3, 2]], actions=("stag", "hare"))
        >>> [one.name for one in equilibria(risk_averse(hunt, 0.8))]     # both hunting the stag is one up to .7456
        ['0 1 | 0 1']

    Source: after Slumbers et al., arXiv 2205.15434, whose definition is confirmed by its abstract alone.
    """
    played = as_game(game)
    needs(played, "table", to="be averse to risk")
    dense = played.to_dense()
    gamma = finite_number(aversion, "aversion", low=0.0)
    epsilon = finite_number(tremble, "tremble", low=0.0)
    if epsilon * max(dense.shape) >= 1.0:
        raise InputError(f"a tremble of {epsilon:g} leaves nothing to choose among {max(dense.shape)} actions")
    reading = choice(variance, "variance", VARIANCES)
    return differentiable(
        _Averse(reading),
        dense.shape,
        coefficients={"payoffs": np.asarray(dense.payoffs), "aversion": gamma, "tremble": epsilon},
        constraints=[simplex_set(size) for size in dense.shape],
        best_responses=AverseReplies(reading) if knows_replies(dense.shape, reading) else None,
        payoff_range=float(dense.payoff_range) or 1.0,
        players=dense.players,
        name=f"risk_averse_{dense.name}",
    )
