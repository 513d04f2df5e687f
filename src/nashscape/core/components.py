"""Small arrays as separate scalars, so that a batch of them runs at the speed of the machine.

On a CPU, XLA does not vectorise sums, products and softmaxes over an axis of two to five entries: a batch of
small games written with `jax.vmap` runs tens of times slower than the same formulas written out action by
action. Writing them out by hand would mean a second version of every game, semantics and rule.
`by_component` writes them out mechanically: it traces a function of small arrays once and replays its program
with every array entry as a scalar of its own. Entries known beforehand (the zeros and ones of unit vectors, say)
are folded away on the way. What it does not know how to replay it refuses with `NotUnrollable`, and the caller
keeps the array form, which gives the same numbers more slowly.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

Entries = np.ndarray[Any, Any]
"""An array of dtype object; every entry is a JAX scalar or, where its value is known, a NumPy scalar."""

MOST_OPERATIONS = 20_000
"""Programs longer than this compile for minutes when written out; they stay in array form."""


class NotUnrollable(Exception):
    """The function uses an operation that has no component form, or would become too long."""


def by_component(function: Callable[..., Any], *example: Any) -> Callable[[Sequence[Any]], list[Any]]:
    """Rewrite `function`, traced at `example`, as a function of scalars.

    Args:
        function: any function of arrays made of elementwise operations, contractions, reductions and reshapes.
        example: arguments (pytrees of arrays or `jax.ShapeDtypeStruct`), for shapes and precision only.

    Returns:
        A function from the list of all input entries (leaves in pytree order, each in row-major order) to the
        list of all output entries in the same order.

    Raises:
        NotUnrollable: when an operation is not known here, or the program would be too long.
    """
    program = jax.make_jaxpr(function)(*example)
    shapes = [tuple(v.aval.shape) for v in program.jaxpr.invars]
    length = _length(program.jaxpr)
    if length > MOST_OPERATIONS:
        raise NotUnrollable(f"{length} scalar operations")

    def run(entries: Sequence[Any]) -> list[Any]:
        supply = iter(entries)
        inputs = [_boxed(list(itertools.islice(supply, _size(s))), s) for s in shapes]
        outputs = _replay(program.jaxpr, program.consts, inputs)
        return [entry for output in outputs for entry in output.ravel()]

    return run


def _size(shape: Sequence[int]) -> int:
    return int(np.prod(shape, dtype=int))


def _boxed(entries: Sequence[Any], shape: Sequence[int]) -> Entries:
    # entry by entry: NumPy would try to look inside a JAX scalar that it is handed in a list
    return np.fromiter(entries, dtype=object, count=len(entries)).reshape(shape)


def _known(value: Any) -> Entries:
    """Box a concrete array: its entries are NumPy scalars of the right precision."""
    array = np.asarray(value)
    return _boxed([array.dtype.type(x) for x in array.ravel()], array.shape)


def _is(entry: Any, value: float) -> bool:
    return isinstance(entry, np.generic) and bool(entry == value)


def _length(jaxpr: Any) -> int:
    """How many scalar operations the program becomes; refuses operations that have no component form."""
    return sum(_operations(eqn) for eqn in jaxpr.eqns)


def _operations(eqn: Any) -> int:
    name = eqn.primitive.name
    inner = _inner(eqn)
    if inner is not None:
        return _length(inner.jaxpr)
    if name == "while":
        return _length(eqn.params["cond_jaxpr"].jaxpr) + _length(eqn.params["body_jaxpr"].jaxpr)
    if name == "dot_general":
        (contracted, _), _ = eqn.params["dimension_numbers"]
        depth = _size([eqn.invars[0].aval.shape[axis] for axis in contracted])
        if depth == 0 or len({atom.aval.dtype for atom in (*eqn.invars, *eqn.outvars)}) > 1:
            raise NotUnrollable("a contraction of nothing, or one that changes the type")
        return _size(eqn.outvars[0].aval.shape) * depth
    if name in REDUCTIONS:
        if _size(eqn.invars[0].aval.shape) == 0:
            raise NotUnrollable("reduction of an empty axis")
        return _size(eqn.invars[0].aval.shape)
    if name in STRUCTURE:
        if name == "dynamic_slice" and not all(hasattr(atom, "val") for atom in eqn.invars[1:]):
            raise NotUnrollable("a slice whose place is not known beforehand")
        if name == "pad" and any(low < 0 or high < 0 or gap for low, high, gap in eqn.params["padding_config"]):
            raise NotUnrollable("padding that cuts or interleaves")
        return 0
    if name not in ELEMENTWISE:
        raise NotUnrollable(f"operation {name!r}")
    return sum(_size(v.aval.shape) for v in eqn.outvars)


def _inner(eqn: Any) -> Any:
    """The closed program inside a call such as jit or custom_jvp, or None for an ordinary operation."""
    name = "call_jaxpr" if "call_jaxpr" in eqn.params else "jaxpr"
    return eqn.params.get(name) if eqn.primitive.name in CALLS else None


CALLS = ("jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call")


def _replay(jaxpr: Any, consts: Sequence[Any], inputs: Sequence[Entries]) -> list[Entries]:
    values: dict[Any, Entries] = dict(zip(jaxpr.invars, inputs, strict=True))
    values.update({v: _known(c) for v, c in zip(jaxpr.constvars, consts, strict=True)})

    def read(atom: Any) -> Entries:
        if hasattr(atom, "val"):
            return _known(np.asarray(atom.val, dtype=atom.aval.dtype))
        return values[atom]

    for eqn in jaxpr.eqns:
        arguments = [read(atom) for atom in eqn.invars]
        inner = _inner(eqn)
        name = eqn.primitive.name
        if inner is not None:
            outputs = _replay(inner.jaxpr, inner.consts, arguments)
        elif name in STRUCTURE:
            # NumPy hands back the bare entry where an array would have no axes left
            moved = STRUCTURE[name](eqn, *arguments)
            outputs = [m if isinstance(m, np.ndarray) else _boxed([m], ()) for m in moved]
        elif name == "while":
            outputs = _while(eqn, arguments)
        elif name in REDUCTIONS:
            outputs = [_reduce(REDUCTIONS[name], arguments[0], eqn.params["axes"])]
        elif name == "dot_general":
            outputs = [_contract(arguments[0], arguments[1], eqn.params["dimension_numbers"])]
        else:
            outputs = [_elementwise(eqn, arguments)]
        values.update(zip(eqn.outvars, outputs, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


# --- one scalar operation, folded where the result is known ---------------------------------------------


def _add(x: Any, y: Any) -> Any:
    if _is(x, 0):
        return y
    if _is(y, 0):
        return x
    return _fold(np.add, lax.add, x, y)


def _sub(x: Any, y: Any) -> Any:
    return x if _is(y, 0) else _fold(np.subtract, lax.sub, x, y)


def _mul(x: Any, y: Any) -> Any:
    # A factor that is zero by construction (the entry of a unit vector) drops the term, whatever the other
    # factor is: that is the mathematics meant, also where the other factor is not finite.
    if _is(x, 0) or _is(y, 1):
        return x
    if _is(y, 0) or _is(x, 1):
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


def _elementwise(eqn: Any, arguments: Sequence[Entries]) -> Entries:
    shape = eqn.outvars[0].aval.shape
    dtype = eqn.outvars[0].aval.dtype
    operation = FOLDED.get(eqn.primitive.name) or functools.partial(_bind, eqn, dtype)
    columns = [np.broadcast_to(argument, shape).ravel() for argument in arguments]
    return _boxed([operation(*entries) for entries in zip(*columns, strict=True)], shape)


def _bind(eqn: Any, dtype: Any, *entries: Any) -> Any:
    name = eqn.primitive.name
    if name == "convert_element_type" and isinstance(entries[0], np.generic):
        with np.errstate(all="ignore"):
            return entries[0].astype(dtype)
    if name == "div" and _is(entries[1], 1):
        return entries[0]
    return eqn.primitive.bind(*entries, **eqn.params)


# --- contractions and reductions ------------------------------------------------------------------------


def _contract(left: Entries, right: Entries, dimension_numbers: Any) -> Entries:
    (left_sum, right_sum), (left_batch, right_batch) = dimension_numbers
    a, left_free = _as_matrices(left, left_batch, left_sum)
    b, right_free = _as_matrices(right, right_batch, right_sum)
    batch = [left.shape[axis] for axis in left_batch]
    products = [
        functools.reduce(_add, (_mul(x, y) for x, y in zip(row, column, strict=True)))
        for a_block, b_block in zip(a, b, strict=True)
        for row in a_block
        for column in b_block
    ]
    return _boxed(products, [*batch, *left_free, *right_free])


def _as_matrices(array: Entries, batch: Sequence[int], summed: Sequence[int]) -> tuple[Entries, list[int]]:
    """Reorder to [batch, free, summed], and say the free sizes."""
    free = [axis for axis in range(array.ndim) if axis not in batch and axis not in summed]
    ordered = array.transpose([*batch, *free, *summed])
    sizes = [[array.shape[axis] for axis in axes] for axes in (batch, free, summed)]
    return ordered.reshape([_size(s) for s in sizes]), sizes[1]


REDUCTIONS: dict[str, Callable[..., Any]] = {
    "reduce_sum": _add,
    "reduce_max": FOLDED["max"],
    "reduce_min": FOLDED["min"],
    "reduce_prod": _mul,
    "reduce_and": FOLDED["and"],
    "reduce_or": FOLDED["or"],
}


def _reduce(operation: Callable[..., Any], array: Entries, axes: Sequence[int]) -> Entries:
    kept = [axis for axis in range(array.ndim) if axis not in axes]
    rows = array.transpose([*kept, *axes]).reshape(_size([array.shape[k] for k in kept]), -1)
    return _boxed([functools.reduce(operation, row) for row in rows], [array.shape[k] for k in kept])


# --- loops ----------------------------------------------------------------------------------------------


def _while(eqn: Any, arguments: Sequence[Entries]) -> list[Entries]:
    """The same loop with its state spread out into entries."""
    condition, body = eqn.params["cond_jaxpr"], eqn.params["body_jaxpr"]
    first = eqn.params["cond_nconsts"]
    second = first + eqn.params["body_nconsts"]
    state = arguments[second:]

    def boxes(entries: Sequence[Any]) -> list[Entries]:
        supply = iter(entries)
        return [_boxed(list(itertools.islice(supply, array.size)), array.shape) for array in state]

    def goes_on(entries: Sequence[Any]) -> Any:
        return _replay(condition.jaxpr, condition.consts, [*arguments[:first], *boxes(entries)])[0].item()

    def turn(entries: Sequence[Any]) -> list[Any]:
        after = _replay(body.jaxpr, body.consts, [*arguments[first:second], *boxes(entries)])
        return [jnp.asarray(entry) for array in after for entry in array.ravel()]

    return boxes(lax.while_loop(goes_on, turn, [jnp.asarray(entry) for array in state for entry in array.ravel()]))


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
    return [_known(np.broadcast_to(line.reshape([-1 if k == axis else 1 for k in range(len(shape))]), shape))]


def _split(eqn: Any, array: Entries) -> list[Entries]:
    return list(np.split(array, np.cumsum(eqn.params["sizes"])[:-1], axis=eqn.params["axis"]))


def _pad(eqn: Any, array: Entries, filler: Entries) -> list[Entries]:
    padding = eqn.params["padding_config"]
    padded = np.broadcast_to(filler, eqn.outvars[0].aval.shape).copy()
    padded[tuple(slice(low, low + n) for (low, _, _), n in zip(padding, array.shape, strict=True))] = array
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
}
