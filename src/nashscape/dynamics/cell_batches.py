"""How runs end in many games of one structure: blocks of cells through one compiled program."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import beside
from nashscape.dynamics.batches import BESIDE_WIDE, CHUNK, LANES, OTHER_CHUNK, Cost, Store, widest
from nashscape.dynamics.cells import Cells, CellShape, cell_shape, compiled_cells
from nashscape.dynamics.endings.accounts import Ended, labelled
from nashscape.dynamics.endings.coasting import turns_of
from nashscape.dynamics.endings.mean_fields import Moment, free_of_noise
from nashscape.dynamics.endings.programs import Asked
from nashscape.dynamics.endings.recurrences import Watching, clock_of
from nashscape.dynamics.endings.settling import Endings, Settling
from nashscape.dynamics.noise_probes import noise_of
from nashscape.dynamics.program import RunCourse
from nashscape.dynamics.setup import check_step_sizes, check_steps
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.learning import Estimator, seed_words

Floats = npt.NDArray[np.float64]
StartsOf = Callable[[int], Floats]
"""From the number of a cell to its starting parameters, `[N, d]`."""


@dataclass(frozen=True)
class Block:
    """Some cells that are done.

    Attributes:
        cells: which, a slice of all.
        codes: outcome codes of their runs, `[cells, N]`.
        cost: of this block; the time to compile is that of the first.
    """

    cells: slice
    codes: npt.NDArray[np.int8]
    cost: Cost


def run_cells(
    cells: Cells,
    starts: Floats | StartsOf,
    count: int,
    targets: Sequence[Target | PointTarget],
    *,
    steps: int,
    settling: Settling,
    seed: int = 0,
) -> Iterator[Block]:
    """Run N starts in every cell and give their outcome codes, block by block, in the order of the cells.

    The codes are those of `label_in_stages` for one cell after another, and so are all random numbers; one
    program serves all cells, and memory does not grow with their number.

    Args:
        cells: what runs.
        starts: starting parameters, the same for all cells, `[N, d]`, or a function that gives those of one cell.
        count: N.
        targets: what runs may reach.
        steps: updates of each run.
        settling: when a run counts as settled.
        seed: of the updates' random numbers.
    """
    steps = check_steps(steps)
    check_step_sizes(cells.setup, steps)
    clock = clock_of(cells.setup.step_size, steps)
    watching = Watching(np.int32(clock.quarter), np.dtype(cells.precision).type(settling.close))
    # cells are many and small: all runs are watched, so that none has to be run again
    course = RunCourse(np.int32(steps), np.int32(steps - clock.half), watching, seed_words(seed), np.int32(0))
    width, chunks = cut(count, cells.setup.estimator, cells.setup.game.dimension)
    devices = len(jax.devices())
    shape = cell_shape(cells, width=width, chunks=chunks, devices=devices)
    misses = compiled_cells.cache_info().misses
    program = beside(lambda: compiled_cells(shape))
    compiling = program.seconds if compiled_cells.cache_info().misses > misses else 0.0
    layout = _Layout(shape, starts, count)

    def call(first: int) -> Any:
        places, wanted = layout.places(first, cells.count)
        with jax.enable_x64(cells.precision == "float64"):
            return program.call(cells.part(places), course, *layout.packed(places), wanted)

    began, first = time.perf_counter(), 0
    result = beside(lambda: call(0))

    def put_away(first: int, last: int, result: Any) -> tuple[Any, npt.NDArray[np.int8]]:
        # the devices work on the next block meanwhile
        following = call(last) if last < cells.count else result
        endings, places = layout.endings(cells, result, last - first), np.arange(first, last)
        return following, _labels(cells, endings, places, layout.block, targets, settling, steps, seed)

    while first < cells.count:
        last = min(first + layout.block, cells.count)
        following, codes = beside(partial(put_away, first, last, result))
        ended = time.perf_counter()
        yield Block(
            slice(first, last), codes, Cost(devices, compiling, ended - began, codes.size * steps, form=program.form)
        )
        first, result, began, compiling = last, following, ended, 0.0


def cut(count: int, estimator: Estimator, dimension: int = 1) -> tuple[int, int]:
    """Width and number of the chunks of one cell's starts: as few as fit, and of those with little padding, the widest.

    >>> from nashscape.learning import exact
    >>> cut(441, exact()), cut(2000, exact())
    ((512, 1), (512, 4))
    """
    if widest(count, None, estimator, dimension) == BESIDE_WIDE:
        return BESIDE_WIDE, math.ceil(count / BESIDE_WIDE)
    usual = estimator.width or CHUNK["cpu"] if jax.default_backend() == "cpu" else OTHER_CHUNK
    least = min(math.ceil(count / LANES) * LANES, usual // 2)
    widths = range(max(LANES, least // LANES * LANES), max(usual, LANES) + 1, LANES)
    width = min(widths, key=lambda width: (math.ceil(count / width) * width, -width))
    return width, math.ceil(count / width)


class _Layout:
    """How cells and their starts lie in the arguments of a call."""

    def __init__(self, shape: CellShape, starts: Floats | StartsOf, count: int) -> None:
        self.block = shape.cells * shape.one.devices
        # a device has every so-manieth cell, so that few cells are shared out too
        self.order = np.arange(self.block).reshape(shape.cells, -1).T.ravel()
        self._one, self._count, self._starts = shape.one, count, starts
        index = np.pad(np.arange(count, dtype=np.uint32), (0, self._one.width * self._one.chunks - count), mode="edge")
        self._index = np.broadcast_to(index.reshape(self._one.chunks, -1), (self.block, *self._cut()))
        self._shared = None if callable(starts) else self._pack(starts)

    def _cut(self) -> tuple[int, int]:
        return self._one.chunks, self._one.width

    def places(self, first: int, cells: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Which cell lies where in the call whose first cell is this, and which of them are wanted."""
        places = first + self.order
        return np.minimum(places, cells - 1), places < cells

    def packed(self, places: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.generic], npt.NDArray[np.uint32]]:
        """Parameters `[R, chunks, d, width]` and indices `[R, chunks, width]`; the last start fills a cell up."""
        if self._shared is not None:
            return np.broadcast_to(self._shared, (self.block, *self._shared.shape)), self._index
        assert callable(self._starts)
        made = {int(k): self._pack(self._starts(int(k))) for k in np.unique(places)}
        return np.stack([made[int(k)] for k in places]), self._index

    def _pack(self, theta: Floats) -> npt.NDArray[np.generic]:
        chunks, width = self._cut()
        filled = np.pad(theta, ((0, chunks * width - self._count), (0, 0)), mode="edge")
        packed: npt.NDArray[np.generic] = filled.reshape(chunks, width, -1).swapaxes(1, 2).astype(self._one.precision)
        return packed

    def endings(self, cells: Cells, result: Any, kept: int) -> Endings:
        """The endings of the runs of the first so many cells of a call, cell after cell."""
        store = Store(cells.setup.game, kept * self._count, cells.precision, coasts=turns_of(cells.setup) > 0)
        parts = [np.asarray(part) for part in result]
        for place, cell in enumerate(self.order):
            if cell < kept:
                store.put(int(cell) * self._count, tuple(part[place] for part in parts), self._count)
        return store.endings(watched=True)


