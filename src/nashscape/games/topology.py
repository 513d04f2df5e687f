"""The topology of the 144 strict ordinal 2×2 games: which game becomes which when two payoffs change places.

Two games are neighbours if exchanging two adjacent ranks of one player (1 and 2, 2 and 3, or 3 and 4) turns one into
the other: every game has six neighbours. Robinson and Goforth (2005), The Topology of the 2×2 Games.

* **Names** are those of Bruns (2015), Names for Games: Locating 2 × 2 Games: twelve symmetric games, and every other
  game as a pair, the game of the row player and that of the column player.
* **Numbers** have three digits: layer, row and column of the periodic table. Layer 1 holds the games whose best
  outcomes are opposite corners, layer 3 those with one outcome that is best for both. Low (1–2) and middle (2–3) swaps
  go round two circles of six orders, numbered from the Prisoner's Dilemma in its circle (Pd Ch Ba Hr Cm Dl) and from
  Concord in the other (Nc Sh As Co Pc Ha). The last digit is the place of the row player's order, the middle one that
  of the column player's. So the Prisoner's Dilemma is 111, Chicken 122, the Stag Hunt 322.

The names were checked against a published table of Bruns' payoffs. The numbers could not be checked against the book:
that the circles are counted from Pd and Nc, which digit is whose, and which of the two mirror images is layer 2 and
which layer 4, are conventions of this module. Exchanging the players exchanges the last two digits, and layers 2 and 4.

>>> from nashscape.games import topology
>>> topology.ordinal_game("Prisoner's Dilemma")
<OrdinalGame 111 Pd: Prisoner's Dilemma>
>>> [game.abbreviation for game in topology.neighbours(topology.ordinal_game("Pd"))]
['ChPd', 'DlPd', 'ShPd', 'PdCh', 'PdDl', 'PdSh']
"""

from collections.abc import Mapping
from functools import cache
from itertools import permutations, product
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, positive_integer, unknown
from nashscape.games.families.ordinal import SYMMETRIC, OrdinalGame, Ranks, exchanged, relabelled
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.pure import pure_equilibria

__all__ = [
    "all_games",
    "classify",
    "neighbours",
    "ordinal_game",
    "relabelled",
    "swap",
    "swap_players",
    "symmetric_games",
    "with_two_equilibria",
]


__all__ = [
    "OrdinalGame",
    "all_games",
    "classify",
    "neighbours",
    "ordinal_game",
    "swap",
    "swap_players",
    "symmetric_games",
]

ALIASES: Mapping[str, str] = MappingProxyType(
    {"leader": "Ba", "battle of the sexes": "Ba", "hawk dove": "Ch", "snowdrift": "Ch", "no conflict": "Nc"}
)
"""Other names that symmetric games go by."""


@cache
def all_games() -> tuple[OrdinalGame, ...]:
    """The 144 games, sorted by number: all pairs of strict orders of four outcomes, up to what actions are called.

    >>> len(all_games()), sum(game.symmetric for game in all_games())
    (144, 12)
    """
    orders = [(ranks[:2], ranks[2:]) for ranks in permutations((1, 2, 3, 4))]
    found = {relabelled(row, column) for row, column in product(orders, repeat=2)}
    return tuple(sorted(found, key=lambda game: game.number))


def symmetric_games() -> tuple[OrdinalGame, ...]:
    """The twelve games in which both players have the same preferences.

    >>> [game.abbreviation for game in symmetric_games()]
    ['Pd', 'Ch', 'Ba', 'Hr', 'Cm', 'Dl', 'Nc', 'Sh', 'As', 'Co', 'Pc', 'Ha']
    """
    return tuple(game for game in all_games() if game.symmetric)


def with_two_equilibria() -> tuple[OrdinalGame, ...]:
    """The eighteen games with two strict pure equilibria, in which there is something to select.

    >>> [game.abbreviation for game in with_two_equilibria()][:4]
    ['Ch', 'BaCh', 'HrCh', 'ChBa']
    """
    return tuple(game for game in all_games() if len(pure_equilibria(game.to_dense())) == 2)


def ordinal_game(game: int | str) -> OrdinalGame:
    """The game with a number such as 322, an abbreviation such as "PdSh", or a name in any spelling.

    >>> ordinal_game("stag-hunt") == ordinal_game("Sh") == ordinal_game("ShSh") == ordinal_game(322)
    True
    >>> ordinal_game("prisoner's dilemma - stag hunt")
    <OrdinalGame 221 PdSh: Prisoner's Dilemma–Stag Hunt>

    Raises `InputError` for a number or name that no game has.
    """
    if isinstance(game, str):
        if _spelling(game) not in _by_name():
            names = [names for pair in SYMMETRIC.values() for names in pair]
            raise unknown("ordinal game", game, [*names, *ALIASES])
        return _by_name()[_spelling(game)]
    number = positive_integer(game, "the number of a game", at_least=1)
    for one in all_games():
        if one.number == number:
            return one
    raise InputError(f"no game has number {number}; numbers are layer (1–4), row (1–6) and column (1–6), as 322")


