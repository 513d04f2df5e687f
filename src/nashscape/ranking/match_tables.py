"""Matches as people write them down: files, data frames, rows; and what their results are called."""

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nashscape.core import InputError

Row = tuple[str, str, float]

HEADINGS: tuple[frozenset[str], ...] = (
    frozenset({"player", "player_1", "player1", "first", "white", "home", "model_a", "a", "left", "agent", "agent_1"}),
    frozenset({"player", "player_2", "player2", "second", "black", "away", "model_b", "b", "right", "agent", "agent_2",
               "opponent"}),
    frozenset({"result", "score", "outcome", "winner", "points"}),
)  # fmt: skip
"""What the columns of the two players and of the result are called."""

WORDS = {
    1.0: ("win", "won", "w", "first", "model_a", "a", "white", "home", "left", "player_1"),
    0.5: ("tie", "tied", "draw", "drawn", "d", "both", "even", "1/2", "½", "tie (bothbad)", "bothbad"),
    0.0: ("loss", "lost", "lose", "l", "second", "model_b", "b", "black", "away", "right", "player_2"),
}
"""Results in words, by what the first of the two got."""

RESULTS = {word: result for result, words in WORDS.items() for word in words}
WANTED = "a result is a number from 0 to 1, win, loss or tie, a score such as 1-0 or 3:1, or the name of who won"


def of_file(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    """The rows of a file of comma-separated values.

    Raises:
        InputError: where it cannot be read, for unknown columns, and for what no match is, with its line.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [(number, [cell.strip() for cell in line]) for number, line in enumerate(csv.reader(file), 1)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise InputError(f"{path} is empty; a line of it is player,player,result")
    places, headed = _places(lines[0][1], columns, str(path))
    for number, cells in lines[headed:]:
        if len(cells) <= max(places):
            raise InputError(
                f"{path}, line {number}: {len(cells)} columns, where the first line has {len(lines[0][1])}"
            )
        yield _match(*(cells[place] for place in places), where=f"{path}, line {number}")


def of_frame(frame: Any, columns: Sequence[str] | None) -> Iterator[Row]:
    """The rows of a data frame of any library that has `columns`, and gives one by its name."""
    names = [str(name) for name in frame.columns]
    places, headed = _places(names, columns, "the data frame")
    if not headed:
        raise InputError(f"the data frame has the columns {', '.join(names)}; {_known()}")
    chosen = [list(frame[frame.columns[place]]) for place in places]
    for number, cells in enumerate(zip(*chosen, strict=True)):
        yield _match(*cells, where=f"row {number} of the data frame")


def of_rows(rows: Any) -> Iterator[Row]:
    """Rows of (player, player, result)."""
    if not isinstance(rows, Iterable):
        raise InputError(
            f"matches are the path of a file, a data frame, or rows (player, player, result); got {rows!r}"
        )
    for number, row in enumerate(rows):
        if isinstance(row, str) or not isinstance(row, Sequence) or len(row) != 3:
            raise InputError(f"match {number} must be (player, player, result); got {row!r}")
        yield _match(*row, where=f"match {number}")


def _known() -> str:
    told = (", ".join(sorted(names)) for names in HEADINGS)
    kinds = ("the one player", "the other", "the result")
    listed = "; ".join(f"{kind}: {names}" for kind, names in zip(kinds, told, strict=True))
    return f"name three with columns, as in columns=['player','opponent','result'], or call them ({listed})"


def _places(cells: Sequence[str], columns: Sequence[str] | None, where: str) -> tuple[tuple[int, ...], int]:
    """The places of the three columns, and whether the first line names them."""
    if columns is not None:
        chosen = columns.split(",") if isinstance(columns, str) else list(columns)
        missing = [name for name in chosen if name not in cells]
        if len(chosen) != 3 or missing:
            why = f"it has no {', '.join(map(repr, missing))}" if missing else f"got {len(chosen)}"
            raise InputError(f"columns are three of {where}, of both players and the result; {why}. It has: "
                             f"{', '.join(cells)}")  # fmt: skip
        if chosen[0] == chosen[1]:
            raise InputError(f"columns of both players are two; got {chosen[0]!r} twice")
        return tuple(cells.index(name) for name in chosen), 1
    lower = [cell.lower().replace(" ", "_") for cell in cells]
    unknown = [cell for cell, low in zip(cells, lower, strict=True) if not any(low in names for names in HEADINGS)]
    if len(cells) == 3 and not unknown and all(low in names for low, names in zip(lower, HEADINGS, strict=True)):
        return (0, 1, 2), 1
    if len(cells) == 3 and _is_result(cells[2], cells[:2]):
        return (0, 1, 2), 0
    told = f"the unknown column {unknown[0]!r}" if unknown else f"{len(cells)} columns"
    raise InputError(f"{where} has {told}, of {', '.join(cells)}; {_known()}")


def _is_result(cell: str, players: Sequence[str]) -> bool:
    try:
        result_of(cell, players[0], players[1])
    except ValueError:
        return False
    return True


def _match(first: Any, second: Any, result: Any, *, where: str) -> Row:
    one, other = (str(name).strip() for name in (first, second))
    if not one or not other:
        raise InputError(f"{where}: a player has no name")
    if one == other:
        raise InputError(f"{where}: {one} plays against itself, which says nothing of its rank; leave such matches out")
    try:
        return one, other, result_of(result, one, other)
    except ValueError:
        raise InputError(f"{where}: cannot read the result {result!r}; {WANTED}") from None


def result_of(given: Any, first: str, second: str) -> float:
    """What the first of two players got.

    >>> [result_of(text, "ann", "bob") for text in ("1-0", "2:2", "bob", "0.5", "win")]
    [1.0, 0.5, 0.0, 0.5, 1.0]

    Raises:
        ValueError: for what is no result.
    """
    text = str(given).strip()
    if text in (first, second):
        return float(text == first)
    if text.lower() in RESULTS:
        return RESULTS[text.lower()]
    for sign in (":", "-", "–"):
        ours, found, theirs = text.partition(sign)
        if found and ours:
            return _of_goals(ours, theirs)
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise ValueError(text)
    return value


def _of_goals(ours: str, theirs: str) -> float:
    one, other = (_number(text.strip()) for text in (ours, theirs))
    return 0.5 * (1.0 + (one > other) - (one < other))


def _number(text: str) -> float:
    value = 0.5 if text in ("½", "1/2") else float(text)
    if not math.isfinite(value) or value < 0:
        raise ValueError(text)
    return value
