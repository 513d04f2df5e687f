"""Vertices of a best-response polyhedron, exactly: the strategies at which as many labels meet as fix them."""

from dataclasses import dataclass
from fractions import Fraction

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import FOREVER, Budget, Stopped
from nashscape.theory.nash.tableaus import Tableau, positive_matrix

Strategy = tuple[Fraction, ...]


@dataclass(frozen=True)
class Vertex:
    """A vertex of the set of a player's strategies and what the other can earn against them.

    Attributes:
        strategy: m probabilities.
        labels: bit a for every own action a that is not played, bit m + b for every best response b of the other.
        lags: what the other loses by every action b against the best, in units of the range of the other's payoffs.
    """

    strategy: Strategy
    labels: int
    lags: tuple[Fraction, ...]


@dataclass(frozen=True)
class Vertices:
    """The vertices found, by their strategies, and whether those are all of them."""

    each: tuple[Vertex, ...]
    complete: bool

    @property
    def degenerate(self) -> bool:
        """Whether some strategy has more best responses than actions it plays: then some vertex has too many labels."""
        return any(one.labels.bit_count() > len(one.strategy) for one in self.each)


def response_vertices(earned: Objects, budget: Budget = FOREVER) -> Vertices:
    """All vertices of `{(x, v): x ≥ 0, Σ x = 1, xᵀE ≤ v}`, where `v` is the best that the other earns against x.

    With E made positive these are the vertices but 0 of the polytope `{x ≥ 0, xᵀE ≤ 1}`, scaled to sum one. Its bases
    are walked through from 0 by pivots in whole numbers: at ties as if the polytope were moved so little that no
    vertex is lost, which makes the walk reach all of them.

    Args:
        earned: payoffs E of the *other* player as fractions, `[m, k]`.
        budget: when to stop; then `complete` is False.

    Example:
        >>> from nashscape import games
        >>> found = response_vertices(games.stag_hunt().fractions[1])
        >>> [tuple(map(str, one.strategy)) for one in found.each]
        [('0', '1'), ('2/3', '1/3'), ('1', '0')]

    Source: von Stengel (2002), section 2; Avis, Rosenberg, Savani, von Stengel (2010) for the walk.
    """
    matrix = positive_matrix(earned).T
    unit = max(matrix.flat) - min(matrix.flat) or 1
    start = Tableau.of(matrix)
    seen, left = {frozenset(start.nonbasic)}, [start]
    found: dict[int, Vertex] = {}
    try:
        while left:
            budget.check()
            at = left.pop()
            _keep(at, found, unit)
            for column, variable in enumerate(at.nonbasic):
                row = at.leaving(column)
                after = frozenset(at.nonbasic) - {variable} | {at.basic[row]}
                if after not in seen:
                    seen.add(after)
                    left.append(at.pivoted(row, column))
    except Stopped:
        return Vertices(_in_order(found), complete=False)
    return Vertices(_in_order(found), complete=True)


def _keep(at: Tableau, found: dict[int, Vertex], unit: int) -> None:
    """The vertex of a basis, unless it is 0, under its labels, which tell it from all others."""
    values, m = at.values(), len(at.nonbasic)
    labels = sum(1 << variable for variable, value in enumerate(values) if value == 0)
    total = sum(values[:m])
    if labels in found or total == 0:
        return
    found[labels] = Vertex(
        strategy=tuple(Fraction(value, total) for value in values[:m]),
        labels=labels,
        lags=tuple(Fraction(value, total * unit) for value in values[m:]),
    )


def _in_order(found: dict[int, Vertex]) -> tuple[Vertex, ...]:
    return tuple(sorted(found.values(), key=lambda one: one.strategy))
