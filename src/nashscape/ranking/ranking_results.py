"""A ranking of players, and how sure it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Source, Status, choice
from nashscape.core.calls import public

Ints = npt.NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Scored:
    """What a method of ranking gives: a score for every player, and whom it surely places above whom.

    Attributes:
        scores: of every player, with its interval; larger is better.
        best: the best rank that is left to each player at the level, from 1.
        worst: the worst.
        unit: of the scores.
        ranks: what the ranks from `best` to `worst` rest on, in words.
        notes: what to look at before the ranking is used, in sentences.
        sources: to cite.
        placed: the ranks, from 1, where they are not those of the scores.
    """

    scores: tuple[Estimate, ...]
    best: Ints
    worst: Ints
    unit: str
    ranks: str
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    placed: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Ranking(Result):
    """Players from the best to the worst by one method.

    Attributes:
        method: as it was asked for.
        players: names, the best first.
        ranks: of every player, one more than how many are known to be above it; those who are equal share the better
            one. So two groups of players who never met, and of whom nothing else tells which is above, begin at 1 each.
        scores: in this order, with their intervals.
        best: the best rank that is left to each at the level, from 1.
        worst: the worst.
        unit: of the scores.
        sureness: what `best` and `worst` rest on, in words.
        matches: how many each of them played; of orders how many others, in all of them, it was above or below.
        points: what each got in all matches with each other, in this order, `[players, players]`; of orders how often
            it was above the other.
        level: confidence level.
        status: complete.
        provenance: question and versions; notes say what to look at before the ranking is used.
    """

    question_kind: ClassVar[str] = "ranking"
    picture: ClassVar[str] = "nashscape.figures.rankings:ranking_figure"
    as_table: ClassVar[str] = "nashscape.ranking.ranking_tables:ranking_table"
    as_columns: ClassVar[str] = "nashscape.ranking.ranking_tables:columns_of_ranking"

    method: str
    players: tuple[str, ...]
    ranks: Ints
    scores: tuple[Estimate, ...]
    best: Ints
    worst: Ints
    unit: str
    sureness: str
    matches: Ints
    points: npt.NDArray[np.float64]
    level: float
    status: Status
    provenance: Provenance

    def of(self, player: str) -> Estimate:
        """The score of one player, by name."""
        if player not in self.players:
            raise InputError(f"no player {player!r}; there are {', '.join(sorted(self.players))}")
        return self.scores[self.players.index(player)]

    def __repr__(self) -> str:
        """The first three, as one line."""
        told = ", ".join(
            f"{rank}. {name} ({one.value:.4g})"
            for rank, name, one in list(zip(self.ranks, self.players, self.scores, strict=True))[:3]
        )
        more = ", …" if len(self.players) > 3 else ""
        return f"<Ranking of {len(self.players)} players by {self.method}: {told}{more}>"


@public()
def takes(kind: Literal["matches", "orders", "pairs"]) -> Callable[[F], F]:
    """Say of a method of ranking what results it takes; one that says nothing takes matches.

    Args:
        kind: "matches" of two; "orders" of several, of which matches without ties are some; or "pairs", matches too,
            of a method that looks at each two players by themselves, so that it may have those of orders.

    Raises:
        InputError: for another kind.

    Example:
        >>> @takes("orders")
        ... def by_firsts(found, level):
        ...     ...
        >>> by_firsts.takes
        'orders'
    """
    kind = choice(kind, "what a method takes", ("matches", "orders", "pairs"))  # type: ignore[assignment]

    def told(method: F) -> F:
        method.takes = kind  # type: ignore[attr-defined]
        return method

    return told


def competition_ranks(scores: list[float]) -> tuple[int, ...]:
    """The rank of every score, the largest first; equal ones share the better rank.

    >>> competition_ranks([2.0, 5.0, 2.0, 1.0])
    (2, 1, 2, 4)
    """
    given = np.asarray(scores, float)
    near = 1e-9 * np.abs(given) + 1e-12
    above = len(given) - np.searchsorted(np.sort(given), given + near, side="right")
    return tuple((1 + above).tolist())


def ranks_left(above: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The best and the worst rank of each player, of who is surely above whom, `[players, players]`."""
    best, worst = 1 + above.sum(0), len(above) - above.sum(1)
    return best.astype(np.int64), worst.astype(np.int64)
