"""Arrays of entries, and what the operations of a traced program do to them.

An entry is a JAX scalar or, where its value is known beforehand, a NumPy scalar. See `nashscape.tracing.components`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jax import lax

Entries = np.ndarray[Any, Any]
"""An array of dtype object; every entry is a JAX scalar or, where its value is known, a NumPy scalar."""


def size(shape: Sequence[int]) -> int:
    """The number of entries of an array of this shape."""
    return int(np.prod(shape, dtype=int))


def boxed(entries: Sequence[Any], shape: Sequence[int]) -> Entries:
    """Entries in row-major order as an array of this shape."""
    # entry by entry: NumPy would try to look inside a JAX scalar that it is handed in a list
    return np.fromiter(entries, dtype=object, count=len(entries)).reshape(shape)


def known(value: Any) -> Entries:
    """Box a concrete array: its entries are NumPy scalars of the right precision."""
    array = np.asarray(value)
    return boxed([array.dtype.type(x) for x in array.ravel()], array.shape)


def is_known_as(entry: Any, value: float) -> bool:
    """Whether an entry is known beforehand to have this value."""
    return isinstance(entry, np.generic) and bool(entry == value)


# --- one scalar operation, folded where the result is known ---------------------------------------------


def _add(x: Any, y: Any) -> Any:
    if is_known_as(x, 0):
        return y
    if is_known_as(y, 0):
        return x
    return _fold(np.add, lax.add, x, y)


def _sub(x: Any, y: Any) -> Any:
    return x if is_known_as(y, 0) else _fold(np.subtract, lax.sub, x, y)


def _mul(x: Any, y: Any) -> Any:
    # A factor that is zero by construction (the entry of a unit vector) drops the term, whatever the other
    # factor is: that is the mathematics meant, also where the other factor is not finite.
    if is_known_as(x, 0) or is_known_as(y, 1):
        return x
    if is_known_as(y, 0) or is_known_as(x, 1):
        return y
    return _fold(np.multiply, lax.mul, x, y)


def _select(which: Any, *cases: Any) -> Any:
    return cases[int(which)] if isinstance(which, np.generic) else lax.select_n(which, *cases)


def _fold(known: Callable[..., Any], traced: Callable[..., Any], *entries: Any) -> Any:
    if all(isinstance(entry, np.generic) for entry in entries):
        with np.errstate(all="ignore"):  # overflow is the program's business, as it is in JAX
            return known(*entries)
    return traced(*entries)


FOLDED: dict[str, Callable[..., Any]] = {
    "add": _add,
    "add_any": _add,
    "sub": _sub,
    "mul": _mul,
    "select_n": _select,
    "max": functools.partial(_fold, np.maximum, lax.max),
    "min": functools.partial(_fold, np.minimum, lax.min),
    "neg": functools.partial(_fold, np.negative, lax.neg),
    "eq": functools.partial(_fold, np.equal, lax.eq),
    "ne": functools.partial(_fold, np.not_equal, lax.ne),
    "lt": functools.partial(_fold, np.less, lax.lt),
    "le": functools.partial(_fold, np.less_equal, lax.le),
    "gt": functools.partial(_fold, np.greater, lax.gt),
    "ge": functools.partial(_fold, np.greater_equal, lax.ge),
    "and": functools.partial(_fold, np.bitwise_and, lax.bitwise_and),
    "or": functools.partial(_fold, np.bitwise_or, lax.bitwise_or),
    "xor": functools.partial(_fold, np.bitwise_xor, lax.bitwise_xor),
    "not": functools.partial(_fold, np.bitwise_not, lax.bitwise_not),
}

ELEMENTWISE = frozenset(FOLDED) | {
    "abs", "cbrt", "ceil", "clamp", "convert_element_type", "copy", "cos", "cosh", "div", "erf", "exp", "exp2",
    "expm1", "floor", "integer_pow", "is_finite", "log", "log1p", "logistic", "nextafter", "population_count",
    "pow", "rem", "round", "rsqrt", "shift_left", "shift_right_arithmetic", "shift_right_logical", "sign",
    "sin", "sinh", "sqrt", "square", "stop_gradient", "tan", "tanh",
}  # fmt: skip


@dataclass(frozen=True)
class Arithmetic:
    """What single entries are and what operations do to them.

    Attributes:
        operations: functions of entries by the name of the operation; add, mul, max, min, and, or at least.
        other: what does all other operations: a function of the operation, the type of its result and the entries.
    """

    operations: Mapping[str, Callable[..., Any]]
    other: Callable[..., Any]


def elementwise(arithmetic: Arithmetic, eqn: Any, arguments: Sequence[Entries]) -> Entries:
    """An operation that works entry by entry, folded where its result is known."""
    shape = eqn.outvars[0].aval.shape
    dtype = eqn.outvars[0].aval.dtype
    operation = arithmetic.operations.get(eqn.primitive.name) or functools.partial(arithmetic.other, eqn, dtype)
    columns = [np.broadcast_to(argument, shape).ravel() for argument in arguments]
    return boxed([operation(*entries) for entries in zip(*columns, strict=True)], shape)


def _bind(eqn: Any, dtype: Any, *entries: Any) -> Any:
    name = eqn.primitive.name
    if name == "convert_element_type" and isinstance(entries[0], np.generic):
        with np.errstate(all="ignore"):
            return entries[0].astype(dtype)
    if name == "div" and is_known_as(entries[1], 1):
        return entries[0]
    return eqn.primitive.bind(*entries, **eqn.params)


NUMBERS = Arithmetic(FOLDED, _bind)
"""Entries are numbers, known beforehand or traced."""


# --- contractions and reductions ------------------------------------------------------------------------


def contract(arithmetic: Arithmetic, left: Entries, right: Entries, dimension_numbers: Any) -> Entries:
    """A `dot_general`: sums of products, batch axes first, as XLA orders them."""
    add, mul = arithmetic.operations["add"], arithmetic.operations["mul"]
    (left_sum, right_sum), (left_batch, right_batch) = dimension_numbers
    a, left_free = _as_matrices(left, left_batch, left_sum)
    b, right_free = _as_matrices(right, right_batch, right_sum)
    batch = [left.shape[axis] for axis in left_batch]
    products = [
        functools.reduce(add, (mul(x, y) for x, y in zip(row, column, strict=True)))
        for a_block, b_block in zip(a, b, strict=True)
        for row in a_block
        for column in b_block
    ]
    return boxed(products, [*batch, *left_free, *right_free])


def _as_matrices(array: Entries, batch: Sequence[int], summed: Sequence[int]) -> tuple[Entries, list[int]]:
    """Reorder to [batch, free, summed], and say the free sizes."""
    free = [axis for axis in range(array.ndim) if axis not in batch and axis not in summed]
    ordered = array.transpose([*batch, *free, *summed])
    sizes = [[array.shape[axis] for axis in axes] for axes in (batch, free, summed)]
    return ordered.reshape([size(s) for s in sizes]), sizes[1]


REDUCTIONS = {
    "reduce_sum": "add",
    "reduce_max": "max",
    "reduce_min": "min",
    "reduce_prod": "mul",
    "reduce_and": "and",
    "reduce_or": "or",
}
"""Reductions, and the operation of two entries that each repeats."""


def reduce(operation: Callable[..., Any], array: Entries, axes: Sequence[int]) -> Entries:
    """An operation of two entries, over some axes, from first to last."""
    kept = [axis for axis in range(array.ndim) if axis not in axes]
    rows = array.transpose([*kept, *axes]).reshape(size([array.shape[k] for k in kept]), -1)
    return boxed([functools.reduce(operation, row) for row in rows], [array.shape[k] for k in kept])


# --- operations that only move entries ------------------------------------------------------------------


def _broadcast_in_dim(eqn: Any, array: Entries, *_: Entries) -> list[Entries]:
    shape = eqn.params["shape"]
    spread = [1] * len(shape)
    for axis, target in enumerate(eqn.params["broadcast_dimensions"]):
        spread[target] = array.shape[axis]
    return [np.broadcast_to(array.reshape(spread), shape)]


def _slice(eqn: Any, array: Entries) -> list[Entries]:
    steps = eqn.params["strides"] or [1] * array.ndim
    bounds = zip(eqn.params["start_indices"], eqn.params["limit_indices"], steps, strict=True)
    return [array[tuple(slice(*bound) for bound in bounds)]]


def _dynamic_slice(eqn: Any, array: Entries, *starts: Entries) -> list[Entries]:
    sizes = eqn.params["slice_sizes"]
    lows = [min(max(int(s.item()), 0), n - k) for s, n, k in zip(starts, array.shape, sizes, strict=True)]
    return [array[tuple(slice(low, low + size) for low, size in zip(lows, sizes, strict=True))]]


def _iota(eqn: Any, *_: Entries) -> list[Entries]:
    shape, axis = eqn.params["shape"], eqn.params["dimension"]
    line = np.arange(shape[axis], dtype=eqn.params["dtype"])
    return [known(np.broadcast_to(line.reshape([-1 if k == axis else 1 for k in range(len(shape))]), shape))]


def _split(eqn: Any, array: Entries) -> list[Entries]:
    return list(np.split(array, np.cumsum(eqn.params["sizes"])[:-1], axis=eqn.params["axis"]))


def _pad(eqn: Any, array: Entries, filler: Entries) -> list[Entries]:
    """Padding may be negative, which cuts, and go between entries."""
    padded = np.broadcast_to(filler, eqn.outvars[0].aval.shape).copy()
    to, kept = [], []
    for (low, _, gap), count, most in zip(eqn.params["padding_config"], array.shape, padded.shape, strict=True):
        places = low + np.arange(count) * (gap + 1)
        inside = (places >= 0) & (places < most)
        to.append(places[inside])
        kept.append(np.flatnonzero(inside))
    padded[np.ix_(*to)] = array[np.ix_(*kept)]
    return [padded]


STRUCTURE: dict[str, Callable[..., list[Entries]]] = {
    "broadcast_in_dim": _broadcast_in_dim,
    "reshape": lambda eqn, array, *_: [array.reshape(eqn.params["new_sizes"])],
    "squeeze": lambda eqn, array: [array.reshape(eqn.outvars[0].aval.shape)],
    "expand_dims": lambda eqn, array: [array.reshape(eqn.outvars[0].aval.shape)],
    "transpose": lambda eqn, array: [array.transpose(eqn.params["permutation"])],
    "rev": lambda eqn, array: [np.flip(array, eqn.params["dimensions"])],
    "concatenate": lambda eqn, *arrays: [np.concatenate(arrays, axis=eqn.params["dimension"])],
    "stack": lambda eqn, *arrays: [np.stack(arrays, axis=eqn.params["axis"])],
    "unstack": lambda eqn, array: list(np.moveaxis(array, eqn.params["axis"], 0)),
    "tile": lambda eqn, array: [np.tile(array, eqn.params["reps"])],
    "slice": _slice,
    "dynamic_slice": _dynamic_slice,
    "iota": _iota,
    "split": _split,
    "pad": _pad,
    "reshard": lambda eqn, array: [array],
}
