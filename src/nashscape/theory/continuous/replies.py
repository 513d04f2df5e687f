"""What a player could gain by another point of its own: exactly, bounded from above, or as far as a search found."""

import contextlib
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError
from nashscape.games.constraint_sets import numbers
from nashscape.theory.continuous.ranges import SlopeRanges, halved
from nashscape.theory.continuous.slopes import looked_at, payoffs, sets_of, split

Floats = npt.NDArray[np.float64]

STARTS, STEPS = 24, 300
MOST_BOXES = 4_000
FLAT = 1e-10
"""An own curvature below this share of the largest counts as none."""


def gains(game: Any, x: Floats, ranges: SlopeRanges | None) -> tuple[Floats, tuple[str, ...]]:
    """What each player could gain at a joint point, `[n]`, and how it is known.

    "exact" by the game's own regrets; "bound" where the own payoff is shown to be concave against what the others play:
    then no point of the set gains more than `max_y F_i(x)·(y − x_i)`; "searched", the best of a search, otherwise.
    """
    with jax.enable_x64(True):
        known = np.asarray(game.regrets(split(game.sizes, jnp.asarray(x))), np.float64)
    _, slopes, _ = looked_at(game, x)
    found, how = np.array(known), ["exact"] * len(known)
    for i, (part, own) in enumerate(zip(sets_of(game).parts, sets_of(game).slices, strict=True)):
        if not np.isnan(known[i]):
            continue
        if ranges is not None and _is_concave(game, ranges, x, own):
            best = part.highest(slopes[own])
            moved = np.where(slopes[own] == 0, 0.0, best - x[own])
            found[i], how[i] = max(float(slopes[own] @ moved), 0.0), "bound"
        else:
            found[i], how[i] = _searched_gain(game, x, i, part, own), "searched"
    return found, tuple(how)


def _is_concave(game: Any, ranges: SlopeRanges, x: Floats, own: slice) -> bool:
    """Whether a player's own Hessian is nowhere positive, by bounds over pieces of its set's box."""
    low, high = (end[own] for end in sets_of(game).bounds)
    whole = np.isfinite(low).all() and np.isfinite(high).all()
    if not whole:
        # a Hessian that is the same anywhere
        low, high = np.where(np.isfinite(low), low, -1e12), np.where(np.isfinite(high), high, 1e12)
    first = x.copy(), x.copy()
    first[0][own], first[1][own] = low, high
    bends = ranges.hessians(first[0][None], first[1][None])
    left, looked = (low[None], high[None]), 0
    size = max(float(np.abs(np.where(np.isfinite(end), end, 0.0)[:, own, own]).max(initial=0.0)) for end in bends)
    while len(left[0]):
        looked += len(left[0])
        if looked > MOST_BOXES:
            return False
        boxes = [np.repeat(x[None], len(left[0]), axis=0) for _ in range(2)]
        boxes[0][:, own], boxes[1][:, own] = left
        bottom, top = (end[:, own, own] for end in ranges.hessians(*boxes))
        done = _not_positive(bottom, top, FLAT * size)
        left = halved(left[0][~done], left[1][~done], np.maximum(high - low, 1e-300))
    return True


def _not_positive(bottom: Floats, top: Floats, nothing: float) -> npt.NDArray[np.bool_]:
    """Whether all symmetric matrices between two have no eigenvalue above `nothing`."""
    # an own slope without bound below, as of a root at zero, bends down as far as anything
    one = bottom.shape[1] == 1
    if one:
        return np.asarray(top[:, 0, 0] <= nothing)
    good = np.asarray(np.isfinite(bottom).all(axis=(1, 2)) & np.isfinite(top).all(axis=(1, 2)))
    low, high = np.where(good[:, None, None], bottom, 0.0), np.where(good[:, None, None], top, 0.0)
    middle, radius = (low + high) / 2, (high - low) / 2
    largest = np.linalg.eigvalsh((middle + middle.swapaxes(1, 2)) / 2)[:, -1]
    return np.asarray(good & (largest + radius.sum(axis=2).max(axis=1) <= nothing))


def _searched_gain(game: Any, x: Floats, player: int, part: Any, own: slice) -> float:
    random = np.random.default_rng(0)
    starts = [x[own]]
    if part.bounded:
        starts += [part.highest(random.normal(size=part.size)) for _ in range(STARTS // 2)]
        with contextlib.suppress(InputError):  # not every set can be drawn from
            starts += list(part.drawn(random.uniform(1e-12, 1.0, (STARTS // 2, numbers(part)))))
    with jax.enable_x64(True):
        best = _climbed(game, part, jnp.asarray(x), jnp.asarray(np.stack(starts)), player)
        now = np.asarray(payoffs(game, jnp.asarray(x)))[player]
    return max(float(np.nanmax(np.asarray(best))) - float(now), 0.0)


@partial(jax.jit, static_argnames="player")
def _climbed(game: Any, part: Any, x: jax.Array, starts: jax.Array, player: int) -> jax.Array:
    """The payoffs to which projected ascent leads from every start, `[N]`."""
    first = sum(game.sizes[:player])

    def paid(own: jax.Array) -> jax.Array:
        return payoffs(game, lax.dynamic_update_slice(x, own, (first,)))[player]

    def climb(start: jax.Array) -> jax.Array:
        def step(_: Any, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            own, size = state
            moved = part.project(own + size * jax.grad(paid)(own))
            better = paid(moved) > paid(own)
            return jnp.where(better, moved, own), jnp.where(better, size * 1.5, size * 0.4)

        own, _ = lax.fori_loop(0, STEPS, step, (start, jnp.asarray(1.0)))
        return paid(own)

    return jax.vmap(climb)(starts)
