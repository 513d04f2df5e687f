"""Games and rules along one number: what thresholds and continuations look along."""

from dataclasses import dataclass
from typing import Any

from nashscape.core import InputError
from nashscape.games.exchange.converters import stands_for_a_game
from nashscape.learning import Rule, check_rule
from nashscape.learning.dial import Dial, Learning
from nashscape.learning.dial_table import DIALS
from nashscape.learning.dials import dial_of, usual_rule
from nashscape.semantics import parametric
from nashscape.semantics.recoupling import coupling_name


@dataclass(frozen=True)
class Family:
    """A game and a rule at every value of a dial. Made by `family_of`.

    Attributes:
        base: what the dial turns; without a game where the dial gives it.
        dial: what varies.
        parameter: what tables and figures call the number.
    """

    base: Learning
    dial: Dial
    parameter: str

    def __call__(self, value: float) -> Learning:
        """The game and the rule at a value.

        Raises:
            InputError: for a function that gives a rule where there is no game, or where a rule was given as well.
        """
        made = self.dial(self.base, value)
        if made.game is None:
            raise InputError("a function that gives rules is a dial: threshold(game, …, dial=lambda x: rule_at(x))")
        if self.base.game is None and self.base.rule is not None and made.rule is not self.base.rule:
            raise InputError("the function gives a game and its rule; leave rule out")
        return made

    @property
    def reads_others(self) -> bool:
        """Whether it is how much players read of each other that varies, and nothing else."""
        return self.dial is DIALS["coupling"]

    def ends(self, low: float | None, high: float | None) -> tuple[float, float]:
        """The range of the number: what is given, else the usual range of the dial.

        Raises:
            InputError: for an empty range, and where nobody says.
        """
        first, last = self.dial.end("low", low), self.dial.end("high", high)
        if not first < last:
            raise InputError(f"the range of {self.parameter} needs low < high; got {first:g} and {last:g}")
        return first, last


def family_of(first: Any, dial: Any, rule: Rule | None, parameter: str | None) -> Family:
    """The family that a verb was given.

    Args:
        first: a game, with or without semantics, in which a dial is turned; or a function from the value to a game or
            to a pair (game, rule), which is a dial by itself.
        dial: see `dial_of`; by default the coupling of a game's players.
        rule: how players learn; by default the usual rule of the dial.
        parameter: what to call the number; by default the dial's name.

    Raises:
        InputError: for what is neither a game nor a function of one number, and dials that have whole values alone.
    """
    if parameter is not None and not isinstance(parameter, str):
        raise InputError(f"parameter is the name of the number; got {parameter!r}")
    given = None if rule is None else check_rule(rule)
    if not stands_for_a_game(first):
        if dial is not None:
            raise InputError("a function of the value says itself what varies; give dial with one game")
        return Family(Learning(None, given), dial_of(first, parameter or "value"), parameter or "value")
    turned = dial_of("coupling" if dial is None else dial, parameter)
    if turned.whole:
        raise InputError(f"{turned.name} has whole values, between which nothing is looked for; see sweep")
    try:
        learners = parametric(first)
    except InputError as error:
        raise InputError(
            f"a family is a game and a dial, or a function from a number to a game such as "
            f"lambda k: open_source(game, k); {error}"
        ) from error
    usual = usual_rule(turned)
    base = Learning(learners, (None if usual.follows_payoffs else usual) if given is None else given)
    named = coupling_name(learners) if turned is DIALS["coupling"] else turned.name
    return Family(base, turned, parameter or named)
