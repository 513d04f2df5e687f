"""The older format of GameTracer, `.gam`: how many players, how many actions of each, then all payoffs of each player.

3
2 2 2
1 2 3 4 5 6 7 8   first all payoffs of player 1, the first player's action changing fastest; then those of the next

There are no names. Other readers of this format take decimals alone.
"""

import math
from fractions import Fraction

from nashscape.games.exchange.checked import made_from
from nashscape.games.exchange.nfg import by_player, in_file_order
from nashscape.games.exchange.tokens import Reader
from nashscape.games.forms.dense_game import DenseGame


def read_gam(text: str, where: str, name: str) -> DenseGame:
    """The game of a text in this format; arguments as of `read_nfg`.

    Raises:
        InputError: for a text that is not in this format, with its line and what was expected.
    """
    reader = Reader(text, where)
    players = reader.whole("the number of players", least=1)
    shape = tuple(reader.whole(f"the number of actions of player {k}", least=1) for k in range(1, players + 1))
    profiles = math.prod(shape)
    rows = [
        [_number(reader, f"payoff {profile} of {profiles} of player {player}") for profile in range(1, profiles + 1)]
        for player in range(1, players + 1)
    ]
    reader.end("the last payoff")
    payoffs = by_player([list(cell) for cell in zip(*rows, strict=True)], shape)
    return made_from(payoffs, None, None, name, where)


def _number(reader: Reader, what: str) -> Fraction | float:
    """A decimal as the double that it is in this format; a fraction, which only this library writes, as it is."""
    exact, said = reader.number(what), reader.tokens[reader.place - 1].said
    return exact if "/" in said or exact.denominator == 1 else float(said)


def write_gam(game: DenseGame) -> str:
    """A game in this format: payoffs are rounded to doubles, and names are lost."""
    rows = [" ".join(repr(float(x)) for x in in_file_order(own)) for own in game.payoffs]
    return "\n".join([str(game.n_players), " ".join(map(str, game.shape)), "", *rows, ""])
