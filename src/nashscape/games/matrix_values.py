"""The values of many small matrix games at once."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SOLVED = 1e-13
"""Of the largest payoff of a game: how far its bounds may be apart where it counts as solved."""
SINGULAR = 1e-12
"""Determinants below are taken for 0, where payoffs are in units of the largest of a game."""


class MatrixValues(NamedTuple):
    """What many matrix games are worth to who chooses rows, and how both make sure of it.

    Attributes:
        low: what the mixture of rows gets at least, `[n]`.
        high: what the mixture of columns leaves at most, `[n]`; the value is between the two, which differ by rounding.
        rows: a mixture of rows, `[n, p]`.
        columns: a mixture of columns, `[n, q]`.
    """

    low: Floats
    high: Floats
    rows: Floats
    columns: Floats

    @property
    def values(self) -> Floats:
        """The middle of the bounds, `[n]`."""
        return (self.low + self.high) / 2


def matrix_values(tables: Floats) -> MatrixValues:
    """The values of matrix games, from the square parts of each that leave the other indifferent.

    Some pair of optimal mixtures makes who plays the other side of a square part of the table indifferent, so that
    looking at all parts, small ones first, finds it; what its mixtures make sure of against all actions proves it.
    It is for tables of few actions, of which there are many: p × p actions have `(2p over p) − 1` parts.

    Args:
        tables: what rows get, `[n, p, q]`; columns get the opposite.

    >>> found = matrix_values(np.array([[[2.0, -1.0], [-1.0, 1.0]], [[3.0, 1.0], [0.0, 5.0]]]))
    >>> found.values.round(9).tolist(), found.rows.round(9).tolist()
    ([0.2, 2.142857143], [[0.4, 0.6], [0.714285714, 0.285714286]])

    Source: Shapley, Snow (1950): Basic Solutions of Discrete Games.
    """
    both = [np.asarray(tables, float), -np.swapaxes(tables, 1, 2)]
    sure, mixtures = [], []
    for own in both:
        least = own.min(axis=2)
        sure.append(least.max(axis=1))
        mixtures.append(np.eye(own.shape[1])[least.argmax(axis=1)])
    largest = np.abs(both[0]).max(axis=(1, 2))
    left = np.flatnonzero(-sure[1] - sure[0] > SOLVED * largest)
    p, q = both[0].shape[1:]
    for parts in _parts(p, q):
        if not len(left):
            break
        for side in (0, 1):
            chosen, other = parts[side], parts[1 - side]
            games = both[side][left] / largest[left, None, None]
            mixture = _leaving_indifferent(games[:, chosen][:, :, other], chosen, games.shape[1])
            found = _made_sure_of(games, mixture) * largest[left]
            better = found > sure[side][left]
            sure[side][left[better]], mixtures[side][left[better]] = found[better], mixture[better]
        left = left[-sure[1][left] - sure[0][left] > SOLVED * largest[left]]
    return MatrixValues(sure[0], -sure[1], mixtures[0], mixtures[1])


def _parts(p: int, q: int) -> Iterator[tuple[list[int], list[int]]]:
    """The square parts of more than one row, small ones first."""
    for size in range(2, min(p, q) + 1):
        for rows in combinations(range(p), size):
            for columns in combinations(range(q), size):
                yield list(rows), list(columns)


def _leaving_indifferent(parts: Floats, own: list[int], p: int) -> Floats:
    """The mixtures of some of p actions against which all columns of a part do the same, `[n, p]`.

    Where there is none, or one that is not positive, it is no mixture that makes sure of much.
    """
    n, size = len(parts), len(own)
    if size == 2:
        gap = parts[:, 1, 1] - parts[:, 1, 0]
        whole = parts[:, 0, 0] - parts[:, 0, 1] + gap
        first = np.divide(gap, whole, out=np.zeros(n), where=np.abs(whole) > SINGULAR)
        weights = np.stack([first, 1 - first], axis=1)
    else:
        system = np.ones((n, size + 1, size + 1))
        system[:, :size, :size], system[:, size, size] = parts.transpose(0, 2, 1), 0.0
        system[np.abs(np.linalg.det(system)) <= SINGULAR] = np.eye(size + 1)
        weights = np.linalg.solve(system, np.eye(size + 1)[:, -1:])[:, :size, 0]
    made = np.zeros((n, p))
    made[:, own] = np.maximum(weights, 0.0)
    total = made.sum(axis=1, keepdims=True)
    made[:, own[0]] += total[:, 0] == 0
    return made / np.where(total == 0, 1.0, total)


def _made_sure_of(games: Floats, mixtures: Floats) -> Floats:
    """The least that mixtures of rows get, `[n]`."""
    found: Floats = (mixtures[:, None] @ games)[:, 0].min(axis=1)
    return found
