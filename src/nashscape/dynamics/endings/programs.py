"""The compiled look: many places at once, in rows of one setup each."""

import functools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax
from jax.sharding import AxisType, PartitionSpec

from nashscape.dynamics.endings.looking import MOST, Found, Path, look
from nashscape.dynamics.endings.mean_fields import Moment, moved
from nashscape.dynamics.endings.path_steps import CLOSED, small_step
from nashscape.dynamics.forms import ArrayForm, ComponentForm
from nashscape.dynamics.leaves import Kind, as_array, kind_of
from nashscape.dynamics.program import Program
from nashscape.learning.projection import is_box
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.finished_programs import kept_or_made

WIDTHS, ROWS = (64, 512), 64
"""Places in a row of a call, by how many there are, and the most rows of a device; looks that are not written out are
made in rows of the first width, which fit into nearer memory."""

FEW, MANY = 10_000, 20_000
"""Fewer evaluations than the first, for one look at each run, are made sooner than a compiler has made their program
fast; as many paths as the second are written out entry by entry."""

TOGETHER = 256
"""Places that are looked at, or moved, in one call: always as many, so that one program serves any number of them, and
a place gets the same bits beside any others."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Asked:
    """The setups whose runs are followed, one after another in every number, `[S, …]`, and when each is looked at."""

    setups: Any
    moments: Moment


@dataclass(frozen=True)
class Shape:
    """What a look is compiled for."""

    structure: Any
    leaves: tuple[Kind, ...]
    path: tuple[tuple[tuple[int, ...], str], ...]
    width: int
    rows: int
    devices: int
    plain: bool
    walks: bool
    written_out: bool

    def asked(self) -> Asked:
        """The setups with shapes in place of numbers."""
        made: Asked = self.structure.unflatten([jax.ShapeDtypeStruct(*leaf) for leaf in self.leaves])
        return made

    def one(self) -> tuple[Any, Path]:
        """One setup with its moment, and one path, with shapes in place of numbers."""
        asked = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype), self.asked())
        return asked, Path(*(jax.ShapeDtypeStruct(*leaf) for leaf in self.path))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Walk:
    """A path, what its present place showed, and how it went.

    Attributes:
        path: what it has seen.
        found: what the last place showed.
        clock: until it left the target of its run, or until now.
        left: whether it left the target.
        done: whether nothing moves any more.
        looks: places that were looked at.
    """

    path: Path
    found: Found
    clock: Any
    left: Any
    done: Any
    looks: Any


@kept_while_code_stays(64)
def compiled_looks(shape: Shape) -> Program:
    """Compile once per shape.

    The program takes the setups `[S, …]`, which of them every row is of, `[R]`, how many rows of each device are
    meant, whether these are first looks, and paths `[R, …, W]`; where it walks, how many places of each row are looked
    at, `[R]`, after how many of them the path moves on, and walks `[R, …, W]`.

    Raises:
        NotUnrollable: where it is to be written out and cannot be.
    """
    began = time.perf_counter()
    rows = shape.rows * shape.devices
    which, first = jax.ShapeDtypeStruct((rows,), jnp.int32), jax.ShapeDtypeStruct((), bool)
    meant = jax.ShapeDtypeStruct((shape.devices,), jnp.int32)
    how = (which, jax.ShapeDtypeStruct((), jnp.int32)) if shape.walks else ()
    one = example_walk(shape) if shape.walks else shape.one()[1]
    paths = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct((rows, *leaf.shape, shape.width), leaf.dtype), one)
    examples = (shape.asked(), which, meant, first, *how, paths)
    with jax.enable_x64(True):
        call, _ = kept_or_made(shape, examples, shape.devices, functools.partial(_traced, shape, examples))
    return Program(call, time.perf_counter() - began)


def _traced(shape: Shape, examples: tuple[Any, ...]) -> tuple[Any, str]:
    mesh = jax.make_mesh((shape.devices,), ("rows",), axis_types=(AxisType.Auto,))
    split, whole = PartitionSpec("rows"), PartitionSpec()
    function, kinds = (
        (_all_walks, (whole, split, split, whole, split, whole, split))
        if shape.walks
        else (_all_rows, (whole, split, split, whole, split))
    )
    run = jax.shard_map(functools.partial(function, shape), mesh=mesh, in_specs=kinds, out_specs=split, check_vma=False)
    lowered = jax.jit(run).lower(*examples)
    plainly: Any = {"xla_backend_optimization_level": 0} if shape.plain and jax.default_backend() == "cpu" else {}
    return lowered.compile(compiler_options=plainly), ""


def _looked(shared: tuple[Asked, Any], path: Path) -> tuple[Path, Found]:
    asked, first = shared
    return look(asked.setups, asked.moments, first, path)


def _in_turn(row: Callable[[Any], Any], count: jax.Array, given: Any, made: Any) -> Any:
    """What a function makes of each of the first so many rows, in place of those that are there."""

    def turn(k: jax.Array, made: Any) -> Any:
        own = row(jax.tree.map(lambda leaf: leaf[k], given))
        return jax.tree.map(lambda all_, one: all_.at[k].set(one), made, own)

    return lax.fori_loop(0, count[0], turn, made)


def _all_rows(
    shape: Shape, asked: Asked, which: jax.Array, meant: jax.Array, first: jax.Array, paths: Path
) -> tuple[Path, Found]:
    example, one = shape.one()
    shared = (example, jax.ShapeDtypeStruct((), bool))
    form = ArrayForm()
    looked, made = form.over_starts(_looked, shared, one), jax.eval_shape(_looked, shared, one)

    def row(own: tuple[jax.Array, Path]) -> tuple[Path, Found]:
        here = jax.tree.map(lambda leaf: leaf[own[0]], asked)
        found: tuple[Path, Found] = form.gather(looked((here, first), form.spread(own[1])), made)
        return found

    empty = jax.tree.map(lambda leaf: jnp.zeros((shape.rows, *leaf.shape, shape.width), leaf.dtype), made[1])
    result: tuple[Path, Found] = _in_turn(row, meant, (which, paths), (paths, empty))
    return result


def example_walk(shape: Shape) -> Walk:
    """One walk, with shapes in place of numbers."""
    _, path = shape.one()
    [parameters], [entries] = path.theta.shape, path.lower.shape
    square = parameters if parameters <= MOST else 0

    def real(*sizes: int) -> Any:
        return jax.ShapeDtypeStruct(sizes, np.float64)

    found = Found(pull=real(parameters), pace=real(), jacobian=real(square, square), played=real(entries))
    flag = jax.ShapeDtypeStruct((), bool)
    return Walk(path, found, real(), flag, flag, jax.ShapeDtypeStruct((), np.int32))


def _advanced(shared: tuple[Asked, Any, Any], walk: Walk) -> Walk:
    """Look at the present place of a path and, where that is wanted, go on from there, unless it is done."""
    asked, first, moves = shared
    seen, found = look(asked.setups, asked.moments, first, walk.path)
    left = walk.left | ~seen.stays
    going = (found.pace > 0.0) & jnp.all(jnp.isfinite(found.pull))
    took, change = small_step(jnp, found.pull, found.jacobian, found.pace)
    onward = going & moves
    theta = moved(asked.setups.projection, seen.theta, jnp.where(onward, change, 0.0))
    path = replace(
        seen, theta=jnp.where(onward, theta, seen.theta), before=jnp.where(onward, seen.theta, walk.path.before)
    )
    clock = walk.clock + jnp.where(onward & ~left, took, 0.0)
    after = Walk(path, found, clock, left, ~going, walk.looks + 1)
    kept: Walk = jax.tree.map(lambda new, old: jnp.where(walk.done, old, new), after, walk)
    return kept


def _all_walks(
    shape: Shape,
    asked: Asked,
    which: jax.Array,
    meant: jax.Array,
    first: jax.Array,
    places: jax.Array,
    moves: jax.Array,
    walks: Walk,
) -> Walk:
    example, walk = shape.one()[0], example_walk(shape)
    flag = jax.ShapeDtypeStruct((), bool)
    form = ComponentForm() if shape.written_out else ArrayForm()
    advance = form.over_starts(_advanced, (example, flag, flag), walk)

    def row(own: tuple[jax.Array, jax.Array, Walk]) -> Walk:
        here = jax.tree.map(lambda leaf: leaf[own[0]], asked)

        def turn(carry: tuple[jax.Array, list[Any]]) -> tuple[jax.Array, list[Any]]:
            count, state = carry
            return count + 1, advance((here, first & (count == 0), count < moves), state)

        def unsettled(carry: tuple[jax.Array, list[Any]]) -> jax.Array:
            return (carry[0] < own[1]) & ~jnp.all(form.gather(carry[1], walk).done)

        made: Walk = form.gather(lax.while_loop(unsettled, turn, (jnp.int32(0), form.spread(own[2])))[1], walk)
        return made

    result: Walk = _in_turn(row, meant, (which, places, walks), walks)
    return result


@dataclass
class Looks:
    """Looks at the places of many runs. Made by `looks_for`.

    Attributes:
        asked: the setups.
        which: the setup of every run, `[N]`, in rising order.
        shape: of the program.
        program: the program.
        compile_seconds: zero where it was there.
        evaluations: of the mean field so far, those for the Jacobian among them.
    """

    asked: Asked
    which: npt.NDArray[np.int64]
    shape: Shape
    program: Program
    compile_seconds: float
    evaluations: int = 0

    @property
    def walks(self) -> bool:
        """Whether whole paths are compiled: with few parameters."""
        return self.shape.walks

    @property
    def in_one_call(self) -> bool:
        """Whether all runs fit into one row."""
        return len(self.which) <= self.shape.width

    def at(self, path: Path, runs: npt.NDArray[np.int64], *, first: bool) -> Found:
        """Look at the present places of these runs, `[n]`; the paths, `[…, N]`, take it in."""
        if self.walks:
            walk = self.beginning(path)
            self.walk(walk, runs, first=first, places=1, moves=0)
            made: Found = jax.tree.map(lambda leaf: leaf[..., runs], walk.found)
            return made
        self.evaluations += len(runs) * self._each()
        return jax.tree.map(lambda *own: np.concatenate(own, axis=-1), *self._called(path, runs, first))

    def beginning(self, path: Path) -> Walk:
        """The paths `[…, N]` before their first looks; they are taken over."""
        found, count = example_walk(self.shape).found, path.theta.shape[1]
        shown = jax.tree.map(lambda leaf: np.zeros((*leaf.shape, count), leaf.dtype), found)
        left, done = np.zeros(count, bool), np.zeros(count, bool)
        return Walk(path, shown, np.zeros(count), left, done, np.zeros(count, np.int32))

    def walk(self, walk: Walk, runs: npt.NDArray[np.int64], *, first: bool, places: int, moves: int) -> None:
        """Look at so many places of these runs one after another, going on after each of the first so many."""
        before = int(walk.looks[runs].sum())
        self._called(walk, runs, first, places, np.int32(moves))
        self.evaluations += (int(walk.looks[runs].sum()) - before) * self._each()

    def _each(self) -> int:
        return _evaluations(self.shape.path[0][0][0])

    def _called(self, given: Any, runs: npt.NDArray[np.int64], *how: Any) -> list[Any]:
        """Call the program, block by block of rows; what it gives first is put into place, the rest is given back."""
        rows = list(_in_rows(self.which, runs, self.shape.width))
        block = self.shape.rows * self.shape.devices
        return [self._call(given, rows[at : at + block], *how) for at in range(0, len(rows), block)]

    def _call(
        self, given: Any, rows: list[npt.NDArray[np.int64]], first: bool, looks: int | None = None, moves: Any = None
    ) -> Any:
        block, devices = self.shape.rows * self.shape.devices, self.shape.devices
        # dealt to the devices in turn
        places = [k % devices * self.shape.rows + k // devices for k in range(len(rows))]

        def packed(leaf: npt.NDArray[Any]) -> npt.NDArray[Any]:
            filled = np.zeros((block, *leaf.shape[:-1], self.shape.width), leaf.dtype)
            for place, runs in zip(places, rows, strict=True):
                filled[place][..., : len(runs)] = leaf[..., runs]
                filled[place][..., len(runs) :] = leaf[..., runs[-1:]]
            return filled

        setups, some = np.zeros(block, np.int32), np.zeros(block, np.int32)
        setups[places] = [self.which[runs[0]] for runs in rows]
        some[places] = looks or 0
        meant = np.array([len(range(device, len(rows), devices)) for device in range(devices)], np.int32)
        how = (some, moves) if self.walks else ()
        with jax.enable_x64(True):
            call = self.program.call(self.asked, setups, meant, np.bool_(first), *how, jax.tree.map(packed, given))
            seen = jax.tree.map(np.asarray, call)
        seen, found = (seen, None) if self.walks else seen
        for old, new in zip(jax.tree.leaves(given), jax.tree.leaves(seen), strict=True):
            for place, runs in zip(places, rows, strict=True):
                old[..., runs] = new[place][..., : len(runs)]
        return jax.tree.map(
            lambda leaf: np.concatenate(
                [leaf[place][..., : len(runs)] for place, runs in zip(places, rows, strict=True)], axis=-1
            ),
            found,
        )


def _evaluations(parameters: int) -> int:
    """Of the mean field in one look."""
    return 1 if parameters > MOST else 2 * parameters + 1


def looks_for(asked: Asked, which: npt.NDArray[np.int64], path: Path) -> Looks:
    """The compiled looks at paths `[…, N]` of these setups, in double precision."""
    count = len(which)
    devices = 1 if count <= WIDTHS[0] else len(jax.devices())
    walks = len(path.theta) <= CLOSED
    width = WIDTHS[1] if walks and count > WIDTHS[0] * devices else WIDTHS[0]
    rows = len(list(_in_rows(which, np.arange(count), width)))
    leaves, structure = jax.tree.flatten(asked)
    shape = Shape(
        structure=structure,
        leaves=tuple(kind_of(as_array(leaf)) for leaf in leaves),
        path=tuple((leaf.shape[:-1], leaf.dtype.name) for leaf in jax.tree.leaves(path)),
        width=width,
        rows=min(ROWS, 2 ** math.ceil(math.log2(max(1, math.ceil(rows / devices))))),
        devices=devices,
        plain=count * _evaluations(len(path.theta)) < FEW,
        walks=walks,
        written_out=walks and count >= MANY,
    )
    misses = compiled_looks.cache_info().misses
    try:
        program = compiled_looks(shape)
    except NotUnrollable:
        shape = replace(shape, written_out=False)
        program = compiled_looks(shape)
    fresh = compiled_looks.cache_info().misses > misses
    return Looks(asked, which, shape, program, program.seconds if fresh else 0.0)


@jax.jit
def _weights(setups: Any, which: jax.Array, theta: jax.Array) -> jax.Array:
    def one(setup: jax.Array, theta: jax.Array) -> jax.Array:
        game = jax.tree.map(lambda leaf: leaf[setup], setups)
        slopes = jax.jacfwd(game.strategies)(theta)
        changes = jnp.concatenate([own.reshape(-1, len(theta)) for own in slopes])
        return jnp.abs(changes).sum(axis=0) / 2.0

    return jax.vmap(one)(which, theta)


@jax.jit
def _largest_regrets(setups: Any, which: jax.Array, theta: jax.Array) -> jax.Array:
    def one(setup: jax.Array, theta: jax.Array) -> jax.Array:
        game = jax.tree.map(lambda leaf: leaf[setup], setups)
        return jnp.max(game.game.regrets(game.strategies(theta)))

    return jax.vmap(one)(which, theta)


def regrets_at(asked: Asked, which: npt.NDArray[np.int64], theta: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The largest regret of a player at each place `[n, d]` in the game of its setup, in payoff units, `[n]`."""
    return _at_each(functools.partial(_largest_regrets, asked.setups.game), which, theta)


