"""What a plan says: a schedule in two phases, a budget of restarts, and what they rest on."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status
from nashscape.selection.plans.plan_checks import FAILED, Check
from nashscape.selection.waiting.restart_results import Restarts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plan(Result):
    """A correction for some steps, what comes after, and how many fresh starts it takes to fail rarely enough.

    The budget k is the least with `(1 − p_low)^k ≤ failure − ε`, where p_low is a lower bound on the probability that
    one start ends in the target, which holds with probability `1 − ε`, ε a tenth of `failure`. So measuring p and then
    making k independent starts fails with probability at most `failure`, whatever else is assumed.

    Attributes:
        game: name of the game.
        rule: name of the rule in the first phase.
        target: name of the target.
        failure: the probability of failing that is allowed.
        warm_up: `N_0`, steps of the first phase.
        then: "handoff" or "anneal".
        exponents: `(p, q)` of step sizes and corrections with "anneal".
        steps: updates after every start, both phases together.
        entry: share of starts in the target set after the first phase, with the lower bound `p_ρ`.
        settled: share of those that are in it at the end, with the lower bound `1 − δ`.
        success: share of starts in it at the end, however they came there, with the lower bound p_low.
        budget: k; None where no number of starts up to the largest possible is known to suffice.
        published_budget: the same with the published bound, from `p_ρ (1 − δ)` in place of p_low.
        checks: the assumptions of the published theorem, one by one.
        measured: restarts that were made by this plan, with random numbers of their own; None without a budget.
        status: UNDECIDED without a budget.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "plan"
    picture: ClassVar[str] = "nashscape.figures.steering:plan_figure"
    as_table: ClassVar[str] = "nashscape.selection.waiting.tables:plan_table"
    computed: ClassVar[tuple[str, ...]] = ("text",)

    game: str
    rule: str
    target: str
    failure: float
    warm_up: int
    then: str
    exponents: tuple[float, float]
    steps: int
    entry: Estimate
    settled: Estimate
    success: Estimate
    budget: int | None
    published_budget: int | None
    checks: tuple[Check, ...]
    measured: Restarts | None
    status: Status
    provenance: Provenance

    @property
    def failed(self) -> tuple[Check, ...]:
        """The assumptions that do not hold: the published theorem does not apply, the measurement does."""
        return tuple(check for check in self.checks if check.verdict == FAILED)

    def published_bound(self) -> Floats:
        """`P(T > k) ≤ (1 − p_ρ (1 − δ))^k` for k = 1 … budget, with lower bounds in place of both probabilities."""
        return self._tail(self.entry.low * self.settled.low)

    def bound(self) -> Floats:
        """`(1 − p_low)^k` for k = 1 … budget."""
        return self._tail(self.success.low)

    def _tail(self, p: float) -> Floats:
        return np.power(1.0 - p, np.arange(1, (self.budget or 0) + 1), dtype=np.float64)

    @property
    def text(self) -> str:
        """The plan in words, with the checks."""
        after = "policy gradient" if self.then == "handoff" else (
            f"step sizes falling like n^-{self.exponents[0]:g} and the correction like n^-{self.exponents[1]:g}"
        )  # fmt: skip
        budget = (
            f"With {self.budget} fresh starts the target is missed with probability at most {self.failure:g}."
            if self.budget is not None
            else "No number of starts is known to suffice."
        )
        lines = [
            f"{self.rule} for {self.warm_up} steps, then {after} up to step {self.steps}. {budget}",
            f"After the first phase {self.entry.value:.4f} of the starts are in {self.target} (at least "
            f"{self.entry.low:.4f}), of which {self.settled.value:.4f} are in it at the end (at least "
            f"{self.settled.low:.4f}); in all {self.success.value:.4f} (at least {self.success.low:.4f}).",
        ]
        if self.measured is not None:
            lines.append(
                f"Of {len(self.measured.first_success)} runs of this plan {self.measured.censored} failed, at "
                f"{float(self.measured.per_start()):.4f} a start."
            )
        lines += [f"{check.name}: {check.verdict} ({check.why})." for check in self.checks]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Rule, game, schedule and budget, as one line."""
        budget = "no budget" if self.budget is None else f"{self.budget} starts"
        wrong = f", {len(self.failed)} assumptions fail" if self.failed else ""
        return (
            f"<Plan {self.rule} on {self.game} to {self.target}: {self.warm_up} steps then {self.then}, {budget} for "
            f"failure {self.failure:g}{wrong}; {self.standing}>"
        )
