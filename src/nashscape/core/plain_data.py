"""Values of the library as plain Python data which JSON can hold."""

import dataclasses
import enum
import math
import os
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np


def plain(value: Any, largest: int | None = None) -> Any:
    """`value` as dicts, lists, texts, numbers, booleans and `None` alone, so that it is valid JSON.

    Objects with a `to_dict` are asked for it; dataclasses become dicts of their fields, enum members their
    names, arrays (JAX ones too) lists, fractions texts such as "1/3", complex numbers `[real, imaginary]`, NaN
    `None`, an infinity the text "Infinity" or "-Infinity", and functions their qualified names, which tell apart
    neither lambdas nor closures. In place of an array with more than `largest` entries stands that it was left out.

    >>> import numpy as np
    >>> plain({"labels": np.array([1, 2]), "rate": float("nan")})
    {'labels': [1, 2], 'rate': None}
    >>> plain(np.zeros((2, 3)), largest=5)
    {'left_out': 'array', 'shape': [2, 3]}

    Raises `TypeError` for anything else, since the text of an arbitrary object need not be the same twice.
    """
    if isinstance(value, enum.Enum):
        return value.name
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, complex):
        return [_number(value.real), _number(value.imag)]
    return _container(value, largest)


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(value)


def _container(value: Any, largest: int | None) -> Any:
    if isinstance(value, type):
        return _qualified(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(entry, largest) for key, entry in value.items()}
    if callable(getattr(value, "to_dict", None)):
        # results leave out large arrays themselves
        own = value.to_dict(largest=largest) if hasattr(value, "question_kind") else value.to_dict()
        return plain(own, largest)
    if isinstance(value, list | tuple):
        return [plain(entry, largest) for entry in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(entry, largest) for entry in value), key=repr)
    return _object(value, largest)


def _object(value: Any, largest: int | None) -> Any:
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        if largest is not None and array.size > largest:
            return {"left_out": "array", "shape": list(array.shape)}
        return _array(array)
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), largest) for field in dataclasses.fields(value)}
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "__qualname__"):
        return _qualified(value)
    raise TypeError(f"a {type(value).__name__} cannot be written as plain data; give it a to_dict method")


def _qualified(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


def _array(array: np.ndarray[Any, Any]) -> Any:
    all_plain = array.dtype.kind in "biuU" or (array.dtype.kind == "f" and bool(np.isfinite(array).all()))
    return array.tolist() if all_plain else plain(array.tolist())


def _key(key: Any) -> str:
    return key.name if isinstance(key, enum.Enum) else str(key)
