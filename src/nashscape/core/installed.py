"""What is installed, and on which machine: what a report of a fault needs."""

import platform
import re
from importlib import metadata
from typing import Any

from nashscape.core.machine import cores, memory, processor
from nashscape.core.makers import LIBRARIES, this_maker
from nashscape.core.tables import Table
from nashscape.core.versions import MISSING, version_of

LEFT_OUT = ("dev",)
"""Extras that only those have who work on this library."""


def installation() -> dict[str, Any]:
    """Versions, machine and devices as plain data; JAX is loaded.

    >>> found = installation()
    >>> list(found)
    ['nashscape', 'code', 'python', 'platform', 'processor', 'cores', 'memory', 'devices', 'libraries']
    >>> found["libraries"]["numpy"]["extras"]
    []
    """
    import jax

    maker = this_maker()
    named: dict[str, list[str]] = {name: [] for name in LIBRARIES}
    for name, extra in _wanted():
        named.setdefault(name, [])
        named[name] += [extra] if extra else []
    return {
        "nashscape": maker.version,
        "code": maker.code,
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        "platform": platform.platform(),
        "processor": processor(),
        "cores": cores(),
        "memory": memory(),
        "devices": [device.device_kind for device in jax.devices()],
        "libraries": {
            name: {"version": None if version_of(name) == MISSING else version_of(name), "extras": named[name]}
            for name in sorted(named, key=lambda name: (bool(named[name]), name))
        },
    }


def show_versions() -> Table:
    """Versions of Python, of this library and of all that it may use, the machine, and the devices that JAX sees.

    `code` is a digest of the files of this library: two checkouts of one version differ in it. A report of a fault
    should have all of this: `print(nashscape.core.show_versions())`, or `nashscape versions`.

    Example:
        >>> table = show_versions()
        >>> [row[0] for row in table.rows], table.below[0].columns
        (['code', 'Python', 'platform', 'processor', 'devices of JAX'], ('library', 'version', 'extra'))
    """
    return versions_table(installation())


def versions_table(found: dict[str, Any]) -> Table:
    """What `installation` found, as a table."""
    kinds = found["devices"]
    devices = ", ".join(f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds))
    rows = [(name, own["version"] or "–", ", ".join(own["extras"])) for name, own in found["libraries"].items()]
    libraries = Table("", ("library", "version", "extra"), rows, left=("version", "extra"),
                      notes=["– is not installed; pip install 'nashscape[extra]' adds what an extra has."])  # fmt: skip
    told = {
        "code": found["code"],
        "Python": found["python"],
        "platform": found["platform"],
        "processor": f"{found['processor']}, {found['cores']} cores, {found['memory'] / 2**30:.1f} GiB",
        "devices of JAX": devices,
    }
    return Table(f"nashscape {found['nashscape']}", ("", ""), tuple(told.items()), left=("",), below=(libraries,))


def _wanted() -> list[tuple[str, str]]:
    """The libraries that this one names, each with the extra that it is in, or ""; none in a tree not installed."""
    try:
        lines = metadata.requires("nashscape") or []
    except metadata.PackageNotFoundError:
        return []
    found = []
    for line in lines:
        name = re.match(r"[\w.-]+", line)
        extra = re.search(r"extra *== *['\"]([\w-]+)", line)
        if name and (extra is None or extra[1] not in LEFT_OUT):
            found.append((name[0].lower(), extra[1] if extra else ""))
    return found
