"""Words, numbers and quoted texts of Gambit's files, with the lines they are in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeVar

from nashscape.core import InputError

T = TypeVar("T")

TOKEN = re.compile(
    # a backslash stands for itself, but before a quotation mark, which then belongs to the text
    r'(?P<text>"(?:\\"|[^"])*")|(?P<brace>[{}])|(?P<word>[^\s{}",]+)|(?P<open>")|(?P<space>[\s,]+)'
)
NUMBER = re.compile(r"[+-]?([0-9]+/[0-9]+|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?)")

LONGEST = 2000
"""Characters of the longest number."""


class Token(NamedTuple):
    """A piece of a file: its kind ("text", "brace", "word", "end"), what it says, and its line, from 1."""

    kind: str
    said: str
    line: int


@dataclass
class Reader:
    """The pieces of a file one after another.

    Attributes:
        text: of the file.
        where: what to call the file in errors.
    """

    text: str
    where: str
    tokens: list[Token] = field(init=False)
    place: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Cut the text into pieces."""
        self.tokens, line = [], 1
        for match in TOKEN.finditer(self.text):
            kind, said = str(match.lastgroup), match.group()
            if kind == "open":
                raise InputError(f'{self.where}, line {line}: a text begins with " and does not end')
            if kind != "space":
                told = said[1:-1].replace('\\"', '"') if kind == "text" else said
                self.tokens.append(Token(kind, told, line))
            line += said.count("\n")
        self.tokens.append(Token("end", "the end of the file", line))

    @property
    def now(self) -> Token:
        """The piece that comes next."""
        return self.tokens[self.place]

    def take(self) -> Token:
        """The piece that comes next, and go on; the end stays."""
        now = self.now
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return now

    def wrong(self, expected: str, found: Token | None = None) -> InputError:
        """The error for a piece, by default the next, where something else was expected; it is returned."""
        token = found or self.now
        got = token.said if token.kind == "end" else repr(token.said)
        return InputError(f"{self.where}, line {token.line}: expected {expected}; got {got}")

    def refused(self, reason: str, line: int | None = None) -> InputError:
        """The error for what can be read and cannot be; it is returned."""
        return InputError(f"{self.where}, line {line or self.now.line}: {reason}")

    def is_text(self) -> bool:
        """Whether a quoted text comes next."""
        return self.now.kind == "text"

    def is_number(self) -> bool:
        """Whether a number comes next."""
        said = self.now.said
        return self.now.kind == "word" and len(said) <= LONGEST and NUMBER.fullmatch(said) is not None

    def is_brace(self, brace: str) -> bool:
        """Whether this brace comes next."""
        return self.now.kind == "brace" and self.now.said == brace

    def word(self, *wanted: str) -> str:
        """One of these words."""
        if self.now.kind != "word" or self.now.said not in wanted:
            raise self.wrong(" or ".join(wanted))
        return self.take().said

    def optional_text(self) -> str:
        """The quoted text that comes next; empty where none does."""
        return self.take().said if self.is_text() else ""

    def quoted(self, what: str) -> str:
        """A quoted text."""
        if not self.is_text():
            raise self.wrong(f"{what}, a text in quotation marks")
        return self.take().said

    def number(self, what: str) -> Fraction:
        """A number, as the fraction that it is: 3, -1/3, 0.1, .5, 1e-3."""
        if not self.is_number():
            raise self.wrong(f"{what}, a number such as 3, -1/3 or 0.1")
        if re.search(r"/0+$", self.now.said):
            raise self.wrong(f"{what}, a fraction whose denominator is not 0")
        return Fraction(self.take().said)

    def whole(self, what: str, least: int = 0) -> int:
        """A whole number of at least some size."""
        token = self.now
        if token.kind != "word" or not re.fullmatch(r"[0-9]{1,9}", token.said) or int(token.said) < least:
            raise self.wrong(f"{what}, a whole number of at least {least}")
        self.take()
        return int(token.said)

    def braces(self, what: str, each: Callable[[], T]) -> list[T]:
        """What is in braces, read by a function, until they close."""
        self.opening(what)
        found = []
        while not self.is_brace("}"):
            if self.now.kind == "end":
                raise self.wrong(f"a brace }} that closes {what}")
            found.append(each())
        self.take()
        return found

    def opening(self, what: str) -> None:
        """An opening brace."""
        if not self.is_brace("{"):
            raise self.wrong(f"{what}, in braces {{ }}")
        self.take()

    def end(self, after: str) -> None:
        """Nothing more."""
        if self.now.kind != "end":
            raise self.wrong(f"nothing after {after}")


def quotation(text: str) -> str:
    r"""A text in quotation marks, as `Reader` and Gambit read it back.

    >>> print(quotation('the "great" game'))
    "the \"great\" game"

    Raises:
        InputError: for a backslash at the end, before a quotation mark or another backslash, which the format cannot
            hold.
    """
    if re.search(r'\\(["\\]|\Z)', text):
        raise InputError(
            f"the name {text!r} cannot be written in this format, where a backslash may not stand before a quotation "
            "mark, before another one, or at the end: give another name, or write .json or .csv"
        )
    return '"' + text.replace('"', '\\"') + '"'
