"""A continuous version: hats for every set of stacks that is as large as its rest.

A player's stack is a point of [0, 1), and a hat is a set of measure ½: it is black where the stack lies in it. Who sees
the stack v of the other names a set `S_v`, who sees u names `T_u`, and both win where `u ∈ S_v` and `v ∈ T_u`. This
model is ours. Here the interval is cut into cells, and sets are unions of these.
"""

import numpy as np
import numpy.typing as npt

Sets = npt.NDArray[np.bool_]
"""For every cell that is seen, row by row, which cells a set holds; half of them, `[m, m]`."""


def turning(cells: int) -> tuple[Sets, Sets]:
    """Both name the sets of `u + v < ½` modulo one, so that both are right or both wrong."""
    places = np.arange(cells)
    pairs = (places[:, None] + places[None]) % cells < cells // 2
    return pairs, pairs.T


def chance(first: Sets, second: Sets) -> float:
    """The chance to win: `first[v]` holds the u for which the first is right, `second[u]` the v."""
    return float((first.T & second).mean())


def response(first: Sets) -> tuple[Sets, float]:
    """A best answer to a strategy, and the chance to win with it: `∫ min(½, |{v : u ∈ S_v}|) du`.

    For every u the set must hold as much as it can of the v for which the other is right; what is left of one half
    changes nothing.
    """
    cells = len(first)
    order = np.argsort(~first.T, axis=1, kind="stable")[:, : cells // 2]
    made = np.zeros((cells, cells), bool)
    np.put_along_axis(made, order, True, axis=1)
    return made, float(np.minimum(0.5, first.T.mean(axis=1)).mean())


def drawn(cells: int, seed: int) -> Sets:
    """A strategy at random: half of the cells for each that is seen."""
    random = np.random.default_rng(seed)
    made = np.zeros((cells, cells), bool)
    np.put_along_axis(made, random.random((cells, cells)).argsort(axis=1)[:, : cells // 2], True, axis=1)
    return made
