"""The map of the agenda: themes, what there is here for each, and what is lacking; as data and as a page."""

import importlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

BEFORE = (
    "The themes of [Open Problems in Cooperative AI](systems/open-problems.md) (Dafoe and others, 2020) beside what "
    "this library has for them and what it lacks. The map is ours: that a feature stands beside a theme says that who "
    "works on the theme may want it, not that the theme is solved. What is lacking is on the "
    "[list of systems](roadmap.md) where one is named with it, which is an intention and no promise; else nothing is "
    "planned."
)
NOTE = "<!-- This page is made from the map: `python -m nashscape.systems.pages` writes it anew. -->"


@dataclass(frozen=True)
class Feature:
    """What is here for a theme: what it is for, its name below `nashscape`, and the page that tells of it."""

    text: str
    name: str
    page: str

    def exists(self) -> bool:
        """Whether the library has something of this name."""
        room, _, name = self.name.rpartition(".")
        try:
            return hasattr(importlib.import_module(f"nashscape.{room}" if room else "nashscape"), name)
        except ModuleNotFoundError:
            return False


@dataclass(frozen=True)
class Lack:
    """What is lacking, and the system on the roadmap that is to bring something of it; empty where none is."""

    text: str
    system: str


@dataclass(frozen=True)
class Theme:
    """A theme of the agenda in our words."""

    name: str
    about: str
    here: tuple[Feature, ...]
    absent: tuple[Lack, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """All of them, in order.

    >>> [one.name for one in themes()][3:7]
    ['Understanding', 'Communication', 'Commitments', 'Institutions']
    """
    text = resources.files(__package__).joinpath("agenda.toml").read_text(encoding="utf-8")
    return tuple(
        Theme(
            one["name"],
            one["about"],
            tuple(Feature(*own) for own in one["here"]),
            tuple(Lack(*own) for own in one["absent"]),
        )
        for one in tomllib.loads(text)["theme"]
    )


def page() -> str:
    """The map as a page of Markdown.

    >>> page().splitlines()[0]
    '# Open problems: what is here and what is not'
    """
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Open problems: what is here and what is not", "", NOTE, "", BEFORE, "")
    for one in themes():
        yield from (f"## {one.name}", "", one.about, "", "| here | by |", "| --- | --- |")
        yield from (f"| [{own.text}]({own.page}) | `{own.name}` |" for own in one.here)
        yield from ("", "Not here:", "")
        yield from (f"* {own.text}; {_planned(own.system)}" for own in one.absent)
        yield ""


def _planned(system: str) -> str:
    return f"on the [list](roadmap.md): {system}" if system else "nothing is planned"
