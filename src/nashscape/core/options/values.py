"""Whether values are of the types that the table of options says, before a verb begins."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.options.rows import Option


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


def _whole(value: Any, row: Option) -> None:
    least = -np.inf if row.least is None else int(row.least)
    positive_integer(value, row.name, at_least=least)  # type: ignore[arg-type]


def _number(value: Any, row: Option) -> None:
    finite_number(value, row.name, low=row.least, high=row.most)


def _truth(value: Any, row: Option) -> None:
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{row.name} is True or False; got {value!r}")


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
        raise InputError(f"{row.name} is made by Settling, as in dynamics.Settling(follow=2000); got {value!r}")


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
