"""Games of preferences: both name an alternative, and each is paid the chance that its own is preferred."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of
from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame

ROUNDING = Fraction(1, 10**9)
"""What a pair may miss one by, and be taken for rounding: its number above the diagonal counts."""


@public()
def preferences(
    chances: npt.ArrayLike, *, alternatives: Sequence[str] | None = None, name: str = "preferences"
) -> DenseGame:
    """The symmetric game of constant sum one of a matrix of preferences, `P[i, j]` the chance that i is preferred to j.

    Who names alternative i against j is paid `P[i, j]`, the other `P[j, i] = 1 − P[i, j]`. Its value is 1/2, and its
    optimal strategies are the minimax (von Neumann) winners.

    Args:
        chances: `[m, m]`, numbers or texts such as "2/3", with `P + Pᵀ = 1`.
        alternatives: m names; A, B, C, … by default.
        name: of the game.

    Raises:
        InputError: for entries outside 0 to 1, and pairs that do not sum to one, by name.

    Example:
        >>> game = preferences([["1/2", "2/3"], ["1/3", "1/2"]], alternatives=["tea", "coffee"])
        >>> [str(p) for p in game.fractions[1, 0]]
        ['1/2', '1/3']
    """
    rounded, given = exact_array(chances, "preferences", ndim=2)
    exact = fractions_of(rounded) if given is None else given
    if exact.shape[0] != exact.shape[1]:
        raise InputError(f"preferences are a square matrix; got {exact.shape}")
    made = _complementary(exact, list(alternatives or ()))
    return bimatrix(made, actions=None if alternatives is None else list(alternatives), name=name)


def _complementary(exact: Objects, names: list[str]) -> Objects:
    made = exact.copy()
    for (i, j), own in np.ndenumerate(exact):
        pair: Any = [names[k] if k < len(names) else f"alternative {k + 1}" for k in (i, j)]
        if not 0 <= own <= 1:
            raise InputError(f"a preference is a chance, from 0 to 1; that of {pair[0]} over {pair[1]} is {own}")
        both = own + exact[j, i]
        if abs(both - 1) > ROUNDING:
            raise InputError(
                f"the chances of {pair[0]} over {pair[1]} and of {pair[1]} over {pair[0]} sum to {float(both):g}, not "
                "to 1; a tie is 1/2, and so is each alternative against itself"
            )
        if i < j:
            made[j, i] = 1 - own
        elif i == j:
            made[i, i] = Fraction(1, 2)
    return made
