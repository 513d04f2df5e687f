"""A number that varies: NAME=VALUES, in one way for every command."""

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nashscape.core import InputError
from nashscape.core.named_texts import named, number, pairs

if TYPE_CHECKING:
    from nashscape.cli.asked import Asked
    from nashscape.learning.by_rule import ByRule
    from nashscape.learning.dial import Dial
    from nashscape.studies.calls import VerbCall

MOST_VALUES = 1000
COUNT = 11
"""Values of LOW:HIGH, where their number is not said."""
WRITTEN = "a number that varies is written NAME=LOW:HIGH, NAME=LOW:HIGH:COUNT or NAME=a,b,c, as peer=0:5:11"


def with_players(game: Any, coupling: float | None, reading: str | None) -> Any:
    """The game with the semantics of its players, where one was typed.

    Raises:
        InputError: for a coupling beside a reading, which has its own.
    """
    if coupling is not None and reading is not None:
        raise InputError(
            "--coupling and --reading both say what players read; give one, with the coupling in the reading: "
            f"--reading imperfect:coupling={coupling:g}"
        )
    if coupling is not None:
        from nashscape.semantics import open_source

        return open_source(game, coupling)
    if reading is None:
        return game
    from nashscape.studies.settings import semantics_of

    return semantics_of(reading)(game)


def split(text: str) -> tuple[str, str]:
    """The name and the values of "peer=0:5:11"; no values where there are none.

    >>> split("game:T = 3.2:6")
    ('game:T', '3.2:6')

    Raises:
        InputError: where there is no name.
    """
    name, _, values = (part.strip() for part in text.partition("="))
    if not name:
        raise InputError(f"{WRITTEN}; got {text!r}")
    return name, values


def ends(values: str) -> tuple[float | None, float | None]:
    """The ends of "0:5"; None where nothing is said.

    Raises:
        InputError: for more than two, or what is no number.
    """
    if not values:
        return None, None
    parts = values.split(":")
    if len(parts) != 2:
        raise InputError(f"a range is written LOW:HIGH, as 0:5; got {values!r}")
    low, high = (number(part.strip(), "an end of the range") for part in parts)
    return low, high


def spaced(values: str, dial: "Dial", count: int = COUNT) -> list[float]:
    """Values from "0:5", "0:5:11" or "0,0.5,1.5"; whole ones for a dial whose values are.

    Raises:
        InputError: for anything else.
    """
    if ":" not in values:
        if not values:
            raise InputError(f"{WRITTEN}; got no values of {dial.name}")
        return [float(number(part.strip(), f"a value of {dial.name}")) for part in values.split(",")]
    parts = values.split(":")
    if len(parts) > 3:
        raise InputError(f"{WRITTEN}; got {values!r}")
    low, high, *told = (number(part.strip(), f"an end or the count of values of {dial.name}") for part in parts)
    many = told[0] if told else count
    if not isinstance(many, int) or not 2 <= many <= MOST_VALUES:
        raise InputError(f"the count of values must be a whole number from 2 to {MOST_VALUES}; got {many}")
    # by products rather than sums, and rounded, so that 0.3 is not 0.30000000000000004
    made = [round(low + (high - low) * k / (many - 1), 0 if dial.whole else 12) for k in range(many)]
    return list(dict.fromkeys(made)) if dial.whole else made


def dial_of(asked: "Asked", name: str, *, fixed: bool = False) -> "Dial":
    """The dial of a name, or of a parameter of the game, game:T.

    Args:
        asked: what was typed.
        name: of the number.
        fixed: whether another option may say what it is at present.

    Raises:
        InputError: for an unknown name, and for one that is fixed by another option and may not be.
    """
    from nashscape.games.exchange.from_texts import parameters_in
    from nashscape.learning.dial_table import DIALS
    from nashscape.studies.dials import dial_named

    kind, _, key = name.partition(":")
    if key:
        if kind.strip() != "game":
            raise InputError(f"a parameter of the game is written game:KEY, as game:T; got {name!r}")
        return _of_game(key.strip(), *asked.played_by, fixed=fixed)
    key = name.replace("-", "_")
    if key not in DIALS and name in parameters_in(asked.given.get("game", "")):
        raise InputError(f"{name} is a parameter of the game; write game:{name}")
    if fixed:
        return dial_named(key)
    if key == "coupling" and "coupling" in asked:
        raise InputError("coupling is the number that is changed; leave --coupling out")
    rules = asked.given.get("rule", [])
    for text in [rules] if isinstance(rules, str) else rules:
        if key in named(text, "coefficient")[1]:
            raise InputError(f"{key} is the coefficient that is changed; leave it out of --rule {text}")
    return dial_named(key)


