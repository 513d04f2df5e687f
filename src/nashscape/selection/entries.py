"""Entry probabilities: how often runs from a distribution of starts end in a target."""

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
    clopper_pearson,
    finite_number,
    positive_integer,
    wilson,
)
from nashscape.core.options import default
from nashscape.dynamics import Staged, Starts, status_of
from nashscape.dynamics.endings.resting_places import RestingPlace, resting_places
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_starts
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


@dataclass(frozen=True, eq=False)
class Entry(Result):
    """How n independent runs ended.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the targets.
        labels: outcome codes, `[n]`: where each run is going.
        held: number of the target in whose region each run was after its last update, −1 for none, `[n]`.
        first_hit: updates made when the first target first held, −1 where it never did, `[n]`.
        level: confidence level of the intervals.
        is_sample: whether chance had a part: random starts or sampled updates.
        status: how complete the result is.
        provenance: what was asked, versions, cost.
        reduced: what every reducer came to, by its name, `[n, …]`.
        audit: what became of runs of every label that were continued; None where none was.
        rests: the places at which runs come to rest that do not end at a target.
    """

    picture: ClassVar[str] = "nashscape.figures.entries:entry_figure"

    game: str
    rule: str
    targets: tuple[str, ...]
    labels: Labels
    held: Labels
    first_hit: npt.NDArray[np.int32]
    level: float
    is_sample: bool
    status: Status
    provenance: Provenance
    reduced: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    audit: LabelAudit | None = None
    rests: tuple[RestingPlace, ...] = ()

    def reached(self, outcome: str) -> npt.NDArray[np.bool_]:
        """Which runs ended in an outcome or target, `[n]`."""
        return np.asarray(self.labels == code_of(outcome, self.targets))

    def probability(self, outcome: str | None = None) -> Estimate:
        """The share of runs that end in an outcome, by default the first target, with its Wilson interval.

        Where chance had no part (given starts, exact updates) the share is that of these starts and has no interval.
        """
        inside = self.reached(self._first(outcome))
        if not self.is_sample:
            return _of_these_starts(inside)
        return wilson(int(inside.sum()), inside.size, self.level)

    def at_step(self, target: str | None = None) -> Estimate:
        """The share of runs that are in the region of a target after their last update, wherever they go from there.

        What published protocols count. By default of the first target; with the Wilson interval, as `probability`.
        """
        name = self._first(target)
        if name not in self.targets:
            raise InputError(f"{name!r} is no target here; they are {', '.join(self.targets)}")
        inside = self.held == self.targets.index(name)
        if not self.is_sample:
            return _of_these_starts(inside)
        return wilson(int(inside.sum()), inside.size, self.level)

    def exact_interval(self, outcome: str | None = None) -> Estimate:
        """The same with the Clopper–Pearson interval, which never covers less than its level."""
        inside = self.reached(self._first(outcome))
        if not self.is_sample:
            return _of_these_starts(inside)
        return clopper_pearson(int(inside.sum()), inside.size, self.level)

    def outcomes(self) -> dict[str, int]:
        """How many runs ended in every way."""
        return count_outcomes(self.labels, self.targets)

    def _first(self, outcome: str | None) -> str:
        if outcome is None and not self.targets:
            raise InputError("the game has no strict pure equilibrium to count; name an outcome or give targets")
        return self.targets[0] if outcome is None else outcome

    def __repr__(self) -> str:
        """Rule, game and the probabilities of all outcomes, as one line."""
        shares = ", ".join(f"{name} {count / len(self.labels):.4f}" for name, count in self.outcomes().items())
        return f"<Entry {self.rule} on {self.game}, n = {len(self.labels)}: {shares}; {self.standing}>"


def _of_these_starts(inside: npt.NDArray[np.bool_]) -> Estimate:
    share = float(inside.mean())
    return bracket(share, share, share, "of these starts")


def entry_probability(
    game: Game | ParametricGame,
    rules: Any,
    *,
    starts: Starts | None = None,
    n: int | None = None,
    targets: Any = None,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    steps: int = 260,
    reducers: Any = (),
    **options: Any,
) -> Any:
    """How often runs from random starts end in a target: `p = Pr(φ_T ∈ target)`.

    All rules run from the same starts and, where updates are sampled, with the same random numbers, so that they can
    be compared in pairs with `compare`.

    Args:
        game: a game, or a game with a semantics.
        rules: a rule, or a list of rules.
        starts: where runs start; by default `starts.normal(std=1.35)`.
        n: number of runs; by default 400, or every one of given points.
        targets: profiles to look for; by default all strict pure equilibria.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        level: confidence level; by default 0.95.
        steps: updates of each run; by default 260.
        reducers: what to compute along the runs without storing them, such as `[dynamics.reducers.welfare()]`; by
            default none.
        **options: `estimator` (`exact()`), `step_size` (`0.9/(t+10)^0.24`), `projection` (`box(8.0)`), `settling`,
            `audit`, `seed` (0), `precision` ("float32"), `chunk` and `progress`; see
            `nashscape.selection.outcomes.Protocol`.

    Returns:
        An `Entry` for one rule; a dict of them by name for a list.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg, sampled
        >>> entry = entry_probability(games.stag_hunt(), pg(), n=200, estimator=sampled(batch=64))
        >>> 0.1 < float(entry.probability("CC")) < 0.4
        True
    """
    learners = parametric(game)
    how = protocol({"steps": steps, **options})
    starts = usual_starts("entry_probability") if starts is None else starts
    check_starts(starts)
    if starts.size is not None and n is not None and n > starts.size:
        raise InputError(f"there are only {starts.size} starts; got n = {n}")
    count = positive_integer((starts.size or default("n", "entry_probability")) if n is None else n, "n")
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    goals = choose_targets(learners, targets, threshold)
    names = tuple(goal.name for goal in goals)

    def run(rule: Rule) -> Staged:
        indices = np.arange(count, dtype=np.int64)
        found, endings, provenance = yield from run_and_label(
            learners, rule, starts, indices, goals, how, reducers=reducers, audited=True
        )
        return Entry(
            game=learners.name,
            rule=rule.name,
            targets=names,
            labels=found.codes,
            held=found.held,
            first_hit=endings.first_hit,
            level=level,
            is_sample=starts.size is None or not how.estimator.exact,
            status=status_of(found.codes),
            provenance=provenance.asking("entry", level=level, audit=how.audit),
            reduced=endings.reduced,
            audit=audit_of(found.audit, learners.name, rule.name, names, level, provenance),
            rests=resting_places(found.codes, found.places, names, learners.game.strategy_shapes),
        )

    return for_each_rule(rules, run)
