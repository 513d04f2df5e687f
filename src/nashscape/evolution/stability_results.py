"""Which strategies mutants cannot invade."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from nashscape.core import Provenance, Result, Status
from nashscape.core.exact_numbers import fraction_text
from nashscape.evolution.exact_systems import Strategy

STATUSES = ("ESS", "neutrally stable", "Nash", "no equilibrium")
"""From the firmest on; each is all that those after it are, but for the last."""


@dataclass(frozen=True)
class Resident:
    """A strategy that all play, and what becomes of mutants.

    Attributes:
        strategy: shares of the types, in fractions.
        status: "ESS": every mutant does worse where it is rare. "neutrally stable": none does better, some as well.
            "Nash": some mutant, no worse against the residents, does better against itself than they do. "no
            equilibrium": some does better against the residents.
        payoff: what residents get among themselves.
        mutant: the one that does better, or as well; None of an ESS.
        extremes: where this is one of a continuum of equilibria with the same status, those that span it; else the
            strategy itself.
    """

    strategy: Strategy
    status: str
    payoff: Fraction
    mutant: Strategy | None
    extremes: tuple[Strategy, ...]

    @property
    def alone(self) -> bool:
        """Whether no other equilibrium has its support and best replies; it can be the end of a line all the same."""
        return len(self.extremes) == 1


@dataclass(frozen=True, eq=False)
class EvolutionaryStability(Result):
    """What mutants can do to residents.

    Attributes:
        types: names.
        residents: all symmetric equilibria, of each continuum one; or the strategies that were asked for.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "evolutionary stability"
    picture: ClassVar[str] = "nashscape.figures.population_games:stability_figure"
    as_table: ClassVar[str] = "nashscape.evolution.population_tables:stability_table"
    as_columns: ClassVar[str] = "nashscape.evolution.population_tables:columns_of_stability"

    types: tuple[str, ...]
    residents: tuple[Resident, ...]
    status: Status
    provenance: Provenance

    @property
    def stable(self) -> tuple[Strategy, ...]:
        """The evolutionarily stable strategies."""
        return tuple(one.strategy for one in self.residents if one.status == "ESS")

    def named(self, strategy: Strategy) -> str:
        """A strategy in words, such as "3/7 hawk, 4/7 dove"."""
        return mixture_text(strategy, self.types)

    def __repr__(self) -> str:
        """The evolutionarily stable strategies, as one line."""
        told = "; ".join(map(self.named, self.stable)) or "none"
        return f"<EvolutionaryStability of {len(self.residents)} strategies, ESS: {told}>"


def mixture_text(strategy: Strategy, types: tuple[str, ...]) -> str:
    """A mixture in words.

    >>> mixture_text((Fraction(3, 7), Fraction(4, 7), Fraction(0)), ("hawk", "dove", "bully"))
    '3/7 hawk, 4/7 dove'
    """
    told = [(fraction_text(share), name) for share, name in zip(strategy, types, strict=True) if share]
    return told[0][1] if len(told) == 1 else ", ".join(f"{share} {name}" for share, name in told)
