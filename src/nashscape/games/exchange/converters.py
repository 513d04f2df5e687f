"""Whatever stands for a game: an array of payoffs, a matrix for every player, an object of another library.

An object is known by the name of its class, or of a class that this derives from, so that no library is imported to
look whether an object is one of its own. `OURS` has the names of the classes that are converted here. A package
announces more as entry points of the group `GROUP`, whose names are those of classes, and whose values are functions
from the object to a game, or to anything that stands for one:

    [project.entry-points."nashscape.games.converters"]
    "othello.boards.Board" = "my_package.games:of_board"
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.core.announced import announced, file_of, load, package_of
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array
from nashscape.core.found_things import blaming
from nashscape.core.places import thing_at
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.offers import check_offers, has_semantics, is_game, no_game

GROUP = "nashscape.games.converters"

OURS: Mapping[str, str] = MappingProxyType(
    {
        "nashpy.game.Game": "games.exchange.libraries:of_nashpy",
        "quantecon.game_theory.normal_form_game.NormalFormGame": "games.exchange.libraries:of_quantecon",
        "quantecon.game_theory.polymatrix_game.PolymatrixGame": "games.exchange.libraries:of_quantecon_polymatrix",
        "pygambit.gambit.Game": "games.exchange.libraries:of_gambit",
        "pyspiel.MatrixGame": "games.exchange.open_spiel:of_open_spiel_matrix",
        "pyspiel.TensorGame": "games.exchange.open_spiel:of_open_spiel_tensor",
        "pyspiel.Game": "games.exchange.open_spiel:of_open_spiel",
        "nashscape.tournaments.tournament_results.Tournament": "games.exchange.own_results:of_tournament",
    }
)
"""By the name of a class, the function that makes games of its objects: module within the package, and function."""


@public()
def game(value: Any) -> Any:
    """The game that a value stands for; a game is itself, with a semantics or without.

    All functions that take a game take whatever this does.

    Args:
        value: a game; payoffs `[player, a_1, …, a_n]`, as an array or lists, or a matrix `[a_1, …, a_n]` for every
            player; a game of Nashpy, QuantEcon, OpenSpiel or Gambit; an object for whose class an installed package
            announces a converter. Of trees it is the reduced normal form.

    Raises:
        InputError: for what stands for no game, and payoffs that can be read in several ways, with all of them.

    Example:
        >>> game([[[4, 0], [3, 2]], [[4, 3], [0, 2]]])
        <DenseGame game: 2 players, 2×2 actions (A B)>
        >>> game(([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])).payoffs[1].tolist()
        [[-1.0, 1.0], [1.0, -1.0]]
        >>> game([[4, 0], [3, 2]])
        Traceback (most recent call last):
        nashscape.core.errors.InputError: one matrix of payoffs, of shape [2, 2], is no game of two players yet; the
        other player's payoffs are missing. With matrix A it is games.bimatrix(A) where both are alike (the other gets
        A transposed), and games.bimatrix(A, -A) where one wins what the other loses
    """
    if isinstance(value, type):
        raise no_game(value)
    if is_game(value) or has_semantics(value):
        return value
    classes = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(value).__mro__]
    for kind in classes:
        if kind in OURS:
            return thing_at(OURS[kind])(value)
    if isinstance(value, list | tuple) or hasattr(value, "__array__"):
        return of_payoffs(value)
    others = announced(GROUP)
    for kind in classes:
        if kind in others:
            convert = load(kind, others[kind])
            with blaming(f"the converter of {kind}, of {package_of(others[kind][0])}", file_of(convert)):
                made = game(convert(value))
                check_offers(made)
            return made
    raise no_game(value)


def stands_for_a_game(value: Any) -> bool:
    """Whether a value is meant to be a game: one, with a semantics or without, or something that is no function.

    >>> stands_for_a_game([[[1, 0], [0, 1]]] * 2), stands_for_a_game(lambda k: k)
    (True, False)
    """
    return is_game(value) or has_semantics(value) or not callable(value)


def of_payoffs(value: Any) -> DenseGame:
    """A game from payoffs `[player, a_1, …, a_n]`, or a matrix `[a_1, …, a_n]` for every player.

    Raises:
        InputError: for payoffs of any other form, with what they may have been meant to be.
    """
    if _is_cell_by_cell(value):
        raise InputError(
            "payoffs are [player, a_1, …, a_n], a matrix for each player; these are in cells with a payoff for every "
            "player, [a_1, …, a_n, player]: give numpy.moveaxis(payoffs, -1, 0), or a list in place of every tuple if "
            "they are matrices"
        )
    payoffs, exact = exact_array(value, "payoffs")
    shape, given = payoffs.shape, payoffs if exact is None else exact
    players = len(shape) - 1
    if len(shape) == 2:
        alike = "games.bimatrix(A) where both are alike (the other gets A transposed), and "
        raise InputError(
            f"one matrix of payoffs, of shape {list(shape)}, is no game of two players yet; the other player's payoffs "
            f"are missing. With matrix A it is {alike if shape[0] == shape[1] else ''}games.bimatrix(A, -A) where one "
            "wins what the other loses"
        )
    if players > 1 and shape[0] != players and shape[-1] == players:
        raise InputError(
            f"payoffs are [player, a_1, …, a_n], with one axis of actions for every player; those of shape "
            f"{list(shape)} have the players last: give numpy.moveaxis(payoffs, -1, 0)"
        )
    return dense(given)


def _is_cell_by_cell(value: Any) -> bool:
    """Whether nested lists end in tuples: (4, 4), a payoff for every player, in every cell."""
    outermost, depth = value, 0
    while isinstance(value, list | tuple) and value:
        last, value, depth = value, value[0], depth + 1
    return depth > 2 and isinstance(last, tuple) and isinstance(outermost[0], list) and np.ndim(value) == 0
