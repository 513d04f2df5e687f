"""Games as studies give them: by a name, a table with a name and parameters, a file, or as they are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.games import game
from nashscape.games.exchange.from_texts import game_from_text, parameters_in


def game_of(value: Any, parameters: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """A game from its name, a table with its name and parameters, a file, or a game itself.

    >>> game_of({"name": "stag_hunt", "T": 2}).payoffs[0, 1, 0].item()
    2.0
    >>> game_of("ordinal:Pd").name
    "Prisoner's Dilemma"

    Raises:
        InputError: for what stands for no game, and parameters of games that are not made by name.
    """
    if isinstance(value, Mapping):
        own = dict(value)
        if not isinstance(own.get("name"), str):
            raise InputError(f"a game is a name, or a table with a name, as {{name = 'stag_hunt', T = 2}}; got {own!r}")
        return game_of(own.pop("name"), {**own, **parameters})
    if isinstance(value, str):
        return game_from_text(value, parameters)
    if parameters:
        raise InputError(f"parameters ({', '.join(parameters)}) are of games by name; got {value!r}")
    return game(not_plain(value, "a game is a name, as 'stag_hunt:T=2', or a table with a name"))


def parameters_of(value: Any) -> tuple[str, ...]:
    """The parameters of what makes a game that is given like this; none of payoff files and objects.

    >>> parameters_of({"name": "stag_hunt"}), parameters_of("ordinal:12")
    (('R', 'S', 'T', 'P'), ())
    """
    own = dict(value) if isinstance(value, Mapping) else {"name": value}
    text, inner = own.get("name"), own.get("game")
    # of a game within, {name = "played", game = "stag_hunt"}, the parameters are those of both
    more = parameters_of(inner) if isinstance(inner, str) else ()
    return tuple(dict.fromkeys((*parameters_in(text), *more))) if isinstance(text, str) else ()


def not_plain(value: Any, wanted: str) -> Any:
    """An object as it is.

    Raises:
        InputError: for what files can hold beside texts, which stands for no object.
    """
    if isinstance(value, bool | int | float | list | tuple | dict):
        raise InputError(f"{wanted}; got {value!r}")
    return value
