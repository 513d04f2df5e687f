"""Restarts: how many starts until a target is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack, overload

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    InputError,
    Outcome,
    Provenance,
    Status,
    citations,
    finite_number,
    positive_integer,
    target_code,
)
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import until_stopped
from nashscape.core.options.rows import NO_AUDIT, PROTOCOL
from nashscape.core.sizes import check_size
from nashscape.dynamics import Starts, completed, widest
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.hosting import Hosted, is_hosted, learners_of
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import bytes_of_run
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.runs import labels_of
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_distribution, parameters
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.learning import Box, Estimator, Rule, Schedule
from nashscape.learning.by_rule import ByRule, checked_rules, one_or_many
from nashscape.learning.labels import rule_labels
from nashscape.selection.option_types import RestartOptions
from nashscape.selection.waiting.restart_policies import Policy, checked_policy, kept_places
from nashscape.selection.waiting.restart_results import Floats, Restarts, Whole
from nashscape.semantics import Playable


@overload
def restarts(game: "Playable", rules: Rule | Hosted, **options: Unpack[RestartOptions]) -> Restarts: ...
@overload
def restarts(
    game: "Playable", rules: Sequence[Rule | Hosted], **options: Unpack[RestartOptions]
) -> ByRule[Restarts]: ...
@verb(**NO_AUDIT)
def restarts(
    game: "Playable",
    rules: Rule | Hosted | Sequence[Rule | Hosted],
    *,
    budget: int = 13,
    runs: int = 100,
    starts: Starts | None = None,
    target: Any = None,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    steps: int = 120,
    at_step: bool = False,
    policy: Policy | None = None,
    resume: "Restarts | Mapping[str, Restarts] | None" = None,
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """Start again until a target is reached, at most `budget` times: anew, or as a policy says.

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
        policy: what a run does after a start that failed: `anew()` (default); `perturbed(std)`, go on from where it
            ended, with noise; or `from_checkpoint(step)`, go back to where it was after so many updates. Of these two
            starts are not alike, and laws of waiting times do not hold; the result says so.
        resume: an earlier result of the same question, to go on with where it was interrupted or with a larger
            budget.
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
        progress: called with (starts decided, starts at most).

    Returns:
        A `Restarts` for one rule; for a list `ByRule`, a mapping from the names of the rules, without those after an
        interruption.

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
    options = given(locals(), PROTOCOL)
    known = checked_rules(rules)
    learners = learners_of(game, known)
    started = None if all(map(is_hosted, known)) else learners
    source = usual_starts("restarts", started) if starts is None else starts
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
    own = {"starts": source, "targets": goals, "threshold": threshold, "steps": steps}
    if at_step:
        options["settling"] = replace(options.get("settling") or Settling(), follow=False)

    labels = dict(zip(map(id, known), rule_labels(known), strict=True))

    def run(rule: Rule) -> Restarts:
        before = resume.get(labels[id(rule)]) if isinstance(resume, Mapping) else resume
        asked = case_of(learners, rule, options, **own)
        return Waves(asked, budget, level, at_step, checked_policy(policy, asked)).answer(runs, before)

    return one_or_many(rules, run)


MOST_BUDGET = 2**12
"""Starts of one run; run r has the indices from `r · MOST_BUDGET` on."""

MOST_RUNS = 2**32 // MOST_BUDGET
"""Indices of starts are words of 32 bits."""


