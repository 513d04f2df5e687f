"""Simplices that cover all beliefs, cut at points or into halves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.one_sided.state_games import Floats

FINEST = 10**6
"""Largest denominator to which found probabilities are rounded."""

NEAR = 1e-6
"""How near to a cell doubles may put a point that is looked at in fractions."""

Cell = tuple[int, ...]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Cells:
    """A cover of the beliefs.

    Attributes:
        points: corners, in fractions.
        cells: the numbers of the corners of each simplex, one for every state.
    """

    points: tuple[Strategy, ...]
    cells: tuple[Cell, ...]

    @classmethod
    def whole(cls, states: int) -> "Cells":
        """The one simplex of all beliefs."""
        corners = tuple(tuple(Fraction(int(j == k)) for j in range(states)) for k in range(states))
        return cls(corners, (tuple(range(states)),))

    @property
    def places(self) -> Floats:
        """The corners as doubles, `[n, states]`."""
        return np.array(self.points, dtype=np.float64)

    @property
    def pairs(self) -> list[Pair]:
        """Every corner with itself and with every other one of its cells, once."""
        return sorted({(min(a, b), max(a, b)) for cell in self.cells for a in cell for b in cell})

    def cut_at(self, point: Strategy) -> "Cells":
        """The cover in which a point is a corner: every cell that holds it is cut into those around it.

        >>> Cells.whole(2).cut_at((Fraction(1, 3), Fraction(2, 3))).cells
        ((2, 1), (0, 2))
        """
        if point in self.points:
            return self
        new, places, own = len(self.points), self.places, np.array(point, dtype=np.float64)
        made: list[Cell] = []
        for cell in self.cells:
            inside = np.linalg.solve(places[list(cell)].T, own)
            if inside.min() < -NEAR:
                made.append(cell)
                continue
            exact = weights_in([self.points[k] for k in cell], point)
            if min(exact) < 0:
                made.append(cell)
                continue
            made += [tuple(new if k == j else old for k, old in enumerate(cell)) for j, p in enumerate(exact) if p > 0]
        return Cells((*self.points, point), tuple(made))

    def halved(self, near: Collection[Pair]) -> "Cells":
        """The cover in which every cell with one of these pairs is cut in the middle of its longest edge."""
        points, number = list(self.points), {point: k for k, point in enumerate(self.points)}
        places, made = self.places, []
        for cell in self.cells:
            edges = [(min(a, b), max(a, b)) for a, b in combinations(cell, 2)]
            if not any(edge in near for edge in edges):
                made.append(cell)
                continue
            a, b = max(edges, key=lambda edge: float(np.linalg.norm(places[edge[0]] - places[edge[1]])))
            middle = tuple((x + y) / 2 for x, y in zip(points[a], points[b], strict=True))
            new = number.setdefault(middle, len(points))
            points += [middle] if new == len(points) else []
            made += [tuple(new if k == end else k for k in cell) for end in (a, b)]
        return Cells(tuple(points), tuple(made))


def weights_in(corners: Sequence[Strategy], point: Strategy) -> list[Fraction]:
    """The weights of the corners of a simplex of which a point is the mean, by elimination in fractions.

    >>> weights_in([(Fraction(1), Fraction(0)), (Fraction(1, 2), Fraction(1, 2))], (Fraction(3, 4), Fraction(1, 4)))
    [Fraction(1, 2), Fraction(1, 2)]
    """
    n = len(corners)
    rows = [[*(corner[i] for corner in corners), point[i]] for i in range(n)]
    for column in range(n):
        pivot = next(k for k in range(column, n) if rows[k][column] != 0)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [x / rows[column][column] for x in rows[column]]
        for k in range(n):
            if k != column and rows[k][column] != 0:
                rows[k] = [x - rows[k][column] * y for x, y in zip(rows[k], rows[column], strict=True)]
    return [row[-1] for row in rows]


def rounded(probabilities: Floats) -> Strategy:
    """Probabilities as fractions with small denominators, which sum to one.

    >>> rounded(np.array([0.25000000001, 0.75]))
    (Fraction(1, 4), Fraction(3, 4))
    """
    near = [max(Fraction(float(p)).limit_denominator(FINEST), Fraction(0)) for p in probabilities]
    total = sum(near, Fraction(0))
    return tuple(p / total for p in near)
