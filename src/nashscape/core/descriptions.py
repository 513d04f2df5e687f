"""Values described exactly, as data that JSON can hold: what differs has another description; nothing is guessed."""

import dataclasses
import enum
import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from nashscape.core.files.kept_arrays import array_of
from nashscape.core.sources_of_code import Told, is_installed

MOST_ENTRIES = 100_000
"""Larger arrays are described by a digest of their entries."""

DEEPEST = 4
"""Objects within objects that are looked into where none says what it is."""

MARKS = ("number", "complex", "fraction", "enum", "array", "digest", "set", "mapping", "bytes")
"""The keys of what JSON has no form for."""


@dataclass(frozen=True)
class Description:
    """A value as data.

    Attributes:
        data: dicts, lists, texts, whole and finite numbers, booleans and None.
        unknown: what could not be described exactly, in words; two values with such parts may have the same data.
    """

    data: Any
    unknown: tuple[str, ...] = ()


def describe(value: Any) -> Description:
    """A value described exactly.

    Numbers, texts, lists and mappings with texts as keys are themselves (−0 is 0); what JSON has no form for is a
    mapping with one of `MARKS` as its key: NaN and infinities, complex numbers, fractions, enum members, arrays with
    their type, sets, other mappings. A dataclass is its fields and its class, an object with `to_dict` what that gives
    and its class. A function, and a class from outside this library, is told by the text of its file, its place there,
    and all values that it reads: its closure, its defaults, its globals, and those of what it calls.

    >>> describe({"rate": float("nan"), "steps": 3, "payoffs": np.eye(2, dtype=np.float32)}).data["payoffs"]
    {'array': [[1.0, 0.0], [0.0, 1.0]], 'dtype': 'float32'}
    >>> describe([None, float("nan"), float("inf"), "Infinity", 1j]).data
    [None, {'number': 'nan'}, {'number': 'inf'}, 'Infinity', {'complex': [0.0, 1.0]}]
    >>> describe(iter([])).unknown
    ('a list_iterator has no description; make it a dataclass, or give it a to_dict method',)
    """
    made = _Describer()
    return Description(made.of(value), tuple(dict.fromkeys(made.unknown)))


def canonical(data: Any) -> str:
    """Described data as one text, whatever the order of its keys."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(data: Any) -> str:
    """Thirty-two hexadecimal digits of the SHA-256 of described data."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()[:32]


def values_of(data: Any) -> Any:
    """Described data as values again, as far as there are any: numbers, arrays, fractions, sets.

    >>> values_of(describe({"payoffs": np.eye(2), "rate": float("inf")}).data)["rate"]
    inf
    """
    if isinstance(data, list):
        return [values_of(entry) for entry in data]
    if not isinstance(data, dict):
        return data
    [mark] = [name for name in data if name in MARKS] or [""]
    return _AGAIN[mark](data) if mark else {name: values_of(entry) for name, entry in data.items()}


def codes_in(value: Any) -> list[Any]:
    """The functions and classes from outside this library that there are in a value, each once."""
    made = _Describer(arrays=False)
    made.of(value)
    return [code for code in made.told.met if isinstance(code, type | FunctionType) and not is_installed(code)]


