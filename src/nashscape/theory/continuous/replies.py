"""What a player could gain by another point of its own: exactly, bounded from above, or as far as a search found."""

import contextlib
from collections.abc import Callable, Collection
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError
from nashscape.games.points_in_sets import numbers
from nashscape.theory.continuous.quadratic_programs import QuadraticProgram, bends_up, quadratic_program
from nashscape.theory.continuous.ranges import SlopeRanges, halved, ranges_of
from nashscape.theory.continuous.slopes import looked_at, nearest, payoffs, sets_of, split

Floats = npt.NDArray[np.float64]

STARTS, STEPS = 24, 300
MOST_BOXES = 4_000
SLACK = 1e-9
"""What an own payoff that bends up by next to nothing may gain by that, in the game's unit of payoffs."""


def gains(
    game: Any, x: Floats, ranges: SlopeRanges | None, quadratic: Collection[int] = (), search: bool = True
) -> tuple[Floats, tuple[str, ...]]:
    """What each player could gain at a joint point, `[n]`, and how it is known.

    "exact" by the game's own regrets, or by the best reply of a payoff that is concave and quadratic in the own point,
    as those of the players in `quadratic` may be; "bound" where the own payoff is shown to be concave against what the
    others play: then no point of the set gains more than `max_y F_i(x)·(y − x_i) − m|y − x_i|²/2`, with m the least own
    curvature in sets without bounds, and zero in others; "searched", the best of a search, otherwise, or
    without a `search` infinite.
    """
    with jax.enable_x64(True):
        known = np.asarray(game.regrets(split(game.sizes, jnp.asarray(x))), np.float64)
    _, slopes, bends = looked_at(game, x)
    found, how = np.array(known), ["exact"] * len(known)
    for i, (part, own) in enumerate(zip(sets_of(game).parts, sets_of(game).slices, strict=True)):
        if not np.isnan(known[i]):
            continue
        reply = quadratic_reply(part, x[own], slopes[own], bends[own, own]) if i in quadratic else None
        if reply is not None and reply.point is not None:
            moved = reply.point - x[own]
            found[i] = max(float(moved @ (slopes[own] + bends[own, own] @ moved / 2)), 0.0)
            continue
        bend = None if ranges is None else _least_bend(game, ranges, x, own)
        most = np.inf if bend is None else _most_gained(part, x[own], slopes[own], bend)
        if np.isfinite(most):
            found[i], how[i] = most, "bound"
        else:
            found[i], how[i] = _searched_gain(game, x, i, part, own) if search else np.inf, "searched"
    return found, tuple(how)


def quadratic_reply(part: Any, here: Floats, slope: Floats, bend: Floats) -> QuadraticProgram | None:
    """The best point of a set for a quadratic payoff with this own gradient and second derivative at a point.

    None where the payoff bends up, or the set is none of those that quadratic programs are about.
    """
    square = (bend + bend.T) / 2
    if bends_up(square):
        return None
    with contextlib.suppress(InputError):
        return quadratic_program(square, slope - square @ here, part)
    return None


def gain_bounds(game: Any) -> Callable[[Floats], Floats]:
    """From a joint point to the most that each player could gain there, `[n]`; infinite where it is not bounded."""

    @cache
    def ranges() -> SlopeRanges | None:
        return ranges_of(game)

    def at(x: Floats) -> Floats:
        return gains(game, x, ranges(), search=False)[0]

    return at


def _most_gained(part: Any, here: Floats, slope: Floats, bend: float) -> float:
    """`max_y slope·(y − here) − bend |y − here|²/2` over a set, or more; infinite where nothing bounds it."""
    if bend > 0 and not part.bounded:
        moved = nearest(part, here + slope / bend) - here
        return max(float(slope @ moved - bend * (moved @ moved) / 2), 0.0)
    moved = np.where(slope == 0, 0.0, part.highest(slope) - here)
    low, high = part.bounds
    spare = -bend * float(((high - low) ** 2).sum()) / 2 if bend < 0 else 0.0
    return max(float(slope @ moved), 0.0) + spare


def _least_bend(game: Any, ranges: SlopeRanges, x: Floats, own: slice) -> float | None:
    """How much a player's own payoff bends down at least, by bounds over pieces of its set's box; None if it bends up.

    Below zero by so little that what it could gain by that is nothing to speak of.
    """
    low, high = (end[own] for end in sets_of(game).bounds)
    wide = float(((high - low) ** 2).sum())
    nothing = 2 * SLACK * float(game.payoff_range) / wide if 0 < wide < np.inf else 0.0
    left, looked, most = (low[None], high[None]), 0, -np.inf
    while len(left[0]):
        looked += len(left[0])
        if looked > MOST_BOXES:
            return None
        boxes = [np.repeat(x[None], len(left[0]), axis=0) for _ in range(2)]
        boxes[0][:, own], boxes[1][:, own] = left
        bottom, top = (end[:, own, own] for end in ranges.hessians(*boxes))
        largest = _largest(bottom, top)
        done = largest <= nothing
        most = max(most, float(largest[done].max(initial=-np.inf)))
        if not done.all() and wide == np.inf:
            return None
        left = halved(left[0][~done], left[1][~done], np.maximum(high - low, 1e-300))
    return -most


def _largest(bottom: Floats, top: Floats) -> Floats:
    """At least the largest eigenvalue of all symmetric matrices between two."""
    # an own slope without bound below, as of a root at zero, bends down as far as anything
    if bottom.shape[1] == 1:
        return np.asarray(top[:, 0, 0])
    good = np.asarray(np.isfinite(bottom).all(axis=(1, 2)) & np.isfinite(top).all(axis=(1, 2)))
    low, high = np.where(good[:, None, None], bottom, 0.0), np.where(good[:, None, None], top, 0.0)
    middle, radius = (low + high) / 2, (high - low) / 2
    largest = np.linalg.eigvalsh((middle + middle.swapaxes(1, 2)) / 2)[:, -1]
    return np.asarray(np.where(good, largest + radius.sum(axis=2).max(axis=1), np.inf))


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
