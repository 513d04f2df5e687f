"""Cells as a share of a region: each lies inside it, and no two overlap, so that their shares add up."""

import math
import random
from collections.abc import Sequence
from fractions import Fraction

from nashscape.checking.documents import Document

FEW = 12
Number = float | Fraction


def cell_faults(document: Document) -> list[str]:
    """What is wrong with the cells as sets; exact."""
    least, most = document.region
    faults = []
    if document.strategies:
        if not all(0 < x <= y < 1 for x, y in zip(least, most, strict=True)):
            return ["the region holds strategies outside of 0 < p < 1"]
    elif not all(x <= y for x, y in zip(least, most, strict=True)):
        return ["the region is empty"]
    for cell, (low, high) in enumerate(zip(document.low, document.high, strict=True)):
        ends = zip(least, low, high, most, strict=True)
        if not all(a <= b <= c <= d for a, b, c, d in ends):
            faults.append(f"cell {cell} does not lie inside the region, or its ends are exchanged")
            break
    free = [j for j in range(len(least)) if least[j] < most[j]]
    pair = _overlap(document, list(range(len(document.low))), free) if not faults else None
    if pair is not None:
        faults.append(f"cells {pair[0]} and {pair[1]} overlap")
    return faults


def drawn_cells(document: Document, count: int, seed: int) -> tuple[int, ...]:
    """Cells with a claim, drawn as often as their share of what is claimed; each is named once."""
    free = [j for j, (a, b) in enumerate(zip(*document.region, strict=True)) if a < b]
    claimed = document.claimed
    sizes = [math.prod(float(document.high[cell][j] - document.low[cell][j]) for j in free) for cell in claimed]
    return tuple(sorted(set(random.Random(seed).choices(claimed, weights=sizes, k=count))))


def _overlap(document: Document, cells: list[int], axes: Sequence[int]) -> tuple[int, int] | None:
    """Two cells whose insides meet; by cutting the region where the fewest cells are on both sides."""
    low, high = ([tuple(map(_plain, row)) for row in rows] for rows in (document.low, document.high))
    waiting = [[cell for cell in cells if all(low[cell][j] < high[cell][j] for j in axes)]]
    while waiting:
        own = waiting.pop()
        parts = _parted(own, low, high, axes) if len(own) > FEW else None
        if parts is not None:
            waiting += parts
            continue
        for position, first in enumerate(own):
            for second in own[position + 1 :]:
                if all(max(low[first][j], low[second][j]) < min(high[first][j], high[second][j]) for j in axes):
                    return min(first, second), max(first, second)
    return None


def _plain(x: Fraction) -> Number:
    """The double that it is, which is compared faster, or itself where it is none."""
    near = float(x)
    return near if near == x else x


def _parted(
    cells: list[int], low: Sequence[Sequence[Number]], high: Sequence[Sequence[Number]], axes: Sequence[int]
) -> list[list[int]] | None:
    """The cells on both sides of the best of some cuts; those on both belong to both. None where no cut helps."""
    best: list[list[int]] | None = None
    for j in axes:
        cut = sorted(low[cell][j] for cell in cells)[len(cells) // 2]
        parts = [[c for c in cells if low[c][j] < cut], [c for c in cells if high[c][j] > cut]]
        if max(map(len, parts)) < len(cells) and (best is None or max(map(len, parts)) < max(map(len, best))):
            best = parts
    return best
