"""The Tiny Hanabi suite in extensive form: six small games of two players who want the same."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Any

from nashscape.core import choice
from nashscape.core.calls import public
from nashscape.games.forms.trees.building import TreeNode, chance, decision, ending, extensive_game
from nashscape.games.forms.trees.tree_game import TreeGame

PAYOFFS: Mapping[str, Any] = MappingProxyType({
    "A": [[[[0, 1], [0, 0]], [[0, 1], [3, 2]]], [[[3, 3], [3, 2]], [[2, 0], [3, 3]]]],
    "B": [[[[1, 0], [1, 0]], [[0, 1], [0, 1]]], [[[0, 1], [0, 0]], [[1, 0], [1, 0]]]],
    "C": [[[[3, 0], [0, 3]], [[2, 0], [3, 3]]], [[[2, 2], [3, 0]], [[0, 1], [0, 2]]]],
    "D": [[[[3, 0], [1, 3]], [[3, 0], [3, 0]]], [[[3, 2], [0, 2]], [[0, 1], [0, 0]]]],
    "E": [
        [[[10, 0, 0], [4, 8, 4], [10, 0, 0]], [[0, 0, 10], [4, 8, 4], [0, 0, 10]]],
        [[[0, 0, 10], [4, 8, 4], [0, 0, 0]], [[10, 0, 0], [4, 8, 4], [10, 0, 0]]],
    ],
    "F": [
        [[[0, 3], [3, 2]], [[0, 0], [0, 1]], [[3, 1], [2, 1]]],
        [[[0, 2], [0, 1]], [[1, 2], [1, 2]], [[0, 1], [0, 3]]],
        [[[1, 3], [1, 2]], [[0, 3], [2, 2]], [[3, 1], [3, 0]]],
    ],
})  # fmt: skip
"""By card of the first, card of the second, action of the first, action of the second."""


@public()
def tiny_hanabi(letter: str = "A") -> TreeGame:
    """A game of the Tiny Hanabi suite: both are dealt a card, the first acts, the second sees it and acts.

    Cards are drawn with even chances and with replacement; both get the same. The first player's action is worth
    something by itself, and tells the second about its card. The most that can be had: 2.25 in A, 1 in B, 2.5 in C and
    D, 10 in E, 7/3 in F.

    Args:
        letter: from A to F.

    Raises:
        InputError: for other letters.

    Example:
        >>> tiny_hanabi("E"), tiny_hanabi("E").rows[1]
        (<TreeGame tiny_hanabi: 2 players, 2+6 information sets, 36 plays>, ('1 a', '1 b', '1 c', '2 a', '2 b', '2 c'))

    Source: Foerster et al. (2019), Bayesian action decoder, for A; Sokota, Lockhart, Timbers et al. (2021), Solving
    common-payoff games with approximate policy iteration, for the suite.
    """
    payoffs = PAYOFFS[choice(str(letter).upper(), "letter", PAYOFFS)]
    cards = range(len(payoffs))
    share = Fraction(1, len(payoffs) ** 2)
    root = chance({f"{x + 1}{y + 1}": (share, _acting(x, y, payoffs[x][y])) for x, y in product(cards, repeat=2)})
    return extensive_game(root, name="tiny_hanabi")


def _acting(first: int, second: int, payoffs: Any) -> TreeNode:
    branches = {}
    for name, paid in zip("abc", payoffs, strict=False):
        answers = {answer: ending(u, u) for answer, u in zip("abc", paid, strict=False)}
        branches[name] = decision(1, answers, knows=(str(second + 1), name))
    return decision(0, branches, knows=str(first + 1))
