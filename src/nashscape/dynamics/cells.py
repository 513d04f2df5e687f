"""Many games of one structure, cell by cell through one compiled program."""

import functools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax
from jax.sharding import AxisType, PartitionSpec

from nashscape.core import InputError
from nashscape.dynamics.leaves import Kind, in_type, kind_of, repeated, with_row
from nashscape.dynamics.program import (
    ChunkProgram,
    Program,
    RunCourse,
    Shape,
    called_once,
    compiled_for,
    course_example,
    shape_of,
)
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.setup import Setup, in_precision
from nashscape.games.rounding import raised_note, survives
from nashscape.learning import Rule
from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.finished_programs import kept_or_made

TOGETHER = {"cpu": 1}
OTHER_TOGETHER = 128
"""Cells that advance side by side: a core is busy with one, an accelerator is not."""

TURNS = 32
"""Cells, or groups of cells that advance together, that each device works through in one call."""


@dataclass(frozen=True)
class Cells:
    """Setups that differ in numbers alone, one after another. Made by `stacked`.

    Attributes:
        setup: that of the first cell.
        structure: a setup without its numbers.
        leaves: every number of a setup, `[K, …]`.
        scales: ranges of payoffs, `[K]`.
        precision: "float32" or "float64", in which they are run.
        notes: what was done otherwise than asked, in sentences.
    """

    setup: Setup
    structure: Any
    leaves: tuple[npt.NDArray[Any], ...]
    scales: npt.NDArray[np.float64]
    precision: str
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of cells."""
        return len(self.leaves[0])

    def part(self, places: npt.NDArray[np.int64], precision: str | None = None) -> Setup:
        """The setups of the cells at these places, side by side, in the precision of the runs or in another."""
        setup: Setup = self.structure.unflatten([leaf[places] for leaf in self.leaves])
        return in_precision(setup, self.precision if precision is None else precision)

    def with_projection(self, projection: Any) -> "Cells":
        """The same cells with another projection, one for all."""
        base = replace(self.setup, projection=projection)
        cells: Setup = self.structure.unflatten(self.leaves)
        everywhere = jax.tree.map(lambda leaf: repeated(leaf, self.count), projection)
        leaves, structure = jax.tree.flatten(replace(cells, projection=everywhere))
        return replace(self, setup=base, structure=structure, leaves=tuple(leaves))


def stacked(
    played: Iterable[tuple[ParametricGame, Rule]],
    count: int,
    setup: Setup,
    precision: str = "float32",
) -> Cells:
    """Cells with these games and rules in place of the setup's.

    Args:
        played: as many games with rules as there are cells; each is let go as soon as its numbers are noted.
        count: the number of cells, K.
        setup: all else: estimator, step size, projection.
        precision: "float32" (default) or "float64"; raised to it for all cells where the payoffs of one would not
            survive rounding.

    Raises:
        InputError: for a game or a rule of another structure than the first, a game for which its rule is not defined,
            and payoffs that do not survive in double precision either.
    """
    first, structure, kinds = setup, None, None  # type: tuple[Setup, Any, Any]
    known: list[Any] = []
    leaves: list[npt.NDArray[Any]] = []
    scales, raised = np.empty(count), False
    for k, (game, rule) in enumerate(played):
        ready, estimator = rule.for_game(game), setup.estimator.for_game(game)
        own = replace(setup, game=game, rule=ready, estimator=estimator)
        if not survives(game.game, precision):
            # one program serves all cells, so all of them are computed in double precision
            own, raised = rounded_setup(own, "float64").setup, True
        scales[k] = game.game.payoff_range
        given, form = jax.tree.flatten(own)
        if structure is None:
            first, structure, kinds, known = own, form, _kinds(given), given
            leaves = [repeated(leaf, count) for leaf in given]
        if form != structure or _kinds(given) != kinds:
            raise InputError(
                f"all cells need games of one structure; that of cell {k}, {game.name}, has other players, actions or "
                "semantics than the first (with imperfect reading also: who reads whom, and nodes of a quadrature), or "
                "its rule has other parts"
            )
        for place, (leaf, usual) in enumerate(zip(given, known, strict=True)):
            if leaf is not usual:
                # numbers that all cells share take no memory; room is made where the first one differs
                leaves[place] = with_row(leaves[place], k, leaf)
    used = "float64" if raised else precision
    return Cells(first, structure, tuple(leaves), scales, used, (raised_note(precision),) if used != precision else ())


def _kinds(leaves: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(kind_of(in_type(leaf, np.float64)) for leaf in leaves)


@dataclass(frozen=True)
class CellShape:
    """What a program over cells is compiled for: one cell's program, the structure of a cell, cells in a call."""

    one: Shape
    structure: Any
    leaves: tuple[Kind, ...]
    cells: int
    together: int


