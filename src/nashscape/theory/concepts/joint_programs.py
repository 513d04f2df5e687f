"""Linear programs over distributions that satisfy homogeneous inequalities: in fractions, or in doubles where large."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.linear_programs import maximum
from nashscape.theory.nash.tableaus import Tableau, whole_numbers

Floats = npt.NDArray[np.float64]

MOST_EXACT_ENTRIES = 1_200
"""Inequalities times unknowns of the largest program that is solved in fractions: some tenths of a second."""

MOST_ENTRIES = 4_000_000
"""The same of the largest that is solved at all: some seconds, and gigabytes beyond."""


class Programs(Protocol):
    """The distributions μ ≥ 0 with `Cμ ≥ 0` and sum one, over which sums are made as large as they can be."""

    def best(self, worth: Any) -> Any:
        """A distribution at which `Σ μ(s) worth(s)` is largest, `[m]`; None where there is none at all."""
        ...


@dataclass
class ExactPrograms:
    """The same in fractions, each program from the last basis of the one before.

    The sum is held to one at most in place of exactly one. Zero is then a point to begin with, and a worth that is
    positive everywhere makes the sum one, where there is any distribution.
    """

    at: Tableau

    @classmethod
    def of(cls, rows: Objects) -> "ExactPrograms":
        """Those of inequalities `Cμ ≥ 0` with C in fractions, `[k, m]`."""
        m = rows.shape[1]
        whole = np.array([whole_numbers(-row) for row in rows] + [np.full(m, 1, dtype=object)], dtype=object)
        right = np.array([0] * len(rows) + [1], dtype=object)
        return cls(Tableau.of(whole, right))

    def best(self, worth: Objects) -> Objects | None:
        """A vertex at which the sum of fractions is largest; None where there is no distribution."""
        found = maximum(self.at, (whole_numbers(worth - min(worth)) + 1).tolist())
        self.at = found.at
        return np.array(found.solution, dtype=object) if found.value else None


@dataclass(frozen=True)
class RoundedPrograms:
    """The same in double precision, by the dual simplex method of HiGHS.

    Attributes:
        rows: C, `[k, m]`, each row divided by its largest entry.
    """

    rows: Floats

    @classmethod
    def of(cls, rows: Floats) -> "RoundedPrograms":
        """Those of inequalities `Cμ ≥ 0`, `[k, m]`."""
        largest = np.abs(rows).max(axis=1, initial=0.0, keepdims=True)
        return cls(rows / np.where(largest > 0.0, largest, 1.0))

    def best(self, worth: Floats) -> Floats | None:
        """As `Programs.best`; the values are rounded."""
        from scipy.optimize import linprog

        own = worth - worth.min()
        unit = float(own.max()) or 1.0
        # a set without an inside may look empty where rounding is allowed for too little
        for tolerance in (1e-10, 1e-7):
            found = linprog(
                -own / unit, -self.rows, np.zeros(len(self.rows)), np.ones((1, self.rows.shape[1])), [1.0],
                method="highs-ds",
                options={"primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance},
            )  # fmt: skip
            if found.x is not None:
                kept: Floats = np.maximum(found.x, 0.0)
                return kept / kept.sum()
        return None


def check_size(rows: int, columns: int, what: str) -> None:
    """Refuse a program that is too large, by the number of its unknowns.

    Raises:
        InputError: where inequalities times unknowns are more than `MOST_ENTRIES`.
    """
    if rows * columns > MOST_ENTRIES:
        raise InputError(
            f"{what} has {columns:,} joint actions and {rows:,} inequalities, whose product may be at most "
            f"{MOST_ENTRIES:,}: take fewer players or actions"
        )


def solvable_exactly(rows: int, columns: int) -> bool:
    """Whether programs of this size are solved in fractions."""
    return rows * columns <= MOST_EXACT_ENTRIES


def support(programs: Programs, size: int, exact: bool) -> npt.NDArray[np.bool_]:
    """Which of the unknowns are positive in some distribution, `[m]`: those that are positive somewhere inside.

    Each program asks for as much as can be of what was not positive yet, until there is nothing.
    """
    one: Any = Fraction(1) if exact else 1.0
    least = 0 if exact else 1e-9
    found = np.zeros(size, dtype=bool)
    while not found.all():
        worth = np.array([0 * one if own else one for own in found], dtype=object if exact else float)
        point = programs.best(worth)
        more = np.zeros(size, dtype=bool) if point is None else (point > least) & ~found
        if not more.any():
            break
        found |= more
    return found
