"""Orders of players as people write them down: files with one order a line, or with a line for every place."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from nashscape.core import InputError
from nashscape.ranking.written_tables import lines_of, three_chosen


class Order(NamedTuple):
    """One order as it was written.

    Attributes:
        names: of players, the best first.
        below: of those who took part and are below them, in no known order.
        where: it was found, for errors.
    """

    names: list[str]
    below: list[str]
    where: str


HEADINGS: tuple[frozenset[str], ...] = (
    frozenset({"race", "order", "event", "heat", "ballot", "voter", "poll", "round", "game", "match", "prompt"}),
    frozenset({"player", "name", "agent", "team", "candidate", "driver", "athlete", "model", "option"}),
    frozenset({"place", "position", "pos", "rank", "placing", "finish"}),
)
"""What the columns of a table with a line for every place are called: of the race, the player and the place."""

NUMBERED = re.compile(r"(?:place|rank|position)?[ _]?(\d+)(?:st|nd|rd|th)?")
UNPLACED = ("", "-", "–", "dnf", "nan", "none")
"""In place of the place of who took part and has none."""
KNOWN = (
    "a file of orders begins with the line 1,2,3,… and has one order a line, the best first, or with race,player,place "
    "and has a line for every player of every race"
)
WANTED = "orders are lists of names, the best first, such as [['ann', 'bob', 'cy'], ['bob', 'ann']]"
TIED = "the model of Plackett and Luce has no ties: leave such an order out, or end it at the tie"


def are_orders(cells: Sequence[str], columns: Sequence[str] | str | None) -> bool:
    """Whether the names of the columns of a table, or of those that are chosen, say that it holds orders."""
    chosen = columns.split(",") if isinstance(columns, str) else list(cells if columns is None else columns)
    return _numbered(chosen) or (len(chosen) == 3 and _plain(chosen[2]) in HEADINGS[2])


def of_file(path: Path, columns: Sequence[str] | None) -> Iterator[Order]:
    """The orders of a file.

    Raises:
        InputError: where it cannot be read, and for a first line that does not say how orders are written.
    """
    lines = lines_of(path, "1,2,3")
    first = lines[0][1]
    if columns is None and _numbered(first):
        for number, cells in lines[1:]:
            where = f"{path}, line {number}"
            if len(cells) > max(len(first), 3):
                raise InputError(f"{where}: {len(cells)} players, where the first line has {len(first)} places")
            names = [cell for cell in cells if cell]
            if any(cells[len(names) :]):
                raise InputError(f"{where}: a place is empty, and one after it is not")
            yield Order(names, [], where)
        return
    chosen = _three(first, columns, str(path))
    rows = []
    for number, cells in lines[1:]:
        if len(cells) < min(3, len(first)):
            raise InputError(f"{path}, line {number}: {len(cells)} columns, where the first line has {len(first)}")
        whole = [*cells, *[""] * len(first)]  # the place of who has none may be left out at the end
        rows.append((*(whole[k] for k in chosen), f"{path}, line {number}"))
    yield from _of_places(rows)


def of_frame(frame: Any, columns: Sequence[str] | None) -> Iterator[Order]:
    """The orders of a data frame with a row for every place."""
    chosen = _three([str(name) for name in frame.columns], columns, "the data frame")
    cells = zip(*(list(frame[frame.columns[k]]) for k in chosen), strict=True)
    yield from _of_places([(*own, f"row {k} of the data frame") for k, own in enumerate(cells)])


def of_lists(given: Any) -> Iterator[Order]:
    """The orders of lists of names, of which the last may be a list itself: of those below, in no known order."""
    if not isinstance(given, Iterable):
        raise InputError(f"{WANTED}; got {given!r}")
    for number, own in enumerate(given):
        where = f"order {number}"
        if isinstance(own, str) or not isinstance(own, Iterable):
            raise InputError(f"{where} is no list of names: {own!r}; {WANTED}")
        names = list(own)
        below = list(names.pop()) if names and _several(names[-1]) else []
        for one in names:
            if _several(one):
                raise InputError(f"{where}: {', '.join(map(str, one))} are tied; {TIED}")
        yield Order([str(one).strip() for one in names], [str(one).strip() for one in below], where)


def _several(given: Any) -> bool:
    return not isinstance(given, str) and isinstance(given, Iterable)


def _plain(text: str) -> str:
    return text.strip().lower().replace(" ", "_")


def _numbered(cells: Sequence[str]) -> bool:
    """Whether cells are 1, 2, 3, …, or 1st, 2nd, …, or place 1, …."""
    found = [NUMBERED.fullmatch(str(cell).strip().lower()) for cell in cells]
    return len(cells) > 1 and [one and int(one[1]) for one in found] == list(range(1, len(cells) + 1))


def _three(cells: Sequence[str], columns: Sequence[str] | None, where: str) -> tuple[int, ...]:
    """The places of the columns of the race, the player and the place."""
    if columns is not None:
        return three_chosen(cells, columns, where, "of the race, the player and the place")
    if len(cells) == 3 and all(_plain(cell) in names for cell, names in zip(cells, HEADINGS, strict=True)):
        return (0, 1, 2)
    raise InputError(f"{where} has the columns {', '.join(cells)}; {KNOWN}. Other columns are chosen by their names: "
                     "columns=['heat', 'driver', 'place']")  # fmt: skip


def _of_places(rows: list[tuple[Any, ...]]) -> Iterator[Order]:
    """Orders of rows of (race, player, place, where)."""
    races: dict[str, list[tuple[float, str, str]]] = {}
    for race, player, place, where in rows:
        races.setdefault(str(race).strip(), []).append((_place(place, where), str(player).strip(), where))
    for race, own in races.items():
        placed = sorted((one for one in own if one[0] < math.inf), key=lambda one: one[0])
        for one, other in pairwise(placed):
            if one[0] == other[0]:
                raise InputError(f"{other[2]}: {one[1]} and {other[1]} share place {one[0]:g} of {race}; {TIED}")
        yield Order([one[1] for one in placed], [one[1] for one in own if one[0] == math.inf], f"race {race}")


def _place(given: Any, where: str) -> float:
    """A place as a number; infinite where there is none."""
    text = str(given).strip().lower()
    if text in UNPLACED:
        return math.inf
    try:
        place = float(text)
    except ValueError:
        place = math.nan
    if not (place >= 1 and place % 1 == 0):
        raise InputError(f"{where}: a place is a whole number from 1, or nothing for who took part and has none; got "
                         f"{given!r}")  # fmt: skip
    return place
