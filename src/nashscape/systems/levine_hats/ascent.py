"""The best strategies of stacks that a search finds, counted in whole numbers, and the values of blocks.

The search is that of `learning.best_replies` in turn, with the first of several best hats; they are compared start by
start in the tests. Here wins are whole numbers, so that what it finds are exact fractions, and no stack of another
height needs a program of its own.
"""

from collections import Counter
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


def won(stacks: Whole, first: Whole, second: Whole) -> int:
    """Over how many pairs of stacks both name a black hat; `first[y]` is the hat for the stack y that is seen."""
    return int((stacks[:, first] * stacks[:, second].T).sum())


def climbed(stacks: Whole, first: Whole) -> tuple[int, Whole, Whole]:
    """The end of best answers in turn: the pairs that are won, and both strategies."""
    best = -1
    while True:
        # what the second sees is x: hat j of y counts where the first is right about y
        second = np.asarray((stacks[:, first] @ stacks).argmax(axis=1))
        first = np.asarray((stacks[:, second] @ stacks).argmax(axis=1))
        now = won(stacks, first, second)
        if now <= best:
            return now, first, second
        best = now


def optima(stacks: Whole, starts: int, seed: int) -> Counter[int]:
    """How often best answers in turn end with so many pairs won, from random strategies."""
    random = np.random.default_rng(seed)
    return Counter(climbed(stacks, random.integers(0, stacks.shape[1], len(stacks)))[0] for _ in range(starts))


def share(stacks: Whole, pairs: int) -> Fraction:
    """Of all pairs of stacks, exactly."""
    return Fraction(pairs, len(stacks) ** 2)


def value_of_blocks(length: int, within: Fraction) -> Fraction:
    """The chance to win with infinite stacks, by blocks of a length.

    With the chance `r = 2^{1−L}` of a block of one colour and `p = 1 − r`: both of several colours, they win with the
    chance within; one of one colour, ¼; both, the next block decides: `V = p² w + 2 p r / 4 + r² V`.

    >>> value_of_blocks(3, Fraction(15, 36))
    Fraction(7, 20)
    """
    r = Fraction(2, 2**length)
    p = 1 - r
    return (p * p * within + p * r / 2) / (1 - r * r)


def rate(length: int) -> float:
    """By which factor what is missing of the value shrinks with every further hat, `4^{−(1 − 1/L)}`: r² for L hats."""
    return float(4.0 ** -(1 - 1 / length))
