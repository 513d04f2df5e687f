"""What a study says by name, as texts and numbers, made into what verbs take."""

import hashlib
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.named_texts import NUMBER, made_from, named
from nashscape.core.options import Option
from nashscape.dynamics import reducers
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.start_texts import starts_from_text
from nashscape.games import Game, by_name
from nashscape.games.from_files import game_from_file
from nashscape.games.topology import ordinal_game
from nashscape.learning.from_texts import estimator_from_text, projection_from_text, rule_from_text
from nashscape.learning.rules import per_player
from nashscape.learning.schedules import from_text
from nashscape.selection.restart_policies import anew, from_checkpoint, perturbed
from nashscape.studies.players import SEMANTICS

FILE = re.compile(r"(?P<path>.+\.py):(?P<rest>[A-Za-z_]\w*(?::.*)?)")
"""Something in a file of the user's: "mine.py:game", or made by a function there: "mine.py:game:T=2"."""


def setting(name: str, value: Any, option: Option | None = None) -> Any:
    """What a verb takes for a value of a study: objects from texts, numbers of the option's type.

    >>> setting("rule", "meta_mapg:peer=2").name, setting("estimator", "sampled:batch=64").batch
    ('meta_mapg', 64)
    >>> setting("rule", ["pg", "lola"]).name
    'pg+lola'

    Raises:
        InputError: for texts that stand for nothing, and numbers of another type.
    """
    if name in READERS:
        return READERS[name](value)
    if isinstance(value, str) and FILE.fullmatch(value):
        return from_file(value)
    if option is not None and option.type in ("int", "float", "bool", "str"):
        return _of_type(value, option)
    return tuple(value) if option is not None and option.type == "tuple" and isinstance(value, list) else value


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
    return value


def takes_parameter(value: Any, name: str) -> bool:
    """Whether a game that is given like this is made by a function with such a parameter."""
    import inspect

    from nashscape.games import NAMED

    text = value.get("name") if isinstance(value, Mapping) else value
    if not isinstance(text, str):
        return False
    if match := FILE.fullmatch(text):
        made = _attribute(Path(match["path"]), named(match["rest"], "game")[0])
        return callable(made) and name in inspect.signature(made).parameters
    key = named(text, "parameter")[0]
    return key in NAMED and name in inspect.signature(NAMED[key]).parameters


def _named_game(text: str, parameters: Mapping[str, Any]) -> Any:
    if FILE.fullmatch(text):
        return from_file(text, parameters)
    if text.lower().endswith(".json"):
        if parameters:
            raise InputError(f"parameters ({', '.join(parameters)}) are of games by name; {text} is a payoff file")
        return game_from_file(Path(text))
    kind, _, rest = text.partition(":")
    if kind.strip() == "ordinal":
        if parameters:
            raise InputError(f"ordinal games have no parameters; got {', '.join(parameters)}")
        return ordinal_game(int(rest) if rest.strip().isdigit() else rest.strip()).to_dense()
    key, own = named(text, "parameter")
    return by_name(key, **{**own, **parameters})


def rule_of(value: Any) -> Any:
    """A rule from its text, or one per player from a list of them."""
    if isinstance(value, str):
        return from_file(value) if FILE.fullmatch(value) else rule_from_text(value)
    if isinstance(value, Sequence):
        return per_player([rule_of(own) for own in value])
    return value


def semantics_of(value: Any) -> Callable[[Game], Any]:
    """A function from a game to the game with a semantics.

    >>> from nashscape.games import stag_hunt
    >>> semantics_of("open_source:coupling=0.5")(stag_hunt()).semantics.sizes
    (1, 1)
    """
    if not isinstance(value, str):
        if not callable(value):
            raise InputError(
                f"semantics are a name, as 'open_source:coupling=0.5', or a function of a game; got {value!r}"
            )
        return value
    made = from_file(value) if FILE.fullmatch(value) else made_from(value, "semantics", SEMANTICS)
    if not callable(made):
        raise InputError(f"{value} is a function from a game to the game with a semantics; got {made!r}")
    return made


