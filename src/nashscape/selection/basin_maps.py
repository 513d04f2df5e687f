"""Basin maps: for every cell of a grid of starts, how the run from it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Provenance,
    Result,
    Status,
    bracket,
    choice,
    positive_integer,
    stratified,
    wilson,
)
from nashscape.dynamics import Grid, Staged, cell_grid, endpoint_grid, status_of
from nashscape.dynamics.endings.resting_places import RestingPlace, resting_places
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games import Game
from nashscape.learning import Rule
from nashscape.selection.label_audits import LabelAudit, audit_of
from nashscape.selection.outcomes import (
    Labels,
    code_of,
    count_outcomes,
    for_each_rule,
    protocol,
    run_and_label,
)
from nashscape.semantics import ParametricGame, parametric

KINDS = {"cells": cell_grid, "endpoints": endpoint_grid}


@dataclass(frozen=True, eq=False)
class BasinMap(Result):
    """How runs end from every cell of a grid of starting probabilities.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the targets.
        axis: starting probabilities of the first action, the same for every player, `[G]`.
        kind: "cells" (centres of equal cells) or "endpoints" (published maps; biased).
        labels: outcome codes, `[rollouts, G, …, G]`, one axis per player: where each run is going.
        held: number of the target in whose region each run was after its last update, −1 for none; of that shape.
        first_hit: updates made when the first target first held, −1 where it never did; of the same shape.
        exact: whether the updates had no noise.
        status: how complete the map is.
        provenance: what was asked, versions, cost.
        reduced: what every reducer came to, by its name, `[rollouts, G, …, G, …]`.
        audit: what became of runs of every label that were continued; None where none was.
        rests: the places at which runs come to rest that do not end at a target.
    """

    picture: ClassVar[str] = "nashscape.figures.basins:basin_atlas"

    game: str
    rule: str
    targets: tuple[str, ...]
    axis: npt.NDArray[np.float64]
    limits: tuple[float, float]
    kind: str
    labels: Labels
    held: Labels
    first_hit: npt.NDArray[np.int32]
    exact: bool
    status: Status
    provenance: Provenance
    reduced: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    audit: LabelAudit | None = None
    rests: tuple[RestingPlace, ...] = ()

    @property
    def rollouts(self) -> int:
        """Runs from every cell."""
        return int(self.labels.shape[0])

    @property
    def is_sample(self) -> bool:
        """Whether chance had a part."""
        return not self.exact

    @property
    def cells(self) -> int:
        """The number of cells."""
        return int(np.prod(self.labels.shape[1:]))

    def reached(self, outcome: str) -> npt.NDArray[np.bool_]:
        """Which runs ended in an outcome or target, `[rollouts, G, …, G]`."""
        return np.asarray(self.labels == code_of(outcome, self.targets))

    def fraction(self, outcome: str, level: float = 0.95) -> Estimate:
        """The share of the grid that ends in an outcome or target.

        For noise-free updates a bracket: without all cells of the outcome that touch another, sideways or at a
        corner, and with all others that touch one. A finer structure than a cell can escape it. For sampled updates
        an interval from the variance within cells, which needs two rollouts per cell; with one, the Wilson interval
        of the cells.
        """
        return self._share(self.reached(outcome), level)

    def at_step(self, target: str, level: float = 0.95) -> Estimate:
        """The share of the grid that is in the region of a target after the last update, wherever it goes from there.

        What published protocols count; bracket or interval as in `fraction`.
        """
        if target not in self.targets:
            raise InputError(f"{target!r} is no target here; they are {', '.join(self.targets)}")
        return self._share(self.held == self.targets.index(target), level)

    def _share(self, inside: npt.NDArray[np.bool_], level: float) -> Estimate:
        if self.exact:
            certain, possible = _touching(inside[0])
            return bracket(certain, float(inside.mean()), possible, _method(self.kind))
        if self.rollouts == 1:
            return wilson(int(inside.sum()), inside.size, level)
        return stratified(inside.sum(axis=0).ravel(), self.rollouts, level)

    def outcomes(self) -> dict[str, int]:
        """How many runs ended in every way."""
        return count_outcomes(self.labels, self.targets)

    def mean_first_hit(self) -> float:
        """Mean step of the first hit, over the runs that hit the first target at all; NaN where none did."""
        hits = self.first_hit[self.first_hit >= 0]
        return float(hits.mean()) if hits.size else float("nan")

    def __repr__(self) -> str:
        """Rule, game, grid and shares, as one line."""
        grid = "×".join(str(size) for size in self.labels.shape[1:])
        shares = ", ".join(f"{name} {count / self.labels.size:.4f}" for name, count in self.outcomes().items())
        return f"<BasinMap {self.rule} on {self.game}, {grid} {self.kind}: {shares}; {self.standing}>"


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


def basin_map(
    game: Game | ParametricGame,
    rules: Any,
    *,
    grid: int = 51,
    kind: str = "cells",
    low: float = 0.05,
    high: float = 0.95,
    rollouts: int | None = None,
    targets: Any = None,
    threshold: float = THRESHOLD,
    reducers: Any = (),
    **options: Any,
) -> Any:
    """Map where runs end, over a grid of starting probabilities of players with two actions.

    Args:
        game: a game in which every player has two actions, or such a game with a semantics.
        rules: a rule, or a list of rules.
        grid: cells per player; by default 51.
        kind: "cells" (default) for the centres of equal cells, "endpoints" for the grid of published maps.
        low: least starting probability of the first action; by default 0.05.
        high: largest starting probability; by default 0.95.
        rollouts: runs per cell; 1 for exact updates, by default 2 for sampled ones.
        targets: profiles to look for; by default all strict pure equilibria.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        reducers: what to compute along the runs without storing them, such as `[dynamics.reducers.welfare()]`; by
            default none.
        **options: `steps` (140), `estimator` (`exact()`), `step_size` (`0.9/(t+10)^0.24`), `projection` (`box(8.0)`),
            `settling`, `audit`, `seed` (0), `precision` ("float32"), `chunk` and `progress`; see
            `nashscape.selection.outcomes.Protocol`.

    Returns:
        A `BasinMap` for one rule; a dict of them by name for a list.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg, meta_mapg
        >>> maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=21)
        >>> print(maps["pg"].fraction("CC"))
        0.2562 [0.1769, 0.3401] (boundary cells)
    """
    learners = parametric(game)
    shapes = learners.game.strategy_shapes
    if any(size != 1 for size in learners.sizes) or any(shape != (2,) for shape in shapes):
        raise InputError(
            f"a basin map needs players with two actions and one parameter each; {game.name} has strategies of shapes "
            f"{shapes}: use entry_probability, which starts anywhere"
        )
    how = protocol(options)
    goals = choose_targets(learners, targets, threshold)
    names = tuple(goal.name for goal in goals)
    points: Grid = KINDS[choice(kind, "kind", KINDS)](len(shapes), grid, low=low, high=high)
    exact = how.estimator.exact
    rollouts = positive_integer((1 if exact else 2) if rollouts is None else rollouts, "rollouts")
    if exact and rollouts > 1:
        raise InputError("runs without noise are all the same; leave rollouts at 1 or give a sampled estimator")

    def run(rule: Rule) -> Staged:
        keys = np.arange(rollouts * points.size, dtype=np.int64)
        found, endings, provenance = yield from run_and_label(
            learners, rule, points, keys % points.size, goals, how, keys, reducers, audited=True
        )
        shape = (rollouts, *(len(points.axis),) * points.players)
        return BasinMap(
            game=learners.name,
            rule=rule.name,
            targets=names,
            axis=np.asarray(points.axis),
            limits=(points.low, points.high),
            kind=kind,
            labels=found.codes.reshape(shape),
            held=found.held.reshape(shape),
            first_hit=endings.first_hit.reshape(shape),
            exact=exact,
            status=status_of(found.codes),
            provenance=provenance.asking("basin map", rollouts=rollouts, audit=how.audit),
            reduced={name: own.reshape(*shape, *own.shape[1:]) for name, own in endings.reduced.items()},
            audit=audit_of(found.audit, learners.name, rule.name, names, 0.95, provenance),
            rests=resting_places(found.codes, found.places, names, learners.game.strategy_shapes),
        )

    return for_each_rule(rules, run)
