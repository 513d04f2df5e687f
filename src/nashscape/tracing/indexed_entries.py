"""Arrays of entries at places that are known beforehand: gathers, scatters, and sums from entry to entry."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import numpy.typing as npt
from jax import lax

if TYPE_CHECKING:
    from nashscape.tracing.entries import Arithmetic, Entries

Places = npt.NDArray[np.int64]

CUMULATIVE = {"cumsum": "add", "cumprod": "mul", "cummax": "max", "cummin": "min"}
"""Operations along an axis, and the operation of two entries that each repeats."""


def cumulate(operation: Callable[..., Any], array: Entries, axis: int, *, reverse: bool) -> Entries:
    """An operation of two entries along an axis, from first to last or back, with all that is found on the way."""
    rows = np.moveaxis(array, axis, -1)
    made = np.empty(rows.shape, dtype=object)
    for place in np.ndindex(rows.shape[:-1]):
        row = list(rows[place])[::-1] if reverse else list(rows[place])
        found = list(itertools.accumulate(row, operation))
        for k, entry in enumerate(found[::-1] if reverse else found):
            made[(*place, k)] = entry
    return np.moveaxis(made, -1, axis)


def _gather(arithmetic: Arithmetic, eqn: Any, array: Entries, indices: Entries) -> Entries:
    shape, kept = eqn.outvars[0].aval, eqn.params
    places = _places(array.shape, indices, kept["dimension_numbers"], kept["slice_sizes"], kept["mode"])
    filler = _filler(kept["fill_value"], shape.dtype)
    flat, made = array.ravel(), np.empty(places.size, dtype=object)
    for k, place in enumerate(places.ravel().tolist()):
        made[k] = filler if place < 0 else flat[place]
    return made.reshape(shape.shape)


def _scatter(arithmetic: Arithmetic, eqn: Any, array: Entries, indices: Entries, updates: Entries) -> Entries:
    """Updates are put or added one after the other, in row-major order; those beyond the array are dropped."""
    kept = eqn.params["dimension_numbers"]
    window = set(range(array.ndim)) - set(kept.inserted_window_dims) - set(kept.operand_batching_dims)
    sizes = dict(zip(sorted(window), (updates.shape[axis] for axis in kept.update_window_dims), strict=True))
    back = lax.GatherDimensionNumbers(
        offset_dims=kept.update_window_dims,
        collapsed_slice_dims=kept.inserted_window_dims,
        start_index_map=kept.scatter_dims_to_operand_dims,
        operand_batching_dims=kept.operand_batching_dims,
        start_indices_batching_dims=kept.scatter_indices_batching_dims,
    )
    slices = tuple(sizes.get(axis, 1) for axis in range(array.ndim))
    places = _places(array.shape, indices, back, slices, eqn.params["mode"])
    made, add = array.ravel().copy(), arithmetic.operations["add"]
    for place, update in zip(places.ravel().tolist(), updates.ravel(), strict=True):
        if place >= 0:
            made[place] = add(made[place], update) if eqn.primitive.name != "scatter" else update
    return made.reshape(array.shape)


def _places(shape: tuple[int, ...], indices: Entries, numbers: Any, slices: Any, mode: Any) -> Places:
    """Which entry of the flat array lies at every place of a gather; −1 beyond the array."""
    known = np.array([int(entry) for entry in indices.ravel()], np.int32).reshape(indices.shape)
    numbered = np.arange(int(np.prod(shape, dtype=int)), dtype=np.int32).reshape(shape)
    kind = lax.GatherScatterMode.from_any(mode)
    if kind == lax.GatherScatterMode.PROMISE_IN_BOUNDS:
        kind = lax.GatherScatterMode.CLIP
    with jax.ensure_compile_time_eval():
        found = lax.gather(numbered, known, numbers, tuple(slices), mode=kind, fill_value=-1)
        return np.asarray(found, np.int64)


def _filler(value: Any, dtype: Any) -> Any:
    """What stands for entries beyond the array."""
    if value is None:
        if np.issubdtype(dtype, np.inexact):
            value = np.nan
        elif dtype == np.bool_:
            value = True
        else:
            value = np.iinfo(dtype).min if np.issubdtype(dtype, np.signedinteger) else np.iinfo(dtype).max
    return np.dtype(dtype).type(value)


INDEXED: dict[str, Callable[..., Entries]] = {"gather": _gather, "scatter": _scatter, "scatter-add": _scatter}
"""Operations whose second argument says where, by name."""
