"""Names of the types of a population."""

from typing import Any

from nashscape.core import InputError


def type_names(types: Any, count: int) -> tuple[str, ...]:
    """The names that were given, or A, B, ….

    >>> type_names(None, 3)
    ('A', 'B', 'C')

    Raises:
        InputError: for names that are not as many as types, or not all different.
    """
    given = [chr(65 + k) for k in range(count)] if types is None else types if hasattr(types, "__iter__") else ()
    names = tuple(map(str, given))
    if len(names) != count or len(set(names)) != count:
        raise InputError(f"types need {count} different names, one for each row; got {', '.join(names)}")
    return names
