"""How consistent an update is: whether players who all use it do what each of them takes the others to do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.games.rounding import rounded_game
from nashscape.learning.estimators import exact
from nashscape.learning.keys import step_key
from nashscape.learning.oracle import Oracle
from nashscape.learning.rules import Rule, check_rule, moved
from nashscape.learning.terms import player_slices
from nashscape.semantics import ParametricGame, Playable, parametric

Direction = Callable[[jax.Array], jax.Array]


@dataclass(frozen=True)
class Consistency:
    """By how much an update fails to be consistent, over some points.

    At every point the violation is the vector `g_i − d/dθ_i J_i(θ_i, θ_-i + η g_-i)` over all players.

    Attributes:
        largest: the greatest length of the violation, in payoff units per unit of a parameter, as gradients are.
        rms: the root of the mean squared length, in the same units.
        points: how many points were looked at.
    """

    largest: float
    rms: float
    points: int


def violation(game: ParametricGame, direction: Direction, rate: Any, theta: jax.Array) -> jax.Array:
    """`g_i(θ) − d/dθ_i J_i(θ_i, θ_-i + η g_-i(θ))` for all players, `[d]`, in payoff units per unit of a parameter."""
    parts = []
    for i, own in enumerate(player_slices(game.sizes)):

        def anticipated(theta: jax.Array, i: int = i, own: slice = own) -> jax.Array:
            ahead = theta + rate * direction(theta)
            return game.utilities(ahead.at[own].set(theta[own]))[i]

        parts.append(jax.grad(anticipated)(theta)[own])
    return direction(theta) - jnp.concatenate(parts)


@public()
def consistency_residual(
    rule: Rule, game: "Playable", points: npt.ArrayLike, *, inner_lr: float, precision: str = "float64"
) -> Consistency:
    """By how much a rule's update fails to be consistent: exact derivatives, over given points.

    The violation at θ is `g_i(θ) − d/dθ_i J_i(θ_i, θ_-i + η g_-i(θ))`, where `g` is the rule's direction at its first
    step, with exact terms. Any number of players.

    Args:
        rule: whose update; for rules that look at the outer step size, this is `inner_lr`.
        game: a game, or a game with a semantics.
        points: parameters `[N, d]`.
        inner_lr: `η`, the look-ahead rate.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it, see
            `nashscape.games.rounding`.

    Raises:
        InputError: for points that do not fit the game, or a rate that is not positive.

    Example:
        >>> from nashscape import games, learning
        >>> near = [[0.0, 0.0], [0.5, -0.5]]
        >>> consistency_residual(learning.lola(inner_lr=1.0), games.stag_hunt(), near, inner_lr=1.0)
        Consistency(largest=0.0466..., rms=0.0373..., points=2)

    Source: Willi, Letcher, Treutlein and Foerster (2022).
    """
    learners = parametric(game)
    ready = check_rule(rule).for_game(learners)
    rate = finite_number(inner_lr, "inner_lr", low=0.0, low_open=True)
    array = finite_array(points, "points", shape=(None, learners.dimension))
    played = rounded_game(learners.game, precision)
    learners = replace(learners, game=played.game)
    if not len(array):
        raise InputError("points must be at least one profile of parameters, [N, d]; got none")
    with jax.enable_x64(played.precision == "float64"):
        found = _violations(ready, learners, jnp.asarray(array), jnp.asarray(rate))
    return summary(np.asarray(found))


def summary(violations: npt.NDArray[Any]) -> Consistency:
    """Greatest and root-mean-square length of violations `[N, d]`."""
    squares = np.sum(violations.astype(np.float64) ** 2, axis=1)
    return Consistency(float(np.sqrt(squares.max())), float(np.sqrt(squares.mean())), len(squares))


@jax.jit
def _violations(rule: Rule, game: ParametricGame, points: jax.Array, rate: jax.Array) -> jax.Array:
    def direction(theta: jax.Array) -> jax.Array:
        oracle = Oracle(game, exact(), theta, step_key(0), rate, rule.needs)
        return moved(rule, oracle, rule.init(theta), jnp.int32(0))[0]

    return jax.vmap(lambda theta: violation(game, direction, rate, theta))(points)