@dataclass(frozen=True)
class Waves:
    """Starts of a case, one after the other of every run, as many at a time as fill the devices."""

    case: Case
    budget: int
    level: float
    at_step: bool
    policy: Policy

    def answer(self, runs: int, before: Restarts | None) -> Restarts:
        """Run the case, wave by wave: as many starts of the runs that go on as fill the devices."""
        self._check_room(runs)
        first, tried, places = np.full(runs, -1, np.int32), np.zeros(runs, np.int32), None
        if before is not None:
            first, tried, places = self._taken_up(before, runs)
        provenance = before.provenance if before is not None else None
        # chunks of one size, or every wave would have a program of its own
        chunk = self.case.chunk if self._at_once else widest(runs, self.case.chunk, self.case.estimator)
        with until_stopped(lambda: provenance is None) as stop:
            while (pending := np.flatnonzero((first < 0) & (tried < self.budget))).size:
                ahead = np.minimum(self._ahead(len(pending), chunk), self.budget - tried[pending])
                epochs = tried[pending][:, None] + np.arange(ahead.max())
                made_now = np.arange(ahead.max()) < ahead[:, None]
                index = (pending[:, None] * MOST_BUDGET + epochs)[made_now].astype(np.int64)
                found, endings, made = self._wave(index, chunk, None if places is None else places[pending])
                inside = found.held == 0 if self.at_step else found.codes == target_code(0)
                reached = np.zeros(epochs.shape, bool)
                reached[made_now] = inside[: len(index)]
                hit = reached.any(axis=1)
                where = epochs[np.arange(len(pending)), reached.argmax(axis=1)]
                first[pending[hit]] = where[hit]
                tried[pending] = np.where(hit, where + 1, tried[pending] + ahead)
                places = kept_places(self.policy, places, pending, endings)
                provenance = made if provenance is None else provenance.together(made)
                if self.case.progress is not None:
                    decided = np.where(first >= 0, self.budget, tried)
                    self.case.progress(int(decided.sum()), runs * self.budget)
        assert provenance is not None
        status = Status.INTERRUPTED if stop.early else Status.COMPLETE
        return self._result((first, tried, places), status, provenance)

    def _check_room(self, runs: int) -> None:
        each = self.budget if self._at_once else 1
        check_size(
            "starts", runs * each, bytes_of_run(self.case),
            lambda most: f"{max(1, most // each):,} runs fit; ask for fewer, or for a smaller budget",
        )  # fmt: skip

    @property
    def _at_once(self) -> bool:
        """Whether all starts of all runs are made in one call."""
        return self.case.exact and self.policy.alike

    def _result(self, found: "Found", status: Status, provenance: Provenance) -> Restarts:
        first, tried, places = found
        # what a policy reduces along the first starts is said by the policy
        own = {"budget": self.budget, "at_step": self.at_step, "level": self.level, **self._policy_asked()}
        return Restarts(
            game=self.case.game.name,
            rule=self.case.rule.name,
            target=self.case.goals[0].name,
            first_success=first,
            tried=tried,
            budget=self.budget,
            level=self.level,
            status=status,
            provenance=provenance.citing(citations.BASIN_ENTRY).asking(
                "restarts", without=["reducers"], runs=len(first), **own
            ),
            policy=str(self.policy),
            alike=self.policy.alike,
            places=places,
        )

    def _policy_asked(self) -> dict[str, Any]:
        """The policy as part of the question; starting anew was the question before there were others."""
        return {} if self.policy.alike else {"policy": self.policy}

    def _ahead(self, pending: int, chunk: int | None) -> Whole:
        """How many starts of each run fit into one call; of the first ones one more, so that it is full."""
        if not self.policy.alike or is_hosted(self.case.rule):
            return np.ones(pending, np.int32)  # where the next start is hangs on how this one ends
        if self.case.exact or chunk is None:
            return np.full(pending, self.budget, np.int32)
        every, more = divmod(chunk * len(jax.devices()), pending)
        return np.maximum(1, every + (np.arange(pending) < more)).astype(np.int32)

    def _wave(self, index: npt.NDArray[np.int64], chunk: int | None, places: Floats | None) -> Any:
        """Labels, endings and provenance of starts drawn from the distribution, or beside the places of their runs."""
        case = self.case.but(progress=None, chunk=chunk)
        if not self._at_once and chunk is not None and not is_hosted(case.rule):
            index = np.pad(index, (0, max(0, chunk * len(jax.devices()) - len(index))), mode="edge")
        if places is None:
            return completed([labels_of(case.but(reducers=self.policy.along), index)])[0]
        places = np.pad(places, ((0, len(index) - len(places)), (0, 0)), mode="edge")
        lost = np.isnan(places).any(axis=1)
        theta = self.policy.onward(np.nan_to_num(places), case.setup, index, case.seed)
        numbers, begin = np.arange(len(index), dtype=np.int64), self.policy.begin
        work = labels_of(case.but(starts=parameters(theta)), numbers, index, begin=begin)
        found, endings, made = completed([work])[0]
        found.codes[lost], found.held[lost] = Outcome.DIVERGED, -1
        return found, endings, made

    def _taken_up(self, before: Restarts, runs: int) -> "Found":
        if not isinstance(before, Restarts):  # class: only what was made here can be gone on with
            raise InputError(f"resume needs an earlier result of restarts, or a dict of them; got {before!r}")
        # beside another of its name a rule is shown with what differs; what it is, the question says below
        called = before.rule.partition(":")[0] == self.case.rule.name.partition(":")[0]
        if len(before.first_success) != runs or before.budget > self.budget or not called:
            raise InputError(
                f"the result to go on with has {len(before.first_success)} runs of {before.rule} and budget "
                f"{before.budget}; this call asks for {runs} of {self.case.rule.name} and {self.budget}"
            )
        played = is_hosted(self.case.rule)
        precision = "float64" if played else rounded_setup(self.case.setup, self.case.precision).precision
        now = self.case.question("restarts", precision=precision, at_step=self.at_step, **self._policy_asked())
        other = before.question.differs(now, but=["runs", "budget", "level"])
        if other:
            raise InputError(
                f"the result to go on with answers another question: it differs in {', '.join(other)}; ask the same, "
                "or leave resume out"
            )
        return before.first_success.copy(), before.tried.copy(), before.places


Found = tuple[Whole, Whole, Floats | None]
"""First successes and starts made, `[runs]`, and where runs go on from, `[runs, d]`, unless they start anew."""
