"""Pivoting in whole numbers: the dictionaries of a polytope `{x ≥ 0, Ax ≤ b}`, exact, with ties broken the same way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from nashscape.core.exact_numbers import Objects


def whole_numbers(values: Objects) -> Objects:
    """Fractions times their least common denominator: whole numbers in the same proportions.

    >>> whole_numbers(np.array([Fraction(1, 2), Fraction(2, 3)], dtype=object)).tolist()
    [3, 4]
    """
    scale = math.lcm(*(value.denominator for value in values.flat)) if values.size else 1
    made = np.empty(values.shape, dtype=object)
    for index, value in np.ndenumerate(values):
        made[index] = value.numerator * (scale // value.denominator)
    return made


def positive_matrix(earned: Objects) -> Objects:
    """Payoffs as positive whole numbers: positive affine changes leave best responses as they are."""
    matrix = whole_numbers(earned)
    return matrix - min(matrix.flat) + 1


@dataclass(frozen=True)
class Tableau:
    """A basis of `{(x, s) ≥ 0: Ax + s = b}`: variables 0 … m−1 are x, variables m … m+k−1 are the slacks s.

    Attributes:
        entries: `[k, m + 1]`, whole numbers: `basic = (last column − the others · nonbasic) / determinant`.
        determinant: a positive whole number.
        basic: variables of the rows.
        nonbasic: variables of the columns, which are zero.
    """

    entries: Objects
    determinant: int
    basic: tuple[int, ...]
    nonbasic: tuple[int, ...]

    @classmethod
    def of(cls, matrix: Objects, right: Objects | None = None) -> "Tableau":
        """The basis of the slacks, at x = 0, for A = `matrix`, `[k, m]`, and b = `right`, `[k]`, ones by default.

        All are whole numbers, and those of b are not negative.
        """
        k, m = matrix.shape
        last = np.full(k, 1, dtype=object) if right is None else right
        return cls(np.hstack([matrix, last[:, None]]), 1, tuple(range(m, m + k)), tuple(range(m)))

    def leaving(self, column: int) -> int:
        """The row that the variable of a column drives out, by the least ratio.

        Where ratios tie, as if the right sides were `b_j + ε^j` for slack j with a very small ε: then no basis is
        degenerate, and every vertex is that of some basis.
        """
        entering = self.entries[:, column]
        rows = [r for r in range(len(entering)) if entering[r] > 0]
        best = [rows[0]]
        for r in rows[1:]:
            sign = self.entries[r, -1] * entering[best[0]] - self.entries[best[0], -1] * entering[r]
            if sign < 0:
                best = [r]
            elif sign == 0:
                best.append(r)
        return best[0] if len(best) == 1 else self._least(best, entering)

    def _least(self, rows: Sequence[int], entering: Objects) -> int:
        m, left = len(self.nonbasic), list(rows)
        for slack in range(m, m + len(self.basic)):
            # what ε^j adds: the slack's column of the inverse of the basis
            if slack in self.nonbasic:
                added = list(self.entries[:, self.nonbasic.index(slack)])
            else:
                row = self.basic.index(slack)
                added = [self.determinant if r == row else 0 for r in range(len(self.basic))]
            ratios = {r: Fraction(added[r], entering[r]) for r in left}
            least = min(ratios.values())
            left = [r for r in left if ratios[r] == least]
            if len(left) == 1:
                break
        return left[0]

    def pivoted(self, row: int, column: int) -> "Tableau":
        """The basis with the variables of a row and a column exchanged; every division comes out even."""
        old, pivot = self.entries, self.entries[row, column]
        made = (old * pivot - np.outer(old[:, column], old[row])) // self.determinant
        made[row] = old[row]
        made[:, column] = -old[:, column]
        made[row, column] = self.determinant
        basic, nonbasic = list(self.basic), list(self.nonbasic)
        basic[row], nonbasic[column] = nonbasic[column], basic[row]
        return Tableau(made, pivot, tuple(basic), tuple(nonbasic))

    def values(self) -> list[int]:
        """Every variable times the determinant, x before s."""
        made = [0] * (len(self.basic) + len(self.nonbasic))
        for variable, value in zip(self.basic, self.entries[:, -1], strict=True):
            made[variable] = value
        return made
