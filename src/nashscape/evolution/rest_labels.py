"""To which rest point starts go."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.evolution.motions import Motion
from nashscape.evolution.rest_kinds import observed
from nashscape.evolution.rest_points import RestPoint

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def labels_of(moving: Motion, starts: Floats, ends: Floats, points: Sequence[RestPoint]) -> Ints:
    """The rest point to which each start goes, by number; −1 where that is open."""
    labels = np.full(len(starts), -1)
    for k, point in enumerate(points):
        place = np.array(point.shares)
        for support in {tuple(own) for own in (starts > 0).tolist()}:
            there = (starts > 0) == support
            near = there.all(1) & (np.abs(ends - place).max(1) <= moving.near)
            if near.any() and _attracts(moving, point, support):
                labels[near] = k
    return labels


def _attracts(moving: Motion, point: RestPoint, support: tuple[bool, ...]) -> bool:
    """Whether starts tried near a rest point come to it; where types that are missing stay away, without these.

    Eigenvalues do not say how far from it they count, and in how long a time it is reached.
    """
    types = [i for i, own in enumerate(support) if own or not moving.imitates]
    if any(share and i not in types for i, share in enumerate(point.shares)):
        return False
    return observed(moving, np.array([point.shares]), types) == ["attracting"]


def ending_of(moving: Motion, shares: Floats, points: Sequence[RestPoint]) -> tuple[RestPoint | None, str]:
    """Where a path goes, and how to say it."""
    start = shares[0]
    for point in points:
        if np.abs(start - np.array(point.shares)).max() <= 1e-15 and point.attraction != "attracting":
            return point, f"stays at {point.told}"
    label = int(labels_of(moving, shares[:1], shares[-1:], points)[0])
    if label >= 0:
        return points[label], f"goes to {points[label].told}"
    if not np.abs(moving.velocity(start)).max():
        return None, "stays, at a rest point that is not isolated"
    return None, "open"
