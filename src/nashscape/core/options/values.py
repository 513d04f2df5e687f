"""Values by the types that the table of options says: whether they are of their type, and what texts stand for."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.named_texts import NUMBER
from nashscape.core.options.rows import Option

PLAIN = ("int", "float", "bool", "str")
"""Types whose values are numbers, truth values or texts."""


def check_values(rows: Mapping[str, Option], given: Mapping[str, Any]) -> None:
    """Refuse what cannot be a value of its option. What depends on the game, a verb checks itself; None is for it too.

    >>> from nashscape.core.options import taken
    >>> check_values(taken("basin_map"), {"grid": 21, "progress": True})
    Traceback (most recent call last):
    nashscape.core.errors.InputError: progress is a function, called with (done, all), such as print; got True

    Raises:
        InputError: for a value of another type, and a number beyond the ends of its option.
    """
    for name, value in given.items():
        row = rows.get(name)
        if row is not None and value is not None and row.type in CHECKS:
            CHECKS[row.type](value, row)


def plain_value(value: Any, option: Option) -> Any:
    """A number, text or truth value of the type that an option has, and within its range; texts stand for numbers.

    >>> from nashscape.core.options import option
    >>> plain_value("101", option("grid")), plain_value("0.9", option("threshold"))
    (101, 0.9)

    Raises:
        InputError: for a value of another type, and one that is too small or too large.
    """
    if value is None:
        return None
    if option.type in NUMBERS:
        value = NUMBERS[option.type](value, option.name)
    CHECKS[option.type](value, option)
    return value


def whole_number(value: Any, name: str) -> int:
    """A whole number, which may be written 3e6, or as a text.

    >>> whole_number("3e6", "runs")
    3000000
    """
    value = _read(value)
    whole = isinstance(value, float) and value.is_integer()
    return positive_integer(int(value) if whole else value, name, at_least=0)


def _read(value: Any) -> Any:
    return float(value) if isinstance(value, str) and re.fullmatch(NUMBER, value.strip()) else value


NUMBERS: Mapping[str, Callable[[Any, str], Any]] = MappingProxyType({
    "int": whole_number,
    "float": lambda value, name: finite_number(_read(value), name),
})  # fmt: skip
"""What may be written as a text, by the type of an option."""


def _whole(value: Any, row: Option) -> None:
    least = -np.inf if row.least is None else int(row.least)
    positive_integer(value, row.name, at_least=least)  # type: ignore[arg-type]


def _number(value: Any, row: Option) -> None:
    finite_number(value, row.name, low=row.least, high=row.most)


def _truth(value: Any, row: Option) -> None:
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{row.name} is true or false; got {value!r}")


def _truth_or_whole(value: Any, row: Option) -> None:
    if not isinstance(value, bool | np.bool_):
        _whole(value, row)


def _text(value: Any, row: Option) -> None:
    if not isinstance(value, str):
        raise InputError(f"{row.name} is a text; got {value!r}")


def _function(value: Any, row: Option) -> None:
    if not callable(value) or isinstance(value, type):
        called = ", called with (done, all), such as print" if row.name == "progress" else ""
        raise InputError(f"{row.name} is a function{called}; got {value!r}")


def _settling(value: Any, row: Option) -> None:
    if isinstance(value, type) or not hasattr(value, "checked"):
        raise InputError(
            f"{row.name} is made by Settling, as in dynamics.Settling(regret=0.05), or by dynamics.observing; got "
            f"{value!r}"
        )


def _two(value: Any, row: Option) -> None:
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray) or len(value) != 2:
        raise InputError(f"{row.name} is a pair, as in {row.default or (0.05, 0.95)}; got {value!r}")


CHECKS: Mapping[str, Callable[[Any, Option], None]] = MappingProxyType({
    "int": _whole,
    "float": _number,
    "bool": _truth,
    "int | bool": _truth_or_whole,
    "str": _text,
    "Callable": _function,
    "Settling": _settling,
    "tuple": _two,
})  # fmt: skip
"""By the type of an option."""