def from_file(text: str, parameters: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """What a file of the user's has under a name; called, where something is given with the name."""
    match = FILE.fullmatch(text)
    assert match is not None, "the caller has looked"
    name, given = named(match["rest"], "option")
    found = _attribute(Path(match["path"]), name)
    given = {**given, **parameters}
    if not given and ":" not in match["rest"]:
        return found
    if not callable(found):
        raise InputError(f"{text}: {name} is no function, so that nothing can be given with it")
    try:
        return found(**given)
    except TypeError as error:
        raise InputError(f"{text}: {error}") from error


def _attribute(path: Path, name: str) -> Any:
    """A name of a file, which is run once for each of its texts."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    module = f"_nashscape_file_{hashlib.sha256(str(path.resolve()).encode() + text).hexdigest()[:16]}"
    if module not in sys.modules:
        spec = importlib.util.spec_from_file_location(module, path)
        assert spec is not None, "a .py file has a loader"
        assert spec.loader is not None, "a .py file has a loader"
        made = importlib.util.module_from_spec(spec)
        sys.modules[module] = made
        try:
            spec.loader.exec_module(made)
        except Exception as error:
            del sys.modules[module]
            raise InputError(f"{path} cannot be run: {type(error).__name__}: {error}") from error
    found = vars(sys.modules[module])
    if name not in found:
        from nashscape.core import unknown

        raise unknown(f"name in {path}", name, [own for own in found if not own.startswith("_")])
    return found[name]


def _written(made: Callable[[str], Any]) -> Callable[[Any], Any]:
    """From texts, or from files; what is neither stays what it is."""
    return lambda value: (
        (from_file(value) if FILE.fullmatch(value) else made(value)) if isinstance(value, str) else value
    )


def _number_text(value: Any) -> Any:
    """A bare number as what would be written for it."""
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _settling(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    try:
        return Settling(**value).checked()
    except TypeError as error:
        raise InputError(f"settling takes follow, close and regret; got {dict(value)!r}") from error


def _optimiser(text: str) -> Any:
    import optax

    makers = {name: getattr(optax, name) for name in ("adam", "adamw", "rmsprop", "sgd", "yogi", "adabelief", "lion")}
    return made_from(text, "optimiser", makers)


def _reducers(value: Any) -> Any:
    if isinstance(value, str):
        value = [value]
    return tuple(_written(_reducer)(own) for own in value)


def _reducer(text: str) -> Any:
    makers = {name: own for name, own in vars(reducers).items() if callable(own) and name.islower()}
    return made_from(text, "reducer", makers)


def _policy(text: str) -> Any:
    return made_from(text, "policy", {"anew": anew, "perturbed": perturbed, "from_checkpoint": from_checkpoint})


READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "game": game_of,
    "rule": rule_of,
    "against": rule_of,
    "then": lambda value: value if value in ("handoff", "anneal") else rule_of(value),
    "semantics": semantics_of,
    "starts": _written(starts_from_text),
    "at": _written(starts_from_text),
    "estimator": _written(estimator_from_text),
    "step_size": lambda value: _written(from_text)(_number_text(value)),
    "projection": lambda value: _written(projection_from_text)(_number_text(value)),
    "settling": _settling,
    "optimiser": _written(_optimiser),
    "reducers": _reducers,
    "policy": _written(_policy),
})  # fmt: skip
"""By name, what makes of texts what verbs take; everything else is numbers, texts and lists."""


def _of_type(value: Any, option: Option) -> Any:
    """A number, text or truth value of the type that the option has; whole numbers may be written 3e6."""
    if value is None:
        return None
    if option.type == "bool":
        if not isinstance(value, bool):
            raise InputError(f"{option.name} is true or false; got {value!r}")
        return value
    if option.type == "str":
        if not isinstance(value, str):
            raise InputError(f"{option.name} is a text; got {value!r}")
        return value
    if isinstance(value, str) and re.fullmatch(NUMBER, value.strip()):
        value = float(value)
    if option.type == "int":
        whole = isinstance(value, float) and value.is_integer()
        return positive_integer(int(value) if whole else value, option.name, at_least=-(2**62))
    return finite_number(value, option.name)
