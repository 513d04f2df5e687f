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
from nashscape.dynamics.program import ChunkProgram, Plan, Program, Shape, made_ready, plan_example, shape_of
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.settling import Settling, Watch, first_that_holds
from nashscape.dynamics.setup import Setup, in_precision
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.games.rounding import raised_note, survives
from nashscape.semantics import ParametricGame

TOGETHER = {"cpu": 1}
OTHER_TOGETHER = 128
"""Cells that advance side by side: a core is busy with one, an accelerator is not."""

TURNS = 32
"""Cells, or groups of cells that advance together, that each device works through in one call."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Judging:
    """What a label needs beside how a run ended: bounds of the targets, `[K, Σ a_i]`, and two tolerances."""

    lower: Any
    upper: Any
    still: Any
    regret: Any

    def codes(self, ending: dict[str, Any], seen: Watch) -> jax.Array:
        """The outcome codes of runs, `[W]`, as `settling.labels` gives them."""
        played, still = ending["strategies"], seen.speed <= self.still
        bounds = [(low[:, None], high[:, None]) for low, high in zip(self.lower, self.upper, strict=True)]
        return jnp.asarray(
            first_that_holds(
                jnp,
                diverged=~jnp.isfinite(ending["theta"]).all(axis=0),
                reached=[((played >= low) & (played <= high)).all(axis=0) for low, high in bounds],
                known=still & (ending["regret"] <= self.regret),
                still=still,
                returned=seen.returned,
            ),
            dtype=jnp.int8,
        )


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Cell:
    """What runs in a cell, and how its runs are judged."""

    setup: Setup
    judging: Judging


@dataclass(frozen=True)
class Cells:
    """Setups that differ in numbers alone, one after another. Made by `stacked`.

    Attributes:
        setup: that of the first cell.
        structure: a cell without its numbers.
        leaves: every number of a cell, `[K, …]`, in the precision in which it is run.
        precision: "float32" or "float64".
        notes: what was done otherwise than asked, in sentences.
    """

    setup: Setup
    structure: Any
    leaves: tuple[npt.NDArray[Any], ...]
    precision: str
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of cells."""
        return len(self.leaves[0])

    def part(self, places: npt.NDArray[np.int64]) -> Cell:
        """The cells at these places, side by side."""
        cell: Cell = self.structure.unflatten([leaf[places] for leaf in self.leaves])
        return cell

    def with_projection(self, projection: Any) -> "Cells":
        """The same cells with another projection, one for all."""
        base = replace(self.setup, projection=projection)
        cell = self.part(np.arange(self.count))
        ready = in_precision(base, self.precision).projection
        everywhere = jax.tree.map(lambda leaf: np.broadcast_to(leaf, (self.count, *leaf.shape)), ready)
        leaves, structure = jax.tree.flatten(replace(cell, setup=replace(cell.setup, projection=everywhere)))
        return Cells(base, structure, tuple(leaves), self.precision, self.notes)


def stacked(
    games: Iterable[ParametricGame],
    count: int,
    setup: Setup,
    targets: Sequence[Target | PointTarget],
    settling: Settling,
    precision: str = "float32",
) -> Cells:
    """Cells with these games in place of the setup's.

    Args:
        games: as many games as there are cells; each is let go as soon as its numbers are noted.
        count: the number of cells, K.
        setup: all but the game: rule, estimator, step size, projection.
        targets: what runs may reach.
        settling: when a run counts as settled.
        precision: "float32" or "float64"; raised to it for all cells where the payoffs of one would not survive
            rounding.

    Raises:
        InputError: for a game of another structure than the first, one for which the rule is not defined, and payoffs
            that do not survive in double precision either.
    """
    first, structure, kinds = setup, None, None  # type: tuple[Setup, Any, Any]
    known: list[Any] = []
    leaves: list[npt.NDArray[Any]] = []
    bounds = _bounds(setup.game, targets)
    raised = False
    for k, game in enumerate(games):
        ready, estimator = setup.rule.for_game(game), setup.estimator.for_game(game)
        own = replace(setup, game=game, rule=ready, estimator=estimator)
        if not survives(game.game, precision):
            # one program serves all cells, so all of them are computed in double precision
            own, raised = rounded_setup(own, "float64").setup, True
        scale = game.game.payoff_range
        judging = Judging(*bounds, settling.still * scale, settling.regret * scale)
        given, form = jax.tree.flatten(Cell(own, judging))
        if structure is None:
            first, structure, kinds, known = own, form, _kinds(given), given
            # rounded at the end, when it is known to which precision
            fixed = jax.tree.leaves(in_precision(Cell(own, judging), "float64"))
            leaves = [np.broadcast_to(leaf, (count, *leaf.shape)) for leaf in fixed]
        if form != structure or _kinds(given) != kinds:
            raise InputError(
                f"all cells need games of one structure; that of cell {k}, {game.name}, has other players, actions or "
                "semantics than the first (with imperfect reading also: who reads whom, and nodes of a quadrature)"
            )
        for place, (leaf, usual) in enumerate(zip(given, known, strict=True)):
            if leaf is not usual:
                # numbers that all cells share take no memory; room is made where the first one differs
                if not leaves[place].flags.writeable:
                    leaves[place] = np.array(leaves[place])
                leaves[place][k] = leaf
    used = "float64" if raised else precision
    rounded = tuple(_rounded(leaf, used) for leaf in leaves)
    return Cells(first, structure, rounded, used, (raised_note(precision),) if used != precision else ())


