"""One turn of a battle on a grid, of many battles at once: what units may do, and what comes of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ACTIONS = ("hold", "forward", "back", "up", "down", "attack")
"""What a unit chooses from; forward is towards the other team's side."""
HOLD, ATTACK = 0, 5
STEPS = np.array([[0, 0], [0, 1], [0, -1], [-1, 0], [1, 0], [0, 0]])
"""Rows and columns that actions go, as the first team sees it."""


@dataclass(frozen=True)
class Field:
    """A grid, and the rules of a turn.

    A state of n battles is `[n, 4 N]`: cells of all units, row by row from 0, the first team's first, and then their
    hit points. Who has fallen has none, and its cell is 0.

    Attributes:
        rows: of the grid.
        columns: of the grid.
        members: of a team, N.
        force: how many must attack a unit at once to wound it.
        reach: steps from which they do.
    """

    rows: int
    columns: int
    members: int
    force: int
    reach: int

    @property
    def units(self) -> int:
        """Of both teams."""
        return 2 * self.members

    @cached_property
    def distances(self) -> Integers:
        """Steps from each cell to each other, `[cells, cells]`."""
        places = np.stack(np.divmod(np.arange(self.rows * self.columns), self.columns), axis=1)
        made: Integers = np.abs(places[:, None] - places[None]).sum(axis=2)
        return made

    @cached_property
    def _ways(self) -> Integers:
        """Rows and columns that actions of each unit go, `[units, actions, 2]`: the second team looks the other way."""
        other = STEPS * np.array([1, -1])
        return np.stack([STEPS] * self.members + [other] * self.members)

    def start(self, health: int) -> Integers:
        """Both teams on their own sides, in the rows in the middle, with all their points, `[1, 4 N]`."""
        rows = (self.rows - self.members) // 2 + np.arange(self.members)
        cells = [rows * self.columns, rows * self.columns + self.columns - 1]
        return np.concatenate([*cells, np.full(self.units, health)])[None]

    def mirrored(self, states: Integers) -> Integers:
        """States as the second team sees them: teams and sides change places."""
        cells, points = np.split(states, 2, axis=1)
        row, column = np.divmod(cells, self.columns)
        there = np.where(points > 0, row * self.columns + self.columns - 1 - column, 0)
        return np.concatenate([_swapped(there), _swapped(points)], axis=1)

    def targets(self, states: Integers) -> Integers:
        """Whom each unit would attack, by number, `[n, units]`: the first opponent in reach; −1 where there is none."""
        cells, points = np.split(states, 2, axis=1)
        near = self.distances[cells[:, :, None], cells[:, None, :]] <= self.reach
        standing = points > 0
        foes = np.arange(self.units)[:, None] // self.members != np.arange(self.units) // self.members
        met = near & foes & standing[:, :, None] & standing[:, None, :]
        return np.where(met.any(axis=2), met.argmax(axis=2), -1)

    def allowed(self, states: Integers) -> Bools:
        """What units may do, `[n, units, actions]`: no step leaves the grid; the fallen hold, which does nothing."""
        cells, points = np.split(states, 2, axis=1)
        there = np.stack(np.divmod(cells, self.columns), axis=-1)[:, :, None, :] + self._ways
        made: Bools = np.all((there >= 0) & (there < (self.rows, self.columns)), axis=-1)
        made[..., ATTACK] = self.targets(states) >= 0
        made[points == 0] = np.arange(len(ACTIONS)) == HOLD
        return made

    def turn(self, states: Integers, actions: Integers) -> Integers:
        """States after all units have acted at once, `[n, 4 N]`.

        A step is made into a cell that was free when the turn began and that nobody else steps into; who does not get
        there stays. A unit that stays is wounded, and loses a point, where enough opponents attack it.

        Args:
            states: before.
            actions: of all units, `[n, units]`, each allowed.
        """
        cells, points = np.split(states, 2, axis=1)
        standing = points > 0
        way = self._ways[np.arange(self.units), actions]
        wanted = cells + way[..., 0] * self.columns + way[..., 1]
        walks = (wanted != cells) & standing
        same = wanted[:, :, None] == wanted[:, None, :]
        rivals = (same & walks[:, :, None] & walks[:, None, :]).sum(axis=2) > 1
        taken = ((wanted[:, :, None] == cells[:, None, :]) & standing[:, None, :]).any(axis=2)
        moved = walks & ~rivals & ~taken
        aimed = np.where((actions == ATTACK) & standing, self.targets(states), -1)
        attackers = (aimed[:, :, None] == np.arange(self.units)).sum(axis=1)
        left = points - ((attackers >= self.force) & ~moved & standing)
        return np.concatenate([np.where(left > 0, np.where(moved, wanted, cells), 0), left], axis=1)


def _swapped(own: Integers) -> Integers:
    half = own.shape[1] // 2
    return np.concatenate([own[:, half:], own[:, :half]], axis=1)
