"""Whether two values are the same: every field, every type, every bit."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np


def unequal(ours: Any, theirs: Any, where: str = "it") -> Iterator[str]:
    """Where two values are not the same, in words: of other classes, with other bits, with keys in another order.

    A number or array of NumPy or JAX is the same as the number of Python, or the array of NumPy, with its bits.

    >>> list(unequal({"a": (1, 0.0)}, {"a": (1, -0.0)}))
    ["it['a'][1] is -0.0, not 0.0"]
    """
    one, other = _comparable(ours), _comparable(theirs)
    if type(one) is not type(other):
        yield f"{where} is {theirs!r}, not {ours!r}"
    elif isinstance(one, dict):
        yield from _unequal_mappings(one, other, where)
    elif isinstance(one, list | tuple):
        yield from _unequal_entries(one, other, where)
    elif isinstance(one, np.ndarray):
        yield from _unequal_arrays(one, other, where)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            yield from unequal(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif np.asarray(one).tobytes() != np.asarray(other).tobytes() if isinstance(one, float | complex) else one != other:
        yield f"{where} is {theirs!r}, not {ours!r}"


def _comparable(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    return np.asarray(value) if hasattr(value, "__array__") else value


def _unequal_mappings(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    if list(ours) != list(theirs):
        yield f"{where} has the keys {list(theirs)}, not {list(ours)}"
    else:
        for key in ours:
            yield from unequal(ours[key], theirs[key], f"{where}[{key!r}]")


def _unequal_entries(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    if len(ours) != len(theirs):
        yield f"{where} has {len(theirs)} entries, not {len(ours)}"
    else:
        for k, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from unequal(*pair, f"{where}[{k}]")


def _unequal_arrays(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    if (ours.dtype, ours.shape) != (theirs.dtype, theirs.shape):
        yield f"{where} is {theirs.dtype}{list(theirs.shape)}, not {ours.dtype}{list(ours.shape)}"
    elif ours.dtype == object:
        yield from unequal(ours.ravel().tolist(), theirs.ravel().tolist(), where)
    elif ours.tobytes() != theirs.tobytes():
        yield f"{where} has other bits: {theirs!r}, not {ours!r}"
