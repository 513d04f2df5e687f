"""Games from their texts, as studies and the command line have them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.core.user_files import FILE
from nashscape.games.exchange.endings import is_payoff_file
from nashscape.games.exchange.files import read_game
from nashscape.games.exchange.tree_files import read_tree
from nashscape.games.families.known_games import GAMES, by_name
from nashscape.games.topology import ordinal_game


def game_from_text(text: str, parameters: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """A game from its name, "ordinal:Pd", a file of payoffs, or a file of one's own.

    Args:
        text: "stag-hunt" or "stag_hunt:T=2", a name that an installed package announces, "ordinal:Pd" or a number of
            one, a file that `read_game` reads, as "payoffs.json", "tree:game.efg" for one that `read_tree` reads, or
            "mine.py:market" and "mine.py:market:size=3".
        parameters: of games that are made by a function, by name.

    Raises:
        InputError: for what stands for no game, and parameters of games that have none.

    Example:
        >>> game_from_text("stag_hunt:T=2").payoffs[0, 1, 0].item(), game_from_text("ordinal:Pd").name
        (2.0, "Prisoner's Dilemma")
    """
    kind, _, rest = text.partition(":")
    if kind.strip() == "ordinal":
        _none(parameters, "ordinal games have no parameters")
        return ordinal_game(int(rest) if rest.strip().isdecimal() else rest.strip()).to_dense()
    if kind.strip() == "tree":
        _none(parameters, f"parameters are of games by name; {rest} is a file")
        return read_tree(rest.strip())
    known = is_payoff_file(text)
    if known or (not FILE.fullmatch(text) and Path(text).is_file()):
        _none(parameters, f"parameters are of games by name; {text} is a payoff file")
        return read_game(text, None if known else "json")
    return by_name(text, **parameters)


def parameters_in(text: str) -> tuple[str, ...]:
    """The parameters of what makes a game of this text; none of payoff files, and of what is no game.

    >>> parameters_in("stag_hunt:T=2"), parameters_in("ordinal:12")
    (('R', 'S', 'T', 'P'), ())
    """
    return tuple(values_in(text))


def values_in(text: str) -> dict[str, Any]:
    """The same with the value that each has there.

    >>> values_in("stag_hunt:T=2")
    {'R': 4, 'S': 0, 'T': 2, 'P': 2}
    >>> values_in("played:game=stag_hunt,T=2,limit=8")
    {'game': 'stag_hunt', 'limit': 8, 'clock': False, 'R': 4, 'S': 0, 'T': 2, 'P': 2}
    """
    if text.partition(":")[0].strip() in ("ordinal", "tree") or is_payoff_file(text):
        return {}
    try:
        found = GAMES.find(text)
    except InputError:  # which is told where the game is made
        return {}
    given = found.given or {}
    own = {name: given.get(name, value) for name, value in found.defaults.items()}
    return own | _inner(own, given) if found.takes_more else own


def _inner(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of the game within one that passes on what it does not take itself, as "played:game=stag_hunt"."""
    inner = own.get("game")
    return {name: given.get(name, value) for name, value in values_in(inner).items()} if isinstance(inner, str) else {}


def _none(parameters: Mapping[str, Any], said: str) -> None:
    if parameters:
        raise InputError(f"{said}; got {', '.join(parameters)}")
