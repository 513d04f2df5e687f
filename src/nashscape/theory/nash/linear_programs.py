"""Linear programs in whole numbers: an optimal vertex, the prices that prove it, and all other optimal vertices."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from nashscape.theory.nash.tableaus import Tableau


@dataclass(frozen=True)
class Optimum:
    """An optimal basis of `max c·x` with `Ax ≤ b`, `x ≥ 0`.

    Attributes:
        at: the basis.
        gains: what the objective gains by a unit of every variable of a column, times the determinant: none is
        positive. value: the maximum.
        prices: what a unit of every right side is worth, `[k]`: the solution of the dual, so that
            `value = b·prices`, `Aᵀ·prices ≥ c` and `prices ≥ 0` prove the maximum.
    """

    at: Tableau
    gains: tuple[int, ...]
    value: Fraction
    prices: tuple[Fraction, ...]

    @property
    def solution(self) -> tuple[Fraction, ...]:
        """The optimal x, `[m]`."""
        return tuple(Fraction(value, self.at.determinant) for value in self.at.values()[: len(self.at.nonbasic)])


def maximum(start: Tableau, objective: Sequence[int]) -> Optimum:
    """The maximum of `c·x` over the polytope of a tableau, by the simplex method from one of its bases.

    Ties of ratios are broken as if the right sides were moved, so that no basis is met twice.

    Args:
        start: any basis; the polytope must be bounded in the direction of the objective.
        objective: c, whole numbers, `[m]`.

    Example:
        >>> import numpy as np
        >>> found = maximum(Tableau.of(np.array([[1, 2], [3, 1]], dtype=object)), [1, 1])
        >>> [str(x) for x in found.solution], [str(y) for y in found.prices], str(found.value)
        (['1/5', '2/5'], ['2/5', '1/5'], '3/5')

    Source: Dantzig, Orden, Wolfe (1955) for the rule at ties; Edmonds (1967) for whole numbers.
    """
    at = start
    while True:
        gains = _gains(at, objective)
        best = max(range(len(gains)), key=gains.__getitem__)
        if gains[best] <= 0:
            return _optimum(at, gains, objective)
        at = at.pivoted(at.leaving(best), best)


def _gains(at: Tableau, objective: Sequence[int]) -> list[int]:
    """What the objective gains by a unit of each variable of a column, times the determinant."""
    m = len(at.nonbasic)
    worth = [(r, objective[v]) for r, v in enumerate(at.basic) if v < m and objective[v]]
    return [
        (objective[v] * at.determinant if v < m else 0) - sum(own * at.entries[r, column] for r, own in worth)
        for column, v in enumerate(at.nonbasic)
    ]


def _optimum(at: Tableau, gains: Sequence[int], objective: Sequence[int]) -> Optimum:
    m = len(at.nonbasic)
    prices = [Fraction(0)] * len(at.basic)
    for gain, v in zip(gains, at.nonbasic, strict=True):
        if v >= m:
            prices[v - m] = Fraction(-gain, at.determinant)
    values = at.values()[:m]
    value = Fraction(sum(c * x for c, x in zip(objective, values, strict=True)), at.determinant)
    return Optimum(at, tuple(gains), value, tuple(prices))


def optimal_vertices(found: Optimum, most: int) -> tuple[list[tuple[Fraction, ...]], bool]:
    """All optimal vertices in order, and whether the walk came to its end within so many bases.

    From one optimal basis all others are reached by columns that gain nothing and lose nothing: the others stay zero
    in every optimal solution.

    Example:
        >>> import numpy as np
        >>> found = maximum(Tableau.of(np.array([[1, 1]], dtype=object)), [1, 1])
        >>> [[str(p) for p in one] for one in optimal_vertices(found, 100)[0]]
        [['0', '1'], ['1', '0']]
    """
    held = {v for gain, v in zip(found.gains, found.at.nonbasic, strict=True) if gain < 0}
    seen, left, vertices = {frozenset(found.at.nonbasic)}, [found.at], {found.solution}
    while left:
        at = left.pop()
        for column, variable in enumerate(at.nonbasic):
            # a column without positive entries is a ray
            if variable in held or not any(entry > 0 for entry in at.entries[:, column]):
                continue
            row = at.leaving(column)
            after = frozenset(at.nonbasic) - {variable} | {at.basic[row]}
            if after in seen:
                continue
            if len(seen) >= most:
                return sorted(vertices), False
            seen.add(after)
            left.append(at.pivoted(row, column))
            values = left[-1].values()[: len(at.nonbasic)]
            vertices.add(tuple(Fraction(value, left[-1].determinant) for value in values))
    return sorted(vertices), True
