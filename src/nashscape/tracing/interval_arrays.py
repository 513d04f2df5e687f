"""Bounds of functions and of their derivatives over boxes, at once and without compiling anything.

`nashscape.tracing.intervals` compiles bounds that are wanted for millions of boxes. Derivatives of derivatives become
programs that take minutes to compile, and proofs about a point look at a few thousand boxes: here the traced program
is run by NumPy, array by array for all boxes together, after dropping what its result does not depend on and doing
nothing twice. Rounding is outwards by the same amounts as there.

Derivatives have to exist before anything is said about them. Where the formula of a function changes within a box, as
at a kink or a jump, bounds of the derivatives of both formulas say nothing about what happens in between. So a choice
that is not decided over the whole box has no bounds here; what is proved from finite bounds of a function and its
derivatives is proved of a smooth function.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.tracing.components import CALLS, NotUnrollable
from nashscape.tracing.entries import REDUCTIONS, STRUCTURE
from nashscape.tracing.numeric_intervals import OPERATIONS, Bounds, contracted, other, picked, summed

Whole = npt.NDArray[np.int64]
Step = Callable[..., Bounds]


def bounds_of(function: Callable[..., Any], *example: Any) -> Callable[[Sequence[Bounds]], list[Bounds]]:
    """The function on boxes: from bounds of all input arrays, `[entries, K]`, to those of all output arrays.

    Args:
        function: any function of arrays made of elementwise operations, contractions, sums and reshapes.
        example: arguments (pytrees of arrays or `jax.ShapeDtypeStruct`), for shapes and precision only.

    Raises:
        NotUnrollable: where the function uses an operation for which there are no bounds here.

    Example:
        >>> with jax.enable_x64(True):
        ...     run = bounds_of(lambda x: x[0] * (1.0 - x[1]), jax.ShapeDtypeStruct((2,), "float64"))
        >>> [found] = run([Bounds(np.array([[0.25], [0.5]]), np.array([[0.5], [0.75]]))])
        >>> round(float(found.low[0, 0]), 9), round(float(found.high[0, 0]), 9)
        (0.0625, 0.25)
    """
    closed = jax.make_jaxpr(function)(*example)
    program = _Program(len(closed.jaxpr.invars))
    outputs = program.include(closed.jaxpr, closed.consts, list(range(program.inputs)))
    wanted = program.needed(outputs)

    def run(inputs: Sequence[Bounds]) -> list[Bounds]:
        values = {**program.constants, **dict(enumerate(inputs))}
        with np.errstate(all="ignore"):
            for step, sources, target in wanted:
                values[target] = step(*(values[source] for source in sources))
        return [values[output].known() for output in outputs]

    return run


class _Program:
    """Steps between numbered slots, of which the first hold the inputs."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.constants: dict[int, Bounds] = {}
        self.steps: list[tuple[Step, tuple[int, ...], int]] = []
        self.made: dict[Any, int] = {}
        self.count = inputs

    def include(self, jaxpr: Any, consts: Sequence[Any], sources: Sequence[int]) -> list[int]:
        """Add the steps of a traced program; returns the slots of its outputs."""
        slots = dict(zip(jaxpr.invars, sources, strict=True))
        slots.update((atom, self.constant(value)) for atom, value in zip(jaxpr.constvars, consts, strict=True))

        def slot(atom: Any) -> int:
            if hasattr(atom, "val"):
                return self.constant(np.asarray(atom.val, atom.aval.dtype))
            return slots[atom]

        for eqn in jaxpr.eqns:
            mine = tuple(slot(atom) for atom in eqn.invars)
            name = "call_jaxpr" if "call_jaxpr" in eqn.params else "jaxpr"
            if eqn.primitive.name in CALLS and name in eqn.params:
                inner = eqn.params[name]
                found = self.include(inner.jaxpr, inner.consts, mine)
            else:
                found = [self.add(eqn, k, mine) for k in range(len(eqn.outvars))]
            slots.update(zip(eqn.outvars, found, strict=True))
        return [slot(atom) for atom in jaxpr.outvars]

    def constant(self, value: Any) -> int:
        """The slot of a number or array that is known."""
        array = np.asarray(value)
        return self._once((str(array.dtype), array.shape, array.tobytes()), lambda: Bounds(array.reshape(-1, 1)))

    def _once(self, key: Any, make: Callable[[], Bounds | None]) -> int:
        if key not in self.made:
            self.made[key] = self.count
            known = make()
            if known is not None:
                self.constants[self.count] = known
            self.count += 1
        return self.made[key]

    def add(self, eqn: Any, output: int, sources: tuple[int, ...]) -> int:
        """The slot of an operation's output: one that holds it already, a constant, or that of a new step."""

        def make() -> Bounds | None:
            places = [self.constants.get(source) for source in sources]
            step = _step(eqn, output, places)
            if None in places:
                self.steps.append((step, sources, self.count))
                return None
            with np.errstate(all="ignore"):
                return step(*places)

        shapes = tuple(atom.aval.shape for atom in eqn.invars)
        return self._once((eqn.primitive.name, output, sources, shapes, repr(eqn.params)), make)

    def needed(self, outputs: Sequence[int]) -> list[tuple[Step, tuple[int, ...], int]]:
        """The steps on which the outputs depend, in order."""
        wanted, kept = set(outputs), []
        for step in reversed(self.steps):
            if step[2] in wanted:
                wanted.update(step[1])
                kept.append(step)
        return kept[::-1]


