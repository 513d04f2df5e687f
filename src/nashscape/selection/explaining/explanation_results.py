"""Why a start ends where it ends: what pushed it, how near the border it was, what would have changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Bracket, Estimate, Provenance, Result, Status
from nashscape.selection.edges.projections import TOTAL

Floats = npt.NDArray[np.float64]
ON_THE_BORDER = 1e-5
"""Probabilities within which a start counts as on the separatrix: its end is then decided by rounding."""


@dataclass(frozen=True)
class Change:
    """What changing one number would do to the outcome of a start.

    Attributes:
        parameter: name of the number.
        present: its value in the run explained; None where the run has no such number.
        searched: the range that was looked at.
        tried: how many values of it were tried.
        switch: the nearest two values between which the outcome changes; None where none was found.
        gains: whether the target is reached on the far side, or missed.
    """

    parameter: str
    present: float | None
    searched: tuple[float, float]
    tried: int
    switch: Bracket | None
    gains: bool

    @property
    def needed(self) -> float | None:
        """The nearest value that was seen to change the outcome."""
        if self.switch is None:
            return None
        return self.switch.high if self.switch.rises == self.gains else self.switch.low


@dataclass(frozen=True, eq=False)
class Explanation(Result):
    """Why one noise-free run ends where it ends.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: name of the target in question.
        start: strategies at the start, one array per player.
        outcome: how the run ended.
        reached: whether that is the target.
        first_hit: updates made when the target was first entered; None where it never was.
        decided: updates made when the run first was where it ended, from which on nothing more is explained.
        pushes: for every term of the rule and "total", what it moved the parameters by towards the target in each
            step, `h_t ⟨c_t, d_t⟩/|d_t|`, `[decided]`; d is the direction in which the target becomes likelier.
        sizes: the length of what every term moved the parameters by, `h_t |c_t|`, `[decided]`.
        towards: strategies at the other end of the line along which the margin was measured.
        scanned: how many starts on that line, equally spaced and both ends included, were tried first.
        margin: the largest change of any action's probability along that line up to the first start seen to end
            otherwise; None where no such start was found on it.
        changes: what changing one number at a time would do.
        status: UNRESOLVED where the run was out of budget.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "explanation"
    picture: ClassVar[str] = "nashscape.figures.steering:explanation_figure"
    as_table: ClassVar[str] = "nashscape.selection.steering.tables:explanation_table"
    computed: ClassVar[tuple[str, ...]] = ("totals", "decisive", "text")

    game: str
    rule: str
    target: str
    start: tuple[Floats, ...]
    outcome: str
    reached: bool
    first_hit: int | None
    decided: int
    pushes: Mapping[str, Floats]
    sizes: Mapping[str, Floats]
    towards: tuple[Floats, ...]
    scanned: int
    margin: Estimate | None
    changes: tuple[Change, ...]
    status: Status
    provenance: Provenance

    @property
    def totals(self) -> dict[str, float]:
        """What every term and all together pushed towards the target over the whole way, in parameters."""
        return {name: float(np.nansum(own)) for name, own in self.pushes.items()}

    @property
    def decisive(self) -> str:
        """The term that pushed most in the direction in which the run went."""
        totals = {name: own for name, own in self.totals.items() if name != TOTAL}
        return max(totals, key=lambda name: totals[name] if self.reached else -totals[name])

    @property
    def where(self) -> str:
        """The start in few characters: of two actions the probability of the first."""
        return _profile(self.start)

    @property
    def on_the_border(self) -> bool:
        """Whether the start lies on the separatrix, as far as the margin tells."""
        return self.margin is not None and self.margin.value <= ON_THE_BORDER

    @property
    def text(self) -> str:
        """The explanation in words."""
        if self.on_the_border:
            return f"{self._ending()}\n{self._bordering()}"
        return "\n".join([self._ending(), self._pushing(), self._margin(), *map(self._change, self.changes)])

    def _ending(self) -> str:
        where = self.where
        if self.reached:
            return f"From {where} {self.rule} reaches {self.target} after {self.decided} updates."
        passed = "" if self.first_hit is None else f", which it entered after {self.first_hit} updates and left again"
        end = "it is out of budget" if self.outcome == "out of budget" else f"it ends as {self.outcome}"
        return f"From {where} {self.rule} misses {self.target}{passed}: {end}."

    def _bordering(self) -> str:
        assert self.margin is not None, "asked where there is one"
        return (
            f"The start is on the separatrix, or within {self.margin.value:.2g} of it: starts on either side end "
            "differently, so that any small change of the start or of a number decides, even rounding. No term "
            "explains this end; ask about a start further away."
        )

    def _pushing(self) -> str:
        parts = ", ".join(f"{name} {own:+.3f}" for name, own in self.totals.items() if name != TOTAL)
        first = ", ".join(f"{name} {own[0]:+.4f}" for name, own in self.pushes.items())
        return (
            f"Towards {self.target} the terms pushed, in parameters: {parts}, together {self.totals[TOTAL]:+.3f}; most "
            f"of the way it went came from {self.decisive}. In the first step: {first}."
        )

    def _margin(self) -> str:
        line = f"on the straight line to {_profile(self.towards)}"
        tried = f"{self.scanned} equally spaced starts that were tried {line}"
        if self.margin is None:
            return f"None of the {tried} ends otherwise; a stretch between two of them may."
        changed = f"a probability has changed by {self.margin.value:.4g}"
        return f"The outcome of the {tried} first changes once {changed}."

    def _change(self, one: Change) -> str:
        effect = f"would make it {'reach' if one.gains else 'miss'} {self.target}"
        present = "" if one.present is None else f" in place of {one.present:g}"
        # where the number changes during the run, or is none of it, what was tried is one that does not change
        held = ", held constant," if one.present is None else ""
        if one.needed is None:
            low, high = one.searched
            tried = f"None of {one.tried} values of {one.parameter} tried from {low:g} to {high:g}"
            return f"{tried}{held}{present} {effect}."
        return f"{one.parameter.capitalize()} {one.needed:.4g}{held}{present} {effect}."

    def __repr__(self) -> str:
        """Rule, game, outcome, margin and the decisive term, as one line."""
        if self.on_the_border:
            assert self.margin is not None, "which puts it there"
            return (
                f"<Explanation {self.rule} on {self.game}: {self.outcome}, from within {self.margin.value:.2g} of the "
                f"separatrix; {self.standing}>"
            )
        margin = "no border found" if self.margin is None else f"margin {self.margin.value:.4g}"
        return (
            f"<Explanation {self.rule} on {self.game}: {self.outcome}, mostly {self.decisive}, {margin}; "
            f"{self.standing}>"
        )


def _profile(strategies: Sequence[Floats]) -> str:
    return "(" + ", ".join(map(_played, strategies)) + ")"


def _played(strategy: Floats) -> str:
    """A strategy in few characters: of two actions the probability of the first."""
    if strategy.size == 2:
        return f"{strategy.ravel()[0]:.3g}"
    return "[" + ", ".join(f"{p:.3g}" for p in strategy.ravel()) + "]"