def _rounded(leaf: npt.NDArray[Any], precision: str) -> npt.NDArray[Any]:
    """Numbers in this precision; those that all cells share still take no memory."""
    if leaf.dtype.kind != "f" or leaf.dtype == precision:
        return leaf
    return leaf.astype(precision) if leaf.flags.writeable else np.broadcast_to(leaf[0].astype(precision), leaf.shape)


def _kinds(leaves: Sequence[Any]) -> tuple[Any, ...]:
    return tuple((np.shape(leaf), np.asarray(leaf).dtype.kind in "iu") for leaf in leaves)


def _bounds(game: ParametricGame, targets: Sequence[Target | PointTarget]) -> tuple[Any, Any]:
    shapes = game.game.strategy_shapes
    regions = [target.region(shapes) for target in targets]
    entries = sum(int(np.prod(shape)) for shape in shapes)
    ends = [[np.concatenate([own.ravel() for own in end]) for end in (one.lower, one.upper)] for one in regions]
    low, high = (np.array([pair[k] for pair in ends]).reshape(len(regions), entries) for k in (0, 1))
    return low, high


@dataclass(frozen=True)
class CellShape:
    """What a program over cells is compiled for: one cell's program, the structure of a cell, cells in a call."""

    one: Shape
    structure: Any
    leaves: tuple[tuple[tuple[int, ...], str], ...]
    cells: int
    together: int


def cell_shape(cells: Cells, *, width: int, chunks: int, devices: int) -> CellShape:
    """The shape of the program for these cells, whatever their number."""
    together = TOGETHER.get(jax.default_backend(), OTHER_TOGETHER)
    one = shape_of(
        in_precision(cells.setup, cells.precision),
        precision=cells.precision, width=width, chunks=chunks, devices=devices,
    )  # fmt: skip
    kinds = tuple((leaf.shape[1:], leaf.dtype.name) for leaf in cells.leaves)
    return CellShape(one, cells.structure, kinds, TURNS * together, together)


@functools.lru_cache(maxsize=64)
def compiled_cells(shape: CellShape) -> Program:
    """Compile once per shape: one program for any number of cells, which differ in its arguments.

    With R cells in a call, as many on every device, it takes cells `[R, …]`, a plan, parameters
    `[R, chunks, d, width]`, indices `[R, chunks, width]` and which cells are wanted, `[R]`; others cost nothing. It
    gives outcome codes `[R, chunks, width]`.
    """
    began = time.perf_counter()
    one, rows = shape.one, shape.cells * shape.one.devices
    with jax.enable_x64(one.precision == "float64"):
        mesh = jax.make_mesh((one.devices,), ("cells",), axis_types=(AxisType.Auto,))
        split, whole = PartitionSpec("cells"), PartitionSpec()
        run = jax.shard_map(
            functools.partial(_all_cells, shape),
            mesh=mesh,
            in_specs=(split, whole, split, split, split),
            out_specs=split,
            check_vma=False,
        )
        kinds = [jax.ShapeDtypeStruct((rows, *sizes), dtype) for sizes, dtype in shape.leaves]
        examples = (
            shape.structure.unflatten(kinds),
            plan_example(one.precision),
            jax.ShapeDtypeStruct((rows, one.chunks, one.setup().game.dimension, one.width), one.precision),
            jax.ShapeDtypeStruct((rows, one.chunks, one.width), jnp.uint32),
            jax.ShapeDtypeStruct((rows,), bool),
        )
        call: Any = made_ready(run, examples)
    return Program(call, time.perf_counter() - began)


def _all_cells(
    shape: CellShape, cells: Cell, plan: Plan, theta: jax.Array, starts: jax.Array, wanted: jax.Array
) -> jax.Array:
    chunk = ChunkProgram(shape.one)

    def one(cell: Cell, theta: jax.Array, starts: jax.Array) -> jax.Array:
        def part(own: tuple[jax.Array, jax.Array]) -> jax.Array:
            return cell.judging.codes(*chunk.endings(cell.setup, plan, *own))

        return lax.map(part, (theta, starts))

    def if_wanted(own: tuple[Any, ...]) -> jax.Array:
        return lax.cond(own[-1], one, lambda _, __, starts: jnp.zeros(starts.shape, jnp.int8), *own[:-1])

    # side by side a condition is no branch but a choice afterwards, which saves nothing
    turn = if_wanted if shape.together == 1 else lambda own: one(*own[:-1])
    size = None if shape.together == 1 else shape.together
    return lax.map(turn, (cells, theta, starts, wanted), batch_size=size)
