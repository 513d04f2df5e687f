"""Matches as people write them down: files, data frames, rows; and what their results are called."""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nashscape.core import InputError
from nashscape.ranking.written_tables import lines_of, three_chosen

Row = tuple[str, str, float]

WINNER = "winner"
"""The heading of a column that holds names."""

HEADINGS: tuple[frozenset[str], ...] = (
    frozenset({"player", "player_1", "player1", "first", "white", "home", "model_a", "a", "left", "agent", "agent_1"}),
    frozenset({"player", "player_2", "player2", "second", "black", "away", "model_b", "b", "right", "agent", "agent_2",
               "opponent"}),
    frozenset({"result", "score", "outcome", "winner", "points"}),
)  # fmt: skip
"""What the columns of the two players and of the result are called."""

PAIRS = (
    ("player_1", "player_2"), ("player1", "player2"), ("agent_1", "agent_2"), ("model_a", "model_b"),
    ("white", "black"), ("home", "away"), ("first", "second"), ("left", "right"), ("a", "b"), ("player", "opponent"),
    ("agent", "opponent"),
)  # fmt: skip
"""Those of the two players that belong together."""

WORDS = {
    1.0: ("win", "won", "w", "first", "model_a", "a", "white", "home", "left", "player_1"),
    0.5: ("tie", "tied", "draw", "drawn", "d", "both", "even", "1/2", "½", "tie (bothbad)", "bothbad"),
    0.0: ("loss", "lost", "lose", "l", "second", "model_b", "b", "black", "away", "right", "player_2"),
}
"""Results in words, by what the first of the two got."""

RESULTS = {word: result for result, words in WORDS.items() for word in words}
WANTED = "a result is a number from 0 to 1, win, loss or tie, a score such as 1-0 or 3:1, or the name of who won"


