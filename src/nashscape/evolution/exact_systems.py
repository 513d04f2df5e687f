"""Linear systems in fractions."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

Strategy = tuple[Fraction, ...]
Matrix = Sequence[Sequence[Fraction]]


class Solution(NamedTuple):
    """Of a system of equations one solution, None where there is none, and how many unknowns are free."""

    values: list[Fraction] | None
    free: int


def solved(rows: Sequence[Sequence[Fraction]]) -> Solution:
    """What solves equations, each given by the factors of the unknowns and last the right-hand side.

    >>> one = Fraction(1)
    >>> solved([[one, one, one], [one, -one, 0 * one]]).values
    [Fraction(1, 2), Fraction(1, 2)]
    """
    left, unknowns = [list(row) for row in rows], len(rows[0]) - 1
    pivots: list[int] = []
    for column in range(unknowns):
        done = len(pivots)
        found = next((k for k in range(done, len(left)) if left[k][column]), None)
        if found is None:
            continue
        left[done], left[found] = left[found], left[done]
        scale = left[done][column]
        left[done] = [value / scale for value in left[done]]
        for k, row in enumerate(left):
            factor = row[column]
            if k != done and factor:
                left[k] = [a - factor * b for a, b in zip(row, left[done], strict=True)]
        pivots.append(column)
    if any(row[-1] for row in left[len(pivots) :]):
        return Solution(None, unknowns - len(pivots))
    values = [Fraction(0)] * unknowns
    for row, column in zip(left, pivots, strict=False):
        values[column] = row[-1]
    return Solution(values, unknowns - len(pivots))


def equalised(matrix: Matrix, mixed: Sequence[int], alike: Sequence[int]) -> Solution:
    """A mixture x of some strategies against which some are worth the same v: `(A x)_i = v`, `Σ x = 1`.

    Args:
        matrix: A.
        mixed: what is mixed.
        alike: what must be worth the same.

    Returns:
        The shares of `mixed`, and v as the last value.
    """
    one, zero = Fraction(1), Fraction(0)
    rows = [[*(matrix[i][j] for j in mixed), -one, zero] for i in alike]
    return solved([*rows, [*(one for _ in mixed), zero, one]])


def worth(matrix: Matrix, strategy: Strategy) -> list[Fraction]:
    """What every strategy gets against a mixture, `A x`."""
    return [sum((a * x for a, x in zip(row, strategy, strict=True) if x), Fraction(0)) for row in matrix]
