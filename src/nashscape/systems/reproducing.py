"""A published system computed again: its study run, its card checked."""

import importlib
from collections.abc import Callable
from typing import Any

from nashscape.systems.checked_claims import CheckedClaims, check
from nashscape.systems.system_cards import card, module_of


def study_of(key: str) -> Any:
    """The module that measures a system: its `measure(effort=, seed=, progress=)` gives what `check` takes.

    Raises:
        InputError: for a key that no system has.
    """
    return importlib.import_module(f"{__package__}.{module_of(card(key).key)}.measuring")


def reproduce(
    key: str, *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> CheckedClaims:
    """Compute what a system's publication claims, and say which claims stand as its card says.

    Args:
        key: of the system: one of `nashscape.systems.system_cards()`.
        effort: how much is run: "full", "quick" with wider intervals in less time, or "thorough".
        seed: of everything random.
        progress: called with (what, figures done, figures in all) after every figure.

    Returns:
        A `CheckedClaims`. Interrupted, it holds the figures finished so far, and its status says so.

    Raises:
        InputError: for a key that no system has, and an unknown effort.

    Example:
        >>> reproduce("water-fillin")
        Traceback (most recent call last):
        nashscape.core.errors.InputError: unknown system 'water-fillin'; did you mean 'water-filling'? Known: ...
    """
    return check(card(key), study_of(key).measure(effort=effort, seed=seed, progress=progress))
