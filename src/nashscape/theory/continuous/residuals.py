"""Points at which no small move of anybody's pays: zeros of the natural residual, looked for from many starts.

`R(x) = x − Π(x + F(x))` with the projection Π onto the product of the players' sets vanishes exactly where own
gradients point nowhere into the sets.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError
from nashscape.games.constraint_sets import ProductSet
from nashscape.games.points_in_sets import numbers
from nashscape.theory.continuous.slopes import own_gradients

Floats = npt.NDArray[np.float64]

STEPS = 400
"""Extragradient steps before Newton's method."""

NEWTON = 40
WIDE = 4.0
"""Where a set has no bounds, starts are drawn from normal numbers of this standard deviation."""


def residual(game: Any, sets: ProductSet, x: jax.Array) -> jax.Array:
    """`x − Π(x + F(x))`, `[D]`."""
    return x - sets.project(x + own_gradients(game, x))


def drawn(sets: ProductSet, count: int, seed: int) -> Floats:
    """Points of the sets, `[count, D]`: uniform where a set is bounded, else near zero; every second near a corner."""
    random = np.random.default_rng(seed)
    made = []
    for part in sets.parts:
        try:
            own = part.drawn(random.uniform(1e-12, 1.0, (count, numbers(part))))
        except InputError:
            own = random.normal(scale=WIDE, size=(count, part.size))
        if part.bounded:
            ends = np.stack([part.highest(random.normal(size=part.size)) for _ in range(count)])
            near = 10.0 ** random.uniform(-3.0, -0.5, (count, 1))
            own = np.where((np.arange(count) % 2 == 1)[:, None], (1 - near) * ends + near * own, own)
        made.append(own)
    points = np.concatenate(made, axis=1)
    with jax.enable_x64(True):
        return np.asarray(jax.jit(jax.vmap(sets.project))(jnp.asarray(points)))


def solved(game: Any, sets: ProductSet, starts: Floats) -> tuple[Floats, Floats]:
    """Where the search led from each start, `[N, D]`, and the largest component of the residual there, `[N]`.

    Half of the answers are those of extragradient steps followed by Newton's method, which go where learning would;
    the other half those of Newton's method alone, which finds others too.
    """
    with jax.enable_x64(True):
        points, sizes = _searched(game, sets, jnp.asarray(starts))
        return np.asarray(points), np.asarray(sizes)


@jax.jit
def _searched(game: Any, sets: ProductSet, starts: jax.Array) -> tuple[jax.Array, jax.Array]:
    one = partial(_from_one, game, sets)
    walked = jax.vmap(partial(_walked, game, sets))(starts)
    points, sizes = jax.vmap(one)(jnp.concatenate([walked, starts]))
    return points, sizes


def _walked(game: Any, sets: ProductSet, start: jax.Array) -> jax.Array:
    """Extragradient steps, as long as the slopes there allow."""

    def step(_: Any, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        x, size = state
        slope = own_gradients(game, x)
        ahead = sets.project(x + size * slope)
        there = own_gradients(game, ahead)
        moved, turned = jnp.linalg.norm(ahead - x), jnp.linalg.norm(there - slope)
        steep = turned * size > 0.7 * moved
        x = jnp.where(steep, x, sets.project(x + size * there))
        return x, jnp.where(steep, size * 0.5, jnp.minimum(size * 1.05, 1e3))

    x, _ = lax.fori_loop(0, STEPS, step, (start, jnp.asarray(1.0)))
    return jnp.where(jnp.isfinite(x).all(), x, start)


def _from_one(game: Any, sets: ProductSet, start: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Newton's method for the residual, with the least squares step where its derivative is singular."""
    value = partial(residual, game, sets)

    def size(x: jax.Array) -> jax.Array:
        found = jnp.linalg.norm(value(x))
        return jnp.where(jnp.isfinite(found), found, jnp.inf)

    def step(_: Any, x: jax.Array) -> jax.Array:
        slope = jax.jacfwd(value)(x)
        clean = jnp.where(jnp.isfinite(slope), slope, 0.0)
        move = jnp.linalg.lstsq(clean, -jnp.where(jnp.isfinite(value(x)), value(x), 0.0))[0]
        tried = jax.vmap(lambda share: sets.project(x + share * move))(0.5 ** jnp.arange(8))
        sizes = jax.vmap(size)(tried)
        best = jnp.argmin(sizes)
        return jnp.where(sizes[best] < size(x), tried[best], x)

    x = lax.fori_loop(0, NEWTON, step, start)
    return x, jnp.max(jnp.abs(value(x)))


@jax.jit
def tangents(game: Any, sets: ProductSet, x: jax.Array, shift: jax.Array) -> jax.Array:
    """The derivative of Π at `x + F(x) + shift`, `[D, D]`.

    At a zero and without a shift it projects onto directions in which players can move; where a little shift changes
    it, an own gradient vanishes at a bound, and there is a way back into the set and none beyond.
    """
    return jax.jacfwd(sets.project)(x + own_gradients(game, x) + shift)
