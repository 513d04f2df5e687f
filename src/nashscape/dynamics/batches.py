"""Many starts through one compiled program, block by block."""

import math
import time
from collections.abc import Callable, Generator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import positive_integer
from nashscape.core.calls import public
from nashscape.core.interrupts import beside, until_stopped
from nashscape.dynamics.endings.coasting import Coasted, turns_of
from nashscape.dynamics.endings.recurrences import Clock, Watching, clock_of, recurrence
from nashscape.dynamics.endings.settling import Endings
from nashscape.dynamics.program import RunCourse, compiled, is_whole, shape_of
from nashscape.dynamics.reduction import Reducer, results
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.scales import scale_notes
from nashscape.dynamics.setup import Setup, check_step_sizes, check_steps
from nashscape.dynamics.starts import Starts
from nashscape.learning import Estimator, seed_words
from nashscape.semantics import ParametricGame

LANES = 128
"""Chunks are multiples of this, so that every start takes the vector path of the compiled loop and gets the same
bits in a chunk of any size."""

CHUNK = {"cpu": 768}
OTHER_CHUNK = 65_536
MOST_CHUNKS = 512

WIDE, BESIDE_WIDE = 1000, 8
"""Runs with so many parameters, such as those of networks, advance by eight on a CPU, however many there are: their
arrays fill its vectors by themselves, chunks of 128 leave the near memory, and 25 runs are not filled up to 128. Always
by eight, since products of matrices add up in another order in chunks of another width."""

Progress = Callable[[int, int], None]
"""Called with (runs done, runs in all) after every block."""


@dataclass(frozen=True)
class Cost:
    """What a batch took, and how it was run.

    Attributes:
        devices: that shared the work.
        compile_seconds: 0 when the program was there.
        run_seconds: without compiling.
        trajectory_steps: updates made, over all runs.
        precision: in which it was computed: that asked, or a higher one where payoffs needed it.
        notes: what was done otherwise than asked, and what to look at, in sentences.
        form: in which form the program ran: "entries", where every entry of every array is a number of its own, or
            "arrays".
    """

    devices: int
    compile_seconds: float
    run_seconds: float
    trajectory_steps: int
    precision: str = "float32"
    notes: tuple[str, ...] = ()
    form: str = "arrays"


@dataclass(frozen=True)
class Layout:
    """How starts are cut into calls of the program."""

    width: int
    chunks: int
    devices: int

    @property
    def block(self) -> int:
        """How many starts one call takes."""
        return self.width * self.chunks * self.devices


def layout(count: int, chunk: int | None, estimator: Estimator, dimension: int = 1) -> Layout:
    """Chunks no wider than asked or than useful, spread over the devices that are there.

    Exact updates are so fast that many chunks go into one call. Sampled ones take long enough for a call per
    chunk, and one program then serves any number of starts.
    """
    devices = len(jax.devices())
    width = widest(count, chunk, estimator, dimension)
    chunks = math.ceil(count / (width * devices))
    calls = math.ceil(chunks / (MOST_CHUNKS if estimator.exact else 1))
    return Layout(width, math.ceil(chunks / calls), devices)


@public()
def widest(count: int, chunk: int | None, estimator: Estimator, dimension: int = 1) -> int:
    """Starts that advance together where so many are run: no more than asked or than useful, in whole lanes; of runs
    with many parameters always `BESIDE_WIDE`."""
    on_cpu = jax.default_backend() == "cpu"
    usual = estimator.width or CHUNK["cpu"] if on_cpu else OTHER_CHUNK
    most = usual if chunk is None else positive_integer(chunk, "chunk")
    if on_cpu and dimension >= WIDE and estimator.width is None:
        return BESIDE_WIDE
    return math.ceil(min(most, math.ceil(count / len(jax.devices()))) / LANES) * LANES


Staged = Generator[None, float, Any]
"""Work that stops three times: when its input is checked, when its program is compiled, and when the devices are at
work on it. The last time it is sent the moment at which the work before it ended, for a clock without overlaps."""


