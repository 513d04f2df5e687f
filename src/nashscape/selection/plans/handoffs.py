"""Handoffs: how many corrected steps it takes until plain policy gradient goes on to a target by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

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
    stratified,
    target_code,
    wilson,
)
from nashscape.core.calls import given, verb
from nashscape.core.options import default
from nashscape.core.options.rows import NO_AUDIT, PROTOCOL
from nashscape.core.sizes import check_size
from nashscape.dynamics import Starts, check_steps, status_of
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.case import case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.runs import Labels
from nashscape.dynamics.starts import is_starts, strategies
from nashscape.dynamics.targets import THRESHOLD
from nashscape.learning import Box, Estimator, Rule, Schedule, check_estimator, check_rule, pg
from nashscape.learning.by_rule import ByRule, one_or_many
from nashscape.selection.edges.bisection import goals_for
from nashscape.selection.option_types import HandoffOptions
from nashscape.selection.plans.handoff_runs import HandoffRuns
from nashscape.semantics import Playable, parametric

Whole = npt.NDArray[np.int32]
SAMPLED_AT = 21
ROLLOUTS = 100


KEPT = 16.0
"""Bytes that a label and its run take, about."""


@dataclass(frozen=True, eq=False)
class CorrectedSteps(Result):
    """How runs end that follow a rule for k steps and another one afterwards, for many k.

    Attributes:
        game: name of the game.
        rule: name of the rule followed first.
        then: name of the rule followed afterwards.
        targets: names of the targets, the one in question first.
        theta: parameters at the starts, `[N, d]`.
        at: the numbers k of steps after which the first rule hands over, rising, `[K]`.
        labels: outcome codes, `[rollouts, N, K]`.
        exact: whether updates had no noise.
        is_sample: whether starts were drawn at random.
        level: confidence level of intervals.
        status: UNRESOLVED where some runs were out of budget: they might have reached the target later.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "corrected steps"
    picture: ClassVar[str] = "nashscape.figures.corrections:handoff_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_corrected_steps"
    as_grid: ClassVar[str] = "nashscape.selection.result_columns:grid_of_corrected_steps"
    as_table: ClassVar[str] = "nashscape.selection.waiting.tables:handoff_table"
    computed: ClassVar[tuple[str, ...]] = ("curve", "needed", "lasting")

    game: str
    rule: str
    then: str
    targets: tuple[str, ...]
    theta: npt.NDArray[np.float64]
    at: Whole
    labels: Labels
    exact: bool
    is_sample: bool
    level: float
    status: Status
    provenance: Provenance

    @property
    def target(self) -> str:
        """The target in question."""
        return self.targets[0]

    @property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Which runs were in the target at their end, `[rollouts, N, K]`."""
        return np.asarray(self.labels == target_code(0))

    @property
    def needed(self) -> Whole:
        """For every start the smallest k of those tried that suffices; −1 where none does, `[N]`.

        All k from 0 to the number of steps are tried unless others were asked for, so the number is exact, for this
        number of steps and step size. A larger k need not suffice: see `lasting`.

        Raises:
            InputError: for sampled updates, of which a k suffices with some probability only.
        """
        reached = self._noise_free()
        return self._at(reached.argmax(axis=1), np.asarray(reached.any(axis=1)))

    @property
    def lasting(self) -> Whole:
        """The smallest k tried from which on every k tried suffices; −1 where the largest does not, `[N]`.

        Raises:
            InputError: for sampled updates.
        """
        reached = self._noise_free()
        fails = ~reached[:, ::-1]
        first = np.where(fails.any(axis=1), len(self.at) - fails.argmax(axis=1), 0)
        return self._at(np.minimum(first, len(self.at) - 1), reached[:, -1])

    @property
    def monotone(self) -> npt.NDArray[np.bool_]:
        """Where every larger k tried suffices too, or none does, `[N]`."""
        return np.asarray(self.needed == self.lasting)

    def steps(self, start: int = 0) -> int | None:
        """The smallest k that suffices for one start, None where none does; see `needed`."""
        found = int(self.needed[self._index(start)])
        return None if found < 0 else found

    def curve(self, start: int | None = None, *, level: float | None = None) -> tuple[Estimate, ...]:
        """The share of runs that end in the target, for every k.

        Of one start: over its runs, with Wilson intervals. Of all starts: over random starts with Wilson intervals,
        over given ones and their runs with intervals from the variance within starts; where chance had no part, the
        share itself. Runs with different k share their random numbers, so the estimates along the curve go together;
        each interval is for its k alone.

        Args:
            start: index of a start; by default all of them together.
            level: confidence level; by default that of the result.
        """
        level = self.level if level is None else level
        reached = self.reached if start is None else self.reached[:, [self._index(start)]]
        return tuple(self._share(reached[:, :, k], start is None, level) for k in range(len(self.at)))

    def enough(self, at_least: float, start: int | None = None) -> int | None:
        """The smallest k tried whose probability is at least so large, at the confidence level; None for no such k.

        The lower ends of the Clopper–Pearson intervals of all k hold together (Bonferroni), so that choosing among k
        costs no confidence.
        """
        at_least = finite_number(at_least, "at_least", low=0.0, high=1.0)
        level = 1.0 - (1.0 - self.level) / len(self.at)
        lower = [
            one.low if one.successes is None or one.trials is None
            else clopper_pearson(one.successes, one.trials, level).low
            for one in self.curve(start)
        ]  # fmt: skip
        return next((int(k) for k, low in zip(self.at, lower, strict=True) if low >= at_least), None)

    def _share(self, reached: npt.NDArray[np.bool_], pooled: bool, level: float) -> Estimate:
        if self.exact and not (self.is_sample and pooled):
            share = float(reached.mean())
            return bracket(share, share, share, "of these starts")
        rollouts, count = reached.shape
        if rollouts == 1 or count == 1:
            return wilson(int(reached.sum()), reached.size, level)
        return stratified(reached.sum(axis=0), rollouts, level)

    def _noise_free(self) -> npt.NDArray[np.bool_]:
        if not self.exact:
            raise InputError("with sampled updates a number of steps suffices with some probability; see curve, enough")
        return np.asarray(self.reached[0])

    def _at(self, index: npt.NDArray[Any], known: npt.NDArray[np.bool_]) -> Whole:
        return np.where(known, self.at[index], -1).astype(np.int32)

    def _index(self, start: Any) -> int:
        if not 0 <= positive_integer(start, "start", at_least=0) < len(self.theta):
            raise InputError(f"there are {len(self.theta)} starts, numbered from 0; got {start}")
        return int(start)

    def __repr__(self) -> str:
        """Rules, game, target and how many starts need how much, as one line."""
        what = f"{self.rule} then {self.then} on {self.game} to {self.target}, {len(self.theta)} starts"
        if not self.exact:
            return f"<CorrectedSteps {what} × {self.labels.shape[0]}, {len(self.at)} numbers; {self.standing}>"
        needed = self.needed
        some = needed[needed > 0]
        most = f" (at most {some.max()})" if some.size else ""
        return (
            f"<CorrectedSteps {what}: {int((needed == 0).sum())} need none, {some.size} some{most}, "
            f"{int((needed < 0).sum())} never; {self.standing}>"
        )


@overload
def corrected_steps_needed(
    game: "Playable",
    rules: Rule,
    starts: Starts | Sequence[Any],
    target: Any = None,
    **options: Unpack[HandoffOptions],
) -> CorrectedSteps: ...
@overload
def corrected_steps_needed(
    game: "Playable",
    rules: Sequence[Rule],
    starts: Starts | Sequence[Any],
    target: Any = None,
    **options: Unpack[HandoffOptions],
) -> ByRule[CorrectedSteps]: ...
@verb(**NO_AUDIT)
def corrected_steps_needed(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    starts: Starts | Sequence[Any],
    target: Any = None,
    *,
    then: Rule | None = None,
    handoffs: Sequence[int] | None = None,
    n: int | None = None,
    rollouts: int | None = None,
    threshold: float = THRESHOLD,
    level: float = 0.95,
    steps: int = 400,
    precision: str = "float64",
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """How many steps of a rule it takes until another rule, policy gradient, goes on to the target by itself.

    For every start and every k the rule is followed for k steps and the other for the rest; the answer is the smallest
    k whose run is in the target after all `steps`. Nothing is stored along the way: every run hands over at a step of
    its own within one compiled program, and all k are tried, since more corrected steps need not be better.

    Args:
        game: a game, or a game with a semantics.
        rules: the rule to follow first, or a list of rules.
        starts: `Starts`, or a list of strategy profiles.
        target: the profile to reach; by default the first of `choose_targets`.
        then: the rule afterwards; by default `pg()`.
        handoffs: the numbers k to try; by default every one from 0 to `steps`, or 21 of them with sampled updates.
        n: number of starts; by default 400 of a distribution, and all of given ones.
        rollouts: runs of every given start and k with sampled updates; by default 100.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        level: confidence level; by default 0.95.
        steps: updates of each run, both parts together; by default 400.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).

    Returns:
        A `CorrectedSteps` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> found = corrected_steps_needed(games.stag_hunt(), meta_mapg(), [[0.8, 0.8], [0.6, 0.6], [0.3, 0.3]])
        >>> found.steps(0), found.steps(2)
        (0, None)
        >>> found
        <CorrectedSteps meta_mapg then pg on stag_hunt to CC, 3 starts: 1 need none, 1 some (at most ...), 1 never; ...>

    Source: arXiv 2605.18078 for handing over to policy gradient.
    """
    options = given(locals(), PROTOCOL)
    learners = parametric(game)
    goals = goals_for(learners, target, threshold)
    where = starts if is_starts(starts) else strategies(starts)
    exact = check_estimator(options.get("estimator")).exact
    count, rollouts = _counts(where, n, rollouts, exact)
    at = _handoffs(handoffs, check_steps(steps), exact)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    after = pg() if then is None else check_rule(then)
    check_size(
        "runs", rollouts * count * len(at), KEPT + 16.0 * learners.dimension / len(at),
        lambda most: f"n = {max(1, most // (rollouts * len(at))):,} fits; give fewer starts or handoffs",
    )  # fmt: skip
    theta = where.parameters(learners, np.arange(count, dtype=np.int64), options.get("seed", default("seed")))
    own = {"starts": where, "targets": goals, "threshold": threshold, "steps": steps, "precision": precision}

    def run(rule: Rule) -> CorrectedSteps:
        asked = case_of(learners, rule, options, **own)
        codes, provenance = HandoffRuns(asked, count, rollouts, at, after).answer()
        return CorrectedSteps(
            game=learners.name,
            rule=rule.name,
            then=after.name,
            targets=tuple(goal.name for goal in goals),
            theta=theta,
            at=at,
            labels=codes,
            exact=exact,
            is_sample=where.size is None,
            level=level,
            status=status_of(codes),
            provenance=provenance.asking("corrected steps", level=level),
        )

    return one_or_many(rules, run)


def _counts(where: Starts, n: Any, rollouts: Any, exact: bool) -> tuple[int, int]:
    """How many starts, and how many runs from each."""
    count = positive_integer((where.size or default("n", "corrected_steps_needed")) if n is None else n, "n")
    if where.size is not None and count > where.size:
        raise InputError(f"there are only {where.size} starts; got n = {n}")
    usual = 1 if exact or where.size is None else ROLLOUTS
    runs = positive_integer(usual if rollouts is None else rollouts, "rollouts")
    if runs > 1 and exact:
        raise InputError("runs without noise are all the same; leave rollouts at 1 or give a sampled estimator")
    if runs > 1 and where.size is None:
        raise InputError("draw more random starts (n) instead of several runs from each; leave rollouts at 1")
    return count, runs


def _handoffs(handoffs: Any, steps: int, exact: bool) -> Whole:
    if handoffs is None:
        every = np.arange(steps + 1)
        return (every if exact else np.unique(np.linspace(0, steps, SAMPLED_AT).astype(int))).astype(np.int32)
    if not isinstance(handoffs, Sequence | range | np.ndarray):
        raise InputError(f"handoffs are whole numbers, as in [0, 5, 10]; got {handoffs!r}")
    chosen = [positive_integer(k, "a handoff", at_least=0) for k in handoffs]
    if not chosen or max(chosen) > steps:
        raise InputError(f"handoffs must be whole numbers from 0 to {steps}, one at least; got {handoffs!r}")
    return np.unique(chosen).astype(np.int32)
