"""What steering measures at one value: the share of runs that reach a target, by fixed starts or trial by trial."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Outcome,
    Provenance,
    Status,
    choice,
    is_complete,
    mcnemar,
    positive_integer,
    target_code,
)
from nashscape.core.brackets import Answer
from nashscape.core.options import default
from nashscape.dynamics import Starts, cell_grid, completed, status_of, widest
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.runs import labels_of
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import uniforms
from nashscape.learning import Rule, check_estimator
from nashscape.selection.edges.bisection import goals_for
from nashscape.selection.entries import count_of, entry_of
from nashscape.selection.maps.basin_maps import map_of
from nashscape.selection.steering.sequential import confidence_sequence, decided
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
    verdict: Answer
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
class Measuring:
    """What is asked of a case at every value: whether so large a share of its runs reach the first of its targets.

    Attributes:
        case: what is run; its starts are a grid, or a source of which there are n.
        n: how many starts.
        wanted: the share.
        about: "starts", a fixed set of them, or their "distribution".
        level: confidence level of the intervals of random starts.
        error: the probability with which an answer about a distribution may be wrong.
        most: runs of one value at most.
    """

    case: Case
    n: int
    wanted: float
    about: str
    level: float
    error: float
    most: int

    @property
    def at_random(self) -> bool:
        """Whether starts are drawn from a distribution."""
        return self.case.starts is not None and self.case.starts.size is None

    def __call__(self, case: Case, reducers: tuple[Any, ...] = (), error: float | None = None) -> Measured:
        """Measure a case."""
        asked = case.but(reducers=reducers, audit=False)
        if self.about == "starts":
            return self._by_starts(asked)
        return self._by_trials(asked, self.error if error is None else error)

    def _by_starts(self, case: Case) -> Measured:
        """The share of a fixed set of starts, which noise-free updates decide."""
        assert case.starts is not None, "chosen when the question is asked"
        goal = case.goals[0].name
        found: Any = completed([map_of(case, 1) if case.starts.layout else entry_of(case, self.n, self.level)])[0]
        share: Estimate = found.fraction(goal) if case.starts.layout else found.probability(goal)
        count = found.labels.size
        means = {
            name: np.asarray(own, np.float64).reshape(count, -1).mean(axis=0) for name, own in found.reduced.items()
        }
        # shares are whole numbers of runs over runs; rounding must not decide between equals
        verdict = share.value >= self.wanted - 1e-12
        unsettled = unsettled_in(found.labels)
        movable = not verdict and share.value + unsettled / count >= self.wanted - 1e-12
        reached = found.reached(goal).ravel()
        return Measured(share, verdict, count, unsettled, movable, means, found.status, found.provenance, reached)

    def _by_trials(self, case: Case, error: float) -> Measured:
        """The probability of a random start and random updates, tried until it is clear on which side it lies.

        Trial k has the same start and the same random numbers at every value. Of given starts every trial takes one at
        random.
        """
        assert case.starts is not None, "chosen when the question is asked"
        size = case.starts.size
        case = case.but(progress=None, chunk=widest(LOOK, case.chunk, case.estimator))
        successes = trials = unsettled = 0
        sums: dict[str, Floats] = {}
        provenance: Provenance | None = None
        verdict: Answer = None
        status = Status.COMPLETE
        while verdict is None and trials < self.most:
            keys = np.arange(trials, trials + LOOK, dtype=np.int64)
            indices = keys
            if size is not None:
                indices = np.minimum((uniforms(keys, 1, case.seed)[:, 0] * size).astype(np.int64), size - 1)
            found, endings, spent = completed([labels_of(case, indices, keys)])[0]
            codes = found.codes
            successes, trials = successes + int((codes == target_code(0)).sum()), trials + LOOK
            unsettled += unsettled_in(codes)
            status = status_of(codes) if status is Status.COMPLETE else status
            for name, own in endings.reduced.items():
                sums[name] = sums.get(name, 0.0) + np.asarray(own, np.float64).reshape(LOOK, -1).sum(axis=0)
            provenance = spent if provenance is None else provenance.together(spent)
            verdict = decided(self.wanted, successes, trials, error)
        assert provenance is not None
        share = confidence_sequence(successes, trials, 1.0 - error)
        means = {name: own / trials for name, own in sums.items()}
        movable = not verdict and decided(self.wanted, successes + unsettled, trials, error) is not False
        return Measured(share, verdict, trials, unsettled, movable, means, status, provenance)


def measuring_of(
    learners: ParametricGame,
    rule: Rule,
    turned: Callable[[Case], Case],
    target: Any,
    at_least: float,
    *,
    about: str | None,
    starts: Starts | None,
    n: int | None,
    grid: int | None,
    region: Any,
    error: float,
    most_trials: int,
    threshold: float,
    level: float,
    options: Mapping[str, Any],
) -> Measuring:
    """What is asked at every value, checked; starts and targets are those of the case that `turned` gives.

    Starts are by default a grid of cells for independent players with two actions, else `N(0, 1.35²)`.

    Raises:
        InputError: for a grid together with other starts, options that do not exist, and what leaves nothing to chance.
    """
    if grid is not None and (starts is not None or n is not None):
        raise InputError("starts are a grid of cells (grid) or given (starts, n), not both")
    exact = check_estimator(options.get("estimator")).exact
    about = choice(about or ("starts" if exact else "distribution"), "about", ("starts", "distribution"))
    if about == "starts" and not exact:
        raise InputError("sampled updates have no exact shares; leave about out, or say about='distribution'")
    given = {name: own for name, own in options.items() if name != "steps" or own is not None}
    first = turned(case_of(learners, rule, given, starts=starts))
    on_grid = grid is not None or (starts is None and n is None and _fits_a_grid(first.game))
    if about == "distribution":
        starts = _drawn(starts, n, grid, exact, first.game)
        if at_least == 1.0:
            raise InputError("no number of trials shows that a probability is one; ask for less, such as 0.99")
    elif on_grid:
        cells = positive_integer(default("grid", "steer") if grid is None else grid, "grid", at_least=2)
        low, high = region
        starts = cell_grid(len(first.game.sizes), cells, low=low, high=high)
    starts = usual_starts("steer", first.game) if starts is None else starts
    usual = default("steps", "basin_map" if on_grid else "entry_probability")
    goals = goals_for(first.game, target, threshold)
    asked = case_of(learners, rule, given, steps=usual, starts=starts, targets=goals, threshold=threshold)
    count = count_of(starts, n)
    most_trials = positive_integer(most_trials, "most_trials")
    return Measuring(asked, count, at_least, about, level, error, most_trials)


def _fits_a_grid(learners: ParametricGame) -> bool:
    """Whether players are independent, at most two of them, each with two actions and a logit."""
    forms = has_forms(learners.semantics) and learners.dimension < 3
    return forms and all(shape == (2,) for shape in learners.game.strategy_shapes)


def _drawn(starts: Starts | None, n: int | None, grid: int | None, exact: bool, game: ParametricGame) -> Starts:
    """Random starts in place of a grid that nobody asked for."""
    if grid is not None:
        raise InputError("trials start at random; give starts in place of a grid, such as starts.uniform_strategies()")
    if n is not None:
        raise InputError("how many trials are made is decided as they are seen; give most_trials in place of n")
    source = starts or usual_starts("steer", game)
    if source.size is not None and exact:
        raise InputError("given starts and exact updates leave nothing to chance; leave about out")
    return source


def unsettled_in(codes: npt.NDArray[np.int8]) -> int:
    """How many of these labels are of runs that had not settled."""
    return int((~is_complete(codes) & (codes != Outcome.DIVERGED)).sum())
