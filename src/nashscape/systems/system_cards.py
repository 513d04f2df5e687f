"""What is known about a published system: a card with every claim of its abstract, and whether it holds here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from nashscape.core.errors import InputError, unknown
from nashscape.core.files.whole_files import path_of
from nashscape.systems.card_texts import STATUSES, Reader

CARD = "card.toml"


@dataclass(frozen=True)
class Claim:
    """One number or finding that was published.

    Attributes:
        id: its name within the card.
        text: what is claimed, in our words.
        place: where it stands: "abstract", a table, a press summary.
        status: "agrees", "not contradicted", "disagrees", "not checkable here" or "open".
        published: the published figures, as text; empty for a finding without numbers.
        value: ours when the card was written; None where there are several numbers, or none.
        interval: of our value; None where it is exact or there is none.
        tolerance: when published and ours agree.
        computed: how it is computed here.
        why: why it disagrees, is no more than not contradicted, cannot be checked here, or is open.
    """

    id: str
    text: str
    place: str
    status: str
    published: str = ""
    value: float | None = None
    interval: tuple[float, float] | None = None
    tolerance: str = ""
    computed: str = ""
    why: str = ""

    @property
    def is_reading(self) -> bool:
        """Whether it is what others take the publication to say, and no statement of its authors."""
        return any(word in self.place for word in ("reading", "press", "ours"))


@dataclass(frozen=True)
class Found:
    """What else was found about a system: a heading and what it says."""

    title: str
    text: str


@dataclass(frozen=True)
class Card:
    """A published system.

    Attributes:
        key: its name here, as in `nashscape reproduce KEY`.
        title: of the publication.
        year: in which it appeared.
        authors: by family name, in order.
        fidelity: how near what is computed here is to what was published: "exact", "reimplemented", "reconstruction"
            or "stand-in".
        about: what the system is, in our words.
        seconds: how long `nashscape reproduce KEY` takes on two idle cores, "full" and "quick".
        claims: every claim of its abstract, and some from other places, in order.
        found: what else was found.
        arxiv: its number there; empty where it is not there.
    """

    key: str
    title: str
    year: int
    authors: tuple[str, ...]
    fidelity: str
    about: str
    seconds: Mapping[str, float]
    claims: tuple[Claim, ...]
    found: tuple[Found, ...] = ()
    arxiv: str = ""

    def __repr__(self) -> str:
        """Key and how many claims have which status."""
        return f"<Card {self.key}: {', '.join(f'{count} {name}' for name, count in self.counts().items() if count)}>"

    def counts(self) -> dict[str, int]:
        """How many claims have which status.

        >>> card("open-source-games").counts()["open"]
        0
        """
        return {name: sum(one.status == name for one in self.claims) for name in STATUSES}

    def claim(self, id: str) -> Claim:
        """The claim with an id.

        Raises:
            InputError: where there is none.
        """
        for one in self.claims:
            if one.id == id:
                return one
        raise unknown(f"claim of {self.key}", id, [one.id for one in self.claims])


def read_card(path: str | os.PathLike[str]) -> Card:
    """The card in a file.

    Args:
        path: of a TOML file.

    Raises:
        InputError: for a file that cannot be read, is no TOML, or is not what a card has to be; with the line, the key,
            and the nearest key or word that is one.
    """
    try:
        text = path_of(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a text: {error}; give the path of a card, a TOML file") from error
    return card_of(text, os.fspath(path))


def card_of(text: str, name: str = "the card") -> Card:
    """The card of a text, which has that name in errors; raises as `read_card` does."""
    data = Reader(text, name).checked()
    parts: dict[str, Any] = {
        "authors": tuple(data["authors"]),
        "claims": tuple(_claim(one) for one in data.pop("claim")),
        "found": tuple(Found(**{key: _joined(own) for key, own in one.items()}) for one in data.pop("found", [])),
        "about": _joined(data["about"]),
    }
    return Card(**{**data, **parts})


def _claim(data: Mapping[str, Any]) -> Claim:
    told: dict[str, Any] = {key: _joined(own) if isinstance(own, str) else own for key, own in data.items()}
    return Claim(**{**told, **({"interval": tuple(data["interval"])} if "interval" in data else {})})


def _joined(text: str) -> str:
    """A text in one line for each of its paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


@cache
def cards() -> Mapping[str, Card]:
    """All cards, by key.

    >>> list(cards())
    ['basin-entry', 'basin-entry-jaxmarl', 'basin-entry-neural', 'body-reservoir', 'coopetition-1',
     'coopetition-3', 'coopetition-4', 'coopetition-gym', 'direct-punishment', 'exploration-and-cooperation',
     'fictitious-cross-play', 'govsim', 'incomplete-information-ranking', 'information-acquisition', 'league',
     'levine-hats', 'minimax-winner', 'networked-commons', 'norms', 'one-sided-information', 'open-ended',
     'open-problems', 'open-source-games', 'open-source-neural', 'pruning-game', 'risk-averse',
     'risk-averse-populations', 'selection-jaxmarl', 'selection-prediction', 'sequential-public-goods',
     'team-building', 'update-equivalence', 'water-filling']

    Raises:
        InputError: for a card that is not what it has to be.
    """
    found = {}
    for folder in sorted(resources.files(__package__).iterdir(), key=lambda one: one.name):
        file = folder.joinpath(CARD)
        if file.is_file():
            name = f"systems/{folder.name}/{CARD}"
            one = card_of(file.read_text(encoding="utf-8"), name)
            if module_of(one.key) != folder.name:
                raise InputError(f"{name}: its key is {one.key!r}; that of this folder is {_key_of(folder.name)!r}")
            found[one.key] = one
    return found


def card(key: str) -> Card:
    """The card of a system.

    >>> card("basin-entry").arxiv
    '2605.18078'

    Raises:
        InputError: for a key that no system has.
    """
    known = cards()
    if key not in known:
        raise unknown("system", key, known)
    return known[key]


def module_of(key: str) -> str:
    """The folder of the system with a key."""
    return key.replace("-", "_")


def _key_of(folder: str) -> str:
    return folder.replace("_", "-")
