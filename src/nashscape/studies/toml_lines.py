"""On which line of a TOML file what stands: `tomllib` reads values alone."""

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from nashscape.studies.faults import Where

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
TEXT = re.compile(
    r'"""(?:\\[\s\S]|(?!""")[\s\S])*"{3,5}'  # one or two quotes may come before the last three
    r"|'''(?:(?!''')[\s\S])*'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
HEAD = re.compile(r"""\s*(\[\[?[\w."' -]+\]{0,2}(?=\s*(?:#|$))|(?:"[^"]*"|'[^']*'|[\w.-])+(?=\s*=))""")
"""The beginning of a line that has a table or a key."""

PLAIN = re.compile(r"[^,\]}#\n]*")


@dataclass
class Lines:
    """Where what is in a TOML file stands.

    Attributes:
        of: by place the line, counted from 1: of keys, tables, and entries of lists.
        dotted: places of keys that were written with dots that no quotes surround, as far as their last part.
    """

    of: dict[Where, int] = field(default_factory=dict)
    dotted: set[Where] = field(default_factory=set)

    def find(self, place: Where) -> tuple[Where, int | None]:
        """What of a place is in the file, and its line; None where nothing is."""
        for k in range(len(place), 0, -1):
            if place[:k] in self.of:
                return place[:k], self.of[place[:k]]
        return (), None


def lines_of(text: str) -> Lines:
    """The lines of all that is in a text which `tomllib` can read.

    >>> found = lines_of('[[vary]]\\n"game.T" = [\\n  1,\\n  2,\\n]\\nrange = {from = 0,\\nto = 1}')
    >>> found.of["vary", 0, "game.T", 1], found.of["vary", 0, "range", "to"], found.find(("vary", 0, "peer"))
    (4, 7, (('vary', 0), 1))
    """
    return _Scanner(text).document()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.begins = [0, *(match.end() for match in re.finditer("\n", text))]
        self.lines = Lines()
        self.counts: dict[Where, int] = {}

    def document(self) -> Lines:
        table: Where = ()
        while self._skip(BLANK) < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _header(self) -> Where:
        """A table, or the next of a list of tables."""
        line, several = self._line(), self.text.startswith("[[", self.at)
        self.at += 2 if several else 1
        keys = self._keys()
        self.at += 2 if several else 1
        place = (*self._inside((), keys[:-1]), keys[-1])
        if several:
            self.lines.of.setdefault(place, line)
            self.counts[place] = self.counts.get(place, 0) + 1
            place = (*place, self.counts[place] - 1)
        self._note(place, line)
        return place

    def _inside(self, table: Where, keys: tuple[str, ...]) -> Where:
        """A table by its keys; of a list of tables the last one."""
        for key in keys:
            table = (*table, key)
            if table in self.counts:
                table = (*table, self.counts[table] - 1)
        return table

    def _pair(self, table: Where) -> None:
        line, keys = self._line(), self._keys()
        place = (*table, *keys)
        self.at += 1  # =
        self._note(place, line)
        self.lines.dotted.update(place[:k] for k in range(len(table) + 2, len(place) + 1))
        self._value(place)

    def _note(self, place: Where, line: int) -> None:
        for k in range(1, len(place) + 1):
            self.lines.of.setdefault(place[:k], line)

    def _keys(self) -> tuple[str, ...]:
        """The parts of a key; what follows the last one is next."""
        keys = []
        while True:
            self._skip(SPACE)
            quoted = TEXT.match(self.text, self.at)
            found: Any = quoted or BARE.match(self.text, self.at)
            keys.append(tomllib.loads(f"key = {found[0]}")["key"] if quoted else found[0])
            self.at = found.end()
            self._skip(SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def _value(self, place: Where) -> None:
        self._skip(SPACE)
        first = self.text[self.at]
        if first == "[":
            self._entries(place, "]", self._entry)
        elif first == "{":
            self._entries(place, "}", lambda table, _: self._pair(table))
        else:
            found: Any = TEXT.match(self.text, self.at) or PLAIN.match(self.text, self.at)
            self.at = found.end()

    def _entries(self, place: Where, end: str, read: Any) -> None:
        self.at += 1
        count = 0
        while self._skip(BLANK) < len(self.text) and self.text[self.at] != end:
            read(place, count)
            count += 1
            self._skip(BLANK)
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _entry(self, place: Where, number: int) -> None:
        self._note((*place, number), self._line())
        self._value((*place, number))

    def _skip(self, blank: re.Pattern[str]) -> int:
        found: Any = blank.match(self.text, self.at)
        self.at = found.end()
        return self.at

    def _line(self) -> int:
        return bisect_right(self.begins, self.at)


def nearest_above(text: str, line: int) -> str:
    """The key, or the table, that stands last above the end of a line; empty where there is none.

    >>> nearest_above('[fixed]\\ngame = "stag_hunt\\n', 2)
    'game'
    """
    for own in reversed(text.split("\n")[:line]):
        if match := HEAD.match(own):
            return match[1].strip()
    return ""
