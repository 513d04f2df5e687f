"""Numbers as they were given: fractions, decimals and texts are read exactly, and doubles are fractions already."""

import math
import numbers
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array
from nashscape.core.errors import InputError

Objects = npt.NDArray[Any]
"""Arrays of fractions, or of whole numbers of any length, whose type NumPy cannot name."""

LONGEST = 2**53
"""Every whole number up to this size is a double."""


def exact_array(value: Any, name: str, ndim: int | None = None) -> tuple[npt.NDArray[np.float64], Objects | None]:
    """A new float64 array of `value`, and the numbers as fractions where the doubles are not those that were given.

    Entries are numbers, `Fraction`, `Decimal`, or texts such as "1/3" and "0.1". A float stands for the double that
    it is, so that 0.1 and "0.1" differ.

    Args:
        value: a rectangular array or nested lists of them.
        name: what to call it in errors.
        ndim: the wanted number of axes.

    Raises:
        InputError: for entries that are no finite real numbers, and arrays that are not rectangular.

    Example:
        >>> rounded, exact = exact_array([["1/3", 0.5]], "payoffs")
        >>> rounded.tolist(), exact.tolist()
        ([[0.3333333333333333, 0.5]], [[Fraction(1, 3), Fraction(1, 2)]])
        >>> exact_array([[0.1, 0.5]], "payoffs")[1] is None
        True
    """
    try:
        raw = np.asarray(value)
    except (ValueError, TypeError) as error:
        raise InputError(f"{name} must be a rectangular array of numbers; its rows differ in length") from error
    # whole numbers of 64 bits can be too long for a double
    long = raw.dtype.kind in "iu" and raw.size and max(int(raw.max()), -int(raw.min())) > LONGEST
    if raw.dtype.kind not in "OUS" and not long:
        return finite_array(raw, name, ndim=ndim), None
    entries = np.array(value, dtype=object) if raw.dtype.kind in "OUS" else raw.astype(object)
    exact = np.empty(entries.shape, dtype=object)
    for index, entry in np.ndenumerate(entries):
        exact[index] = exact_number(entry, f"the entry of {name} at {index}")
    try:
        rounded = finite_array(exact.astype(np.float64), name, ndim=ndim)
    except OverflowError as error:
        raise InputError(f"{name} must be finite; an entry is beyond the largest double") from error
    same = all(Fraction(float(a)) == b for a, b in zip(rounded.flat, exact.flat, strict=True))
    exact.flags.writeable = False
    return rounded, None if same else exact


def exact_number(value: Any, name: str) -> Fraction:
    """One number as the fraction that it is.

    >>> exact_number("0.1", "payoff"), exact_number(0.25, "payoff")
    (Fraction(1, 10), Fraction(1, 4))

    Raises `InputError` for anything that is no finite real number.
    """
    if isinstance(value, list | tuple):
        raise InputError(f"{name} must be a number, in a rectangular array; got {value!r}")
    try:
        if isinstance(value, str | Decimal | numbers.Rational) and not isinstance(value, bool):
            return Fraction(value)
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            return Fraction(float(value))
    except (ValueError, OverflowError, ZeroDivisionError):
        pass
    raise InputError(f'{name} must be a finite real number, a fraction such as "1/3" or a decimal; got {value!r}')


def exact_values(value: Any, name: str) -> list[Fraction]:
    """A list of numbers as the fractions that they are.

    >>> exact_values(["1/3", 0.5], "prices")
    [Fraction(1, 3), Fraction(1, 2)]

    Raises `InputError` for what is no list of finite numbers, and an empty one.
    """
    rounded, exact = exact_array(list(value) if isinstance(value, range) else value, name, ndim=1)
    if not rounded.size:
        raise InputError(f"{name} must not be empty")
    return list((fractions_of(rounded) if exact is None else exact).tolist())


def fractions_of(array: npt.NDArray[Any]) -> Objects:
    """Every entry as the fraction that it is, in an array of the same shape."""
    made = np.empty(array.shape, dtype=object)
    for index, entry in np.ndenumerate(array):
        made[index] = Fraction(entry)
    return made


LONGEST_TEXT = 12
"""Characters up to which a fraction is written out."""


def fraction_text(value: Fraction) -> str:
    """A fraction as text, as a decimal where it is long.

    >>> fraction_text(Fraction(1, 3)), fraction_text(Fraction(0.1))
    ('1/3', '0.1')
    """
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else f"{float(value):.6g}"


def around(value: Fraction) -> tuple[float, float]:
    """The doubles next to a fraction, below and above, or twice the one that it is.

    >>> around(Fraction(1, 4))
    (0.25, 0.25)
    >>> low, high = around(Fraction(1, 3))
    >>> Fraction(low) < Fraction(1, 3) < Fraction(high)
    True
    """
    near = float(value)
    if Fraction(near) == value:
        return near, near
    return (near, math.nextafter(near, math.inf)) if Fraction(near) < value else (math.nextafter(near, -math.inf), near)
