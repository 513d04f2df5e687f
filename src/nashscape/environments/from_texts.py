"""Games that are played, by name, as studies and the command line have them."""

from typing import Any

from nashscape.core import InputError
from nashscape.environments.game_environment import GameEnvironment, of_game
from nashscape.environments.tree_environment import TreeEnvironment
from nashscape.games.exchange.from_texts import game_from_text
from nashscape.games.offers import has_plays


def played(
    game: str, limit: int | None = None, clock: bool = False, **parameters: Any
) -> GameEnvironment | TreeEnvironment:
    """Another game by its name, played round by round by policies; nothing is computed of it. See `of_game`.

    Written "played:game=stag_hunt" or "played:game=iterated_prisoners_dilemma,limit=16"; what else is given are
    parameters of the game. A game of a file is a table or a parameter, not a part of the text:
    `{name = "played", game = "mine.py:market"}` in a study, `played --set game=mine.py:market` on the command line.

    Args:
        game: a game by name, "ordinal:Pd", or a file, see `game_from_text`.
        limit: rounds after which an episode is cut off.
        clock: whether players see the share of rounds that were played.
        **parameters: of the game.

    Raises:
        InputError: for what stands for no game, and as `of_game`.

    Example:
        >>> env = played("stag_hunt", T=2)
        >>> env.name, env.horizon, env.game.payoffs[0, 1, 0].item()
        ('stag_hunt', 1, 2.0)
    """
    if not isinstance(game, str):
        raise InputError(f"game is the name of a game, or a file, as in played:game=stag_hunt; got {game!r}")
    made = game_from_text(game, parameters)
    if has_plays(made):
        raise InputError(f"{game} is played already; give it by its own name, as {game}")
    return of_game(made, limit=limit, clock=clock)
