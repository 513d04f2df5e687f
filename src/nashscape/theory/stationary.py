"""Points of a box at which selfish ascent stands still: corners, points on faces, and points inside."""

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]

MOST_FACES = 3**7
ITERATIONS = 60
LONGEST = 1.0
"""Most that a parameter moves in one Newton step."""

SETTLED = 1e-9
"""A Newton step shorter than this counts as arrived."""

MARGIN = 1e-9
"""Rates closer to zero, in payoff units per parameter squared, do not tell."""

SAME = 1e-6
"""Points closer than this, parameter by parameter, are one."""


@dataclass(frozen=True)
class Stationary:
    """A point where no parameter can move: the gradient vanishes, or points out of the box.

    Attributes:
        theta: the parameters, `[d]`.
        fixed: −1 or 1 where a parameter lies at an end of the box, 0 where it is inside, `[d]`.
        rate: the largest real part of an eigenvalue of the gradient field's Jacobian along the face; −inf at a corner.
            Negative: selfish ascent is attracted, provided that the gradient points outwards with a margin elsewhere.
        outwards: the least gradient out of the box at its ends, in payoff units per parameter; inf inside.
    """

    theta: Floats
    fixed: tuple[int, ...]
    rate: float
    outwards: float

    @property
    def kind(self) -> str:
        """ "corner", "face" (some parameters at an end of the box) or "interior"."""
        ends = sum(side != 0 for side in self.fixed)
        return "corner" if ends == len(self.fixed) else "face" if ends else "interior"

    @property
    def attracting(self) -> bool:
        """Whether selfish ascent nearby comes to it; False also where first order does not tell."""
        return self.rate < -MARGIN and self.outwards > 0


def faces(dimension: int) -> list[tuple[int, ...]]:
    """All faces of a box, from its inside to its corners: −1 and 1 for an end, 0 for inside.

    Raises:
        InputError: where there are too many to look at each.
    """
    if 3**dimension > MOST_FACES:
        raise InputError(
            f"a box of {dimension} parameters has {3**dimension:,} faces, more than {MOST_FACES:,}; test single "
            "profiles with boundary_test"
        )
    return sorted(itertools.product((-1, 0, 1), repeat=dimension), key=lambda face: sum(map(abs, face)))


def stationary_points(game: ParametricGame, bound: float, *, starts: int = 64, seed: int = 0) -> list[Stationary]:
    """Stationary points of selfish ascent on all faces of the box: all corners that are, and of others those found.

    Newton's method from random starts on every face, all together. Points it misses are missed.

    Args:
        game: a game with a semantics.
        bound: M of the box.
        starts: random starts on every face.
        seed: of the starts.
    """
    found = []
    for face in faces(game.dimension):
        fixed = np.array(face)
        count = 1 if fixed.all() else starts
        random = np.random.default_rng([seed, *(fixed + 1)])
        points = np.where(fixed == 0, random.uniform(-bound, bound, (count, len(face))), bound * fixed)
        with jax.enable_x64(True):
            made = _solve(game, jnp.asarray(points), jnp.asarray(fixed == 0), jnp.float64(bound))
        theta, steps, fields, jacobians = (np.asarray(part, np.float64) for part in made)
        arrived = (steps < SETTLED) & (np.abs(theta) < bound)[:, fixed == 0].all(axis=1)
        kept: list[Floats] = []
        for k in np.flatnonzero(arrived):
            outwards = (fields[k] * fixed)[fixed != 0]
            if (outwards >= 0).all() and not any(np.abs(theta[k] - other).max() < SAME for other in kept):
                kept.append(theta[k])
                found.append(_described(theta[k], face, jacobians[k], outwards))
    return found


def _described(theta: Floats, face: tuple[int, ...], jacobian: Floats, outwards: Floats) -> Stationary:
    free = np.array(face) == 0
    rates = np.linalg.eigvals(jacobian[np.ix_(free, free)]).real if free.any() else np.array([-np.inf])
    return Stationary(theta, face, float(rates.max()), float(outwards.min()) if outwards.size else np.inf)


def gradient_field(game: ParametricGame, theta: jax.Array) -> jax.Array:
    """`(∇_1 U_1, …, ∇_n U_n)`, `[d]`."""
    gradients = jax.jacrev(game.utilities)(theta)
    return jnp.concatenate([gradients[i, part] for i, part in enumerate(game.semantics.slices)])


@jax.jit
def _solve(game: ParametricGame, points: Any, free: Any, bound: Any) -> Any:
    """Where Newton's method on a face ends, how long its last step was, and the field and its Jacobian there."""
    slope = jax.jacfwd(functools.partial(gradient_field, game))

    def step(theta: Any) -> tuple[Any, Any]:
        # parameters at an end of the box stay: their rows are those of the identity
        inside = jnp.where(free[:, None] & free[None, :], slope(theta), jnp.eye(len(free)))
        field = jnp.where(free, gradient_field(game, theta), 0.0)
        move = -jnp.linalg.lstsq(inside, field)[0]
        length = jnp.max(jnp.abs(move))
        return jnp.clip(theta + move * jnp.minimum(1.0, LONGEST / (length + 1e-300)), -bound, bound), length

    def one(theta: Any) -> Any:
        theta, length = jax.lax.fori_loop(0, ITERATIONS, lambda _, now: step(now[0]), (theta, jnp.inf))
        return theta, length, gradient_field(game, theta), slope(theta)

    return jax.vmap(one)(points)
