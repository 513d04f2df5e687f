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

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.tracing.entries import (
    NUMBERS,
    REDUCTIONS,
    STRUCTURE,
    Arithmetic,
    Entries,
    boxed,
    contract,
    elementwise,
    known,
    reduce,
    size,
)
from nashscape.tracing.indexed_entries import CUMULATIVE, INDEXED, cumulate
from nashscape.tracing.lengths import CALLS, NotUnrollable, inner_program, length_of

__all__ = ["CALLS", "MOST_OPERATIONS", "NotUnrollable", "by_component", "operations"]

MOST_OPERATIONS = 12_000
"""Programs longer than this compile for minutes when written out; they stay in array form."""


def by_component(
    function: Callable[..., Any], *example: Any, arithmetic: Arithmetic = NUMBERS, most: int | None = None
) -> Callable[[Sequence[Any]], list[Any]]:
    """Rewrite `function`, traced at `example`, as a function of scalars.

    Args:
        function: any function of arrays made of elementwise operations, contractions, reductions and reshapes.
        example: arguments (pytrees of arrays or `jax.ShapeDtypeStruct`), for shapes and precision only.
        arithmetic: what the scalars are: numbers, or intervals (`nashscape.tracing.intervals`).
        most: operations of the longest program that is written out; by default `MOST_OPERATIONS`.

    Returns:
        A function from the list of all input entries (leaves in pytree order, each in row-major order) to the
        list of all output entries in the same order.

    Raises:
        NotUnrollable: when an operation is not known here, or the program would be too long.
    """
    program = jax.make_jaxpr(function)(*example)
    shapes = [tuple(v.aval.shape) for v in program.jaxpr.invars]
    length, _ = length_of(program.jaxpr, [False] * len(shapes), numbers=arithmetic is NUMBERS)
    if length > (MOST_OPERATIONS if most is None else most):
        raise NotUnrollable(f"{length} scalar operations")

    def run(entries: Sequence[Any]) -> list[Any]:
        supply = iter(entries)
        inputs = [boxed(list(itertools.islice(supply, size(s))), s) for s in shapes]
        outputs = _replay(program.jaxpr, program.consts, inputs, arithmetic)
        return [entry for output in outputs for entry in output.ravel()]

    return run


def operations(function: Callable[..., Any], *example: Any, numbers: bool = False) -> int:
    """How many scalar operations a function becomes when written out, of numbers alone or of anything.

    Raises:
        NotUnrollable: where it uses an operation that has no component form.
    """
    program = jax.make_jaxpr(function)(*example).jaxpr
    return length_of(program, [False] * len(program.invars), numbers=numbers)[0]


def _replay(
    jaxpr: Any, consts: Sequence[Any], inputs: Sequence[Entries], arithmetic: Arithmetic = NUMBERS
) -> list[Entries]:
    values: dict[Any, Entries] = dict(zip(jaxpr.invars, inputs, strict=True))
    values.update({v: known(c) for v, c in zip(jaxpr.constvars, consts, strict=True)})

    def read(atom: Any) -> Entries:
        if hasattr(atom, "val"):
            return known(np.asarray(atom.val, dtype=atom.aval.dtype))
        return values[atom]

    for eqn in jaxpr.eqns:
        arguments = [read(atom) for atom in eqn.invars]
        inner = inner_program(eqn)
        name = eqn.primitive.name
        if inner is not None:
            outputs = _replay(inner.jaxpr, inner.consts, arguments, arithmetic)
        elif name in STRUCTURE:
            # NumPy hands back the bare entry where an array would have no axes left
            moved = STRUCTURE[name](eqn, *arguments)
            outputs = [m if isinstance(m, np.ndarray) else boxed([m], ()) for m in moved]
        elif name == "while":
            if arithmetic is not NUMBERS:
                raise NotUnrollable("a loop of something else than numbers")
            outputs = _while(eqn, arguments)
        elif name == "scan":
            outputs = _scan(eqn, arguments)
        elif name in INDEXED:
            outputs = [INDEXED[name](arithmetic, eqn, *arguments)]
        elif name in CUMULATIVE:
            along = {"axis": eqn.params["axis"], "reverse": eqn.params["reverse"]}
            outputs = [cumulate(arithmetic.operations[CUMULATIVE[name]], arguments[0], **along)]
        elif name in REDUCTIONS:
            outputs = [reduce(arithmetic.operations[REDUCTIONS[name]], arguments[0], eqn.params["axes"])]
        elif name == "dot_general":
            outputs = [contract(arithmetic, arguments[0], arguments[1], eqn.params["dimension_numbers"])]
        else:
            outputs = [elementwise(arithmetic, eqn, arguments)]
        values.update(zip(eqn.outvars, outputs, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


# --- loops ----------------------------------------------------------------------------------------------


def _while(eqn: Any, arguments: Sequence[Entries]) -> list[Entries]:
    """The same loop with its state spread out into entries."""
    condition, body = eqn.params["cond_jaxpr"], eqn.params["body_jaxpr"]
    first = eqn.params["cond_nconsts"]
    second = first + eqn.params["body_nconsts"]
    state = arguments[second:]

    def boxes(entries: Sequence[Any]) -> list[Entries]:
        supply = iter(entries)
        return [boxed(list(itertools.islice(supply, array.size)), array.shape) for array in state]

    def goes_on(entries: Sequence[Any]) -> Any:
        return _replay(condition.jaxpr, condition.consts, [*arguments[:first], *boxes(entries)])[0].item()

    def turn(entries: Sequence[Any]) -> list[Any]:
        after = _replay(body.jaxpr, body.consts, [*arguments[first:second], *boxes(entries)])
        return [jnp.asarray(entry) for array in after for entry in array.ravel()]

    return boxes(lax.while_loop(goes_on, turn, [jnp.asarray(entry) for array in state for entry in array.ravel()]))


def _scan(eqn: Any, arguments: Sequence[Entries]) -> list[Entries]:
    """A scan turn by turn, without a loop."""
    body, constants, carried = eqn.params["jaxpr"], eqn.params["num_consts"], eqn.params["num_carry"]
    fixed, carry = list(arguments[:constants]), list(arguments[constants : constants + carried])
    each = arguments[constants + carried :]
    turns = range(eqn.params["length"])
    given: list[list[Entries]] = []
    for turn in reversed(turns) if eqn.params["reverse"] else turns:
        rows = [
            boxed(list(array[turn].ravel()) if array.ndim > 1 else [array[turn]], array.shape[1:]) for array in each
        ]
        made = _replay(body.jaxpr, body.consts, [*fixed, *carry, *rows])
        carry = made[:carried]
        given.append(made[carried:])
    if eqn.params["reverse"]:
        given.reverse()
    shapes = [v.aval.shape for v in eqn.outvars[carried:]]
    stacked = [boxed([entry for row in given for entry in row[k].ravel()], shape) for k, shape in enumerate(shapes)]
    return [*carry, *stacked]
