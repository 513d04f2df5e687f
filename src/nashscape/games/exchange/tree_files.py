"""Games in extensive form from files and texts: Gambit's `.efg`."""

import os
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.files.whole_files import path_of
from nashscape.games.exchange.efg import tree_of
from nashscape.games.exchange.files import text_in
from nashscape.games.exchange.libraries import gambit_text
from nashscape.games.exchange.open_spiel import tree_of_open_spiel
from nashscape.games.forms.trees.construct import from_tree
from nashscape.games.forms.trees.tree_game import TreeGame
from nashscape.games.offers import has_tree


@public()
def read_tree(path: str | os.PathLike[str]) -> TreeGame:
    """The game in extensive form in a file of Gambit's format, `.efg`.

    Information sets and actions are told apart by number and place, whatever their labels. Numbers are kept exactly
    beside their doubles. Payoffs on inner nodes add up along a play.

    Args:
        path: of the file, which is text in UTF-8.

    Raises:
        InputError: for a file that cannot be read, what is wrong in it, with its line and what was expected, players
            who forget what they did or knew, and trees of more than two million nodes.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "pennies.efg"
        >>> _ = path.write_text(
        ...     'EFG 2 R "pennies" { "A" "B" } p "" 1 1 { "h" "t" } 0 p "" 2 1 { "h" "t" } 0 t "" 1 { 1 -1 } '
        ...     't "" 2 { -1 1 } p "" 2 1 0 t "" 2 t "" 1'
        ... )
        >>> read_tree(path)
        <TreeGame pennies: 2 players, 1+1 information sets, 4 plays>

    Source: Gambit (Savani and Turocy), the format of version 2.
    """
    given = path_of(path)
    return from_tree(tree_of(text_in(given), str(given), given.stem))


@public()
def parse_tree(text: str) -> TreeGame:
    """The game in extensive form that a text in Gambit's format stands for; see `read_tree`.

    Args:
        text: as in an `.efg` file.

    Raises:
        InputError: as `read_tree`.

    Example:
        >>> parse_tree('EFG 2 R "" { "A" "B" } p "" 1 1 { "l" "r" } 0 t "" 1 { 1 2 } t "" 2 { 3 0 }')
        <TreeGame game: 2 players, 1+1 information sets, 2 plays>
    """
    if not isinstance(text, str):
        raise InputError(f"expected the text of a tree, got {type(text).__name__}; files are read by read_tree")
    return from_tree(tree_of(text, "the text", "game"))


@public()
def extensive_form(value: Any) -> TreeGame:
    """The game in extensive form that an object of another library is: an OpenSpiel game, or a tree of Gambit.

    `games.game` makes their reduced normal forms. Simultaneous moves of OpenSpiel are taken one after another by
    players who do not see them, and its information sets are its information states.

    Args:
        value: a `pyspiel.Game`, a `pygambit` game that is a tree, or a game in extensive form itself.

    Raises:
        InputError: for other objects, players who forget, and trees of more than 100,000 states of OpenSpiel.

    Example:
        >>> from nashscape import games
        >>> games.extensive_form(games.kuhn_poker())
        <TreeGame kuhn_poker: 2 players, 6+6 information sets, 30 plays>
    """
    if has_tree(value):
        return value
    kinds = [f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}" for kind in type(value).__mro__]
    if "pyspiel.Game" in kinds:
        return from_tree(tree_of_open_spiel(value))
    if kinds[0].startswith("pygambit."):
        return from_tree(tree_of(gambit_text(value, "efg"), "the game of Gambit", "game"))
    raise InputError(
        f"expected an OpenSpiel game or a tree of Gambit, got {type(value).__name__}; trees are built by "
        "games.extensive_game, and read from files by games.read_tree"
    )
