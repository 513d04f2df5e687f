"""Matrix games in fractions: the value, and strategies of both sides that prove it."""

from dataclasses import dataclass
from fractions import Fraction

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.linear_programs import Optimum, maximum, optimal_vertices
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.tableaus import Tableau, positive_matrix

MOST_BASES = 2_000
"""Bases of the set of optimal strategies that are looked at for its vertices."""


@dataclass(frozen=True)
class MatrixGame:
    """The solution of a matrix game: whoever chooses rows gets the entries, whoever chooses columns pays them.

    Attributes:
        value: what rows can make sure of, and columns need pay no more than.
        row: a mixture of rows that gets the value at least against every column.
        column: a mixture of columns that pays the value at most against every row.
    """

    value: Fraction
    row: Strategy
    column: Strategy


def matrix_game(matrix: Objects) -> MatrixGame:
    """The value `max_x min_y xᵀMy = min_y max_x xᵀMy`, with a strategy of either side, by one linear program.

    With M made positive by a constant it is `max Σy` with `My ≤ 1`: y over its sum is the mixture of columns, the
    prices over theirs that of rows. What the two make sure of is compared, in fractions, before it is told.

    Args:
        matrix: fractions, `[m, k]`.

    Example:
        >>> from nashscape import games
        >>> found = matrix_game(games.bimatrix([[2, -1], [-1, 1]], [[-2, 1], [1, -1]]).fractions[0])
        >>> str(found.value), [str(p) for p in found.row], [str(p) for p in found.column]
        ('1/5', ['2/5', '3/5'], ['2/5', '3/5'])

    Source: von Neumann (1928); Dantzig (1951) for the linear program.
    """
    found = _columns(matrix)
    row, column = _normed(found.prices), _normed(found.solution)
    value = min((matrix.T @ row).tolist())
    assert value == max((matrix @ column).tolist()), "both sides of a matrix game make sure of the same"
    return MatrixGame(value, row, column)


def optimal_columns(matrix: Objects, most: int = MOST_BASES) -> tuple[tuple[Strategy, ...], bool]:
    """The extreme points of all optimal mixtures of columns, and whether they are all: all others are their mixtures.

    Example:
        >>> import numpy as np
        >>> made = np.array([[1, 0, 1], [0, 1, 0]], dtype=object)
        >>> [[str(p) for p in one] for one in optimal_columns(made + Fraction(0))[0]]
        [['0', '1/2', '1/2'], ['1/2', '1/2', '0']]
    """
    vertices, complete = optimal_vertices(_columns(matrix), most)
    return tuple(sorted(set(map(_normed, vertices)))), complete


def _columns(matrix: Objects) -> Optimum:
    return maximum(Tableau.of(positive_matrix(matrix)), [1] * matrix.shape[1])


def _normed(weights: tuple[Fraction, ...]) -> Strategy:
    total = sum(weights, Fraction(0))
    return tuple(own / total for own in weights)
