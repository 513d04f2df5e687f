"""Games as studies give them: by a name, a table with a name and parameters, a file, or as they are."""

import inspect
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.core.named_texts import named
from nashscape.games import by_name
from nashscape.games.from_files import game_from_file
from nashscape.games.named import MADE
from nashscape.games.offers import is_game
from nashscape.games.topology import ordinal_game
from nashscape.semantics.parametric_game import is_parametric
from nashscape.studies.files_named import FILE, attribute, from_file


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
        return _named_game(value, parameters)
    if parameters:
        raise InputError(f"parameters ({', '.join(parameters)}) are of games by name; got {value!r}")
    return not_plain(value, "a game is a name, as 'stag_hunt:T=2', or a table with a name")


def parameters_of(value: Any) -> tuple[str, ...]:
    """The parameters of what makes a game that is given like this; none of payoff files and objects.

    >>> parameters_of("stag_hunt:T=2"), parameters_of("ordinal:12")
    (('R', 'S', 'T', 'P'), ())
    """
    text = value.get("name") if isinstance(value, Mapping) else value
    if not isinstance(text, str):
        return ()
    if match := FILE.fullmatch(text):
        made = attribute(Path(match["path"]), named(match["rest"], "game")[0])
        return tuple(inspect.signature(made).parameters) if callable(made) else ()
    key = named(text.partition(":")[0], "parameter")[0]
    return tuple(inspect.signature(MADE[key]).parameters) if key in MADE else ()


def _named_game(text: str, parameters: Mapping[str, Any]) -> Any:
    if FILE.fullmatch(text):
        found = from_file(text, parameters)
        # a function that makes a game, and needs nothing for it, is that game
        return found if is_game(found) or is_parametric(found) or not callable(found) else found()
    if text.lower().endswith(".json"):
        if parameters:
            raise InputError(f"parameters ({', '.join(parameters)}) are of games by name; {text} is a payoff file")
        return game_from_file(Path(text))
    kind, _, rest = text.partition(":")
    if kind.strip() == "ordinal":
        if parameters:
            raise InputError(f"ordinal games have no parameters; got {', '.join(parameters)}")
        return ordinal_game(int(rest) if rest.strip().isdecimal() else rest.strip()).to_dense()
    key, own = named(text, "parameter")
    return by_name(key, **{**own, **parameters})


def not_plain(value: Any, wanted: str) -> Any:
    """An object as it is.

    Raises:
        InputError: for what files can hold beside texts, which stands for no object.
    """
    if isinstance(value, bool | int | float | list | tuple | dict):
        raise InputError(f"{wanted}; got {value!r}")
    return value
