"""One call of a verb from the settings of a point: what it takes by name, and the rest turned as dials."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.options import VERBS, taken
from nashscape.dynamics.case import Case
from nashscape.dynamics.start_texts import usual_starts
from nashscape.learning import pg
from nashscape.learning.dial import Dial
from nashscape.learning.dial_table import DIALS
from nashscape.learning.rules import per_player
from nashscape.learning.term_rules import COEFFICIENTS as TERMS
from nashscape.semantics import parametric
from nashscape.studies.dials import CASE, dial_named
from nashscape.studies.faults import Faults, placed
from nashscape.studies.games_given import game_of, parameters_of
from nashscape.studies.settings import semantics_of, setting
from nashscape.studies.verbs import Verb, verb

COEFFICIENTS = (*TERMS, "inner_lr")

SET_APART = ("game", "rule", "semantics", "seed")
"""What options hold nothing of."""


@dataclass(frozen=True)
class VerbCall:
    """What is called, with what.

    Attributes:
        verb: the verb.
        first: games and rules, by the names of its arguments that take them.
        options: all others.
    """

    verb: Verb
    first: Mapping[str, Any]
    options: Mapping[str, Any]

    def __call__(self, **further: Any) -> Any:
        """What the verb gives; with further options, such as `progress`, that decide nothing of it."""
        return self.verb.function(**self.first, **self.options, **further)


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


def turned_call(name: str, game: Any, rule: Any, options: Mapping[str, Any], dial: Dial, value: Any) -> VerbCall:
    """The call of a verb after a dial is turned, of things as the verb takes them.

    Raises:
        InputError: for a dial that turns nothing that the verb takes.
    """
    chosen = verb(name)
    played, learned, told = _turned(chosen, {dial.name: dial}, {dial.name: value}, game, rule, dict(options))
    known = {"game": played, "rule": learned}
    return VerbCall(chosen, {own: known[part] for own, part in chosen.first.items()}, told)


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


def _usual_starts(chosen: Verb, options: Mapping[str, Any], game: Any) -> Any:
    """The starts that a verb draws where nobody names any; None where it has none of its own."""
    name = options.get("runs", "entry_probability") if chosen.name == "gain" else chosen.name
    row = taken(name).get("starts") if name in VERBS else None
    return usual_starts(name, parametric(game)) if row is not None and isinstance(row.default, str) else None


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
        given["starts"] = _usual_starts(chosen, options, game)
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
