"""Solving the flow of a rule from one start, with adaptive steps, by Diffrax."""

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.dynamics.setup import Setup
from nashscape.dynamics.solvers import solvers
from nashscape.dynamics.targets import PointTarget, Region, Target, has_actions, region
from nashscape.dynamics.velocities import velocity

Floats = npt.NDArray[np.float64]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Tolerances:
    """Numbers of a solve: tolerances, the speed below which it stops, if it does, and the target that it looks for."""

    rtol: Any
    atol: Any
    still: Any
    goal: Region


@dataclass(frozen=True, eq=False)
class Path:
    """What a solve found.

    Attributes:
        times: when it was looked at, `[K]`.
        theta: where it was, `[K, d]`.
        entry: when the target was first entered, or None.
        finished: whether the solver got to the end of the time or to rest.
        solver_steps: steps tried.
    """

    times: Floats
    theta: Floats
    entry: float | None
    finished: bool
    solver_steps: int


def goal_region(shapes: Any, target: Target | PointTarget | None) -> Region:
    """The region of a target without the bounds that every strategy keeps, so that entry shows as a change of sign."""
    found = region(shapes, target)
    if not has_actions(target):
        return found
    lower = tuple(np.where(low > 0.0, low, -np.inf) for low in found.lower)
    return Region(lower, tuple(np.full_like(high, np.inf) for high in found.upper))


def slack(setup: Setup, goal: Region, theta: jax.Array) -> jax.Array:
    """How far inside the region the strategies are; negative outside."""
    gaps = [
        jnp.minimum(jnp.min(own - low), jnp.min(high - own))
        for own, low, high in zip(setup.game.strategies(theta), goal.lower, goal.upper, strict=True)
    ]
    return jnp.min(jnp.stack(gaps))


def field(setup: Setup, time: Any, theta: jax.Array) -> jax.Array:
    """The projected velocity."""
    return velocity(setup.game, setup.rule, setup.estimator, setup.projection, time, theta)


def speed(setup: Setup, time: Any, theta: jax.Array, of_strategies: bool) -> jax.Array:
    """The fastest movement of a parameter, or of a probability, per unit of time."""
    moved = field(setup, time, theta)
    if of_strategies:
        moved = jnp.concatenate([own.ravel() for own in jax.jvp(setup.game.strategies, (theta,), (moved,))[1]])
    return jnp.max(jnp.abs(moved))


def signals(setup: Setup, limits: Tolerances, time: Any, theta: jax.Array, of_strategies: bool) -> jax.Array:
    """Numbers that turn positive where the target is entered, beyond what counts as diverged, and at rest."""
    parts = [slack(setup, limits.goal, theta), jnp.max(jnp.abs(theta)) - setup.projection.escape]
    if limits.still is not None:
        parts.append(limits.still - speed(setup, time, theta, of_strategies))
    return jnp.stack(parts)


def follow(setup: Setup, theta: Floats, times: Floats, limits: Tolerances, **static: Any) -> Path:
    """The path from a start, seen at these times (from 0 on), until the last of them or until it is at rest.

    Where it enters the target the solve starts anew, at the moment that a root finder locates on the interpolant of
    the solver's step.
    """
    dtype = theta.dtype
    inside, *ended = at_start(setup, limits, theta, **static)[:-1]
    entered_at_once = inside >= 0.0
    if max(ended) >= 0.0:
        return Path(times[:1], theta[None], 0.0 if entered_at_once else None, True, 0)
    nowhere = jax.tree.map(lambda bound: np.full_like(bound, np.inf), limits.goal.lower)
    elsewhere = Tolerances(limits.rtol, limits.atol, limits.still, Region(nowhere, nowhere))
    part = _solve(setup, theta, times, elsewhere if entered_at_once else limits, **static)
    parts, entry = [part], 0.0 if entered_at_once else None
    if part["entered"]:
        entry = float(part["end"])
        later = np.maximum(times, entry).astype(dtype)
        parts.append(_solve(setup, part["last"], later, elsewhere, **static))
    # a part holds infinity where it was not solved; the place of entry itself belongs to both
    seen = np.where(times <= float(parts[0]["end"]), 0, len(parts) - 1)
    path = np.stack([parts[k]["path"][row] for row, k in enumerate(seen)])
    end, last = float(parts[-1]["end"]), parts[-1]["last"]
    kept = (times <= end) & np.isfinite(path).all(axis=1)
    times, path = times[kept], path[kept]
    if not len(times) or end > times[-1]:
        times, path = np.append(times, end), np.vstack([path, last[None]])
    finished = all(bool(part["well"]) for part in parts)
    return Path(times, path, entry, finished, sum(int(part["tried"]) for part in parts))


def at_start(setup: Setup, limits: Tolerances, theta: Floats, *, of_strategies: bool, **_: Any) -> list[float]:
    """The signals at time zero, and last the speed."""
    return np.asarray(_begun(setup, limits, jnp.asarray(theta), of_strategies=of_strategies)).tolist()


@functools.partial(jax.jit, static_argnames=("of_strategies",))
def _begun(setup: Setup, limits: Tolerances, theta: jax.Array, *, of_strategies: bool) -> jax.Array:
    found = signals(setup, limits, 0.0, theta, of_strategies)
    return jnp.append(found, speed(setup, 0.0, theta, of_strategies))


def _solve(setup: Setup, theta: Any, times: Floats, limits: Tolerances, **static: Any) -> dict[str, Any]:
    return jax.tree.map(np.asarray, _solved(setup, jnp.asarray(theta), jnp.asarray(times), limits, **static))


@functools.partial(jax.jit, static_argnames=("max_steps", "of_strategies"))
def _solved(
    setup: Setup, theta: jax.Array, times: jax.Array, limits: Tolerances, *, max_steps: int, of_strategies: bool
) -> dict[str, Any]:
    """One solve, compiled once for each structure of the setup and number of times."""
    diffrax, optimistix = solvers()

    def signal(t: Any, y: Any, args: Any, **_: Any) -> jax.Array:
        return jnp.max(signals(setup, limits, t, y, of_strategies))

    precise = 4096.0 * float(np.finfo(theta.dtype).eps)
    finder = optimistix.Bisection(precise, precise, flip=False)
    found = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda t, y, args: field(setup, t, y)),
        diffrax.Dopri8(),
        t0=times[0],
        t1=times[-1],
        dt0=None,
        y0=theta,
        saveat=diffrax.SaveAt(subs=[diffrax.SubSaveAt(ts=times), diffrax.SubSaveAt(t1=True)]),
        stepsize_controller=diffrax.PIDController(rtol=limits.rtol, atol=limits.atol),
        event=diffrax.Event(signal, finder, direction=True),
        adjoint=diffrax.ForwardMode(),
        max_steps=max_steps,
        throw=False,
    )
    assert found.ys is not None
    assert found.ts is not None
    project = functools.partial(jnp.clip, min=setup.projection.low, max=setup.projection.high)
    path, end, last = found.ys[0], found.ts[1][0], found.ys[1][0]
    first = jnp.argmax(signals(setup, limits, end, last, of_strategies))
    # the root finder says that it failed where floats are coarser than it wants; its place is as good as can be
    well = [diffrax.RESULTS.successful, diffrax.RESULTS.event_occurred, diffrax.RESULTS.nonlinear_max_steps_reached]
    return {
        "path": jnp.where(jnp.isfinite(path), project(path), path),
        "last": project(last),
        "end": end,
        "entered": found.event_mask & (first == 0),
        "well": jnp.stack([found.result == result for result in well]).any(),
        "tried": found.stats["num_steps"],
    }
