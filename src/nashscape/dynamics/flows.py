"""The flow of a rule from one start: the ordinary differential equation that its updates follow in small steps."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.interrupts import stoppable
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.setup import make_setup
from nashscape.dynamics.solutions import Course, Flow, solved
from nashscape.dynamics.starts import is_starts, strategies_to_parameters
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import watched_targets
from nashscape.dynamics.velocities import check_flow
from nashscape.games import Game
from nashscape.learning import Box, Estimator, Rule
from nashscape.learning.projection import is_box
from nashscape.semantics import ParametricGame, parametric

__all__ = ["Flow", "flow"]

Floats = npt.NDArray[np.float64]


@stoppable
def flow(
    game: Game | ParametricGame,
    rule: Rule,
    start: Any,
    *,
    time: float = 100.0,
    targets: Any = None,
    threshold: float = THRESHOLD,
    samples: int | Sequence[float] = 200,
    rtol: float = 1e-9,
    atol: float = 1e-9,
    rest: float | None = None,
    estimator: Estimator | None = None,
    projection: Box | None = None,
    settling: Settling | None = None,
    precision: str = "float64",
    max_steps: int = 100_000,
    optimiser: Any = None,
) -> Flow:
    """Follow the flow `θ̇ = direction of the rule at θ` from one start, with adaptive steps of order eight.

    It is what discrete updates of step size h follow, with an error of order h, for times t = steps · h. A
    coefficient that is a schedule is taken at the time t as its step. On a box it is the projected flow: where a
    parameter lies on a bound and its velocity points outwards, that velocity is zero.

    Args:
        game: a game, or a game with a semantics.
        rule: how the players learn; a rule without memory.
        start: one strategy per player (for two actions the probability of the first), or
            `starts.parameters([theta])`.
        time: how long; a rule's direction is in payoff units per parameter, and moves parameters by so much per unit of
            time. By default 100.
        targets: profiles to look for, such as `["CC", "DD"]`; by default those of `choose_targets`, as for maps, and
            `[]` for none. Entry is seen where it lasts longer than one step of the solver.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        samples: how many equal intervals of time to look at, or the times themselves, from 0 to `time`; by default 200.
        rtol: relative tolerance per step of the solver; by default 1e-9.
        atol: absolute tolerance per step, in parameters; by default 1e-9.
        rest: stop where no parameter moves faster than this, per unit of the range of payoffs; by default the flow
            goes on to the end, where at rest that costs nothing.
        estimator: `exact()`, the default; there is no flow of sampled updates.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when the end counts as rest (`still`, `regret`) and when as a cycle (`close`); the second half of
            the time is watched for cycles.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.
        max_steps: steps that the solver may try, for each of the parts before and after the entry of the target; by
            default 100000.
        optimiser: none; a flow has no steps for one to stand before.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg
        >>> found = flow(games.stag_hunt(), pg(), [0.7, 0.7], targets=["CC", "DD"])
        >>> found, round(found.entry_time, 4)
        (<Flow pg on stag_hunt: time 100 to CC, first entries 0.986, 0.986>, 14.6958)

    Source: Prince and Dormand (1981), the solver `Dopri8` of Diffrax (Kidger 2022).
    """
    learners = parametric(game)
    goals = watched_targets(learners, targets, threshold)
    check_flow(learners, rule, estimator, projection, optimiser)
    course = Course(time, samples, rtol, atol, rest, settling, precision, max_steps).checked()
    setup = make_setup(learners, rule, estimator=estimator, step_size=1.0, projection=projection)
    if not is_box(setup.projection):
        raise InputError(f"the parameters of {learners.name} are kept in {setup.projection!r}; a flow needs a box")
    theta = _start(learners, start)
    _check_inside(theta, setup.projection)
    return solved(setup, rule.name, theta, goals, course, of_strategies=False, sources=rule.sources)


def _start(learners: ParametricGame, start: Any) -> Floats:
    if is_starts(start):
        return start.parameters(learners, np.zeros(1, dtype=np.int64), 0)[0]
    return strategies_to_parameters(learners, start)


def _check_inside(theta: Floats, box: Box) -> None:
    if (theta < box.low).any() or (theta > box.high).any():
        raise InputError(
            f"the start has the parameters {np.round(theta, 3).tolist()}, outside the box from {box.low:g} to "
            f"{box.high:g}; start inside it or give a wider projection"
        )
