"""Things of rooms above, which cannot be imported here: found by where they are, when they are asked for."""

import importlib
from functools import cache
from typing import Any


@cache
def thing_at(place: str) -> Any:
    """What stands at a place within this library, "module:name"; its module is imported now.

    >>> thing_at("core.errors:InputError").__name__
    'InputError'
    """
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(f"nashscape.{module}"), name)
