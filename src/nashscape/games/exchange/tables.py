"""Payoffs in tables: JSON, payoffs and names of a game as nested lists, and CSV, a line for every profile.

In both a decimal stands for the double that it is, as in Python and in spreadsheets, and "1/3" for a third.
"""

import csv
import io
import itertools
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.games.exchange.checked import made_from
from nashscape.games.exchange.tokens import NUMBER
from nashscape.games.forms.dense_game import DenseGame

KEYS = ("payoffs", "actions", "players", "name")
OF = "payoff of "
"""What the titles of columns with payoffs begin with."""


def read_json(text: str, where: str, name: str) -> DenseGame:
    """The game of a JSON text, `{"payoffs": [player, action 1, action 2, …], "actions": […]}`.

    Raises:
        InputError: for a text that is no JSON, or holds something else.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{where} is not JSON: {error.msg} in line {error.lineno}") from error
    if not isinstance(content, dict) or "payoffs" not in content:
        raise InputError(f'{where} must hold an object {{"payoffs": …}}')
    for key in content:
        if key not in KEYS:
            raise InputError(f"{where} has an unknown entry {key!r}; the entries are {', '.join(KEYS)}")
    for key in ("actions", "players"):
        if not isinstance(content.get(key, []), list):
            raise InputError(f"{key} in {where} must be a list; got {content[key]!r}")
    title = str(content.get("name", name))
    return made_from(content["payoffs"], content.get("players"), content.get("actions"), title, where)


def write_json(game: DenseGame) -> str:
    """A game in this format, exactly, a line for each player's payoffs."""
    exact = game.exact_payoffs
    payoffs = game.payoffs.tolist() if exact is None else np.vectorize(str, otypes=[object])(exact).tolist()
    head = {"name": game.name, "players": list(game.players), "actions": [list(own) for own in game.actions]}
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in head.items()]
    rows = ",\n".join(f"    {json.dumps(own)}" for own in payoffs)
    return "\n".join(["{", *lines, '  "payoffs": [', rows, "  ]", "}", ""])


def read_csv(text: str, where: str, name: str) -> DenseGame:
    """The game of a table: a column with the action of each player, then one with the payoff of each.

        Rose,Colin,payoff of Rose,payoff of Colin
        up,left,3,1
        …

    Lines may stand in any order; actions are numbered as they appear.

    Raises:
        InputError: for a text that is no such table, with its line and what was expected.
    """
    # a spreadsheet may begin the file with a mark of its encoding
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{where}, line {lines.line_num}: expected a table with commas; got {error}") from error
    players = _players(rows[0][1] if rows else [], where)
    n = len(players)
    actions: list[dict[str, int]] = [{} for _ in players]
    cells: dict[tuple[int, ...], tuple[int, list[Any]]] = {}
    for line, row in rows[1:]:
        if len(row) != 2 * n:
            raise InputError(f"{where}, line {line}: expected {2 * n} cells, as in the first line; got {len(row)}")
        place = tuple(own.setdefault(label, len(own)) for own, label in zip(actions, row[:n], strict=True))
        if place in cells:
            said = f"{where}, line {line}: the profile {', '.join(row[:n])} is in line {cells[place][0]} already"
            raise InputError(said)
        cells[place] = line, [_number(cell, f"{where}, line {line}") for cell in row[n:]]
    return made_from(_table(cells, actions, where), players, [list(own) for own in actions], name, where)


def _players(head: Sequence[str], where: str) -> list[str]:
    """The names of players in the first line."""
    n = len(head) // 2
    if not n or list(head[n:]) != [OF + own for own in head[:n]]:
        raise InputError(
            f"{where}, line 1: expected the names of players, then '{OF}…' for each of them in the same order, as in "
            f"'Rose,Colin,{OF}Rose,{OF}Colin'; got {','.join(head)!r}"
        )
    return list(head[:n])


def _number(cell: str, where: str) -> Any:
    if not NUMBER.fullmatch(cell):
        raise InputError(f"{where}: expected a payoff, a number such as 3, -0.5 or 1/3; got {cell!r}")
    return cell if "/" in cell or cell.lstrip("+-").isdecimal() else float(cell)


def _table(cells: dict[tuple[int, ...], tuple[int, list[Any]]], actions: list[dict[str, int]], where: str) -> Any:
    """Payoffs `[player, a_1, …, a_n]` where every profile has its line."""
    shape = [len(own) for own in actions]
    if len(cells) != math.prod(shape):
        lost = next(place for place in itertools.product(*map(range, shape)) if place not in cells)
        said = ", ".join(list(own)[k] for own, k in zip(actions, lost, strict=True))
        raise InputError(f"{where}: expected a line for each of {math.prod(shape)} profiles; there is none for {said}")
    if not cells:
        raise InputError(f"{where}: expected a line for every profile below the first; there is none")
    payoffs = np.empty((len(shape), *shape), dtype=object)
    for place, (_, own) in cells.items():
        for player, x in enumerate(own):
            payoffs[(player, *place)] = x
    return payoffs


def write_csv(game: DenseGame) -> str:
    """A game as such a table; its own name is lost.

    Raises:
        InputError: for names that begin or end with spaces, which tables do not keep.
    """
    for own in game.players:
        if own != own.strip() or not own:
            raise InputError(f"the name of player {own!r} cannot be kept in a table: give a name without outer spaces")
    made = io.StringIO(newline="")
    lines = csv.writer(made, lineterminator="\n")
    lines.writerow([*game.players, *(OF + own for own in game.players)])
    payoffs = game.payoffs.astype(object) if game.exact_payoffs is None else game.exact_payoffs
    for place in itertools.product(*map(range, game.shape)):
        names = [own[k] for own, k in zip(game.actions, place, strict=True)]
        lines.writerow([*names, *(_written(own[place]) for own in payoffs)])
    return made.getvalue()


def _written(x: float | Fraction) -> str:
    """A payoff as `_number` reads it."""
    if isinstance(x, Fraction):
        return f"{x.numerator}/{x.denominator}" if x.denominator > 1 else str(x)
    return str(int(x)) if x == int(x) and abs(x) < 2**53 else repr(x)
