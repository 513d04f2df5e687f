"""Games as pytrees: payoffs are arguments of a compiled program, structure is part of it, names are neither."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax

from nashscape.core import InputError


def register_game(
    cls: type, *, numbers: Sequence[str], structure: Sequence[str] = (), names: Mapping[str, Any]
) -> None:
    """Make a class of games known to JAX.

    Nothing is checked when JAX rebuilds a game, since it passes tracers and placeholders. Names are left out of
    what identifies a compiled program: two games of the same shape share one program, whatever they are called.

    Args:
        cls: a frozen dataclass.
        numbers: fields that hold arrays.
        structure: fields that hold hashable values which the program depends on.
        names: the fields that are dropped, each with what stands in for it inside a compiled program.
    """

    def flatten(game: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        return tuple(getattr(game, field) for field in numbers), tuple(getattr(game, field) for field in structure)

    def unflatten(auxiliary: tuple[Any, ...], children: Sequence[Any]) -> Any:
        game: Any = object.__new__(cls)
        for field, value in [*zip(numbers, children, strict=True), *zip(structure, auxiliary, strict=True)]:
            object.__setattr__(game, field, value)
        for field, value in names.items():
            object.__setattr__(game, field, value)
        return game

    jax.tree_util.register_pytree_node(cls, flatten, unflatten)


def check_pytree(value: Any, what: str) -> None:
    """Refuse a part of a program that JAX does not know how to take apart, or that holds what is no number.

    Raises:
        InputError: with how to register it.
    """
    how = (
        "decorate its class with @jax.tree_util.register_dataclass and @dataclass(frozen=True), with numbers as "
        'fields and all else marked field(metadata={"static": True}); for the name of a rule, which is no part of a '
        'program, call register_dataclass(cls, [numbers], [others], drop_fields=["name"]) instead'
    )
    for leaf in jax.tree.leaves(value):
        if leaf is value:
            raise InputError(f"the {what} {type(value).__name__} is not known to JAX; {how}")
        if not hasattr(leaf, "dtype") and not isinstance(leaf, bool | int | float | complex):
            raise InputError(f"the {what} {type(value).__name__} holds {leaf!r}, which is no number; {how}")
