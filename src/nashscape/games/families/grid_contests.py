"""Contests with efforts from a list: lotteries, and all-pay auctions."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_values
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame


@public()
def grid_contest(
    valuations: npt.ArrayLike = (4, 4),
    efforts: npt.ArrayLike = (0, 1, 2, 3, 4),
    *,
    costs: npt.ArrayLike | None = None,
    exponent: int | None = 1,
) -> DenseGame:
    """Contest on a grid: all pay for efforts from a list, and win by luck in proportion, or by spending most.

    `u_i = V_i x_i^r / Σ_j x_j^r − c_i x_i`, or without an exponent `V_i / m` for the m players who spend most, less
    `c_i x_i`: an all-pay auction in which all know what the prize is worth to the others. Where nobody spends anything,
    all win with probability 1/n. Payoffs are exact.

    Args:
        valuations: `V_i`, one for each of n players; numbers, fractions or texts such as "1/3".
        efforts: that can be spent, not below 0, in rising order, the same for all.
        costs: `c_i` of a unit of effort; 1 by default.
        exponent: `r`, a whole number; None for whoever spends most.

    Raises:
        InputError: for efforts that do not rise, numbers that do not fit together, and too many payoffs.

    Example:
        >>> print(grid_contest([4, 2], [0, 1, 2], exponent=None).table())
                0      1      2
        0    2, 1   0, 1   0, 0
        1    3, 0   1, 0  -1, 0
        2    2, 0  2, -1  0, -1

    Source: Tullock (1980); Hillman, Riley (1989) and Baye, Kovenock, de Vries (1996) for all-pay auctions.
    """
    values, grid = exact_values(valuations, "valuations"), exact_values(efforts, "efforts")
    n = len(values)
    paid = [Fraction(1)] * n if costs is None else exact_values(costs, "costs")
    r = None if exponent is None else positive_integer(exponent, "exponent")
    if n < 2 or len(paid) != n:
        raise InputError(
            f"a contest needs a valuation and a cost for each of two players or more; got {n} and {len(paid)}"
        )
    if grid[0] < 0 or any(a >= b for a, b in pairwise(grid)):
        raise InputError(f"efforts are not below 0 and rise from one to the next; got {[float(own) for own in grid]}")
    shape = action_counts([len(grid)] * n)
    payoffs = np.empty((n, *shape), dtype=object)
    for profile in product(*map(range, shape)):
        spent = [grid[a] for a in profile]
        for i, chance in enumerate(_chances(spent, r)):
            payoffs[(i, *profile)] = values[i] * chance - paid[i] * spent[i]
    return dense(payoffs, actions=[[f"{float(own):g}" for own in grid]] * n, name="grid_contest")


def _chances(spent: Sequence[Fraction], exponent: int | None) -> list[Fraction]:
    """How likely each is to win."""
    top = max(spent)
    strong = [Fraction(own == top) if exponent is None else own**exponent for own in spent]
    total = sum(strong, Fraction(0))
    return [own / total if total else Fraction(1, len(spent)) for own in strong]
