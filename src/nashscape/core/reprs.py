"""How objects show themselves: as the call that makes them."""

from typing import Any

import numpy as np

MOST_SHOWN = 8
"""Entries of a list or an array that are written out."""


def called(name: str, /, *places: Any, **named: Any) -> str:
    """The call of a function as text, the numbers in the shortest form that means the same.

    >>> called("starts.uniform", low=-1.0, high=0.25)
    'starts.uniform(low=-1, high=0.25)'
    """
    given = [*map(shown, places), *(f"{key}={shown(value)}" for key, value in named.items())]
    return f"{name}({', '.join(given)})"


def shown(value: Any) -> str:
    """One argument as text: what is constant as its number, long lists and arrays by their lengths."""
    if getattr(value, "steady", False):
        value = value.value
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist() if value.size <= MOST_SHOWN else f"<array of {' × '.join(map(str, value.shape))}>"
        return value if isinstance(value, str) else shown(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, list | tuple):
        if len(value) > MOST_SHOWN:
            return f"<{len(value)} entries>"
        inner = ", ".join(map(shown, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    return repr(value)
