"""The subgames of a tree: nodes from which on nobody confuses what is inside with what is outside."""

from dataclasses import dataclass
from fractions import Fraction

from nashscape.games.forms.trees.nodes import Tree

Payoffs = tuple[Fraction, ...]


@dataclass(frozen=True)
class Layout:
    """A tree by numbers of nodes; the nodes below one come right after it.

    Attributes:
        tree: the nodes.
        below: what follows each node directly.
        beyond: of every node, the first one after all that are below it.
        roots: of subgames, from the start on: single nodes of an information set, chance or decisions, below which no
            information set goes on elsewhere.
    """

    tree: Tree
    below: tuple[tuple[int, ...], ...]
    beyond: tuple[int, ...]
    roots: tuple[int, ...]


def layout(tree: Tree) -> Layout:
    """A tree with its subgames."""
    count = len(tree.nodes)
    below, beyond = tree.below(), [0] * count
    for number in reversed(range(count)):
        beyond[number] = beyond[below[number][-1]] if below[number] else number + 1
    return Layout(tree, tuple(below), tuple(beyond), _roots(tree, beyond))


def _roots(tree: Tree, beyond: list[int]) -> tuple[int, ...]:
    first: dict[tuple[int, int], int] = {}
    last: dict[tuple[int, int], int] = {}
    keys = [None if node.mover is None or node.mover < 0 else (node.mover, node.place) for node in tree.nodes]
    for number, key in enumerate(keys):
        if key is not None:
            first.setdefault(key, number)
            last[key] = number
    # from the end on: the earliest node of the sets below, and the latest
    earliest, latest = list(range(len(keys))), list(range(len(keys)))
    found = []
    for number in reversed(range(len(keys))):
        node, key = tree.nodes[number], keys[number]
        at = number + 1
        for _ in range(node.branches):
            earliest[number] = min(earliest[number], earliest[at])
            latest[number] = max(latest[number], latest[at])
            at = beyond[at]
        if key is not None:
            earliest[number] = min(earliest[number], first[key])
            latest[number] = max(latest[number], last[key])
        if node.branches and earliest[number] >= number and latest[number] < beyond[number]:
            found.append(number)
    return tuple(reversed(found))
