"""Faces of rooms: names that are loaded when they are first used, and words for a name that a room does not have."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import lazy_loader  # type: ignore[import-untyped]

TOP = Path(__file__).parents[1]
LIBRARY = TOP.name
"""The folder of the library, and its name."""


def face(package: str, file: str, rooms: Iterable[str] = ()) -> tuple[Callable[[str], Any], Any, list[str]]:
    """`__getattr__`, `__dir__` and `__all__` of a package, from the stub that lies beside its file.

    Args:
        package: its name, `__name__`.
        file: of the package, `__file__`.
        rooms: names of the stub that can be reached and completed, but are none of its `__all__`.

    A name that is not there raises an `AttributeError` that says where the name is, or which one is near:

    >>> from nashscape import games
    >>> games.stag_hnt
    Traceback (most recent call last):
    AttributeError: nashscape.games has no 'stag_hnt'; did you mean 'stag_hunt'?
    >>> games.meta_mapg
    Traceback (most recent call last):
    AttributeError: nashscape.games has no 'meta_mapg'; it is nashscape.meta_mapg
    """
    stubbed, _, names = lazy_loader.attach_stub(package, file)
    known = frozenset(names)

    def found(name: str) -> Any:
        if name in known:
            return stubbed(name)
        # given a module and no name, Python adds no second suggestion to the one in the text
        raise AttributeError(f"{package} has no {name!r}{_instead(package, name, names)}", obj=sys.modules.get(package))

    def listed() -> list[str]:
        return sorted(names)

    return found, listed, sorted(known.difference(rooms))


def _instead(package: str, name: str, names: Iterable[str]) -> str:
    """Where a name is, else which ones of the package are near; nothing for what tools look for, `_…`."""
    if name.startswith("_"):
        return ""
    from nashscape.core.errors import nearest

    homes = [LIBRARY, *(f"{LIBRARY}.{stub.parent.name}" for stub in sorted(TOP.glob("*/__init__.pyi")))]
    home = next((home for home in homes if home != package and name in import_module(home).__all__), None)
    return f"; it is {home}.{name}" if home else nearest(name, names)
