"""Some equilibria of large two-player games: the paths of Lemke and Howson from every label, in whole numbers."""

from collections.abc import Iterator
from fractions import Fraction

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import FOREVER, Budget
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.tableaus import Tableau, positive_matrix


def lemke_howson(payoffs: Objects, budget: Budget = FOREVER) -> Iterator[tuple[Strategy, Strategy]]:
    """An equilibrium at the end of the path from every label, the same one several times as a rule.

    Args:
        payoffs: of both players as fractions, `[2, m, k]`.
        budget: when to stop, by raising `Stopped`.

    Example:
        >>> from nashscape import games
        >>> found = set(lemke_howson(games.stag_hunt().fractions))
        >>> sorted([str(p) for p in x] for x, _ in found)
        [['0', '1'], ['1', '0']]

    Source: Lemke, Howson (1964); ties as in von Stengel (2002).
    """
    m, k = payoffs[0].shape
    starts = Tableau.of(positive_matrix(payoffs[1]).T), Tableau.of(positive_matrix(payoffs[0]))
    for dropped in range(m + k):
        yield _end_of_path(starts, dropped, (m, k), budget)


def _end_of_path(
    starts: tuple[Tableau, Tableau], dropped: int, shape: tuple[int, int], budget: Budget
) -> tuple[Strategy, Strategy]:
    m, k = shape
    tableaus, label, side = list(starts), dropped, int(dropped >= m)
    while True:
        budget.check()
        at = tableaus[side]
        # labels 0 … m−1 are actions of the first player; the second player's variables have own actions first
        variable = label if side == 0 else (label - m) % (m + k)
        column = at.nonbasic.index(variable)
        row = at.leaving(column)
        left = at.basic[row]
        tableaus[side] = at.pivoted(row, column)
        label = left if side == 0 else (left + m) % (m + k)
        if label == dropped:
            return _strategy(tableaus[0]), _strategy(tableaus[1])
        side = 1 - side


def _strategy(at: Tableau) -> Strategy:
    values = at.values()[: len(at.nonbasic)]
    return tuple(Fraction(value, sum(values)) for value in values)
