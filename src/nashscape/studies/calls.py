"""One call of a verb from the settings of a point: what it takes by name, what dials turn, what it gives."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.options import VERBS, Option, taken
from nashscape.dynamics.case import Case
from nashscape.dynamics.start_texts import usual_starts
from nashscape.games import Game
from nashscape.learning import pg
from nashscape.learning.dial import Dial
from nashscape.learning.dial_table import DIALS
from nashscape.learning.dials import dial_of
from nashscape.learning.rules import per_player
from nashscape.learning.term_rules import COEFFICIENTS as TERMS
from nashscape.semantics import parametric
from nashscape.studies.faults import Faults, placed
from nashscape.studies.files_named import FILE, from_file
from nashscape.studies.measuring import verbs as own_verbs
from nashscape.studies.measuring.update_noises import update_noise
from nashscape.studies.settings import game_of, parameters_of, semantics_of, setting
from nashscape.studies.signatures import Argument, arguments

OWN: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "gain": own_verbs.gain,
    "prediction": own_verbs.prediction,
    "separatrix_distance": own_verbs.separatrix_distance,
    "update_noise": update_noise,
})  # fmt: skip
"""Verbs of studies alone."""

COEFFICIENTS = (*TERMS, "inner_lr")
MADE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "gain": ("basin_map", "entry_probability"),
    "prediction": ("basin_map", "entry_probability"),
    "separatrix_distance": ("separatrix",),
})  # fmt: skip
PARTS: Mapping[str, str] = MappingProxyType(
    {"warm_up": "rule", "batch": "estimator", "exponent": "step_size", "std": "starts", "semantics": "game"}
)
"""What dials turn, where neither their path nor their place says it."""

GAMES, RULES = ("game", "family", "learners"), ("rule", "rules")
ROOMS = ("selection", "theory", "dynamics")
CASE = tuple(own.name for own in fields(Case) if own.name not in ("game", "rule", "progress", "chunk"))
SET_APART = ("game", "rule", "semantics", "seed")
"""What options hold nothing of."""


@dataclass(frozen=True)
class Verb:
    """A function that a study calls.

    Attributes:
        name: as the study says it.
        function: what is called.
        first: the names of its arguments that are a game or a rule, with what they stand for.
        options: the names of all others, with their rows of the table of options where they have one.
        arguments: what the signature says of them.
    """

    name: str
    function: Callable[..., Any]
    first: Mapping[str, str]
    options: Mapping[str, Option | None]
    arguments: Mapping[str, Argument]

    @property
    def bare(self) -> bool:
        """Whether it takes games as they are alone, and none with a semantics."""
        hints = inspect.signature(self.function).parameters
        return any(part == "game" and hints[name].annotation is Game for name, part in self.first.items())

    def takes(self, name: str) -> bool:
        """Whether the verb itself takes a setting of this name."""
        return name in self.options or (name in ("game", "rule") and name in self.first.values())

    def read(self, name: str, value: Any) -> Any:
        """What an option is that a study says as a text, a number or a list.

        Raises:
            InputError: for a value of another type, by the table of options or else by the signature.
        """
        row = self.options.get(name)
        made = setting(name, value, row)
        return self.arguments[name].read(made) if made is value and row is None and name in self.arguments else made


def verb(name: str) -> Verb:
    """A verb by its name, or "mine.py:function".

    >>> sorted(verb("coupling_threshold").options)
    ['at', 'high', 'low', 'target', 'tolerance']

    Raises:
        InputError: for an unknown name, with the nearest known ones.
    """
    function = _function(name)
    if not callable(function):
        raise InputError(f"{name} is no function that a study could call")
    return _verb(name, function)


@cache
def _verb(name: str, function: Callable[..., Any]) -> Verb:
    """The verb of a function; its file may change, and be another one in another folder."""
    parameters = arguments(function)
    first = {own: "game" for own in parameters if own in GAMES} | {own: "rule" for own in parameters if own in RULES}
    # of verbs of studies everything that the verbs take of which they are made
    made_of = MADE_OF.get(name, (name,) if name in VERBS else ())
    table = {option: row for own in made_of for option, row in taken(own).items()}
    elsewhere = {"progress", "chunk", "resume"}
    names = [own for own in parameters if own not in first]
    options = {own: table.get(own) for own in dict.fromkeys([*names, *table]) if own not in {*elsewhere, *first}}
    return Verb(name, function, first, options, parameters)


def _function(name: str) -> Any:
    import importlib

    if name in OWN:
        return OWN[name]
    if FILE.fullmatch(name):
        return from_file(name)
    for room in ROOMS:
        found = getattr(importlib.import_module(f"nashscape.{room}"), name, None)
        if found is not None and not name.startswith("_") and inspect.isfunction(found):
            return found
    raise unknown("verb", name, [*OWN, *VERBS])


def dial_named(name: str, game: Any = None) -> Dial:
    """The dial of a name that no verb takes: of a table, a path, or either for one player, as "peer@1".

    Raises:
        InputError: for a name that is no dial, with the nearest that there are.
    """
    bare, at, player = name.partition("@")
    dial = DIALS[bare] if bare in DIALS else dial_of(bare)
    if not at:
        return dial
    if not player.isdigit() or int(player) < 1:
        raise InputError(f"{name}: after @ comes the number of a player, counted from 1, as peer@1")
    if part_of_dial(bare) != "rule":
        raise InputError(
            f"{name}: of one player alone are numbers of its rule, such as peer@1 or inner_lr@2, and {bare} is of all; "
            "players who differ otherwise are a semantics or a game of your own: 'mine.py:name'"
        )
    return _of_player(dial, int(player) - 1, name)


def takes_a_number(name: str) -> bool:
    """Whether a name is that of a dial: one of the table, or a path in a part of a case, either for one player too."""
    bare = name.partition("@")[0]
    first, dot, rest = bare.partition(".")
    return bare in DIALS or bool(dot and rest and first in ("game", "rule", "semantics", *CASE))


def part_of_dial(name: str) -> str:
    """Which part of a case a dial turns.

    >>> [part_of_dial(name) for name in ("peer@2", "coupling", "estimator.batch", "warm_up", "semantics.strength")]
    ['rule', 'game', 'estimator', 'rule', 'game']
    """
    bare = name.partition("@")[0]
    first = bare.partition(".")[0]
    if first != bare or bare in PARTS:
        return PARTS.get(first, first)
    return ("game", "rule", bare)[dial_named(bare).place]


def _of_player(dial: Dial, player: int, name: str) -> Dial:
    """The same number of one player's rule alone."""

    def turn(case: Any, value: float) -> Any:
        n = case.game.game.n_players
        if player >= n:
            raise InputError(f"{name}: the game has {n} players")
        rules = list(getattr(case.rule, "rules", (case.rule,) * n))
        turned: Any = dial(case.but(rule=rules[player]), value)
        rules[player] = turned.rule
        return case.but(rule=per_player(rules))

    return Dial(name, turn, dial.low, dial.high, whole=dial.whole, place=dial.place)


