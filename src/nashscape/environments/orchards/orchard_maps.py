"""Maps of orchards: the published ones, and what is read from a map once."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core import InputError

SIGNS: Mapping[str, str] = MappingProxyType({
    "@": "a wall", " ": "a free field", "P": "a field on which players start", "A": "an apple's field, with an apple",
    "B": "an apple's field, without one", "R": "a river's field", "H": "a river's field, with waste",
    "S": "a river's field in which no waste appears",
})  # fmt: skip
"""What the characters of a map stand for. All that lies beyond a map is wall."""

HARVEST = (
    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
    "@ P   P      A    P AAAAA    P  A P  @",
    "@  P     A P AA    P    AAA    A  A  @",
    "@     A AAA  AAA    A    A AA AAAA   @",
    "@ A  AAA A    A  A AAA  A  A   A A   @",
    "@AAA  A A    A  AAA A  AAA        A P@",
    "@ A A  AAA  AAA  A A    A AA   AA AA @",
    "@  A A  AAA    A A  AAA    AAA  A    @",
    "@   AAA  A      AAA  A    AAAA       @",
    "@ P  A       A  A AAA    A  A      P @",
    "@A  AAA  A  A  AAA A    AAAA     P   @",
    "@    A A   AAA  A A      A AA   A  P @",
    "@     AAA   A A  AAA      AA   AAA P @",
    "@ A    A     AAA  A  P          A    @",
    "@       P     A         P  P P     P @",
    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
)
"""Harvest, 16 × 38. From eugenevinitsky/sequential_social_dilemma_games, © 2020 Eugene Vinitsky, MIT licence."""

CLEANUP = (
    "@@@@@@@@@@@@@@@@@@",
    "@HHHHHH     BBBBB@",
    "@RRRRRR      BBBB@",
    "@HHHHHH     BBBBB@",
    "@RRRRR  P    BBBB@",
    "@HHHHH    P BBBBB@",
    "@RRRRR       BBBB@",
    "@HHHHH      BBBBB@",
    "@SSSSSSHHHHHHBBBB@",
    "@SSSSSSHHHHHHBBBB@",
    "@HHHHH   P P BBBB@",
    "@RRRRR   P  BBBBB@",
    "@HHHHHH    P BBBB@",
    "@RRRRRR P   BBBBB@",
    "@HHHHH       BBBB@",
    "@RRRR    P  BBBBB@",
    "@HHHHH       BBBB@",
    "@RRRRR  P P BBBBB@",
    "@HHHHH       BBBB@",
    "@RRRR       BBBBB@",
    "@HHHHH       BBBB@",
    "@RRRRR      BBBBB@",
    "@HHHHH       BBBB@",
    "@RRRR       BBBBB@",
    "@@@@@@@@@@@@@@@@@@",
)
"""Cleanup, 25 × 18. From eugenevinitsky/sequential_social_dilemma_games, © 2020 Eugene Vinitsky, MIT licence."""


def read_map(given: Any, players: int, *, river: bool) -> tuple[str, ...]:
    """The rows of a map, checked.

    Args:
        given: strings of one length, of the characters of `SIGNS`.
        players: that must find fields to start on.
        river: whether there must be one; otherwise there must be none.

    Raises:
        InputError: for what is no such map.
    """
    whole = isinstance(given, Sequence) and not isinstance(given, str) and all(isinstance(row, str) for row in given)
    if not whole or not given or len(set(map(len, given))) != 1 or not given[0]:
        raise InputError("layout is a list of strings of one length, a row of the map each; got "
                         f"{[len(row) for row in given] if whole else given!r}")  # fmt: skip
    signs = set("".join(given))
    strange = ", ".join(map(repr, sorted(signs - set(SIGNS))))
    if strange:
        known = "; ".join(f"{sign!r} {what}" for sign, what in SIGNS.items())
        raise InputError(f"layout has {strange}, which no map has. Known: {known}")
    if not signs & {"A", "B"}:
        raise InputError("layout has no field for an apple; write 'A', or 'B' where none is at the start")
    has_river = bool(signs & {"R", "H"})
    if river and not has_river:
        raise InputError("layout has no river; write 'R', or 'H' where there is waste at the start")
    if has_river and not river:
        raise InputError("layout has a river, 'R' or 'H', which is for environments.cleanup; Harvest has none")
    starts = len(start_fields(given))
    if starts < players:
        raise InputError(f"layout has {starts} fields to start on, for {players} players; write more 'P', or none, and "
                         "players start on any field that is no wall")  # fmt: skip
    return tuple(given)


def start_fields(rows: Sequence[str]) -> list[tuple[int, int]]:
    """Where players start: on "P", or on any field that is no wall where there is none."""
    return fields(rows, "P") or fields(rows, "".join(sign for sign in SIGNS if sign != "@"))


def fields(rows: Sequence[str], signs: str) -> list[tuple[int, int]]:
    """Rows and columns at which a map has one of these characters, row by row."""
    return [(i, j) for i, row in enumerate(rows) for j, sign in enumerate(row) if sign in signs]


def flags(rows: Sequence[str], signs: str, of: str) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Of the fields that have one of these characters, which have one of `of`."""
    return np.array([rows[i][j] in of for i, j in fields(rows, signs)], bool)
