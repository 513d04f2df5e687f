"""What must hold where several players mix over given actions: equations, and conditions, with their bounds."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.ranges import EPS, ROUNDINGS, bounds, in_units
from nashscape.theory.nash.response_vertices import Strategy

Floats = npt.NDArray[np.float64]
Support = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Condition:
    """Differences of a player's payoffs `[R, …]` against those who mix, or against all of them but the player.

    Attributes:
        exact: in whole numbers.
        against: which of those who mix they depend on, by position.
    """

    exact: Objects
    against: tuple[int, ...]

    @cached_property
    def table(self) -> Floats:
        """The differences in units, in doubles."""
        return in_units(self.exact)

    def bounds(self, low: Sequence[Floats], high: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Over boxes of the strategies of those who mix, `[N, R]` each."""
        return bounds(self.table, [low[q] for q in self.against], [high[q] for q in self.against])


@dataclass(frozen=True)
class System:
    """The conditions on one support.

    Attributes:
        support: the actions of every player.
        mixing: players with more than one, in order.
        equal: for everybody who mixes, differences between all pairs of actions played: zero. The first ones, between
            each later action and the first, are the equations.
        above: what the first action played gives more than actions that are not: not negative.
    """

    support: Support
    mixing: tuple[int, ...]
    equal: tuple[Condition, ...]
    above: tuple[Condition, ...]

    @classmethod
    def of(cls, payoffs: Objects, support: Support) -> "System":
        """The system of a support, from payoffs in whole numbers, `[n, a_1, …, a_n]`."""
        mixing = tuple(i for i, own in enumerate(support) if len(own) > 1)
        equal, above = [], []
        for i, played in enumerate(support):
            others = [own for p, own in enumerate(support) if p != i]
            table = np.moveaxis(payoffs[i], i, 0)[np.ix_(range(payoffs.shape[1 + i]), *others)]
            # those who do not mix have one action left
            table = table.reshape(len(table), *(len(own) for own in others if len(own) > 1))
            against = tuple(q for q, p in enumerate(mixing) if p != i)
            if i in mixing:
                pairs = list(itertools.combinations(played, 2))
                equal.append(Condition(np.stack([table[a] - table[b] for a, b in pairs]), against))
            rest = [b for b in range(len(table)) if b not in played]
            if rest:
                above.append(Condition(np.stack([table[played[0]] - table[b] for b in rest]), against))
        return cls(support, mixing, tuple(equal), tuple(above))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many actions everybody who mixes plays."""
        return tuple(len(self.support[p]) for p in self.mixing)

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where in a flat vector their probabilities stand."""
        ends = np.cumsum(self.sizes)
        return tuple(slice(end - size, end) for end, size in zip(ends.tolist(), self.sizes, strict=True))

    @cached_property
    def later(self) -> npt.NDArray[np.int64]:
        """Positions of all probabilities but everybody's first: the unknowns."""
        return np.array([k for part in self.slices for k in range(part.start + 1, part.stop)])

    @property
    def whole(self) -> bool:
        """Whether every mixture over the support is an equilibrium, because no difference matters on it."""
        same = all(not any(one.exact.flat) for one in self.equal)
        return same and all(value >= 0 for one in self.above for value in one.exact.flat)

    def parts(self, flat: Floats) -> list[Floats]:
        """Flat vectors `[N, D]` as those of every player who mixes."""
        return [flat[:, part] for part in self.slices]

    def filled_up(self, unknowns: Floats) -> Floats:
        """Flat vectors `[N, D]` from the unknowns `[N, d]`: every first probability is what the others leave."""
        made = np.zeros((len(unknowns), sum(self.sizes)))
        made[:, self.later] = unknowns
        for part in self.slices:
            made[:, part.start] = 1.0 - made[:, part.start + 1 : part.stop].sum(axis=1)
        return made

    def possible(self, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
        """Boxes in which no condition fails throughout."""
        fine = np.ones(len(low), bool)
        each_low, each_high = self.parts(low), self.parts(high)
        for one in self.above:
            fine &= (one.bounds(each_low, each_high)[1] >= 0).all(axis=1)
        for one in self.equal:
            least, most = one.bounds(each_low, each_high)
            fine &= ((least <= 0) & (most >= 0)).all(axis=1)
        return fine

    def values(self, unknowns: Floats) -> tuple[Floats, float]:
        """The equations at points `[N, d]`, and by how much rounding may put each of them off."""
        parts, made = self.parts(self.filled_up(unknowns)), []
        for one, size in zip(self.equal, self.sizes, strict=True):
            value = np.broadcast_to(one.table[: size - 1], (len(unknowns), *one.table[: size - 1].shape))
            for q in reversed(one.against):
                weights = parts[q].reshape(len(unknowns), *(1 for _ in value.shape[1:-1]), -1)
                value = (value * weights).sum(axis=-1)
            made.append(value)
        return np.concatenate(made, axis=1), ROUNDINGS * EPS * (1 + sum(self.sizes))

    def slopes(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Bounds of the derivatives of the equations after the unknowns over boxes, `[N, d, d]` each."""
        count, d = len(low), len(self.later)
        least, most = np.zeros((count, d, d)), np.zeros((count, d, d))
        starts = np.cumsum([0, *(size - 1 for size in self.sizes)])
        each_low, each_high = self.parts(low), self.parts(high)
        for i, one in enumerate(self.equal):
            rows = slice(starts[i], starts[i + 1])
            table = one.table[: self.sizes[i] - 1]
            for position, j in enumerate(one.against):
                turned = np.moveaxis(table, 1 + position, 1)
                change = (turned[:, 1:] - turned[:, :1]).reshape(-1, *turned.shape[2:])
                rest = [q for q in one.against if q != j]
                below, above = bounds(change, [each_low[q] for q in rest], [each_high[q] for q in rest])
                columns = slice(starts[j], starts[j + 1])
                shape = (count, self.sizes[i] - 1, self.sizes[j] - 1)
                least[:, rows, columns] = np.broadcast_to(below, (count, below.shape[1])).reshape(shape)
                most[:, rows, columns] = np.broadcast_to(above, (count, above.shape[1])).reshape(shape)
        return least, most

    def solved_by(self, strategies: Sequence[Strategy]) -> bool:
        """Whether exact strategies of those who mix solve all equations."""
        return all(not any(exact_values(one, strategies)) for one in self.equal)

    def least_gain(self, strategies: Sequence[Strategy]) -> Fraction | None:
        """The least of the conditions at exact strategies; None where there is none. The sign counts, not the unit."""
        return min((value for one in self.above for value in exact_values(one, strategies)), default=None)


def exact_values(one: Condition, strategies: Sequence[Strategy]) -> list[Fraction]:
    """A condition at exact strategies of those who mix, `[R]`."""
    value = one.exact
    for q in reversed(one.against):
        value = value @ np.array(strategies[q], dtype=object)
    return list(value)