class _Describer:
    def __init__(self, *, arrays: bool = True) -> None:
        self.unknown: list[str] = []
        self.arrays = arrays
        self.told = Told(self._read)
        self.inside: set[int] = set()
        self.open: set[int] = set()

    def of(self, value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return self._member(value)
        for types, written in _LEAVES:
            if isinstance(value, types):
                return written(value)
        if isinstance(value, type):
            return {"type": self.told.kind(value)}
        if isinstance(value, ModuleType):
            return self.told.module(value)
        for types, described in self._containers():
            if isinstance(value, types):
                return self._once(value, described)
        return self._object(value)

    def _once(self, value: Any, described: Callable[[Any], Any]) -> Any:
        """A value that holds others; within itself it is unknown, since it has no end."""
        if id(value) in self.open:
            self.unknown.append(f"a {type(value).__name__} contains itself; give it without")
            return {"kind": self.told.kind(type(value)), "unknown": True}
        self.open.add(id(value))
        try:
            return described(value)
        finally:
            self.open.discard(id(value))

    def _read(self, value: Any) -> Any:
        """What code reads may hold that code again, which is told once: that comes to an end by itself."""
        opened, self.open = self.open, set()
        made = self.of(value)
        self.open = opened
        return made

    def _containers(self) -> tuple[tuple[Any, Callable[[Any], Any]], ...]:
        return (
            (Mapping, self._mapping),
            (list, self._list),
            (tuple, self._list),
            (set | frozenset, lambda own: {"set": sorted(self._list(own), key=canonical)}),
        )

    def _member(self, value: enum.Enum) -> dict[str, Any]:
        """A member of an enumeration: its name, and its value where it is of somebody else's."""
        named = {"enum": f"{type(value).__name__}.{value.name}"}
        return named if is_installed(type(value)) else {**named, "value": self.of(value.value)}

    def _list(self, value: Iterable[Any]) -> list[Any]:
        return [self.of(entry) for entry in value]

    def _of_kind(self, value: Any, parts: dict[str, Any]) -> dict[str, Any]:
        return {"class" if "kind" in parts else "kind": self.told.kind(type(value)), **self.of(parts)}

    def _mapping(self, value: Mapping[Any, Any]) -> Any:
        if all(isinstance(key, str) and key not in MARKS for key in value):
            return {str(key): self.of(value[key]) for key in sorted(value)}
        pairs = [[self.of(key), self.of(entry)] for key, entry in value.items()]
        return {"mapping": sorted(pairs, key=canonical)}

    def _object(self, value: Any) -> Any:
        if callable(getattr(value, "to_dict", None)):
            return self._once(value, lambda own: self._of_kind(own, dict(own.to_dict())))
        if dataclasses.is_dataclass(value):
            return self._once(value, lambda own: self._of_kind(own, _fields(own)))
        if hasattr(value, "__array__") and getattr(getattr(value, "dtype", None), "kind", "O") in "biufcUSO":
            return self._once(value, self._array)
        told = self.told.function(value)
        if told is None:
            return self._unknown(value)
        return told

    def _unknown(self, value: Any) -> Any:
        """What there is to see of an object that does not say what it is: enough to notice that it has changed."""
        kind = type(value).__name__
        self.unknown.append(f"a {kind} has no description; make it a dataclass, or give it a to_dict method")
        made = {"kind": self.told.kind(type(value)), "unknown": True}
        if id(value) in self.inside or len(self.inside) >= DEEPEST or not hasattr(value, "__dict__"):
            return made
        self.inside.add(id(value))
        holds = self.of(dict(vars(value)))
        self.inside.discard(id(value))
        return {**made, "holds": holds}

    def _array(self, value: Any) -> Any:
        if not self.arrays:
            return None
        if isinstance(value, np.ma.MaskedArray):
            return {"masked": self._array(value.filled(0)), "mask": self._array(np.ma.getmaskarray(value))}
        array = np.asarray(value)
        if array.dtype == object:
            shape = {"shape": list(array.shape)} if array.ndim != 1 else {}
            return {"array": [self.of(entry) for entry in array.ravel().tolist()], "dtype": "object", **shape}
        if array.dtype.kind in "fc":
            array = array + array.dtype.type(0)  # no negative zeros
        if array.size > MOST_ENTRIES:
            made = hashlib.sha256(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
            return {"digest": made.hexdigest(), "dtype": str(array.dtype), "shape": list(array.shape)}
        shape = {"shape": list(array.shape)} if array.size == 0 else {}
        plain = array.dtype.kind in "biuU" or (array.dtype.kind == "f" and bool(np.isfinite(array).all()))
        return {"array": array.tolist() if plain else self.of(array.tolist()), "dtype": str(array.dtype), **shape}


def _fields(value: Any) -> dict[str, Any]:
    """What a dataclass holds; of one from outside this library also what it holds beside its fields."""
    others = {} if is_installed(type(value)) else getattr(value, "__dict__", {})
    return {**others, **{field.name: getattr(value, field.name) for field in dataclasses.fields(value)}}


def _number(value: float) -> Any:
    return value + 0.0 if math.isfinite(value) else {"number": repr(value)}


def _float(data: Any) -> float:
    return float(data["number"]) if isinstance(data, dict) else float(data)


def _as_key(value: Any) -> Any:
    return tuple(map(_as_key, value)) if isinstance(value, list) else value


_LEAVES: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (type(None), lambda own: None),
    (bool | np.bool_, bool),
    (str, str),
    (int | np.integer, int),
    (float | np.floating, lambda own: _number(float(own))),
    (complex | np.complexfloating, lambda own: {"complex": [_number(own.real), _number(own.imag)]}),
    (Fraction, lambda own: {"fraction": str(own)}),
    (bytes, lambda own: {"bytes": own.hex()}),
    (os.PathLike, os.fspath),
)
"""What is written by itself."""

_AGAIN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "number": lambda own: float(own["number"]),
    "complex": lambda own: complex(*map(_float, own["complex"])),
    "fraction": lambda own: Fraction(own["fraction"]),
    "bytes": lambda own: bytes.fromhex(own["bytes"]),
    "set": lambda own: {_as_key(values_of(entry)) for entry in own["set"]},
    "mapping": lambda own: {_as_key(values_of(key)): values_of(entry) for key, entry in own["mapping"]},
    "array": lambda own: array_of(own, values_of),
    "enum": lambda own: own,
    "digest": lambda own: own,
}
"""How what has a mark is read again; members of enums and large arrays stay what is written of them."""
