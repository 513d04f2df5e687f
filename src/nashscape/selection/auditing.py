"""Audits of labels as a question of their own."""

from collections.abc import Sequence
from typing import Any, Unpack, overload

from nashscape.core import InputError
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import all_or_nothing
from nashscape.core.options.rows import PROTOCOL
from nashscape.dynamics import Starts
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.label_audits import LabelAudit
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.targets import THRESHOLD
from nashscape.learning import Box, Estimator, Rule, Schedule
from nashscape.learning.by_rule import ByRule
from nashscape.learning.rules import is_rule
from nashscape.selection.entries import entry_probability
from nashscape.selection.option_types import AuditOptions
from nashscape.semantics import Playable


@overload
def audit_labels(game: "Playable", rules: Rule, *, sample: int = 32, **options: Unpack[AuditOptions]) -> LabelAudit: ...
@overload
def audit_labels(
    game: "Playable", rules: Sequence[Rule], *, sample: int = 32, **options: Unpack[AuditOptions]
) -> ByRule[LabelAudit]: ...
@verb(audit="sample is how many runs of every label are continued")
def audit_labels(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    *,
    sample: int = 32,
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
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """Continue some runs of every label and say how many are found elsewhere.

    Args:
        game: a game, or a game with a semantics.
        rules: a rule, or a list of rules.
        sample: runs of every label that are continued; by default 32; of labels with fewer, all.
        starts: where runs start; by default `starts.normal(std=1.35)`.
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
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).

    Returns:
        A `LabelAudit` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games, pg
        >>> audit_labels(games.stag_hunt(), pg(), n=100, sample=10)
        <LabelAudit pg on stag_hunt, changed: CC 0 of 10, DD 0 of 10; complete>
    """
    options = given(locals(), ("starts", "n", "targets", "threshold", "level", "steps", "reducers", *PROTOCOL))
    if isinstance(sample, bool) or not isinstance(sample, int) or sample < 1:
        raise InputError(f"sample is how many runs of every label are continued, at least 1; got {sample!r}")
    with all_or_nothing():
        found: Any = entry_probability(game, rules, audit=sample, **options)
    return found.audit if is_rule(rules) else ByRule((name, one.audit) for name, one in found.items())
