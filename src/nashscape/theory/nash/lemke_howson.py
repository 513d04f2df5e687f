"""The paths of Lemke and Howson between equilibria of two players, pivot by pivot, in whole numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import FOREVER, Budget
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.tableaus import Tableau, positive_matrix


@dataclass(frozen=True)
class Bases:
    """A basis of each player's polytope; labels 0 … m−1 are actions of the first player, the others of the second.

    A label belongs to a basis where its variable is zero: the action is not played, or it is a best response.
    """

    first: Tableau
    second: Tableau

    @classmethod
    def artificial(cls, payoffs: Objects) -> "Bases":
        """Nobody plays anything: it has all labels and is no equilibrium."""
        return cls(Tableau.of(positive_matrix(payoffs[1]).T), Tableau.of(positive_matrix(payoffs[0])))

    @property
    def key(self) -> tuple[frozenset[int], frozenset[int]]:
        """What tells these bases from others."""
        return frozenset(self.first.nonbasic), frozenset(self.second.nonbasic)

    @property
    def strategies(self) -> tuple[Strategy | None, Strategy | None]:
        """The strategies, None for who plays nothing yet."""
        return _strategy(self.first), _strategy(self.second)

    @property
    def profile(self) -> tuple[Strategy, Strategy]:
        """Both strategies, which are an equilibrium where all labels are there and somebody plays."""
        first, second = self.strategies
        if first is None or second is None:
            raise ValueError("nobody plays anything at these bases")
        return first, second


@dataclass(frozen=True)
class Step:
    """One pivot: whose strategy moved, by which label, and which label it took up instead."""

    side: int
    dropped: int
    taken: int
    after: Bases


def path(start: Bases, label: int) -> Iterator[Step]:
    """The pivots from bases with all labels that drop one label, until all labels are there again.

    Ties are broken as if both polytopes were moved by so little that nothing else changes: then no path branches, and
    none comes back.

    Args:
        start: bases that have all labels together.
        label: which is dropped.

    Source: Lemke, Howson (1964); ties as in von Stengel (2002).
    """
    m, k = len(start.first.nonbasic), len(start.second.nonbasic)
    at = [start.first, start.second]
    side, dropped = int(_variable(label, 0, m, k) not in start.first.nonbasic), label
    while True:
        own = at[side]
        column = own.nonbasic.index(_variable(dropped, side, m, k))
        row = own.leaving(column)
        # the second player's variables have own actions first
        taken = own.basic[row] if side == 0 else (own.basic[row] + m) % (m + k)
        at[side] = own.pivoted(row, column)
        yield Step(side, dropped, taken, Bases(*at))
        if taken == label:
            return
        side, dropped = 1 - side, taken


def _variable(label: int, side: int, m: int, k: int) -> int:
    return label if side == 0 else (label - m) % (m + k)


def lemke_howson(payoffs: Objects, budget: Budget = FOREVER) -> Iterator[tuple[Strategy, Strategy]]:
    """An equilibrium at the end of the path from every label, the same one several times as a rule.

    Args:
        payoffs: of both players as fractions, `[2, m, k]`.
        budget: when to stop, by raising `Stopped`.

    Example:
        >>> from nashscape import games
        >>> found = set(lemke_howson(games.stag_hunt().fractions))
        >>> sorted([str(p) for p in x] for x, _ in found)
        [['0', '1'], ['1', '0']]

    Source: Lemke, Howson (1964); ties as in von Stengel (2002).
    """
    start = Bases.artificial(payoffs)
    for label in range(sum(payoffs.shape[1:])):
        end = start
        for step in path(start, label):
            budget.check()
            end = step.after
        yield end.profile


def _strategy(at: Tableau) -> Strategy | None:
    values = at.values()[: len(at.nonbasic)]
    total = sum(values)
    return tuple(Fraction(value, total) for value in values) if total else None
