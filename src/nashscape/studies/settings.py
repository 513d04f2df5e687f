"""What a study says by name, as texts and numbers, made into what verbs take."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.named_texts import NUMBER, made_from
from nashscape.core.options import Option
from nashscape.core.user_files import FILE, from_file
from nashscape.dynamics import reducers
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.start_texts import starts_from_text
from nashscape.games import Game
from nashscape.learning.from_texts import estimator_from_text, projection_from_text, rule_from_text
from nashscape.learning.rules import per_player
from nashscape.learning.schedules import from_text
from nashscape.selection.restart_policies import anew, from_checkpoint, perturbed
from nashscape.semantics import parametric
from nashscape.semantics.from_texts import semantics_from_text
from nashscape.semantics.semantics import is_semantics
from nashscape.studies.games_given import game_of, not_plain


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


def rule_of(value: Any) -> Any:
    """A rule from its text, or one per player from a list of them."""
    if isinstance(value, str):
        return rule_from_text(value)
    if isinstance(value, list | tuple):
        if not value:
            raise InputError("a list of rules has one for each player; got none")
        return per_player([rule_of(own) for own in value])
    return not_plain(value, "a rule is a text, as 'meta_mapg:peer=2', or a list of them, one per player")


def semantics_of(value: Any) -> Callable[[Game], Any]:
    """A function from a game to the game with a semantics.

    >>> from nashscape.games import stag_hunt
    >>> semantics_of("open_source:coupling=0.5")(stag_hunt()).semantics.sizes
    (1, 1)
    """
    if isinstance(value, str):
        return semantics_from_text(value)
    if is_semantics(value):
        return lambda game: parametric(game, value)
    if not callable(value):
        raise InputError(f"semantics are a name, as 'open_source:coupling=0.5', or a function of a game; got {value!r}")
    return value


def _written(made: Callable[[str], Any], wanted: str) -> Callable[[Any], Any]:
    """From texts, bare numbers where these are wanted, or files; objects stay what they are."""

    def read(value: Any) -> Any:
        if "a number" in wanted and isinstance(value, int | float) and not isinstance(value, bool):
            value = repr(value)
        if isinstance(value, str):
            return from_file(value) if FILE.fullmatch(value) else made(value)
        return not_plain(value, wanted)

    return read


def _settling(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return not_plain(value, "settling is a table, as {follow = 2000}")
    try:
        return Settling(**value).checked()
    except TypeError as error:
        raise InputError(f"settling takes follow, close and regret; got {dict(value)!r}") from error


def _optimiser(text: str) -> Any:
    import optax

    makers = {name: getattr(optax, name) for name in ("adam", "adamw", "rmsprop", "sgd", "yogi", "adabelief", "lion")}
    return made_from(text, "optimiser", makers)


def _reducers(value: Any) -> Any:
    entries = value if isinstance(value, list | tuple) else [value]
    return tuple(_written(_reducer, "reducers are texts, as 'payoffs:over=end'")(own) for own in entries)


def _reducer(text: str) -> Any:
    makers = {name: own for name, own in vars(reducers).items() if callable(own) and name.islower()}
    return made_from(text, "reducer", makers)


def _policy(text: str) -> Any:
    return made_from(text, "policy", {"anew": anew, "perturbed": perturbed, "from_checkpoint": from_checkpoint})


def _names(value: Any, what: str) -> Any:
    """Outcomes by their names; targets that are objects stay what they are."""
    if isinstance(value, list):
        return [_names(own, what) for own in value]
    return _written(str, f"{what} is the name of an outcome, as 'CC'")(value)


READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "game": game_of,
    "rule": rule_of,
    "against": rule_of,
    "then": lambda value: value if isinstance(value, str) and value in ("handoff", "anneal") else rule_of(value),
    "semantics": semantics_of,
    "starts": _written(starts_from_text, "starts are a text, as 'normal:std=1.35'"),
    "at": lambda value: _written(starts_from_text, "")(value) if isinstance(value, str) else value,
    "estimator": lambda value: estimator_from_text(value) if isinstance(value, str) else not_plain(
        value, "estimator is a text, as 'sampled:batch=192'"),
    "step_size": _written(from_text, "step_size is a number, or a text as '0.9/(t+10)^0.24'"),
    "projection": _written(projection_from_text, "projection is a number, or 'none'"),
    "settling": _settling,
    "optimiser": _written(_optimiser, "optimiser is a text, as 'adam:learning_rate=0.05'"),
    "reducers": _reducers,
    "policy": _written(_policy, "policy is a text: anew, perturbed or from_checkpoint"),
    "target": lambda value: _names(value, "target"),
    "targets": lambda value: _names(value, "targets"),
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
        positive_integer(int(value) if whole else value, option.name, at_least=0)
        value = int(value)
    number = finite_number(value, option.name, option.least, option.most)
    return value if option.type == "int" else number
