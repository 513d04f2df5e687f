"""Entry probabilities: how often runs from a distribution of starts end in a target."""

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bracket, clopper_pearson, finite_number, positive_integer, wilson
from nashscape.core.calls import given, verb
from nashscape.core.options import default
from nashscape.core.options.rows import PROTOCOL
from nashscape.dynamics import Staged, Starts, completed
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.hosting import Hosted, is_hosted, learners_of
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import numbered
from nashscape.dynamics.runs import Runs
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_starts
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.learning import Box, Estimator, Rule, Schedule
from nashscape.learning.by_rule import ByRule, checked_rules, one_or_many
from nashscape.selection.option_types import EntryOptions
from nashscape.semantics import Playable


class Entry(Runs):
    """How n independent runs ended, `[n]`: `Runs` with the probabilities that they say something about."""

    question_kind: ClassVar[str] = "entry"
    picture: ClassVar[str] = "nashscape.figures.entries:entry_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_runs"
    as_grid: ClassVar[str] = "nashscape.selection.result_columns:grid_of_runs"
    comparison: ClassVar[str] = "nashscape.selection.comparing.comparisons:compare"
    as_table: ClassVar[str] = "nashscape.selection.run_tables:entry_table"
    computed: ClassVar[tuple[str, ...]] = ("probability", "exact_interval", "probabilities", "at_steps")

    def probability(self, outcome: str | None = None) -> Estimate:
        """The share of runs that end in an outcome, by default the first target, with its Wilson interval.

        Where chance had no part (given starts, exact updates) the share is that of these starts and has no interval.
        """
        inside = self.reached(self._first(outcome))
        if not self.is_sample:
            return _of_these_starts(inside)
        return wilson(int(inside.sum()), inside.size, self.level)

    def probabilities(self) -> dict[str, Estimate]:
        """The probabilities of all targets, and of every other outcome in which some run ended."""
        return {outcome: self.probability(outcome) for outcome in dict.fromkeys([*self.targets, *self.outcomes()])}

    def at_step(self, target: str | None = None) -> Estimate:
        """The share of runs that are in the region of a target after their last update, wherever they go from there.

        What published protocols count. By default of the first target; with the Wilson interval, as `probability`.
        """
        inside = self.stands(self._first(target))
        if not self.is_sample:
            return _of_these_starts(inside)
        return wilson(int(inside.sum()), inside.size, self.level)

    def at_steps(self) -> dict[str, Estimate]:
        """What `at_step` gives for every target, by name."""
        return {target: self.at_step(target) for target in self.targets}

    def exact_interval(self, outcome: str | None = None) -> Estimate:
        """The fraction with the Clopper–Pearson interval, which never covers less than its level."""
        inside = self.reached(self._first(outcome))
        if not self.is_sample:
            return _of_these_starts(inside)
        return clopper_pearson(int(inside.sum()), inside.size, self.level)

    def _first(self, outcome: str | None) -> str:
        if outcome is None and not self.targets:
            raise InputError("the game has no strict pure equilibrium to count; name an outcome or give targets")
        return self.targets[0] if outcome is None else outcome

    def __repr__(self) -> str:
        """Rule, game and the probabilities of all outcomes, as one line."""
        return f"<Entry {self.rule} on {self.game}, n = {len(self.labels)}: {self.shares_in_words}; {self.standing}>"


def _of_these_starts(inside: npt.NDArray[np.bool_]) -> Estimate:
    share = float(inside.mean())
    return bracket(share, share, share, "of these starts")


@overload
def entry_probability(game: "Playable", rules: Rule | Hosted, **options: Unpack[EntryOptions]) -> Entry: ...
@overload
def entry_probability(
    game: "Playable", rules: Sequence[Rule | Hosted], **options: Unpack[EntryOptions]
) -> ByRule[Entry]: ...
@verb()
def entry_probability(
    game: "Playable",
    rules: Rule | Hosted | Sequence[Rule | Hosted],
    *,
    starts: Starts | None = None,
    n: int | None = None,
    targets: Any = None,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    steps: int = 260,
    reducers: Any = (),
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
    """How often runs from random starts end in a target: `p = Pr(φ_T ∈ target)`.

    All rules run from the same starts and, where updates are sampled, with the same random numbers, so that they can
    be compared in pairs with `compare`.

    Args:
        game: a game, or a game with a semantics.
        rules: a rule, hosted players, or a list of them.
        starts: where runs start; by default `starts.normal(std=1.35)`, and where parameters are points or
            probabilities `starts.uniform_strategies()`.
        n: number of runs; by default 400, or every one of given points.
        targets: profiles to look for; by default those of `dynamics.choose_targets`: all strict pure
            equilibria, or all pure profiles of a small game whose players read each other.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        level: confidence level; by default 0.95.
        steps: updates of each run; by default 260.
        reducers: what to compute along the runs without storing them, such as `[dynamics.reducers.welfare()]`; by
            default none.
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`. In a game that is
            only played how players are looked at; by default `observing()`.
        audit: runs of every label that are continued to see what becomes of them, False for none; by default 32 where
            that is cheap.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).

    Returns:
        An `Entry` for one rule; for a list `ByRule`, a mapping from the names of the rules. Interrupted, the first
        runs and rules alone.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg, sampled
        >>> entry = entry_probability(games.stag_hunt(), pg(), n=200, estimator=sampled(batch=64))
        >>> 0.1 < float(entry.probability("CC")) < 0.4
        True
    """
    options = given(locals(), PROTOCOL)
    chosen, every = starts is not None, checked_rules(rules)
    learners = learners_of(game, every)
    # hosted players are started by their factory
    started = None if all(map(is_hosted, every)) else learners
    starts = check_starts(usual_starts("entry_probability", started) if starts is None else starts)
    own = {"starts": starts, "threshold": threshold, "reducers": reducers, "steps": steps}
    count = count_of(starts, n)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    goals = choose_targets(learners, targets, threshold)

    def run(rule: Rule | Hosted) -> Staged:
        if is_hosted(rule) and chosen:
            raise InputError(f"{rule.name} are hosted players, whom their factory starts; leave starts out")
        asked = case_of(learners, rule, options, targets=goals, **own)
        return entry_of(asked, count, level, in_part=True, beside=len(every))

    return one_or_many(rules, run, completed)


def count_of(starts: Starts, n: int | None) -> int:
    """How many starts: 400 of a distribution, all of given ones.

    Raises:
        InputError: for more than there are.
    """
    count = positive_integer((starts.size or default("n", "entry_probability")) if n is None else n, "n")
    if starts.size is not None and count > starts.size:
        raise InputError(f"there are only {starts.size} starts; got n = {n}")
    return count


def entry_of(case: Case, n: int, level: float, *, in_part: bool = False, beside: int = 1) -> Staged:
    """Run a case from its first n starts; gives an `Entry`, with `in_part` of the runs done when it is interrupted."""
    indices = numbered(case, n, lambda most: f"n = {most:,} fits", beside=beside)
    return Entry.of_case(case, indices, asked={"level": level}, level=level, in_part=in_part)
