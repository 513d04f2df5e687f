"""Corner traps: boxes at a corner of the clipped box that no update leaves, and in which every run reaches the corner.

Let c be a corner of the clipped box and K a box inside it with c among its vertices. Suppose that at every profile of
K, for all coefficients that the schedule ever takes, every component of the field points towards c by at least m > 0.
Then one update moves every coordinate towards c by at least `h m`, and clipping stops it at c: it stays between where
it was and c, which is inside K. So no run leaves K, and each coordinate arrives once the step sizes since then add up
to its distance divided by m, which they do where their sum is infinite. There it stays. Nothing is said of what
happens between the coordinates, and nothing needs to be: the sign holds at every profile of K.

The sign is proved on the cells of a grid by bounds of the field, cells that fail being cut into smaller ones first.
A box that is a union of proved cells and has c among its vertices is a trap. Several such boxes are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from nashscape.theory.box_runs import Boxes, Map

Floats = npt.NDArray[np.float64]
CELLS = {1: 256, 2: 64, 3: 20, 4: 10}
"""Cells along each parameter, by the number of parameters."""

MOST = 6
"""Boxes kept for one corner."""

CUTS = {1: 3, 2: 2, 3: 1, 4: 1}
"""How often a cell that fails is cut in half along every side."""


@dataclass(frozen=True, eq=False)
class Trap:
    """A box from which every run goes to one corner.

    Attributes:
        target: the name of the corner.
        low: ends of the box in parameters, `[d]`.
        high: see `low`.
        corner: the corner, `[d]`.
        margin: what every component of the field is at least, towards the corner.
        largest: what none exceeds.
    """

    target: str
    low: Floats
    high: Floats
    corner: Floats
    margin: float
    largest: float


def corner_traps(field: Map, name: str, corner: Floats, opposite: Floats) -> tuple[Trap, ...]:
    """Traps at a corner of the clipped box, the largest first; none where the corner does not attract.

    Args:
        field: the field for all coefficients, `Map.field_over_all_steps`.
        name: of the corner.
        corner: its parameters, `[d]`.
        opposite: the corner across from it.
    """
    d = len(corner)
    # edges from the corner outwards, every second of a finer grid on which failing cells are cut
    edges = [np.linspace(a, b, CELLS[d] + 1) for a, b in zip(corner, opposite, strict=True)]
    index = np.stack(np.meshgrid(*[np.arange(CELLS[d])] * d, indexing="ij"), axis=-1).reshape(-1, d)
    first = np.stack([edges[j][index[:, j]] for j in range(d)], axis=1)
    second = np.stack([edges[j][index[:, j] + 1] for j in range(d)], axis=1)
    least, most = _towards(field, np.minimum(first, second), np.maximum(first, second), np.sign(corner - opposite))
    shape = (CELLS[d],) * d
    least, most = least.reshape(shape), most.reshape(shape)
    safe = least > 0
    for axis in range(d):
        safe = np.logical_and.accumulate(safe, axis=axis)
    traps = []
    for size in _boxes(safe):
        inside = tuple(slice(0, count) for count in size)
        far = np.array([edges[j][size[j]] for j in range(d)])
        ends = np.minimum(corner, far), np.maximum(corner, far)
        traps.append(Trap(name, *ends, corner, float(least[inside].min()), float(most[inside].max())))
    return tuple(traps)


def _towards(field: Map, low: Floats, high: Floats, way: Floats, cuts: int | None = None) -> tuple[Floats, Floats]:
    """Bounds of the components of the field towards the corner, over all of them, for each box."""
    d = low.shape[1]
    nowhere = np.zeros((0, d))
    found = field.run(Boxes.starting(low, high), nowhere, nowhere, 1)
    least = np.minimum(found.low * way, found.high * way).min(axis=1)
    most = np.maximum(np.abs(found.low), np.abs(found.high)).max(axis=1)
    cuts = CUTS[d] if cuts is None else cuts
    # NaN and infinities fail as well
    open_ = np.flatnonzero(~(least > 0))
    if not cuts or not len(open_):
        return np.where(np.isfinite(least), least, -np.inf), most
    # where even the middle points the wrong way, no cut helps
    middle = (low[open_] + high[open_]) / 2
    at = field.run(Boxes.starting(middle, middle), nowhere, nowhere, 1)
    open_ = open_[(np.maximum(at.low * way, at.high * way) > 0).all(axis=1)]
    if not len(open_):
        return least, most
    middle = (low[open_] + high[open_]) / 2
    halves = [
        _towards(field, np.where(upper, middle, low[open_]), np.where(upper, high[open_], middle), way, cuts - 1)
        for upper in product((False, True), repeat=d)
    ]
    least[open_] = np.min([own for own, _ in halves], axis=0)
    most[open_] = np.max([own for _, own in halves], axis=0)
    return least, most


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
    while len(chosen) < MOST and len(size):
        counts = [int(left[tuple(slice(0, n) for n in own)].sum()) for own in size]
        best = int(np.argmax(counts))
        if counts[best] * 50 < safe.sum():
            break
        chosen.append(tuple(int(n) for n in size[best]))
        left[tuple(slice(0, n) for n in size[best])] = False
    return chosen
