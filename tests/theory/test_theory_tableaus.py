"""Pivoting in whole numbers against the polytope that is really moved a little, in fractions."""

from fractions import Fraction

import numpy as np
import pytest

from nashscape.theory.nash.tableaus import Tableau

LITTLE = Fraction(1, 10**9)


def solved(rows, rights):
    """The solutions of one square system for several right sides, by Gauss and Jordan in fractions."""
    n, table = len(rows), [[*map(Fraction, row), *right] for row, right in zip(rows, rights, strict=True)]
    for c in range(n):
        pivot = next(r for r in range(c, n) if table[r][c] != 0)
        table[c], table[pivot] = table[pivot], table[c]
        table[c] = [x / table[c][c] for x in table[c]]
        for r in range(n):
            if r != c:
                factor = table[r][c]
                table[r] = [x - factor * y for x, y in zip(table[r], table[c], strict=True)]
    return [row[n:] for row in table]


def driven_out(matrix, basic, entering):
    """The basic variable that a new one drives out where the right sides are `1 + ε^j`."""
    k = len(matrix)
    columns = np.hstack([matrix, np.eye(k, dtype=int)]).astype(object)
    rights = [[1 + LITTLE ** (j + 1), Fraction(int(columns[j, entering]))] for j in range(k)]
    values = solved(columns[:, list(basic)].tolist(), rights)
    ratios = {variable: value / rate for variable, (value, rate) in zip(basic, values, strict=True) if rate > 0}
    return min(ratios, key=ratios.get)


@pytest.mark.parametrize("seed", range(12))
def test_ties_are_broken_as_if_the_polytope_were_moved(seed):
    draws = np.random.default_rng(seed)
    matrix = draws.integers(1, 3, [(4, 3), (3, 4), (5, 3)][seed % 3])
    at, ties = Tableau.of(matrix.astype(object)), 0
    for _ in range(12):
        column = int(draws.integers(len(at.nonbasic)))
        row = at.leaving(column)
        rates = [(at.entries[r, -1], at.entries[r, column]) for r in range(len(at.basic)) if at.entries[r, column] > 0]
        ratios = [Fraction(value, rate) for value, rate in rates]
        ties += ratios.count(min(ratios)) > 1
        assert at.basic[row] == driven_out(matrix, at.basic, at.nonbasic[column])
        at = at.pivoted(row, column)
    assert ties
