"""What the sides of a game play, each by itself or as they are told together, and what is gained by leaving it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.populations.sides import Sides

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Play:
    """Profiles of strategies that are drawn together; what sides play each by itself is one strategy of each.

    Attributes:
        sides: of the game.
        joints: of each side, how likely its joint actions are in each strategy that it may be told, `[m, J]`.
        weights: how likely each profile of strategies is, `[m_1, …, m_k]`.
    """

    sides: Sides
    joints: tuple[Floats, ...]
    weights: Floats

    @classmethod
    def apart(cls, sides: Sides, mixed: Sequence[Floats]) -> "Play":
        """Sides that draw by themselves, of each how likely its joint actions are, `[J]`."""
        return cls(sides, tuple(own[None] for own in mixed), np.ones([1] * len(mixed)))

    @property
    def mixed(self) -> tuple[Floats, ...]:
        """How likely the joint actions of each side are, `[J]`, whatever the others are told."""
        axes = range(self.weights.ndim)
        chances = [self.weights.sum(axis=tuple(j for j in axes if j != side)) for side in axes]
        return tuple(own @ joint for own, joint in zip(chances, self.joints, strict=True))

    def told(self, side: int) -> Floats:
        """How likely a side is told each of its strategies, `[m]`."""
        made: Floats = self.weights.sum(axis=tuple(j for j in range(self.weights.ndim) if j != side))
        return made

    def values(self, side: int) -> Floats:
        """What each joint action of a side gets where it is told each strategy, times how likely that is, `[m, J]`."""
        if self.weights.size == 1:
            return self.sides.values(side, [own[0] for own in self.joints])[None]
        made = self.sides.table[side]
        for j, own in enumerate(self.joints):
            if j != side:
                made = np.moveaxis(np.tensordot(made, own, axes=(j, 1)), -1, j)
        actions = made.shape[side]
        paid = np.moveaxis(made, side, -1).reshape(-1, actions)
        chances = np.moveaxis(self.weights, side, -1).reshape(-1, self.weights.shape[side])
        return chances.T @ paid

    def gains(self, *, each: bool) -> tuple[Floats, Floats]:
        """What each side gains at most by another joint action, and by one of a single member, `[k]` each.

        Args:
            each: whether one may leave what one is told when one knows it, as in correlated equilibria; otherwise
                beforehand only, as in coarse ones.
        """
        together, alone = [], []
        for side, own in enumerate(self.joints):
            values = self.values(side)
            had = float((values * own).sum())
            together.append(_best(values, each) - had)
            alone.append(max(0.0, *(_best(one, each) - had for one in self._of_members(side, values))))
        return np.array(together), np.array(alone)

    def _of_members(self, side: int, values: Floats) -> list[Floats]:
        """For every member what each of its actions gets where the others do as they are told, `[m, a]`."""
        shape = self.sides.shapes[side]
        worth, likely = values.reshape(-1, *shape), self.joints[side].reshape(-1, *shape)
        made = []
        for member in range(len(shape)):
            others = likely.sum(axis=1 + member, keepdims=True)
            axes = tuple(1 + j for j in range(len(shape)) if j != member)
            made.append((worth * others).sum(axis=axes))
        return made


def _best(values: Floats, each: bool) -> float:
    """The largest of what actions get, `[m, a]`, by one action whatever is told or by one for each."""
    return float(values.max(axis=1).sum() if each else values.sum(axis=0).max())
