"""Whether runs come back: what is watched in the second half of a run, and what it amounts to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.dynamics.setup import Setup

FAR = 10.0
"""A run has left a place when it is so many times as far away as counts as having come back."""

LASTING = 0.9
"""Excursions do not shrink where those of the last quarter reach as far as so much of those of the quarter before."""

LOOKS = 1024

SMALL = 0.1
"""A run whose strategies all stay within so much in its second half is slow."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Watching:
    """What to watch for: the update from which the last quarter counts, and how close counts as coming back."""

    quarter: Any
    close: Any


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Watch:
    """What is remembered since the watching began: where, whether the run left and came back, and how far it went in
    all (`low`, `high`, one entry per strategy), in the last quarter, and in the one before it."""

    anchor: Any
    left: Any
    returned: Any
    low: Any
    high: Any
    last_low: Any
    last_high: Any
    third: Any


def start_watch(setup: Setup, theta: jax.Array) -> Watch:
    """A watch that has seen nothing yet."""
    anchor = _flat(setup, theta)
    no = jnp.zeros((), bool)
    return Watch(anchor, no, no, anchor, anchor, anchor, anchor, jnp.zeros((), theta.dtype))


def watch(setup: Setup, after: jax.Array, step: jax.Array, seen: Watch, watching: Watching) -> Watch:
    """Take in update number `step`, which led to the parameters `after`."""
    played = _flat(setup, after)
    distance = jnp.max(jnp.abs(played - seen.anchor))
    left = seen.left | (distance > FAR * watching.close)
    turn = step == watching.quarter
    return Watch(
        anchor=seen.anchor,
        left=left,
        returned=seen.returned | (left & (distance < watching.close)),
        low=jnp.minimum(seen.low, played),
        high=jnp.maximum(seen.high, played),
        last_low=jnp.where(turn, played, jnp.minimum(seen.last_low, played)),
        last_high=jnp.where(turn, played, jnp.maximum(seen.last_high, played)),
        third=jnp.where(turn, jnp.max(seen.last_high - seen.last_low), seen.third),
    )


def _flat(setup: Setup, theta: jax.Array) -> jax.Array:
    return jnp.concatenate([own.ravel() for own in setup.game.strategies(theta)])


@dataclass(frozen=True, eq=False)
class Recurrence:
    """What the second halves of N runs amount to.

    Attributes:
        cycling: came back after having left, on excursions that do not shrink, `[N]`.
        slow: hardly moved, `[N]`.
    """

    cycling: npt.NDArray[np.bool_]
    slow: npt.NDArray[np.bool_]

    def __getitem__(self, runs: Any) -> "Recurrence":
        return Recurrence(self.cycling[runs], self.slow[runs])


def recurrence(returned: Any, spread: Any, third: Any, fourth: Any) -> Recurrence:
    """From whether runs came back, and how far they went in their second half and its two parts, `[N]` each."""
    lasting = np.asarray(fourth) >= LASTING * np.asarray(third)
    return Recurrence(np.asarray(returned, bool) & lasting, np.asarray(spread) < SMALL)


def recurrence_of_path(strategies: Sequence[npt.NDArray[Any]], clock: npt.NDArray[Any], close: float) -> Recurrence:
    """The same of one path that was looked at K times; between two looks it counts as straight.

    Args:
        strategies: one array `[K, …]` per player.
        clock: when, `[K]`.
        close: a distance in probability, largest coordinate.

    Example:
        >>> time = np.linspace(0.0, 8.0 * np.pi, 90)
        >>> circle = [np.stack([np.cos(time), np.sin(time)], axis=1)]
        >>> bool(recurrence_of_path(circle, time, 0.01).cycling[0])
        True
        >>> spiral = [np.exp(-0.2 * time)[:, None] * circle[0]]
        >>> bool(recurrence_of_path(spiral, time, 0.01).cycling[0])
        False
    """
    path = np.concatenate([own.reshape(len(own), -1) for own in strategies], axis=1)
    end = float(clock[-1])
    half, quarter = (int(np.searchsorted(clock, share * end)) for share in (0.5, 0.75))
    half = min(half, len(path) - 1)
    parts = [path[half:], path[half : quarter + 1], path[quarter:]]
    spread, third, fourth = (float(np.ptp(part, axis=0).max()) if len(part) else 0.0 for part in parts)
    return recurrence([_came_back(path[half:], close)], [spread], [third], [fourth])


def _came_back(path: npt.NDArray[Any], close: float) -> bool:
    offsets = path - path[0]
    left = np.abs(offsets).max(axis=1) > FAR * close
    if not left.any():
        return False
    begin, moved = offsets[:-1], np.diff(offsets, axis=0)
    length = np.sum(moved**2, axis=1)
    # the nearest point of every straight piece to the place of the beginning, which is zero here
    share = np.clip(-np.sum(begin * moved, axis=1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    nearest = np.abs(begin + share[:, None] * moved).max(axis=1)
    return bool((nearest[int(left.argmax()) :] < close).any())


@dataclass(frozen=True)
class Clock:
    """Where the second half of a run of T updates begins, and its last quarter, on the clock `Σ h_t`.

    Attributes:
        half: updates made when half of the clock is over.
        quarter: number of the update with which the last quarter begins.
    """

    half: int
    quarter: int


def clock_of(step_size: Any, steps: int) -> Clock:
    """The halves of a run's clock, by the step sizes of 1,024 of its updates."""
    # always as many, so that nothing is compiled anew for another number of updates
    some = np.linspace(0, steps - 1, LOOKS).round().astype(np.int32)
    sizes = np.asarray(_sizes(step_size, some), np.float64)
    passed = np.concatenate([[0.0], np.cumsum(0.5 * (sizes[1:] + sizes[:-1]) * np.diff(some))])
    half, quarter = (int(np.interp(share * passed[-1], passed, some)) for share in (0.5, 0.75))
    return Clock(min(half, steps - 1), quarter)


@jax.jit
def _sizes(step_size: Any, steps: jax.Array) -> jax.Array:
    return jax.vmap(lambda step: jnp.asarray(step_size(step), float), axis_size=LOOKS)(steps)
