"""Two forms in which a function of one start runs over many: entry by entry where that is possible, else as arrays.

In both, what belongs to the starts is a flat list whose arrays have the starts along their *last* axis.
"""

import abc
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core.overriding import override
from nashscape.tracing.components import NotUnrollable, by_component

OverStarts = Callable[[Any, Sequence[Any]], list[Any]]
"""`f(shared, each)`: `shared` is a pytree for all starts, `each` the flat list of what every start has."""


class Form(abc.ABC):
    """How what belongs to many starts is laid out.

    Attributes:
        name: what the provenance of results calls it.
    """

    name: ClassVar[str]

    @abc.abstractmethod
    def over_starts(self, function: Callable[[Any, Any], Any], shared: Any, each: Any) -> OverStarts:
        """`function(shared, each)`, written for one start and traced at these examples, for many starts."""

    @abc.abstractmethod
    def spread(self, tree: Any) -> list[Any]:
        """A pytree of arrays `[..., W]` as the flat list."""

    @abc.abstractmethod
    def gather(self, values: Sequence[Any], example: Any) -> Any:
        """The flat list as a pytree of arrays `[..., W]`, with the structure and shapes of one start's example."""


class ComponentForm(Form):
    """Every entry of every array is a list element of its own, of shape `[W]`."""

    name: ClassVar[str] = "entries"

    @override
    def over_starts(self, function: Callable[[Any, Any], Any], shared: Any, each: Any) -> OverStarts:
        run = by_component(function, shared, each)

        def mapped(shared: Any, each: Sequence[Any]) -> list[Any]:
            common = [entry for leaf in jax.tree.leaves(shared) for entry in _entries(leaf)]
            return jax.vmap(lambda own: [jnp.asarray(entry) for entry in run([*common, *own])])(list(each))

        return mapped

    @override
    def spread(self, tree: Any) -> list[Any]:
        return [row for leaf in jax.tree.leaves(tree) for row in leaf.reshape(-1, leaf.shape[-1])]

    @override
    def gather(self, values: Sequence[Any], example: Any) -> Any:
        leaves: list[Any]
        structure: Any
        leaves, structure = jax.tree.flatten(example)
        supply = iter(values)
        return structure.unflatten(
            [jnp.stack([next(supply) for _ in range(leaf.size)]).reshape(*leaf.shape, -1) for leaf in leaves]
        )


class ArrayForm(Form):
    """Every array is one list element; the form that always works."""

    name: ClassVar[str] = "arrays"

    @override
    def over_starts(self, function: Callable[[Any, Any], Any], shared: Any, each: Any) -> OverStarts:
        structure: Any = jax.tree.structure(each)

        def mapped(shared: Any, each: Sequence[Any]) -> list[Any]:
            together = jax.vmap(function, in_axes=(None, -1), out_axes=-1)
            return jax.tree.leaves(together(shared, structure.unflatten(each)))

        return mapped

    @override
    def spread(self, tree: Any) -> list[Any]:
        return jax.tree.leaves(tree)

    @override
    def gather(self, values: Sequence[Any], example: Any) -> Any:
        structure: Any = jax.tree.structure(example)
        return structure.unflatten(values)


def _entries(leaf: Any) -> list[Any]:
    array = jnp.asarray(leaf)
    return [array[()]] if array.ndim == 0 else list(array.ravel())


def choose_form(function: Callable[[Any, Any], Any], shared: Any, each: Any) -> Form:
    """The component form where the function can be written out, else the array form."""
    try:
        by_component(function, shared, each)
    except NotUnrollable:
        return ArrayForm()
    return ComponentForm()