def weights_at(asked: Asked, which: npt.NDArray[np.int64], theta: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """How much each parameter does to strategies at each place `[n, d]`, half the sum of all changes of probability."""
    return _at_each(functools.partial(_weights, asked.setups.game), which, theta)


@jax.jit
def _projected(projection: Any, theta: jax.Array) -> jax.Array:
    return jax.vmap(projection.project)(theta)


def projected_move(
    projection: Any, theta: npt.NDArray[np.float64], change: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Parameters `[n, d]` after a change, kept where they may be."""
    if is_box(projection):
        return np.clip(theta + change, np.asarray(projection.low), np.asarray(projection.high))
    return _at_each(functools.partial(_projected, projection), theta + change)


def _at_each(function: Callable[..., Any], *given: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What one compiled program gives for each place, however many they are; `given` are of each, `[n, …]`."""
    made = []
    with jax.enable_x64(True):
        for at in range(0, len(given[0]), TOGETHER):
            own = [rows[at : at + TOGETHER] for rows in given]
            count = len(own[0])
            padded = [np.pad(rows, [(0, TOGETHER - count), *[(0, 0)] * (rows.ndim - 1)], mode="edge") for rows in own]
            made.append(np.asarray(function(*padded))[:count])
    return np.concatenate(made)


def _in_rows(which: npt.NDArray[np.int64], runs: npt.NDArray[np.int64], width: int) -> Iterator[npt.NDArray[np.int64]]:
    """Runs cut into rows of one setup each, as wide as that at most."""
    ends = np.flatnonzero(np.diff(which[runs])) + 1
    for own in np.split(runs, ends):
        for at in range(0, len(own), width):
            yield own[at : at + width]
