"""A tree as its players see it: rows, and the sequences of own moves that lead to each and to every end.

With perfect recall one sequence of own moves leads to every information set (Kuhn 1953; Koller, Megiddo, von Stengel
1996). So a play z has the probability c(z) Π_i x_i(s_i(z)), where c are the chances on the way, s_i(z) the moves of
player i there, and x_i(s) the product of its probabilities along s.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games.forms.trees.nodes import Tree

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

Columns = Sequence[Sequence[Sequence[int]]]
"""Of every player and information set, the column of each action."""

Moves = tuple[tuple[int, int], ...]
"""Of one player: (information set, action), one after the other."""


@dataclass(frozen=True, eq=False)
class Side:
    """What one player moves on. Sequence 0 is that of no moves, `1 + row · A + action` ends with that action there.

    Attributes:
        legal: which actions there are in every row, `[R, A]`.
        before: the sequence that leads to every row, `[R]`. Rows come by the number of own moves before them.
        levels: the rows with as many own moves before them, as (first, beyond the last).
        ends: the sequence of every end of the tree, `[Z]`.
    """

    legal: Bools
    before: Ints
    levels: tuple[tuple[int, int], ...]
    ends: Ints

    @property
    def sequences(self) -> int:
        """How many numbers sequences have: one of no moves, and one for every entry of `legal`."""
        return 1 + self.legal.size


@dataclass(frozen=True, eq=False)
class Sequences:
    """The sides of a tree: what a compiled program depends on. Two are equal where all their arrays are.

    Attributes:
        sides: of every player.
    """

    sides: tuple[Side, ...]

    @cached_property
    def digest(self) -> bytes:
        """What tells it from others."""
        made = hashlib.sha256()
        for side in self.sides:
            for own in (side.legal, side.before, side.ends):
                made.update(repr(own.shape).encode() + own.tobytes())
        return made.digest()

    def __eq__(self, other: object) -> bool:
        """Whether rows, moves and ends are the same, whatever they are called."""
        return getattr(other, "digest", None) == self.digest

    def __hash__(self) -> int:
        """By the same."""
        return hash(self.digest)


@dataclass(frozen=True)
class Ends:
    """The plays of a tree, in its order: every end that there is, those of chance 0 too.

    Attributes:
        chances: the product of the chances on the way, for each.
        payoffs: what every player gets on the way and at the end, added up.
        moves: of every player, its moves as (information set, action), by its own numbers in the tree.
        nodes: the number of the node in the tree.
    """

    chances: list[Fraction]
    payoffs: list[tuple[Fraction, ...]]
    moves: list[tuple[Moves, ...]]
    nodes: list[int]


def ends_of(tree: Tree) -> Ends:
    """All plays of a tree, exactly.

    Raises:
        InputError: for a player who forgets what it did or knew.
    """
    found = Ends([], [], [], [])
    nothing = (Fraction(0),) * len(tree.players)
    waiting: list[tuple[Fraction, tuple[Fraction, ...], Any]] = [(Fraction(1), nothing, ((),) * len(tree.players))]
    known: dict[tuple[int, int], Moves] = {}
    for number, node in enumerate(tree.nodes):
        chance, paid, moves = waiting.pop()
        if node.payoffs:
            paid = tuple(a + b for a, b in zip(paid, node.payoffs, strict=True))
        mover = node.mover
        if mover is None:
            for kept, own in zip((found.chances, found.payoffs, found.moves, found.nodes),
                                 (chance, paid, moves, number), strict=True):  # fmt: skip
                kept.append(own)  # type: ignore[attr-defined]
            continue
        if mover < 0:
            waiting.extend((chance * p, paid, moves) for p in reversed(node.chances))
            continue
        own = moves[mover]
        if known.setdefault((mover, node.place), own) != own:
            raise _forgets(tree, mover, node.place, known[mover, node.place], own)
        waiting.extend(
            (chance, paid, (*moves[:mover], (*own, (node.place, k)), *moves[mover + 1 :]))
            for k in reversed(range(node.branches))
        )
    return found


def _forgets(tree: Tree, player: int, place: int, first: Moves, now: Moves) -> InputError:
    def said(moves: Moves) -> str:
        return " ".join(tree.sets[player][own][k] or str(k + 1) for own, k in moves) or "nothing"

    name = tree.names[player][place] if tree.names and tree.names[player][place] else str(place + 1)
    return InputError(
        f"{tree.name}: {tree.players[player]} forgets what it did or knew: its information set {name!r} comes after "
        f"{said(first)} and after {said(now)}, which are different moves or moves at different sets; behaviour "
        "strategies need perfect recall: let players know their own moves, or take the normal form, which "
        "games.read_game and games.parse_game give"
    )


def sequences_of(ends: Ends, columns: Columns) -> tuple[Sequences, list[list[int]]]:
    """The sides of a tree, and for every player its information sets in the order of the rows.

    Args:
        ends: the plays of a tree with perfect recall.
        columns: for every player and information set the column of each action.
    """
    made = [_side([moves[player] for moves in ends.moves], own) for player, own in enumerate(columns)]
    return Sequences(tuple(side for side, _ in made)), [order for _, order in made]


NEVER = Side(np.ones((1, 1), bool), np.zeros(1, np.int32), ((0, 1),), np.zeros(0, np.int32))
"""A player who never moves has one row with one action."""


def _side(plays: Sequence[Moves], columns: Sequence[Sequence[int]]) -> tuple[Side, list[int]]:
    before: dict[int, Moves] = {}
    for moves in plays:
        for k, (place, _) in enumerate(moves):
            before.setdefault(place, moves[:k])
    if not before:
        return replace(NEVER, ends=np.zeros(len(plays), np.int32)), []
    order = sorted(before, key=lambda place: (len(before[place]), place))
    row, width = {place: k for k, place in enumerate(order)}, 1 + max(max(columns[place]) for place in order)
    legal = np.zeros((len(order), width), bool)
    for place in order:
        legal[row[place], list(columns[place])] = True

    def last(moves: Moves) -> int:
        return 1 + row[moves[-1][0]] * width + columns[moves[-1][0]][moves[-1][1]] if moves else 0

    depths = [len(before[place]) for place in order]
    levels = tuple((depths.index(d), len(depths) - depths[::-1].index(d)) for d in sorted(set(depths)))
    found = [np.array([last(moves) for moves in own], np.int32) for own in ([before[place] for place in order], plays)]
    return Side(legal, found[0], levels, found[1]), order
