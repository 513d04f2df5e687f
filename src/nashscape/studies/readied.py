"""A measure made ready for many points: which settings are its own, and the key of each item."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, Source, citations, finite_number, unknown
from nashscape.core.descriptions import describe, digest
from nashscape.core.options import VERBS
from nashscape.core.user_files import FILE, from_file
from nashscape.learning.dial_table import DIALS
from nashscape.studies.calls import SET_APART, VerbCall, call_of, is_parameter
from nashscape.studies.dials import dial_named, part_of_dial, takes_a_number
from nashscape.studies.faults import Faults, placed
from nashscape.studies.files_named import located
from nashscape.studies.fitting import check_together
from nashscape.studies.games_given import game_of, parameters_of
from nashscape.studies.measures import WORDS, Measure
from nashscape.studies.measuring.kinds import common, kind_of
from nashscape.studies.points import Points
from nashscape.studies.settings import semantics_of
from nashscape.studies.verbs import verb

SCHEMA = 2
"""Counts the changes of what the rows of an item are; its key holds it."""

_OPEN = (citations.OPEN_SOURCE,)
SOURCES: Mapping[str, tuple[Source, ...]] = MappingProxyType({
    "alignment": (citations.OPEN_SOURCE, citations.BASIN_ENTRY),
    "corrected_steps_needed": (citations.BASIN_ENTRY,),
    "restarts": (citations.BASIN_ENTRY,),
    "coupling_threshold": _OPEN,
    "threshold": _OPEN,
    "transverse_threshold": _OPEN,
    "program_equilibria": _OPEN,
})  # fmt: skip
"""What measures of a verb stand on, besides rules, semantics and estimators."""

PLAIN = (str, bool, int, float, type(None), list, dict)


class Readied:
    """One measure of a study.

    Attributes:
        measure: the measure.
        verb: what it calls.
        points: of those names alone that change what it gives.

    Args:
        measure: the measure.
        fixed: settings of all points.
        points: all combinations of what varies.
        folder: where files are that settings name.
    """

    def __init__(self, measure: Measure, fixed: Mapping[str, Any], points: Points, folder: str = "") -> None:
        self.measure = measure
        self.verb = verb(located(measure.verb, folder))
        self.kinds = tuple(kind_of(located(own, folder)) for own in measure.what)
        self._folder, self._all = folder, points.names
        usual: dict[str, Any] = {}
        for own in self.kinds:
            usual |= own.usual
        games = [fixed.get("game"), *(points.values("game") if "game" in points.names else ())]
        self._games = [own for own in games if isinstance(own, str | Mapping)]
        every = {**usual, **fixed, **measure.options}
        self._base = {name: value for name, value in every.items() if name not in points.names and self.concerns(name)}
        self.points = points.where(measure.where).only([name for name in points.names if self.concerns(name)])
        self._varied = self.points.names
        self._reducers = list(dict.fromkeys(text for own in self.kinds for text in own.reducers))
        self._codes: Any = None
        self._digests: dict[Any, str | None] = {}
        self._known: list[Any] = []  # objects whose identities are keys, which must not be given to others
        self._fixed_digests: dict[str, str] | None = None

    def concerns(self, name: str) -> bool:
        """Whether a setting changes what this measure gives: its verb takes it, or what it turns."""
        if name.startswith("game."):
            return self.verb.takes("game")
        if name == "semantics" or (takes_a_number(name) and part_of_dial(name) == "game"):
            return self.verb.takes("game") and not self.verb.bare
        if self.verb.takes(name):
            return True
        # "warm_up" is a dial and an option of `plan`: elsewhere it is what it turns that counts
        if name in ("game", "rule") or (name not in DIALS and any(name in rows for rows in VERBS.values())):
            return False
        return takes_a_number(name) and self.verb.takes(part_of_dial(name))

    def known(self, name: str) -> bool:
        """Whether a name is that of any setting, of this measure's verb or of others."""
        if self.verb.takes(name) or name in ("game", "rule", "semantics") or any(name in own for own in VERBS.values()):
            return True
        return takes_a_number(name)

    def names(self) -> list[str]:
        """Of settings that change what this measure gives, or by which verb, those that have names."""
        verbs = [self.verb, *(verb(name) for name in common(self.kinds))]
        taken = [name for own in verbs for name in (*own.first.values(), *own.options)]
        own = [name for name in taken if name not in SET_APART or name in self.verb.first.values()]
        dials = [name for name in DIALS if self.concerns(name)]
        games = ["semantics", *self._parameters()] if "game" in own else []
        return list(dict.fromkeys([*own, *games, *dials]))

    def _parameters(self) -> list[str]:
        try:
            games = located(self._games, self._folder, payoffs=True)
            return [f"game.{name}" for game in games for name in parameters_of(game)]
        except InputError:  # of the game, which is told where it stands
            return []

    def check_options(self) -> None:
        """Whether the measure's own options are of its verb.

        Raises:
            InputError: with all that are not, each with its name as its place.
        """
        faults = Faults()
        for name in self.measure.options:
            with faults.at(name):
                if name in self._all:
                    raise InputError(
                        f"{name} varies, and measure {self.measure.name} sets it; take it out of one of them"
                    )
                if not self.known(name) or not self.concerns(name):
                    raise unknown(f"option of {self.measure.verb}", name, [*WORDS, *self.names()])
        faults.check()

    def settings(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """What a call at a point is made of."""
        made = {**self._base, **{name: point[name] for name in self._varied}}
        made = {name: located(value, self._folder, payoffs=name == "game") for name, value in made.items()}
        if self._reducers:
            given = made.get("reducers", ())
            made["reducers"] = [*([given] if isinstance(given, str) else given), *self._reducers]
        return made

    def call(self, point: Mapping[str, Any], seed: int) -> VerbCall:
        """The call at a point."""
        return call_of(self.verb, self.settings(point), seed)

    def sources(self, point: Mapping[str, Any], seed: int) -> list[Source]:
        """The publications that the verb, its rules and its players stand on."""
        call = self.call(point, seed)
        parts = [*call.first.values(), *call.options.values()]
        own = [source for part in parts for source in getattr(part, "sources", ())]
        return [*SOURCES.get(self.measure.verb, ()), *own]

    def check(self, point: Mapping[str, Any]) -> None:
        """Every setting at a point for itself.

        Raises:
            InputError: for all values that stand for nothing, each with the name of its setting as its place.
        """
        faults, settings = Faults(), self.settings(point)
        for name, value in settings.items():
            with faults.by(lambda below: below):
                self._digest(name, value, settings)
        faults.check()

    def check_call(self, point: Mapping[str, Any], seed: int) -> None:
        """The call at a point as a whole: what it is made of fits together.

        Raises:
            InputError: where it does not, with the name of a setting as its place.
        """
        check_together(self.call(point, seed))

    def key(self, point: Mapping[str, Any], seed: int) -> str:
        """Thirty-two hexadecimal digits of all that is asked, whatever it is written like.

        Raises:
            InputError: for what cannot be described exactly, so that it cannot be known again.
        """
        settings = self.settings(point)
        if self._fixed_digests is None:
            fixed = {name: self._digest(name, value, settings) for name, value in settings.items()}
            self._fixed_digests = {name: own for name, own in fixed.items() if own and not self._moves(name)}
        varied = {name: self._digest(name, settings[name], settings) for name in settings if self._moves(name)}
        named = {**self._fixed_digests, **{name: own for name, own in varied.items() if own}}
        if self._codes is None:
            measure = self.measure
            what = [measure.verb, *sorted(measure.what)]
            self._codes = [SCHEMA, measure.name, *map(self._code, what), sorted(measure.keep)]
        return digest([*self._codes, named, seed])

    def _code(self, name: str) -> Any:
        """A verb or a measure: its name, and of one in a file what it is, since both may change."""
        found = located(name, self._folder)
        return digest(describe(from_file(found)).data) if FILE.fullmatch(found) else name

    def _moves(self, name: str) -> bool:
        """Whether what a setting is may change from point to point: it varies, or what it hangs on does."""
        hangs = ("game",) if name.startswith("game.") else ("game", "game.") if name == "semantics" else ()
        return name in self._varied or any(own == hang or (own.startswith("game.") and hang == "game.")
                                           for own in self._varied for hang in hangs)  # fmt: skip

    def _digest(self, name: str, value: Any, settings: Mapping[str, Any]) -> str | None:
        """The digest of a setting; None where it is what is taken anyway."""
        cached = self._cache_key(name, value, settings)
        if cached not in self._digests:
            self._digests[cached] = self._described(name, value, settings)
        return self._digests[cached]

    def _cache_key(self, name: str, value: Any, settings: Mapping[str, Any]) -> Any:
        game: Any = self._cache_key("game", settings.get("game"), {}) if _hangs_on_game(name) else None
        if name == "semantics":
            parameters = _parameters(settings)
            game = (game, *(self._cache_key(own, value, {}) for own, value in sorted(parameters.items())))
        if isinstance(value, list | dict):
            return (name, json.dumps(value, default=lambda own: f"{id(self._keep(own))}"), game)
        if isinstance(value, PLAIN):
            return (name, type(value), value, game)
        return (name, id(self._keep(value)), game)

    def _keep(self, value: Any) -> Any:
        self._known.append(value)
        return value

    def _described(self, name: str, value: Any, settings: Mapping[str, Any]) -> str | None:
        with placed(name):
            made = describe(self._made(name, value, settings))
            if made.unknown:
                raise InputError(
                    f"{name} cannot be told from others ({made.unknown[0]}), so that its results could not be known "
                    "again; give it as text, or as a function of a file: 'mine.py:name'"
                )
        own = digest(made.data)
        row = self.verb.options.get(name)
        if row is not None and self.measure.verb in VERBS:
            return None if digest(describe(self._made(name, row.default, settings)).data) == own else own
        return own

    def _made(self, name: str, value: Any, settings: Mapping[str, Any]) -> Any:
        """The value as it is understood."""
        if name == "game":
            return game_of(value)
        if name == "semantics":
            # what it is shows in a game that has it
            made = semantics_of(value)
            return made(game_of(settings["game"], _parameters(settings))) if "game" in settings else made
        if is_parameter(name, settings.get("game")):
            if isinstance(value, list | dict):
                raise InputError(f"a parameter of a game is a number or a text; got {value!r}")
            return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if self.verb.takes(name) or name in SET_APART:
            return self.verb.read(name, value)
        return _number(dial_named(name), value)


def _parameters(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of the game by their own names."""
    named = [name for name in settings if name.startswith("game.") and is_parameter(name, settings.get("game"))]
    return {name.partition(".")[2]: settings[name] for name in named}


def _hangs_on_game(name: str) -> bool:
    """Parameters of games may be texts for one game and numbers for another; semantics are those of a game."""
    return name == "semantics" or name.startswith("game.")


def _number(dial: Any, value: Any) -> float:
    """The value of a dial."""
    number = finite_number(value, dial.name)
    if dial.whole and number != int(number):
        raise InputError(f"{dial.name} is a whole number; got {value!r}")
    return number
