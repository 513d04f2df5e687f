"""Corner traps: sets at a corner of the clipped box that no update leaves, and in which every run reaches the corner.

Let c be a corner of the clipped box, and K the parameters in the box whose coordinates `w = W y` beside it
(`nashscape.proofs.bounds.followed`) are all at least some numbers. For sigmoids K is a sub-box with c among its
vertices; for a softmax it is where the logit of one action exceeds every other by some number. Suppose that at every
profile of K, for all coefficients that the schedule ever takes, every component of the field points towards c by at
least m > 0. Then one update moves every parameter towards c by at least `h m`, and clipping stops it at c: it stays
between where it was and c, so that no w becomes smaller. So no run leaves K, and each parameter arrives once the step
sizes since then add up to its distance divided by m, which they do where their sum is infinite. There it stays. Nothing
is said of what happens between the parameters, and nothing needs to be: the sign holds at every profile of K. For the
flow it is the same.

The sign is proved on the cells of a grid by bounds of the field, cells that fail being cut into smaller ones first.
A set that is a union of proved cells and has the corner's cell among them is a trap. Several such sets are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.proofs.bounds.followed import Near
from nashscape.proofs.certification.field_ranges import Ranges

Floats = npt.NDArray[np.float64]
CELLS = {1: 256, 2: 64, 3: 20, 4: 12}
"""Cells along each coordinate, by their number."""

MOST = {1: 1, 2: 6, 3: 4, 4: 2}
"""Sets kept for one corner."""

CUTS = {1: 3, 2: 2, 3: 1, 4: 1}
"""How often a cell that fails is cut in half along every side."""


@dataclass(frozen=True, eq=False)
class Trap:
    """A set from which every run goes to one corner: the parameters in the box with `rows · y ≥ least`.

    Attributes:
        target: the name of the corner.
        corner: the corner, `[D]`.
        rows: W, of −1, 0 and 1, `[d, d]`.
        least: what these coordinates are at least, `[d]`.
        margin: what every component of the field is at least, towards the corner.
        largest: what none exceeds.
        kind: "corner".
    """

    target: str
    corner: Floats
    rows: Floats
    least: Floats
    margin: float
    largest: float
    kind: str = field(default="corner", init=False)


def corner_traps(ranges: Ranges, name: str, corner: Floats, near: Near) -> tuple[Trap, ...]:
    """Traps at a corner of the clipped box, the largest first; none where the corner does not attract.

    Args:
        ranges: bounds of the field for all coefficients.
        name: of the corner.
        corner: its parameters, `[D]`.
        near: the coordinates beside it.
    """
    d = near.rows.shape[0]
    # edges from the corner outwards
    edges = [_edges(far, end, CELLS[d], d) for end, far in near.ends.T]
    index = np.stack(np.meshgrid(*[np.arange(CELLS[d])] * d, indexing="ij"), axis=-1).reshape(-1, d)
    high = np.stack([edges[j][index[:, j]] for j in range(d)], axis=1)
    low = np.stack([edges[j][index[:, j] + 1] for j in range(d)], axis=1)
    least, most = _towards(ranges, near, low, high, CUTS[d])
    shape = (CELLS[d],) * d
    least, most = least.reshape(shape), most.reshape(shape)
    safe = least > 0
    for axis in range(d):
        safe = np.logical_and.accumulate(safe, axis=axis)
    traps = []
    for size in _boxes(safe):
        inside = tuple(slice(0, count) for count in size)
        ends = np.array([edges[j][size[j]] for j in range(d)])
        traps.append(Trap(name, corner, near.rows, ends, float(least[inside].min()), float(most[inside].max())))
    return tuple(traps)


def _edges(far: float, end: float, count: int, d: int) -> Floats:
    """Evenly spaced; of few cells the first is long, for far out everything is as at the corner."""
    if d < 4:
        return np.linspace(far, end, count + 1)
    share = np.linspace(0.98, 0.3, count - 1)
    inner = np.log(share / (1 - share))
    inner = inner[(inner < far) & (inner > end)]
    return np.concatenate([[far], inner, np.full(count - len(inner), end)])


def _towards(ranges: Ranges, near: Near, low: Floats, high: Floats, cuts: int) -> tuple[Floats, Floats]:
    """Bounds of the components of the field towards the corner, over all of them, for boxes beside it."""
    d = low.shape[1]
    least, most = _bounds(ranges, near, low, high)
    # NaN and infinities fail as well
    open_ = np.flatnonzero(~(least.min(axis=1) > 0))
    lowest, size = least.min(axis=1), np.maximum(np.abs(least), np.abs(most)).max(axis=1)
    lowest = np.where(np.isfinite(lowest), lowest, -np.inf)
    if not cuts or not len(open_):
        return lowest, size
    # where even the middle points the wrong way, no cut helps
    middle = (low[open_] + high[open_]) / 2
    open_ = open_[(_bounds(ranges, near, middle, middle)[1] > 0).all(axis=1)]
    if not len(open_):
        return lowest, size
    middle = (low[open_] + high[open_]) / 2
    halves = [
        _towards(ranges, near, np.where(upper, middle, low[open_]), np.where(upper, high[open_], middle), cuts - 1)
        for upper in product((False, True), repeat=d)
    ]
    lowest[open_] = np.min([own for own, _ in halves], axis=0)
    size[open_] = np.max([own for _, own in halves], axis=0)
    return lowest, size


def _bounds(ranges: Ranges, near: Near, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    found: Any = ranges(*near.box(low, high))
    one, other = found[0] * near.way, found[1] * near.way
    return np.minimum(one, other), np.maximum(one, other)


def _boxes(safe: npt.NDArray[np.bool_]) -> Sequence[tuple[int, ...]]:
    """Numbers of cells along the sides of boxes at the corner that lie in a set of cells which every box up to one of
    its cells lies in: the one with most cells, then the ones that add most."""
    size = np.stack(np.nonzero(safe), axis=1) + 1
    # only boxes that no other contains
    grown = np.pad(safe, [(0, 1)] * safe.ndim)
    larger = [grown[tuple((size - 1 + step).T)] for step in np.eye(safe.ndim, dtype=int)]
    size = size[~np.any(larger, axis=0)] if len(size) else size
    chosen: list[tuple[int, ...]] = []
    left = safe.copy()
    while len(chosen) < MOST[safe.ndim] and len(size):
        counts = [int(left[tuple(slice(0, n) for n in own)].sum()) for own in size]
        best = int(np.argmax(counts))
        if counts[best] * 50 < safe.sum():
            break
        chosen.append(tuple(int(n) for n in size[best]))
        left[tuple(slice(0, n) for n in size[best])] = False
    return chosen
