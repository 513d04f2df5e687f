"""What steering found: the bracket of the smallest value, the curve, the price."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status
from nashscape.core.brackets import Answer, Bracket, brackets_of, told_apart

Floats = npt.NDArray[np.float64]
WHOLE = ("restarts", "warm_up")
"""Parameters that are whole numbers."""


@dataclass(frozen=True, eq=False)
class Steering(Result):
    """Which values of a number bring the share of runs that reach a target to what is wanted.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        parameter: name of the number.
        target: name of the target.
        at_least: the share, or the probability, that is wanted.
        about: "starts" where shares are of one fixed set of starts, which noise-free updates decide; "distribution"
            where they are probabilities, which are decided up to `error`.
        searched: the range of values, `(low, high)`.
        scanned: how many values of the range the search began with.
        values: all values that were asked about, rising, `[V]`.
        shares: the share at each, with an interval: see `promise`.
        verdicts: whether the wanted share is reached there; None where it was left open.
        trials: runs at each value, `[V]`.
        unsettled: runs at each value that are not known to stay where they are, `[V]`.
        movable: where the wanted share is not reached, but would be if all of these came to reach the target, `[V]`.
        payoffs: mean payoff of every player over the profiles of all runs at each value, `[V, n]`.
        prices: what each value costs, `[V]`; see `priced_in`.
        priced_in: what the prices are.
        too_few: whether bisection ended early, where random starts no longer told the shares at both ends of the
            bracket apart; more of them (n) narrow it.
        error: the probability with which any verdict may be wrong; None where none can be.
        promise: what is promised of the bracket, and what is not.
        status: UNDECIDED where values that matter were left open, INTERRUPTED where the search did not end, UNRESOLVED
            where runs that had not settled could bring the wanted share about at a smaller value: see `advice`.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "steering"
    picture: ClassVar[str] = "nashscape.figures.steering:steering_figure"
    as_columns: ClassVar[str] = "nashscape.selection.result_columns:of_steering"
    as_grid: ClassVar[str] = "nashscape.selection.result_columns:grid_of_values"
    as_table: ClassVar[str] = "nashscape.selection.steering.tables:steering_table"
    computed: ClassVar[tuple[str, ...]] = ("bracket", "lost_again", "switches", "not_below", "price", "text")

    game: str
    rule: str
    parameter: str
    target: str
    at_least: float
    about: str
    searched: tuple[float, float]
    scanned: int
    values: Floats
    shares: tuple[Estimate, ...]
    verdicts: tuple[Answer, ...]
    trials: npt.NDArray[np.int64]
    unsettled: npt.NDArray[np.int64]
    movable: npt.NDArray[np.bool_]
    payoffs: Floats
    prices: Floats
    priced_in: str
    too_few: bool
    error: float | None
    promise: str
    status: Status
    provenance: Provenance

    @property
    def switches(self) -> tuple[Bracket, ...]:
        """Where the wanted share comes to be reached, and where it is lost again, in order."""
        return brackets_of(dict(zip(self.values.tolist(), self.verdicts, strict=True)))

    @property
    def bracket(self) -> tuple[float, float] | None:
        """Two values between which the wanted share is first reached; None where no value tried reaches it.

        Both ends are the same where the lower end of the range reaches it.
        """
        reached = [value for value, verdict in zip(self.values.tolist(), self.verdicts, strict=True) if verdict]
        if not reached:
            return None
        below = [value for value, verdict in zip(self.values.tolist(), self.verdicts, strict=True) if verdict is False]
        before = [value for value in below if value < reached[0]]
        # without a value that is known to fail, all from the lower end on may do
        return (max(before) if before else float(self.values[0])), float(reached[0])

    @property
    def lost_again(self) -> Bracket | None:
        """Where a larger value first falls short again; None where none that was tried does."""
        return next((one for one in self.switches if not one.rises), None)

    @property
    def ends(self) -> tuple[Estimate, Estimate] | None:
        """The shares at both ends of the bracket."""
        if self.bracket is None:
            return None
        low, high = self.bracket
        return self.at(low), self.at(high)

    @property
    def price(self) -> float | None:
        """What the upper end of the bracket costs, which does reach the wanted share; see `priced_in`."""
        return None if self.bracket is None else float(self.prices[self._place(self.bracket[1])])

    @property
    def best(self) -> tuple[float, Estimate]:
        """The value with the largest share of those tried, and that share."""
        k = int(np.argmax([one.value for one in self.shares]))
        return float(self.values[k]), self.shares[k]

    def at(self, value: float) -> Estimate:
        """The share at a value that was asked about."""
        return self.shares[self._place(value)]

    def _place(self, value: float) -> int:
        return int(np.argmin(np.abs(self.values - value)))

    @property
    def moved_from(self) -> tuple[float, ...]:
        """Values tried below the answer at which longer runs could reach the wanted share after all."""
        end = np.inf if self.bracket is None else self.bracket[1]
        return tuple(self.values[self.movable & (self.values < end)].tolist())

    @property
    def not_below(self) -> float | None:
        """The value tried up to which longer runs could not move the answer; None where they could anywhere."""
        if not self.moved_from:
            return None if self.bracket is None else self.bracket[0]
        before = self.values[self.values < self.moved_from[0]]
        return float(before[-1]) if len(before) else None

    @property
    def advice(self) -> str:
        """What to do about the status."""
        if self.status is Status.UNRESOLVED:
            return f"{self._unsettled()}; {self._moved()}. Raise steps to see."
        if self.status is Status.UNDECIDED and self.parameter == "restarts":
            return "Raise n: more starts narrow down how often one succeeds."
        if self.status is Status.UNDECIDED:
            return "Some values were left open; raise most_trials, or ask for a share further from those seen."
        return self.status.advice

    @property
    def text(self) -> str:
        """The answer in words."""
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.bracket is None:
            value, share = self.best
            yield f"No value tried reaches it; the largest share is {share.value:.4f}, at {value:g}."
        elif self.bracket[0] == self.bracket[1]:
            yield f"Reached at {self.bracket[1]:.6g} already, the lower end of the range."
        else:
            yield f"First reached between {' and '.join(told_apart(*self.bracket))}."
        if self.parameter in WHOLE and self._whole():
            yield f"Of {self.parameter.replace('_', '-')}: {self._whole()}."
        if self.lost_again is not None:
            yield f"Lost again between {' and '.join(told_apart(self.lost_again.low, self.lost_again.high))}."
        if self.price is not None:
            yield f"Price: {self.price:.4f} {self.priced_in}."
        yield f"{self.promise[0].upper()}{self.promise[1:]}."
        if self.status is not Status.COMPLETE:
            yield f"{self.status.value}: {self.advice}"

    def _unsettled(self) -> str:
        k = self._place(self.moved_from[-1])
        runs = "starts" if self.about == "starts" else "runs"
        return f"{self.unsettled[k]} of {self.trials[k]} {runs} unsettled at {self.values[k]:.6g}"

    def _moved(self) -> str:
        least = self.not_below
        what = "longer runs could reach it" if self.bracket is None else "longer runs could move the answer"
        return f"{what}, but not below {least:.6g}" if least is not None else f"{what} anywhere in the range"

    def _whole(self) -> str:
        """Which of the whole numbers at the bracket is enough, and which are open."""
        low, high = self.bracket or (self.values[0], np.inf)
        near = [
            (value, verdict)
            for value, verdict in zip(self.values.tolist(), self.verdicts, strict=True)
            if low <= value <= high
        ]
        open_ones = [f"{value:g}" for value, verdict in near if verdict is None]
        listed = " and ".join(open_ones) if len(open_ones) < 3 else f"{open_ones[0]} to {open_ones[-1]}"
        parts = [
            "" if self.bracket is None else f"{high:g} is enough",
            f"{listed} open" if open_ones else "",
            "" if self.bracket is None or near[0][1] is not False else f"{low:g} is not",
        ]
        return ", ".join(filter(None, parts))

    def __repr__(self) -> str:
        """Rule, game, what was wanted and the bracket, as one line."""
        what = f"<Steering {self.rule} on {self.game}: {self.target} at least {self.at_least:g}"
        if self.bracket is None:
            value, share = self.best
            found = f"not reached by {self.parameter} up to {self.values[-1]:g}, best {share.value:.4f} at {value:g}"
        else:
            low, high = self.bracket
            found = (
                f"from {self.parameter} {high:.6g} on"
                if low == high
                else f"{self.parameter} in [{', '.join(told_apart(low, high))}]"
            )
            lost = self.lost_again
            found += "" if lost is None else f", lost again by {lost.high:.6g}"
        if self.parameter in WHOLE and self._whole():
            found += f" ({self._whole()})"
        why = f": {self._unsettled()}, {self._moved()}" if self.status is Status.UNRESOLVED else ""
        return f"{what}, {found}; {self.standing}{why}>"