def cell_shape(cells: Cells, *, width: int, chunks: int, devices: int) -> CellShape:
    """The shape of the program for these cells, whatever their number."""
    together = TOGETHER.get(jax.default_backend(), OTHER_TOGETHER)
    one = shape_of(
        in_precision(cells.setup, cells.precision),
        precision=cells.precision, width=width, chunks=chunks, devices=devices,
    )  # fmt: skip
    some = jax.tree.leaves(cells.part(np.zeros(1, np.int64)))
    kinds = tuple((shape[1:], dtype) for shape, dtype in map(kind_of, some))
    return CellShape(one, cells.structure, kinds, TURNS * together, together)


@kept_while_code_stays(64)
def compiled_cells(shape: CellShape) -> Program:
    """Compile once per shape: one program for any number of cells, which differ in its arguments.

    With R cells in a call, as many on every device, it takes cells `[R, …]`, a course, parameters
    `[R, chunks, d, width]`, indices `[R, chunks, width]` and which cells are wanted, `[R]`; others cost nothing. It
    gives what `ChunkProgram.run` gives, `[R, chunks, …, width]`.
    """
    began = time.perf_counter()
    one, rows = shape.one, shape.cells * shape.one.devices
    kinds = [jax.ShapeDtypeStruct((rows, *sizes), dtype) for sizes, dtype in shape.leaves]
    examples = (
        shape.structure.unflatten(kinds),
        course_example(one.precision),
        jax.ShapeDtypeStruct((rows, one.chunks, one.setup().game.dimension, one.width), one.precision),
        jax.ShapeDtypeStruct((rows, one.chunks, one.width), jnp.uint32),
        jax.ShapeDtypeStruct((rows,), bool),
    )
    with jax.enable_x64(one.precision == "float64"):
        call, form = kept_or_made(shape, examples, one.devices, functools.partial(_traced, shape, examples))
        called_once(call, examples)
    return Program(call, time.perf_counter() - began, form)


def _traced(shape: CellShape, examples: tuple[Any, ...]) -> tuple[Any, str]:
    mesh = jax.make_mesh((shape.one.devices,), ("cells",), axis_types=(AxisType.Auto,))
    split, whole = PartitionSpec("cells"), PartitionSpec()
    chunk = ChunkProgram(shape.one)
    run = jax.shard_map(
        functools.partial(_all_cells, shape, chunk),
        mesh=mesh,
        in_specs=(split, whole, split, split, split),
        out_specs=split,
        check_vma=False,
    )
    return compiled_for(run, examples), chunk.form.name


def _all_cells(
    shape: CellShape,
    chunk: ChunkProgram,
    cells: Setup,
    course: RunCourse,
    theta: jax.Array,
    starts: jax.Array,
    wanted: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    def one(cell: Setup, theta: jax.Array, starts: jax.Array) -> tuple[jax.Array, jax.Array]:
        return lax.map(lambda own: chunk.run(cell, course, *own), (theta, starts))

    def nothing(cell: Setup, theta: jax.Array, starts: jax.Array) -> tuple[jax.Array, jax.Array]:
        made = jax.eval_shape(one, cell, theta, starts)
        fractions, wholes = (jnp.zeros(part.shape, part.dtype) for part in made)
        return fractions, wholes

    def if_wanted(own: tuple[Any, ...]) -> tuple[jax.Array, jax.Array]:
        found: tuple[jax.Array, jax.Array] = lax.cond(own[-1], one, nothing, *own[:-1])
        return found

    # side by side a condition is no branch but a choice afterwards, which saves nothing
    turn = if_wanted if shape.together == 1 else lambda own: one(*own[:-1])
    size = None if shape.together == 1 else shape.together
    result: tuple[jax.Array, jax.Array] = lax.map(turn, (cells, theta, starts, wanted), batch_size=size)
    return result
