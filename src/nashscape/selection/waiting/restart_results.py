"""What restarts found: successes, restarts to success with and without censoring, tails."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Provenance,
    Result,
    Status,
    bounded_mean,
    finite_number,
    waiting_interval,
    wilson,
)

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Restarts(Result):
    """Runs that start again until they reach a target or their budget of starts is spent.

    Where every start is drawn anew, and failure can be seen, the index T of the first success, counted from 1, is
    geometric: `P(T > k) = (1 − p)^k`. Runs whose budget was spent are *censored*: their T is only known to be larger.
    Intervals of p, and of what follows from it, are exact for that law; those of shares of runs are Wilson's. Under
    other policies a start hangs on the ones before: there is no such p, and what follows from it is refused. Runs are
    independent of each other under all policies, so that shares of runs and their intervals hold.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: name of the target.
        first_success: restarts before the first success, so counted from 0; −1 where there was none, `[runs]`.
        tried: starts made by each run, `[runs]`; fewer than the budget without success only where interrupted.
        budget: starts that a run may make.
        level: confidence level of the intervals.
        status: INTERRUPTED where some runs could have gone on.
        provenance: what was asked, versions, cost.
        policy: what runs do after a start that failed: "anew", "perturbed(std=0.5)", "from_checkpoint(step=20)".
        alike: whether all starts are drawn alike and independently, which they are if anew.
        places: parameters from which runs go on, `[runs, d]`, NaN where one has nowhere to go; None where they start
            anew.
    """

    question_kind: ClassVar[str] = "restarts"
    picture: ClassVar[str] = "nashscape.figures.restarting:restart_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_restarts"
    as_table: ClassVar[str] = "nashscape.selection.waiting.tables:restart_table"
    computed: ClassVar[tuple[str, ...]] = (
        "success",
        "per_start",
        "restarts_within_budget",
        "restarts_to_success",
        "censored",
        "survival",
        "hazards",
        "geometric_bound",
    )

    game: str
    rule: str
    target: str
    first_success: Whole
    tried: Whole
    budget: int
    level: float
    status: Status
    provenance: Provenance
    policy: str = "anew"
    alike: bool = True
    places: Floats | None = None

    @property
    def censored(self) -> int:
        """Runs without success."""
        return int((self.first_success < 0).sum())

    def success(self) -> Estimate:
        """The share of runs that succeed within the budget, with its Wilson interval."""
        return wilson(len(self.first_success) - self.censored, len(self.first_success), self.level)

    def per_start(self) -> Estimate:
        """The probability p that one start succeeds: successes over starts made, with an exact interval.

        The value is the maximum-likelihood estimate of a geometric distribution with censored runs. The interval is
        that of `waiting_interval`, from the starts that failed: it never covers less than its level, for one run too.

        Raises:
            InputError: where starts are not alike, and there is no one probability of them all.
        """
        self._check_alike("the probability of one start")
        successes, made = len(self.first_success) - self.censored, int(self.tried.sum())
        return self._estimate(successes / made, *self._interval, "exact")

    def restarts_within_budget(self) -> Estimate:
        """The mean number of restarts where a run without success counts as `budget − 1`, as published tables do.

        It is smaller than the mean number of restarts to success, the more so the more runs are censored. The interval
        is that of p carried over by `Σ_{0 < k < budget} (1 − p)^k`, the mean of this number; where starts are not
        alike, that of `bounded_mean`, which asks for nothing but independent runs.

        Raises:
            InputError: of an interrupted result whose starts are not alike.
        """
        counted = np.where(self.first_success < 0, self.budget - 1, self.first_success)
        if not self.alike:
            return self._bounded(counted)
        low, high = (self._mean_within(p) for p in reversed(self._interval))
        return self._estimate(float(counted.mean()), low, high, "exact, failures count as budget − 1")

    def restarts_to_success(self) -> Estimate:
        """The uncensored mean number of restarts to success, `(1 − p)/p`, with the interval of p carried over."""
        p = self.per_start()
        mean, low, high = ((1.0 - x) / x if x > 0 else float("inf") for x in (p.value, p.high, p.low))
        return self._estimate(mean, low, high, "geometric, censored runs counted")

    def _bounded(self, counted: Whole) -> Estimate:
        if self._decided < self.budget:
            raise InputError("some runs were interrupted and may go on; resume them, or look at survival()")
        if self.budget == 1:
            return self._estimate(0.0, 0.0, 0.0, "no restarts")
        return bounded_mean(counted, 0, self.budget - 1, self.level)

    def _check_alike(self, what: str) -> None:
        if not self.alike:
            raise InputError(
                f"{what} is of starts that are alike and independent; under {self.policy} each hangs on those before: "
                "see success(), survival() and hazards()"
            )

    @cached_property
    def _interval(self) -> tuple[float, float]:
        """The exact interval of p, from starts of numbers that all runs without success came to."""
        failures = np.minimum(np.where(self.first_success < 0, self._decided, self.first_success), self._decided)
        return waiting_interval(int(failures.sum()), len(failures), self._decided, self.level)

    @property
    def _decided(self) -> int:
        """How many starts are decided in all runs."""
        # where a run was interrupted, those that are known to have succeeded are no fair sample
        return self.budget if not self.censored else int(self.tried[self.first_success < 0].min())

    def _mean_within(self, p: float) -> float:
        return float(np.power(1.0 - p, np.arange(1, self.budget)).sum())

    def _estimate(self, value: float, low: float, high: float, method: str) -> Estimate:
        successes, made = len(self.first_success) - self.censored, int(self.tried.sum())
        return Estimate(value, min(low, value), max(high, value), self.level, method, successes, made)

    def survival(self) -> tuple[Estimate, ...]:
        """The share of runs without success after k = 1, 2, …, budget starts, as far as all runs came."""
        return tuple(self._without(k) for k in range(1, self._decided + 1))

    def _without(self, k: int) -> Estimate:
        failed = (self.first_success < 0) | (self.first_success >= k)
        return wilson(int(failed.sum()), failed.size, self.level)

    def geometric_bound(self, at_least: float | None = None) -> npt.NDArray[np.float64]:
        """The bound `(1 − p)^k` on the tail for k = 1 … budget, where every start succeeds with at least p.

        By default p is the lower end of the interval of `per_start`.

        Raises:
            InputError: where starts are not alike; of every start, whatever went before, nothing is known there.
        """
        self._check_alike("the geometric bound")
        p = self.per_start().low if at_least is None else finite_number(at_least, "at_least", low=0.0, high=1.0)
        return np.power(1.0 - p, np.arange(1, self.budget + 1), dtype=np.float64)

    def hazards(self) -> tuple[Estimate, ...]:
        """The share of the k-th starts that succeed, among the runs that make one, k = 1, 2, …; all the same where
        starts are alike."""
        found = []
        for k in range(self.budget):
            made = int((self.tried > k).sum())
            if made:
                found.append(wilson(int((self.first_success == k).sum()), made, self.level))
        return tuple(found)

    def __repr__(self) -> str:
        """Rule, game, successes and restarts, as one line."""
        how = f"{float(self.per_start()):.4f} a start" if self.alike else self.policy
        return (
            f"<Restarts {self.rule} on {self.game} to {self.target}: {self.success().successes} of "
            f"{len(self.first_success)} runs within {self.budget} starts, {how}; {self.standing}>"
        )