@public()
def completed(works: Sequence[Staged]) -> list[Any]:
    """The results of several works, stage by stage: all are checked before any is compiled, and while one is
    finished on the host the devices are at work on the next. Interrupted, those of the first works that are done.

    Raises:
        KeyboardInterrupt: where nothing was done before somebody asked to stop.
    """
    results: list[Any] = []
    ended = 0.0
    with until_stopped(lambda: not results):
        for _ in range(3):
            for work in works:
                beside(partial(next, work))
        for work in works:
            try:
                work.send(ended)
            except StopIteration as stop:
                results.append(stop.value)
            ended = time.perf_counter()
    return results


@public()
def run_starts(setup: Setup, starts: Starts, indices: npt.NDArray[np.int64], **options: Any) -> tuple[Endings, Cost]:
    """Run the starts with these indices and say how they ended; see `run_in_stages` for the arguments."""
    [result] = completed([run_in_stages(setup, starts, indices, **options)])
    return cast(tuple[Endings, Cost], result)


@public()
def run_in_stages(
    setup: Setup,
    starts: Starts,
    indices: npt.NDArray[np.int64],
    *,
    steps: int,
    begin: int = 0,
    close: float | None = None,
    seed: int = 0,
    start_seed: int | None = None,
    keys: npt.NDArray[np.int64] | None = None,
    precision: str = "float32",
    chunk: int | None = None,
    progress: Progress | None = None,
    in_part: Callable[[Endings], Any] | None = None,
) -> Staged:
    """Run the starts with these indices and give `(Endings, Cost)`.

    Args:
        setup: what is run.
        starts: where from.
        indices: which of the starts, `[N]`.
        steps: updates of each run, counted from step 0.
        begin: the step with which runs begin, to go on with others; what a rule remembers begins anew.
        close: how close counts as coming back, where the second halves of the runs are watched for that.
        seed: of the updates' random numbers, and of the starts' unless `start_seed` is given.
        start_seed: of the starts' random numbers.
        keys: index of every run for its random numbers; by default the index of its start.
        precision: "float32" (default; half the time of "float64") or "float64"; raised to it where payoffs would not
            survive rounding, see `nashscape.games.rounding`.
        chunk: starts that advance together, rounded up to a multiple of 128. Results do not depend on it.
        progress: called after every block.
        in_part: given, the first runs alone are the result where somebody asks to stop after some blocks; called with
            the endings of the first of several blocks, to make ready what is done with endings.

    Raises:
        KeyboardInterrupt: where somebody asks to stop, and nothing was done that may be given.
    """
    steps, words = check_steps(steps), seed_words(seed)
    cut = layout(len(indices), chunk, setup.estimator, setup.game.dimension)
    setup = replace(setup, reducers=tuple(reducer.for_run(steps) for reducer in setup.reducers))
    game, reducers, ready = setup.game, setup.reducers, rounded_setup(setup, precision)
    notes = (*ready.notes, *scale_notes(setup, steps))
    setup, precision = ready.setup, ready.precision
    shape = shape_of(setup, precision=precision, width=cut.width, chunks=cut.chunks, devices=cut.devices)
    check_step_sizes(setup, steps)
    clock = Clock(steps, steps) if close is None else clock_of(setup.step_size, steps)
    watching = Watching(np.int32(clock.quarter), np.dtype(precision).type(close or 0.0))
    course = RunCourse(np.int32(steps), np.int32(steps - clock.half), watching, words, np.int32(begin))
    keys = indices if keys is None else keys
    yield
    misses = compiled.cache_info().misses
    program = compiled(shape)
    fresh = compiled.cache_info().misses > misses
    yield

    def call(first: int) -> tuple[jax.Array, jax.Array]:
        here = slice(first, first + cut.block)
        theta = starts.parameters(game, indices[here], seed if start_seed is None else start_seed)
        with jax.enable_x64(precision == "float64"):
            return program.call(setup, course, *_packed(theta, keys[here], cut, precision))

    began = time.perf_counter()
    store = Store(game, len(indices), precision, reducers, coasts=turns_of(setup) > 0)
    first, result = 0, call(0)
    ended = yield

    def put_away() -> tuple[jax.Array, jax.Array]:
        # the devices work on the next block meanwhile
        following = call(first + cut.block) if first + cut.block < len(indices) else result
        store.put(first, result)
        if in_part is not None and first == 0 and following is not result:
            in_part(store.first(cut.block).endings(watched=close is not None))
        return following

    with until_stopped(lambda: in_part is None or not first):
        while first < len(indices):
            result = beside(put_away)
            first += cut.block
            if progress is not None:
                progress(min(first, len(indices)), len(indices))
    done = min(first, len(indices))
    cost = Cost(
        devices=cut.devices,
        compile_seconds=program.seconds if fresh else 0.0,
        run_seconds=time.perf_counter() - max(began, ended),
        trajectory_steps=done * (steps - begin),
        precision=precision,
        notes=notes,
        form=program.form,
    )
    return (store if done == len(indices) else store.first(done)).endings(watched=close is not None), cost


