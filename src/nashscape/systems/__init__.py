"""Published systems: a card each, with every claim and whether it holds here, and a study that computes them again.

Names are loaded when they are first used: reading cards imports no JAX.
"""

import importlib
from typing import TYPE_CHECKING, Any

_HOMES = {
    "system_cards": ["Card", "Claim", "Found", "card", "cards", "read_card"],
    "checked_claims": ["CheckedClaims", "Verdict", "check"],
    "agreement": ["Row"],
    "pages": ["card_page"],
    "reproducing": ["reproduce", "study_of"],
}
_WHERE = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Card",
    "CheckedClaims",
    "Claim",
    "Found",
    "Row",
    "Verdict",
    "card",
    "card_page",
    "cards",
    "check",
    "read_card",
    "reproduce",
    "study_of",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from nashscape.systems.agreement import Row
    from nashscape.systems.checked_claims import CheckedClaims, Verdict, check
    from nashscape.systems.pages import card_page
    from nashscape.systems.reproducing import reproduce, study_of
    from nashscape.systems.system_cards import Card, Claim, Found, card, cards, read_card
