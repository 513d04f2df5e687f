"""A part of the items of a study, for machines that share nothing: each has its part by key, and stores are merged."""

import re
from dataclasses import dataclass

from nashscape.core.errors import InputError


@dataclass(frozen=True)
class Shard:
    """One of so many parts of a study.

    Attributes:
        number: which, from 1.
        count: of how many.

    >>> shard = Shard.parse("3/16")
    >>> shard.holds(f"{16 * 5 + 2:032x}"), str(shard)
    (True, '3/16')
    >>> sum(Shard(k, 3).holds("00c0ffee" * 4) for k in (1, 2, 3))
    1
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: object) -> "Shard":
        """The shard of a text.

        Raises:
            InputError: where it is none.
        """
        found = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", text) if isinstance(text, str) else None
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise InputError(f"a shard is one of so many, counted from 1, such as '3/16'; got {text!r}")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        """The text from which it is parsed."""
        return f"{self.number}/{self.count}"

    def holds(self, key: str) -> bool:
        """Whether the item with this key is one of its part: its key modulo the number of parts says so."""
        return int(key, 16) % self.count == self.number - 1
