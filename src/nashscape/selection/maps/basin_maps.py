"""Basin maps: for every cell of a grid of starts, how the run from it ends."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bracket, choice, positive_integer, stratified, wilson
from nashscape.core.calls import given, verb
from nashscape.core.options.rows import PROTOCOL
from nashscape.dynamics import Grid, Staged, cell_grid, completed, endpoint_grid
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import a_grid, numbered
from nashscape.dynamics.runs import Runs
from nashscape.dynamics.starts import MOST_CELLS
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games.offers import has_plays
from nashscape.learning import Box, Estimator, Rule, Schedule, check_estimator
from nashscape.learning.by_rule import ByRule, checked_rules, one_or_many
from nashscape.selection.option_types import MapOptions
from nashscape.semantics import ParametricGame, Playable, parametric

LEVEL = 0.95
"""Of the intervals of a map's audit."""

KINDS = {"cells": cell_grid, "endpoints": endpoint_grid}


@dataclass(frozen=True, eq=False, kw_only=True)
class BasinMap(Runs):
    """How runs end from every cell of a grid of starting probabilities: `Runs` with a layout.

    Arrays are `[rollouts, G, …, G]`, one axis per player.

    Attributes:
        layout: the grid of starts: its `axis` of starting probabilities of the first action, the same for every player,
            `low` and `high`, and its `kind`: "cells" (centres of equal cells) or "endpoints" (published maps; biased).
    """

    question_kind: ClassVar[str] = "basin map"
    picture: ClassVar[str] = "nashscape.figures.basins:basin_atlas"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_runs"
    as_grid: ClassVar[str] = "nashscape.selection.result_columns:grid_of_runs"
    comparison: ClassVar[str] = "nashscape.selection.comparing.comparisons:compare"
    as_table: ClassVar[str] = "nashscape.selection.run_tables:basin_table"
    computed: ClassVar[tuple[str, ...]] = ("axis", "cells", "rollouts", "fractions", "at_steps", "mean_first_hit")

    layout: Grid

    @property
    def axis(self) -> npt.NDArray[np.float64]:
        """Starting probabilities of the first action, the same for every player, `[G]`."""
        return np.asarray(self.layout.axis)

    @property
    def limits(self) -> tuple[float, float]:
        """Between which probabilities the grid lies."""
        return self.layout.low, self.layout.high

    @property
    def rollouts(self) -> int:
        """Runs from every cell."""
        return int(self.labels.shape[0])

    @property
    def cells(self) -> int:
        """The number of cells."""
        return int(np.prod(self.labels.shape[1:]))

    def fraction(self, outcome: str, level: float = 0.95) -> Estimate:
        """The share of the grid that ends in an outcome or target.

        For noise-free updates a bracket: without all cells of the outcome that touch another, sideways or at a
        corner, and with all others that touch one. A finer structure than a cell can escape it. For sampled updates
        an interval from the variance within cells, which needs two rollouts per cell; with one, the Wilson interval
        of the cells.
        """
        return self._share(self.reached(outcome), level)

    def fractions(self) -> dict[str, Estimate]:
        """The shares of all targets, and of every other outcome in which some run ended."""
        return {outcome: self.fraction(outcome) for outcome in dict.fromkeys([*self.targets, *self.outcomes()])}

    def at_step(self, target: str, level: float = 0.95) -> Estimate:
        """The share of the grid that is in the region of a target after the last update, wherever it goes from there.

        What published protocols count; bracket or interval as in `fraction`.
        """
        return self._share(self.stands(target), level)

    def at_steps(self) -> dict[str, Estimate]:
        """What `at_step` gives for every target, by name."""
        return {target: self.at_step(target) for target in self.targets}

    def _share(self, inside: npt.NDArray[np.bool_], level: float) -> Estimate:
        if self.exact:
            certain, possible = _touching(inside[0])
            return bracket(certain, float(inside.mean()), possible, _method(self.layout.kind))
        if self.rollouts == 1:
            return wilson(int(inside.sum()), inside.size, level)
        return stratified(inside.sum(axis=0).ravel(), self.rollouts, level)

    def mean_first_hit(self) -> float:
        """Mean step of the first hit, over the runs that hit the first target at all; NaN where none did."""
        hits = self.first_hit[self.first_hit >= 0]
        return float(hits.mean()) if hits.size else float("nan")

    def __repr__(self) -> str:
        """Rule, game, grid and shares, as one line."""
        grid = "×".join(str(size) for size in self.labels.shape[1:])
        what = f"{self.rule} on {self.game}, {grid} {self.layout.kind}"
        return f"<BasinMap {what}: {self.shares_in_words}; {self.standing}>"


def _method(kind: str) -> str:
    return "boundary cells" if kind == "cells" else "boundary cells of a biased endpoint grid"


