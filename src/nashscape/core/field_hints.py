"""What the type hints of a dataclass say that its fields are."""

import dataclasses
import typing
from functools import cache
from typing import Any


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """The hints of the fields that a dataclass is made from; of Any where a module does not tell what a hint means."""
    bases = [(base, vars(base).get("__annotations__", {})) for base in reversed(kind.__mro__)]
    told = {name: _told(base, name, hint) for base, hints in bases for name, hint in hints.items()}
    return {own.name: told[own.name] for own in dataclasses.fields(kind) if own.init}


def _told(base: Any, name: str, hint: Any) -> Any:
    """What a hint means where its class was written."""
    alone = type(base.__name__, (), {"__annotations__": {name: hint}, "__module__": base.__module__})
    try:
        return typing.get_type_hints(alone)[name]
    except (NameError, TypeError):
        return Any
