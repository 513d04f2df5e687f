"""Tubes: boxes of starts followed until they lie in a trap; those that fail are cut in half and followed again.

A cell of the region stands for all starts in it. The box of parameters that holds them is carried from update to
update by bounds of the map, so that at step k it holds every start's profile at step k, whatever the start. Once it
lies in a trap, all of them go where the trap leads. A box that grows too wide, leaves what counts as a run, or takes
too many steps proves nothing; its cell is halved, along the longest side, unless it is small enough.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import beside, until_stopped
from nashscape.proofs.certification.box_runs import FAILED, RUNNING, Boxes, Floats, Map, Whole

SEGMENT = {1: 16, 2: 16, 3: 8, 4: 2}
"""Updates between two looks at which boxes are done, by the number of parameters: more of them spread faster."""

CALLS = 8
"""How many calls hold all boxes that are on their way at once."""

FIRST = {1: 16, 2: 8, 3: 4, 4: 2}
"""Cells along each side of the region at the beginning, by the number of sides that have a length."""


WHY = ("time", "steps", "resolution")
"""Why nothing was proved of a cell: it waited when the time was over, its box was in no trap after the last step, or it
spread too far and was too small to be cut."""

NOTED = 1.05
"""By how much time has to grow between two points of the curve."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells that fill a region, every array `[N]` or `[N, d]`.

    Attributes:
        low: ends of the cells, in the region's coordinates.
        high: see `low`.
        trap: the number of the trap that all starts of the cell enter; −1 where that was not proved.
        steps: updates until they are inside; −1 where nothing was proved.
        finished: whether no cell was left that could have been cut further.
        updates: of boxes, in all.
        why: index in `WHY` for cells of which nothing was proved, else −1.
        curve: seconds since the beginning, and the share of the region that led into each trap by then, `[K, 1 + T]`.
    """

    low: Floats
    high: Floats
    trap: Whole
    steps: Whole
    finished: bool
    updates: int
    why: Whole
    curve: Floats


def decide_cells(
    update: Map,
    traps: Sequence[Any],
    region: tuple[Floats, Floats],
    in_parameters: Callable[[Floats, Floats], tuple[Floats, Floats]],
    *,
    resolution: float,
    seconds: float,
    progress: Callable[[int, int], None] | None = None,
) -> Cells:
    """Follow cells until every one is decided or small enough, or the time is over; the largest first."""
    return _Search(update, traps, region, in_parameters, resolution, seconds, progress).run()


def trap_rows(traps: Sequence[Any]) -> tuple[Floats, Floats]:
    """The rows and least values of traps as arrays, `[T, k, d]` and `[T, k]`; rows that are missing say nothing."""
    most = max((len(trap.rows) for trap in traps), default=1)
    d = traps[0].rows.shape[1] if traps else 1
    rows, least = np.zeros((len(traps), most, d)), np.full((len(traps), most), -np.inf)
    for k, trap in enumerate(traps):
        rows[k, : len(trap.rows)], least[k, : len(trap.rows)] = trap.rows, trap.least
    return rows, least


class _Search:
    """Cells that wait, cells on their way, and cells that are done."""

    def __init__(
        self,
        update: Map,
        traps: Sequence[Any],
        region: tuple[Floats, Floats],
        in_parameters: Callable[[Floats, Floats], tuple[Floats, Floats]],
        resolution: float,
        seconds: float,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.update, self.region, self.in_parameters = update, region, in_parameters
        self.resolution, self.seconds, self.progress = resolution, seconds, progress
        self.traps = trap_rows(traps)
        # a side without length is not cut
        self.side = np.where(region[1] > region[0], region[1] - region[0], np.inf)
        self.done: list[tuple[Floats, Floats, Whole, Whole, Whole]] = []
        self.waiting, self.left = _Waiting(len(region[0])), 0
        self.updates = 0
        self.shares = np.zeros(len(traps))
        self.curve: list[list[float]] = []

    def run(self) -> Cells:
        """Until nothing waits and nothing is on its way, the time is over, or the user has had enough."""
        began = time.perf_counter()
        self.waiting.put(*_first_cells(*self.region))
        cells = self.waiting.take(0)
        boxes = Boxes.starting(*self.in_parameters(*cells))
        finished, kept = False, self._kept(cells)
        with until_stopped() as stop:
            while not (finished := not len(self.waiting) and not len(boxes)):
                if time.perf_counter() - began > self.seconds:
                    break
                fresh = self.waiting.take(CALLS * self.update.width - len(boxes))
                cells = _stacked(cells, fresh)
                boxes = Boxes.joined([boxes, Boxes.starting(*self.in_parameters(*fresh))])
                boxes, cells = self._turn(boxes, cells)
                kept = self._kept(cells)
                self._note(time.perf_counter() - began)
                self._report(len(boxes))
        if stop.early:
            # as before the turn in which it came: no cell is lost or counted twice
            ended, self.shares, self.waiting.parts, self.waiting.count, cells = kept
            del self.done[ended:]
        for low, high in (cells, self.waiting.take(len(self.waiting))):
            self._give_up(low, high, np.zeros(len(low), bool), late=True)
        self._note(time.perf_counter() - began, last=True)
        low, high, trap, steps, why = (np.concatenate(column) for column in zip(*self.done, strict=True))
        return Cells(low, high, trap, steps, finished, self.updates, why, np.array(self.curve))

    def _kept(self, cells: tuple[Floats, Floats]) -> tuple[int, Floats, deque[tuple[Floats, Floats]], int, Any]:
        return len(self.done), self.shares, self.waiting.parts.copy(), self.waiting.count, cells

    def _turn(self, boxes: Boxes, cells: tuple[Floats, Floats]) -> tuple[Boxes, tuple[Floats, Floats]]:
        """Some updates of all boxes on their way, and what becomes of their cells."""
        updates = SEGMENT[boxes.low.shape[1]]
        boxes = beside(partial(self.update.run, boxes, *self.traps, updates))
        self.updates += updates * len(boxes)
        low, high = cells
        won, lost, goes = boxes.label >= 0, boxes.label == FAILED, boxes.label == RUNNING
        self._leave(low[won], high[won], boxes.label[won], boxes.step[won], np.full(int(won.sum()), -1, np.int32))
        # a cell is not cut below the resolution
        width = (high - low) / self.side
        small = lost & (width.max(axis=1) < 2 * self.resolution * (1 - 1e-9))
        self._give_up(low[small], high[small], boxes.step[small] >= len(self.update.sizes[0]))
        cut = lost & ~small
        self.waiting.put(*_halved(low[cut], high[cut], np.argmax(width[cut], axis=1)))
        return boxes[goes], (low[goes], high[goes])

    def _give_up(self, low: Floats, high: Floats, slow: npt.NDArray[np.bool_], late: bool = False) -> None:
        nothing = np.full(len(low), -1, np.int32)
        why = np.where(slow, WHY.index("steps"), WHY.index("time" if late else "resolution"))
        self._leave(low, high, nothing, nothing, why.astype(np.int32))

    def _leave(self, low: Floats, high: Floats, trap: Whole, steps: Whole, why: Whole) -> None:
        self.done.append((low, high, trap, steps, why))
        self.left += len(low)
        won = trap >= 0
        shares = np.prod((high - low)[won] / self.side, axis=1, where=np.isfinite(self.side))
        self.shares = self.shares + np.bincount(trap[won], shares, len(self.shares))

    def _note(self, seconds: float, last: bool = False) -> None:
        """One more point of the curve, where enough time has passed since the one before."""
        if last or not self.curve or seconds > NOTED * self.curve[-1][0]:
            self.curve.append([seconds, *self.shares])

    def _report(self, under_way: int) -> None:
        if self.progress is not None:
            self.progress(self.left, self.left + len(self.waiting) + under_way)


class _Waiting:
    """Cells in the order in which they came; what is taken is not copied with all that stays."""

    def __init__(self, d: int) -> None:
        self.parts: deque[tuple[Floats, Floats]] = deque()
        self.nothing = np.zeros((0, d)), np.zeros((0, d))
        self.count = 0

    def __len__(self) -> int:
        return self.count

    def put(self, low: Floats, high: Floats) -> None:
        if len(low):
            self.parts.append((low, high))
            self.count += len(low)

    def take(self, most: int) -> tuple[Floats, Floats]:
        taken, room = [self.nothing], min(most, self.count)
        self.count -= room
        while room > 0:
            low, high = self.parts.popleft()
            taken.append((low[:room], high[:room]))
            if len(low) > room:
                self.parts.appendleft((low[room:], high[room:]))
            room -= len(low)
        return tuple(np.concatenate(column) for column in zip(*taken, strict=True))  # type: ignore[return-value]


def _first_cells(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    free = high > low
    count = FIRST[max(1, int(free.sum()))]
    edges = [_edges(a, b, count if own else 1) for a, b, own in zip(low, high, free, strict=True)]
    firsts, seconds = [one[:-1] for one in edges], [one[1:] for one in edges]
    d = len(low)
    return tuple(np.stack(np.meshgrid(*ends, indexing="ij"), -1).reshape(-1, d) for ends in (firsts, seconds))  # type: ignore[return-value]


def _edges(low: float, high: float, count: int) -> Floats:
    """By halving, so that cells and their halves share their ends to the digit."""
    edges = np.array([low, high])
    while len(edges) <= count:
        middle = (edges[:-1] + edges[1:]) / 2
        edges = np.sort(np.concatenate([edges, middle]))
    return edges


def _stacked(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _halved(low: Floats, high: Floats, side: Whole) -> tuple[Floats, Floats]:
    """Both halves of every cell along one of its sides, one beside the other."""
    rows = np.arange(len(low))
    middle = (low[rows, side] + high[rows, side]) / 2
    left, right = high.copy(), low.copy()
    left[rows, side], right[rows, side] = middle, middle
    shape = (2 * low.shape[0], low.shape[1])
    return np.stack([low, right], axis=1).reshape(shape), np.stack([left, high], axis=1).reshape(shape)
