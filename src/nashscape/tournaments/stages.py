"""What is played again and again, and for how long."""

from fractions import Fraction
from typing import Any, NamedTuple

from nashscape.core import InputError, positive_integer
from nashscape.core.checks import moderate
from nashscape.core.exact_numbers import exact_array, exact_number, fraction_text, fractions_of

AXELROD = ((3, 0), (5, 1))
"""The Prisoner's Dilemma of Axelrod's tournaments: R, S and T, P."""

MOST_TURNS = 10**9


class Stage(NamedTuple):
    """The payoffs of one round.

    Attributes:
        first: of the first player after CC, CD, DC, DD, its own action first.
        second: of the second player after the same.
    """

    first: tuple[Fraction, ...]
    second: tuple[Fraction, ...]

    @property
    def own(self) -> tuple[Fraction, ...]:
        """What a strategy gets that is the first player half of the time, and the second otherwise."""
        other = swapped(self.second)
        return tuple((a + b) / 2 for a, b in zip(self.first, other, strict=True))


class Length(NamedTuple):
    """How rounds count: t = 0, 1, … of `turns`, or of all, by `δ^t`; of all with δ = 1 in the long run.

    Attributes:
        turns: how many, or None for ever.
        discount: δ, also the probability that another round follows.
        slip: how likely an action is another than was meant.
    """

    turns: int | None
    discount: Fraction
    slip: Fraction

    def __str__(self) -> str:
        """In words."""
        count = "" if self.turns is None else f"{self.turns} turn{'s' if self.turns > 1 else ''}"
        less = f"discount {fraction_text(self.discount)}" if self.discount != 1 else ""
        slips = f"noise {fraction_text(self.slip)}" if self.slip else ""
        return ", ".join(filter(None, (count or ("" if less else "for ever"), less, slips)))


def swapped(four: Any) -> Any:
    """What belongs to CC, CD, DC, DD as the other player names them."""
    return tuple(four[k] for k in (0, 2, 1, 3))


def stage_of(given: Any) -> Stage:
    """A stage game from a game, from payoffs `[2, 2, 2]`, or from the matrix ((R, S), (T, P)) of a symmetric game.

    Raises:
        InputError: for anything else.
    """
    exact = getattr(given, "exact_payoffs", None)
    rounded, exact = exact_array(
        getattr(given, "payoffs", given) if exact is None else exact, "the payoffs of the stage game"
    )
    moderate(rounded, "the payoffs of the stage game")
    if rounded.shape not in ((2, 2), (2, 2, 2)):
        raise InputError(
            "the stage game has two players with two actions each: give [[R, S], [T, P]], or payoffs of shape "
            f"(2, 2, 2); got shape {rounded.shape}"
        )
    numbers = fractions_of(rounded) if exact is None else exact
    both = (numbers, numbers.T) if numbers.ndim == 2 else numbers
    return Stage(*(tuple(own.ravel().tolist()) for own in both))


def length_of(turns: Any, discount: Any, noise: Any) -> Length:
    """How long is played, checked.

    Raises:
        InputError: for numbers out of their range.
    """
    count = None if turns is None else positive_integer(turns, "turns")
    if count is not None and count > MOST_TURNS:
        raise InputError(f"turns must be at most {MOST_TURNS:,}; got {count:,}: leave them out for the long run")
    numbers = {"discount": exact_number(discount, "discount"), "noise": exact_number(noise, "noise")}
    for (name, value), told in zip(numbers.items(), (discount, noise), strict=True):
        if not 0 <= value <= 1:
            raise InputError(f"{name} must be from 0 to 1; got {told}")
    return Length(count, *numbers.values())
