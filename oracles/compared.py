"""What a comparison with another library reports."""

import importlib
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Comparison:
    """The largest deviation found between this library and another.

    Attributes:
        library: the other library, as it is installed.
        version: its version.
        what: what was compared.
        points: how many numbers.
        deviation: the largest absolute difference; NaN where either gave no finite number.
        tolerance: the largest difference that counts as agreement.
    """

    library: str
    version: str
    what: str
    points: int
    deviation: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether the deviation is within the tolerance; a NaN never is, nor is a comparison of nothing."""
        return self.points > 0 and self.deviation <= self.tolerance

    def __str__(self) -> str:
        """The comparison as one line."""
        verdict = "agrees" if self.agrees else "DISAGREES"
        return (
            f"{self.library} {self.version}: {verdict}: {self.what}, {self.points:,} numbers, "
            f"largest deviation {self.deviation:.1e} (tolerance {self.tolerance:.0e})"
        )


class Missing(Exception):
    """A library that cannot be imported."""


def library(name: str, module: str) -> tuple[Any, str]:
    """A module of a library and the library's version.

    Raises:
        Missing: when the library, or something that it needs, is not installed.
    """
    try:
        return importlib.import_module(module), metadata.version(name)
    except (ModuleNotFoundError, metadata.PackageNotFoundError) as error:
        raise Missing(f"{name}: not compared, not installed: {error}") from error


class Deviations:
    """Collects the differences of one comparison."""

    def __init__(self) -> None:
        """Nothing compared yet."""
        self.points, self.largest = 0, 0.0

    def add(self, ours: npt.ArrayLike, theirs: npt.ArrayLike) -> None:
        """Take in two arrays that should be the same; their shapes must be."""
        own, other = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
        if own.shape != other.shape:
            raise ValueError(f"shapes {own.shape} and {other.shape} cannot be compared")
        self.points += own.size
        # maximum, unlike max, hands NaN on
        self.largest = float(np.maximum(self.largest, np.max(np.abs(own - other), initial=0.0)))

    def comparison(self, library: str, version: str, what: str, tolerance: float) -> Comparison:
        """What was found."""
        return Comparison(library, version, what, self.points, self.largest, tolerance)
