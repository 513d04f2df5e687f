"""The compiled look: many places at once, in rows of one setup each."""

import functools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax
from jax.sharding import AxisType, PartitionSpec

from nashscape.dynamics.endings.looking import MOST, Found, Path, look
from nashscape.dynamics.endings.mean_fields import Moment
from nashscape.dynamics.forms import ArrayForm
from nashscape.dynamics.program import Program

WIDTHS, ROWS = (16, 128, 512), 64
"""Places in a row of a call, by how many there are, and the most rows of a device."""

FEW = 2000
"""Fewer runs than this are looked at sooner than a compiler has made their program fast."""


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
    leaves: tuple[tuple[tuple[int, ...], str], ...]
    path: tuple[tuple[tuple[int, ...], str], ...]
    width: int
    rows: int
    devices: int
    plain: bool

    def asked(self) -> Asked:
        """The setups with shapes in place of numbers."""
        made: Asked = self.structure.unflatten([jax.ShapeDtypeStruct(*leaf) for leaf in self.leaves])
        return made

    def one(self) -> tuple[Any, Path]:
        """One setup with its moment, and one path, with shapes in place of numbers."""
        asked = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype), self.asked())
        return asked, Path(*(jax.ShapeDtypeStruct(*leaf) for leaf in self.path))


@functools.lru_cache(maxsize=64)
def compiled_looks(shape: Shape) -> Program:
    """Compile once per shape: setups `[S, …]`, which of them every row is of, `[R]`, whether this is the first look,
    and paths `[R, …, W]`."""
    began = time.perf_counter()
    rows = shape.rows * shape.devices
    with jax.enable_x64(True):
        mesh = jax.make_mesh((shape.devices,), ("rows",), axis_types=(AxisType.Auto,))
        split, whole = PartitionSpec("rows"), PartitionSpec()
        run = jax.shard_map(
            functools.partial(_all_rows, shape),
            mesh=mesh, in_specs=(whole, split, whole, split), out_specs=split, check_vma=False,
        )  # fmt: skip
        _, one = shape.one()
        paths = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct((rows, *leaf.shape, shape.width), leaf.dtype), one)
        which, first = jax.ShapeDtypeStruct((rows,), jnp.int32), jax.ShapeDtypeStruct((), bool)
        lowered = jax.jit(run).lower(shape.asked(), which, first, paths)
        plainly: Any = {"xla_backend_optimization_level": 0} if shape.plain and jax.default_backend() == "cpu" else {}
        call: Any = lowered.compile(compiler_options=plainly)
    return Program(call, time.perf_counter() - began)


def _looked(shared: tuple[Asked, Any], path: Path) -> tuple[Path, Found]:
    asked, first = shared
    return look(asked.setups, asked.moments, first, path)


