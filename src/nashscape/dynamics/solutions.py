"""What the flow of a rule from one start is, once its setup is made: the path, how it ends, when it enters a target."""

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    InputError,
    Outcome,
    Provenance,
    Result,
    Source,
    Status,
    choice,
    finite_array,
    finite_number,
    label_names,
    positive_integer,
    record,
)
from nashscape.dynamics.endings.accounts import Ended, asked_once, labelled
from nashscape.dynamics.endings.mean_fields import Moment
from nashscape.dynamics.endings.recurrences import recurrence_of_path
from nashscape.dynamics.endings.settling import Endings, Settling, status_of
from nashscape.dynamics.integration import Path, Tolerances, at_start, follow, goal_region
from nashscape.dynamics.played import words_of
from nashscape.dynamics.rounding import Ready, rounded_setup
from nashscape.dynamics.setup import Setup, configuration
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.games.rounding import PRECISIONS

Floats = npt.NDArray[np.float64]
FINEST = 20.0
"""Tolerances below so many units of rounding cannot be kept."""


@dataclass(frozen=True, eq=False)
class Flow(Result):
    """The flow of a rule from one start, seen at K times.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        times: when, from 0 on, `[K]`; ends early where the flow came to rest or diverged.
        theta: parameters, `[K, d]`.
        strategies: mixed strategies, one array `[K, a_i]` per player.
        players: their names.
        choices: the name of every number of a player's strategy, in row-major order.
        unit: what these numbers are, "probability" or "coordinate".
        payoffs: expected payoffs in payoff units, `[K, n]`.
        outcome: how it ended: the name of a target, or of an `Outcome`.
        entry_time: when the first target was first entered; None where it never was.
        status: how complete the result is.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "flow"
    picture: ClassVar[str] = "nashscape.figures.trajectories:flow_figure"
    as_table: ClassVar[str] = "nashscape.dynamics.path_tables:flow_table"

    game: str
    rule: str
    times: Floats
    theta: Floats
    strategies: tuple[Floats, ...]
    players: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    unit: str
    payoffs: Floats
    outcome: str
    entry_time: float | None
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Rule, game, length and outcome, as one line."""
        last = ", ".join(f"{own[-1].ravel()[0]:.3f}" for own in self.strategies)
        return f"<Flow {self.rule} on {self.game}: time {self.times[-1]:g} to {self.outcome}, first entries {last}>"


@dataclass(frozen=True)
class Course:
    """How a flow is followed: the keyword arguments of `flow` and `replicator`, checked by `checked`."""

    time: Any
    samples: Any
    rtol: Any
    atol: Any
    rest: Any
    settling: Settling | None
    precision: str
    max_steps: Any

    def checked(self) -> "Course":
        """With every number checked, `samples` as times and `settling` filled in."""
        time = finite_number(self.time, "time", low=0.0, low_open=True)
        dtype = np.dtype(choice(self.precision, "precision", PRECISIONS))
        least = FINEST * float(np.finfo(dtype).eps)
        return Course(
            time,
            _times(time, self.samples),
            finite_number(self.rtol, "rtol", low=least),
            finite_number(self.atol, "atol", low=least),
            None if self.rest is None else finite_number(self.rest, "rest", low=0.0),
            (self.settling or Settling()).checked(),
            self.precision,
            positive_integer(self.max_steps, "max_steps"),
        )


def _times(time: float, samples: Any) -> Floats:
    if np.ndim(samples) == 0:
        return np.linspace(0.0, time, positive_integer(samples, "samples") + 1)
    times = finite_array(samples, "samples", ndim=1)
    if len(times) < 2 or times[0] != 0.0 or times[-1] != time or (np.diff(times) <= 0).any():
        raise InputError(f"samples must be rising times from 0 to {time:g}, or a number of intervals; got {samples!r}")
    return times


