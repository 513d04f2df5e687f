"""Games as objects of other libraries."""

import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core import InputError, unknown
from nashscape.core.calls import public
from nashscape.games.exchange.converters import game as game_of
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.offers import needs


def _nashpy(game: DenseGame) -> Any:
    if game.n_players != 2:
        raise InputError(f"Nashpy has games of two players; {game.name} has {game.n_players}")
    return _module("nashpy", "nashpy").Game(*map(np.array, game.payoffs))


def _quantecon(game: DenseGame) -> Any:
    n, own = game.n_players, _module("quantecon.game_theory", "quantecon")
    turned = [np.transpose(u, [*range(i, n), *range(i)]) for i, u in enumerate(game.payoffs)]
    return own.NormalFormGame([own.Player(np.ascontiguousarray(u)) for u in turned])


def _open_spiel(game: DenseGame) -> Any:
    spiel, names = _module("pyspiel", "open_spiel"), [list(own) for own in game.actions]
    if game.n_players == 2:
        return spiel.create_matrix_game(game.name, game.name, *names, *(u.tolist() for u in game.payoffs))
    return spiel.create_tensor_game(game.name, game.name, names, [u.ravel().tolist() for u in game.payoffs])


def _gambit(game: DenseGame) -> Any:
    raise InputError(
        "Gambit's library is never imported here. It reads a text: "
        "pygambit.read_nfg(io.StringIO(games.format_game(game, 'nfg'))), or a file that games.write_game(game, "
        "'game.nfg') has written"
    )


LIBRARIES: Mapping[str, Callable[[DenseGame], Any]] = MappingProxyType(
    {"nashpy": _nashpy, "quantecon": _quantecon, "open_spiel": _open_spiel, "pygambit": _gambit}
)
"""By its name, what makes a library's object of a game."""


@public()
def to_library(game: Any, library: str) -> Any:
    """A game as an object of another library; `games.game` makes a game of it again.

    Payoffs are doubles there. OpenSpiel keeps names of actions and of the game, the others none.

    Args:
        game: any whose payoffs can be written out.
        library: "nashpy" (two players), "quantecon" or "open_spiel".

    Raises:
        InputError: for an unknown library, one that is not installed, and games that it has no form for.

    Example:
        >>> from nashscape import games
        >>> to_library(games.chicken(), "nash")
        Traceback (most recent call last):
        nashscape.core.errors.InputError: unknown library 'nash'; did you mean 'nashpy'? Known: nashpy, open_spiel,
        pygambit, quantecon.
    """
    if library not in LIBRARIES:
        raise unknown("library", library, LIBRARIES)
    given = game_of(game)
    needs(given, "table", to=f"make a game of {library}")
    return LIBRARIES[library](given.to_dense())


def _module(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise InputError(
            f"this takes {package}, which is not installed: pip install {package} ({error.name} is missing)"
        ) from error
