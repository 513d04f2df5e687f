"""Many runs at once: which of them reach the target that they stand in after a few places of their path.

The same path as everywhere, compiled with all its steps and written out entry by entry, for as many places as most
runs need. Runs that it does not settle are followed from their ends like any others.
"""

import functools
import time
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax
from jax.sharding import AxisType, PartitionSpec

from nashscape.core.components import NotUnrollable
from nashscape.dynamics.endings.hurried_paths import CLOSED, small_step
from nashscape.dynamics.endings.judging import at_corner
from nashscape.dynamics.endings.looking import Path, example_path, look
from nashscape.dynamics.endings.mean_fields import moved
from nashscape.dynamics.endings.programs import Asked
from nashscape.dynamics.forms import ComponentForm
from nashscape.dynamics.program import Program, made_ready
from nashscape.learning import Box

MANY = 20_000
"""Fewer runs than this are followed sooner than a program is compiled for them."""

PLACES = 10
WIDTH, ROWS = 512, 128


@dataclass(frozen=True)
class Shape:
    """What the program is compiled for: a setup with its moment, parameters, entries of the strategies, targets."""

    structure: Any
    leaves: tuple[tuple[tuple[int, ...], str], ...]
    entries: int
    targets: int
    devices: int

    def asked(self) -> Asked:
        """The setup and its moment, with shapes in place of numbers."""
        made: Asked = self.structure.unflatten([jax.ShapeDtypeStruct(*leaf) for leaf in self.leaves])
        return made


def can_be_sorted(asked: Asked, count: int) -> bool:
    """Whether it is worth the while, and possible, to sort runs of this setup."""
    game, box = asked.setups.game, asked.setups.projection
    return count >= MANY and game.dimension <= CLOSED and game.semantics.domain == "logits" and isinstance(box, Box)


def reach_at_once(
    asked: Asked, theta: npt.NDArray[Any], held: npt.NDArray[Any], lower: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.bool_], int, float]:
    """Which runs of one setup reach the target that they stand in within a few places of their paths.

    Args:
        asked: the setup, `[1, …]`.
        theta: parameters `[N, d]`, on the bounds of the box where they are held.
        held: number of the target of each run, −1 for none, `[N]`.
        lower: least strategies of the targets, `[K, Σ a_i]`.

    Returns:
        The runs, `[N]`; evaluations of the field; seconds to compile.
    """
    one = jax.tree.map(lambda leaf: leaf[0], asked)
    leaves, structure = jax.tree.flatten(one)
    kinds = tuple((np.shape(leaf), np.asarray(leaf).dtype.name) for leaf in leaves)
    devices = len(jax.devices())
    shape = Shape(structure, kinds, lower.shape[1], len(lower), devices)
    misses = compiled_triage.cache_info().misses
    try:
        program = compiled_triage(shape)
    except NotUnrollable:
        return np.zeros(len(theta), bool), 0, 0.0
    spent = program.seconds if compiled_triage.cache_info().misses > misses else 0.0
    block = ROWS * devices * WIDTH
    reached, looks = np.zeros(len(theta), bool), 0
    for first in range(0, len(theta), block):
        part = slice(first, min(first + block, len(theta)))
        places, targets = np.zeros((theta.shape[1], block)), np.full(block, -1, np.int32)
        places[:, : part.stop - first], targets[: part.stop - first] = theta[part].T, held[part]
        given = places.reshape(len(places), -1, WIDTH).swapaxes(0, 1), targets.reshape(-1, WIDTH)
        with jax.enable_x64(True):
            made, seen = map(np.asarray, program.call(one, lower.astype(np.float64), *given))
        reached[part] = made.ravel()[: part.stop - first]
        looks += int(seen.sum()) * WIDTH
    return reached, looks * (2 * theta.shape[1] + 1), spent


@functools.lru_cache(maxsize=16)
def compiled_triage(shape: Shape) -> Program:
    """Compile once per shape.

    Raises:
        NotUnrollable: where the rule cannot be written out.
    """
    began = time.perf_counter()
    rows = ROWS * shape.devices
    with jax.enable_x64(True):
        mesh = jax.make_mesh((shape.devices,), ("rows",), axis_types=(AxisType.Auto,))
        split, whole = PartitionSpec("rows"), PartitionSpec()
        run = jax.shard_map(
            functools.partial(_all_rows, shape),
            mesh=mesh, in_specs=(whole, whole, split, split), out_specs=split, check_vma=False,
        )  # fmt: skip
        asked = shape.asked()
        examples = (
            asked,
            jax.ShapeDtypeStruct((shape.targets, shape.entries), np.float64),
            jax.ShapeDtypeStruct((rows, asked.setups.game.dimension, WIDTH), np.float64),
            jax.ShapeDtypeStruct((rows, WIDTH), np.int32),
        )
        call = made_ready(run, examples)
    return Program(call, time.perf_counter() - began)


def _advanced(shared: tuple[Asked, Any], each: tuple[Path, Any]) -> tuple[Path, Any]:
    """Look at the present place of one path and go on from there, unless it is done."""
    (asked, first), (path, done) = shared, each
    seen, found = look(asked.setups, asked.moments, first, path)
    ended = ~((found.pace > 0.0) & jnp.all(jnp.isfinite(found.pull)))
    change = small_step(jnp, found.pull, found.jacobian, found.pace)[1]
    after = replace(
        seen,
        theta=moved(asked.setups.projection, path.theta, jnp.where(ended, 0.0, change)),
        before=jnp.where(ended, path.before, path.theta),
    )
    kept: tuple[Path, Any] = jax.tree.map(lambda new, old: jnp.where(done, old, new), (after, done | ended), each)
    return kept


def _all_rows(shape: Shape, asked: Asked, lower: jax.Array, theta: jax.Array, held: jax.Array) -> Any:
    example = shape.asked()
    d = example.setups.game.dimension
    one = (example_path(d, shape.entries), jax.ShapeDtypeStruct((), bool))
    form = ComponentForm()
    advance = form.over_starts(_advanced, (example, jax.ShapeDtypeStruct((), bool)), one)

    def row(own: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        place, target = own
        empty = jax.tree.map(lambda leaf: jnp.zeros((*leaf.shape, WIDTH), leaf.dtype), one[0])
        bounds = jnp.full((shape.entries, WIDTH), jnp.inf)
        for k in range(shape.targets):
            bounds = jnp.where(target == k, lower[k][:, None], bounds)
        begun = replace(empty, theta=place, before=place, lower=bounds, upper=jnp.full_like(bounds, jnp.inf))

        def turn(carry: tuple[jax.Array, list[Any]]) -> tuple[jax.Array, list[Any]]:
            return carry[0] + 1, advance((asked, carry[0] == 0), carry[1])

        def unsettled(carry: tuple[jax.Array, list[Any]]) -> jax.Array:
            return (carry[0] < PLACES) & ~jnp.all(form.gather(carry[1], one)[1])

        looks, state = lax.while_loop(unsettled, turn, (jnp.int32(0), form.spread((begun, target < 0))))
        path, done = form.gather(state, one)
        return (target >= 0) & done & path.stays & at_corner(path), looks

    return lax.map(row, (theta, held))