@cache
def _by_name() -> Mapping[str, OrdinalGame]:
    found = {_spelling(text): game for game in all_games() for text in (game.name, game.abbreviation)}
    found |= {_spelling(game.name) * 2: game for game in symmetric_games()}
    found |= {_spelling(game.abbreviation) * 2: game for game in symmetric_games()}
    return MappingProxyType(found | {_spelling(other): found[_spelling(short)] for other, short in ALIASES.items()})


def _spelling(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def swap(game: OrdinalGame, player: int | str, low: int) -> OrdinalGame:
    """The game in which a player's outcomes of rank `low` and `low + 1` have changed places.

    `player` is 0 or "row", 1 or "column"; `low` is 1, 2 or 3. Doing it twice gives the game back.

    >>> swap(ordinal_game("Prisoner's Dilemma"), "row", 3)
    <OrdinalGame 412 ShPd: Stag Hunt–Prisoner's Dilemma>

    Raises `InputError` for another player or rank.
    """
    players: dict[Any, int] = {0: 0, 1: 1, "row": 0, "column": 1}
    if isinstance(player, bool) or player not in players:
        raise InputError(f"the players are 0 or 'row' and 1 or 'column'; got {player!r}")
    if isinstance(low, bool) or low not in (1, 2, 3):
        raise InputError(f"the lower of the swapped ranks is 1, 2 or 3; got {low!r}")
    if players[player] == 0:
        return _from_ranks(exchanged(game.row, low), game.column)
    return _from_ranks(game.row, exchanged(game.column, low))


def _from_ranks(row: Ranks, column: Ranks) -> OrdinalGame:
    return relabelled((row[:2], row[2:]), ((column[0], column[2]), (column[1], column[3])))


def swap_players(game: OrdinalGame) -> OrdinalGame:
    """The same game with the row and the column player exchanged.

    >>> swap_players(ordinal_game("PdSh")).abbreviation
    'ShPd'
    """
    return OrdinalGame(game.column, game.row)


def neighbours(game: OrdinalGame) -> tuple[OrdinalGame, ...]:
    """The six games one swap away: the row player's swaps 1–2, 2–3 and 3–4, then the column player's."""
    return tuple(swap(game, player, low) for player in (0, 1) for low in (1, 2, 3))


def classify(game: DenseGame | npt.ArrayLike) -> OrdinalGame:
    """The ordinal game that a 2×2 game is, whatever its payoffs and whatever its actions are called.

    `game` is a `DenseGame` of two players with two actions, or its payoffs of shape [2, 2, 2].

    >>> from nashscape import games
    >>> classify(games.chicken())
    <OrdinalGame 122 Ch: Chicken>
    >>> classify([[[30, -5], [20.5, 7]], [[1, 2], [3, 0]]])
    <OrdinalGame 242 ChCo: Chicken–Coordination>

    Raises `InputError` for games of another size, payoffs that are not finite, and ties, which it names.
    """
    dense = game if isinstance(game, DenseGame) else None
    payoffs = finite_array(game.payoffs if isinstance(game, DenseGame) else game, "the payoffs")
    if payoffs.shape != (2, 2, 2):
        raise InputError(f"only games of two players with two actions are in the topology; got {payoffs.shape}")
    if ties := [tie for player in (0, 1) for tie in _ties(payoffs[player], player, dense)]:
        raise InputError(f"ties are not in the topology of strict games: {'; '.join(ties)}. Break them to classify it")
    row, column = (matrix.ravel().argsort().argsort().reshape(2, 2) + 1 for matrix in payoffs)
    return relabelled(row.tolist(), column.tolist())


def _ties(own: npt.NDArray[np.float64], player: int, game: DenseGame | None) -> list[str]:
    places: dict[float, list[str]] = {}
    for profile in product(range(2), repeat=2):
        place = game.profile_name(profile) if game is not None else str(profile)
        places.setdefault(float(own[profile]), []).append(place)
    who = game.players[player] if game is not None else f"player {player + 1}"
    return [f"{who} gets {x:g} at {' and '.join(where)}" for x, where in places.items() if len(where) > 1]


def __dir__() -> list[str]:
    return __all__
