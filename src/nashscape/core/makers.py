"""Which code makes results: version, the text of every file of this library, and what it computes with."""

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nashscape.core.versions import version_of

LIBRARIES = ("jax", "jaxlib", "numpy", "scipy")
"""Whose versions numbers may hang on."""


@dataclass(frozen=True)
class Maker:
    """The code that makes results.

    Attributes:
        version: of this library.
        code: sixteen hexadecimal digits of the texts of all its files: two checkouts of one version differ in it.
        libraries: versions of those that it computes with, as "jax 0.10.2".
        machine: the type of machine; bits may differ between two.
    """

    version: str
    code: str
    libraries: tuple[str, ...]
    machine: str

    @property
    def name(self) -> str:
        """Eight hexadecimal digits of all of it."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]

    def differs(self, other: "Maker") -> tuple[str, ...]:
        """The names of what is not the same."""
        mine, theirs = asdict(self), asdict(other)
        return tuple(name for name in mine if mine[name] != theirs[name])

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain data."""
        return {**asdict(self), "libraries": list(self.libraries)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Maker":
        """The maker that `to_dict` wrote."""
        return cls(**{**data, "libraries": tuple(data["libraries"])})


@cache
def this_maker() -> Maker:
    """The code that is running.

    >>> this_maker() == Maker.from_dict(this_maker().to_dict())
    True
    """
    return Maker(
        version=version_of("nashscape"),
        code=_code(Path(__file__).parent.parent),
        libraries=tuple(f"{name} {version_of(name)}" for name in LIBRARIES),
        machine=f"{platform.system()} {platform.machine()}",
    )


def _code(folder: Path) -> str:
    made = hashlib.sha256()
    for path in sorted(_files(folder)):
        made.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return made.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    """What decides numbers: code and data, no caches."""
    return (path for path in folder.rglob("*") if path.suffix in (".py", ".csv", ".toml", ".json"))
