"""Notices code that came to read other values than when it was first seen, so that no program made of it is used again.

A compiled program holds the globals, closures and files that a function read when it was traced. In a notebook they
change while the function stays the same object, and a program would go on with what was.
"""

import functools
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from nashscape.core.descriptions import canonical, codes_in, describe

Made = TypeVar("Made")

_SEEN: "weakref.WeakKeyDictionary[Any, int]" = weakref.WeakKeyDictionary()
_FORGET: list[Callable[[], None]] = []


def when_code_changes(forget: Callable[[], None]) -> Callable[[], None]:
    """Have a function called whenever code that was seen has changed; gives the function."""
    _FORGET.append(forget)
    return forget


def kept_while_code_stays(most: int) -> "Callable[[Callable[..., Made]], functools._lru_cache_wrapper[Made]]":
    """A decorator: results are kept by their arguments, the last so many, until code changes that was seen."""

    def keeping(function: Callable[..., Made]) -> "functools._lru_cache_wrapper[Made]":
        kept = functools.lru_cache(maxsize=most)(function)
        when_code_changes(kept.cache_clear)
        return kept

    return keeping


def notice(*values: Any) -> bool:
    """Look at all code from outside this library in some values; whether any of it has changed since it was seen.

    Then everything that was compiled is forgotten: programs are made anew, of what the code reads now.
    """
    changed = False
    for code in codes_in(values):
        told = hash(canonical(describe(code).data))
        changed |= _SEEN.get(code, told) != told
        _SEEN[code] = told
    if changed:
        for forget in _FORGET:
            forget()
    return changed


def is_of_strangers(value: Any) -> bool:
    """Whether there is code from outside this library in a value."""
    return bool(codes_in(value))
