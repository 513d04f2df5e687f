"""A tree followed node by node under behaviour strategies, and its subgames each as a game of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import numpy.typing as npt

from nashscape.games import TreeGame
from nashscape.games.forms.trees.outcomes import written_tree
from nashscape.theory.trees.subgames import Layout, layout

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Followed:
    """What comes after every node under given strategies.

    Attributes:
        layout: of the tree.
        shares: of every node the probabilities of its branches.
        values: what every player gets from a node on, what is paid there included, `[nodes, n]`.
        members: of every (player, information set) its nodes.
    """

    layout: Layout
    shares: list[Floats]
    values: Floats
    members: dict[tuple[int, int], list[int]]


def followed(game: TreeGame, strategies: Sequence[Floats]) -> Followed:
    """Follow a tree from its ends to its start."""
    tree = written_tree(game)
    plan = layout(tree)
    rows = [{place: row for row, place in enumerate(own)} for own in game.places]
    values = np.zeros((len(tree.nodes), len(game.players)))
    shares: list[Floats] = [np.zeros(0)] * len(tree.nodes)
    members: dict[tuple[int, int], list[int]] = {}
    for number in reversed(range(len(tree.nodes))):
        node = tree.nodes[number]
        if node.payoffs:
            values[number] = [float(x) for x in node.payoffs]
        if node.mover is None:
            continue
        if node.mover < 0:
            own = np.array([float(p) for p in node.chances])
        else:
            row = rows[node.mover][node.place]
            own = strategies[node.mover][row][list(game.columns[node.mover][row])]
            members.setdefault((node.mover, node.place), []).append(number)
        shares[number] = own
        values[number] += own @ values[list(plan.below[number])]
    return Followed(plan, shares, values, members)


def subgame_gains(game: TreeGame, strategies: Sequence[Floats], plan: Layout) -> Floats:
    """What every player could gain in each subgame, once there, `[subgames, n]`.

    Every subgame is the whole tree in which all moves to its root are made, and plays that do not pass it have no
    chance; payoffs are moved up so that nobody would rather not be in it.
    """
    tree = written_tree(game)
    ends = {node: k for k, node in enumerate(n for n, own in enumerate(tree.nodes) if own.mover is None)}
    paths = _paths(plan)
    chances = np.zeros((len(plan.roots), game.n_plays))
    made = [np.repeat(own[None], len(plan.roots), axis=0) for own in strategies]
    rows = [{place: row for row, place in enumerate(own)} for own in game.places]
    for k, root in enumerate(plan.roots):
        for node, branch in paths[root]:
            mover, place = tree.nodes[node].mover, tree.nodes[node].place
            if mover is not None and mover >= 0:
                row = rows[mover][place]
                made[mover][k, row] = 0.0
                made[mover][k, row, game.columns[mover][row][branch]] = 1.0
        waiting = [(root, 1.0)]
        while waiting:
            node, chance = waiting.pop()
            if node in ends:
                chances[k, ends[node]] = chance
            for branch, below in enumerate(plan.below[node]):
                share = float(tree.nodes[node].chances[branch]) if tree.nodes[node].mover == -1 else 1.0
                waiting.append((below, chance * share))
    lifted = np.asarray(game.payoffs) - np.asarray(game.payoffs).min(axis=1, keepdims=True)
    with jax.enable_x64(True):
        bare = replace(game, tree=None, payoffs=lifted)
        found = jax.jit(jax.vmap(lambda chance, own: replace(bare, chances=chance).regrets(own)))(chances, made)
        return np.asarray(found)


def _paths(plan: Layout) -> dict[int, list[tuple[int, int]]]:
    """From the start to every node: the nodes on the way, and the branch taken at each."""
    found: dict[int, list[tuple[int, int]]] = {0: []}
    for number, below in enumerate(plan.below):
        for branch, one in enumerate(below):
            found[one] = [*found[number], (number, branch)]
    return found
