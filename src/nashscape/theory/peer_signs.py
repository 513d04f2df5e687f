"""The sign of a sum of weighted products over the open cube, by halving boxes in exact arithmetic.

The sum is `Q(p) = Σ_j s_j² g_j(p) h_j(p)` with `s_j = p_j (1 − p_j)` and g, h linear in every coordinate, each kept as
the table of its values at a box's corners: its least and largest value on the box are among them, and those of half a
box are their averages. Numbers are fractions: nothing is rounded.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)

Table = Any
"""Of fractions, `[2, …, 2]`, with 1 in place of 2 along coordinates on which it does not depend."""


@dataclass(frozen=True)
class Block:
    """A part of the cube, and both factors of every product at its corners."""

    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    factors: Mapping[int, tuple[Table, Table]]

    @property
    def centre(self) -> list[Fraction]:
        """The middle of every side."""
        return [(a + b) / 2 for a, b in zip(self.low, self.high, strict=True)]

    @property
    def volume(self) -> Fraction:
        """The share of the cube."""
        share = ONE
        for a, b in zip(self.low, self.high, strict=True):
            share *= b - a
        return share


@dataclass(frozen=True)
class Signs:
    """What was found: a point of either sign, if any, the part left open, and bounds of `Q/Σ_j s_j²` on the cube."""

    positive: list[Fraction] | None
    negative: list[Fraction] | None
    open_share: Fraction
    low: Fraction
    high: Fraction


def signs(players: int, factors: Mapping[int, tuple[Table, Table]], boxes: int) -> Signs:
    """Halve boxes, the largest first, until all are decided, both signs were met, or so many were looked at.

    Args:
        players: coordinates of the cube.
        factors: `g_j` and `h_j` by j, none of them zero everywhere.
        boxes: to be looked at, at most.
    """
    waiting = deque([Block((ZERO,) * players, (ONE,) * players, factors)])
    axes = _axes(factors)
    found: dict[int, list[Fraction]] = {}
    lows, highs = [], []
    for _ in range(boxes):
        if not waiting or {1, -1} <= set(found):
            break
        box = waiting.popleft()
        sign, low, high = judged(box)
        found.setdefault(sign or _sign_at_centre(box), box.centre)
        if sign:
            lows.append(low)
            highs.append(high)
        else:
            waiting.extend(_halves(box, max(axes, key=lambda k: box.high[k] - box.low[k])))
    for box in waiting:
        _, low, high = judged(box)
        lows.append(low)
        highs.append(high)
    left = sum((box.volume for box in waiting), start=ZERO)
    return Signs(found.get(1), found.get(-1), left, min(lows), max(highs))


def judged(box: Block) -> tuple[int, Fraction, Fraction]:
    """The sign of Q at all points of a box inside the open cube, 0 if not known, and bounds of `Q/Σ_j s_j²` there."""
    ranges = {j: _product_range(g, h) for j, (g, h) in box.factors.items()}
    weights = {j: _weight_range(box.low[j], box.high[j]) for j in ranges}
    low = min(own[0] for own in ranges.values())
    high = max(own[1] for own in ranges.values())
    strict = {_sign(g, box) * _sign(h, box) for g, h in box.factors.values()}
    if low >= 0 and 1 in strict:
        return 1, low, high
    if high <= 0 and -1 in strict:
        return -1, low, high
    # products of both signs, which weights may still decide
    heaviest = sum((weight[1] ** 2 for weight in weights.values()), start=ZERO)
    least = sum((weights[j][0 if own[0] > 0 else 1] ** 2 * own[0] for j, own in ranges.items()), start=ZERO)
    most = sum((weights[j][0 if own[1] < 0 else 1] ** 2 * own[1] for j, own in ranges.items()), start=ZERO)
    if least > 0:
        return 1, max(low, least / heaviest), high
    if most < 0:
        return -1, low, min(high, most / heaviest)
    return 0, low, high


def _sign_at_centre(box: Block) -> int:
    value = ZERO
    for j, (g, h) in box.factors.items():
        p = box.centre[j]
        # in the middle of a box a factor is the mean of its corners
        value += (p * (1 - p)) ** 2 * Fraction(g.sum(), g.size) * Fraction(h.sum(), h.size)
    return (value > 0) - (value < 0)


def _product_range(g: Table, h: Table) -> tuple[Fraction, Fraction]:
    ends = [a * b for a in (g.min(), g.max()) for b in (h.min(), h.max())]
    return min(ends), max(ends)


def _weight_range(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Of `p (1 − p)`, which is least at an end."""
    ends = low * (1 - low), high * (1 - high)
    return min(ends), Fraction(1, 4) if low <= HALF <= high else max(ends)


def _sign(table: Table, box: Block) -> int:
    """±1 where a factor has this sign at every point of the box inside the open cube, else 0.

    Such a point lies inside some face of the box, where the factor is a mean of the face's corners, all with weights
    above zero. So of every face that is not part of the cube's surface one corner must not be zero; it is enough to
    look at the least of these faces, those whose sides are at an end inside the cube wherever there is one.
    """
    for sign in (1, -1):
        if (sign * table).min() < 0:
            continue
        corners = sign * table
        for axis, (low, high) in enumerate(zip(box.low, box.high, strict=True)):
            if corners.shape[axis] == 2 and (low == 0 or high == 1):
                corners = (
                    corners.max(axis=axis, keepdims=True)
                    if low == 0 and high == 1
                    else corners.take([1 if low == 0 else 0], axis=axis)
                )
        if corners.min() > 0:
            return sign
    return 0


def _axes(factors: Mapping[int, tuple[Table, Table]]) -> list[int]:
    """Coordinates on which the sign may depend: a single weight decides nothing."""
    tables = [table for pair in factors.values() for table in pair]
    varying = {axis for table in tables for axis, size in enumerate(table.shape) if size == 2}
    # constant factors of one product are decided at once, whichever coordinate is cut
    return sorted(varying | (set(factors) if len(factors) > 1 or not varying else set()))


def _halves(box: Block, axis: int) -> list[Block]:
    middle = (box.low[axis] + box.high[axis]) / 2
    parts = []
    for upper in (False, True):
        factors = {j: (_half(g, axis, upper), _half(h, axis, upper)) for j, (g, h) in box.factors.items()}
        low, high = list(box.low), list(box.high)
        (low if upper else high)[axis] = middle
        parts.append(Block(tuple(low), tuple(high), factors))
    return parts


def _half(table: Table, axis: int, upper: bool) -> Table:
    if table.shape[axis] == 1:
        return table
    first, second = np.split(table, 2, axis=axis)
    middle = (first + second) / 2
    return np.concatenate([middle, second] if upper else [first, middle], axis=axis)