def searched(asked: "Asked", text: str, *, fixed: bool = False) -> "tuple[Dial, float | None, float | None]":
    """The dial of a number that is searched for, and the ends that were typed of where, None for the usual ones.

    >>> from nashscape.cli.asked import Asked
    >>> from nashscape.cli.threshold import threshold
    >>> dial, low, high = searched(Asked(threshold.rows, "threshold", {"game": "stag-hunt"}), "game:T=2:3")
    >>> dial.name, low, high
    ('T', 2, 3)

    Raises:
        InputError: as `dial_of`, and for no ends where there are no usual ones.
    """
    name, values = split(text)
    dial = dial_of(asked, name, fixed=fixed)
    low, high = ends(values)
    # that of a warm-up is the number of steps, where there is one
    if low is None and (dial.low is None or dial.high is None) and name.replace("-", "_") != "warm_up":
        raise InputError(f"{name} has no usual range; write {name}=LOW:HIGH")
    return dial, low, high


def changed(asked: "Asked", text: str) -> "Dial":
    """The dial of a number that is changed from what it is at present, within the range that was typed with it.

    Raises:
        InputError: as `searched`.
    """
    dial, low, high = searched(asked, text, fixed=True)
    return dial if low is None else replace(dial, low=low, high=high)


def _of_game(
    key: str, name: str, parameters: list[str], coupling: float | None, reading: str | None, *, fixed: bool = False
) -> "Dial":
    """The dial of a parameter of the game, which is made anew, with its players, before anything else is turned."""
    from nashscape.cli import parsing
    from nashscape.games.exchange.from_texts import values_in
    from nashscape.learning.dial import Dial
    from nashscape.semantics import parametric

    typed = pairs(parameters, "parameter", texts=True)
    if key in typed and not fixed:
        raise InputError(f"{key} is the parameter that is changed; leave it out of --set")
    others = [own for own in parameters if own.partition("=")[0].strip() != key]

    def turn(case: Any, value: float) -> Any:
        whole = int(value) if float(value).is_integer() else value
        made = parsing.game(name, [*others, f"{key}={whole!r}"])
        return case.but(game=parametric(with_players(made, coupling, reading)))

    if not fixed:
        return Dial(key, turn, pays=True, place=-1)
    present = {**values_in(name), **typed}.get(key)
    known = float(present) if isinstance(present, int | float) else None
    return Dial(key, turn, pays=True, place=-1, now=lambda case: known)


def at_every_value(asked: "Asked") -> "ByRule[Any]":
    """What the verb finds for every rule at every value, by names such as "meta_mapg, peer = 0.5"."""
    from nashscape.cli.progress import progress_bar
    from nashscape.learning.by_rule import ByRule
    from nashscape.learning.dial_table import axis_label
    from nashscape.learning.dials import usual_rule
    from nashscape.learning.labels import rule_labels
    from nashscape.studies.calls import turned_call

    name, values = split(asked["vary"])
    dial = dial_of(asked, name)
    numbers = spaced(values, dial)
    rules = asked.rules() if "rule" in asked else [usual_rule(dial)]
    found: ByRule[Any] = ByRule()
    found.varied = dial.label or axis_label(dial.name)
    with progress_bar(len(rules) * len(numbers)) as bar:
        try:
            for (label, rule), value in itertools.product(zip(rule_labels(rules), rules, strict=True), numbers):
                call = turned_call(asked.verb, asked.game, rule, asked.how, dial, value)
                one = _called(call, f"{dial.name} = {value:g}", bar)
                found[f"{label}, {dial.name} = {value:g}"] = one
                if one.status.value == "interrupted":
                    break
        except KeyboardInterrupt:
            if not found:
                raise
            asked.interrupted = True
    return found


def _called(call: "VerbCall", where: str, bar: Any) -> Any:
    try:
        return call(progress=bar)
    except InputError as error:
        raise InputError(f"at {where}: {error}") from error
