"""What a mediator's players gain by not doing as they are told, and what they gain by never listening to it."""

from typing import Any

import numpy as np

KINDS = ("correlated", "coarse correlated")


def gains(payoffs: Any, joint: Any, kind: str) -> tuple[Any, ...]:
    """What each deviation from a distribution over joint actions gains, per player.

    Correlated: of who is told a and plays b, `Σ_{s: s_i = a} μ(s) (u_i(b, s_-i) − u_i(s))`, `[a_i, a_i]`; the chance of
    being told a is in it. Coarse correlated: of who plays b whatever it is told, `Σ_s μ(s) (u_i(b, s_-i) − u_i(s))`,
    `[a_i]`, the sum of the former over a.

    Args:
        payoffs: doubles or fractions, `[n, a_1, …, a_n]`.
        joint: a distribution μ of the same kind of numbers, `[a_1, …, a_n]`.
        kind: "correlated" or "coarse correlated".

    Example:
        >>> from nashscape import games
        >>> table = games.chicken().payoffs
        >>> [own.tolist() for own in gains(table, np.array([[0.0, 0.5], [0.5, 0.0]]), "correlated")][0]
        [[0.0, -1.0], [-0.5, 0.0]]
    """
    made = []
    for i, own in enumerate(payoffs):
        size = own.shape[i]
        played = np.moveaxis(joint, i, 0).reshape(size, -1)
        worth = np.moveaxis(own, i, 0).reshape(size, -1)
        by_told = played @ worth.T
        told = by_told - np.diagonal(by_told)[:, None]
        made.append(told if kind == "correlated" else told.sum(axis=0))
    return tuple(made)


def constraints(payoffs: Any, kind: str) -> list[Any]:
    """The inequalities `Σ_s μ(s) c(s) ≥ 0` of all deviations, `[deviations of i, joint actions]` of every player i.

    They are written down profile by profile, not by the products of `gains`, which checks what they lead to.
    """
    shape = payoffs.shape[1:]
    every = []
    for i, own in enumerate(payoffs):
        rows = []
        for b in range(shape[i]):
            instead = np.take(own, [b], axis=i)
            lost = own - instead
            if kind == "coarse correlated":
                rows.append(lost.ravel())
                continue
            for a in range(shape[i]):
                if a != b:
                    row = 0 * lost
                    place = (*(slice(None),) * i, a)
                    row[place] = lost[place]
                    rows.append(row.ravel())
        every.append(np.array(rows, dtype=own.dtype).reshape(len(rows), own.size))
    return every
