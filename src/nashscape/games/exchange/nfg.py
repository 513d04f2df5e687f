r"""Gambit's strategic games, `.nfg`: payoffs, or outcomes by number, for every profile.

    NFG 1 R "title" { "Rose" "Colin" } { { "up" "down" } { "left" "right" } } "comment"
    3 1  5/2 0  0 0  .1 4

The first player's action changes fastest. In place of names there may be numbers of actions, `{ 2 2 }`; in place of
payoffs a list of outcomes, `{ { "name" 3, 1 } … }`, and a number for every profile, of which 0 means that all get 0.
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.games.exchange.checked import made_from
from nashscape.games.exchange.tokens import Reader, quotation
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.labels import action_names, player_names


def read_nfg(text: str, where: str, name: str) -> DenseGame:
    """The game of a text in this format.

    Args:
        text: of the file.
        where: what to call the file in errors.
        name: of the game, where the text has no title.

    Raises:
        InputError: for a text that is not in this format, with its line and what was expected.
    """
    reader = Reader(text, where)
    reader.word("NFG")
    reader.word("1")
    reader.word("R", "D")
    title = reader.optional_text()
    players = reader.braces("names of players", lambda: reader.quoted("the name of a player"))
    reader.optional_text()
    actions = _actions(reader, len(players))
    reader.optional_text()
    shape = tuple(own if isinstance(own, int) else len(own) for own in actions)
    read = _outcomes if reader.is_brace("{") else _payoffs
    cells = read(reader, len(players), math.prod(shape))
    reader.end("the last payoff")
    names = [tuple(str(k + 1) for k in range(own)) if isinstance(own, int) else own for own in actions]
    return made_from(by_player(cells, shape), player_names(players), names, title or name, where)


def by_player(cells: list[list[Any]], shape: tuple[int, ...]) -> Objects:
    """Payoffs `[player, a_1, …, a_n]` from those of the profiles, the first player's action changing fastest."""
    table = np.empty((len(cells), len(shape)), dtype=object)
    table[:] = cells
    return np.stack([own.reshape(shape, order="F") for own in table.T])


def in_file_order(own: Objects) -> Objects:
    """The payoffs of one player `[a_1, …, a_n]` in a row, the first player's action changing fastest."""
    return own.reshape(-1, order="F")


def _actions(reader: Reader, players: int) -> list[tuple[str, ...] | int]:
    """Names of actions of each player, or their number where the text has no names."""
    line = reader.now.line

    def one() -> tuple[str, ...] | int:
        if reader.is_brace("{"):
            return action_names(reader.braces("names of actions", lambda: reader.quoted("the name of an action")))
        return reader.whole("a number of actions, or their names", least=1)

    found = reader.braces("numbers of actions, or their names", one)
    if len(found) != players:
        raise reader.refused(f"there are {players} players, and actions of {len(found)}", line)
    for place, own in enumerate(found, 1):
        if not own:
            raise reader.refused(f"player {place} has no actions", line)
    return found


def _payoffs(reader: Reader, players: int, profiles: int) -> list[list[Fraction]]:
    """The payoffs of all players at each profile, as they stand."""
    each = range(1, players + 1)
    return [
        [reader.number(f"the payoff of player {player} in profile {profile} of {profiles}") for player in each]
        for profile in range(1, profiles + 1)
    ]


def _outcomes(reader: Reader, players: int, profiles: int) -> list[list[Fraction]]:
    """The payoffs of all players at each profile, from a list of outcomes and the number of one for each."""

    def one() -> list[Fraction]:
        line = reader.now.line
        reader.opening("an outcome")
        reader.optional_text()
        payoffs = []
        while not reader.is_brace("}"):
            payoffs.append(reader.number("a payoff"))
        reader.take()
        if len(payoffs) != players:
            raise reader.refused(f"an outcome has {len(payoffs)} payoffs; there are {players} players", line)
        return payoffs

    known = [[Fraction(0)] * players, *reader.braces("outcomes", one)]
    cells = []
    for profile in range(1, profiles + 1):
        token = reader.now
        number = reader.whole(f"the outcome of profile {profile} of {profiles}")
        if number >= len(known):
            raise reader.wrong(f"the number of an outcome, at most {len(known) - 1}", token)
        cells.append(known[number])
    return cells


def write_nfg(game: DenseGame) -> str:
    """A game in this format: names, and exact payoffs, a line for each profile."""
    people = " ".join(map(quotation, game.players))
    names = "\n".join("{ " + " ".join(map(quotation, own)) + " }" for own in game.actions)
    lines = [" ".join(map(str, cell)) for cell in zip(*map(in_file_order, game.fractions), strict=True)]
    return "\n".join([f"NFG 1 R {quotation(game.name)} {{ {people} }}", "", f"{{ {names}", "}", '""', "", *lines, ""])
