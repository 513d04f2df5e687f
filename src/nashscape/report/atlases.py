"""The atlas of the 144 strict ordinal games: a page to browse, coloured by what is reached."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import colormaps
from matplotlib.colors import to_hex

from nashscape.figures.study_parts import Part, Rows, axis_of, parts_of, words_of
from nashscape.figures.style import SEQUENTIAL
from nashscape.games.topology import OrdinalGame, ordinal_game, symmetric_games
from nashscape.report.answer_points import said
from nashscape.report.pages import Section, Table
from nashscape.report.pieces import Cell, Mosaic

PREFIX = "ordinal:"
WORST, BEST = 2, 8
"""The least and the largest sum of two players' ranks."""

OTHER = "#B8B8B8"
"""Of whatever is no joint action: cycles, rest points elsewhere, runs that were not done."""

ABOUT = """
Every cell is a game of two players with two actions, C and D, who rank its four outcomes from 1, the worst, to 4. The
column says by the letters at its top how the row player ranks them, the row says by the letters at its left how the
column player does; a table below the maps says what the letters stand for. Games on the diagonal, where both rank
alike, have letters of their own; all others those of the row player and then of the column player. Among the first
six rankings neighbours differ by one swap of two payoffs, the last and the first too, and so among the other six.
Cells without letters were not asked for.

A cell is cut into stripes: each is as wide as the share of starts that end in one joint action, and its colour says
what both players together get there, from 2, the worst for both, to 8, the best for both; those with most stand at
the left. Grey is the share that ends in no joint action: on cycles, at rest elsewhere, or unfinished. Point at a game
for the shares in numbers; click on it for all that was measured.
"""


def atlas_of(found: Any) -> list[Section]:
    """The sections of an atlas; none for a study that varies no ordinal games, or measures no shares."""
    study = found.provenance.question.get("study", {})
    if not any(
        "ordinal" in own for block in study.get("vary", ()) for own in block.values() if isinstance(own, Mapping)
    ):
        return []
    parts = parts_of(found)
    shares = next((own for own in parts if own.quantity == "share" and "game" in own.texts), None)
    if shares is None:
        return []
    games = [ordinal_game(text.removeprefix(PREFIX)) for text in shares.values("game")]
    others = [name for name in shares.texts if name != "game"]
    ways = [dict(zip(others, own, strict=True)) for own in itertools.product(*map(shares.values, others))]
    mosaics = [_mosaic(shares, games, where) for where in ways]
    return [
        Section("The atlas", ABOUT, pieces=mosaics, tables=[_names()]),
        Section(
            "The games",
            "Payoffs of both players by joint action, and all that was measured.",
            tables=[own for game in games for own in _of_game(game, parts)],
        ),
    ]


def _mosaic(shares: Part, games: Sequence[OrdinalGame], where: Mapping[str, Any]) -> Mosaic:
    names = [own.abbreviation for own in symmetric_games()]
    by_game = {(own.row, own.column): own for own in games}
    orders = {own.abbreviation: own.row for own in symmetric_games()}
    rows = []
    for column in names:
        cells = []
        for row in names:
            game = by_game.get((orders[row], orders[column]))
            cells.append(Cell("") if game is None else _cell(shares, game, where))
        if any(own.text for own in cells):
            rows.append((column, cells))
    words = {WORST: "both get the worst: 2 together", BEST: "both get the best: 8 together"}
    key = [(_colour(total), words.get(total, f"{total} together")) for total in range(WORST, BEST + 1)]
    key.append((OTHER, "no joint action: cycles, rest elsewhere, unfinished"))
    return Mosaic(names, rows, said(where), key, "column player\u00a0↓ row player\u00a0→")


def _names() -> Table:
    """What the letters of the twelve rankings stand for."""
    rows = [(own.abbreviation, own.name, *own.row) for own in symmetric_games()]
    heads = (
        "letters",
        "game where both rank so",
        "own C, other C",
        "own C, other D",
        "own D, other C",
        "own D, other D",
    )
    return Table(heads, rows, "The twelve rankings of outcomes, by a player's own action and the other's")


def _cell(shares: Part, game: OrdinalGame, where: Mapping[str, Any]) -> Cell:
    rows = shares.where(game=f"{PREFIX}{game.abbreviation}", **where)
    reached = dict(zip(rows["of"].tolist(), rows["value"].tolist(), strict=True))
    payoffs = {"CD"[a] + "CD"[b]: sum(own) for (a, b), own in game.payoffs().items()}
    joint = sorted((own for own in reached if own in payoffs), key=lambda own: -payoffs[own])
    parts = [(_colour(payoffs[own]), reached[own]) for own in joint if reached[own] > 0]
    rest = 1.0 - sum(share for _, share in parts)
    if rest > 1e-9:
        parts.append((OTHER, rest))
    words = ", ".join(f"{own} {100 * reached[own]:.0f} %" for own in reached if reached[own] >= 0.005)
    return Cell(game.abbreviation, parts, words, f"game-{game.number}")


def _colour(total: int) -> str:
    return str(to_hex(colormaps[SEQUENTIAL]((total - WORST) / (BEST - WORST))))


def _of_game(game: OrdinalGame, parts: Sequence[Part]) -> list[Table]:
    """What was measured of one game: the first table has the place that the atlas links to."""
    payoffs = ", ".join(f"{'CD'[a]}{'CD'[b]} {own[0]}, {own[1]}" for (a, b), own in game.payoffs().items())
    made: list[Table] = []
    for part in (own for own in parts if "game" in own.texts):
        rows = part.where(game=f"{PREFIX}{game.abbreviation}")
        if len(rows):
            head = game.abbreviation if made else f"{game.number} {game.abbreviation}: {game.name} ({payoffs})"
            anchor = "" if made else f"game-{game.number}"
            made.append(_table(part, rows, f"{head}; {words_of(part.quantity)}", anchor))
    return made


def _table(part: Part, rows: Rows, caption: str, anchor: str) -> Table:
    from nashscape.report.studies import cell

    others = [name for name in part.texts if name != "game"]
    ofs = list(dict.fromkeys(rows["of"].tolist()))
    lines: dict[tuple[Any, ...], dict[str, str]] = {}
    for k in range(len(rows)):
        point = tuple(rows[name][k].item() for name in others)
        lines.setdefault(point, {})[rows["of"][k].item()] = cell(rows, k)
    entries = [[*point, *(own.get(of, "") for of in ofs)] for point, own in lines.items()]
    heads = [*map(axis_of, others), *(of or words_of(part.quantity) for of in ofs)]
    return Table(heads, entries, caption, folded=True, anchor=anchor)