def of_file(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    """The rows of a file of values separated by commas, semicolons or tabs.

    Raises:
        InputError: where it cannot be read, for unknown columns, and for what no match is, with its line.
    """
    lines = lines_of(path, "player,player,result")
    first = lines[0][1]
    places, headed = _places(first, columns, str(path))
    if not headed and _a_word_alone([cells for _, cells in lines]):
        raise InputError(f"{path} has the unknown columns {', '.join(first)}; {KNOWN}")
    headings = tuple(first[place] for place in places) if headed else ("", "", "")
    if len(lines) == headed:
        raise InputError(f"{path} has headings, {', '.join(first)}, and no match below them")
    wanted = f"where the first line has {len(first)}"
    for number, cells in lines[headed:]:
        if len(cells) <= max(places):
            told = ", or a quotation mark is not closed" if any("\n" in cell for cell in cells) else ""
            raise InputError(f"{path}, line {number}: {len(cells)} columns, {wanted}{told}")
        yield _match(*(cells[place] for place in places), where=f"{path}, line {number}", headings=headings)


def _a_word_alone(lines: list[list[str]]) -> bool:
    """Whether the first line has a word for a result, as headings are, where all others have numbers or scores."""
    results = [cells[2].lower() if len(cells) > 2 else "" for cells in lines]
    others = [own not in RESULTS and _plain(own, ("", "", "")) is not None for own in results[1:]]
    return results[0] in RESULTS and bool(others) and all(others)


def of_frame(frame: Any, columns: Sequence[str] | None) -> Iterator[Row]:
    """The rows of a data frame of any library that has `columns`, and gives one by its name."""
    names = [str(name) for name in frame.columns]
    places, headed = _places(names, columns, "the data frame")
    if not headed:
        raise InputError(f"the data frame has the columns {', '.join(names)}; {KNOWN}")
    chosen = [list(frame[frame.columns[place]]) for place in places]
    headings = tuple(names[place] for place in places)
    for number, cells in enumerate(zip(*chosen, strict=True)):
        yield _match(*cells, where=f"row {number} of the data frame", headings=headings)


def of_rows(rows: Any) -> Iterator[Row]:
    """Rows of (player, player, result)."""
    if not isinstance(rows, Iterable):
        raise InputError(
            f"matches are the path of a file, a data frame, or rows (player, player, result); got {rows!r}"
        )
    given = list(rows)
    counts = [row for row in given if hasattr(row, "__len__") and len(row) == len(given) and
              not any(isinstance(cell, str) for cell in row)]  # fmt: skip
    hint = "; a table of points of each against each is counted_matches(table)" if 1 < len(counts) == len(given) else ""
    for number, row in enumerate(given):
        if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != 3:
            raise InputError(f"match {number} must be (player, player, result); got {row!r}{hint}")
        yield _match(*row, where=f"match {number}", headings=("", "", ""))


KNOWN = (
    "choose three by their names, both players and the result: columns=['white', 'black', 'points'], typed --columns "
    "white,black,points; or call them player,player,result, white,black,result, home,away,score, "
    "model_a,model_b,winner. Orders of players begin with the line 1,2,3, one order a line, or race,player,place"
)


def _places(cells: Sequence[str], columns: Sequence[str] | None, where: str) -> tuple[tuple[int, ...], int]:
    """The places of the three columns, and whether the first line names them."""
    if columns is not None:
        return three_chosen(cells, columns, where, "of both players and the result"), 1
    lower = [cell.lower().replace(" ", "_") for cell in cells]
    if len(cells) == 3 and all(low in names for low, names in zip(lower, HEADINGS, strict=True)):
        return (0, 1, 2), 1
    if len(cells) == 3 and _is_result(cells[2], cells[:2]) and not {*lower} & HEADINGS[2]:
        return (0, 1, 2), 0
    if len(cells) > 3 and (found := _known_among(cells, lower)):
        raise InputError(f"{where} has more columns than those of both players and the result: name these, "
                         f"columns={found}, typed --columns {','.join(found)}. It has: {', '.join(cells)}")  # fmt: skip
    if len(cells) == 3 and _is_number(cells[2]):
        raise InputError(f"{where}: cannot read the result {cells[2]!r} of its first line; {WANTED}")
    unknown = [cell for cell, low in zip(cells, lower, strict=True) if not any(low in names for names in HEADINGS)]
    told = f"the unknown column {unknown[0]!r}" if unknown else f"{len(cells)} columns in an order that is not known"
    raise InputError(f"{where} has {told}, of {', '.join(cells)}; {KNOWN}")


def _known_among(cells: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The names of both players' columns and of the result's where one choice alone is known; else nothing."""
    chosen = [[*pair, result] for pair in PAIRS for result in HEADINGS[2] if {*pair, result} <= {*lower}]
    return [cells[lower.index(name)] for name in chosen[0]] if len(chosen) == 1 else []


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _is_result(cell: str, players: Sequence[str]) -> bool:
    return cell in players or _plain(cell, ("", "", "")) is not None


def _match(first: Any, second: Any, result: Any, *, where: str, headings: Sequence[str]) -> Row:
    one, other = ("" if name is None else str(name).strip() for name in (first, second))
    if not one or not other:
        raise InputError(f"{where}: a player has no name")
    if one == other:
        raise InputError(f"{where}: {one} plays against itself, which says nothing of its rank; leave such matches out")
    try:
        return one, other, result_of(result, one, other, headings)
    except ValueError as error:
        why = str(error) or WANTED
        raise InputError(f"{where}: cannot read the result {result!r}; {why}") from None


def result_of(given: Any, first: str, second: str, headings: Sequence[str] = ("", "", "")) -> float:
    """What the first of two players got.

    Args:
        given: the result.
        first: the name of the one.
        second: of the other.
        headings: of the columns of both and of the result; a result that is the heading of a player's column is its
            win.

    >>> [result_of(text, "ann", "bob") for text in ("1-0", "2:2", "bob", "0.5", "win")]
    [1.0, 0.5, 0.0, 0.5, 1.0]

    Raises:
        ValueError: for what is no result, and what may be two, as "1" where a player is called so.
    """
    text = str(given).strip()
    plain = _plain(text, headings)
    named = {first: 1.0, second: 0.0}.get(text)
    if not isinstance(given, str) and hasattr(given, "__float__"):
        named = None
    elif headings[2].lower() == WINNER and named is not None:
        plain = None
    if plain is None and named is None:
        raise ValueError
    if plain is not None and named is not None and plain != named:
        raise ValueError(
            f"a player is called {text}, so it says two things: call players otherwise, or the column of results "
            "'winner'"
        )
    return float(named if plain is None else plain)  # type: ignore[arg-type]


def _plain(text: str, headings: Sequence[str]) -> float | None:
    """What a word, a score or a number says, whoever plays; None where it says nothing."""
    word = text.lower()
    if word and word in (headings[0].lower(), headings[1].lower()):
        return float(word == headings[0].lower())
    if word in RESULTS:
        return RESULTS[word]
    try:
        for sign in (":", "-", "–"):
            ours, found, theirs = text.partition(sign)
            if found and ours:
                return _of_goals(ours, theirs)
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 <= value <= 1.0 else None


def _of_goals(ours: str, theirs: str) -> float:
    one, other = (_number(text.strip()) for text in (ours, theirs))
    return 0.5 * (1.0 + (one > other) - (one < other))


def _number(text: str) -> float:
    value = 0.5 if text in ("½", "1/2") else float(text)
    if not math.isfinite(value) or value < 0:
        raise ValueError(text)
    return value
