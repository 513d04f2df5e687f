"""What is good or bad for all, as a table over pure profiles: the sum, the worst off, or a table of one's own."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from nashscape.core import InputError, choice
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of
from nashscape.games import DenseGame

COST, WELFARE = "cost", "welfare"
Number = TypeVar("Number", Fraction, float)
KINDS = {COST: ("sum", "largest"), WELFARE: ("sum", "least")}


@dataclass(frozen=True, eq=False)
class Objective:
    """What is reckoned, and how: `sense` is "cost" (less is better) or "welfare", `values` are over pure profiles."""

    sense: str
    kind: str
    values: Objects

    @property
    def sign(self) -> int:
        """1 where less is better, −1 where more is."""
        return 1 if self.sense == COST else -1

    @property
    def optimum(self) -> Fraction:
        """The best value of any profile, which no mixture betters."""
        return Fraction(self.values.min() if self.sense == COST else self.values.max())

    def expected(self, strategies: Any) -> Fraction:
        """The expectation where players mix, of fractions exactly."""
        left = self.values if isinstance(strategies[0][0], Fraction) else self.values.astype(np.float64)
        for own in reversed(strategies):
            left = np.tensordot(left, np.array(own, dtype=left.dtype), axes=1)
        value: Any = left
        return Fraction(value.item() if hasattr(value, "item") else value)


def price_of(sense: str, value: Number, optimum: Number) -> Number | float:
    """How many times worse a value is than the best: 1 where they are the same, infinite beside nothing.

    >>> price_of("cost", 3, 2), price_of("welfare", 0, 2), price_of("cost", 0, 0)
    (1.5, inf, 1)
    """
    worse, better = (value, optimum) if sense == COST else (optimum, value)
    if worse == better:
        return type(value)(1)
    return worse / better if better > 0 else float("inf")


def objective(form: DenseGame, welfare: Any, cost: Any) -> Objective:
    """What a game is judged by; by default the sum of costs where no payoff sum is above zero, else of payoffs.

    Raises:
        InputError: for both a welfare and a cost, an unknown one, tables of another shape, and values below zero.
    """
    if welfare is not None and cost is not None:
        raise InputError("give welfare, which is to be large, or cost, which is to be small, not both")
    total = form.fractions.sum(axis=0)
    sense = COST if cost is not None or (welfare is None and bool((total <= 0).all())) else WELFARE
    given = cost if sense == COST else welfare
    given = "sum" if given is None else given
    if isinstance(given, str):
        kind = choice(given, f"kind of {sense}", KINDS[sense])
        made = total if kind == "sum" else form.fractions.min(axis=0)
        made = -made if sense == COST else made
    else:
        rounded, exact = exact_array(given, f"the {sense} of profiles")
        kind, made = "table", fractions_of(rounded) if exact is None else exact
        if made.shape != form.shape:
            raise InputError(f"{sense} is a number for every profile, of shape {form.shape}; got {made.shape}")
    best = np.unravel_index(int(made.argmin() if sense == COST else made.argmax()), made.shape)
    check_sign(sense, Fraction(made[best]), form.profile_name([int(a) for a in best]))
    return Objective(sense, kind, made)


def check_sign(sense: str, value: Fraction, name: str) -> None:
    """Refuse what is below zero where a ratio is taken.

    Raises:
        InputError: with where it is.
    """
    if value < 0:
        raise InputError(
            f"ratios of a {sense} below zero say nothing; it is {float(value):g} at {name}: give welfare= or cost=, as "
            "a table of your own if need be"
        )
