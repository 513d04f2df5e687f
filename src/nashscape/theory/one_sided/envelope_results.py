"""The value of an infinitely repeated game with one-sided information, and what the informed player tells."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.exact_numbers import fraction_text
from nashscape.theory.nash.response_vertices import Strategy

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OneSidedValue(Result):
    """What the informed player gets on average of infinitely many rounds: the concave envelope at the prior.

    Attributes:
        prior: of the states, in fractions.
        low: what the split makes sure of, in payoff units.
        high: what the other holds the informed player to.
        concealed: the value where nothing is revealed, u(prior).
        weights: the chance of every signal, in fractions.
        posteriors: what the other believes after each signal.
        mixtures: of rows, by signal: what the informed player plays from then on, whatever the state.
        slopes: for every state the payoff that the other can hold it to; their mean over the prior is `high`.
        beliefs: in games of two states, a grid of probabilities of the second.
        curve: u at these.
        envelope: the concave envelope of `curve`.
        status: COMPLETE if the bounds are as near as asked; else INTERRUPTED: they hold all the same.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "one-sided value"
    as_columns: ClassVar[str] = "nashscape.theory.one_sided.tables:split_columns"
    as_table: ClassVar[str] = "nashscape.theory.one_sided.tables:split_table"
    picture: ClassVar[str] = "nashscape.figures.one_sided:envelope_figure"
    computed: ClassVar[tuple[str, ...]] = ("value", "gap")

    prior: Strategy
    low: Fraction
    high: Fraction
    concealed: Fraction
    weights: Strategy
    posteriors: tuple[Strategy, ...]
    mixtures: tuple[Strategy, ...]
    slopes: Strategy
    beliefs: Floats
    curve: Floats
    envelope: Floats
    status: Status
    provenance: Provenance

    @property
    def value(self) -> float:
        """The middle of the bounds."""
        return float((self.low + self.high) / 2)

    @property
    def gap(self) -> float:
        """By how much the bounds are apart."""
        return float(self.high - self.low)

    @property
    def signals(self) -> tuple[Strategy, ...]:
        """The chance of every signal in each state: `weight · posterior / prior`; the weights where a state never is.

        Example:
            >>> from nashscape.theory import one_sided_value
            >>> found = one_sided_value([[[4, 0, 2], [4, 0, -2]], [[0, 4, -2], [0, 4, 2]]], ["1/2", "1/2"])
            >>> [[str(p) for p in own] for own in found.signals]
            [['3/4', '1/4'], ['1/4', '3/4']]
        """
        return tuple(
            tuple(w * q[k] / p if p else w for w, q in zip(self.weights, self.posteriors, strict=True))
            for k, p in enumerate(self.prior)
        )

    def __repr__(self) -> str:
        """The value and how many signals there are, as one line."""
        value = fraction_text(self.low) if self.low == self.high else f"{float(self.low):.6g} to {float(self.high):.6g}"
        told = "nothing is revealed" if len(self.weights) == 1 else f"{len(self.weights)} signals"
        return (
            f"<OneSidedValue of {len(self.prior)} states: {value} ({told}; concealed: {fraction_text(self.concealed)})>"
        )
