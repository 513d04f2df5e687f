"""Indices of regular equilibria: signs whose sum is one over all of them, where there are no ties."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.support_systems import System
from nashscape.theory.nash.tableaus import whole_numbers


def index_of(payoffs: Objects, strategies: Sequence[Strategy]) -> int:
    """The sign of `det(∂f/∂σ)` among actions that are played, 0 where an equilibrium is not regular.

    f are the differences of payoffs of the first action played and each later one. Strict equilibria have index 1. In a
    game whose equilibria are all regular, with no ties beside them, the indices sum to one: so they are odd in number.

    Args:
        payoffs: whole numbers, `[n, a_1, …, a_n]`, in each player's own unit.
        strategies: an equilibrium in fractions.

    Example:
        >>> from nashscape import games
        >>> payoffs, half = games.stag_hunt().fractions, (Fraction(2, 3), Fraction(1, 3))
        >>> index_of(payoffs, (half, half)), index_of(payoffs, ((1, 0), (1, 0)))
        (-1, 1)

    Source: Wilson (1971); Gül, Pearce, Stacchetti (1993) for the indices.
    """
    support = tuple(tuple(a for a, p in enumerate(own) if p) for own in strategies)
    system = System.of(payoffs, support)
    mixing = [tuple(strategies[p][a] for a in support[p]) for p in system.mixing]
    starts = np.cumsum([0, *(size - 1 for size in system.sizes)]).tolist()
    slope = np.zeros((starts[-1], starts[-1]), dtype=object)
    for i, one in enumerate(system.equal):
        for position, j in enumerate(one.against):
            turned = np.moveaxis(one.exact[: system.sizes[i] - 1], 1 + position, 1)
            change = turned[:, 1:] - turned[:, :1]
            for q in reversed([q for q in one.against if q != j]):
                change = change @ np.array(mixing[q], dtype=object)
            slope[starts[i] : starts[i + 1], starts[j] : starts[j + 1]] = change
    return _sign_of_determinant(whole_numbers(slope + Fraction(0)))


def _sign_of_determinant(matrix: Objects) -> int:
    """Of whole numbers, by elimination in which every division comes out even."""
    rows, sign, before = matrix.copy(), 1, 1
    for k in range(len(rows)):
        pivot = next((r for r in range(k, len(rows)) if rows[r, k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            rows[[k, pivot]] = rows[[pivot, k]]
            sign = -sign
        rest = rows[k + 1 :, k + 1 :] * rows[k, k] - np.outer(rows[k + 1 :, k], rows[k, k + 1 :])
        rows[k + 1 :, k + 1 :] = rest // before
        before = rows[k, k]
    return sign * (1 if before > 0 else -1)
