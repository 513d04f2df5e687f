"""Audits of labels: how many runs of every label were found elsewhere when they were continued."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, clopper_pearson, label_names
from nashscape.dynamics.endings.audits import Audited

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LabelAudit(Result):
    """What became of runs that were continued, label by label.

    Without noise the orbit of the mean field is followed from the end of a run on the clock, with an estimated error of
    .02 in log-odds a step, to clock 10⁹ over the range of payoffs or for 500 steps. With noise the run itself goes on,
    with fresh random numbers, to four times its number of updates.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        names: labels that occur, by name.
        runs: runs of each, `[L]`.
        looked_at: how many of these were continued, chosen at random; all of rare labels, `[L]`.
        changed: of these, how many left the target or the place of rest that the label names, or for other labels were
            found elsewhere than they were, `[L]`.
        unfinished: of these, how many had not, but could not be followed to the end, `[L]`.
        level: confidence level of the intervals.
        status: UNRESOLVED where some could not be followed to the end.
        provenance: of the runs.
    """

    question_kind: ClassVar[str] = "label audit"
    picture: ClassVar[str] = "nashscape.figures.label_audits:label_audit_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_label_audit"

    game: str
    rule: str
    names: tuple[str, ...]
    runs: Whole
    looked_at: Whole
    changed: Whole
    unfinished: Whole
    level: float
    status: Status
    provenance: Provenance

    def share_changed(self, name: str) -> Estimate:
        """Of the runs of a label the share that is found elsewhere, with its Clopper–Pearson interval."""
        k = self._place(name)
        return clopper_pearson(int(self.changed[k]), int(self.looked_at[k]), self.level)

    def share_held(self, name: str) -> Estimate:
        """Of the runs of a label the share that stays, with its Clopper–Pearson interval."""
        k = self._place(name)
        stayed = self.looked_at[k] - self.changed[k] - self.unfinished[k]
        return clopper_pearson(int(stayed), int(self.looked_at[k]), self.level)

    def _place(self, name: str) -> int:
        if name not in self.names or not self.looked_at[self.names.index(name)]:
            looked = [label for label, count in zip(self.names, self.looked_at, strict=True) if count]
            raise InputError(f"no runs of {name!r} were continued; there are {', '.join(looked) or 'none'}")
        return self.names.index(name)

    def __repr__(self) -> str:
        """Rule, game and what changed, as one line."""
        parts = [
            f"{name} {changed} of {count}"
            for name, changed, count in zip(self.names, self.changed.tolist(), self.looked_at.tolist(), strict=True)
            if count
        ]
        return f"<LabelAudit {self.rule} on {self.game}, changed: {', '.join(parts)}; {self.status.value}>"


def audit_of(
    made: Audited | None, game: str, rule: str, targets: tuple[str, ...], level: float, provenance: Provenance
) -> LabelAudit | None:
    """The audit as a result; None where there was none."""
    if made is None:
        return None
    names = label_names(targets)
    status = Status.UNRESOLVED if made.unfinished.any() else Status.COMPLETE
    listed = tuple(names[int(code)] for code in made.codes)
    counts = made.runs, made.looked_at, made.changed, made.unfinished
    return LabelAudit(game, rule, listed, *counts, level, status, provenance.asking("label audit"))
