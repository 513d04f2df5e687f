"""The smallest value of a number for which a target is reached often enough."""

from collections.abc import Callable, Sequence
from typing import Any, Unpack, overload

from nashscape.core import InputError, finite_number
from nashscape.core.calls import given, verb
from nashscape.core.options.rows import NO_AUDIT, QUIET
from nashscape.core.searching import axis_of
from nashscape.dynamics import Starts
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.hosting import Hosted
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.targets import THRESHOLD
from nashscape.learning import Box, Estimator, Rule, Schedule, check_rule
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.learning.dials import dial_of, usual_rule
from nashscape.selection.option_types import SteerOptions
from nashscape.selection.steering.measuring import measuring_of
from nashscape.selection.steering.steering_questions import SteeringSearch
from nashscape.selection.steering.steering_restarts import steer_restarts
from nashscape.selection.steering.steering_results import Steering
from nashscape.semantics import Playable, parametric

FINEST = 2.0**-20
"""Usual tolerance of noise-free searches, as a share of the range."""


@overload
def steer(
    game: "Playable",
    parameter: Any = "peer",
    target: Any = None,
    at_least: float = 0.5,
    *,
    rule: Rule | Hosted | None = None,
    **options: Unpack[SteerOptions],
) -> Steering: ...
@overload
def steer(
    game: "Playable",
    parameter: Any = "peer",
    target: Any = None,
    at_least: float = 0.5,
    *,
    rule: Sequence[Rule | Hosted],
    **options: Unpack[SteerOptions],
) -> ByRule[Steering]: ...
@verb(**NO_AUDIT)
def steer(
    game: "Playable",
    parameter: Any = "peer",
    target: Any = None,
    at_least: float = 0.5,
    *,
    low: float | None = None,
    high: float | None = None,
    rule: Rule | Hosted | Sequence[Rule | Hosted] | None = None,
    about: str | None = None,
    starts: Starts | None = None,
    n: int | None = None,
    grid: int | None = None,
    region: tuple[float, float] = (0.05, 0.95),
    scan: int | None = None,
    tolerance: float | None = None,
    error: float = 0.05,
    most_trials: int = 4096,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
    steps: int | None = None,
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
) -> Any:
    """The smallest value of one number for which the share of runs that reach a target is at least what is wanted.

        x* = inf { x : Pr(φ_T ∈ target | x) ≥ at_least }

    The range is scanned at equal steps and the switches are closed in on by bisection; that more helps more is not
    assumed, and where the share is lost again is reported. Starts and random numbers are the same at all values.

    * `about="starts"`, of noise-free updates: the share of one fixed set of starts is a function of the value, and
      every answer is exact. It speaks of these starts; of random ones intervals say how far the distribution may be,
      and bisection ends where they no longer tell the shares at both ends of a bracket apart (`too_few`).
    * `about="distribution"`: the probability over random starts and updates. At every value trials are made until a
      sequence of tests that may be stopped at any time has decided, or `most_trials` are spent. All its answers are
      right together with probability `1 − error`, shared out among all values that bisection could ever ask about.

    Args:
        game: a game, or a game with a semantics.
        parameter: "peer" (default), "own", "lookahead" or "inner_lr", coefficients of the rule; "coupling" of players
            of open source; "noise" in what such players read; "strength" of reading weights; "warm_up", the number of
            steps of the rule before policy gradient; "steps", "batch", "step_size", "exponent", "std" and other numbers
            of the case, also by their path, such as "estimator.batch"; "restarts", the number of fresh starts; a
            `Dial`; or a function from a value to a game (with a subsidy, say), a rule, `(game, rule)`, or a mapping of
            what changes.
        target: the profile to reach; by default the first of `choose_targets`.
        at_least: the share that is wanted, above 0 and at most 1 (below 1 for a distribution); by default 0.5.
        low: lower end of the range; functions need both ends.
        high: upper end.
        rule: how the players learn, or a list of rules; by default `meta_mapg()`, `lola()` for "lookahead", `pg()` for
            games that vary.
        about: "starts" or "distribution"; by default the former where updates are exact.
        starts: where runs start; by default a grid of cells for independent players with two actions, else
            `starts.normal(std=1.35)`.
        n: number of starts; by default 400 of a distribution and all of given ones.
        grid: cells per player; by default 51.
        region: least and largest probability of the first action on the grid; by default (0.05, 0.95).
        scan: values that are looked at first; by default 33, or 9 for a distribution.
        tolerance: widest bracket; by default a millionth of the range, or a 64th for a distribution.
        error: the probability with which any answer about a distribution may be wrong; by default 0.05.
        most_trials: runs at one value at most; by default 4096.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        level: confidence level of the intervals of random starts; by default 0.95.
        progress: called with (values done, values that are expected).
        steps: updates of each run; by default 140 on a grid, 260 from random starts, 120 for "restarts".
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`. In a game that is
            only played how players are looked at; by default `observing()`.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: starts that advance together; results do not depend on it.

    Returns:
        A `Steering`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for input that does not fit.

    Example:
        >>> from nashscape import games
        >>> found = steer(games.stag_hunt(), "peer", "CC", 0.6, grid=21, tolerance=0.01)
        >>> found
        <Steering meta_mapg on stag_hunt: CC at least 0.6, peer in [3.64258, 3.65234]; complete>
        >>> [round(one.value, 3) for one in found.ends]
        [0.596, 0.601]

    Source: Robbins (1970) for the tests; the rest is derived here.
    """
    options = given(locals(), ("steps", *QUIET))
    at_least = finite_number(at_least, "at_least", low=0.0, high=1.0, low_open=True)
    error = finite_number(error, "error", low=0.0, high=1.0, low_open=True, high_open=True)
    if parameter == "restarts":
        if grid is not None or about == "starts":
            raise InputError(
                "restarts draw their starts at random, and are about a distribution; leave grid and about out"
            )
        return usual_or_many(
            rule,
            lambda one: steer_restarts(
                game, one, target, at_least, low, high, starts=starts, n=n, threshold=threshold, error=error, **options
            ),
        )
    dial, learners = dial_of(parameter), parametric(game)
    first = dial.end("low", low)

    def run(learned: Rule | None) -> Steering:
        chosen = check_rule(usual_rule(parameter) if learned is None else learned)
        measuring = measuring_of(
            learners, chosen, lambda case: dial(case, first), target, at_least, about=about, starts=starts, n=n,
            grid=grid, region=region, error=error, most_trials=most_trials, threshold=threshold, level=level,
            options=options,
        )  # fmt: skip
        last = dial.end("high", float(measuring.case.steps) if high is None and dial.name == "warm_up" else high)
        wide, fixed = last - first, measuring.about == "starts"
        axis = axis_of(
            first, last, (33 if fixed else 9) if scan is None else scan,
            (wide * FINEST if fixed else wide / 64) if tolerance is None else tolerance, whole=dial.whole,
        )  # fmt: skip
        return SteeringSearch(dial, measuring, axis).answer(learners.name, progress)

    return usual_or_many(rule, run)
