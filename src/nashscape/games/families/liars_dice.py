"""Liar's dice in extensive form."""

from fractions import Fraction
from itertools import product

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.trees.building import TreeNode, chance, decision, ending, extensive_game
from nashscape.games.forms.trees.tree_game import TreeGame

MOST = 6
"""Sides of a die: with each the tree is more than four times as large."""


@public()
def liars_dice(sides: int = 4) -> TreeGame:
    """Liar's dice of two players with a die each: bids rise until one calls the other a liar.

    A bid says how many of the two dice show a face: 1x3 is one three. Bids rise in number, then in face. The highest
    face counts as any. Once a player calls, the dice are seen: who bid wins 1 if at least as many show the face, else
    loses 1. Rows are called by the own die and by the bids so far.

    Args:
        sides: of the dice, from 1 to 6; `sides · 4^sides` information sets in all. Six take half a minute.

    Raises:
        InputError: for other numbers of sides.

    Example:
        >>> liars_dice()
        <TreeGame liars_dice: 2 players, 512+512 information sets, 4080 plays>

    Source: Lanctot et al. (2019), OpenSpiel; Ferguson and Ferguson (1991), Models for the game of liar's dice.
    """
    sides = positive_integer(sides, "sides")
    if sides > MOST:
        raise InputError(f"liar's dice is written out for dice of up to {MOST} sides; got {sides}")
    faces = range(1, sides + 1)
    bids = [(number, face) for number in (1, 2) for face in faces]
    share = Fraction(1, sides**2)
    root = chance([(share, _bidding(dice, bids, ())) for dice in product(faces, repeat=2)])
    return extensive_game(root, name="liars_dice")


def _bidding(dice: tuple[int, ...], bids: list[tuple[int, int]], made: tuple[int, ...]) -> TreeNode:
    """From a node on, after the bids with these numbers."""
    highest, player = bids[-1][1], len(made) % 2
    branches: dict[str, TreeNode] = {}
    if made:
        number, face = bids[made[-1]]
        right = sum(die in (face, highest) for die in dice) >= number
        caller = -1 if right else 1
        branches["liar"] = ending(*(caller if k == player else -caller for k in range(2)))
    for k in range(made[-1] + 1 if made else 0, len(bids)):
        branches[_said(bids[k])] = _bidding(dice, bids, (*made, k))
    return decision(player, branches, knows=(str(dice[player]), *(_said(bids[k]) for k in made)))


def _said(bid: tuple[int, int]) -> str:
    return f"{bid[0]}x{bid[1]}"
