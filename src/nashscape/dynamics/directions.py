"""Directions towards a target: in parameters, in which its actions become likelier; in strategies, straight to it."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.dynamics.targets import PointTarget, Target, has_actions
from nashscape.semantics import ParametricGame


def likelier(game: ParametricGame, theta: jax.Array, places: Any) -> jax.Array:
    """`d = ∇_θ Σ_i log σ_i(θ)[a*_i]`, `[d]`: the gradient of the log-likelihood of a target's joint action.

    `places` are those of the target, see `Target.places`.
    """

    def likelihood(theta: jax.Array) -> jax.Array:
        logs = game.semantics.log_strategies(theta)
        chosen = (own[place] for own, each in zip(logs, places, strict=True) for place in each)
        return sum(chosen, start=jnp.zeros((), theta.dtype))

    return jax.grad(likelihood)(theta)


def straight(strategies: jax.Array, target: Target | PointTarget, shapes: Sequence[tuple[int, ...]]) -> jax.Array:
    """`x* − x`, `[Σ a_i]`: from all strategies side by side to those of a target, 0 in rows that it says nothing of."""
    goal, counts = target_point(target, shapes)
    return jnp.where(counts, jnp.asarray(goal, strategies.dtype) - strategies, 0.0)


def target_point(
    target: Target | PointTarget, shapes: Sequence[tuple[int, ...]]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The strategies of a target side by side, and which of their entries it is about, both `[Σ a_i]`.

    >>> target_point(Target("CD", (0, 1)), ((2,), (3,)))[0].tolist()
    [1.0, 0.0, 0.0, 1.0, 0.0]
    """
    if not has_actions(target):
        made = np.concatenate([np.asarray(own, np.float64).ravel() for own in target.point])
        return made, np.ones(made.shape, bool)
    counts = [np.zeros(shape, bool) for shape in shapes]
    for own, places in zip(counts, target.places, strict=True):
        for place in places:
            own[place[:-1]] = True
    whole = [np.concatenate([own.ravel() for own in parts]) for parts in (target.pure(shapes), counts)]
    return np.where(whole[1], whole[0], 0.0), whole[1].astype(bool)