@dataclass(frozen=True)
class VerbCall:
    """What is called, with what.

    Attributes:
        verb: the verb.
        positional: by the names of its first arguments.
        options: all others.
    """

    verb: Verb
    first: Mapping[str, Any]
    options: Mapping[str, Any]

    def __call__(self) -> Any:
        """What the verb gives."""
        return self.verb.function(**self.first, **self.options)


def call_of(chosen: Verb, settings: Mapping[str, Any], seed: int) -> VerbCall:
    """The call of a verb with settings: what it takes itself, the rest turned as dials.

    Args:
        chosen: the verb.
        settings: by name as studies write them: "game", "semantics", "rule", options of the verb; "game.T", a parameter
            of a game that is made by name; and dials, such as "peer", "coupling", "estimator.batch".
        seed: of everything random, for verbs that take one.

    Raises:
        InputError: for names that are neither, and values that stand for nothing.
    """
    own = {name: value for name, value in settings.items() if chosen.takes(name) or name == "semantics"}
    parameters, dials = _parameters_and_dials([name for name in settings if name not in own], settings)
    faults, game, options = Faults(), None, {}
    rule = pg() if "rule" in chosen.first.values() else None
    with faults.at():
        game = _game(own, parameters)
    for name, value in own.items():
        with faults.at(name):
            if name == "rule":
                rule = setting("rule", value)
            elif name not in SET_APART:
                options[name] = chosen.read(name, value)
    faults.check()
    if dials:
        game, rule, options = _turned(chosen, dials, settings, game, rule, options)
    if "rule" in chosen.options and rule is not None:
        options["rule"] = rule
    if "seed" in chosen.options:
        options["seed"] = seed
    known = {"game": game, "rule": rule}
    for part in chosen.first.values():
        if known[part] is None:
            with placed(part):
                raise InputError(f"{chosen.name} needs a {part}; say {part} = … under what is fixed, or vary it")
    return VerbCall(chosen, {name: known[part] for name, part in chosen.first.items()}, options)


