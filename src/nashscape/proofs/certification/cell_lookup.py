"""Which of many cells a point lies in, where the cells come from halving one region again and again."""

from itertools import product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
OUTSIDE = -2
SHIFT = 1e-6
"""Of a cell: how far from an edge both sides are looked at."""


def label_points(
    points: Floats, low: Floats, high: Floats, label: npt.NDArray[np.int32], region: Floats
) -> npt.NDArray[np.int32]:
    """The labels of the cells of points `[P, d]`; OUTSIDE where a point lies in none.

    Cells of one size lie on a lattice, on which a point's place is looked up, on both sides of an edge that it is on;
    whether the cell found there holds the point is then looked at with its own ends, so that rounding misplaces none.
    A point on the edge of several cells has the label of one that is decided, if any.
    """
    found = np.full(len(points), OUTSIDE, np.int32)
    side = np.where(region[1] > region[0], region[1] - region[0], 1.0)
    halvings = np.rint(np.log2(side / np.where(high > low, high - low, side))).astype(np.int64)
    for level in np.unique(halvings, axis=0):
        cells = np.flatnonzero((halvings == level).all(axis=1))
        scale = 2.0**level / side
        keys = _keys(((low[cells] + high[cells]) / 2 - region[0]) * scale, level)
        order = np.argsort(keys)
        place = (points - region[0]) * scale
        for shift in product((-SHIFT, SHIFT), repeat=points.shape[1]):
            asked = _keys(place + shift, level)
            cell = cells[order[np.searchsorted(keys[order], asked).clip(max=len(cells) - 1)]]
            inside = ((points >= low[cell]) & (points <= high[cell])).all(axis=1)
            found[inside] = np.maximum(found[inside], label[cell[inside]])
    return found


def _keys(place: Floats, level: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """One whole number for each place on the lattice."""
    count = 2**level
    index = np.clip(np.floor(place), 0, count - 1).astype(np.int64)
    return np.asarray(index @ np.cumprod(np.append(1, count[:-1])), np.int64)
