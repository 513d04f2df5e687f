"""What is computed of a scene, part by part: which of them at once, and which as they finish."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

from nashscape.app.scenes import Scene


@dataclass(frozen=True)
class Part:
    """What is computed of a scene.

    Attributes:
        told: plain data.
        labels: bytes that go with it, such as labels of starts.
    """

    told: dict[str, Any]
    labels: bytes = b""

    def header(self) -> dict[str, Any]:
        """What a page is told."""
        return {"told": self.told}


QUICK: Mapping[str, str] = MappingProxyType({"map": "maps:quick_map", "run": "lines:run_of"})
"""Parts that are computed at once, by name, and where their functions are."""

LATER: Mapping[str, str] = MappingProxyType(
    {
        "closed": "marks:closed_marks",
        "index": "marks:index_marks",
        "equilibria": "lines:equilibria_of",
        "field": "lines:field_of",
        "programs": "proofs:programs_of",
        "followed": "maps:followed_map",
        "borders": "lines:borders_of",
        "reasons": "lines:reasons_of",
        "steered": "marks:steered_marks",
        "certified": "proofs:certified_of",
    }
)
"""Parts that follow as they finish, in this order."""

OF_STARTS = ("run", "reasons")
"""Parts that depend on the start that was chosen; all others are the same wherever it is."""


def computed(name: str, scene: Scene) -> Part:
    """A part of a scene.

    Raises:
        InputError: where the scene has no such part, with why.
    """
    file, _, function = {**QUICK, **LATER}[name].partition(":")
    make: Callable[[Scene], Part] = getattr(import_module(f"nashscape.app.{file}"), function)
    return make(scene)
