"""Games with their payoffs written out for all profiles, for what is computed from these in fractions."""

from nashscape.core import InputError
from nashscape.games import DenseGame, GameLike
from nashscape.games import game as as_game
from nashscape.games.offers import needs

MOST_EXACT = 100_000
"""Payoffs of the largest games of which all are taken as fractions."""


def written_out(game: "GameLike", to: str, *, most: int | None = None) -> DenseGame:
    """A game as an array of payoffs.

    Args:
        game: any whose payoffs can be written out, or what stands for one.
        to: what is to be done with it, as a verb.
        most: how many payoffs it may have.

    Raises:
        InputError: for other games, and larger ones.

    Example:
        >>> written_out([[[1, 0], [0, 1]], [[0, 1], [1, 0]]], "look at it").shape
        (2, 2)
    """
    table = as_game(game)
    needs(table, "table", to=to)
    dense: DenseGame = table.to_dense()
    if most is not None and dense.payoffs.size > most:
        raise InputError(
            f"to {to} in fractions takes at most {most:,} payoffs; {dense.name} has {dense.payoffs.size:,}: take fewer "
            "players or actions"
        )
    return dense
