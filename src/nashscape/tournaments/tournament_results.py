"""What a tournament was: everybody's score against everybody, and who was best."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status
from nashscape.ranking.ranking_results import competition_ranks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tournament(Result):
    """The mean scores of strategies that all met each other.

    It stands for a game as well, in which each of two players names a strategy: `games.game(tournament)`, and so
    `equilibria(tournament)`.

    Attributes:
        names: of the strategies.
        scores: mean payoff per round of that of the row against that of the column, `[strategies, strategies]`.
        means: of each over all its matches.
        ranks: of each by its mean, from 1; equal ones share the better rank.
        self_play: whether the match of a strategy with its copy is one of them.
        exact: whether scores were computed in fractions, so that ties are ties.
        length: how rounds count, in words.
        status: complete.
        provenance: question and versions; notes say what is different if copies count otherwise.
    """

    question_kind: ClassVar[str] = "tournament"
    picture: ClassVar[str] = "nashscape.figures.tournaments:tournament_figure"
    as_table: ClassVar[str] = "nashscape.tournaments.tournament_tables:tournament_table"
    as_columns: ClassVar[str] = "nashscape.tournaments.tournament_tables:columns_of_tournament"

    names: tuple[str, ...]
    scores: Floats
    means: Floats
    ranks: Ints
    self_play: bool
    exact: bool
    length: str
    status: Status
    provenance: Provenance

    @property
    def order(self) -> Ints:
        """The numbers of the strategies, the best first; equal ones in the order in which they were given."""
        return np.argsort(self.ranks, kind="stable")

    @property
    def copies(self) -> str:
        """Whether matches with copies count, in words."""
        return "self matches count" if self.self_play else "self matches do not count"

    def of(self, name: str, against: str | None = None) -> float:
        """The mean score of a strategy, or its score against another, by names."""
        for own in (name,) if against is None else (name, against):
            if own not in self.names:
                raise InputError(f"no strategy {own!r}; there are {', '.join(self.names)}")
        row = self.names.index(name)
        return float(self.means[row] if against is None else self.scores[row, self.names.index(against)])

    def __repr__(self) -> str:
        """The first three, as one line."""
        told = ", ".join(f"{self.ranks[k]}. {self.names[k]} ({self.means[k]:.4g})" for k in self.order[:3])
        more = ", …" if len(self.names) > 3 else ""
        return f"<Tournament of {len(self.names)} strategies, {self.length}, {self.copies}: {told}{more}>"


def totals(scores: Any, *, self_play: bool) -> list[Any]:
    """The sums of rows, with the diagonal or without; of fractions without rounding."""
    return [sum(row) - (0 if self_play else row[k]) for k, row in enumerate(scores.tolist())]


def ranks_of(sums: Sequence[Any]) -> tuple[int, ...]:
    """The rank of every sum, the largest first; equal ones share the better rank, doubles up to rounding.

    >>> ranks_of([Fraction(1, 3), Fraction(1, 2), Fraction(1, 3)])
    (2, 1, 2)
    """
    if not all(isinstance(one, Fraction) for one in sums):
        return competition_ranks([float(one) for one in sums])
    first: dict[Any, int] = {}
    for place, one in enumerate(sorted(sums, reverse=True), start=1):
        first.setdefault(one, place)
    return tuple(first[one] for one in sums)
