"""The second page: published systems with their claims, all strict ordinal 2×2 games, and the stores of studies."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.games.topology import all_games
from nashscape.systems import cards

ROWS = 2000
"""Rows of a store that are shown, at most."""


def shelf(stores: Sequence[Path]) -> dict[str, Any]:
    """What there is, as plain data; stores by the names of their folders, in the order in which they were given."""
    return {**_known(), "stores": [path.name for path in stores]}


@cache
def _known() -> dict[str, Any]:
    return {"systems": [_system(card) for card in cards().values()], "atlas": [_ordinal(game) for game in all_games()]}


def _system(card: Any) -> dict[str, Any]:
    return {
        "key": card.key, "title": card.title, "year": card.year, "authors": list(card.authors),
        "fidelity": card.fidelity, "counts": card.counts(),
        "claims": [{"id": one.id, "text": one.text, "status": one.status, "why": one.why} for one in card.claims],
    }  # fmt: skip


def _ordinal(game: Any) -> dict[str, Any]:
    """A game of the topology: its payoffs, and the names of its pure equilibria."""
    payoffs = np.asarray(game.to_dense().payoffs, int).tolist()
    return {
        "scene": f"ordinal:{game.number}", "number": str(game.number), "title": game.name,
        "symmetric": bool(game.symmetric), "payoffs": payoffs, "equilibria": [name for name, _ in game.equilibria],
    }  # fmt: skip


def store(stores: Sequence[Path], number: int) -> dict[str, Any]:
    """The numbers that a study has found so far.

    Args:
        stores: the folders that were given when the explorer was opened.
        number: which of them.

    Raises:
        InputError: where there is no such, and for a folder that is no store.
    """
    from nashscape.report.stored import findings_in

    if not 0 <= number < len(stores):
        raise InputError(f"there are {len(stores)} stores, numbered from 0; got {number}")
    found, text = findings_in(stores[number])
    names = [name for name in found.rows if name not in ("item", "maker")]
    columns = [list(np.asarray(found.rows[name]).tolist()) for name in names]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    return {
        "study": found.name, "about": found.about, "varied": list(found.varied), "status": found.status.value,
        "failures": dict(found.failures), "columns": names, "rows": rows[:ROWS], "of": len(rows), "text": text,
    }  # fmt: skip


def report(stores: Sequence[Path], number: int) -> bytes:
    """The report of a study as one page that needs no other file.

    Raises:
        InputError: as `store`.
    """
    from tempfile import TemporaryDirectory

    from nashscape.report.stored import findings_in
    from nashscape.report.studies import write_study_report

    if not 0 <= number < len(stores):
        raise InputError(f"there are {len(stores)} stores, numbered from 0; got {number}")
    with TemporaryDirectory() as folder:
        first, *_ = write_study_report(findings_in(stores[number])[0], folder)
        return first.read_bytes()


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
