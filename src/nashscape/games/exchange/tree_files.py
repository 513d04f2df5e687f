"""Games in extensive form from files and texts: Gambit's `.efg`."""

import os

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.files.whole_files import path_of
from nashscape.games.exchange.efg import tree_of
from nashscape.games.exchange.files import text_in
from nashscape.games.forms.trees.construct import from_tree
from nashscape.games.forms.trees.tree_game import TreeGame


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
