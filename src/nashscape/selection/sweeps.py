"""Sweeps: the share of starts that reach an outcome against one number of a rule."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, finite_array, finite_number
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import check_stop, until_stopped
from nashscape.core.options import default
from nashscape.core.options.rows import QUIET
from nashscape.core.sizes import check_size
from nashscape.dynamics import Staged, Starts, completed
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.hosting import Hosted, is_hosted
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import COPIES, bytes_of_run
from nashscape.dynamics.runs import code_of
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_starts
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.learning import Box, Estimator, Rule, Schedule
from nashscape.learning.by_rule import ByRule, by_name, checked_rules
from nashscape.learning.dial import Dial
from nashscape.learning.dials import dial_of, usual_rule
from nashscape.selection.entries import Entry, count_of, entry_of
from nashscape.selection.maps.basin_maps import BasinMap, grid_of, map_of, rollouts_of
from nashscape.selection.option_types import SweepOptions
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]
FROM_STARTS = ("starts", "n", "level")
"""Options that only random starts have; with any of them a sweep draws starts instead of laying a grid."""
FROM_GRID = ("grid", "kind", "low", "high", "rollouts")
DRAWN = "give n (--n), so that as many starts are drawn, which may be anywhere"
"""What to do where no grid can be laid."""


@dataclass(frozen=True, eq=False)
class Sweep(Result):
    """How the share of starts that reach an outcome changes with one number of a rule.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        parameter: name of the number.
        outcome: name of the outcome.
        values: values of the number, `[K]`, in the order asked.
        estimates: the share of the outcome at each, with its interval.
        results: the map or the entry behind each.
        status: INTERRUPTED where values are missing; else the first of the results that is not complete.
        provenance: what was asked, versions, cost of all values together.
    """

    question_kind: ClassVar[str] = "sweep"
    picture: ClassVar[str] = "nashscape.figures.sweeping:swept_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_sweep"
    as_grid: ClassVar[str] = "nashscape.selection.result_columns:grid_of_values"
    as_table: ClassVar[str] = "nashscape.selection.steering.tables:sweep_table"
    computed: ClassVar[tuple[str, ...]] = ("on_grid",)

    game: str
    rule: str
    parameter: str
    outcome: str
    values: Floats
    estimates: tuple[Estimate, ...]
    results: tuple[BasinMap | Entry, ...]
    status: Status
    provenance: Provenance

    @property
    def on_grid(self) -> bool:
        """Whether starts are a grid, so that shares are fractions of a map; else they were drawn."""
        return hasattr(self.results[0], "axis")

    def shares(self, outcome: str) -> tuple[Estimate, ...]:
        """The share of any outcome at every value."""
        return tuple(_share(one, outcome) for one in self.results)

    def __repr__(self) -> str:
        """Rule, game, range and shares at its ends, as one line."""
        low, high = int(np.argmin(self.values)), int(np.argmax(self.values))
        ends = [f"{self.estimates[k].value:.4f} at {self.values[k]:g}" for k in (low, high)]
        return (
            f"<Sweep {self.rule} on {self.game}, {self.outcome} over {self.parameter}: {ends[0]}, {ends[1]}, "
            f"{len(self.values)} values; {self.standing}>"
        )


@overload
def sweep(
    game: "Playable",
    dial: Any,
    values: npt.ArrayLike,
    *,
    rule: Rule | Hosted | None = None,
    **options: Unpack[SweepOptions],
) -> Sweep: ...
@overload
def sweep(
    game: "Playable",
    dial: Any,
    values: npt.ArrayLike,
    *,
    rule: Sequence[Rule | Hosted],
    **options: Unpack[SweepOptions],
) -> ByRule[Sweep]: ...
@verb()
def sweep(
    game: "Playable",
    dial: Any,
    values: npt.ArrayLike,
    *,
    rule: Rule | Hosted | Sequence[Rule | Hosted] | None = None,
    parameter: str | None = None,
    outcome: str | None = None,
    targets: Any = None,
    grid: int | None = None,
    kind: str | None = None,
    low: float | None = None,
    high: float | None = None,
    rollouts: int | None = None,
    starts: Starts | None = None,
    n: int | None = None,
    level: float | None = None,
    threshold: float = THRESHOLD,
    reducers: Any = (),
    steps: int | None = None,
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    audit: int | bool | None = None,
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """The share of starts that reach an outcome, for several values of one number.

    Starts are a grid, as in `basin_map`, unless one of `starts`, `n` and `level` is given: then they are drawn, as in
    `entry_probability`. They and the random numbers of updates are the same for every value. Numbers of games and of
    rules are arguments of the compiled program, which is made once; only for those that are part of it (such as
    `steps_ahead`) is there one for every value.

    Args:
        game: a game, or a game with a semantics.
        dial: what varies: a name that `steer` knows, such as "peer", "coupling" or "batch"; the path of a number, such
            as "step_size.exponent"; a `Dial`; or a function from a value to a rule, a game, or both.
        values: the values, `[K]`, all different.
        rule: how the players learn, or a list of rules; by default the usual one of the number, such as
            `meta_mapg()` of its coefficients.
        parameter: the name of a function's value, for tables and figures; by default that of the dial, or "value".
        outcome: whose share; by default the first target.
        targets: profiles to look for; by default those of `dynamics.choose_targets` of the game at the
            first value: all strict pure equilibria, or all pure profiles of a small game whose players read each other.
        grid: cells per player of a grid of starts; by default 51.
        kind: of the grid: "cells" (default) or "endpoints".
        low: of the grid, its least starting probability of the first action; by default 0.05.
        high: of the grid, its largest; by default 0.95.
        rollouts: runs per cell of the grid; 1 for exact updates, by default 2 for sampled ones.
        starts: random starts in place of a grid; by default `starts.normal(std=1.35)`.
        n: number of random starts; by default 400, or every one of given points.
        level: confidence level of the intervals of random starts; by default 0.95.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        reducers: what to compute along the runs without storing them; by default none.
        steps: updates of each run; by default 140 on a grid, else 260.
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        audit: runs of every label that are continued to see what becomes of them, False for none; by default 32 where
            that is cheap.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (values done, values in all), over all rules.

    Returns:
        A `Sweep`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> sweep(games.stag_hunt(), "peer", [0, 1.5, 5], grid=21)
        <Sweep meta_mapg on stag_hunt, CC over peer: 0.2562 at 0, 0.6621 at 5, 3 values; complete>

    Source: arXiv 2605.18078 for the sweep over the peer coefficient.
    """
    options = given(locals(), (*FROM_STARTS, *FROM_GRID, "threshold", "reducers", "steps", *QUIET))
    turned, learners = dial_of(dial, parameter), parametric(game)
    numbers = _different(values, parameter or turned.name)
    chosen = checked_rules(usual_rule(dial) if rule is None else rule)
    called, begun = parameter or turned.name, 0
    plans = [_planned(learners, one, turned, numbers, outcome, targets, options) for one in chosen]
    done: list[Sweep] = []
    with until_stopped(lambda: not done):
        for cases, measure, entered in plans:
            found = _swept(cases, measure, progress, begun, len(numbers) * len(plans))
            begun += len(found)
            done.append(_result(found, turned, called, numbers, entered))
    return done[0] if rule is None or chosen[0] is rule else by_name(chosen, done)


def _planned(
    learners: ParametricGame, rule: Any, dial: Dial, numbers: Floats, outcome: str | None, targets: Any, options: Any
) -> tuple[list[Case], Callable[[Case], Staged], str]:
    """The case at every value, checked before anything is compiled; how each is measured; and the outcome."""
    laid = _laid(options)
    base, measure, count = _measured(learners, rule, options, laid)
    cases = [dial(base, _plain(value)) for value in numbers.tolist()]
    if laid and any(is_hosted(case.rule) for case in cases):
        if any(name in options for name in FROM_GRID):
            raise InputError("hosted players know no grid of starts; give n, how many runs")
        base, measure, count = _measured(learners, rule, options, False)
        cases = [dial(base, _plain(value)) for value in numbers.tolist()]
    goals = choose_targets(cases[0].game, targets, cases[0].threshold)
    if outcome is None and not goals:
        raise InputError(f"{learners.name} has no strict pure equilibrium to reach; name a profile as target")
    entered = goals[0].name if outcome is None else outcome
    code_of(entered, tuple(goal.name for goal in goals))
    asked = [case.but(targets=goals) for case in cases]
    check_size(
        "runs", len(asked) * count, bytes_of_run(asked[0]) / COPIES,
        lambda most: f"{len(asked)} values of {max(1, most // len(asked)):,} runs fit; ask for fewer",
    )  # fmt: skip
    _ = [case.setup for case in asked if not is_hosted(case.rule)]
    return asked, measure, entered


def _swept(
    cases: Sequence[Case], measure: Callable[[Case], Staged], progress: Any, begun: int, wanted: int
) -> list[BasinMap | Entry]:
    """The results at one value after the other; those that there are where it is interrupted."""
    results: list[BasinMap | Entry] = []
    with until_stopped(lambda: not results):
        for case in cases:
            check_stop()
            results.append(completed([measure(case)])[0])
            if progress is not None:
                progress(begun + len(results), wanted)
    return results


def _result(results: Sequence[BasinMap | Entry], dial: Dial, parameter: str, numbers: Floats, outcome: str) -> Sweep:
    return Sweep(
        game=results[0].game,
        rule=results[0].rule,
        parameter=parameter,
        outcome=outcome,
        values=numbers[: len(results)],
        estimates=tuple(_share(one, outcome) for one in results),
        results=tuple(results),
        status=_status(results, len(numbers)),
        provenance=_provenance(results, dial, parameter, numbers, outcome),
    )


def _laid(options: Mapping[str, Any]) -> bool:
    """Whether starts are laid out as a grid, and not drawn."""
    drawn, laid = ([name for name in names if name in options] for names in (FROM_STARTS, FROM_GRID))
    if drawn and laid:
        raise InputError(f"a sweep has a grid or random starts, not both; got {', '.join([*laid, *drawn])}")
    return not drawn


def _measured(
    learners: ParametricGame, rule: Rule, options: Mapping[str, Any], laid: bool
) -> tuple[Case, Callable[[Case], Staged], int]:
    """The case before the dial is turned, how it is measured, and from how many runs."""
    verb = "basin_map" if laid else "entry_probability"
    taken = (*FROM_STARTS, *FROM_GRID, "threshold", "reducers")
    further = {name: value for name, value in options.items() if name not in taken}
    own = {name: options[name] for name in ("threshold", "reducers") if name in options}
    own = {"steps": default("steps", verb), **own}
    placed = {name: options.get(name, default(name, verb)) for name in (FROM_GRID if laid else FROM_STARTS)}
    if laid:
        points = grid_of(learners, *(placed[name] for name in FROM_GRID[:4]), instead=DRAWN)
        rollouts = rollouts_of(options.get("estimator"), options.get("rollouts"))
        case = case_of(learners, rule, further, starts=points, **own)
        return case, lambda case: map_of(case, rollouts), points.size * rollouts
    starts = check_starts(options.get("starts") or usual_starts(verb, learners))
    count = count_of(starts, options.get("n"))
    level = finite_number(placed["level"], "level", low=0.0, high=1.0, low_open=True, high_open=True)
    case = case_of(learners, rule, further, starts=starts, **own)
    return case, lambda case: entry_of(case, count, level), count


def _different(values: npt.ArrayLike, parameter: str) -> Floats:
    numbers = finite_array(values, f"values of {parameter}", ndim=1)
    if not len(numbers) or len(np.unique(numbers)) < len(numbers):
        raise InputError(f"values of {parameter} must be one or more different numbers; got {numbers.tolist()}")
    return numbers


def _plain(value: float) -> int | float:
    """Whole numbers as such: a number of steps ahead is not 2.0."""
    return int(value) if value.is_integer() else value


def _share(result: BasinMap | Entry, outcome: str) -> Estimate:
    return result.fraction(outcome) if hasattr(result, "fraction") else result.probability(outcome)


def _status(results: Sequence[BasinMap | Entry], wanted: int) -> Status:
    if len(results) < wanted:
        return Status.INTERRUPTED
    return next((one.status for one in results if one.status is not Status.COMPLETE), Status.COMPLETE)


def _provenance(
    results: Sequence[BasinMap | Entry], dial: Dial, parameter: str, values: Floats, outcome: str
) -> Provenance:
    """The question of the first result with what varies, and the cost of all of them."""
    first, *rest = [one.provenance for one in results]
    whole = replace(first.together(*rest), sources=first.sources)
    return whole.asking("sweep", parameter=parameter, dial=dial, values=values, outcome=outcome)
