"""What fighters are paid: for who wins, or as published, for damage and for how clear the win is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reward:
    """1 to the winner and nothing else, so that what one gets is how often it wins.

    Whoever has more health at the end wins, and where both have the same it is a draw.

    Attributes:
        health: of fighters at the start.
    """

    health: int

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the pay of a duel lies."""
        return 0.0, 1.0

    def of_damage(self, lost: Integers) -> Floats:
        """What both get in a frame in which they lose this health, `[n, 2]`: nothing, unless a kind says otherwise."""
        return np.zeros(lost.shape)

    def of_end(self, left: Integers) -> Floats:
        """What both get where the duel ends and they have this health left, `[n, 2]`: 1 for a win."""
        return (left > left[:, ::-1]).astype(np.float64)


@dataclass(frozen=True)
class ByWin(Reward):
    """1 to the winner, −1 to the loser, 0 for a draw: what one gets the other loses."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Of a loss and a win."""
        return -1.0, 1.0

    def of_end(self, left: Integers) -> Floats:
        """By who has more."""
        return np.sign(left - left[:, ::-1]).astype(np.float64)


@dataclass(frozen=True)
class Shaped(Reward):
    """Pay for damage in every frame and for the result, in units of `unit`, with a factor for what is good for oneself.

    With health in points out of F: `unit (factor · dealt − taken)` in a frame; at the end the winner gets
    `unit · factor · F^((own + 1)/(F + 1))`, the loser `−unit · F^((other's + 1)/(F + 1))`, and both `unit` for a draw.
    With another factor than 1 what one gets is not what the other loses.

    Attributes:
        points: F, health of fighters at the start in the points of the publication.
        unit: of pay.
        factor: how much more damage to the other counts than one's own.
    """

    points: float = 176.0
    unit: float = 1e-3
    factor: float = 3.0

    @property
    def bounds(self) -> tuple[float, float]:
        """All damage and the clearest result, for the other and for oneself."""
        return -2 * self.unit * self.points, 2 * self.unit * self.points * max(self.factor, 1.0)

    def of_damage(self, lost: Integers) -> Floats:
        """By damage dealt and taken."""
        points = lost * (self.points / self.health)
        made: Floats = self.unit * (self.factor * points[:, ::-1] - points)
        return made

    def of_end(self, left: Integers) -> Floats:
        """By the health that the winner has left."""
        most = left.max(axis=1, keepdims=True) * (self.points / self.health)
        worth = self.points ** ((most + 1.0) / (self.points + 1.0))
        won = np.sign(left - left[:, ::-1])
        made: Floats = self.unit * np.select([won > 0, won < 0], [self.factor * worth, -worth], 1.0)
        return made
