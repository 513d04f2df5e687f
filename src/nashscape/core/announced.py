"""What installed packages announce as entry points. Nothing is read before a name is asked for that is not ours."""

import sys
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from nashscape.core.errors import InputError


def announced(group: str) -> Mapping[str, tuple[metadata.EntryPoint, ...]]:
    """The entry points of a group by name, with underscores; a name that two packages announce has two.

    >>> announced("nashscape.nothing")
    {}
    """
    found: dict[str, tuple[metadata.EntryPoint, ...]] = {}
    for point in metadata.entry_points(group=group):
        name = point.name.replace("-", "_")
        found[name] = (*found.get(name, ()), point)
    return found


def package_of(point: metadata.EntryPoint) -> str:
    """The package that announces, with its version."""
    return "somebody" if point.dist is None else f"the package {point.dist.name} {point.dist.version}"


def load(name: str, points: tuple[metadata.EntryPoint, ...]) -> Any:
    """What the one package that announces a name has under it.

    Raises:
        InputError: for a name that several announce, and what cannot be loaded, with the package and the cause.
    """
    if len(points) > 1:
        who = " and ".join(f"{package_of(point)} ({point.value})" for point in points)
        raise InputError(f"{name!r} is announced by {who}: uninstall one, or name what you mean as path.py:name")
    [point] = points
    try:
        return point.load()
    except (Exception, SystemExit) as error:
        raise InputError(
            f"{name!r} is announced by {package_of(point)} as {point.value!r}, which cannot be loaded: "
            f"{type(error).__name__}: {error}. Nothing else of this library is concerned; update that package, or "
            "uninstall it"
        ) from error


def file_of(thing: Any) -> str:
    """The file of the module that a function, a class or an object's class comes from; empty where there is none."""
    named = thing if hasattr(thing, "__qualname__") else type(thing)
    return getattr(sys.modules.get(getattr(named, "__module__", None) or ""), "__file__", None) or ""
