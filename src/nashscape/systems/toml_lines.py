"""In which line of a TOML file a key stands, which `tomllib` does not say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Way = tuple[str | int, ...]
"""How a value is reached from the whole: names of keys, and numbers within lists of tables, from 0."""

HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
TOKEN = re.compile(r"""\"\"\"|'''|\"(?:\\.|[^"\\])*\"|'[^']*'|#.*$|[\[\]{}]""")


def lines_of(text: str) -> Mapping[Way, int]:
    """The line, from 1, of every key and of every header of a table; of a text that `tomllib` reads.

    Keys inside of inline tables stand in the line in which the table begins and are not listed.

    >>> lines = lines_of('year = 2026\\n[[claim]]\\nid = "one"\\n[[claim]]\\nid = "two"')
    >>> lines["claim", 1], lines["claim", 1, "id"]
    (4, 5)
    """
    found: dict[Way, int] = {}
    counts: dict[Way, int] = {}
    table: Way = ()
    for number, line in _outside_of_values(text):
        header = HEADER.match(line)
        if header:
            table = _resolved(_parts(header[2]), counts, header[1] == "[[")
            found.setdefault(table, number)
            continue
        key = KEY.match(line)
        if key:
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def line_of(lines: Mapping[Way, int], way: Way) -> int:
    """The line of a value: its own where it has one, of a list of tables that of the first; else of what holds it."""
    while way and way not in lines:
        if (*way, 0) in lines:
            return lines[(*way, 0)]
        way = way[:-1]
    return lines.get(way, 1)


def _parts(text: str) -> Way:
    return tuple(part.strip("\"'") for part in PART.findall(text))


def _resolved(names: Way, counts: dict[Way, int], another: bool) -> Way:
    """The way to a table by its header: within lists of tables, that of the last one."""
    way: Way = ()
    for k, name in enumerate(names):
        way = (*way, name)
        if another and k == len(names) - 1:
            counts[way] = counts.get(way, -1) + 1
        if way in counts:
            way = (*way, counts[way])
    return way


def _outside_of_values(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without those in which a value that began above them goes on."""
    quotes, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not quotes and depth == 0:
            yield number, line
            if HEADER.match(line):
                continue
        place = 0
        while place < len(line):
            if quotes:
                end = line.find(quotes, place)
                place, quotes = (len(line), quotes) if end < 0 else (end + 3, "")
                continue
            token: Any = TOKEN.search(line, place)
            if token is None:
                break
            place = token.end()
            if token[0] in ('"""', "'''"):
                quotes = token[0]
            elif token[0] in ("[", "{"):
                depth += 1
            elif token[0] in ("]", "}"):
                depth -= 1
