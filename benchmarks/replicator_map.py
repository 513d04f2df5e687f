"""A replicator map of 101×101 starts against Nashpy and OpenSpiel, which follow one start at a time."""

import importlib
import time
from collections.abc import Callable
from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.integrate import odeint

from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape.dynamics import make_setup, run_starts, starts
from nashscape.dynamics.flows import flow
from nashscape.dynamics.replication import Replicator
from nashscape.dynamics.velocities import flow_steps
from nashscape.games import DenseGame, stag_hunt
from nashscape.learning import box
from nashscape.selection.maps.flow_maps import flow_map
from nashscape.semantics import parametric

TIME = 40.0
SIZES = {Size.FULL: (101, 97, 5), Size.QUICK: (101, 97, 2), Size.TINY: (9, 7, 1)}
"""The grid, the distance of the starts that the others follow, and repetitions.

The others' time is scaled up; the distance divides no row of the grid.
"""

Floats = npt.NDArray[np.float64]
Ends = Callable[[DenseGame, Floats], Floats]


def run(size: Size) -> list[Row]:
    """See the module."""
    game = stag_hunt()
    grid, every, repetitions = SIZES[size]
    _map(game, grid)  # compiles
    rows = [_accuracy(game, grid, every), _adaptive(game, grid, repetitions)]
    for name, module in {"Nashpy": "nashpy", "OpenSpiel": "open_spiel.python.egt.dynamics"}.items():
        try:
            ends = OTHERS[name](importlib.import_module(module))
        except ModuleNotFoundError:
            rows.append(Row(f"replicator map: times faster than {name}", None, details="not installed, not compared"))
            continue
        rows.append(_faster(game, name, ends, SIZES[size]))
    return rows


def _map(game: DenseGame, grid: int) -> tuple[Any, float]:
    began = time.perf_counter()
    found = flow_map(game, grid=grid, time=TIME, targets=["CC", "DD"])
    return found, time.perf_counter() - began


def _points(found: Any, every: int = 1) -> Floats:
    axis = found.axis
    return np.stack([each.ravel() for each in np.meshgrid(axis, axis, indexing="ij")], axis=1)[::every]


def _faster(game: DenseGame, name: str, ends: Ends, how: tuple[int, int, int]) -> Row:
    grid, every, repetitions = how
    ours, theirs = [], []
    for _ in range(repetitions):
        found, seconds = _map(game, grid)
        points = _points(found, every)
        began = time.perf_counter()
        reached = ends(game, points)
        theirs.append((time.perf_counter() - began) * grid**2 / len(points))
        ours.append(seconds)
    # who ends where: shares of the first action, both above the threshold
    cooperate = (reached >= 0.82).all(axis=1)
    same = float(np.mean(cooperate == found.reached("CC")[0].ravel()[::every]))
    if same < 1.0:
        raise RuntimeError(f"{name} and the library agree on a share of {same:.3f} of the starts only")
    details = f"nashscape {times(ours)}, {name} {times(theirs)}, scaled up from {len(points)} starts, same ends"
    return Row(f"replicator map: times faster than {name}", paired_ratio(theirs, ours), against=name, details=details)


def _nashpy(nashpy: Any) -> Ends:
    def ends(game: DenseGame, points: Floats) -> Floats:
        solver, when = nashpy.Game(*game.payoffs), np.array([0.0, TIME])
        found = [
            solver.asymmetric_replicator_dynamics(np.array([p, 1 - p]), np.array([q, 1 - q]), timepoints=when)
            for p, q in points
        ]
        return np.array([[row[-1, 0], column[-1, 0]] for row, column in found])

    return ends


def _open_spiel(dynamics: Any) -> Ends:
    def ends(game: DenseGame, points: Floats) -> Floats:
        field = dynamics.MultiPopulationDynamics(game.payoffs, dynamics.replicator)
        return np.array([odeint(field, [p, 1 - p, q, 1 - q], [0.0, TIME])[-1, [0, 2]] for p, q in points])

    return ends


OTHERS: dict[str, Callable[[Any], Ends]] = {"Nashpy": _nashpy, "OpenSpiel": _open_spiel}


def _accuracy(game: DenseGame, grid: int, every: int) -> Row:
    """The steps of the map against the adaptive solver, at a time at which most starts still move."""
    learners, limit, when, step = parametric(game), box(30.0), 2.0, 0.2 / game.payoff_range
    points = _logits(_points(_map(game, grid)[0], every)[::5])
    adaptive = [
        flow(game, Replicator(), starts.parameters([one]), time=when, rtol=1e-13, atol=1e-13, projection=limit)
        for one in points
    ]
    steps = round(when / step)
    setup = make_setup(learners, flow_steps(learners, Replicator(), projection=limit), step_size=step, projection=limit)
    found, _ = run_starts(
        setup, starts.parameters(points), np.arange(len(points)), steps=steps,
        precision="float64",
    )  # fmt: skip
    worst = float(np.abs(found.theta - np.array([one.theta[-1] for one in adaptive])).max())
    details = f"largest error of a logit at time {when:g}: {worst:.1e}, {len(points)} starts, against tolerance 1e-13"
    digits = -float(np.log10(worst))
    return Row("replicator map: right decimals of the steps", digits, unit="", least=9.0, details=details)


def _adaptive(game: DenseGame, grid: int, repetitions: int) -> Row:
    """What one would write instead: the adaptive solver under `vmap`, which waits for the slowest start."""
    payoffs = game.payoffs

    def field(_: Any, theta: jax.Array, __: Any) -> jax.Array:
        first, second = (jnp.stack([share, 1.0 - share]) for share in jax.nn.sigmoid(theta))
        mine, other = payoffs[0] @ second, first @ payoffs[1]
        return jnp.stack([mine[0] - mine[1], other[0] - other[1]])

    @jax.jit
    def ends(points: jax.Array) -> jax.Array:
        return jax.vmap(
            lambda start: diffrax.diffeqsolve(
                diffrax.ODETerm(field), diffrax.Tsit5(), 0.0, TIME, None, start, max_steps=None,
                stepsize_controller=diffrax.PIDController(rtol=1e-9, atol=1e-9), adjoint=diffrax.ForwardMode(),
            ).ys[-1]
        )(points)  # fmt: skip

    ours, theirs = [], []
    with jax.enable_x64(True):
        points = jnp.asarray(_logits(_points(_map(game, grid)[0])))
        ends(points).block_until_ready()
        for _ in range(repetitions):
            ours.append(_map(game, grid)[1])
            began = time.perf_counter()
            reached = np.asarray(ends(points))
            theirs.append(time.perf_counter() - began)
    both = (reached > 0).all(axis=1).mean()
    if abs(both - float(_map(game, grid)[0].reached("CC").mean())) > 1e-3:
        raise RuntimeError("the adaptive solver under vmap leads elsewhere")
    details = f"nashscape {times(ours)}, Diffrax {times(theirs)} at tolerance 1e-9, {grid**2:,} starts"
    name = "adaptive vmap"
    return Row(f"replicator map: times faster than {name}", paired_ratio(theirs, ours), against=name, details=details)


def _logits(points: Floats) -> Floats:
    return np.log(points) - np.log1p(-points)
