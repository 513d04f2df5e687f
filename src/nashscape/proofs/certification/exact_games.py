"""The exact numbers that a game stands for: probabilities that were rounded are shares of their exact sum."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import around
from nashscape.games import MarkovGame
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]


def exact_shares(row: Sequence[float] | Floats) -> list[Fraction]:
    """The probabilities that a row of doubles stands for: each divided by their exact sum.

    >>> exact_shares([1 / 3, 1 / 3, 1 / 3])
    [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]
    """
    numbers = [Fraction(float(x)) for x in row]
    total = sum(numbers, Fraction(0))
    return [x / total for x in numbers]


def number_ends(game: ParametricGame, numbers: Floats) -> tuple[Floats, tuple[int, ...]]:
    """Doubles below and above the exact numbers of a game and its rule, `[2, K]`, and which of these are no doubles.

    Args:
        game: the game.
        numbers: as they were rounded, those of the game first, `[K]`.
    """
    ends = np.stack([numbers, numbers])
    inner: Any = game.game
    if not isinstance(inner, MarkovGame):
        return ends, ()
    first = np.size(inner.payoffs)
    count = 0 if inner.transitions is None else np.size(inner.transitions)
    width = inner.n_states
    for place in range(first, first + count + width, width):
        shares = exact_shares(numbers[place : place + width])
        ends[:, place : place + width] = np.array([around(x) for x in shares]).T
    return ends, tuple(np.flatnonzero(ends[0] < ends[1]).tolist())


def is_rounded(game: ParametricGame) -> bool:
    """Whether some probability of a game is no double."""
    leaves = jax.tree.leaves(game.game)
    return bool(number_ends(game, np.concatenate([np.asarray(leaf, np.float64).ravel() for leaf in leaves]))[1])
