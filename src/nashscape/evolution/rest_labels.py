"""To which rest point starts go."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.evolution.motions import Motion
from nashscape.evolution.rest_points import RestPoint, attraction

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
    """Whether a rest point attracts where some types are missing, which matters where they stay away."""
    if point.attraction == "attracting" or all(support) or not moving.imitates:
        return point.attraction == "attracting"
    types = [i for i, own in enumerate(support) if own]
    if any(share and not own for share, own in zip(point.shares, support, strict=True)):
        return False
    return attraction(moving, np.array([point.shares]), types) == ["attracting"]


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
