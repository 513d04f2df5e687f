"""What a study says by name, as texts and numbers, made into what verbs take."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.named_texts import made_from, number, pairs, parted
from nashscape.core.options import Option
from nashscape.core.options.rows import SHARED
from nashscape.core.options.values import PLAIN, plain_value, whole_number
from nashscape.core.user_files import FILE, from_file
from nashscape.dynamics import reducers
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.behaviour_texts import behaviour_of, is_behaviour_text
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.start_texts import starts_from_text
from nashscape.games import Game
from nashscape.learning.from_texts import estimator_from_text, projection_from_text, rule_from_text
from nashscape.learning.rules import per_player
from nashscape.learning.schedules import from_text
from nashscape.selection.waiting.restart_policies import anew, from_checkpoint, perturbed
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
    kind = TYPES.get(name, "") if option is None else option.type
    if kind in READERS:
        return READERS[kind](value)
    if isinstance(value, str) and FILE.fullmatch(value):
        return from_file(value)
    return plain_value(value, option) if option is not None and kind in PLAIN else value


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
    """How runs are seen to settle, or where games are only played how behaviour is looked at: by what is named.

    >>> _settling("regret=0.05").regret, _settling("episodes=64,moments=4")
    (0.05, Observing(episodes=64, moments=4, greedy=16))
    """
    if isinstance(value, str):
        value = pairs(parted(value), "settling", texts=True)
    if not isinstance(value, Mapping):
        return not_plain(
            value,
            "settling is a table, as {regret = 0.05} or of games that are played {episodes = 64}, or a text, as "
            "'regret=0.05' or 'episodes=64,moments=8'",
        )
    strategies, plays = ([own.name for own in fields(kind)] for kind in (Settling, Observing))
    for name in value:
        if name not in (*strategies, *plays):
            raise unknown("option of settling", name, [*strategies, *plays])
    if set(value) & set(plays):
        if both := set(value) & set(strategies):
            raise InputError(f"{', '.join(sorted(both))} is of games that are computed, {', '.join(plays)} of games "
                             "that are only played; give either")  # fmt: skip
        return Observing(**value).checked()
    return Settling(**value).checked()


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
    """Outcomes by their names, behaviours by texts and tables; targets that are objects stay what they are."""
    if isinstance(value, list):
        return [_names(own, what) for own in value]
    if isinstance(value, Mapping) or (isinstance(value, str) and is_behaviour_text(value)):
        return behaviour_of(value)
    return _written(str, f"{what} is the name of an outcome, as 'CC'")(value)


def _start(value: Any) -> Any:
    """One strategy per player from "0.4,0.7", or with whole strategies "0.2,0.3,0.5; 0.1,0.1,0.8"; several of a list.

    >>> _start("0.2,0.3,0.5; 0.4"), _start(["0.4,0.7"])
    ([[0.2, 0.3, 0.5], 0.4], [[0.4, 0.7]])
    """
    if isinstance(value, list):
        return [_start(own) for own in value]
    if not isinstance(value, str):
        return value
    players = [[number(part, "a strategy") for part in parted(own)] for own in value.split(";")]
    return players[0] if len(players) == 1 else [own[0] if len(own) == 1 else own for own in players]


def _pair(value: Any) -> Any:
    """Numbers from "0.05:0.95" or "0.05,0.95", or from a list."""
    if isinstance(value, str):
        value = [number(part.strip(), "an end") for part in value.replace(":", ",").split(",")]
    return tuple(value) if isinstance(value, list) else value


STARTS = _written(starts_from_text, "starts are a text, as 'normal:std=1.35'")

READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "Game": game_of,
    "Rule": rule_of,
    "Semantics": semantics_of,
    "Starts": lambda value: value if isinstance(value, list) else STARTS(value),
    "Estimator": lambda value: estimator_from_text(value) if isinstance(value, str) else not_plain(
        value, "estimator is a text, as 'sampled:batch=192'"),
    "Schedule": _written(from_text, "step_size is a number, or a text as '0.9/(t+10)^0.24'"),
    "Box": _written(projection_from_text, "projection is a number, or 'none'"),
    "Settling": _settling,
    "Optimiser": _written(_optimiser, "optimiser is a text, as 'adam:learning_rate=0.05'"),
    "Reducer": _reducers,
    "Policy": _written(_policy, "policy is a text: anew, perturbed or from_checkpoint"),
    "Target": lambda value: _names(value, "a target"),
    "Sequence": _start,
    "tuple": _pair,
    "int | bool": lambda value: whole_number(value, "audit") if isinstance(value, str) else value,
})  # fmt: skip
"""By the type that the table of options names, what makes of texts what verbs take, for studies and the command line.

Numbers, texts and truth values are read by their row; what has another type stays what it is.
"""

TYPES: Mapping[str, str] = MappingProxyType({
    **{name: row.type for name, row in SHARED.items()},
    "game": "Game",
    "semantics": "Semantics",
    "against": "Rule",
})  # fmt: skip
"""Of names that have no row, such as arguments of a function of the user's."""