def _same(one: Any, other: Any) -> bool:
    """Whether nothing was changed: equal where that can be said, else the very same."""
    if one is other:
        return True
    try:
        return type(one) is type(other) and bool(one == other)
    except ValueError:  # arrays
        return False


def _parameters_and_dials(names: Iterable[str], settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Dial]]:
    parameters, dials, faults = dict[str, Any](), dict[str, Dial](), Faults()
    for name in names:
        with faults.at(name):
            if is_parameter(name, settings.get("game")):
                parameters[name.partition(".")[2]] = settings[name]
            else:
                dials[name] = dial_named(name)
    faults.check()
    return parameters, dict(sorted(dials.items(), key=lambda own: _rank(*own)))


def _rank(name: str, dial: Dial) -> tuple[int, bool, int, str]:
    """In which order dials are turned, however a study is written: coupling before the noise in it, all before one."""
    bare = name.partition("@")[0]
    table = list(DIALS)
    return dial.place, "@" in name, table.index(bare) if bare in table else len(table), name


def is_parameter(name: str, game: Any) -> bool:
    """Whether a setting is a parameter of what makes a game, as "game.T", and no path in it, as "game.game.rounds".

    Games that have none refuse it when they are made.

    Raises:
        InputError: for what is neither, with the nearest parameters.
    """
    kind, _, rest = name.partition(".")
    if kind != "game" or rest.partition(".")[0] in ("game", "semantics") or not isinstance(game, str | Mapping):
        return False
    known = parameters_of(game)
    if known and rest not in known:
        raise unknown(f"parameter of {_called(game)}", name, [f"game.{own}" for own in known])
    return True


def _called(game: Any) -> str:
    return str(game.get("name") if isinstance(game, Mapping) else game)


def _game(settings: Mapping[str, Any], parameters: Mapping[str, Any]) -> Any:
    if "game" not in settings:
        return None
    # one that is wrong with one parameter is wrong because of it
    where = [f"game.{name}" for name in parameters if len(parameters) == 1] or ["game"]
    with placed(*where):
        game = game_of(settings["game"], parameters)
    if "semantics" not in settings:
        return game
    with placed("semantics"):
        return semantics_of(settings["semantics"])(game)


def _usual_starts(chosen: Verb, options: Mapping[str, Any]) -> Any:
    """The starts that a verb draws where nobody names any; None where it has none of its own."""
    name = options.get("runs", "entry_probability") if chosen.name == "gain" else chosen.name
    row = taken(name).get("starts") if name in VERBS else None
    return usual_starts(name) if row is not None and isinstance(row.default, str) else None


def _turn(case: Any, dial: Dial, value: Any) -> Any:
    """The case after a dial; a coefficient is turned in the rule of every player who has one of its own."""
    rules = getattr(case.rule, "rules", None)
    if rules is None or dial.name not in COEFFICIENTS:
        return dial(case, value)
    turned: list[Any] = [dial(case.but(rule=rule), value) for rule in rules]
    return case.but(rule=per_player([own.rule for own in turned]))


def _turned(
    chosen: Verb, dials: Mapping[str, Dial], settings: Mapping[str, Any], game: Any, rule: Any, options: dict[str, Any]
) -> tuple[Any, Any, dict[str, Any]]:
    """The parts of a call after the dials were turned."""
    first = next(iter(dials))
    if game is None:
        with placed("game"):
            raise InputError(f"{', '.join(dials)} cannot be turned without a game; say game = … under what is fixed")
    given = {name: options[name] for name in CASE if name in options}
    if "starts" in chosen.options and given.get("starts") is None:
        given["starts"] = _usual_starts(chosen, options)
    before = case = Case(parametric(game), pg() if rule is None else rule, **given)
    for name, dial in dials.items():
        with placed(name):
            case = _turn(case, dial, settings[name])
    with placed(first):
        for name in CASE:
            if not _same(getattr(case, name), getattr(before, name)):
                if name not in chosen.options:
                    raise InputError(f"{', '.join(dials)}: {chosen.name} takes no {name}")
                options[name] = getattr(case, name)
        if rule is None and case.rule is not before.rule:
            raise InputError(f"{', '.join(dials)}: {chosen.name} takes no rule")
    # a game that no dial has touched stays as it was given: some verbs take no semantics
    played = case.game if case.game is not before.game else game
    return played, case.rule if rule is not None else None, options
