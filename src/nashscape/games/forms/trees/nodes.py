"""Trees as they are read and built: their nodes in order, exactly, each before its branches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Own = tuple[tuple[int, int], ...]
"""The choices of one player on a path, each once: (information set, action)."""

Choices = tuple[Own | None, ...]
"""Those of every player; None for one that would do two things in one information set, which no pure strategy does."""


@dataclass(frozen=True)
class Node:
    """A node as it is reached.

    Attributes:
        mover: the player, -1 for chance; None where the tree ends.
        place: the number of the information set among the mover's, from 0; 0 for chance.
        chances: of each branch, for chance.
        payoffs: what the players get when they come here; empty for nothing.
        branches: how many there are.
    """

    mover: int | None
    place: int = 0
    chances: tuple[Fraction, ...] = ()
    payoffs: tuple[Fraction, ...] = ()
    branches: int = 0


@dataclass
class Tree:
    """A tree, its nodes in the order in which it is walked: each before its branches, first branch first.

    Attributes:
        players: names.
        sets: for every player, the labels of the actions of its information sets.
        nodes: all of them.
        name: of the game.
        names: for every player, what its information sets are called; empty texts, or nothing, where they have no name.
        moves: the labels of what chance does, by the number of the node; nothing where they have none.
    """

    players: Sequence[str]
    sets: list[list[tuple[str, ...]]]
    nodes: list[Node] = field(default_factory=list)
    name: str = "game"
    names: list[list[str]] = field(default_factory=list)
    moves: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def below(self) -> list[tuple[int, ...]]:
        """What follows each node directly, by the numbers of nodes."""
        found: list[tuple[int, ...]] = [()] * len(self.nodes)
        beyond = [0] * len(self.nodes)
        for number in reversed(range(len(self.nodes))):
            at, own = number + 1, []
            for _ in range(self.nodes[number].branches):
                own.append(at)
                at = beyond[at]
            found[number], beyond[number] = tuple(own), at
        return found

    def paths(self) -> Iterator[tuple[Node, Fraction, Choices]]:
        """Every node, with the product of the chances on the way to it and what players chose before."""
        nothing: Choices = tuple(() for _ in self.players)
        # what is still to be visited, the next one last
        waiting = [(Fraction(1), nothing)]
        for node in self.nodes:
            chance, before = waiting.pop()
            yield node, chance, before
            after = [
                (chance * (node.chances[k] if node.mover == -1 else 1), _chosen(before, node, k))
                for k in range(node.branches)
            ]
            waiting.extend(reversed(after))


def _chosen(before: Choices, node: Node, action: int) -> Choices:
    """The choices after one more, which a player who forgets what it did may contradict."""
    if node.mover is None or node.mover < 0 or before[node.mover] is None:
        return before
    own = dict(before[node.mover] or ())
    taken = own.setdefault(node.place, action)
    now = tuple(own.items()) if taken == action else None
    return (*before[: node.mover], now, *before[node.mover + 1 :])
