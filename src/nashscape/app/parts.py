"""What is computed of a scene, part by part: which of them at once, and which as they finish."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from nashscape.app.scenes import Scene

if TYPE_CHECKING:
    from nashscape.app.maps import Part

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


def computed(name: str, scene: Scene) -> "Part":
    """A part of a scene.

    Raises:
        InputError: where the scene has no such part, with why.
    """
    file, _, function = {**QUICK, **LATER}[name].partition(":")
    make: Callable[[Scene], Part] = getattr(import_module(f"nashscape.app.{file}"), function)
    return make(scene)
