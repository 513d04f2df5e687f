"""What steering measures at one value: the share of runs that reach a target, by fixed starts or trial by trial."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Outcome,
    Provenance,
    Status,
    is_complete,
    mcnemar,
    positive_integer,
    target_code,
)
from nashscape.core.options import default
from nashscape.dynamics import PointTarget, Starts, Target, completed, status_of, widest
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_starts, uniforms
from nashscape.learning import Rule
from nashscape.selection.basin_maps import BasinMap, basin_map
from nashscape.selection.entries import Entry, entry_probability
from nashscape.selection.outcomes import Protocol, protocol, run_and_label
from nashscape.selection.searching import Verdict
from nashscape.selection.sequential import confidence_sequence, decided
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import has_forms

Floats = npt.NDArray[np.float64]
LOOK = 256
"""Trials between two looks at the evidence; always as many, so that one program serves all."""


@dataclass(frozen=True)
class Measured:
    """What was measured at one value.

    Attributes:
        share: of the runs that reach the target.
        verdict: whether it is what is wanted.
        trials: runs.
        unsettled: runs that are not known to stay where they are.
        movable: whether the verdict is not yes, but could be if all of these reached the target.
        reduced: means over all runs of what the reducers gave.
        status: of the runs.
        provenance: of the runs.
        reached: which runs reach the target, where all values have the same starts, `[trials]`.
    """

    share: Estimate
    verdict: Verdict
    trials: int
    unsettled: int
    movable: bool
    reduced: dict[str, Floats]
    status: Status
    provenance: Provenance
    reached: npt.NDArray[np.bool_] | None = None

    def differs(self, other: "Measured", level: float) -> bool:
        """Whether the same starts tell this share from another, by McNemar's exact test."""
        assert self.reached is not None, "asked of the same starts only"
        assert other.reached is not None, "asked of the same starts only"
        gained, lost = int((self.reached & ~other.reached).sum()), int((other.reached & ~self.reached).sum())
        return mcnemar(gained, lost).p_value < 1.0 - level


@dataclass(frozen=True)
class Where:
    """Where runs start, and how they are made.

    Attributes:
        starts: a source of starts; None for a grid of cells.
        n: how many of them.
        grid: cells per player.
        region: least and largest probability of the first action on the grid.
        options: the options of `basin_map` and `entry_probability` that both have.
    """

    starts: Starts | None
    n: int | None
    grid: int
    region: tuple[float, float]
    options: dict[str, Any]

    @property
    def at_random(self) -> bool:
        """Whether starts are drawn from a distribution."""
        return self.starts is not None and self.starts.size is None

    @property
    def how(self) -> Protocol:
        """The protocol of runs."""
        return protocol(self.options)


def where_of(
    learners: ParametricGame,
    starts: Starts | None,
    n: int | None,
    grid: int | None,
    region: Any,
    options: dict[str, Any],
) -> Where:
    """Where runs start, by default a grid of cells for independent players with two actions, else `N(0, 1.35²)`.

    Raises:
        InputError: for a grid together with other starts, and options that do not exist.
    """
    if grid is not None and (starts is not None or n is not None):
        raise InputError("starts are a grid of cells (grid) or given (starts, n), not both")
    two = all(shape == (2,) for shape in learners.game.strategy_shapes)
    on_grid = grid is not None or (
        starts is None and n is None and two and has_forms(learners.semantics) and learners.dimension < 3
    )
    usual = default("steps", "basin_map" if on_grid else "entry_probability")
    options = {**options, "steps": usual if options.get("steps") is None else options["steps"]}
    protocol(options)
    if starts is not None:
        check_starts(starts)
    source = None if on_grid else usual_starts("steer") if starts is None else starts
    cells = positive_integer(default("grid", "steer") if grid is None else grid, "grid", at_least=2)
    return Where(source, n, cells, tuple(region), options)