def _labels(
    cells: Cells,
    endings: Endings,
    places: npt.NDArray[np.int64],
    room: int,
    targets: Sequence[Target | PointTarget],
    settling: Settling,
    steps: int,
    seed: int,
) -> npt.NDArray[np.int8]:
    """Labels of the runs of some cells, `[cells, N]`."""
    # always as many setups, so that one program serves all blocks
    padded = np.pad(places, (0, room - len(places)), mode="edge")
    setups = free_of_noise(cells.part(padded, "float64"))
    sizes = np.broadcast_to(_sizes(setups.step_size, steps), len(padded))
    moments = Moment(np.full(len(padded), steps, np.int32), sizes.astype(np.float64), cells.scales[padded])
    count = len(endings.theta) // len(places)
    ended = Ended(
        setup=cells.setup,
        asked=Asked(setups, moments),
        which=np.repeat(np.arange(len(places)), count),
        theta=endings.theta,
        strategies=endings.strategies,
        largest=endings.largest,
        coasted=endings.coasted,
        noise=_noise(cells, padded, steps, count, seed),
    )
    assert endings.recurrence is not None
    return labelled(ended, targets, settling, endings.recurrence.__getitem__).codes.reshape(-1, count)


def _noise(cells: Cells, places: npt.NDArray[np.int64], steps: int, count: int, seed: int) -> list[float]:
    """How much noise moves players who mix, in the cells at these places."""
    if cells.setup.estimator.exact:
        return [0.0] * len(places)
    setups = {int(k): jax.tree.map(lambda leaf: leaf[0], cells.part(np.array([k]))) for k in places}
    how: dict[str, Any] = {"seed": seed, "precision": cells.precision}
    found = {k: noise_of(setup, steps, like=count, **how) for k, setup in setups.items()}
    return [found[int(k)] for k in places]


def _sizes(step_size: Any, steps: int) -> npt.NDArray[np.float64]:
    """Step sizes after so many updates, of one cell or of all."""
    if not jax.tree.leaves(step_size):
        return np.asarray(step_size(steps))
    with jax.enable_x64(True):
        return np.asarray(jax.vmap(lambda own: jnp.asarray(own(steps), float))(step_size))
