"""Games from files and texts in the formats that game-theory software shares, and to them."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.calls import public
from nashscape.core.files.whole_files import path_of, write_whole
from nashscape.games.exchange import efg, gam, nfg, tables
from nashscape.games.exchange.converters import game as game_of
from nashscape.games.exchange.efg_writing import write_efg
from nashscape.games.exchange.endings import ENDINGS
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.trees.outcomes import written_tree
from nashscape.games.offers import has_tree, needs


@dataclass(frozen=True)
class Format:
    """A format: how a game is read from a text, and how it is written, where it can be."""

    read: Callable[[str, str, str], DenseGame]
    write: Callable[[DenseGame], str] | None


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "json": Format(tables.read_json, tables.write_json),
        "csv": Format(tables.read_csv, tables.write_csv),
        "nfg": Format(nfg.read_nfg, nfg.write_nfg),
        "gam": Format(gam.read_gam, gam.write_gam),
        "efg": Format(efg.read_efg, None),
    }
)


@public()
def read_game(path: str | os.PathLike[str], format: str | None = None) -> DenseGame:
    """The game in a file, in the format that its ending says.

    `.nfg` (Gambit, payoffs or outcomes), `.efg` (Gambit, as its reduced normal form; `read_tree` gives the tree
    itself), `.gam` (GameTracer), `.csv` (a line for every profile) and `.json` (payoffs as nested lists). Fractions are
    kept exactly, and so are the decimals of Gambit's formats; those of the others are doubles.

    Args:
        path: of the file, which is text in UTF-8.
        format: one of "nfg", "efg", "gam", "csv" and "json"; by default what the ending says.

    Raises:
        InputError: for a file that cannot be read or is in no known format, and for what is wrong in it, with the line
            and what was expected.

    Example:
        >>> import tempfile
        >>> from nashscape import games
        >>> folder = tempfile.mkdtemp()
        >>> games.read_game(games.write_game(games.chicken(), f"{folder}/chicken.nfg"))
        <DenseGame chicken: 2 players, 2×2 actions (C D)>
    """
    given = path_of(path)
    how = _format(format or _by_ending(given))
    return how.read(text_in(given), str(given), given.stem)


def text_in(path: Path) -> str:
    """The text of a file in UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"cannot read {path}: {reason}") from error


@public()
def parse_game(text: str, format: str) -> DenseGame:
    """The game that a text stands for, in one of the formats of `read_game`.

    Args:
        text: as in a file.
        format: "nfg", "efg", "gam", "csv" or "json".

    Raises:
        InputError: for an unknown format, and for what is wrong in the text, with the line and what was expected.

    Example:
        >>> parse_game('NFG 1 R "" { "Rose" "Colin" } { 2 2 } 1/3 0 0 1 0 1 .1 0', "nfg").fractions[0].tolist()
        [[Fraction(1, 3), Fraction(0, 1)], [Fraction(0, 1), Fraction(1, 10)]]
        >>> parse_game('NFG 1 R "" { "Rose" "Colin" } { 2 2 } 1/3 0 0', "nfg")
        Traceback (most recent call last):
        nashscape.core.errors.InputError: the text, line 1: expected the payoff of player 2 in profile 2 of 4, a number
        such as 3, -1/3 or 0.1; got the end of the file
    """
    how = _format(format)
    if not isinstance(text, str):
        raise InputError(f"expected the text of a game, got {type(text).__name__}; files are read by read_game")
    return how.read(text, "the text", "game")


@public()
def format_game(game: Any, format: str) -> str:
    """The text of a game in one of the formats of `write_game`.

    Args:
        game: any whose payoffs can be written out.
        format: "nfg", "gam", "csv" or "json"; "efg" of a game in extensive form.

    Raises:
        InputError: for an unknown format, and games and names that it cannot hold.

    Example:
        >>> from nashscape import games
        >>> print(format_game(games.bimatrix([[4, 0], ["1/3", 2]], actions="CD", name="hunt"), "nfg"))
        NFG 1 R "hunt" { "player 1" "player 2" }
        <BLANKLINE>
        { { "C" "D" }
        { "C" "D" }
        }
        ""
        <BLANKLINE>
        4 4
        1/3 0
        0 1/3
        2 2
        <BLANKLINE>
    """
    how, given = _format(format), game_of(game)
    if format == "efg" and has_tree(given):
        return write_efg(written_tree(given))
    if how.write is None:
        known = " and ".join(name for name, one in FORMATS.items() if one.write)
        raise InputError(f"games in normal form are not written as trees ({format}); the formats are {known}")
    needs(given, "table", to="write a game")
    return how.write(given.to_dense())


@public()
def write_game(game: Any, path: str | os.PathLike[str], format: str | None = None) -> Path:
    """Write a game to a file, in the format that its ending says, and give the path.

    `.nfg` and `.json` keep payoffs and all names exactly, `.csv` all but the name of the game, and `.gam`, which has no
    names, the payoffs as doubles.

    Args:
        game: any whose payoffs can be written out.
        path: of the file, which is there whole or not at all.
        format: "nfg", "gam", "csv" or "json"; by default what the ending says.

    Raises:
        InputError: for an unknown format, games and names that it cannot hold, and where nothing can be written.

    Example:
        >>> import tempfile
        >>> from nashscape import games
        >>> write_game(games.stag_hunt(), f"{tempfile.mkdtemp()}/hunt.csv").read_text().splitlines()[:2]
        ['player 1,player 2,payoff of player 1,payoff of player 2', 'C,C,4,4']
    """
    given = path_of(path)
    return write_whole(given, format_game(game, format or _by_ending(given)))


def _by_ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"{path} does not end in {', '.join(ENDINGS)}; rename it, or say what it is, as format='nfg'")
    return ending[1:]


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise unknown("format of games", name, FORMATS)
    return FORMATS[name]
