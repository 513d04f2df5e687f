"""Formulas of provability logic over what programs do against each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Names = tuple[str, str]
"""Who plays, and against whom: "me", "them", or the name of a program."""


@dataclass(frozen=True)
class Formula:
    """A formula; `kind` says how its parts make its truth.

    Attributes:
        kind: true, false, plays, not, and, or, implies, iff, box.
        parts: the formulas that it is made of.
        names: of "plays", who plays its first action surely, and against whom.
        level: of a box, the k of PA+k in which it is provable.
    """

    kind: str
    parts: tuple["Formula", ...] = ()
    names: Names = ("", "")
    level: int = 0

    def __str__(self) -> str:
        """In the language in which it is read, with all its parentheses."""
        if self.kind == "plays":
            return f"{self.names[0]}({self.names[1]})"
        if self.kind == "box":
            return f"box{self.level or ''}({self.parts[0]})"
        if self.kind == "not":
            return f"not {self.parts[0]}"
        return f"({f' {self.kind} '.join(map(str, self.parts))})" if self.parts else self.kind

    def within(self) -> Iterator["Formula"]:
        """The formula and all that it is made of."""
        yield self
        for part in self.parts:
            yield from part.within()

    def bare(self) -> Iterator[Names]:
        """What is read outside of every box."""
        if self.kind == "plays":
            yield self.names
        if self.kind != "box":
            for part in self.parts:
                yield from part.bare()

    def holds(self, plays: Callable[[Names], bool], boxes: Mapping["Formula", bool]) -> bool:
        """Whether it is true where these boxes are, and who plays what is known."""
        if self.kind == "plays":
            return plays(self.names)
        if self.kind == "box":
            return boxes[self]
        return TRUTH[self.kind](*(part.holds(plays, boxes) for part in self.parts))


TRUTH: Mapping[str, Callable[..., bool]] = {
    "true": lambda: True,
    "false": lambda: False,
    "not": lambda a: not a,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "implies": lambda a, b: b or not a,
    "iff": lambda a, b: a == b,
}
