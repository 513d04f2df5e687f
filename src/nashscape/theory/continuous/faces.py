"""Zeros face by face: on each face of the players' sets Newton's method for what is free there.

A search that follows slopes rarely ends at a saddle, and Newton's method for the whole residual, which has kinks, jumps
past those near a corner. On one face there are no kinks: free coordinates have slopes in the ratio of their prices, the
others lie at their bounds.
"""

import math
from functools import partial
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.games.constraint_sets import ProductSet
from nashscape.theory.continuous.residuals import residual
from nashscape.theory.continuous.slopes import own_gradients

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int64]

MOST_FACES = 256
"""Of sets with more faces so many are drawn."""

LEAST_STARTS = 256
"""Of fewer faces each is begun from several points, so many in all."""

NEWTON = 25
ZERO = 1e-14
"""Equations that hold so well are not solved any further."""

REGULAR = 1e-10
"""Zeros where the least singular value is below this share of the largest belong to continua, which others tell."""


def on_faces(game: Any, sets: ProductSet, starts: Floats, seed: int) -> tuple[Floats, Floats]:
    """Isolated zeros on faces, `[N, D]`, and the largest component of the residual at each, infinite where none is.

    Args:
        game: over points.
        sets: of its players.
        starts: points of the sets, `[S, D]`, of which each face takes the free coordinates.
        seed: of the faces that are drawn where there are many.
    """
    signs, tight = faces(sets, seed)
    again = -(-LEAST_STARTS // len(signs))
    signs, tight = np.repeat(signs, again, axis=0), np.repeat(tight, again, axis=0)
    begun = starts[np.arange(len(signs)) % len(starts)]
    low, high = (np.concatenate([np.asarray(getattr(part, end)) for part in sets.parts]) for end in ("low", "high"))
    held = np.where(signs < 0, low, np.where(signs > 0, high, 0.0))
    owner = np.repeat(np.arange(len(sets.parts)), [part.size for part in sets.parts])
    prices = np.concatenate([np.ones(p.size) if p.prices is None else np.asarray(p.prices) for p in sets.parts])
    totals = np.array([0.0 if part.total is None else float(part.total) for part in sets.parts])
    with jax.enable_x64(True):
        given = map(jnp.asarray, (begun, signs == 0, held, tight))
        points, sizes = _solved(game, sets, (jnp.asarray(prices), jnp.asarray(totals), jnp.asarray(owner)), *given)
        return np.asarray(points), np.asarray(sizes)


def faces(sets: ProductSet, seed: int) -> tuple[Signs, npt.NDArray[np.bool_]]:
    """Faces: whether a coordinate is at its least value (−1), free (0) or at its largest (1), `[M, D]`, and whether all
    of a player's total is spent, `[M, n]`.

    >>> from nashscape.games import product_set, simplex_set
    >>> faces(product_set(simplex_set(2)), 0)[0].tolist()
    [[-1, 0], [0, -1], [0, 0]]
    """
    choices: list[list[int]] = []
    for part in sets.parts:
        ends = zip(np.isfinite(part.low), np.isfinite(part.high), strict=True)
        choices += [[-1] * bool(low) + [0] + [1] * bool(high) for low, high in ends]
    spends = [[0] if p.prices is None else [1] if p.all_spent else [0, 1] for p in sets.parts]
    every: list[list[int]] = [*choices, *spends]
    if math.prod(map(len, every)) <= 4 * MOST_FACES:
        made = np.array(list(product(*every)))
    else:
        random = np.random.default_rng(seed)
        made = np.unique(np.stack([random.choice(own, 4 * MOST_FACES) for own in every], axis=1), axis=0)
        random.shuffle(made)
    signs, tight = made[:, : sets.size], made[:, sets.size :].astype(bool)
    # who spends all has something to spend it on
    free = np.stack([(signs[:, own] == 0).any(axis=1) for own in sets.slices], axis=1)
    kept = (free | ~tight).all(axis=1)
    return signs[kept][:MOST_FACES], tight[kept][:MOST_FACES]


@jax.jit
def _solved(game: Any, sets: ProductSet, spending: Any, starts: Any, free: Any, held: Any, tight: Any) -> Any:
    prices, totals, owner = spending
    players = totals.shape[0]

    def one(start: jax.Array, free: jax.Array, held: jax.Array, tight: jax.Array) -> tuple[jax.Array, jax.Array]:
        def equations(joint: jax.Array) -> jax.Array:
            """Slopes less what spending costs, or the bound; and what is left to spend, or its price, zero."""
            x, worth = joint[:-players], joint[-players:]
            slopes = own_gradients(game, x) - worth[owner] * prices
            spent = jnp.zeros(players, x.dtype).at[owner].add(prices * x)
            return jnp.concatenate([jnp.where(free, slopes, x - held), jnp.where(tight, spent - totals, worth)])

        def step(state: tuple[Any, ...]) -> tuple[Any, ...]:
            joint, size, count, _ = state
            value, slope = equations(joint), jax.jacfwd(equations)(joint)
            move = jnp.linalg.lstsq(jnp.nan_to_num(slope), -jnp.nan_to_num(value))[0]
            tried = joint + (0.5 ** jnp.arange(6))[:, None] * move
            sizes = jax.vmap(partial(_size, equations))(tried)
            best = jnp.argmin(sizes)
            better = sizes[best] < size
            return jnp.where(better, tried[best], joint), jnp.minimum(sizes[best], size), count + 1, better

        def goes_on(state: tuple[Any, ...]) -> jax.Array:
            _, size, count, better = state
            return better & (size > ZERO) & (count < NEWTON)

        begun = jnp.concatenate([jnp.where(free, start, held), jnp.zeros(players, start.dtype)])
        ended = lax.while_loop(goes_on, step, (begun, _size(equations, begun), 0, jnp.asarray(True)))[0]
        values = jnp.linalg.svd(jnp.nan_to_num(jax.jacfwd(equations)(ended)), compute_uv=False)
        x = sets.project(ended[:-players])
        size = jnp.max(jnp.abs(residual(game, sets, x)))
        good = (values[-1] > REGULAR * values[0]) & jnp.isfinite(size)
        return x, jnp.where(good, size, jnp.inf)

    return jax.vmap(one)(starts, free, held, tight)


def _size(equations: Any, joint: jax.Array) -> jax.Array:
    found = jnp.linalg.norm(equations(joint))
    return jnp.where(jnp.isfinite(found), found, jnp.inf)
