"""Trees built in Python: decisions, chance and endings, one inside the other."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number
from nashscape.games.forms.trees.construct import check_nodes, from_tree
from nashscape.games.forms.trees.nodes import Node, Tree
from nashscape.games.forms.trees.tree_game import TreeGame

if TYPE_CHECKING:
    from typing_extensions import TypeIs

CLOSE = 1e-9
"""How far chances may sum from one, to which they are then divided."""


@dataclass(frozen=True, eq=False)
class Decision:
    """A node at which a player moves; made by `decision`."""

    player: int | str
    branches: tuple[tuple[str, "TreeNode"], ...]
    knows: Hashable | None
    pays: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class Chance:
    """A node at which chance moves; made by `chance`."""

    branches: tuple[tuple[str, Fraction, "TreeNode"], ...]
    pays: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class Ending:
    """Where a play ends; made by `ending`."""

    pays: tuple[Fraction, ...]


TreeNode: TypeAlias = Decision | Chance | Ending
"""What trees are built of."""


@public()
def ending(*payoffs: Any) -> Ending:
    """The end of a play: what each player gets.

    Args:
        *payoffs: one number per player, in payoff units; fractions and texts such as "1/3" are kept exactly.

    Raises:
        InputError: for what are no finite numbers.

    Example:
        >>> ending(1, "1/3").pays
        (Fraction(1, 1), Fraction(1, 3))
    """
    if not payoffs:
        raise InputError("an ending says what each player gets, as in ending(1, 0)")
    return Ending(_paid(payoffs))


@public()
def decision(
    player: int | str, branches: Mapping[Any, TreeNode], *, knows: Hashable | None = None, pays: Sequence[Any] = ()
) -> Decision:
    """A node at which a player chooses.

    Args:
        player: its name, or its number from 0.
        branches: what follows each action, by the name of the action.
        knows: what the player knows here. Nodes of one player at which it knows the same are one information set, and
            have the same actions. By default it knows everything that has happened.
        pays: what each player gets on the way through, added to what comes after.

    Raises:
        InputError: for no actions, and branches that are no nodes.

    Example:
        >>> decision("buyer", {"buy": ending(1, 1), "leave": ending(0, 0)}).player
        'buyer'

    Source: Kuhn (1953).
    """
    if not isinstance(branches, Mapping) or not branches:
        raise InputError(f"a decision needs its branches as {{action: node}}, one or more; got {branches!r}")
    made = tuple((str(label), _node(below, label)) for label, below in branches.items())
    _check_labels([label for label, _ in made])
    return Decision(player, made, knows, _paid(pays))


@public()
def chance(
    branches: Mapping[Any, tuple[Any, TreeNode]] | Sequence[tuple[Any, TreeNode]], *, pays: Sequence[Any] = ()
) -> Chance:
    """A node at which chance moves.

    Args:
        branches: `{what happens: (its chance, node)}`, or a list of (its chance, node). Chances are at least 0 and sum
            to one; fractions and texts such as "1/3" are kept exactly.
        pays: as of `decision`.

    Raises:
        InputError: for chances that are negative or do not sum to one, and branches that are no nodes.

    Example:
        >>> coin = chance({"heads": ("1/2", ending(1, -1)), "tails": ("1/2", ending(-1, 1))})
        >>> [name for name, _, _ in coin.branches]
        ['heads', 'tails']
    """
    named = branches.items() if isinstance(branches, Mapping) else [("", own) for own in branches]
    made = []
    for label, pair in named:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise InputError(f"a branch of chance is (its chance, node), as in ('1/2', ending(1, 0)); got {pair!r}")
        share = exact_number(pair[0], "a chance")
        if share < 0:
            raise InputError(f"a chance cannot be negative; got {pair[0]!r}")
        made.append((str(label), share, _node(pair[1], label)))
    _check_labels([label for label, _, _ in made if label])
    total = sum(share for _, share, _ in made)
    if not math.isclose(total, 1.0, abs_tol=CLOSE):
        raise InputError(f"the chances of a move must sum to one; these sum to {float(total):g}")
    return Chance(tuple((label, share / total, below) for label, share, below in made), _paid(pays))


def _check_labels(labels: Sequence[str]) -> None:
    if len(set(labels)) < len(labels):
        raise InputError(f"the branches of a node need different names; got {', '.join(labels)}")


def _paid(payoffs: Sequence[Any]) -> tuple[Fraction, ...]:
    return tuple(exact_number(x, "a payoff") for x in payoffs)


def _node(value: Any, label: Any) -> TreeNode:
    if not hasattr(value, "pays"):
        raise InputError(f"what follows {label!r} must be decision(…), chance(…) or ending(…); got {value!r}")
    node: TreeNode = value
    return node


@public()
def extensive_game(root: TreeNode, *, players: Sequence[str] | int = 2, name: str = "tree") -> TreeGame:
    """A game in extensive form from the root of its tree.

    Args:
        root: made by `decision`, `chance` and `ending`, one inside the other; the same node may stand in several
            places.
        players: their names, or how many there are, 2 by default.
        name: of the game.

    Raises:
        InputError: for players that are not among them, endings with other numbers of payoffs, an information set
            whose nodes have different actions, players who forget what they did or knew, and trees of more than two
            million nodes.

    Example:
        >>> from nashscape.games import chance, decision, ending, extensive_game
        >>> answer = decision("trustee", {"share": ending(2, 2), "keep": ending(0, 4)})
        >>> game = extensive_game(
        ...     decision("investor", {"send": answer, "hold": ending(1, 1)}), players=("investor", "trustee")
        ... )
        >>> game, game.rows
        (<TreeGame tree: 2 players, 1+1 information sets, 3 plays>, (('start',), ('send',)))
        >>> game.regrets([[[1.0, 0.0]], [[0.0, 1.0]]]).tolist()    # send, and keep
        [1.0, 0.0]

    Source: Kuhn (1953); Osborne and Rubinstein (1994), chapter 11.
    """
    given = [f"player {k + 1}" for k in range(players)] if isinstance(players, int) else list(players)
    if len(given) < 2 or len(set(given)) != len(given):
        raise InputError(f"a game has two players or more, with different names; got {given}")
    _node(root, "the start")
    building = _Building(Tree(given, [[] for _ in given], name=name, names=[[] for _ in given]))
    building.add(root)
    return from_tree(building.tree)


@dataclass
class _Building:
    """A tree while it is built."""

    tree: Tree
    known: list[dict[Hashable, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nobody has an information set yet."""
        self.known = [{} for _ in self.tree.players]

    def add(self, root: TreeNode) -> None:
        """All nodes from the root on."""
        waiting: list[tuple[TreeNode, tuple[str, ...], tuple[int, ...]]] = [(root, (), ())]
        while waiting:
            node, path, way = waiting.pop()
            if len(self.tree.nodes) % 4096 == 0:
                check_nodes(self.tree.name, len(self.tree.nodes))
            below = self._added(node, path, way)
            waiting.extend(
                (own, (*path, label or str(k + 1)), (*way, k)) for k, (label, own) in reversed(list(enumerate(below)))
            )

    def _added(self, node: TreeNode, path: tuple[str, ...], way: tuple[int, ...]) -> list[tuple[str, TreeNode]]:
        tree = self.tree
        if node.pays and len(node.pays) != len(tree.players):
            raise InputError(
                f"after {' '.join(path) or 'nothing'} {len(node.pays)} payoffs are paid; there are {len(tree.players)} "
                f"players, {', '.join(tree.players)}"
            )
        if _decides(node):
            mover, place = self._set(node, path, way)
            tree.nodes.append(Node(mover, place, payoffs=node.pays, branches=len(node.branches)))
            return list(node.branches)
        if _is_chance(node):
            shares = tuple(share for _, share, _ in node.branches)
            labels = tuple(label for label, _, _ in node.branches)
            if any(labels):
                tree.moves[len(tree.nodes)] = labels
            tree.nodes.append(Node(-1, chances=shares, payoffs=node.pays, branches=len(shares)))
            return [(label, below) for label, _, below in node.branches]
        tree.nodes.append(Node(None, payoffs=node.pays))
        return []

    def _set(self, node: Decision, path: tuple[str, ...], way: tuple[int, ...]) -> tuple[int, int]:
        """The mover, and the number of its information set."""
        tree, mover = self.tree, self._mover(node.player)
        labels = tuple(label for label, _ in node.branches)
        key: Hashable = (None, way) if node.knows is None else (node.knows,)
        place = self.known[mover].setdefault(key, len(self.known[mover]))
        if place == len(tree.sets[mover]):
            tree.sets[mover].append(labels)
            tree.names[mover].append(_said(path if node.knows is None else node.knows))
        elif tree.sets[mover][place] != labels:
            raise InputError(
                f"{tree.players[mover]} knows {node.knows!r} at nodes with the actions "
                f"{', '.join(tree.sets[mover][place])} and with {', '.join(labels)}; nodes that a player does not tell "
                "apart have the same actions, in the same order"
            )
        return mover, place

    def _mover(self, player: int | str) -> int:
        names = self.tree.players
        if isinstance(player, str) and player in names:
            return list(names).index(player)
        if isinstance(player, int) and 0 <= player < len(names):
            return player
        raise InputError(
            f"there is no player {player!r}; players are {', '.join(names)}, or their numbers from 0: give players="
        )


def _decides(node: TreeNode) -> "TypeIs[Decision]":
    return hasattr(node, "player")


def _is_chance(node: TreeNode) -> "TypeIs[Chance]":
    return hasattr(node, "branches") and not _decides(node)


def _said(known: Any) -> str:
    """What a player knows, as a name."""
    if isinstance(known, tuple):
        return " ".join(filter(None, map(_said, known))) or "start"
    return str(known)
