"""Which numbers a certificate follows: the parameters of sigmoids, and differences of the logits of softmaxes.

Adding a number to all logits of a softmax changes nothing, and no term of a rule does it. So of a player with a actions
`y_k = θ_k − θ_last` is followed, for all actions but the last. Starts have logits of mean zero, and while none is
clipped the mean stays zero: the logits themselves are known from the differences.

Near a corner of the box at which one action t is played the differences that matter are `w_b = θ_t − θ_b`, all large.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nashscape.tracing.intervals import BOUNDS, Interval

Floats = npt.NDArray[np.float64]
ZERO = Interval(0.0)


@dataclass(frozen=True)
class Followed:
    """The followed coordinates of players.

    Attributes:
        sizes: parameters of each player.
        forms: "sigmoid" or "softmax" for each player.
    """

    sizes: tuple[int, ...]
    forms: tuple[str, ...]

    @cached_property
    def pairs(self) -> tuple[tuple[int, int | None], ...]:
        """For every followed number the parameter that it is, or the two of which it is the difference."""
        found: list[tuple[int, int | None]] = []
        for place, size, form in self._players():
            last = place + size - 1
            found += [(k, None if form == "sigmoid" else last) for k in range(place, last + (form == "sigmoid"))]
        return tuple(found)

    @property
    def dimension(self) -> int:
        """How many numbers are followed."""
        return len(self.pairs)

    @property
    def has_softmax(self) -> bool:
        """Whether any of them is a difference."""
        return "softmax" in self.forms

    @property
    def differences(self) -> Floats:
        """E with `y = E θ`, whole numbers, `[d, D]`."""
        matrix = np.zeros((self.dimension, sum(self.sizes)))
        for row, (first, other) in zip(matrix, self.pairs, strict=True):
            row[first] = 1.0
            if other is not None:
                row[other] = -1.0
        return matrix

    @property
    def centred(self) -> tuple[Floats, Floats]:
        """Whole numbers C `[D, d]`, a `[D]` such that logits of mean zero are `C y / a`; of sigmoids rows are zero."""
        matrix, scale = np.zeros((sum(self.sizes), self.dimension)), np.ones(sum(self.sizes))
        column = 0
        for place, size, form in self._players():
            if form == "sigmoid":
                column += size
                continue
            scale[place : place + size] = size
            matrix[place : place + size, column : column + size - 1] = -1.0
            matrix[range(place, place + size - 1), range(column, column + size - 1)] += size
            column += size - 1
        return matrix, scale

    @property
    def is_clipped(self) -> npt.NDArray[np.bool_]:
        """Which followed numbers are parameters, which may be clipped, `[d]`."""
        return np.array([other is None for _, other in self.pairs])

    def inserted(self, y: list[Interval]) -> list[Interval]:
        """Parameters with these differences, the last logit of each softmax being zero."""
        theta = [ZERO] * sum(self.sizes)
        for value, (first, _) in zip(y, self.pairs, strict=True):
            theta[first] = value
        return theta

    def reduced(self, direction: list[Interval]) -> list[Interval]:
        """What a direction of all parameters does to the followed numbers."""
        return [
            direction[first] if other is None else BOUNDS["sub"](direction[first], direction[other])
            for first, other in self.pairs
        ]

    def parameters(self, y: Floats) -> Floats:
        """Parameters with these followed numbers, logits of softmaxes with mean zero: `[…, d]` to `[…, D]`."""
        matrix, scale = self.centred
        theta = np.asarray(y) @ matrix.T / scale
        for k, (first, other) in enumerate(self.pairs):
            if other is None:
                theta[..., first] = y[..., k]
        return np.asarray(theta)

    def near(self, corner: Floats, low: float, high: float) -> "Near":
        """The coordinates that are large near a corner of the box `[low, high]`."""
        way = np.sign(corner - (low + high) / 2)
        eye = np.eye(self.dimension)
        rows: list[Floats] = []
        ends: list[tuple[float, float]] = []
        moves = np.zeros((len(corner), self.dimension))
        column = 0
        for place, size, form in self._players():
            if form == "sigmoid":
                for k in range(size):
                    sign = way[place + k]
                    moves[place + k, len(rows)] = sign
                    rows.append(sign * eye[column + k])
                    ends.append((low, high) if sign > 0 else (-high, -low))
                column += size
                continue
            entries = [*eye[column : column + size - 1], np.zeros(self.dimension)]
            [top] = np.flatnonzero(way[place : place + size] > 0)
            for b in range(size):
                if b != top:
                    moves[place + b, len(rows)] = -1.0
                    rows.append(entries[top] - entries[b])
                    ends.append((low - high, high - low))
            column += size - 1
        return Near(np.stack(rows) + 0.0, moves, way, np.array(ends).T)

    def is_pure(self, corner: Floats, middle: float) -> bool:
        """Whether of every softmax exactly one logit is high at a corner."""
        return all(
            form == "sigmoid" or int((corner[place : place + size] > middle).sum()) == 1
            for place, size, form in self._players()
        )

    def _players(self) -> list[tuple[int, int, str]]:
        ends = np.cumsum([0, *self.sizes])
        return [(int(a), size, form) for a, size, form in zip(ends[:-1], self.sizes, self.forms, strict=True)]


@dataclass(frozen=True, eq=False)
class Near:
    """Coordinates `w = W y` beside a corner, which grow towards it.

    Attributes:
        rows: W `[d, d]`, of −1, 0 and 1.
        moves: V `[D, d]`, with at most one entry in a row, such that `θ = V w` are parameters with these coordinates.
        way: the sign of every parameter at the corner, `[D]`.
        ends: the least and the largest values in the box of parameters, `[2, d]`.
    """

    rows: Floats
    moves: Floats
    way: Floats
    ends: Floats

    def box(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The boxes of parameters of boxes of these coordinates, `[N, d]` to `[N, D]`."""
        one, other = low @ self.moves.T, high @ self.moves.T
        return np.minimum(one, other) + 0.0, np.maximum(one, other) + 0.0
