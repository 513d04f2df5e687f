"""Formulas read from texts, without running anything: `box(them(me)) and box1(not them(DefectBot))`."""

import re
from typing import NoReturn

from nashscape.core import InputError
from nashscape.programs.formulas import Formula

TOKENS = re.compile(r"\s*(?:([^\W\d]\w*)|(->|<->|[()&|~¬∧∨→↔□⊥⊤])|(\S))")
SIGNS = {"&": "and", "∧": "and", "|": "or", "∨": "or", "~": "not", "¬": "not", "->": "implies", "→": "implies",
         "<->": "iff", "↔": "iff", "□": "box", "⊥": "false", "⊤": "true"}  # fmt: skip
BINDING = ("iff", "implies", "or", "and")
"""From the loosest to the tightest; "implies" from the right, others from the left."""
WORDS = {*BINDING, "not", "true", "false"}
BOX = re.compile(r"box([0-9]*)")
DEEPEST = 60
HIGHEST = 99
"""The largest k of PA+k."""
LONGEST = 4000
EXAMPLE = (
    "a formula is as box(them(me)) and box1(not them(DefectBot)): who(whom), true, false, not, and, or, implies, iff, "
    "box, box1, …"
)


def read_formula(text: str) -> Formula:
    """The formula of a text.

    >>> str(read_formula("□(them(me) ∧ ~them(DefectBot))"))
    'box((them(me) and not them(DefectBot)))'

    Raises:
        InputError: for what is no formula, with the place.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise InputError(f"{EXAMPLE}, of at most {LONGEST:,} characters; got {text if not text else repr(text)[:60]}")
    reader = _Reader(text)
    found = reader.binary(0, 0)
    if reader.here:
        reader.wrong("'and', 'or', 'implies', 'iff' or the end")
    return found


class _Reader:
    """A text in words, and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [match for match in TOKENS.finditer(text) if match.group().strip()]
        self.words = [SIGNS.get(match.group().strip(), match.group().strip()) for match in found]
        self.starts = [match.end() - len(match.group().strip()) for match in found]
        self.place = 0

    @property
    def here(self) -> str:
        return self.words[self.place] if self.place < len(self.words) else ""

    def wrong(self, wanted: str) -> NoReturn:
        at = self.starts[self.place] if self.here else len(self.text)
        raise InputError(
            f"cannot read {self.text!r} at character {at + 1}: got {self.here or 'the end'!r}, expected {wanted}; "
            f"{EXAMPLE}"
        )

    def take(self, word: str) -> None:
        if self.here != word:
            self.wrong(repr(word))
        self.place += 1

    def binary(self, tightness: int, depth: int) -> Formula:
        if depth > DEEPEST:
            raise InputError(f"a formula may be nested {DEEPEST} deep; {self.text[:40]!r}… is deeper")
        if tightness == len(BINDING):
            return self.single(depth)
        word = BINDING[tightness]
        found = self.binary(tightness + 1, depth)
        while self.here == word:
            self.place += 1
            other = self.binary(tightness + (word != "implies"), depth + 1)
            found = Formula(word, (found, other))
        return found

    def single(self, depth: int) -> Formula:
        word, boxed = self.here, BOX.fullmatch(self.here)
        if word in ("true", "false"):
            self.place += 1
            return Formula(word)
        if word == "not" or boxed:
            if boxed and len(boxed[1]) > len(str(HIGHEST)):
                raise InputError(f"boxes are of PA+k with k up to {HIGHEST}; got {word[:20]}")
            self.place += 1
            if depth > DEEPEST:
                raise InputError(f"a formula may be nested {DEEPEST} deep; {self.text[:40]!r}… is deeper")
            inner = (self.single(depth + 1),)
            return Formula("box", inner, level=int(boxed[1] or 0)) if boxed else Formula("not", inner)
        if word == "(":
            self.place += 1
            found = self.binary(0, depth + 1)
            self.take(")")
            return found
        actor = self.name()
        self.take("(")
        against = self.name()
        self.take(")")
        return Formula("plays", names=(actor, against))

    def name(self) -> str:
        if not self.here.isidentifier() or self.here in WORDS or BOX.fullmatch(self.here):
            self.wrong("'me', 'them' or the name of a program, as in them(me)")
        self.place += 1
        return self.words[self.place - 1]
