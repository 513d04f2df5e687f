"""Games in extensive form from trees."""

import numpy as np

from nashscape.core import InputError
from nashscape.core.sizes import check_size
from nashscape.games.forms.trees.naming_rows import columns_of, row_names
from nashscape.games.forms.trees.nodes import Tree
from nashscape.games.forms.trees.sequences import ends_of, sequences_of
from nashscape.games.forms.trees.tree_game import TreeGame

NODES = 2_000_000
"""Of the largest tree that is written out."""

BYTES = 1_000.0
"""That a node takes while a tree is put together, about."""


def from_tree(tree: Tree) -> TreeGame:
    """The game of a tree.

    Raises:
        InputError: for a tree that is too large, players who forget, a single player, and payoffs beyond doubles.
    """
    check_nodes(tree.name, len(tree.nodes))
    if len(tree.players) < 2:
        raise InputError(f"{tree.name} has {len(tree.players)} player; a game has two or more")
    if not any(tree.sets):
        raise InputError(f"in {tree.name} no player ever moves; a game has a decision")
    ends = ends_of(tree)
    columns = [columns_of(own) for own in tree.sets]
    sequences, orders = sequences_of(ends, [own.of for own in columns])
    rows, kept = [], []
    for player, order in enumerate(orders):
        kept.append(tuple(columns[player].of[place] for place in order))
        names = row_names(tree.names[player] if tree.names else [], len(tree.sets[player]))
        rows.append(tuple(names[place] for place in order) or ("never moves",))
    try:
        payoffs = np.array([[float(x) for x in own] for own in ends.payoffs]).T
    except OverflowError as error:
        raise InputError(f"{tree.name}: a payoff is beyond the largest double") from error
    return TreeGame(
        payoffs, np.array([float(c) for c in ends.chances]), sequences, tree.name, tuple(tree.players),
        tuple(own.names for own in columns), tuple(rows), tree, tuple(map(tuple, orders)), tuple(kept),
    )  # fmt: skip


def check_nodes(name: str, count: int) -> None:
    """Refuse a tree that is too large to be written out."""
    check_size(
        f"nodes of {name}", count, BYTES, lambda most: f"trees of up to {most:,} nodes are written out; cut it down, "
        "or play the game by sampling, as an environment", most=NODES,
    )  # fmt: skip
