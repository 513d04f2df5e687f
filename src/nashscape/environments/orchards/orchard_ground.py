"""What of an orchard does not change while it is played: tables over the fields of its map."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nashscape.environments.orchards.orchard_maps import fields, flags, start_fields

Integers = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

WAYS = np.array([[-1, 0], [0, 1], [1, 0], [0, -1]])
"""Rows and columns of a step ahead, by where a player looks: up, right, down, left."""
ACTIONS = ("left", "right", "ahead", "back", "stay", "turn right", "turn left", "fire", "clean")
"""In the order of the published code; the first four are steps, seen from where the player looks."""
LEFT, RIGHT, AHEAD, BACK, STAY, TURN_RIGHT, TURN_LEFT, FIRE, CLEAN = range(9)
STEPS = np.array([[0, -1], [0, 1], [1, 0], [-1, 0], *[[0, 0]] * 5])
"""How far ahead and to the right actions go."""
TURNS = np.array([0, 0, 0, 0, 0, 1, -1, 0, 0], np.int32)
"""By how many quarters to the right they turn."""


@dataclass(frozen=True)
class Ground:
    """A map with a margin of walls, and what beams and players reach on it.

    Fields are counted row by row, margin and all, from 0; `size`, one more than the last, is nowhere: a player who is
    out is there. Every table over fields has an entry for it.

    Attributes:
        rows: of the map.
        players: n.
        view: rows and columns of what a player sees, an odd number.
        length: of a beam.
        width: of a beam, an odd number.
        radius: within which apples are neighbours, in fields.
    """

    rows: tuple[str, ...]
    players: int
    view: int
    length: int
    width: int
    radius: float

    @property
    def margin(self) -> int:
        """Fields of wall on each side, beyond which nothing reaches."""
        return max(self.view // 2, self.length, self.width // 2)

    @property
    def columns(self) -> int:
        """Of the map with its margin."""
        return len(self.rows[0]) + 2 * self.margin

    @property
    def size(self) -> int:
        """How many fields there are, those of the margin too."""
        return (len(self.rows) + 2 * self.margin) * self.columns

    def numbers(self, places: list[tuple[int, int]]) -> Integers:
        """The numbers of fields of the map, given by row and column."""
        return np.array([(i + self.margin) * self.columns + j + self.margin for i, j in places], np.int32)

    @cached_property
    def apples(self) -> Integers:
        """Fields on which apples grow, A."""
        return self.numbers(fields(self.rows, "AB"))

    @cached_property
    def river(self) -> Integers:
        """Fields on which there may be waste, W."""
        return self.numbers(fields(self.rows, "RH"))

    @cached_property
    def starts(self) -> Integers:
        """Fields on which players start."""
        return self.numbers(start_fields(self.rows))

    @cached_property
    def first_apples(self) -> Bools:
        """Where there are apples at the start, `[A]`."""
        return flags(self.rows, "AB", "A")

    @cached_property
    def first_waste(self) -> Bools:
        """Where there is waste at the start, `[W]`."""
        return flags(self.rows, "RH", "H")

    @cached_property
    def walls(self) -> Bools:
        """Whether a field is wall, `[size + 1]`."""
        made = np.ones(self.size + 1, bool)
        made[self.numbers(fields(self.rows, " PABRHS"))] = False
        return made

    @cached_property
    def water(self) -> Bools:
        """Whether a field is of the river, `[size + 1]`."""
        made = np.zeros(self.size + 1, bool)
        made[self.numbers(fields(self.rows, "RHS"))] = True
        return made

    @cached_property
    def river_number(self) -> Integers:
        """Which of the river's fields a field is, `[size + 1]`; W where it is none."""
        made = np.full(self.size + 1, len(self.river), np.int32)
        made[self.river] = np.arange(len(self.river))
        return made

    @cached_property
    def near(self) -> Bools:
        """Which apples' fields are neighbours, `[A, A]`: others, at most the radius apart in a straight line."""
        places = np.stack(np.divmod(self.apples, self.columns), axis=1)
        squares = ((places[:, None] - places[None]) ** 2).sum(axis=2)
        made: Bools = (squares > 0) & (squares <= self.radius**2)
        return made

    @cached_property
    def steps(self) -> Integers:
        """What actions add to the number of a field, by where a player looks, `[4, 9]`."""
        return self._turned(STEPS)

    @cached_property
    def beam(self) -> Integers:
        """What a beam adds to the number of a field, `[4, width, length]`.

        Its line in the middle begins on the field ahead, those beside it begin next to the player.
        """
        aside = np.arange(self.width) - self.width // 2
        ahead = np.arange(self.length) + (aside == 0)[:, None]
        return self._turned(np.stack([ahead, np.broadcast_to(aside[:, None], ahead.shape)], axis=-1))

    @cached_property
    def window(self) -> Integers:
        """What a window adds to the number of a player's field, `[4, view, view]`; its first row is furthest ahead."""
        away = np.arange(self.view) - self.view // 2
        return self._turned(np.stack(np.meshgrid(-away, away, indexing="ij"), axis=-1))

    def _turned(self, ways: "npt.NDArray[np.int64]") -> Integers:
        """Numbers to add for ways ahead and to the right, `[…, 2]`, by where a player looks, `[4, …]`."""
        rows = [ways[..., 0] * WAYS[k][0] + ways[..., 1] * WAYS[(k + 1) % 4][0] for k in range(4)]
        columns = [ways[..., 0] * WAYS[k][1] + ways[..., 1] * WAYS[(k + 1) % 4][1] for k in range(4)]
        return (np.stack(rows) * self.columns + np.stack(columns)).astype(np.int32)
