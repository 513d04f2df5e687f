"""Values as data that JSON can hold, and the same values again, to the last bit: what has no form is left out in words.

What a value is says the type hint of its field; where that says nothing, a mark in the data does.
"""

import enum
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from nashscape.core.errors import InputError
from nashscape.core.files.kept_arrays import array_of, written_array
from nashscape.core.files.kinds import name_of, part_of

MARKS = ("number", "complex", "fraction", "bytes", "enum", "array", "packed", "tuple", "set", "frozenset", "mapping",
         "part", "kind", "left out", "untyped")  # fmt: skip
"""The keys of what JSON has no form for."""

USUAL = struct.pack(">d", math.nan).hex()
"""The bits of what is written as "nan"."""


@dataclass(frozen=True)
class LeftOut:
    """What stands for a value that no file can hold, such as a function. Whoever uses it is told why.

    >>> left = LeftOut("payoff of my_games is code, and files of results hold values")
    >>> left.name
    Traceback (most recent call last):
    nashscape.core.errors.InputError: this was not saved: payoff of my_games is code, and files of results hold values;
    compute the result again where it is needed
    """

    why: str

    was_left_out: ClassVar[bool] = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self.error

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Refuse to be called."""
        raise self.error

    @property
    def error(self) -> InputError:
        """Why it is not there, and what to do."""
        return InputError(f"this was not saved: {self.why}; compute the result again where it is needed")


def is_left_out(value: Any) -> bool:
    """Whether a value was left out."""
    return bool(getattr(type(value), "was_left_out", False))


def is_result(kind: Any) -> bool:
    """Whether values of a class are results that say their kind."""
    return bool(getattr(kind, "question_kind", ""))


def written(value: Any) -> Any:
    """Any value as data, marked where JSON alone does not say what it is.

    >>> written({"rate": float("nan"), "actions": ("C", "D"), 1: [0.5, None]})["mapping"][0]
    ['rate', {'number': 'nan'}]
    """
    for types, write in _LEAVES:
        if isinstance(value, types):
            return write(value)
    for types, write in _CONTAINERS:
        if type(value) in types:
            return write(value)
    if isinstance(value, Mapping):
        return written_mapping(value)
    if isinstance(value, np.bool_ | np.number) and not isinstance(value, np.longdouble | np.clongdouble):
        return written(value.item())
    if hasattr(value, "__array__") and hasattr(value, "dtype"):
        data = written_array(value, written)
        return left_out(value) if data is None else data
    return _written_object(value)


def read(data: Any) -> Any:
    """The value that `written` made the data of.

    >>> read(written({"rate": float("inf"), "actions": ("C", "D"), 1: [0.5, None]}))
    {'rate': inf, 'actions': ('C', 'D'), 1: [0.5, None]}
    """
    if isinstance(data, list):
        return [read(entry) for entry in data]
    if not isinstance(data, dict):
        return data
    [mark] = [name for name in MARKS if name in data][:1] or [""]
    return _AGAIN[mark](data) if mark else {name: read(entry) for name, entry in data.items()}


def written_mapping(value: Mapping[Any, Any], write: Callable[[Any], Any] = written) -> Any:
    """A mapping in its own order: as it is where all keys are texts, else as pairs."""
    if all(type(key) is str and key not in MARKS for key in value):
        return {key: write(entry) for key, entry in value.items()}
    return {"mapping": [[written(key), write(entry)] for key, entry in value.items()]}


def read_mapping(data: Any, again: Callable[[Any], Any] = read) -> dict[Any, Any]:
    """The mapping that `written_mapping` wrote."""
    if "mapping" in data:
        return {read(key): again(entry) for key, entry in data["mapping"]}
    return {key: again(entry) for key, entry in data.items()}


def left_out(value: Any) -> dict[str, str]:
    """The mark of what no file can hold."""
    kind = type(value)
    if callable(value) and hasattr(value, "__qualname__"):
        return {"left out": f"{value.__qualname__} of {value.__module__} is code, and files of results hold values"}
    return {"left out": f"a {kind.__name__} of {kind.__module__} is nothing that can be made again from values alone"}


def _written_object(value: Any) -> Any:
    from nashscape.core.files import kept_records

    if is_result(type(value)):
        return kept_records.written_result(value)
    name = name_of(type(value))
    if not name:
        return left_out(value)
    return {"part": name, "fields": kept_records.written_fields(value)}


def _read_part(data: Mapping[str, Any]) -> Any:
    from nashscape.core.files import kept_records

    return kept_records.read_part(part_of(data["part"]), data["fields"])


def _read_result(data: Mapping[str, Any]) -> Any:
    from nashscape.core.files import kept_records

    return kept_records.read_result(data)


def _written_enum(value: enum.Enum) -> Any:
    name = name_of(type(value))
    return {"enum": [name, value.name]} if name else left_out(value)


def _number(value: float) -> Any:
    if math.isfinite(value):
        return float(value)
    # there are many that are no number, and processors make one with another sign than Python's
    bits = struct.pack(">d", value).hex()
    return {"number": repr(float(value)) if math.isinf(value) or bits == USUAL else bits}


def _float(data: Any) -> float:
    if not isinstance(data, dict):
        return float(data)
    text = data["number"]
    return float(text) if len(text) < len(USUAL) else float(struct.unpack(">d", bytes.fromhex(text))[0])


def _entries(data: Any) -> list[Any]:
    return [read(entry) for entry in data]


_LEAVES: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (type(None), lambda own: None),
    (enum.Enum, _written_enum),
    (bool, bool),
    (str, str),
    (int, int),
    (float, _number),
    (complex, lambda own: {"complex": [_number(own.real), _number(own.imag)]}),
    (Fraction, lambda own: {"fraction": str(own)}),
    (bytes, lambda own: {"bytes": own.hex()}),
    (LeftOut, lambda own: {"left out": own.why}),
)
"""What is written by itself."""

_CONTAINERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((list,), lambda own: [written(entry) for entry in own]),
    ((tuple,), lambda own: {"tuple": [written(entry) for entry in own]}),
    ((set,), lambda own: {"set": sorted(map(written, own), key=str)}),
    ((frozenset,), lambda own: {"frozenset": sorted(map(written, own), key=str)}),
)

_AGAIN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "number": _float,
    "complex": lambda own: complex(*map(_float, own["complex"])),
    "fraction": lambda own: Fraction(own["fraction"]),
    "bytes": lambda own: bytes.fromhex(own["bytes"]),
    "enum": lambda own: part_of(own["enum"][0])[own["enum"][1]],
    "array": lambda own: array_of(own, read),
    "packed": lambda own: array_of(own, read),
    "tuple": lambda own: tuple(_entries(own["tuple"])),
    "set": lambda own: set(_entries(own["set"])),
    "frozenset": lambda own: frozenset(_entries(own["frozenset"])),
    "mapping": read_mapping,
    "part": _read_part,
    "kind": _read_result,
    "left out": lambda own: LeftOut(own["left out"]),
}
"""How what has a mark is read again."""
