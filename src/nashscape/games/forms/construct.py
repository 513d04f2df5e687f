"""Dense games from arrays of payoffs, with names filled in."""

import string
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array
from nashscape.games.forms.dense_game import DenseGame, check_payoff_shape


@public()
def dense(
    payoffs: npt.ArrayLike,
    *,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    name: str = "game",
) -> DenseGame:
    """A game from its payoffs, an array of shape [n, a_1, …, a_n] with n ≥ 2.

    Entries may be numbers, `Fraction`, or texts such as "1/3" and "0.1", which are kept exactly (`exact_payoffs`).
    `actions` is one list of names for all players, or one list per player; A, B, C, … by default. `players`
    are n names; "player 1", "player 2", … by default.

    >>> dense([[[1, 0], [0, 1]], [[0, 1], [1, 0]]], name="pennies")
    <DenseGame pennies: 2 players, 2×2 actions (A B)>

    Raises `InputError` for payoffs that are not finite or not of such a shape, and names that do not fit
    them.
    """
    array, exact = exact_array(payoffs, f"the payoffs of {name}")
    check_payoff_shape(array.shape)
    names, people = default_names(array.shape[1:], actions, players)
    return DenseGame(array, name, people, names, exact)


def default_names(
    shape: Sequence[int],
    actions: Sequence[str] | Sequence[Sequence[str]] | None,
    players: Sequence[str] | None,
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Names of actions, one list for all players or one per player, and of players, filled in where absent."""
    if actions is None:
        per_player: Any = [[_letter(k) for k in range(size)] for size in shape]
    elif all(isinstance(entry, str) for entry in actions):
        per_player = [actions] * len(shape)
    else:
        per_player = actions
    if players is None:
        players = [f"player {i + 1}" for i in range(len(shape))]
    elif isinstance(players, int):  # in families of games `players` is a number
        raise InputError(f"players are names, one for each; got the number {players}")
    return tuple(tuple(names) for names in per_player), tuple(players)


def _letter(k: int) -> str:
    letters = string.ascii_uppercase
    return letters[k % len(letters)] + (str(k // len(letters)) if k >= len(letters) else "")


@public()
def bimatrix(
    row_payoffs: npt.ArrayLike,
    column_payoffs: npt.ArrayLike | None = None,
    *,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    name: str = "game",
) -> DenseGame:
    """A two-player game from the payoff matrices of the row and the column player, each of shape [a_1, a_2].

    Without `column_payoffs` the game is symmetric, with the transpose; for a zero-sum game give
    `-row_payoffs`. Entries and names are as in `dense`.

    >>> print(bimatrix([[4, 0], [3, 2]], actions="CD").table())
          C     D
    C  4, 4  0, 3
    D  3, 0  2, 2

    Raises `InputError` for matrices that are not finite or of different shapes, or one matrix that is not
    square.
    """
    row = _given(row_payoffs, "row payoffs")
    if column_payoffs is None and row.shape[0] != row.shape[1]:
        raise InputError(f"a symmetric game needs a square matrix; got {row.shape}: give column_payoffs too")
    column = row.T if column_payoffs is None else _given(column_payoffs, "column payoffs")
    if column.shape != row.shape:
        raise InputError(f"column payoffs must have shape {row.shape}; got {column.shape}")
    return dense(np.stack([row, column]), actions=actions, players=players, name=name)


def _given(matrix: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """A matrix of payoffs, as fractions where doubles are other numbers."""
    rounded, exact = exact_array(matrix, name, ndim=2)
    return rounded if exact is None else exact
