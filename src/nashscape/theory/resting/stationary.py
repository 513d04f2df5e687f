"""Points of a box at which a field stands still: corners, points on faces, and points inside."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.learning import Rule, pg
from nashscape.learning.fields import Field, field_at
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

RESIDUAL = 1e-9
"""Along its face the field at a point must be less than this share of what it is at the tenth of the starts where it is
largest.

A short step alone does not do: where the Jacobian is singular along a face, as that of natural gradient on an edge of
two sigmoids, there is no step at all, however large the field is.
"""

INNER = 0.25
"""Starts near the middle of a face are this share as far from it as others: fields die out far from it."""

REACH = 2.0
"""Starts near the ends of a face are within this of them: logits that mix with one at an end are as close to it."""

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
    ends = np.full(game.dimension, bound)
    rests = resting(Field(game, pg()), -ends, ends, faces(game.dimension), starts=starts, seed=seed)
    return [_described(one) for one in rests]


def _described(one: "Resting") -> Stationary:
    free = np.array(one.fixed) == 0
    rates = np.linalg.eigvals(one.jacobian[np.ix_(free, free)]).real if free.any() else np.array([-np.inf])
    return Stationary(one.theta, one.fixed, float(rates.max()), one.outwards)


@dataclass(frozen=True, eq=False)
class Resting:
    """A point of a box from which a field leads nowhere but out of it: θ, the ends, the field and its Jacobian."""

    theta: Floats
    fixed: tuple[int, ...]
    field: Floats
    jacobian: Floats

    @property
    def outwards(self) -> float:
        """The least component of the field out of the box at its ends; inf inside."""
        sides = np.array(self.fixed)
        return float((self.field * sides)[sides != 0].min(initial=np.inf))


def resting(
    field: Field,
    low: Floats,
    high: Floats,
    on: Sequence[tuple[int, ...]],
    *,
    starts: int,
    seed: int,
    still: Floats | None = None,
) -> list[Resting]:
    """The points on some faces at which a field can only lead out of the box, as far as Newton's method finds them.

    Args:
        field: of any rule.
        low: lower ends of the box, `[d]`.
        high: upper ends, `[d]`.
        on: faces, as `faces` lists them.
        starts: random starts on every face; half as many more are drawn near its middle, and `near_ends` near its ends.
        seed: of the starts.
        still: orthonormal directions `[d, g]` along which nothing changes. Points do not move along them.
    """
    none = np.zeros((len(low), 0)) if still is None else still
    found: list[Resting] = []
    for face in on:
        fixed = np.array(face)
        free = fixed == 0
        # a direction is still one on the face where it leaves the ends alone
        left = none[:, ~np.any(np.abs(none[~free]) > 0, axis=0)]
        points = _starts(low, high, fixed, starts, seed)
        points = points - points @ left @ left.T
        theta, steps, sizes = points, np.zeros(len(points)), np.zeros(len(points))
        if free.any():
            with jax.enable_x64(True):
                made = _solve(field.game, field.rule, *map(jnp.asarray, (points, free, low, high, left @ left.T)))
            theta, steps, sizes = (np.asarray(part, np.float64) for part in made)
        theta = theta - theta @ left @ left.T
        inside = ((low < theta) & (theta < high))[:, free].all(axis=1)
        large = np.quantile(sizes[np.isfinite(sizes)], 0.9) if np.isfinite(sizes).any() else 0.0
        kept: list[Floats] = []
        for k in np.flatnonzero((steps < SETTLED) & inside):
            if not any(np.abs(theta[k] - other).max() < SAME for other in kept):
                kept.append(theta[k])
                one = Resting(theta[k], face, field(theta[k]), field.jacobian(theta[k]))
                vanishes = np.abs(one.field[free]).max(initial=0.0) <= RESIDUAL * large
                found += [one] if vanishes and one.outwards >= 0 else []
    return found


def _starts(low: Floats, high: Floats, fixed: Any, starts: int, seed: int) -> Floats:
    ends = np.where(fixed < 0, low, high)
    if fixed.all():
        return np.asarray(ends[None], np.float64)
    random = np.random.default_rng([seed, *(fixed + 1)])
    drawn = random.uniform(low, high, (starts, len(fixed)))
    middle = (low + high) / 2
    drawn = np.concatenate([drawn, middle + INNER * (drawn[: starts // 2] - middle)])
    if fixed.any():
        drawn = np.concatenate([drawn, _near_ends(low, high, near_ends(starts), random)])
    return np.where(fixed == 0, drawn, ends)


def near_ends(starts: int) -> int:
    """How many starts are drawn near the ends of a face: a quarter, and not fewer than eight."""
    return max(8, starts // 4)


def _near_ends(low: Floats, high: Floats, count: int, random: np.random.Generator) -> Floats:
    """Starts near corners of the box: the first half near the upper one, as where all that is played is mixed."""
    away = random.uniform(0.0, np.minimum(REACH, (high - low) / 2), (count, len(low)))
    upper = random.uniform(size=away.shape) < 0.5
    upper[: (count + 1) // 2] = True
    return np.asarray(np.where(upper, high - away, low + away), np.float64)


@jax.jit
def _solve(game: ParametricGame, rule: Rule, points: Any, free: Any, low: Any, high: Any, hold: Any) -> Any:
    """Where Newton's method on a face ends, how long its last step was, and the largest component at the start."""

    def both(theta: Any) -> Any:
        field = field_at(game, rule, theta)
        return field, field

    def step(theta: Any) -> tuple[Any, Any]:
        slope, field = jax.jacfwd(both, has_aux=True)(theta)
        # parameters at an end of the box stay: their rows are those of the identity, times the size of the others, for
        # beside much larger ones those of a field that dies out would count as zero
        both_free = free[:, None] & free[None, :]
        size = jnp.max(jnp.abs(jnp.where(both_free, slope, 0.0)))
        size = jnp.where(size > 0, size, 1.0)
        inside = jnp.where(both_free, slope + size * hold, size * jnp.eye(len(free)))
        move = -jnp.linalg.lstsq(inside, jnp.where(free, field, 0.0))[0]
        length = jnp.max(jnp.abs(move))
        return jnp.clip(theta + move * jnp.minimum(1.0, LONGEST / (length + 1e-300)), low, high), length

    def one(theta: Any) -> Any:
        return jax.lax.fori_loop(0, ITERATIONS, lambda _, now: step(now[0]), (theta, jnp.inf))

    sizes = jax.vmap(lambda theta: jnp.max(jnp.abs(field_at(game, rule, theta))))(points)
    return *jax.vmap(one)(points), sizes
