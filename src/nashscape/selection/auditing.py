"""Audits of labels as a question of their own."""

from collections.abc import Sequence
from typing import Any, Unpack, overload

from nashscape.core import InputError
from nashscape.core.interrupts import all_or_nothing, stoppable
from nashscape.dynamics.label_audits import LabelAudit
from nashscape.games import Game
from nashscape.learning import Rule
from nashscape.learning.by_rule import ByRule
from nashscape.learning.rules import is_rule
from nashscape.selection.entries import entry_probability
from nashscape.selection.option_types import AuditOptions
from nashscape.semantics import ParametricGame


@overload
def audit_labels(
    game: Game | ParametricGame, rules: Rule, *, sample: int = 32, **options: Unpack[AuditOptions]
) -> LabelAudit: ...
@overload
def audit_labels(
    game: Game | ParametricGame, rules: Sequence[Rule], *, sample: int = 32, **options: Unpack[AuditOptions]
) -> ByRule[LabelAudit]: ...
@stoppable
def audit_labels(game: Game | ParametricGame, rules: Rule | Sequence[Rule], *, sample: int = 32, **options: Any) -> Any:
    """Continue some runs of every label and say how many are found elsewhere.

    Args:
        game: a game, or a game with a semantics.
        rules: a rule, or a list of rules.
        sample: runs of every label that are continued; by default 32; of labels with fewer, all.
        **options: those of `entry_probability`: `starts`, `n` (400), `targets`, `threshold` (0.82), `level` (0.95),
            `steps` (260), `reducers`, `estimator`, `step_size`, `projection`, `settling`, `seed` (0), `precision`
            ("float32"), `chunk` and `progress`.

    Returns:
        A `LabelAudit` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games, pg
        >>> audit_labels(games.stag_hunt(), pg(), n=100, sample=10)
        <LabelAudit pg on stag_hunt, changed: CC 0 of 10, DD 0 of 10; complete>
    """
    if "audit" in options:
        raise InputError("sample is how many runs of every label are continued; leave audit out")
    if isinstance(sample, bool) or not isinstance(sample, int) or sample < 1:
        raise InputError(f"sample is how many runs of every label are continued, at least 1; got {sample!r}")
    with all_or_nothing():
        found: Any = entry_probability(game, rules, audit=sample, **options)
    return found.audit if is_rule(rules) else ByRule((name, one.audit) for name, one in found.items())
