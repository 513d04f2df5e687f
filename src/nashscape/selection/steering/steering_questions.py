"""The question that steering asks at every value, and what the answers come to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nashscape.core import Provenance, Status, citations
from nashscape.core.brackets import Answer
from nashscape.core.searching import Axis, Search, search
from nashscape.dynamics.reducers import payoffs
from nashscape.learning.dial import Dial
from nashscape.learning.dials import same_payoffs
from nashscape.selection.steering.measuring import Measured, Measuring
from nashscape.selection.steering.prices import PayoffAdded
from nashscape.selection.steering.steering_results import Steering

ADDED = "payoff added to the game, per round, over all players, as the mean along the runs"
LOST = "payoff lost, per round and player, as the mean along the runs, against"


@dataclass(frozen=True)
class SteeringSearch:
    """The search for the values of a dial at which what is asked is so."""

    dial: Dial
    measuring: Measuring
    axis: Axis
    done: dict[float, Measured] = field(default_factory=dict)

    def answer(self, name: str, progress: Callable[[int, int], None] | None) -> Steering:
        """Search, and gather what was measured."""
        ends = [self.dial(self.measuring.case, value) for value in (self.axis.low, self.axis.high)]
        played = self.measuring.case.only_plays  # what players are paid is then seen
        paying = self.dial.pays and not played and not same_payoffs(ends[0].game, ends[1].game)
        computed = () if played else (payoffs(),)
        reducers = (*computed, *([PayoffAdded(ends[0].game.game)] if paying else []))
        expected = len(self.axis.scanned) + (self.axis.last // (len(self.axis.scanned) - 1)).bit_length()

        def ask(value: float) -> Answer:
            self.done[value] = self._measured(value, reducers)
            if progress is not None:
                progress(len(self.done), max(expected, len(self.done)))
            return self.done[value].verdict

        found = search(ask, self.axis, every=self.measuring.about == "starts", apart=self._apart)
        return self._gathered(name, found, paying)

    def _apart(self, low: float, high: float) -> bool:
        """Whether the starts tell the shares at two values apart; shares of fixed starts always are."""
        if self.measuring.about == "distribution" or not self.measuring.at_random:
            return True
        return self.done[low].differs(self.done[high], self.measuring.level)

    def _measured(self, value: float, reducers: tuple[Any, ...]) -> Measured:
        case = self.dial(self.measuring.case, value)
        return self.measuring(case, reducers, self.measuring.error / self.axis.candidates)

    def _gathered(self, name: str, found: Search, paying: bool) -> Steering:
        values = sorted(self.done)
        each = [self.done[value] for value in values]
        means = np.stack([self._paid(one) for one in each])
        lost = means[0].mean() - means.mean(axis=1)
        added, taken = np.array([one.reduced["payoff_added"] for one in each]).T if paying else (lost, 0.0 * lost)
        made = Steering(
            game=name,
            rule=self.dial(self.measuring.case, values[0]).rule.name,
            parameter=self.dial.name,
            target=self.measuring.case.goals[0].name,
            at_least=self.measuring.wanted,
            about=self.measuring.about,
            searched=(self.axis.low, self.axis.high),
            scanned=len(self.axis.scanned),
            values=np.array(values),
            shares=tuple(one.share for one in each),
            verdicts=tuple(one.verdict for one in each),
            trials=np.array([one.trials for one in each]),
            unsettled=np.array([one.unsettled for one in each]),
            movable=np.array([one.movable for one in each]),
            payoffs=means,
            prices=added,
            priced_in=self._priced_in(values[0], float(taken.max()))
            if paying
            else (f"{LOST} {self.dial.name} = {values[0]:g}; negative where players gain"),
            too_few=False,
            error=self.measuring.error if self.measuring.about == "distribution" else None,
            promise=self._promise(each[0].trials, found),
            status=Status.COMPLETE,
            provenance=self._provenance(each),
        )
        low, high = made.bracket or (self.axis.low, self.axis.low)
        few = low < high and not self._apart(low, high)
        promise = f"{made.promise}; {self._too_few(made.trials[0])}" if few else made.promise
        return replace(made, status=self._status(made, found), too_few=few, promise=promise)

    def _paid(self, measured: Measured) -> Any:
        """What every player was paid in a round, the mean along the runs, `[n]`."""
        case = self.measuring.case
        if not case.only_plays:
            return measured.reduced["payoffs"]
        return measured.reduced["payoff"].reshape(-1, len(case.game.sizes)).mean(axis=0)

    def _priced_in(self, first: float, taken: float) -> str:
        if not taken > 0:
            return ADDED
        kept = f"not set against it is what is taken away, up to {taken:.4g}"
        return f"{ADDED}, against {self.dial.name} = {first:g}; {kept}"

    def _too_few(self, runs: int) -> str:
        return (
            f"bisection ended where {runs} random starts no longer tell the shares at both ends apart (exact McNemar "
            f"test at {100 * self.measuring.level:g} %): raise n to narrow the bracket"
        )

    def _status(self, made: Steering, found: Search) -> Status:
        if found.interrupted:
            return Status.INTERRUPTED
        step = (self.axis.high - self.axis.low) / self.axis.last
        bracket = made.bracket
        if self.measuring.about == "distribution":
            open_ones = None in made.verdicts if bracket is None else bracket[1] - bracket[0] > 1.5 * step
            if open_ones or (made.verdicts[0] is None):
                return Status.UNDECIDED
        ends = bracket or (made.best[0],)
        if any(self.done[end].status is Status.DIVERGED for end in ends):
            return Status.DIVERGED
        # runs that have not settled matter only where they could bring about what is wanted at a smaller value
        return Status.UNRESOLVED if made.moved_from else Status.COMPLETE

    def _promise(self, runs: int, found: Search) -> str:
        if self.measuring.about == "distribution":
            return (
                f"with probability at least {1 - self.measuring.error:g} all answers are right, whenever trials were "
                f"stopped: the error is shared out among {self.axis.candidates} values; {found.promise}"
            )
        about = "" if not self.measuring.at_random else (
            f"; for the distribution of starts see the intervals, of {100 * self.measuring.level:g} % each on its own"
        )  # fmt: skip
        return f"exact for these {runs} starts and this number of updates{about}; {found.promise}"

    def _provenance(self, each: list[Measured]) -> Provenance:
        whole = each[0].provenance.together(*(one.provenance for one in each[1:]))
        asked: dict[str, Any] = {
            "parameter": self.dial.name, "dial": self.dial, "searched": (self.axis.low, self.axis.high),
            "at_least": self.measuring.wanted, "about": self.measuring.about, "scan": len(self.axis.scanned),
            "last": self.axis.last,
        }  # fmt: skip
        chance = self.measuring.about == "distribution"
        if chance:
            asked = {**asked, "error": self.measuring.error, "most_trials": self.measuring.most}
        sources = (*whole.sources, *([citations.ROBBINS, citations.HOWARD] if chance else []))
        return replace(whole.asking("steering", **asked), sources=tuple(dict.fromkeys(sources)))
