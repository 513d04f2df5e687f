"""Networks as pytrees that the library can compute with: arrays are leaves, all the rest is structure."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError

Shape = tuple[int, ...]


@jax.tree_util.register_pytree_node_class
class Held:
    """A callable whose arrays are arguments of compiled programs and whose other parts are in their structure.

    An Equinox module has leaves that are not arrays, its activation functions; here they count as structure, as a plain
    function does as a whole. Networks that differ in nothing but numbers share their compiled programs. Made by `hold`.

    Attributes:
        numbers: the arrays, in the order of the pytree.
        rest: all else; hashable.
    """

    def __init__(self, numbers: Sequence[Any], rest: "Rest") -> None:
        """Put a callable together again from its arrays and the rest."""
        self.numbers, self.rest = tuple(numbers), rest

    def tree_flatten(self) -> tuple[tuple[Any, ...], "Rest"]:
        """Arrays and the rest."""
        return self.numbers, self.rest

    @classmethod
    def tree_unflatten(cls, rest: "Rest", numbers: Sequence[Any]) -> "Held":
        """The reverse of `tree_flatten`."""
        return cls(numbers, rest)

    def __call__(self, *arguments: Any) -> Any:
        """Call it, with contractions in full precision on every device."""
        with jax.default_matmul_precision("highest"):
            return self.whole()(*arguments)

    def whole(self) -> Any:
        """The callable as it was given."""
        _, structure, fixed, kinds = self.rest
        supply = iter(
            _fresh(number) if kind == "float" else jnp.asarray(number, kind)
            for number, kind in zip(self.numbers, kinds, strict=True)
        )
        return structure.unflatten([next(supply) if leaf is _ARRAY else leaf for leaf in fixed])

    @property
    def size(self) -> int:
        """How many weights it has: entries of arrays of floating point numbers."""
        return sum(int(np.prod(np.shape(number))) for number in self._floats())

    def weights(self) -> jax.Array:
        """All weights in one vector, `[size]`, array after array in row-major order."""
        return jnp.concatenate([jnp.ravel(_fresh(number)) for number in self._floats()])

    def with_weights(self, flat: jax.Array) -> "Held":
        """The same with other weights, `[size]`, in the precision of the vector."""
        numbers, place = [], 0
        for number, kind in zip(self.numbers, self.rest[3], strict=True):
            if kind != "float":
                numbers.append(number)
                continue
            count = int(np.prod(np.shape(number)))
            numbers.append(jnp.reshape(flat[place : place + count], np.shape(number)))
            place += count
        return Held(numbers, self.rest)

    def alike(self, other: "Held") -> bool:
        """Whether the two differ in nothing but numbers."""
        shapes = [[np.shape(number) for number in held.numbers] for held in (self, other)]
        return self.rest == other.rest and shapes[0] == shapes[1]

    def to_dict(self) -> dict[str, Any]:
        """Its name and the whole of it, as it was given."""
        _, structure, fixed, _ = self.rest
        supply = iter(self.numbers)
        return {
            "network": self.rest[0],
            "whole": structure.unflatten([next(supply) if leaf is _ARRAY else leaf for leaf in fixed]),
        }

    def _floats(self) -> list[Any]:
        return [x for x, kind in zip(self.numbers, self.rest[3], strict=True) if kind == "float"]


def _fresh(number: Any) -> jax.Array:
    """A JAX array of a number.

    Of NumPy's arrays a copy: JAX remembers in which precision it saw an array as a constant of a program, and would
    later pass it in that precision to programs that were compiled for the other.
    """
    return jnp.asarray(np.array(number) if isinstance(number, np.ndarray) else number)


_ARRAY = "an array of the network"

Rest = tuple[str, Any, tuple[Any, ...], tuple[str, ...]]
"""Name, structure, its leaves with `_ARRAY` for arrays, and the kind of every array."""


def hold(function: Any, name: str) -> Held:
    """A callable as a `Held`; `name` is what errors call it.

    Raises:
        InputError: for what cannot be called, arrays that are not finite real numbers, and parts that have no hash.
    """
    if isinstance(function, Held):  # class: our own wrapper, which is not wrapped twice
        return function
    if not callable(function):
        raise InputError(f"{name} must be a function or a module that can be called; got {function!r}")
    leaves, structure = jax.tree.flatten(function)
    arrays = [leaf for leaf in leaves if _is_array(leaf)]
    kinds = tuple(_kind(array, name) for array in arrays)
    fixed = tuple(_ARRAY if _is_array(leaf) else leaf for leaf in leaves)
    rest = (getattr(function, "__qualname__", type(function).__qualname__), structure, fixed, kinds)
    try:
        hash(rest)
    except TypeError as error:
        raise InputError(
            f"{name} has a part that is neither an array nor hashable ({error}): make it a tuple or an array leaf"
        ) from None
    return Held(arrays, rest)


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array | np.ndarray | np.generic)


def _kind(array: Any, name: str) -> str:
    """ "float" for what is cast to the precision of a run; for whole numbers and flags the type to give back."""
    if not any(jnp.issubdtype(array.dtype, kind) for kind in (jnp.floating, jnp.integer, jnp.bool_)):
        raise InputError(f"{name} has an array of type {array.dtype}; its arrays must be real numbers")
    # while a network is trained its arrays are not known yet
    if not isinstance(array, jax.core.Tracer) and not np.isfinite(np.asarray(array).astype(np.float64)).all():
        raise InputError(f"{name} has weights that are not finite; train or make it anew")
    return "float" if jnp.issubdtype(array.dtype, jnp.floating) else str(array.dtype)


def output_shape(function: Held, name: str, *inputs: Shape) -> Shape:
    """The shape of what a callable makes of float inputs of these shapes, found without computing or compiling.

    Raises:
        InputError: where it fails on such inputs, or does not give one array of real numbers.
    """
    try:
        # the function is an argument too, so that its arrays are not seen as constants
        examples = [jax.ShapeDtypeStruct(shape, "float32") for shape in inputs]
        made = jax.eval_shape(lambda held, *given: held(*given), function, *examples)
    except Exception as error:
        given = " and ".join(str(list(shape)) for shape in inputs)
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise InputError(f"{name} fails on inputs of shapes {given}: {reason}") from error
    if not hasattr(made, "dtype") or not jnp.issubdtype(made.dtype, jnp.floating):
        raise InputError(f"{name} must give one array of real numbers; it gives {made}")
    return tuple(made.shape)
