"""What boxes that stayed undecided have in common: hulls of those that touch, and points in them."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nashscape.theory.nash.ranges import EPS
from nashscape.theory.nash.support_systems import System

Floats = npt.NDArray[np.float64]

SOLVED = 1e-12
"""In units of each equation's largest payoff difference: what is left of it at a point that counts as a solution."""

TRIES = 8
NEWTON_STEPS = 50


def hulls(boxes: Floats) -> Iterator[Floats]:
    """Boxes `[N, D, 2]` in groups of those that touch, directly or through others.

    >>> boxes = np.array([[[0.0, 0.1]], [[0.1, 0.2]], [[0.5, 0.6]]])
    >>> [len(group) for group in hulls(boxes)]
    [2, 1]
    """
    left = np.ones(len(boxes), bool)
    while left.any():
        group = np.zeros(len(boxes), bool)
        new = [int(np.flatnonzero(left)[0])]
        left[new] = False
        while new:
            group[new] = True
            low, high = boxes[new, :, 0].min(axis=0), boxes[new, :, 1].max(axis=0)
            near = left & (boxes[..., 0] <= high + 4 * EPS).all(axis=1) & (boxes[..., 1] >= low - 4 * EPS).all(axis=1)
            candidates = np.flatnonzero(near)
            touching = [int(k) for k in candidates if _touches(boxes[k], boxes[new])]
            left[touching] = False
            new = touching
        yield boxes[group]


def _touches(one: Floats, others: Floats) -> bool:
    apart = (others[..., 0] > one[:, 1] + 4 * EPS) | (others[..., 1] < one[:, 0] - 4 * EPS)
    return not apart.any(axis=1).all()


def solution_in(system: System, boxes: Floats) -> Floats | None:
    """A flat point `[D]` in the hull of boxes that solves the equations up to rounding and breaks no condition.

    Newton's method with least squares, from several of the boxes; None where it leads to none.
    """
    low, high = boxes[..., 0].min(axis=0), boxes[..., 1].max(axis=0)
    middle = (boxes[..., 0] + boxes[..., 1]) / 2
    centre = middle.mean(axis=0)
    order = np.argsort(np.abs(middle - centre).sum(axis=1), kind="stable")
    for k in order[np.unique(np.linspace(0, len(order) - 1, TRIES).astype(int))]:
        p = middle[k][system.later]
        for _ in range(NEWTON_STEPS):
            flat = system.filled_up(p[None]).clip(0.0, 1.0)
            below, above = system.slopes(flat, flat)
            value = system.values(p[None])[0][0]
            p = p - np.linalg.pinv((below[0] + above[0]) / 2, rcond=1e-9) @ value
            if not np.isfinite(p).all() or np.abs(p).max() > 2:
                break
            if np.abs(value).max() < SOLVED:
                flat = system.filled_up(p[None])
                reach = 0.05 * (high - low) + 1e-9
                inside = ((flat >= np.maximum(low - reach, 0.0)) & (flat <= np.minimum(high + reach, 1.0))).all()
                if inside and system.possible(flat, flat)[0]:
                    return np.asarray(flat[0])
                break
    return None
