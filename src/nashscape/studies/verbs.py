"""The functions that studies call: by their names, or by "mine.py:function", with what they take."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.options import VERBS, Option, taken
from nashscape.core.user_files import FILE, from_file
from nashscape.games import Game
from nashscape.studies.measuring import verbs as own_verbs
from nashscape.studies.measuring.update_noises import update_noise
from nashscape.studies.settings import setting
from nashscape.studies.signatures import Argument, arguments

OWN: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "gain": own_verbs.gain,
    "prediction": own_verbs.prediction,
    "separatrix_distance": own_verbs.separatrix_distance,
    "update_noise": update_noise,
})  # fmt: skip
"""Verbs of studies alone."""

MADE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "gain": ("basin_map", "entry_probability"),
    "prediction": ("basin_map", "entry_probability"),
    "separatrix_distance": ("separatrix",),
})  # fmt: skip

GAMES, RULES = ("game", "family", "learners"), ("rule", "rules")

ROOMS = ("selection", "proofs", "theory", "dynamics")


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
        return any(part == "game" and hints[name].annotation in (Game, "GameLike") for name, part in self.first.items())

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
