"""Checks of input at the door. Each returns the value as the library uses it, or raises `InputError`."""

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.errors import InputError, unknown

SUM_TOLERANCE = 1e-6  # what rounding to single precision may leave of a distribution's sum


def finite_array(
    value: npt.ArrayLike, name: str, ndim: int | None = None, shape: tuple[int | None, ...] | None = None
) -> npt.NDArray[np.float64]:
    """A new float64 array of `value`, which must be rectangular, real and finite.

    `ndim` is the wanted number of axes; `shape` the wanted shape, with `None` where any length will do.

    >>> finite_array([[1, 2], [3, 4]], "payoffs", shape=(None, 2))
    array([[1., 2.],
           [3., 4.]])
    """
    try:
        raw = np.asarray(value)
    except (ValueError, TypeError) as error:
        raise InputError(f"{name} must be a rectangular array of numbers; its rows differ in length") from error
    if raw.dtype.kind not in "biuf":
        raise InputError(f"{name} must be real numbers; got entries of type {raw.dtype}")
    array = np.array(raw, dtype=np.float64)
    if ndim is not None and array.ndim != ndim:
        raise InputError(f"{name} must have {ndim} axes; got {array.ndim}, of shape {array.shape}")
    if shape is not None and not _fits(array.shape, shape):
        wanted = "(" + ", ".join("any" if length is None else str(length) for length in shape) + ")"
        raise InputError(f"{name} must have shape {wanted}; got {array.shape}")
    if not np.isfinite(array).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name} must be finite; the entry at {where} is {array[where]}")
    return array


LARGEST = 1e100
"""Of numbers that are multiplied and added up: larger ones would overflow on the way."""


def moderate(array: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
    """The array, whose entries must be of a size that can be computed with: 10^100 at most.

    >>> moderate(np.array([1.0, 1e308]), "payoffs")
    Traceback (most recent call last):
    nashscape.core.errors.InputError: payoffs must be of size 1e+100 at most; the entry at (1,) is 1e+308: give them in
    another unit

    Raises `InputError` for larger ones.
    """
    if array.size and float(np.abs(array).max()) > LARGEST:
        where = tuple(int(index) for index in np.argwhere(np.abs(array) > LARGEST)[0])
        raise InputError(
            f"{name} must be of size {LARGEST:g} at most; the entry at {where} is {array[where]:g}: give them in "
            "another unit"
        )
    return array


def one_or_each(value: npt.ArrayLike, name: str, size: int) -> npt.NDArray[np.float64]:
    """A number for each of `size` players, of one for all or of one for each.

    >>> one_or_each(2, "costs", 3)
    array([2., 2., 2.])
    """
    array = finite_array(value, name)
    if array.ndim and array.shape != (size,):
        raise InputError(f"{name} must be a number, or {size}, one for each; got shape {array.shape}")
    return np.broadcast_to(array, (size,)).copy()


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(w in (None, s) for s, w in zip(shape, wanted, strict=True))


def positive_integer(value: Any, name: str, at_least: int = 1) -> int:
    """`value` as an `int` not below `at_least`. A bool or a float is refused, even `2.0`.

    >>> positive_integer(3, "steps")
    3
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise InputError(f"{name} must be a whole number; got {value!r}")
    if number < at_least:
        raise InputError(f"{name} must be at least {at_least}; got {number}")
    return number


def finite_number(
    value: Any,
    name: str,
    low: float | None = None,
    high: float | None = None,
    low_open: bool = False,
    high_open: bool = False,
) -> float:
    """`value` as a finite `float` in the interval from `low` to `high`, open at an end where said so.

    >>> finite_number(0.5, "step size", low=0, low_open=True)
    0.5
    """
    try:
        number = math.nan if isinstance(value, str | bytes | bool | np.bool_) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{name} must be a finite number; got {value!r}")
    below = low is not None and (number <= low if low_open else number < low)
    above = high is not None and (number >= high if high_open else number > high)
    if below or above:
        bounds = [
            f"{'above' if low_open else 'at least'} {low:g}" if low is not None else "",
            f"{'below' if high_open else 'at most'} {high:g}" if high is not None else "",
        ]
        raise InputError(f"{name} must be {' and '.join(filter(None, bounds))}; got {number:g}")
    return number


def probability(value: Any, name: str) -> float:
    """`value` as a `float` in [0, 1].

    >>> probability(0.25, "target share")
    0.25
    """
    return finite_number(value, name, low=0.0, high=1.0)


def choice(value: Any, name: str, known: Iterable[str]) -> str:
    """`value`, which must be one of the `known` names.

    >>> choice("normal", "distribution", ["normal", "uniform"])
    'normal'
    """
    names = tuple(known)
    if not isinstance(value, str) or value not in names:
        raise unknown(name, value, names)
    return value


def distribution(value: Any, name: str, size: int, of: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
    """Probabilities of `size` events: not negative, with sum one to within 1e-6, then made exact.

    Where the events have names, `of`, a mapping from some of them is taken too; of the others it is zero.

    >>> distribution([0.25, 0.75], "strategy", 2), distribution({"D": 1}, "start", 2, of=["C", "D"])
    (array([0.25, 0.75]), array([0., 1.]))
    """
    if of is not None and hasattr(value, "items"):
        for own in value:
            if own not in of:
                raise unknown(f"name in {name}", own, of)
        value = [value.get(own, 0.0) for own in of]
    array = finite_array(value, name, shape=(size,))
    total = float(array.sum())
    if (array < 0).any():
        raise InputError(f"{name} must not be negative; got {array.tolist()}")
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise InputError(f"{name} must sum to one; got {array.tolist()}, whose sum is {total:g}")
    return array / total
