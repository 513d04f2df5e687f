"""Which cells of a region are certified in probability, by halving, and which batch would be enough for any."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import beside, until_stopped
from nashscape.proofs.certification.probable_tubes import NoisyMap

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

FIRST = 3
"""Halvings of every side before anything is tried."""

BLOCK = 1024
"""Cells between two looks at the clock."""

LARGEST_EXPONENT = 50
"""Batches are looked for up to two to this power; the exact update is then as good as reached."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """A region cut into cells by halving all its sides alike; cells are known by whole numbers `[N, d]` at each level.

    Attributes:
        low: its ends, `[d]`.
        high: see `low`.
        in_parameters: from cells of the region to boxes of parameters that hold them.
    """

    low: Floats
    high: Floats
    in_parameters: Callable[[Floats, Floats], tuple[Floats, Floats]]

    @property
    def free(self) -> npt.NDArray[np.bool_]:
        """Sides that have a length."""
        return np.asarray(self.high > self.low)

    def all_cells(self, level: int) -> Counts:
        """All cells of one level."""
        ranges = [range(2**level if own else 1) for own in self.free]
        return np.array(list(itertools.product(*ranges)), np.int64)

    def children(self, cells: Counts) -> Counts:
        """The halves of cells along all sides."""
        parts = np.array(list(itertools.product(*[(0, 1) if own else (0,) for own in self.free])), np.int64)
        twice = np.where(self.free, 2 * cells, cells)
        return (twice[:, None] + parts[None]).reshape(-1, cells.shape[1])

    def ends(self, cells: Counts, level: int) -> tuple[Floats, Floats]:
        """Ends of cells; neighbours share theirs to the digit."""
        count = np.where(self.free, 2**level, 1)

        def edge(index: Counts) -> Floats:
            share = index / count
            return np.where(index == count, self.high, self.low + (self.high - self.low) * share)

        return edge(cells), edge(cells + 1)


@dataclass(frozen=True, eq=False)
class Found:
    """Cells that fill a region: ends `[N, d]`, numbers of traps and steps `[N]`, and whether all were looked at."""

    low: Floats
    high: Floats
    trap: Whole
    steps: Whole
    finished: bool


def decide(
    update: NoisyMap,
    traps: tuple[Floats, Floats],
    lattice: Lattice,
    batch: int,
    *,
    levels: int,
    ends: float,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Try cells, halve those that fail, until they are small or the time is over; the largest first."""
    done: list[tuple[Floats, Floats, Whole, Whole]] = []
    level = min(FIRST, levels)
    cells, finished = lattice.all_cells(level), True
    count = 0

    def leave(cells: Counts, level: int, trap: Whole, steps: Whole) -> None:
        done.append((*lattice.ends(cells, level), trap, steps))

    while len(cells):
        failed: list[Counts] = []
        for first in range(0, len(cells), BLOCK):
            part = cells[first : first + BLOCK]
            nothing = np.full(len(part), -1, np.int32)
            trap = steps = nothing
            if finished := finished and time.perf_counter() < ends:
                with until_stopped() as stop:
                    ends_of = lattice.in_parameters(*lattice.ends(part, level))
                    trap, steps = beside(partial(update.run, *ends_of, traps, batch))
                finished = not stop.early
            stays = (trap >= 0) | (level >= levels) | (not finished)
            leave(part[stays], level, trap[stays], steps[stays])
            failed.append(part[~stays])
            count += int(stays.sum())
            if progress is not None:
                left = sum(len(own) for own in failed) * 2 ** int(lattice.free.sum()) + len(cells) - first - len(part)
                progress(count, count + left)
        cells, level = lattice.children(np.concatenate(failed)), level + 1
    low, high, trap, steps = (np.concatenate(column) for column in zip(*done, strict=True))
    return Found(low, high, trap, steps, finished)


def enough(
    update: NoisyMap, traps: tuple[Floats, Floats], lattice: Lattice, batch: int, *, level: int, ends: float
) -> int | None:
    """The smallest power of two above a batch with which some cell of a level is certified; None where none is found.

    One after another: what fails fails early, and takes little time.
    """

    def certified(cells: Counts, exponent: int) -> npt.NDArray[np.bool_]:
        trap, _ = update.run(*lattice.in_parameters(*lattice.ends(cells, level)), traps, 2**exponent)
        return np.asarray(trap >= 0)

    cells = lattice.all_cells(level)
    cells = cells[certified(cells, LARGEST_EXPONENT)]
    for exponent in range(batch.bit_length(), LARGEST_EXPONENT + 1):
        if not len(cells) or time.perf_counter() > ends:
            break
        if certified(cells, exponent).any():
            return int(2**exponent)
    return None
