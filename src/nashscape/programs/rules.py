"""What a program does against one opponent in one seat: once and for all, by a formula, or by a simulation."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from nashscape.programs.formulas import Formula, Names

Shares = tuple[Fraction, ...]
"""How likely each action is."""


class Meeting(NamedTuple):
    """A program in a seat, 0 or 1, against another in the other seat."""

    seat: int
    actor: Any
    against: Any


@dataclass(frozen=True)
class Rule:
    """One of three: `shares`; or the first or second of `either` by a `formula`; or what a simulation says.

    Attributes:
        shares: that are played whatever happens.
        formula: of which hangs what is played.
        either: the shares where it is true, and where it is not.
        reads: the meetings that the formula speaks of.
        simulates: the meeting that is simulated.
        grounded: how likely nothing is simulated, and `ground` played.
        ground: the shares that are played then.
        responses: the shares that answer each action of the simulated one.
    """

    shares: Shares | None = None
    formula: Formula | None = None
    either: tuple[Shares, Shares] = ((), ())
    reads: Mapping[Names, Meeting] | None = None
    simulates: Meeting | None = None
    grounded: Fraction = Fraction(1)
    ground: Shares = ()
    responses: tuple[Shares, ...] = ()

    def needs(self) -> tuple[Meeting, ...]:
        """The meetings that must be known."""
        return (*(self.reads or {}).values(), *((self.simulates,) if self.simulates else ()))