def _packed(theta: npt.NDArray[Any], keys: npt.NDArray[np.int64], cut: Layout, precision: str) -> tuple[Any, Any]:
    """Parameters `[chunks, d, width]` and indices `[chunks, width]`; the last start fills the block up."""
    rows, count = cut.chunks * cut.devices, len(theta)
    packed = np.empty((theta.shape[1], cut.block), precision)
    packed[:, :count] = theta.T
    packed[:, count:] = packed[:, count - 1 : count]
    index = np.pad(keys.astype(np.uint32), (0, cut.block - count), mode="edge")
    return packed.reshape(-1, rows, cut.width).swapaxes(0, 1), index.reshape(rows, cut.width)


class Store:
    """Where the results of the blocks come together, one row per number and one column per start."""

    def __init__(
        self,
        game: ParametricGame,
        count: int,
        precision: str,
        reducers: Sequence[Reducer] = (),
        *,
        coasts: bool = False,
    ) -> None:
        made = results(reducers, game, precision)
        self._reduced = [(reducer.name, one) for reducer, one in zip(reducers, made, strict=True)]
        rows = [sum(math.prod(one.shape) for one in made if is_whole(one.dtype) == whole) for whole in (False, True)]
        self._shapes = game.game.strategy_shapes
        self._sizes = [game.dimension, *map(math.prod, self._shapes), 1, 1, 3]
        entries = sum(map(math.prod, self._shapes))
        self._on = [game.dimension, entries, entries] if coasts else []
        self._fractions = np.empty((sum(self._sizes) + rows[0] + sum(self._on), count), precision)
        self._wholes = np.empty((2 + rows[1], count), np.int32)

    def put(self, first: int, result: tuple[Any, ...], most: int | None = None) -> None:
        """Take in the block whose first start is number `first`, or the first so many of its starts."""
        end = None if most is None else first + most
        for store, part in zip((self._fractions, self._wholes), result, strict=True):
            values = np.asarray(part)
            width = values.shape[2]
            for row, chunk in enumerate(values):
                place = first + row * width
                kept = min(width, (store.shape[1] if end is None else end) - place)
                if kept > 0:
                    store[:, place : place + kept] = chunk[:, :kept]

    def first(self, count: int) -> "Store":
        """One with the first so many starts alone."""
        made = copy(self)
        made._fractions, made._wholes = self._fractions[:, :count], self._wholes[:, :count]
        return made

    def endings(self, *, watched: bool) -> Endings:
        """The endings of all runs."""
        theta, *strategies, regret, largest, spreads, fractions = np.split(self._fractions, np.cumsum(self._sizes))
        on = np.split(fractions[len(fractions) - sum(self._on) :], np.cumsum(self._on)[:-1]) if self._on else []
        return Endings(
            theta=theta.T,
            strategies=tuple(own.T.reshape(-1, *shape) for own, shape in zip(strategies, self._shapes, strict=True)),
            regret=regret[0],
            first_hit=self._wholes[0],
            largest=largest[0],
            recurrence=recurrence(self._wholes[1], *spreads) if watched else None,
            reduced=self._by_name(fractions, self._wholes[2:]),
            coasted=Coasted(*(rows.T for rows in on)) if on else None,
        )

    def _by_name(self, fractions: npt.NDArray[Any], wholes: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
        """The results of the reducers, of their own types, one row `[…]` per start."""
        found = {}
        for name, one in self._reduced:
            here, size = (wholes if is_whole(one.dtype) else fractions), math.prod(one.shape)
            found[name] = here[:size].T.reshape(-1, *one.shape).astype(one.dtype)
            fractions, wholes = (fractions, wholes[size:]) if here is wholes else (fractions[size:], wholes)
        return found
