"""Best replies of players who mind variance: the largest of a concave parabola over a simplex, or of a convex one."""

import dataclasses
from functools import reduce
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.games.forms.differentiable_game import Points

MOST_ACTIONS = 6
"""Of more actions there are too many faces of the simplex to look at them all."""


def over_others(i: int, table: Any, points: Points, tremble: Any) -> tuple[jax.Array, jax.Array]:
    """What each own action pays against each joint action of the others, `[k, B]`, and the chances of these, `[B]`."""
    others = [tremble + (1.0 - tremble * own.shape[0]) * own for j, own in enumerate(points) if j != i]
    chances = reduce(lambda a, b: (a[:, None] * b[None]).ravel(), others)
    return jnp.moveaxis(table, i, 0).reshape(table.shape[i], -1), chances


def moments(by_action: jax.Array, chances: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Mean `[k]` and covariance `[k, k]` of what own actions pay."""
    mean = jnp.matmul(by_action, chances, precision=lax.Precision.HIGHEST)
    apart = by_action - mean[:, None]
    return mean, jnp.matmul(apart * chances, apart.T, precision=lax.Precision.HIGHEST)


@dataclasses.dataclass(frozen=True)
class AverseReplies:
    """A best reply of every player; the same function for games of the same shape."""

    variance: str

    def __call__(self, points: Points, numbers: Any) -> tuple[jax.Array, ...]:
        """One strategy per player."""
        made = []
        for i in range(len(points)):
            mean, spread = moments(*over_others(i, numbers["payoffs"][i], points, numbers["tremble"]))
            made.append(self._of(mean, numbers["aversion"] * spread))
        return tuple(made)

    def _of(self, mean: jax.Array, bend: jax.Array) -> jax.Array:
        if self.variance == "opponents":
            return largest(mean, bend)
        # with the own chance too the payoff is convex in the own strategy: a corner is best, which pays `m_a − γ Σ_aa`
        worth = mean - jnp.diagonal(bend)
        return jnp.where(jnp.arange(len(mean)) == jnp.argmax(worth), 1.0, 0.0).astype(mean.dtype)


def largest(mean: jax.Array, bend: jax.Array) -> jax.Array:
    """The s of the simplex with the largest `m·s − sᵀB s`, for a B that is positive semidefinite, `[k]`.

    A best point of the smallest support is the only stationary one of its face, or it could be moved along the face
    until an action is left out. So the best of the stationary points of all faces is looked for.

    >>> largest(jnp.asarray([1.0, 0.5]), jnp.asarray([[1.0, 0.0], [0.0, 0.0]])).tolist()    # s − s² + (1 − s)/2
    [0.25, 0.75]
    """
    k = len(mean)
    faces = np.array([own for own in product((0.0, 1.0), repeat=k) if any(own)], bool)
    held = jnp.asarray(faces, mean.dtype)
    both = held[:, :, None] * held[:, None, :]
    # what is added within a face is constant where shares sum to one, and makes the matrix definite unless the face is
    # flat; outside of it the identity keeps shares at zero
    inner = (2.0 * bend + 1.0 + jnp.trace(bend)) * both + np.eye(k) * (1.0 - held)[:, :, None]
    found = _eliminated(inner, mean * held, held)
    free, along = found[:, :, 0], found[:, :, 1]
    price = (jnp.sum(free, axis=1) - 1.0) / jnp.sum(along, axis=1)
    found = free - price[:, None] * along
    # whatever comes of a singular face is made a point of the simplex, which is judged by what it pays
    inside = jnp.maximum(jnp.where(jnp.isfinite(found), found, 0.0), 0.0) * held
    total = jnp.sum(inside, axis=1, keepdims=True)
    points = jnp.where(total > 0, inside / jnp.where(total > 0, total, 1.0), held / jnp.sum(held, axis=1)[:, None])
    exact = lax.Precision.HIGHEST
    worth = jnp.matmul(points, mean, precision=exact) - jnp.einsum("fa,ab,fb->f", points, bend, points, precision=exact)
    return points[jnp.argmax(worth)]


def _eliminated(matrices: jax.Array, first: jax.Array, second: jax.Array) -> jax.Array:
    """Solutions `[F, k, 2]` for definite matrices `[F, k, k]` and two right sides, without a search for pivots."""
    joint = jnp.concatenate([matrices, first[:, :, None], second[:, :, None]], axis=2)
    for j in range(matrices.shape[1]):
        row = joint[:, j] / joint[:, j, j, None]
        others = np.arange(matrices.shape[1]) != j
        joint = jnp.where(others[None, :, None], joint - joint[:, :, j, None] * row[:, None, :], row[:, None, :])
    return joint[:, :, -2:]


def knows_replies(shape: tuple[int, ...], variance: str) -> bool:
    """Whether best replies can be had for players with so many actions."""
    return variance == "all" or max(shape) <= MOST_ACTIONS
