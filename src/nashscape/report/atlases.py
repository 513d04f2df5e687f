"""The atlas of the 144 strict ordinal games: a page to browse, coloured by what is reached."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import colormaps
from matplotlib.colors import to_hex

from nashscape.figures.study_parts import Part, Rows, axis_of, parts_of, words_of
from nashscape.figures.style import SEQUENTIAL
from nashscape.games.topology import OrdinalGame, ordinal_game, symmetric_games
from nashscape.report.pages import Section, Table
from nashscape.report.pieces import Cell, Mosaic

PREFIX = "ordinal:"
WORST, BEST = 2, 8
"""The least and the largest sum of two players' ranks."""

OTHER = "#B8B8B8"
"""Of whatever is no joint action: cycles, rest points elsewhere, runs that were not done."""


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
        Section(
            "The atlas",
            "Every cell is a game: the column says whose preferences the row player has, the row those of the column "
            "player; neighbours differ by one swap of two payoffs. A cell is filled by the shares of starts that end "
            "in each joint action, coloured by what both players together get there, from 2 to 8. Click on a game for "
            "its numbers.",
            pieces=mosaics,
        ),
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
    key = [(_colour(total), f"together {total}") for total in range(WORST, BEST + 1)]
    return Mosaic(names, rows, ", ".join(map(str, where.values())), [*key, (OTHER, "no joint action")])


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
