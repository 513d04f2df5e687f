"""Numbers of a document as exact fractions, their shapes checked."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from nashscape.core import InputError

LARGEST = 1e300
RATIO = re.compile(r"(0|[1-9][0-9]{0,999})/([1-9][0-9]{0,999})")


def number(value: Any, name: str) -> Fraction:
    """The number itself; a double stands for the number that it is.

    >>> number(0.5, "margin")
    Fraction(1, 2)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        raise InputError(f"{name} of the certificate must be a finite number; it is {str(value)[:40]}")
    return Fraction(value)


def distribution(value: Any, name: str, length: int) -> tuple[Fraction, ...]:
    """Probabilities, which add up to one exactly; each is a number, or a ratio of whole numbers such as "1/3".

    >>> distribution(["1/3", "2/3", 0.0], "initial", 3)
    (Fraction(1, 3), Fraction(2, 3), Fraction(0, 1))
    """
    shares = tuple(_share(one, name) for one in listed(value, name, length))
    total = sum(shares, Fraction(0))
    if total != 1:
        raise InputError(
            f"{name} of the certificate must add up to one exactly, not to rounding; it adds up to 1 "
            f'{_signed(total - 1)}: write numbers that are no doubles as ratios, such as "1/3"'
        )
    return shares


def _share(value: Any, name: str) -> Fraction:
    ratio = RATIO.fullmatch(value) if isinstance(value, str) else None
    share = Fraction(int(ratio[1]), int(ratio[2])) if ratio else number(value, name)
    if share < 0:
        raise InputError(f"{name} of the certificate must hold probabilities; one of them is {float(share):g}")
    return share


def _signed(value: Fraction) -> str:
    return f"{'+' if value > 0 else '−'} {float(abs(value)):.3g}"


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
