"""The question that steering asks at every value, and what the answers come to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nashscape.core import Provenance, Status, citations
from nashscape.dynamics import PointTarget, Target
from nashscape.dynamics.reducers import payoffs
from nashscape.selection.knobs import Knob, same_payoffs
from nashscape.selection.measuring import Measured, Where, by_starts, by_trials
from nashscape.selection.prices import PayoffAdded
from nashscape.selection.searching import Axis, Search, Verdict, search
from nashscape.selection.steering_results import Steering

ADDED = "payoff added to the game, per round, over all players, as the mean along the runs"
LOST = "payoff lost, per round and player, as the mean along the runs, against"


@dataclass(frozen=True)
class SteeringSearch:
    """What is asked at every value."""

    knob: Knob
    where: Where
    goals: tuple[Target | PointTarget, ...]
    threshold: float
    wanted: float
    about: str
    level: float
    error: float
    most: int
    axis: Axis
    done: dict[float, Measured] = field(default_factory=dict)

    def answer(self, name: str, progress: Callable[[int, int], None] | None) -> Steering:
        """Search, and gather what was measured."""
        paying = self.knob.pays and not same_payoffs(self.knob(self.axis.low)[0], self.knob(self.axis.high)[0])
        reducers = (payoffs(), *([PayoffAdded(self.knob(self.axis.low)[0].game)] if paying else []))
        expected = len(self.axis.scanned) + (self.axis.last // (len(self.axis.scanned) - 1)).bit_length()

        def ask(value: float) -> Verdict:
            self.done[value] = self._measured(value, reducers)
            if progress is not None:
                progress(len(self.done), max(expected, len(self.done)))
            return self.done[value].verdict

        found = search(ask, self.axis, every=self.about == "starts", apart=self._apart)
        return self._gathered(name, found, paying)

    def _apart(self, low: float, high: float) -> bool:
        """Whether the starts tell the shares at two values apart; shares of fixed starts always are."""
        if self.about == "distribution" or not self.where.at_random:
            return True
        return self.done[low].differs(self.done[high], self.level)

    def _measured(self, value: float, reducers: tuple[Any, ...]) -> Measured:
        made = self.knob(value)
        if self.about == "starts":
            return by_starts(self.where, made, self.goals, self.threshold, self.wanted, self.level, reducers)
        share = self.error / self.axis.candidates
        return by_trials(self.where, made, self.goals, self.wanted, share, self.most, reducers)

    def _gathered(self, name: str, found: Search, paying: bool) -> Steering:
        values = sorted(self.done)
        each = [self.done[value] for value in values]
        means = np.stack([one.reduced["payoffs"] for one in each])
        lost = means[0].mean() - means.mean(axis=1)
        spent = np.array([one.reduced["payoff_added"][0] for one in each]) if paying else lost
        made = Steering(
            game=name,
            rule=self.knob(values[0])[1].name,
            parameter=self.knob.name,
            target=self.goals[0].name,
            at_least=self.wanted,
            about=self.about,
            searched=(self.axis.low, self.axis.high),
            scanned=len(self.axis.scanned),
            values=np.array(values),
            shares=tuple(one.share for one in each),
            verdicts=tuple(one.verdict for one in each),
            trials=np.array([one.trials for one in each]),
            unsettled=np.array([one.unsettled for one in each]),
            movable=np.array([one.movable for one in each]),
            payoffs=means,
            prices=spent,
            priced_in=ADDED if paying else f"{LOST} {self.knob.name} = {values[0]:g}; negative where players gain",
            too_few=False,
            error=self.error if self.about == "distribution" else None,
            promise=self._promise(each[0].trials),
            status=Status.COMPLETE,
            provenance=self._provenance(each),
        )
        low, high = made.bracket or (self.axis.low, self.axis.low)
        few = low < high and not self._apart(low, high)
        promise = f"{made.promise}; {self._too_few(made.trials[0])}" if few else made.promise
        return replace(made, status=self._status(made, found), too_few=few, promise=promise)

    def _too_few(self, runs: int) -> str:
        return (
            f"bisection ended where {runs} random starts no longer tell the shares at both ends apart (exact McNemar "
            f"test at {100 * self.level:g} %): raise n to narrow the bracket"
        )

    def _status(self, made: Steering, found: Search) -> Status:
        if found.interrupted:
            return Status.INTERRUPTED
        step = (self.axis.high - self.axis.low) / self.axis.last
        bracket = made.bracket
        if self.about == "distribution":
            open_ones = None in made.verdicts if bracket is None else bracket[1] - bracket[0] > 1.5 * step
            if open_ones or (made.verdicts[0] is None):
                return Status.UNDECIDED
        ends = bracket or (made.best[0],)
        if any(self.done[end].status is Status.DIVERGED for end in ends):
            return Status.DIVERGED
        # runs that have not settled matter only where they could bring about what is wanted at a smaller value
        return Status.UNRESOLVED if made.moved_from else Status.COMPLETE

    def _promise(self, runs: int) -> str:
        gap = (self.axis.high - self.axis.low) / (len(self.axis.scanned) - 1)
        missed = f"a stretch of values shorter than {gap:.3g} can have escaped the scan"
        if self.about == "distribution":
            return (
                f"with probability at least {1 - self.error:g} all answers are right, whenever trials were stopped: "
                f"the error is shared out among {self.axis.candidates} values; {missed}"
            )
        about = "" if self.where.starts is None or self.where.starts.size is not None else (
            f"; for the distribution of starts see the intervals, of {100 * self.level:g} % each on its own"
        )  # fmt: skip
        return f"exact for these {runs} starts and this number of updates{about}; {missed}"

    def _provenance(self, each: list[Measured]) -> Provenance:
        whole = each[0].provenance.together(*(one.provenance for one in each[1:]))
        asked: dict[str, Any] = {
            "parameter": self.knob.name, "searched": (self.axis.low, self.axis.high),
            "at_least": self.wanted, "about": self.about, "scan": len(self.axis.scanned), "last": self.axis.last,
        }  # fmt: skip
        if self.about == "distribution":
            asked = {**asked, "error": self.error, "most_trials": self.most}
        sources = (*whole.sources, *([citations.ROBBINS, citations.HOWARD] if self.about == "distribution" else []))
        return replace(whole.asking("steering", **asked), sources=tuple(dict.fromkeys(sources)))
