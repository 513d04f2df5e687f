"""The text of a card read and checked at the door: one error that names the line, the key and what to do."""

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nashscape.core.errors import InputError, nearest
from nashscape.studies.faults import Where
from nashscape.studies.toml_lines import lines_of

FIDELITIES = {
    "exact": "the published definitions, computed without a choice of our own",
    "reimplemented": "the published method, written anew from its description",
    "reconstruction": "what is not published is filled in by choices of ours, which are named",
    "stand-in": "something else that is alike, since the original cannot be had",
}
STATUSES = {
    "agrees": "computed here, and it holds",
    "not contradicted": "computed here, and nothing speaks against it, which is less than that it holds",
    "disagrees": "computed here, and it does not hold",
    "not checkable here": "it cannot be computed here, and why",
    "open": "it could be computed here, and is not yet",
}


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "a text that is not empty"


def _pattern(form: str, example: str) -> Callable[[Any], str]:
    def checked(value: Any) -> str:
        fits = isinstance(value, str) and re.fullmatch(form, value)
        return "" if fits else f"a text such as {example!r}"

    return checked


def _year(value: Any) -> str:
    return "" if type(value) is int and 1900 <= value <= 2100 else "a year, such as 2026"


def _number(value: Any) -> str:
    fits = type(value) in (int, float) and math.isfinite(value)
    return "" if fits else "a finite number"


def _seconds(value: Any) -> str:
    return "" if not _number(value) and value >= 0 else "a number of seconds"


def _texts(value: Any) -> str:
    fits = isinstance(value, list) and value and not any(map(_text, value))
    return "" if fits else "a list of texts"


def _interval(value: Any) -> str:
    fits = isinstance(value, list) and len(value) == 2 and not any(map(_number, value)) and value[0] <= value[1]
    return "" if fits else "[low, high], two finite numbers in order"


def _tables(value: Any) -> str:
    fits = isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    return "" if fits else "one or more tables, each under its own header in double brackets"


def _table(value: Any) -> str:
    return "" if isinstance(value, dict) else "a table"


def _one_of(known: Mapping[str, str]) -> Callable[[Any], str]:
    def checked(value: Any) -> str:
        if isinstance(value, str) and value in known:
            return ""
        hint = nearest(value, list(known)) if isinstance(value, str) else ""
        return f"one of {', '.join(map(repr, known))}{hint}"

    return checked


@dataclass(frozen=True)
class Key:
    """A key of a table: what its value has to be, in words where it is not, and whether it must be there."""

    wrong: Callable[[Any], str]
    needed: bool = True


NAME = _pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "basin-entry")
CARD = {
    "key": Key(NAME),
    "title": Key(_text),
    "year": Key(_year),
    "arxiv": Key(_pattern(r"\d{4}\.\d{5}", "2605.18078"), needed=False),
    "authors": Key(_texts),
    "fidelity": Key(_one_of(FIDELITIES)),
    "about": Key(_text),
    "seconds": Key(_table),
    "claim": Key(_tables),
    "found": Key(_tables, needed=False),
}
SECONDS = {"full": Key(_seconds), "quick": Key(_seconds)}
CLAIM = {
    "id": Key(NAME),
    "text": Key(_text),
    "place": Key(_text),
    "status": Key(_one_of(STATUSES)),
    "published": Key(_text, needed=False),
    "value": Key(_number, needed=False),
    "interval": Key(_interval, needed=False),
    "tolerance": Key(_text, needed=False),
    "computed": Key(_text, needed=False),
    "why": Key(_text, needed=False),
}
FOUND = {"title": Key(_text), "text": Key(_text)}
STANDING = ("agrees", "not contradicted")
"""The statuses of claims whose figures all have to be as asked."""
COMPUTED = (*STANDING, "disagrees")
BY_STATUS = {
    "agrees": ("computed", "tolerance"),
    "not contradicted": ("computed", "tolerance", "why"),
    "disagrees": ("computed", "tolerance", "why"),
    "not checkable here": ("why",),
    "open": ("why",),
}
"""What a claim needs besides, by its status."""


class Reader:
    """The data of a card, with the lines in which they stand."""

    def __init__(self, text: str, name: str) -> None:
        """Read the text; its name is said in errors."""
        self.name = name
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            # where the text ends before it is complete
            told = str(error).replace("at end of document", f"at line {len(text.splitlines())}")
            raise InputError(f"{name}: no TOML: {told}") from error
        self.lines = lines_of(text)

    def checked(self) -> dict[str, Any]:
        """The data, of which all that a card promises holds.

        Raises:
            InputError: for the first thing that is wrong.
        """
        self._table(self.data, CARD, ())
        self._table(self.data["seconds"], SECONDS, ("seconds",))
        for k, one in enumerate(self.data.get("found", [])):
            self._table(one, FOUND, ("found", k))
        ids: dict[str, int] = {}
        for k, one in enumerate(self.data["claim"]):
            self._claim(one, ("claim", k))
            if one["id"] in ids:
                first = self.line(("claim", ids[one["id"]], "id"))
                raise self.error(("claim", k, "id"), f"the claim of line {first} has the id {one['id']!r} too")
            ids[one["id"]] = k
        return self.data

    def line(self, way: Where) -> int:
        """On which line something stands, or what it would be in."""
        return self.lines.find(way)[1] or 1

    def error(self, way: Where, what: str) -> InputError:
        """The error about the value at the end of a way."""
        named = ".".join(str(part + 1) if isinstance(part, int) else part for part in way)
        return InputError(f"{self.name}, line {self.line(way)}: {named or 'the card'}: {what}")

    def _table(self, table: Mapping[str, Any], keys: Mapping[str, Key], way: Where) -> None:
        for name, value in table.items():
            if name not in keys:
                hint = nearest(name, list(keys)) or "."
                raise self.error((*way, name), f"no such key{hint} Known: {', '.join(keys)}.")
            wanted = keys[name].wrong(value)
            if wanted:
                raise self.error((*way, name), f"{value!r} is not {wanted}")
        for name, key in keys.items():
            if key.needed and name not in table:
                raise self.error(way, f"the key {name!r} is missing; add it")

    def _claim(self, claim: Mapping[str, Any], way: Where) -> None:
        self._table(claim, CLAIM, way)
        for name in BY_STATUS[claim["status"]]:
            if name not in claim:
                raise self.error(way, f"a claim with the status {claim['status']!r} needs the key {name!r}; add it")
        if claim["status"] not in COMPUTED:
            for name in ("value", "interval"):
                if name in claim:
                    raise self.error((*way, name), f"a claim with the status {claim['status']!r} has none; take it out")
        if "interval" in claim:
            if "value" not in claim:
                raise self.error((*way, "interval"), "an interval needs the value that it is of; add the key 'value'")
            low, high = claim["interval"]
            if not low <= claim["value"] <= high:
                raise self.error((*way, "interval"), f"[{low}, {high}] does not hold the value {claim['value']}")
