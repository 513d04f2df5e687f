"""What changing one number at a time would do to the outcome of a start."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Bracket, InputError
from nashscape.dynamics import Target
from nashscape.dynamics.case import case_of
from nashscape.dynamics.starts import strategies
from nashscape.games import in_normal_form
from nashscape.learning import Rule, peer_only
from nashscape.learning.dial import Dial
from nashscape.learning.dial_table import DIALS
from nashscape.learning.dials import dial_of
from nashscape.learning.rules import is_combination
from nashscape.learning.term_rules import COEFFICIENTS
from nashscape.selection.explaining.explanation_results import Change
from nashscape.selection.steering.finding import steer
from nashscape.selection.steering.steering_results import Steering
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import has_forms

Floats = npt.NDArray[np.float64]
MOST_COUPLED = 0.95
"""At coupling 1 players cannot play different strategies, so that not every start exists."""


def dials_to_change(game: ParametricGame, rule: Rule, changes: Any) -> list[Dial]:
    """The numbers that are to be changed, each of which the game and the rule have.

    Raises:
        InputError: for any other, and one without a range, before anything is run.
    """
    if changes is None:
        return [DIALS[name] for name in _usual(game, rule)]
    several = isinstance(changes, list | tuple)
    dials = [dial_of(one) for one in (changes if several else [changes])]
    for dial in dials:
        if dial.low is None or dial.high is None:
            raise InputError(f"{dial.name} says nothing of its range; give a Dial with low and high")
        dial(case_of(game, _with_terms(dial, rule)), dial.low)
    return dials


def _with_terms(dial: Dial, rule: Rule) -> Rule:
    """The rule in which a coefficient can be changed at all: in policy gradient it stands before no term."""
    return peer_only() if dial.name in COEFFICIENTS and is_combination(rule) and not rule.inner_lr else rule


def _usual(game: ParametricGame, rule: Rule) -> list[str]:
    """The names of the numbers that are changed where nobody says."""
    terms = ("peer", *(name for name in COEFFICIENTS if name != "peer" and getattr(rule, name, None) is not None))
    bare: Any = game.game
    shared = in_normal_form(bare) and len({len(names) for names in bare.actions}) == 1 and len(bare.actions) > 1
    return [*(terms if is_combination(rule) else ()), *(["coupling"] if has_forms(game.semantics) and shared else [])]


@dataclass(frozen=True)
class Asked:
    """One start under other numbers."""

    game: ParametricGame
    rule: Rule
    start: tuple[Floats, ...]
    goal: Target
    threshold: float
    reached: bool
    highest: float
    options: dict[str, Any]

    def change(self, dial: Dial) -> Change:
        """The nearest value of a number at which the outcome changes."""
        present = dial.now(case_of(self.game, self.rule, self.options, threshold=self.threshold))
        low, high = self._range(dial, present)
        found = steer(
            self.game, dial, [self.goal], 1.0, low=low, high=high, rule=_with_terms(dial, self.rule),
            starts=strategies([list(self.start)]), threshold=self.threshold, precision="float64", **self.options,
        )  # fmt: skip
        gains = not self.reached
        return Change(
            found.parameter, present, found.searched, len(found.values), _nearest(found, present, gains), gains
        )

    def _range(self, dial: Dial, present: float | None) -> tuple[float, float]:
        """The dial's own range, which holds the present value; of a coefficient of the table twice as much."""
        low, high = dial.end("low"), dial.end("high")
        of_rule = dial.name in COEFFICIENTS and dial is DIALS[dial.name]
        if of_rule:
            high = self.highest
        elif dial is DIALS["coupling"]:
            high = MOST_COUPLED
        if present is None:
            return low, high
        return min(low, present), max(high, 2.0 * present if of_rule else present)


def _nearest(found: Steering, present: float | None, gains: bool) -> Bracket | None:
    """The bracket whose far side, where the outcome is another, is nearest to the present value."""
    at = found.searched[0] if present is None else present

    def distance(one: Bracket) -> float:
        return abs((one.high if one.rises == gains else one.low) - at)

    return min(found.switches, key=distance, default=None)
