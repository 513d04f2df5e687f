"""The compiled program: many starts, all steps, one call."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import AxisType, PartitionSpec

from nashscape.dynamics.endings.coasting import Coasting, carried, set_off, turns_of
from nashscape.dynamics.endings.recurrences import Watch, Watching, start_watch, watch
from nashscape.dynamics.forms import ArrayForm, Form, choose_form
from nashscape.dynamics.leaves import Kind, blank, kind_of
from nashscape.dynamics.reduction import Seen, finished, taken_in
from nashscape.dynamics.setup import Setup, State, advance, initial_state
from nashscape.learning import StepKey
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.finished_programs import kept_or_made


@dataclass(frozen=True)
class Shape:
    """What a compiled program is for. Everything else is an argument of it.

    Attributes:
        structure: the setup without its numbers.
        leaves: shape and type of every number in it.
        precision: "float32" or "float64".
        width: starts in a chunk.
        chunks: chunks per device in one call.
        devices: devices that share a call.
    """

    structure: Any
    leaves: tuple[Kind, ...]
    precision: str
    width: int
    chunks: int
    devices: int

    def setup(self) -> Setup:
        """The setup with shapes in place of numbers."""
        return self.structure.unflatten([jax.ShapeDtypeStruct(shape, dtype) for shape, dtype in self.leaves])


@dataclass(frozen=True)
class Program:
    """A compiled program, how long it took to compile, and in which form it runs: "entries" or "arrays"."""

    call: Callable[..., tuple[jax.Array, jax.Array]]
    seconds: float
    form: str = "arrays"


def shape_of(setup: Setup, *, precision: str, width: int, chunks: int, devices: int) -> Shape:
    """The shape of the program for a setup whose numbers have the wanted precision."""
    leaves, structure = jax.tree.flatten(setup)
    return Shape(structure, tuple(map(kind_of, leaves)), precision, width, chunks, devices)


@kept_while_code_stays(128)
def compiled(shape: Shape) -> Program:
    """Compile once per shape. The cache holds programs, never results.

    The program takes a setup, a course, parameters `[chunks, d, width]` and indices `[chunks, width]`; it gives what
    `ChunkProgram.run` gives, `[chunks, …, width]`.
    """
    began = time.perf_counter()
    rows, d = shape.chunks * shape.devices, shape.setup().game.dimension
    examples = (
        shape.setup(),
        course_example(shape.precision),
        jax.ShapeDtypeStruct((rows, d, shape.width), shape.precision),
        jax.ShapeDtypeStruct((rows, shape.width), jnp.uint32),
    )
    with jax.enable_x64(shape.precision == "float64"):
        call, form = kept_or_made(shape, examples, shape.devices, functools.partial(_traced, shape, examples))
        called_once(call, examples)
    return Program(call, time.perf_counter() - began, form)


def _traced(shape: Shape, examples: tuple[Any, ...]) -> tuple[Any, str]:
    mesh = jax.make_mesh((shape.devices,), ("starts",), axis_types=(AxisType.Auto,))
    split, whole = PartitionSpec("starts"), PartitionSpec()
    chunk = ChunkProgram(shape)
    run = jax.shard_map(
        functools.partial(_all_chunks, chunk),
        mesh=mesh,
        in_specs=(whole, whole, split, split),
        out_specs=split,
        check_vma=False,
    )
    return compiled_for(run, examples), chunk.form.name


def called_once(call: Callable[..., Any], examples: tuple[Any, ...]) -> None:
    """Run no steps once: the first call of a program pays for threads and memory, which is part of getting it ready
    and not of any run."""
    jax.block_until_ready(call(*jax.tree.map(blank, examples)))


def compiled_for(run: Callable[..., Any], examples: tuple[Any, ...]) -> Any:
    """A function compiled for these examples, shapes of its arguments."""
    lowered: Any = jax.jit(run).lower(*examples)
    if jax.default_backend() != "cpu":
        return lowered.compile()
    try:
        # XLA uses half of a 512-bit vector unit unless asked; other machines ignore the wish
        return lowered.compile(compiler_options={"xla_cpu_prefer_vector_width": 512})
    except jax.errors.JaxRuntimeError:  # an XLA that does not know the option
        return lowered.compile()


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RunCourse:
    """From which step to run and to which, how many of the last to watch, if any, for what, and the seed: numbers, so
    that changing them compiles nothing."""

    steps: Any
    window: Any
    watching: Watching
    seed: tuple[Any, Any]
    begin: Any


def course_example(precision: str) -> RunCourse:
    """Shapes in place of a course's numbers."""
    whole, word = jax.ShapeDtypeStruct((), jnp.int32), jax.ShapeDtypeStruct((), jnp.uint32)
    return RunCourse(whole, whole, Watching(whole, jax.ShapeDtypeStruct((), precision)), (word, word), whole)


