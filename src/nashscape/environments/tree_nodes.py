"""The nodes of a tree as arrays, so that JAX can trace plays of it."""

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from nashscape.games import TreeGame
from nashscape.games.forms.trees.outcomes import written_tree

CHANCE, OVER = -1, -2
"""In place of the number of who moves."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Nodes:
    """Nodes by number, N of them, and their branches one after the other, E in all.

    Attributes:
        mover: the player who moves at each, CHANCE, or OVER, `[N]`.
        row: the row of its information set among the mover's; of an end, the number of the play, `[N]`.
        branches: how many each has, `[N]`.
        first: where its branches begin, `[N]`.
        below: where a branch leads, `[E]`.
        chances: of a branch, where chance moves; else 1, `[E]`.
        branch_of: which branch an action is, `[R_i, A_i]` for each player; 0 where there is no such action.
    """

    mover: Any
    row: Any
    branches: Any
    first: Any
    below: Any
    chances: Any
    branch_of: tuple[Any, ...]


def nodes_of(game: TreeGame) -> Nodes:
    """The nodes of the tree of a game."""
    tree = written_tree(game)
    rows = [{place: row for row, place in enumerate(own)} for own in game.places]
    mover, row, chances, ends = [], [], [], 0
    for node in tree.nodes:
        if node.mover is None:
            mover.append(OVER)
            row.append(ends)
            ends += 1
            continue
        mover.append(CHANCE if node.mover < 0 else node.mover)
        row.append(0 if node.mover < 0 else rows[node.mover][node.place])
        chances += [float(p) for p in node.chances] if node.mover < 0 else [1.0] * node.branches
    branches = np.array([node.branches for node in tree.nodes], np.int32)
    branch_of = [np.zeros(legal.shape, np.int32) for legal in game.legal]
    for own, columns in zip(branch_of, game.columns, strict=True):
        for place, order in enumerate(columns):
            own[place, list(order)] = np.arange(len(order))
    return Nodes(
        np.array(mover, np.int32), np.array(row, np.int32), branches,
        np.concatenate([[0], np.cumsum(branches)[:-1]]).astype(np.int32),
        np.array([one for own in tree.below() for one in own], np.int32), np.array(chances, np.float32),
        tuple(branch_of),
    )  # fmt: skip


def longest_ways(game: TreeGame) -> tuple[int, int, int]:
    """Decisions on the longest way, chance moves one right after the other, and branches of chance, at most."""
    tree = written_tree(game)
    decisions, draws = [0] * len(tree.nodes), [0] * len(tree.nodes)
    widest, longest = 1, 0
    for number, (node, below) in reversed(list(enumerate(zip(tree.nodes, tree.below(), strict=True)))):
        by_chance = node.mover == -1
        decisions[number] = max((decisions[one] for one in below), default=0) + (bool(below) and not by_chance)
        draws[number] = 1 + max(draws[one] for one in below) if by_chance else 0
        widest, longest = max(widest, len(below) if by_chance else 1), max(longest, draws[number])
    return decisions[0], longest, widest
