"""What becomes of strategies that grow by their scores."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, distribution, positive_integer, record
from nashscape.core.calls import public
from nashscape.tournaments.known_strategies import SOURCES
from nashscape.tournaments.tournament_results import Tournament

Floats = npt.NDArray[np.float64]

MOST_NUMBERS = 1 << 26


@dataclass(frozen=True, eq=False)
class Ecology(Result):
    """The shares of strategies over generations.

    Attributes:
        names: of the strategies.
        shares: of each in each generation, `[generations + 1, strategies]`.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "ecology"
    picture: ClassVar[str] = "nashscape.figures.tournaments:ecology_figure"
    as_table: ClassVar[str] = "nashscape.tournaments.tournament_tables:ecology_table"
    as_columns: ClassVar[str] = "nashscape.tournaments.tournament_tables:columns_of_ecology"

    names: tuple[str, ...]
    shares: Floats
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """The three with the largest shares at the end, as one line."""
        order = np.argsort(-self.shares[-1], kind="stable")[:3]
        told = ", ".join(f"{self.names[k]} {self.shares[-1, k]:.4f}" for k in order)
        more = ", …" if len(self.names) > 3 else ""
        return f"<Ecology of {len(self.names)} strategies, {len(self.shares) - 1} generations: {told}{more}>"


@public()
def ecology(found: Tournament, generations: int = 100, *, start: Any = None) -> Ecology:
    """The shares of strategies whose offspring are as many as they score.

    `x_i ← x_i (A x)_i / x·A x`, A the scores of a tournament. Everybody meets the population as it is, its own kind by
    its share, whether or not self matches counted for the ranks. Nothing is left to chance: what a finite population
    does, where a few can take over by luck, is asked of `evolution.finite_population(found.scores, …)`.

    Args:
        found: a tournament whose scores are not negative.
        generations: how many.
        start: shares in the beginning, or a mapping from names to them; by default all equal.

    Raises:
        InputError: for scores that are negative, or all zero, and for shares that are none.

    Example:
        >>> from nashscape.tournaments import tournament
        >>> ecology(tournament(["TFT", "ALLC", "ALLD"], turns=10), 50)
        <Ecology of 3 strategies, 50 generations: TFT 0.8615, ALLC 0.1385, ALLD 0.0000>

    Source: Axelrod (1980), More Effective Choice in the Prisoner's Dilemma.
    """
    if not hasattr(found, "self_play"):
        raise InputError(f"an ecology is that of a tournament(…); got {type(found).__name__}")
    n, count = len(found.names), positive_integer(generations, "generations")
    if count * n > MOST_NUMBERS:
        raise InputError(f"generations times strategies must be at most {MOST_NUMBERS:,}; got {count * n:,}")
    lowest = float(found.scores.min())
    if lowest < 0:
        raise InputError(
            f"offspring are as many as scores and cannot be negative; scores go down to {lowest:g}: add a constant to "
            "the payoffs of the stage game"
        )
    shares = np.empty((count + 1, n))
    shares[0] = np.full(n, 1 / n) if start is None else distribution(start, "start", n, of=found.names)
    for t in range(count):
        grown = shares[t] * (found.scores @ shares[t])
        total = grown.sum()
        if total == 0:
            raise InputError("all scores are 0, so that nobody has offspring; add a constant to the payoffs")
        shares[t + 1] = grown / total
    asked = {"tournament": found.question, "generations": count, "start": shares[0]}
    return Ecology(
        names=found.names,
        shares=shares,
        status=Status.COMPLETE,
        provenance=record("ecology", asked, sources=[SOURCES["more_effective_choice"]], notes=()),
    )
