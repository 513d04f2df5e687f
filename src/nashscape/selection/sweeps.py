"""Sweeps: the share of starts that reach an outcome against one number of a rule."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, finite_array
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games import Game
from nashscape.learning import Rule, check_rule
from nashscape.selection.basin_maps import BasinMap, basin_map
from nashscape.selection.entries import Entry, entry_probability
from nashscape.selection.outcomes import code_of
from nashscape.semantics import ParametricGame, parametric

Floats = npt.NDArray[np.float64]
FROM_STARTS = ("starts", "n", "level")
"""Options that only random starts have; with any of them a sweep draws starts instead of laying a grid."""
FROM_GRID = ("grid", "kind", "low", "high", "rollouts")


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

    picture: ClassVar[str] = "nashscape.figures.sweeping:swept_figure"

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


def sweep(
    game: Game | ParametricGame,
    make_rule: Callable[[Any], Rule],
    values: npt.ArrayLike,
    *,
    parameter: str = "value",
    outcome: str | None = None,
    targets: Any = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Sweep:
    """The share of starts that reach an outcome, for several values of one number of a rule.

    Starts are a grid, as in `basin_map`, unless one of `starts`, `n` and `level` is given: then they are drawn, as in
    `entry_probability`. They and the random numbers of updates are the same for every value. Numbers of rules are
    arguments of the compiled program, which is made once; only for those that are part of it (such as `steps_ahead`)
    is there one for every value.

    Args:
        game: a game, or a game with a semantics.
        make_rule: from a value to the rule, such as `lambda peer: meta_mapg(peer=peer)`.
        values: the values, `[K]`, all different.
        parameter: the name of the number, for tables and figures; by default "value".
        outcome: whose share; by default the first target.
        targets: profiles to look for; by default all strict pure equilibria.
        progress: called with (values done, values in all).
        **options: on a grid `grid` (51), `kind` ("cells"), `low` (0.05), `high` (0.95) and `rollouts`; from random
            starts `starts` (`starts.normal(std=1.35)`), `n` (400) and `level` (0.95); of both `threshold` (0.82),
            `steps` (140 on a grid, else 260), `estimator` (`exact()`), `step_size` (`0.9/(t+10)^0.24`), `projection`
            (`box(8.0)`), `settling`, `seed` (0), `precision` ("float32"), `reducers` and `chunk`; see `basin_map` and
            `entry_probability`.

    Raises:
        InputError: for input that does not fit.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> found = sweep(games.stag_hunt(), lambda v: meta_mapg(peer=v), [0, 1.5, 5], parameter="peer", grid=21)
        >>> found
        <Sweep meta_mapg on stag_hunt, CC over peer: 0.2562 at 0, 0.6621 at 5, 3 values; complete>

    Source: arXiv 2605.18078 for the sweep over the peer coefficient.
    """
    numbers = _different(values, parameter)
    rules = [check_rule(_made(make_rule, _plain(value))) for value in numbers.tolist()]
    measure = _measure(options)
    learners = parametric(game)
    goals = choose_targets(learners, targets, **_threshold(options))
    if outcome is None and not goals:
        raise InputError(f"{learners.name} has no strict pure equilibrium to reach; name a profile as target")
    entered = goals[0].name if outcome is None else outcome
    code_of(entered, [goal.name for goal in goals])
    results: list[BasinMap | Entry] = []
    try:
        for rule in rules:
            results.append(measure(learners, rule, targets=targets, **options))
            if progress is not None:
                progress(len(results), len(rules))
    except KeyboardInterrupt:
        if not results:
            raise
    return Sweep(
        game=learners.name,
        rule=rules[0].name,
        parameter=parameter,
        outcome=entered,
        values=numbers[: len(results)],
        estimates=tuple(_share(one, entered) for one in results),
        results=tuple(results),
        status=_status(results, len(rules)),
        provenance=_provenance(results, parameter, numbers, entered),
    )


def _made(make_rule: Any, value: Any) -> Any:
    wanted = "make_rule must make a rule from one value, such as lambda peer: meta_mapg(peer=peer)"
    if not callable(make_rule):
        raise InputError(f"{wanted}; got {make_rule!r}")
    try:
        inspect.signature(make_rule).bind(value)
    except TypeError as error:
        raise InputError(f"{wanted}; {getattr(make_rule, '__name__', 'this')} cannot be called so: {error}") from error
    return make_rule(value)


def _different(values: npt.ArrayLike, parameter: str) -> Floats:
    numbers = finite_array(values, f"values of {parameter}", ndim=1)
    if not len(numbers) or len(np.unique(numbers)) < len(numbers):
        raise InputError(f"values of {parameter} must be one or more different numbers; got {numbers.tolist()}")
    return numbers


def _plain(value: float) -> int | float:
    """Whole numbers as such: a number of steps ahead is not 2.0."""
    return int(value) if value.is_integer() else value


def _measure(options: dict[str, Any]) -> Callable[..., Any]:
    drawn, laid = ([name for name in names if name in options] for names in (FROM_STARTS, FROM_GRID))
    if drawn and laid:
        raise InputError(f"a sweep has a grid or random starts, not both; got {', '.join([*laid, *drawn])}")
    return entry_probability if drawn else basin_map


def _threshold(options: dict[str, Any]) -> dict[str, Any]:
    return {"threshold": options["threshold"]} if "threshold" in options else {}


def _share(result: BasinMap | Entry, outcome: str) -> Estimate:
    return result.fraction(outcome) if hasattr(result, "fraction") else result.probability(outcome)


def _status(results: Sequence[BasinMap | Entry], wanted: int) -> Status:
    if len(results) < wanted:
        return Status.INTERRUPTED
    return next((one.status for one in results if one.status is not Status.COMPLETE), Status.COMPLETE)


def _provenance(results: Sequence[BasinMap | Entry], parameter: str, values: Floats, outcome: str) -> Provenance:
    """The question of the first result, with all rules in place of one, and the cost of all of them."""
    first, *rest = [one.provenance for one in results]
    rules = [one.question["rule"] for one in results]
    whole = replace(first.together(*rest), sources=first.sources)
    return whole.asking("sweep", without=["rule"], parameter=parameter, values=values, outcome=outcome, rules=rules)