def _touching(inside: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Shares of the cells all of whose neighbours agree that they are inside, and of those with any inside."""
    padded = np.pad(inside, 1, mode="edge")
    shrunk, grown = padded.copy(), padded.copy()
    for axis in range(inside.ndim):
        shrunk = shrunk & np.roll(shrunk, 1, axis) & np.roll(shrunk, -1, axis)
        grown = grown | np.roll(grown, 1, axis) | np.roll(grown, -1, axis)
    core = (slice(1, -1),) * inside.ndim
    # a share smaller than a cell can hide between the centres
    least = 1.0 / inside.size
    return min(float(shrunk[core].mean()), 1.0 - least), max(float(grown[core].mean()), least)


@overload
def basin_map(game: "Playable", rules: Rule, **options: Unpack[MapOptions]) -> BasinMap: ...
@overload
def basin_map(game: "Playable", rules: Sequence[Rule], **options: Unpack[MapOptions]) -> ByRule[BasinMap]: ...
@verb()
def basin_map(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    *,
    grid: int = 51,
    kind: str = "cells",
    low: float = 0.05,
    high: float = 0.95,
    rollouts: int | None = None,
    targets: Any = None,
    threshold: float = THRESHOLD,
    reducers: Any = (),
    steps: int = 140,
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
    """Map where runs end, over a grid of starting probabilities of players with two actions.

    Of players who choose a number between two bounds, over a grid of its places between these at the start.

    Args:
        game: a game in which every player has two actions, or such a game with a semantics; or one over points, one
            number for each player.
        rules: a rule, or a list of rules.
        grid: cells per player; by default 51.
        kind: "cells" (default) for the centres of equal cells, "endpoints" for the grid of published maps.
        low: least starting probability of the first action, or place between the bounds; by default 0.05.
        high: largest starting probability, or place; by default 0.95.
        rollouts: runs per cell; 1 for exact updates, by default 2 for sampled ones.
        targets: profiles to look for; by default those of `dynamics.choose_targets`: all strict pure
            equilibria, or all pure profiles of a small game whose players read each other.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        reducers: what to compute along the runs without storing them, such as `[dynamics.reducers.welfare()]`; by
            default none.
        steps: updates of each run; by default 140.
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
        progress: called with (runs done, runs in all).

    Returns:
        A `BasinMap` for one rule; for a list `ByRule`, a mapping from the names of the rules; interrupted, of those
        that are done.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg, meta_mapg
        >>> maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=21)
        >>> print(maps["pg"].fraction("CC"))
        0.2562 [0.1769, 0.3401] (boundary cells)
    """
    options = given(locals(), PROTOCOL)
    learners = parametric(game)
    goals = choose_targets(learners, targets, threshold)
    points = grid_of(learners, grid, kind, low, high, instead=_anywhere(rules))
    own = {"starts": points, "targets": goals, "threshold": threshold, "reducers": reducers, "steps": steps}
    rollouts = rollouts_of(options.get("estimator"), rollouts)

    def run(rule: Rule) -> Staged:
        if is_hosted(rule):
            raise InputError(f"{rule.name} are hosted players, who know no grid of starts; use entry_probability")
        return map_of(case_of(learners, rule, options, **own), rollouts, beside=len(checked_rules(rules)))

    return one_or_many(rules, run, completed)


def map_of(case: Case, rollouts: int, *, beside: int = 1) -> Staged:
    """Run a case from a grid of starts, so often from each; gives a `BasinMap`."""
    layout = case.starts.layout if case.starts is not None else None
    assert layout is not None, "the starts of a map are a grid"
    keys = numbered(
        case, rollouts * layout.size, a_grid(layout.players, rollouts), beside=beside, most=MOST_CELLS * rollouts,
    )  # fmt: skip
    return BasinMap.of_case(
        case, keys % layout.size, keys, asked={"rollouts": rollouts}, level=LEVEL,
        shape=(rollouts, *(len(layout.axis),) * layout.players), layout=layout,
    )  # fmt: skip


def _anywhere(rules: Any) -> str:
    """What to ask in place of a map: a call that runs where the game is called `game`."""
    called = [f"ns.{rule!r}" if _is_written(rule) else "rule" for rule in checked_rules(rules)]
    asked = called[0] if len(called) == 1 else f"[{', '.join(called)}]"
    return (
        "random starts lie anywhere, and the shares that end in each outcome are given by ns.entry_probability(game, "
        f"{asked}, n=400), or on the command line by nashscape entry in place of nashscape basin"
    )


def _is_written(rule: Any) -> bool:
    """Whether a rule is shown as the call of a function of this library that makes it."""
    import nashscape

    return repr(rule).partition("(")[0] in dir(nashscape) and repr(rule).endswith(")")


def grid_of(learners: ParametricGame, grid: Any, kind: str, low: float, high: float, *, instead: str) -> Grid:
    """The grid of a map.

    Raises:
        InputError: for players that have no such grid, with what to do instead.
    """
    if has_plays(learners.game):
        raise InputError(f"{learners.name} is only played by policies, whose weights have no grid of starts: {instead}")
    shapes = learners.game.strategy_shapes
    numbers = learners.semantics.domain == "points" and _between_bounds(learners.semantics)
    if any(size != 1 for size in learners.sizes) or any(math.prod(shape) != (1 if numbers else 2) for shape in shapes):
        raise InputError(
            f"a grid of starts needs players with two actions and one parameter each, or who choose one number between "
            f"two bounds; {learners.name} has strategies of shapes {shapes}: {instead}"
        )
    made: Grid = KINDS[choice(kind, "kind", KINDS)](len(shapes), grid, low=low, high=high)
    return made


def _between_bounds(semantics: Any) -> bool:
    """Whether points have bounds on both sides."""
    bounds = getattr(semantics, "bounds", None)
    return bounds is not None and bool(np.isfinite(np.asarray(bounds, dtype=np.float64)).all())


def rollouts_of(estimator: Any, rollouts: int | None) -> int:
    """Runs from every cell: one without noise, else two."""
    exact = check_estimator(estimator).exact
    count = positive_integer((1 if exact else 2) if rollouts is None else rollouts, "rollouts")
    if exact and count > 1:
        raise InputError("runs without noise are all the same; leave rollouts at 1 or give a sampled estimator")
    return count
