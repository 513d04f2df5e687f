"""How one car moves: cells of its road, speeds, and the chance that it keeps its speed whatever its driver does."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ACTIONS = ("brake", "keep", "accelerate")


@dataclass(frozen=True)
class Motion:
    """One car on its road, at whose end is the crossing.

    States are a cell and a speed, cell by cell: X = cells · (fastest + 1) of them. A driver changes the speed by one
    cell a round, from 0 to the fastest, or keeps it; then the car drives. With the probability `slip` the change fails.

    Attributes:
        cells: of its road.
        fastest: cells a round.
        slip: how likely a change of speed fails.
    """

    cells: int
    fastest: int
    slip: float

    @property
    def size(self) -> int:
        """How many states there are, X."""
        return self.cells * (self.fastest + 1)

    def state(self, cell: int, speed: int) -> int:
        """The number of a state.

        >>> Motion(4, 2, 0.1).state(1, 2)
        5
        """
        return (self.fastest + 1) * cell + speed

    @cached_property
    def moves(self) -> Floats:
        """The chances of the next state after each action in each state, `[3, X, X + 1]`; the last one is over it.

        >>> Motion(2, 1, 0.1).moves[2, 2].tolist()  # from the last cell, standing, accelerate
        [0.0, 0.0, 0.1, 0.0, 0.9]
        """
        made = np.zeros((len(ACTIONS), self.size, self.size + 1))
        for action, cell, speed in np.ndindex(len(ACTIONS), self.cells, self.fastest + 1):
            wanted = min(max(speed + action - 1, 0), self.fastest)
            for new, chance in ((wanted, 1.0 - self.slip), (speed, self.slip)):
                there = self.state(cell + new, new) if cell + new < self.cells else self.size
                made[action, self.state(cell, speed), there] += chance
        return made

    @cache  # noqa: B019 (of a few cars, which are values)
    def alone(self, rounds: int) -> Floats:
        """The fewest rounds that a car takes on average where the way is free, by rounds gone, `[rounds + 1, X]`.

        Rounds after the last are not counted.

        >>> Motion(2, 1, 0.0).alone(3)[:, 0].tolist()
        [2.0, 2.0, 1.0, 0.0]
        """
        left = np.zeros((rounds + 1, self.size))
        for t in reversed(range(rounds)):
            left[t] = 1.0 + (self.moves[:, :, :-1] @ left[t + 1]).min(axis=0)
        return left
