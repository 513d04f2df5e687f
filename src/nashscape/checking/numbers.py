"""Numbers of a document as exact fractions, their shapes checked."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from nashscape.core import InputError

LARGEST = 1e300


def number(value: Any, name: str) -> Fraction:
    """The number itself; a double stands for the number that it is.

    >>> number(0.5, "margin")
    Fraction(1, 2)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        raise InputError(f"{name} of the certificate must be a finite number; it is {str(value)[:40]}")
    return Fraction(value)


def whole(value: Any, name: str, least: int) -> int:
    """A whole number not below another."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"{name} of the certificate must be a whole number from {least} on; it is {value!r}")
    return value


def listed(value: Any, name: str, length: int | None = None) -> list[Any]:
    """A list, of a length where one is given."""
    if not isinstance(value, list) or length not in (None, len(value)):
        wanted = "a list" if length is None else f"a list of {length}"
        raise InputError(f"{name} of the certificate must be {wanted}")
    return value


def flat(value: Any, name: str, shape: Sequence[int]) -> tuple[Fraction, ...]:
    """The numbers of nested lists of this shape, in row-major order."""
    if not shape:
        return (number(value, name),)
    rows = listed(value, name, shape[0])
    return tuple(entry for row in rows for entry in flat(row, name, shape[1:]))


def table(value: Any, name: str, rows: int, columns: int) -> tuple[tuple[Fraction, ...], ...]:
    """Rows of numbers."""
    return tuple(flat(row, name, (columns,)) for row in listed(value, name, rows))


def entry(value: Any, key: str, name: str) -> Any:
    """What a JSON object holds under a key."""
    if not isinstance(value, dict) or key not in value:
        raise InputError(f"{name} of the certificate must be an object with {key!r}")
    return value[key]


def one_of(value: Any, name: str, known: Sequence[str]) -> str:
    """One of the known words."""
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name} of the certificate must be one of {', '.join(known)}; it is {value!r}")
    return value