def _all_rows(shape: Shape, asked: Asked, which: jax.Array, first: jax.Array, paths: Path) -> tuple[Path, Found]:
    example, one = shape.one()
    shared = (example, jax.ShapeDtypeStruct((), bool))
    form = ArrayForm()
    looked, made = form.over_starts(_looked, shared, one), jax.eval_shape(_looked, shared, one)

    def row(own: tuple[jax.Array, Path]) -> tuple[Path, Found]:
        here = jax.tree.map(lambda leaf: leaf[own[0]], asked)
        found: tuple[Path, Found] = form.gather(looked((here, first), form.spread(own[1])), made)
        return found

    result: tuple[Path, Found] = lax.map(row, (which, paths))
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

    def at(self, path: Path, runs: npt.NDArray[np.int64], *, first: bool) -> Found:
        """Look at the present places of these runs, `[n]`; the paths, `[…, N]`, take it in."""
        rows = list(_in_rows(self.which, runs, self.shape.width))
        d = len(path.theta)
        self.evaluations += len(runs) * (1 if d > MOST else 2 * d + 1)
        block = self.shape.rows * self.shape.devices
        parts = [self._call(path, rows[at : at + block], first) for at in range(0, len(rows), block)]
        return jax.tree.map(lambda *own: np.concatenate(own, axis=-1), *parts)

    def _call(self, path: Path, rows: list[npt.NDArray[np.int64]], first: bool) -> Found:
        block = self.shape.rows * self.shape.devices

        def packed(leaf: npt.NDArray[Any]) -> npt.NDArray[Any]:
            filled = np.zeros((block, *leaf.shape[:-1], self.shape.width), leaf.dtype)
            for row, runs in zip(filled, rows, strict=False):
                row[..., : len(runs)] = leaf[..., runs]
            return filled

        setups = np.zeros(block, np.int32)
        setups[: len(rows)] = [self.which[runs[0]] for runs in rows]
        with jax.enable_x64(True):
            call = self.program.call(self.asked, setups, np.bool_(first), jax.tree.map(packed, path))
            seen, found = jax.tree.map(np.asarray, call)
        for old, new in zip(jax.tree.leaves(path), jax.tree.leaves(seen), strict=True):
            for row, runs in zip(new, rows, strict=False):
                old[..., runs] = row[..., : len(runs)]
        return jax.tree.map(
            lambda leaf: np.concatenate(
                [row[..., : len(runs)] for row, runs in zip(leaf, rows, strict=False)], axis=-1
            ),
            found,
        )


def looks_for(asked: Asked, which: npt.NDArray[np.int64], path: Path) -> Looks:
    """The compiled looks at paths `[…, N]` of these setups, in double precision."""
    count = len(which)
    devices = 1 if count <= WIDTHS[1] else len(jax.devices())
    width = next((width for width in WIDTHS if count <= width * devices), WIDTHS[-1])
    rows = len(list(_in_rows(which, np.arange(count), width)))
    leaves, structure = jax.tree.flatten(asked)
    shape = Shape(
        structure=structure,
        leaves=tuple((np.shape(leaf), np.asarray(leaf).dtype.name) for leaf in leaves),
        path=tuple((leaf.shape[:-1], leaf.dtype.name) for leaf in jax.tree.leaves(path)),
        width=width,
        rows=min(ROWS, 2 ** math.ceil(math.log2(max(1, math.ceil(rows / devices))))),
        devices=devices,
        plain=count < FEW,
    )
    misses = compiled_looks.cache_info().misses
    program = compiled_looks(shape)
    fresh = compiled_looks.cache_info().misses > misses
    return Looks(asked, which, shape, program, program.seconds if fresh else 0.0)


@jax.jit
def _largest_regrets(setups: Any, which: jax.Array, theta: jax.Array) -> jax.Array:
    def one(setup: jax.Array, theta: jax.Array) -> jax.Array:
        game = jax.tree.map(lambda leaf: leaf[setup], setups)
        return jnp.max(game.game.regrets(game.strategies(theta)))

    return jax.vmap(one)(which, theta)


def regrets_at(asked: Asked, which: npt.NDArray[np.int64], theta: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The largest regret of a player at each place `[n, d]` in the game of its setup, in payoff units, `[n]`."""
    room = 2 ** math.ceil(math.log2(max(len(theta), 8))) - len(theta)
    with jax.enable_x64(True):
        padded = (np.pad(which, (0, room), mode="edge"), np.pad(theta, ((0, room), (0, 0)), mode="edge"))
        found = _largest_regrets(asked.setups.game, *map(jnp.asarray, padded))
        return np.asarray(found)[: len(theta)]


def _in_rows(which: npt.NDArray[np.int64], runs: npt.NDArray[np.int64], width: int) -> Iterator[npt.NDArray[np.int64]]:
    """Runs cut into rows of one setup each, as wide as that at most."""
    ends = np.flatnonzero(np.diff(which[runs])) + 1
    for own in np.split(runs, ends):
        for at in range(0, len(own), width):
            yield own[at : at + width]
