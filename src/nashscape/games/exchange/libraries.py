"""Games made of objects of other libraries, by nothing but the methods and attributes that these show.

Objects of Gambit hand themselves over as texts; its library is never imported here.
"""

from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.games.exchange.efg import read_efg
from nashscape.games.exchange.nfg import read_nfg
from nashscape.games.families.graph_games import polymatrix
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.polymatrix_game import PolymatrixGame


def of_nashpy(value: Any) -> DenseGame:
    """A game from a `nashpy.Game`, whose players are its row and its column player.

    >>> from types import SimpleNamespace
    >>> of_nashpy(SimpleNamespace(payoff_matrices=([[3, 0], [5, 1]], [[3, 5], [0, 1]]))).payoffs_at((0, 1)).tolist()
    [0.0, 5.0]
    """
    return dense(np.stack([np.asarray(own) for own in value.payoff_matrices]))


def of_quantecon(value: Any) -> DenseGame:
    """A game from a `quantecon.game_theory.NormalFormGame`.

    Every player's array there begins with the own actions, `[a_i, a_{i+1}, …, a_n, a_1, …, a_{i-1}]`; here the first
    axis is that of player 1 for all.

    >>> from types import SimpleNamespace as Object
    >>> own = [Object(payoff_array=np.array([[3, 0, 1], [2, 4, 5]])), Object(payoff_array=np.array([[1, 2]] * 3))]
    >>> of_quantecon(Object(players=own)).payoffs_at((1, 2)).tolist()
    [5.0, 2.0]
    """
    n = len(value.players)
    return dense(np.stack([np.transpose(own.payoff_array, _places(i, n)) for i, own in enumerate(value.players)]))


def _places(player: int, players: int) -> list[int]:
    """Where the axis of each player, from the first, is in an array that begins with one player's."""
    return [(k - player) % players for k in range(players)]


def of_quantecon_polymatrix(value: Any) -> PolymatrixGame:
    """A game from a `quantecon.game_theory.PolymatrixGame`, which has a matrix for every ordered pair of players."""
    found = value.polymatrix
    edges: dict[tuple[int | str, int | str], Any] = {
        (i, j): (found[i, j], found[j, i]) for i in range(value.N) for j in range(i + 1, value.N)
    }
    return polymatrix(edges)


def of_gambit(value: Any) -> DenseGame:
    """A game from a `pygambit` game: exactly; of a tree it is the reduced normal form."""
    kinds = [kind.__qualname__ for kind in type(value).__mro__]
    # before version 17 there is one class, whose games say what they are
    if getattr(value, "is_tree", "ExtensiveGame" in kinds):
        return read_efg(gambit_text(value, "efg"), "the game of Gambit", "game")
    return read_nfg(gambit_text(value, "nfg"), "the game of Gambit", "game")


def gambit_text(value: Any, format: str) -> str:
    """A game of Gambit as a text in one of its formats."""
    if not hasattr(value, f"to_{format}"):
        raise InputError(
            f"this object of Gambit has no to_{format}, which games of newer versions have: update pygambit, or save "
            f"the game there and read the file with games.read_game('game.{format}')"
        )
    return str(getattr(value, f"to_{format}")())
