"""The value of a game with one-sided information that is repeated finitely often, and how it is revealed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.theory.nash.response_vertices import Strategy

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FiniteOneSidedValue(Result):
    """What the informed player gets on average of N rounds, and what the other believes on the way.

    Attributes:
        prior: of the states, in fractions.
        rounds: N.
        low: what the informed player's strategy makes sure of, in payoff units.
        high: what the other's strategy holds it to; the two differ by rounding.
        excess: by how much the value is above that without end at most, `C Σ_k √(p_k (1 − p_k)) / √N`.
        first: what the informed player plays in the first round, by state, `[states, rows]`.
        other: what the other plays in the first round, `[columns]`.
        revealed: after each round the share of the variance of the state that is revealed, `[N + 1]`, from 0 on.
        steps: of every history of the informed player's actions that comes about, how many rounds it has.
        reach: its probability.
        beliefs: what is believed after it, `[histories, states]`.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "finite one-sided value"
    as_columns: ClassVar[str] = "nashscape.theory.one_sided.tables:rounds_columns"
    as_table: ClassVar[str] = "nashscape.theory.one_sided.tables:rounds_table"
    picture: ClassVar[str] = "nashscape.figures.one_sided:rounds_figure"
    computed: ClassVar[tuple[str, ...]] = ("value",)

    prior: Strategy
    rounds: int
    low: float
    high: float
    excess: float
    first: Floats
    other: Floats
    revealed: Floats
    steps: npt.NDArray[np.int64]
    reach: Floats
    beliefs: Floats
    status: Status
    provenance: Provenance

    @property
    def value(self) -> float:
        """The middle of the bounds, in payoff units per round."""
        return (self.low + self.high) / 2

    def __repr__(self) -> str:
        """The value and how much is revealed, as one line."""
        told = f"{100 * self.revealed[-1]:.3g} % revealed in the end"
        return f"<FiniteOneSidedValue of {len(self.prior)} states, {self.rounds} rounds: {self.value:.6g} ({told})>"
