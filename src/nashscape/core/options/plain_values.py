"""Values of options that are numbers, texts or truth values, whoever has written them."""

import re
from typing import Any

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.errors import InputError
from nashscape.core.named_texts import NUMBER
from nashscape.core.options.rows import Option

PLAIN = ("int", "float", "bool", "str")
"""Types of options that are read so."""


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
    if option.type == "bool":
        if not isinstance(value, bool):
            raise InputError(f"{option.name} is true or false; got {value!r}")
        return value
    if option.type == "str":
        if not isinstance(value, str):
            raise InputError(f"{option.name} is a text; got {value!r}")
        return value
    if isinstance(value, str) and re.fullmatch(NUMBER, value.strip()):
        value = float(value)
    if option.type == "int":
        value = whole_number(value, option.name)
    finite = finite_number(value, option.name, option.least, option.most)
    return value if option.type == "int" else finite


def whole_number(value: Any, name: str) -> int:
    """A whole number, which may be written 3e6, or as a text.

    >>> whole_number("3e6", "runs")
    3000000
    """
    if isinstance(value, str) and re.fullmatch(NUMBER, value.strip()):
        value = float(value)
    whole = isinstance(value, float) and value.is_integer()
    return positive_integer(int(value) if whole else value, name, at_least=0)
