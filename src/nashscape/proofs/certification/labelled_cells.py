"""What certificates have in common: cells that fill a region, some of them with the trap that they lead to."""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Result
from nashscape.proofs.certification.cell_lookup import label_points

Floats = npt.NDArray[np.float64]


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
        return label_points(given, self.low, self.high, self.label, self.region)

    def traps_at(self, points: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """The number of the trap that the cell of each of some points leads to; see `labels_at`."""
        return label_points(np.asarray(points, np.float64), self.low, self.high, self.trap, self.region)

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
