"""Linear programs over chances and what is paid with them, solved in doubles and bounded in fractions."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import fractions_of

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-10
"""By how much HiGHS lets an inequality be missed, and a price be wrong."""


@dataclass(frozen=True)
class Solution:
    """A point, its value, and prices that bound it: of the inequalities, and of the sum of chances."""

    point: Floats
    value: float
    prices: Floats
    level: float


@dataclass(frozen=True)
class Program:
    """`max c·v` with `A v ≤ 0`, `Σ μ = 1` and `0 ≤ v ≤ u`, where chances `μ` are the first of the unknowns `v`.

    Numbers are doubles or fractions.

    Attributes:
        worth: c, `[m]`.
        rows, columns, entries: A, entry by entry.
        height: how many inequalities there are.
        most: u, `[m]`.
        chances: how many of the unknowns are μ.
    """

    worth: Any
    rows: npt.NDArray[np.int_]
    columns: npt.NDArray[np.int_]
    entries: Any
    height: int
    most: Any
    chances: int

    def solved(self) -> Solution | None:
        """An optimal point with the prices of the inequalities; None where no point is feasible."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        width = len(self.worth)
        matrix = csr_array((self.entries.astype(float), (self.rows, self.columns)), shape=(self.height, width))
        total = csr_array((np.arange(width) < self.chances).astype(float)[None])
        bounds = np.stack([np.zeros(width), self.most.astype(float)], axis=1)
        done = linprog(
            -self.worth.astype(float), matrix, np.zeros(self.height), total, [1.0], bounds, method="highs",
            options={"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE},
        )  # fmt: skip
        if done.x is None:
            return None
        prices = np.maximum(-done.ineqlin.marginals, 0.0)
        return Solution(np.maximum(done.x, 0.0), float(-done.fun), prices, float(-done.eqlin.marginals[0]))

    def bound(self, prices: Any, level: Any) -> Any:
        """What no feasible point exceeds: `level + Σ_j u_j max(0, c_j − level·[j is a chance] − (Aᵀ prices)_j)`.

        It holds for any level and any prices that are not negative, however they were found.
        """
        left = self.worth.copy()
        left[: self.chances] = left[: self.chances] - level
        np.subtract.at(left, self.columns, self.entries * prices[self.rows])
        return level + (np.maximum(left, 0 * left) * self.most).sum()


def exact_bound(program: Program, found: Solution) -> Fraction:
    """The bound of a program in fractions that the rounded prices of a solution prove, without rounding.

    >>> whole = np.array([Fraction(2), Fraction(-1)], dtype=object), np.array([Fraction(1)] * 2, dtype=object)
    >>> program = Program(whole[0], np.array([0]), np.array([0]), np.array([Fraction(0)]), 1, whole[1], 2)
    >>> exact_bound(program, Solution(np.array([1.0, 0.0]), 2.0, np.zeros(1), 1.5))
    Fraction(2, 1)
    """
    return Fraction(program.bound(fractions_of(found.prices), Fraction(found.level)))