def _all_chunks(
    chunk: "ChunkProgram", setup: Setup, course: RunCourse, theta: jax.Array, starts: jax.Array
) -> tuple[jax.Array, jax.Array]:
    return lax.map(lambda own: chunk.run(setup, course, *own), (theta, starts))


class ChunkProgram:
    """The program for one chunk of starts, traced from functions of one start."""

    def __init__(self, shape: Shape) -> None:
        """Trace the functions of one start and choose the form in which they run over many."""
        setup = shape.setup()
        theta = jax.ShapeDtypeStruct((setup.game.dimension,), shape.precision)
        self.state = jax.eval_shape(initial_state, setup, theta)
        self.watch = jax.eval_shape(start_watch, setup, theta)
        step, word = jax.ShapeDtypeStruct((), jnp.int32), jax.ShapeDtypeStruct((), jnp.uint32)
        shared = (setup, step, word, word)
        # reducers may do at the ends what cannot be written out
        # an estimator that maps itself over starts is not to be written out
        own_form = setup.estimator.maps_itself
        self.form: Form = ArrayForm() if own_form else choose_form(_all_of_it, shared, (self.state, word))
        form = self.form
        self.begin = form.over_starts(_begin, setup, theta)
        self.advance = form.over_starts(_advance, shared, (self.state, word))
        self.anchor = form.over_starts(start_watch, setup, theta)
        watching = Watching(step, jax.ShapeDtypeStruct((), shape.precision))
        self.look = form.over_starts(_watch, (setup, step, watching), (theta, self.watch))
        self.close = form.over_starts(_close, (setup, step), self.state)
        self.finish = form.over_starts(_finish, (setup, step), self.state)
        self.ending = jax.eval_shape(_finish, (setup, step), self.state)
        self.turns = turns_of(setup)
        if self.turns:
            self.coasting = jax.eval_shape(set_off, setup, self.state)
            self.set_off = form.over_starts(set_off, setup, self.state)
            self.carried = form.over_starts(_carried, (setup, step), self.coasting)
        self.places = len(form.spread(jnp.zeros((setup.game.dimension, 1))))

    def run(self, setup: Setup, course: RunCourse, theta: jax.Array, starts: jax.Array) -> tuple[jax.Array, jax.Array]:
        """All steps for one chunk: `theta` is `[d, W]`, `starts` the indices `[W]`.

        Gives parameters, strategies, regret, the largest movement and three spreads side by side, `[d + Σ a_i + 5, W]`,
        and as whole numbers first hit and whether the run came back, `[2, W]`; what reducers give is in either below,
        and under an optimiser, last, where it carries runs on, `[d + 2 Σ a_i, W]`.
        """
        ending, seen = self.endings(setup, course, theta, starts)
        spreads = [jnp.max(seen.high - seen.low, axis=0), seen.third, jnp.max(seen.last_high - seen.last_low, axis=0)]
        largest = jnp.zeros_like(seen.third) if ending["largest"] is None else ending["largest"]
        fractions = [
            ending["theta"],
            ending["strategies"],
            *(own[None] for own in (ending["regret"], largest, *spreads)),
        ]
        wholes = [ending["first_hit"][None], seen.returned.astype(jnp.int32)[None]]
        for made in ending["reduced"]:
            rows = made.reshape(-1, made.shape[-1])
            if is_whole(made.dtype):
                wholes.append(rows.astype(jnp.int32))
            else:
                fractions.append(rows.astype(theta.dtype))
        if self.turns:
            fractions += [ending["coasted"].theta, ending["coasted"].low, ending["coasted"].high]
        return jnp.concatenate(fractions), jnp.concatenate(wholes)

    def endings(
        self, setup: Setup, course: RunCourse, theta: jax.Array, starts: jax.Array
    ) -> tuple[dict[str, Any], Watch]:
        """What `_finish` gives after all steps, and what was remembered of the last, with the starts along `W`."""
        first = course.steps - course.window
        begun = self.begin(setup, self.form.spread(theta))

        def turn(step: jax.Array, state: list[Any]) -> list[Any]:
            return self.advance((setup, step, *course.seed), [*state, starts])

        def stretch(k: jax.Array, carry: tuple[list[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
            # Stretch 0 is everything before the window, unwatched; then one watched step each. A loop in a loop,
            # so that the update is compiled once and watching costs nothing before the window.
            before, seen = carry
            low = jnp.where(k == 0, course.begin, first + k - 1)
            after = lax.fori_loop(low, first + k, turn, before)
            looked = self.look((setup, first + k - 1, course.watching), [*after[: self.places], *seen])
            fresh = self.anchor(setup, after[: self.places])
            return after, [jnp.where(k == 0, new, old) for new, old in zip(fresh, looked, strict=True)]

        seen = self.anchor(setup, begun[: self.places])
        state, seen = lax.fori_loop(0, course.window + 1, stretch, (begun, seen))
        ending = self.form.gather(self.ended(setup, course.steps, state), self.ending)
        if self.turns:
            ending["coasted"] = self.coasted(setup, course.steps, state)
        return ending, self.form.gather(seen, self.watch)

    def coasted(self, setup: Setup, steps: jax.Array, state: list[Any]) -> Coasting:
        """Where an optimiser carries the runs on."""

        def turn(_: jax.Array, run: list[Any]) -> list[Any]:
            return self.carried((setup, steps), run)

        run: Coasting = self.form.gather(lax.fori_loop(0, self.turns, turn, self.set_off(setup, state)), self.coasting)
        return run

    def ended(self, setup: Setup, steps: jax.Array, state: list[Any]) -> list[Any]:
        """What `_finish` gives, once reducers have taken in the last profile."""
        if not setup.reducers:
            return self.finish((setup, steps), state)
        # A loop of one turn of which the compiler cannot know, so that it mixes this arithmetic with nothing around it
        # and every layout of the starts gets the same bits.
        nothing = jax.eval_shape(self.finish, (setup, steps), state)
        begin = (state, jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), nothing))

        def turn(step: jax.Array, carry: tuple[list[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
            last = self.close((setup, step), carry[0])
            return last, self.finish((setup, step), last)

        return lax.fori_loop(steps, steps + 1, turn, begin)[1]


def is_whole(dtype: Any) -> bool:
    """Whether a reducer's result goes with the whole numbers."""
    return np.dtype(dtype).kind in "biu"


def _begin(setup: Setup, theta: jax.Array) -> State:
    return initial_state(setup, theta)


def _advance(shared: tuple[Setup, Any, Any, Any], each: tuple[State, Any]) -> State:
    setup, step, seed_low, seed_high = shared
    state, start = each
    return advance(setup, state, StepKey(seed_low, seed_high, start, step.astype(jnp.uint32)))


def _all_of_it(shared: tuple[Setup, Any, Any, Any], each: tuple[State, Any]) -> Any:
    setup, step, _, _ = shared
    last = _close((setup, step), each[0])
    on = _carried((setup, step), set_off(setup, last)) if turns_of(setup) else None
    return _begin(setup, each[0].theta), _advance(shared, each), _finish((setup, step), last), on


def _carried(shared: tuple[Setup, Any], run: Coasting) -> Coasting:
    setup, step = shared
    return carried(setup, step, run)


def _watch(shared: tuple[Setup, Any, Watching], each: tuple[Any, Watch]) -> Watch:
    setup, step, watching = shared
    after, seen = each
    return watch(setup, after, step, seen, watching)


def _close(shared: tuple[Setup, Any], state: State) -> State:
    """Hand the last profile to the reducers, which `advance` does with all others."""
    setup, steps = shared
    return replace(state, reduced=taken_in(setup.reducers, state.reduced, Seen(setup.game, state.theta, steps)))


def _finish(shared: tuple[Setup, Any], state: State) -> dict[str, Any]:
    setup, steps = shared
    strategies = setup.game.strategies(state.theta)
    hit = setup.target.contains(strategies) & (state.first_hit < 0)
    return {
        "theta": state.theta,
        "strategies": jnp.concatenate([own.ravel() for own in strategies]),
        "regret": jnp.max(setup.game.game.regrets(strategies)),
        "first_hit": jnp.where(hit, steps, state.first_hit),
        "reduced": finished(setup.reducers, state.reduced),
        "largest": state.largest,
    }
