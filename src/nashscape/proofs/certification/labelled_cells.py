"""What certificates have in common: cells that fill a region, some of them with the trap that they lead to."""

from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Result

Floats = npt.NDArray[np.float64]
OUTSIDE = -2
SHIFT = 1e-6
"""Of a cell: how far from an edge both sides are looked at."""


class LabelledCells(Result):
    """Base of frozen dataclasses that declare the fields named below; see `Certificate` for what they hold."""

    computed: ClassVar[tuple[str, ...]] = ("cells", "certified", "undecided")

    if TYPE_CHECKING:
        # for type checkers alone, as in Result
        targets: tuple[str, ...]
        coordinates: str
        region: Floats
        low: Floats
        high: Floats
        trap: npt.NDArray[np.int32]
        traps: tuple[Any, ...]

    @property
    def label(self) -> npt.NDArray[np.int32]:
        """Index in `targets` of what the trap of a cell leads to, `[N]`; −1 where undecided."""
        numbers = [self.targets.index(trap.target) for trap in self.traps]
        return np.append(np.array(numbers, np.int32), np.int32(-1))[self.trap]

    @property
    def shares(self) -> Floats:
        """The share of the region in every cell, `[N]`, in the region's own coordinates."""
        side = self.region[1] - self.region[0]
        free = side > 0
        return np.asarray(np.prod((self.high - self.low)[:, free] / side[free], axis=1))

    def fraction(self, target: str | None = None) -> float:
        """The share of the region that is certified for a corner, by default the first."""
        return float(self.shares[self.label == self.number(target)].sum())

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.low)

    @property
    def certified(self) -> dict[str, float]:
        """The share of the region that is certified for every target; see `fraction`."""
        return {name: self.fraction(name) for name in self.targets}

    @property
    def undecided(self) -> float:
        """The share of the region of which nothing was proved."""
        return float(self.shares[self.trap < 0].sum())

    def labels_at(self, points: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """The label of the cell in which each of some points lies, `[P, d]` in the region's coordinates.

        −1 where undecided, −2 outside the region.
        """
        given = np.asarray(points, np.float64)
        if given.ndim != 2 or given.shape[1] != self.region.shape[1]:
            raise InputError(f"points are [P, {self.region.shape[1]}] {self.coordinates}; got shape {given.shape}")
        return _label_points(given, self.low, self.high, self.label, self.region)

    def traps_at(self, points: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """The number of the trap that the cell of each of some points leads to; see `labels_at`."""
        return _label_points(np.asarray(points, np.float64), self.low, self.high, self.trap, self.region)

    def number(self, target: str | None) -> int:
        """The index of a corner in `targets`, by default the first.

        Raises:
            InputError: for a corner that has no trap.
        """
        if target is None:
            return 0
        if target not in self.targets:
            raise InputError(f"nothing is certified of {target!r}; the corners here are {', '.join(self.targets)}")
        return self.targets.index(target)


def _label_points(
    points: Floats, low: Floats, high: Floats, label: npt.NDArray[np.int32], region: Floats
) -> npt.NDArray[np.int32]:
    """The labels of the cells that points `[P, d]` lie in; OUTSIDE where a point lies in none.

    The cells come from halving one region again and again. Cells of one size lie on a lattice, on which a point's place
    is looked up, on both sides of an edge that it is on; whether the cell found there holds the point is then looked at
    with its own ends, so that rounding misplaces none. A point on the edge of several cells has the label of one that
    is decided, if any.
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
