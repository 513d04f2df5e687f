"""How many actions a player needs in each of its information sets, in random games with one-sided information.

In each round the informed player moves, the other sees it and replies, and tables change from round to round, so that
it matters when something is revealed. That is what a step of a differential game comes to.
"""

from collections.abc import Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
TINY = 1e-9


class Solved(NamedTuple):
    """The value, and the other's mixture of replies after every past and row, by round, `[rows^n, rows, columns]`."""

    value: float
    replies: list[Floats]


def solved(tables: Floats, prior: Floats, rows: Sequence[Sequence[Sequence[int]]] | None = None) -> Solved:
    """What the informed player gets in all rounds, if it uses some rows alone after each past.

    Args:
        tables: payoffs, `[rounds, states, rows, columns]`.
        prior: of the states.
        rows: by round and past the rows that may be used; all by default.

    >>> tables = np.array([[[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]]])
    >>> round(solved(tables, np.array([0.5, 0.5])).value + 1, 9)
    1.0
    """
    from scipy.optimize import linprog

    rounds, states, m, columns = tables.shape
    pasts = [m**n for n in range(rounds)]
    starts = np.cumsum([0, *(states * past * m for past in pasts)])
    plans = [starts[n] + np.arange(states * pasts[n] * m).reshape(states, pasts[n], m) for n in range(rounds)]
    begun = starts[-1] + np.cumsum([0, *(past * m for past in pasts)])
    worth = [begun[n] + np.arange(pasts[n] * m).reshape(pasts[n], m) for n in range(rounds)]
    size = int(begun[-1])
    under, equal, right = [], [], []
    for n in range(rounds):
        for h, r, j in product(range(pasts[n]), range(m), range(columns)):
            line = np.zeros(size)
            line[worth[n][h, r]], line[plans[n][:, h, r]] = 1.0, -tables[n, :, r, j]
            under.append(line)
        for k, h in product(range(states), range(pasts[n])):
            line = np.zeros(size)
            line[plans[n][k, h]] = 1.0
            if n:
                line[plans[n - 1][k].ravel()[h]] = -1.0
            equal.append(line)
            right.append(0.0 if n else prior[k])
    ends = np.full((size, 2), [0.0, np.inf])
    ends[starts[-1] :, 0] = -np.inf
    if rows is not None:
        for n, allowed in enumerate(rows):
            for h, some in enumerate(allowed):
                ends[plans[n][:, h, [r for r in range(m) if r not in some]], 1] = 0.0
    cost = np.where(np.arange(size) >= starts[-1], -1.0, 0.0)
    found = linprog(cost, np.array(under), np.zeros(len(under)), np.array(equal), right, ends, method="highs")
    prices = np.split(-found.ineqlin.marginals.reshape(-1, columns), np.cumsum([past * m for past in pasts])[:-1])
    replies = [np.maximum(own, 0.0).reshape(past, m, columns) for own, past in zip(prices, pasts, strict=True)]
    return Solved(-float(found.fun), [own / own.sum(axis=-1, keepdims=True) for own in replies])


def best_with(tables: Floats, prior: Floats, count: int) -> float:
    """The most that the informed player gets with so many rows in every information set, over all choices of them."""
    rounds, _, m, _ = tables.shape
    some = list(combinations(range(m), count))
    pasts = [m**n for n in range(rounds)]
    best = -np.inf
    for first in some:
        # pasts that do not come about need no choice
        later = [[h for h in range(past) if h // max(past // m, 1) in first] for past in pasts[1:]]
        for chosen in product(*(product(some, repeat=len(own)) for own in later)):
            rows = [[first]]
            for past, own, sets in zip(pasts[1:], later, chosen, strict=True):
                rows.append([sets[own.index(h)] if h in own else some[0] for h in range(past)])
            best = max(best, solved(tables, prior, rows).value)
    return best


def most_replies(tables: Floats, prior: Floats) -> tuple[int, float]:
    """How many replies the other needs at most anywhere, and what it holds the informed player to with them.

    Its optimal mixtures hold every state to some payoff from each past on. Mixtures at a corner of all that do so have
    as few replies.
    """
    found = solved(tables, prior)
    rounds, states, m, _ = tables.shape
    later, most = np.zeros((states, m**rounds)), 0
    for n in reversed(range(rounds)):
        left = later.reshape(states, -1, m)
        # what each row is held to after each past, by state
        held = np.einsum("krj,hrj->khr", tables[n], found.replies[n]) + left
        few = np.array([
            [_at_a_corner(tables[n, :, r], held[:, h, r] - left[:, h, r]) for r in range(m)]
            for h in range(held.shape[1])
        ])  # fmt: skip
        most = max(most, int((few > TINY).sum(axis=-1).max()))
        later = (np.einsum("krj,hrj->khr", tables[n], few) + left).max(axis=-1)
    return most, float(prior @ later[:, 0])


def _at_a_corner(table: Floats, targets: Floats) -> Floats:
    """A mixture of columns with few of them that pays each state no more than its target, `[columns]`."""
    from scipy.optimize import linprog

    columns = table.shape[1]
    found = linprog(
        [0.0] * columns + [1.0], np.hstack([table, -np.ones((len(table), 1))]), targets, [[1.0] * columns + [0.0]],
        [1.0], [(0, None)] * columns + [(None, None)], method="highs-ds",
    )  # fmt: skip
    made: Floats = np.where(found.x[:-1] > TINY, found.x[:-1], 0.0)
    return made / made.sum()
