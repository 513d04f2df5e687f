"""What a result answers, as data that travels with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nashscape.core.descriptions import MARKS, Description, describe, digest, values_of


@dataclass(frozen=True)
class Question:
    """What was asked: which kind of question, and its parts by name, among them `seed` and `precision`, as data.

    Results with the same question and the same version of the library hold the same numbers on one type of machine.

    Attributes:
        kind: which kind of question, such as "basin map".
        parts: the description of every part.

    Example:
        >>> from nashscape import entry_probability, games, meta_mapg, pg
        >>> one, other = (entry_probability(games.stag_hunt(), rule, n=8, steps=4).question for rule in
        ...               (meta_mapg(), meta_mapg(peer=2)))
        >>> one.differs(other), one.differs(other, but=["rule"]), one.key == other.key
        (('rule.peer',), (), False)
        >>> one["steps"], one["game"]["actions"][0]
        (4, ['C', 'D'])
    """

    kind: str
    parts: Mapping[str, Description] = field(repr=False)

    @property
    def key(self) -> str | None:
        """Thirty-two hexadecimal digits that only this question has; None where a part could not be described."""
        return None if self.unknown else digest([self.kind, self.data])

    @property
    def unknown(self) -> tuple[str, ...]:
        """What could not be described exactly, in words: a result with such parts is not keyed, no store takes it."""
        return tuple(f"{name}: {words}" for name, own in self.parts.items() for words in own.unknown)

    @property
    def data(self) -> dict[str, Any]:
        """All parts as described data."""
        return {name: own.data for name, own in self.parts.items()}

    def __getitem__(self, name: str) -> Any:
        """A part as values: numbers, arrays, lists and dicts."""
        return values_of(self.parts[name].data)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """A part as values, or something else where the question has no such part."""
        return self[name] if name in self.parts else otherwise

    def differs(self, other: "Question", but: Sequence[str] = ()) -> tuple[str, ...]:
        """The names of what is not the same, such as "rule.peer" or "seed"; not of parts that may differ, `but`."""
        kinds = [] if self.kind == other.kind else ["kind"]
        mine, theirs = self.data, other.data
        for name in dict.fromkeys([*mine, *theirs]):
            here = name in mine and name in theirs
            kinds += list(_differences(mine[name], theirs[name], name)) if here else [name]
        return tuple(name for name in kinds if not any(name == own or name.startswith(f"{own}.") for own in but))

    def asking(self, kind: str | None = None, *, without: Sequence[str] = (), **parts: Any) -> "Question":
        """The same question with other or more parts, `without` some, or of another kind."""
        kept = {name: own for name, own in self.parts.items() if name not in without}
        return Question(kind or self.kind, {**kept, **{name: describe(own) for name, own in parts.items()}})

    def to_dict(self) -> dict[str, Any]:
        """Kind, key, what is unknown, and the parts, as plain data."""
        return {"kind": self.kind, "key": self.key, "unknown": list(self.unknown), "asked": self.data}

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> "Question":
        """The question that `to_dict` wrote."""
        unknown = {name: tuple(words for own, _, words in _split(data) if own == name) for name in data["asked"]}
        return cls(data["kind"], {name: Description(own, unknown[name]) for name, own in data["asked"].items()})


_WHOLE = frozenset({*MARKS, "function", "partial", "method", "wrapped", "module", "type"})
"""The keys of what is named as a whole where it differs."""


def ask(kind: str, **parts: Any) -> Question:
    """A question of a kind with these parts, each described at once, so that later changes to objects do not matter.

    >>> ask("share", grid=51, seed=7).to_dict()["asked"]
    {'grid': 51, 'seed': 7}
    """
    return Question(kind, {name: describe(own) for name, own in parts.items()})


def _split(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    return (words.partition(": ") for words in data["unknown"])


def _is_one(data: Any) -> bool:
    """Whether there are no parts of it to name: a number, an array, a function, something with nothing but a value."""
    if not isinstance(data, dict):
        return True
    return not _WHOLE.isdisjoint(data) or data.keys() <= {"kind", "value"}


def _differences(mine: Any, theirs: Any, where: str = "") -> Iterator[str]:
    if _is_one(mine) or _is_one(theirs):
        if mine != theirs or type(mine) is not type(theirs):
            yield where
        return
    if mine.get("kind") != theirs.get("kind") and where:
        yield where
        return
    for name in dict.fromkeys([*mine, *theirs]):
        place = f"{where}.{name}" if where else name
        if name not in mine or name not in theirs:
            yield place
        else:
            yield from _differences(mine[name], theirs[name], place)
