"""Restarts: how many fresh starts until a target is reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    InputError,
    Status,
    finite_number,
    positive_integer,
    target_code,
)
from nashscape.dynamics import Settling, Starts, completed, widest
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.runs import labels_of
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_distribution
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games import Game
from nashscape.learning import Rule
from nashscape.selection.by_rule import ByRule, checked_rules
from nashscape.selection.restart_results import Restarts, Whole
from nashscape.semantics import ParametricGame, parametric


def restarts(
    game: Game | ParametricGame,
    rules: Any,
    *,
    budget: int = 13,
    runs: int = 100,
    starts: Starts | None = None,
    target: Any = None,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    steps: int = 120,
    at_step: bool = False,
    resume: "Restarts | Mapping[str, Restarts] | None" = None,
    **options: Any,
) -> Any:
    """Start anew until a target is reached, at most `budget` times.

    Which starts a run makes, and with which random numbers, depends on the seed, the run and the number of the
    start only. So all rules make the same starts, and more runs or a larger budget change nothing in those before.

    Args:
        game: a game, or a game with a semantics.
        rules: a rule, or a list of rules.
        budget: starts that a run may make; by default 13.
        runs: independent runs; by default 100.
        starts: where runs start; by default `starts.uniform(low=-3, high=3)`. It must be a distribution.
        target: the profile to reach; by default the first of `choose_targets`.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        level: confidence level; by default 0.95.
        steps: updates after each start; by default 120.
        at_step: whether a start succeeds where it is in the region of the target after its last update, wherever it
            goes from there, as published protocols count; by default where it reaches the target for good.
        resume: an earlier result of the same question, to go on with where it was interrupted or with a larger
            budget.
        **options: `estimator` (`exact()`), `step_size` (`0.9/(t+10)^0.24`), `projection` (`box(8.0)`), `settling`,
            `seed` (0), `precision` ("float32"), `chunk` and `progress`; see `nashscape.dynamics.case.Case`.
            Progress is called with (starts decided, starts at most).

    Returns:
        A `Restarts` for one rule; a dict of them by name for a list, without the rules after an interruption.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> found = restarts(games.stag_hunt(), meta_mapg(), runs=200)
        >>> found.success().value, found.censored
        (1.0, 0)

    Source: arXiv 2605.18078 for the protocol.
    """
    learners = parametric(game)
    source = usual_starts("restarts") if starts is None else starts
    check_distribution(source, "restarts need")
    goals = choose_targets(learners, target, threshold)[:1]
    if not goals:
        raise InputError(f"{learners.name} has no strict pure equilibrium to reach; name a profile as target")
    runs, budget = positive_integer(runs, "runs"), positive_integer(budget, "budget")
    if budget > MOST_BUDGET:
        raise InputError(f"budget must be at most {MOST_BUDGET}; got {budget}")
    if runs > MOST_RUNS:
        raise InputError(f"runs must be at most {MOST_RUNS}; got {runs}")
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    given = {"starts": source, "targets": goals, "threshold": threshold, "steps": steps, **options}
    if at_step:
        given["settling"] = replace(options.get("settling") or Settling(), follow=False)

    def run(rule: Rule) -> Restarts:
        before = resume.get(rule.name) if isinstance(resume, Mapping) else resume
        return Waves(case_of(learners, rule, given), budget, level, at_step).answer(runs, before)

    return _until_interrupted(rules, run)


MOST_BUDGET = 2**12
"""Starts of one run; run r has the indices from `r · MOST_BUDGET` on."""

MOST_RUNS = 2**32 // MOST_BUDGET
"""Indices of starts are words of 32 bits."""


@dataclass(frozen=True)
class Waves:
    """Starts of a case anew, as many at a time as fill the devices."""

    case: Case
    budget: int
    level: float
    at_step: bool

    def answer(self, runs: int, before: Restarts | None) -> Restarts:
        """Run the case, wave by wave: as many starts of the runs that go on as fill the devices."""
        first = np.full(runs, -1, np.int32)
        tried = np.zeros(runs, np.int32)
        if before is not None:
            first, tried = self._taken_up(before, runs)
        status, provenance = Status.COMPLETE, before.provenance if before is not None else None
        # chunks of one size, or every wave would have a program of its own
        chunk = self.case.chunk if self.case.exact else widest(runs, self.case.chunk, self.case.estimator)
        try:
            while (pending := np.flatnonzero((first < 0) & (tried < self.budget))).size:
                ahead = min(self._ahead(len(pending), chunk), int((self.budget - tried[pending]).max()))
                epochs = tried[pending][:, None] + np.arange(ahead)
                index = (pending[:, None] * MOST_BUDGET + epochs).ravel().astype(np.int64)
                found, _, made = completed([self._wave(index, chunk)])[0]
                inside = found.held == 0 if self.at_step else found.codes == target_code(0)
                reached = inside[: epochs.size].reshape(epochs.shape) & (epochs < self.budget)
                hit = reached.any(axis=1)
                where = epochs[np.arange(len(pending)), reached.argmax(axis=1)]
                first[pending[hit]] = where[hit]
                tried[pending] = np.where(hit, where + 1, np.minimum(epochs[:, -1] + 1, self.budget))
                provenance = made if provenance is None else provenance.together(made)
                if self.case.progress is not None:
                    decided = np.where(first >= 0, self.budget, tried)
                    self.case.progress(int(decided.sum()), runs * self.budget)
        except KeyboardInterrupt:
            if provenance is None:
                raise
            status = Status.INTERRUPTED
        assert provenance is not None
        return Restarts(
            game=self.case.game.name,
            rule=self.case.rule.name,
            target=self.case.goals[0].name,
            first_success=first,
            tried=tried,
            budget=self.budget,
            level=self.level,
            status=status,
            provenance=provenance.asking("restarts", runs=runs, budget=self.budget, at_step=self.at_step),
        )

    def _ahead(self, pending: int, chunk: int | None) -> int:
        """How many starts of every run fit into one call without leaving much of it empty."""
        if self.case.exact or chunk is None:
            return self.budget
        return max(1, chunk * len(jax.devices()) // pending)

    def _wave(self, index: npt.NDArray[np.int64], chunk: int | None) -> Any:
        if not self.case.exact and chunk is not None:
            index = np.pad(index, (0, max(0, chunk * len(jax.devices()) - len(index))), mode="edge")
        return labels_of(self.case.but(progress=None, chunk=chunk), index)

    def _taken_up(self, before: Restarts, runs: int) -> tuple[Whole, Whole]:
        if not isinstance(before, Restarts):  # class: only what was made here can be gone on with
            raise InputError(f"resume needs an earlier result of restarts, or a dict of them; got {before!r}")
        if len(before.first_success) != runs or before.budget > self.budget or before.rule != self.case.rule.name:
            raise InputError(
                f"the result to go on with has {len(before.first_success)} runs of {before.rule} and budget "
                f"{before.budget}; this call asks for {runs} of {self.case.rule.name} and {self.budget}"
            )
        precision = rounded_setup(self.case.setup, self.case.precision).precision
        now = self.case.question("restarts", precision=precision, at_step=self.at_step)
        other = before.question.differs(now, but=["runs", "budget"])
        if other:
            raise InputError(
                f"the result to go on with answers another question: it differs in {', '.join(other)}; ask the same, "
                "or leave resume out"
            )
        return before.first_success.copy(), before.tried.copy()


def _until_interrupted(rules: Any, run: Callable[[Rule], Restarts]) -> Any:
    """One result, or results by the rules' names, of which those after an interruption are absent."""
    chosen = checked_rules(rules)
    results: ByRule[Restarts] = ByRule()
    for rule in chosen:
        try:
            results[rule.name] = run(rule)
        except KeyboardInterrupt:
            if not results:
                raise
            break
        if results[rule.name].status is Status.INTERRUPTED:
            break
    return results[chosen[0].name] if chosen[0] is rules else results