def solved(
    setup: Setup,
    name: str,
    theta: Floats,
    goals: Sequence[Target | PointTarget],
    course: Course,
    *,
    of_strategies: bool,
    sources: Sequence[Source],
) -> Flow:
    """Follow a flow; `course` is checked, and `of_strategies` says that rest is that of strategies, not parameters."""
    began = clock.perf_counter()
    ready = rounded_setup(setup, course.precision)
    course = replace(course, precision=ready.precision)
    path, strategies, payoffs, endings = _followed(ready, name, theta, goals, course, of_strategies)
    codes = _labels(setup, endings, goals, course, float(path.times[-1]))
    if not path.finished and codes[0] != Outcome.DIVERGED:
        codes[:] = Outcome.OUT_OF_BUDGET
    return Flow(
        game=setup.game.name,
        rule=name,
        times=path.times,
        theta=path.theta,
        strategies=tuple(strategies),
        **words_of(setup.game.game),
        payoffs=payoffs + ready.removed if ready.removed.any() else payoffs,
        outcome=label_names([goal.name for goal in goals])[int(codes[0])],
        entry_time=path.entry,
        status=status_of(codes),
        provenance=record(
            "flow",
            {**configuration(setup), "start": theta, "targets": list(goals), "course": course},
            precision=course.precision,
            sources=sources,
            run_seconds=clock.perf_counter() - began,
            trajectory_steps=path.solver_steps,
            notes=ready.notes,
        ),
    )


def _followed(
    ready: Ready, name: str, theta: Floats, goals: Sequence[Any], course: Course, of_strategies: bool
) -> tuple[Path, list[Floats], Floats, Endings]:
    """The path, and strategies and payoffs along it."""
    dtype, setup, game = np.dtype(course.precision), ready.setup, ready.setup.game.game
    still = None if course.rest is None else course.rest * game.payoff_range
    goal = goal_region(game.strategy_shapes, goals[0] if goals else None)
    static = {"max_steps": course.max_steps, "of_strategies": of_strategies}
    with jax.enable_x64(course.precision == "float64"):
        limits = jax.tree.map(lambda leaf: np.asarray(leaf, dtype), Tolerances(course.rtol, course.atol, still, goal))
        start = theta.astype(dtype)
        if not np.isfinite(at_start(setup, limits, start, **static)[-1]):
            raise InputError(f"rule {name} has no finite direction at the start with steps of size zero: no flow")
        path = follow(setup, start, course.samples.astype(dtype), limits, **static)
        seen = _looked_at(setup, jnp.asarray(path.theta))
    strategies, payoffs, regret = jax.tree.map(np.asarray, seen)
    escaped = not np.abs(path.theta[-1]).max() < float(setup.projection.escape)
    endings = Endings(
        theta=np.full_like(path.theta[-1:], np.nan) if escaped else path.theta[-1:],
        strategies=tuple(own[-1:] for own in strategies),
        regret=regret[None],
        first_hit=np.full(1, -1, np.int32),
        largest=np.zeros(1),
        recurrence=recurrence_of_path(strategies, path.times, (course.settling or Settling()).close),
    )
    return path, strategies, payoffs, endings


def _labels(
    setup: Setup, endings: Endings, goals: Sequence[Target | PointTarget], course: Course, end: float
) -> npt.NDArray[np.int8]:
    moment = Moment(np.float64(end), np.float64(0.0), np.float64(setup.game.game.payoff_range))
    ended = Ended(
        setup=setup,
        asked=asked_once(setup, moment),
        which=np.zeros(1, np.int64),
        theta=endings.theta,
        strategies=endings.strategies,
        largest=endings.largest,
        is_flow=True,
    )
    assert endings.recurrence is not None
    return labelled(ended, goals, course.settling or Settling(), endings.recurrence.__getitem__).codes


@jax.jit
def _looked_at(setup: Setup, path: jax.Array) -> Any:
    strategies = jax.vmap(setup.game.strategies)(path)
    last = [own[-1] for own in strategies]
    return strategies, jax.vmap(setup.game.utilities)(path), jnp.max(setup.game.game.regrets(last))