def _step(eqn: Any, output: int, known: Sequence[Bounds | None]) -> Step:
    """What an operation does to bounds `[entries, K]`; where it moves entries, their places are worked out here."""
    name = eqn.primitive.name
    shapes = [atom.aval.shape for atom in eqn.invars]
    if name in STRUCTURE:
        return _moving(eqn, output, known, shapes)
    if name == "dot_general":
        return contracted(*_products(shapes, eqn.params["dimension_numbers"]))
    if name in REDUCTIONS:
        axes = eqn.params["axes"]
        rows = np.moveaxis(_places(shapes[0]), axes, range(-len(axes), 0))
        places = rows.reshape(-1, int(np.prod([shapes[0][axis] for axis in axes], dtype=int)))
        return summed(places) if name == "reduce_sum" else picked(REDUCTIONS[name], places)
    operation = OPERATIONS.get(name) or other(eqn)
    if operation is None:
        raise NotUnrollable(f"no bounds for the operation {name!r}")
    shape = eqn.outvars[0].aval.shape
    spread = [np.broadcast_to(_places(own), shape).ravel() for own in shapes]
    if all(own == shape for own in shapes):
        return operation
    return lambda *entries: operation(*(x.at(places) for x, places in zip(entries, spread, strict=True)))


def _places(shape: Sequence[int]) -> Whole:
    return np.arange(int(np.prod(shape, dtype=int))).reshape(shape)


def _moving(eqn: Any, output: int, known: Sequence[Bounds | None], shapes: Sequence[Any]) -> Step:
    """Moves are made once, of the numbers of the entries."""
    ends = np.cumsum([0, *(int(np.prod(shape, dtype=int)) for shape in shapes)])
    numbers = [first + _places(shape) for first, shape in zip(ends, shapes, strict=False)]
    if eqn.primitive.name == "dynamic_slice":
        if any(start is None for start in known[1:]):
            raise NotUnrollable("a slice whose place is not known beforehand")
        numbers[1:] = [start.low.reshape(()) for start in known[1:] if start is not None]
    moved = STRUCTURE[eqn.primitive.name](eqn, *numbers)[output]
    if eqn.primitive.name == "iota":
        return lambda: Bounds(np.asarray(moved.tolist(), eqn.params["dtype"]).reshape(-1, 1))
    places = np.asarray(moved, int).ravel()
    return lambda *entries: Bounds.joined(entries).at(places)


def _products(shapes: Sequence[Any], dimension_numbers: Any) -> tuple[Whole, Whole]:
    """Which entries of both arrays are multiplied, `[entries of the result, products in each]`."""
    sums, batches = dimension_numbers
    sorted_: list[Whole] = []
    for shape, summed_axes, batch in zip(shapes, sums, batches, strict=True):
        free = [axis for axis in range(len(shape)) if axis not in batch and axis not in summed_axes]
        sizes = [int(np.prod([shape[axis] for axis in axes], dtype=int)) for axes in (batch, free, summed_axes)]
        sorted_.append(_places(shape).transpose([*batch, *free, *summed_axes]).reshape(sizes))
    left, right = np.broadcast_arrays(sorted_[0][:, :, None], sorted_[1][:, None])
    return left.reshape(-1, left.shape[-1]), right.reshape(-1, right.shape[-1])