def as_distribution(where: Where, grid: int | None) -> Where:
    """Random starts in place of a grid that nobody asked for.

    Raises:
        InputError: for a grid that somebody asked for, a number of starts, and starts that leave nothing to chance.
    """
    if grid is not None:
        raise InputError("trials start at random; give starts in place of a grid, such as starts.uniform_strategies()")
    if where.n is not None:
        raise InputError("how many trials are made is decided as they are seen; give most_trials in place of n")
    source = where.starts or usual_starts("steer")
    if source.size is not None and where.how.estimator.exact:
        raise InputError("given starts and exact updates leave nothing to chance; leave about out")
    return replace(where, starts=source)


def by_starts(
    where: Where,
    made: tuple[ParametricGame, Rule],
    goals: tuple[Target | PointTarget, ...],
    threshold: float,
    wanted: float,
    level: float,
    reducers: tuple[Any, ...],
) -> Measured:
    """The share of a fixed set of starts, which noise-free updates decide."""
    common = {"targets": list(goals), "threshold": threshold, "reducers": reducers, "audit": False, **where.options}
    found: BasinMap | Entry
    if where.starts is None:
        low, high = where.region
        cells: BasinMap = basin_map(*made, grid=where.grid, low=low, high=high, **common)
        found, share = cells, cells.fraction(goals[0].name)
    else:
        runs: Entry = entry_probability(*made, starts=where.starts, n=where.n, level=level, **common)
        found, share = runs, runs.probability(goals[0].name)
    count = found.labels.size
    means = {name: np.asarray(own, np.float64).reshape(count, -1).mean(axis=0) for name, own in found.reduced.items()}
    # shares are whole numbers of runs over runs; rounding must not decide between equals
    verdict = share.value >= wanted - 1e-12
    unsettled = unsettled_in(found.labels)
    movable = not verdict and share.value + unsettled / count >= wanted - 1e-12
    reached = found.reached(goals[0].name).ravel()
    return Measured(share, verdict, count, unsettled, movable, means, found.status, found.provenance, reached)


def by_trials(
    where: Where,
    made: tuple[ParametricGame, Rule],
    goals: tuple[Target | PointTarget, ...],
    wanted: float,
    error: float,
    most: int,
    reducers: tuple[Any, ...],
) -> Measured:
    """The probability of a random start and random updates, tried until it is clear on which side it lies.

    Trial k has the same start and the same random numbers at every value. Of given starts every trial takes one at
    random.
    """
    assert where.starts is not None, "checked when the question is asked"
    how, starts = where.how, where.starts
    how = replace(how, progress=None, chunk=widest(LOOK, how.chunk, how.estimator))
    successes = trials = unsettled = 0
    sums: dict[str, Floats] = {}
    provenance: Provenance | None = None
    verdict: Verdict = None
    status = Status.COMPLETE
    while verdict is None and trials < most:
        keys = np.arange(trials, trials + LOOK, dtype=np.int64)
        indices = keys
        if starts.size is not None:
            drawn = uniforms(keys, 1, how.seed)[:, 0] * starts.size
            indices = np.minimum(drawn.astype(np.int64), starts.size - 1)
        work = run_and_label(made[0], made[1], starts, indices, goals, how, keys, reducers)
        found, endings, spent = completed([work])[0]
        codes = found.codes
        successes, trials = successes + int((codes == target_code(0)).sum()), trials + LOOK
        unsettled += unsettled_in(codes)
        status = status_of(codes) if status is Status.COMPLETE else status
        for name, own in endings.reduced.items():
            sums[name] = sums.get(name, 0.0) + np.asarray(own, np.float64).reshape(LOOK, -1).sum(axis=0)
        provenance = spent if provenance is None else provenance.together(spent)
        verdict = decided(wanted, successes, trials, error)
    assert provenance is not None
    share = confidence_sequence(successes, trials, 1.0 - error)
    means = {name: own / trials for name, own in sums.items()}
    movable = not verdict and decided(wanted, successes + unsettled, trials, error) is not False
    return Measured(share, verdict, trials, unsettled, movable, means, status, provenance)


def unsettled_in(codes: npt.NDArray[np.int8]) -> int:
    """How many of these labels are of runs that had not settled."""
    return int((~is_complete(codes) & (codes != Outcome.DIVERGED)).sum())
