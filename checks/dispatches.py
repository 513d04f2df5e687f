"""Where the library asks of which class of its own a thing is: `python -m checks.dispatches`.

Who asks for a class turns strangers away, however well what they bring would do; who asks for what a thing offers does
not. So every such question outside the rooms of games and of proofs has its reason beside it, in a comment that begins
with `class:`, and there may never be more of them than there are today.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "nashscape"
ROOMS = ("games", "checking", "proofs")
"""Rooms about representations themselves: a proof is one of a form that is written down."""
NUMBERS = frozenset({"Interval", "Polynomial"})
"""Kinds of numbers, which arithmetic tells apart."""
MOST = 17
"""How many there may be."""


@dataclass(frozen=True)
class Dispatch:
    """A question for a class: where it stands, for which classes, and why, where that is said."""

    place: str
    line: int
    names: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        """Place, classes and reason, as one line."""
        return f"{self.place}:{self.line}: {', '.join(self.names)}{f'  ({self.reason})' if self.reason else ''}"


def own_classes(source: Path = SOURCE) -> frozenset[str]:
    """The names of all classes that the library defines, without kinds of numbers."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in source.rglob("*.py"))
    return frozenset(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)) - NUMBERS


def dispatches(source: Path = SOURCE, rooms: tuple[str, ...] = ROOMS) -> list[Dispatch]:
    """Every question for a class of the library outside some rooms."""
    known = own_classes(source)
    found = []
    for path in sorted(source.rglob("*.py")):
        place = path.relative_to(source).as_posix()
        if not place.startswith(rooms):
            text = path.read_text(encoding="utf-8")
            found += [_made(place, text.splitlines(), node, names) for node, names in _asked(ast.parse(text), known)]
    return found


def _asked(tree: ast.AST, known: frozenset[str]) -> Iterator[tuple[ast.expr | ast.pattern, tuple[str, ...]]]:
    """Calls of isinstance and issubclass, comparisons of types and patterns of match, with the classes in them."""
    for node in ast.walk(tree):
        looked_at: list[ast.AST] = []
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("isinstance", "issubclass")
        ):
            looked_at = list(node.args[1:])
        elif isinstance(node, ast.Compare) and any(map(_is_type, [node.left, *node.comparators])):
            looked_at = [node]
        elif isinstance(node, ast.MatchClass):
            looked_at = [node.cls]
        names = tuple(sorted({part for one in looked_at for part in _names(one)} & known))
        if names and isinstance(node, ast.expr | ast.pattern):
            yield node, names


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) == "type"


def _names(node: ast.AST) -> set[str]:
    words = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return words | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def _made(place: str, lines: list[str], node: ast.expr | ast.pattern, names: tuple[str, ...]) -> Dispatch:
    """With the reason on one of its own lines, or on the line above."""
    near = lines[max(node.lineno - 2, 0) : node.end_lineno]
    reasons = [line.partition("# class: ")[2].strip() for line in near if "# class: " in line]
    return Dispatch(place, node.lineno, names, reasons[-1] if reasons else "")


def main() -> int:
    """Print all, and fail where a reason is missing or there are more than there may be."""
    found = dispatches()
    everywhere = len(dispatches(rooms=("nowhere",)))
    for one in found:
        print(one)
    bare = [one for one in found if not one.reason]
    print(f"{len(found)} questions for a class outside {', '.join(ROOMS)}, at most {MOST}; {everywhere} in all")
    if bare:
        print(f"{len(bare)} without a reason: say it in a comment that begins with `class:`, or ask what is offered")
    return int(bool(bare) or len(found) > MOST)


if __name__ == "__main__":
    sys.exit(main())
