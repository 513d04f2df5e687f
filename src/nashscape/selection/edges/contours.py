"""The geometry of a separatrix in the square: joining points on the edges of a grid, and distances from the line."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TOUCHING = 1e-9
_BLOCK = 1 << 22  # distances held in memory at a time


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges of a grid whose ends differ, axis after axis.

    Attributes:
        first: index of the end with the lower coordinate, `[E, n]`.
        axis: along which axis the edge lies, `[E]`.
    """

    first: Whole
    axis: Whole

    @property
    def second(self) -> Whole:
        """Index of the other end, `[E, n]`."""
        return self.first + np.eye(self.first.shape[1], dtype=np.int64)[self.axis]


def differing_edges(inside: Flags) -> Edges:
    """The edges of a grid with values `[G, …, G]` whose two ends differ."""
    places, axes = [], []
    for axis in range(inside.ndim):
        ahead, behind = np.moveaxis(inside, axis, 0)[1:], np.moveaxis(inside, axis, 0)[:-1]
        found = np.argwhere(np.moveaxis(ahead != behind, 0, axis))
        places.append(found)
        axes.append(np.full(len(found), axis))
    return Edges(np.concatenate(places).astype(np.int64), np.concatenate(axes).astype(np.int64))


def numbered(edges: Edges, size: int) -> tuple[Whole, Whole]:
    """Numbers of the edges along both axes of a grid of `size²` nodes, `[G−1, G]` and `[G, G−1]`; −1 for others."""
    along = [np.full((size - 1, size), -1, np.int64), np.full((size, size - 1), -1, np.int64)]
    for axis, table in enumerate(along):
        mine = np.flatnonzero(edges.axis == axis)
        table[tuple(edges.first[mine].T)] = mine
    return along[0], along[1]


def crowded_squares(edges: Edges, size: int) -> Whole:
    """The squares on all four of whose edges the outcome switches, `[K, 2]`: how to join them is not known."""
    across, upward = numbered(edges, size)
    full = (across[:, :-1] >= 0) & (across[:, 1:] >= 0) & (upward[:-1] >= 0) & (upward[1:] >= 0)
    return np.argwhere(full).astype(np.int64)


def chords(inside: Flags, edges: Edges, centres: Flags) -> tuple[Whole, Whole]:
    """Join the points on the edges of every square: the numbers of two edges `[S, 2]`, and of the square `[S, 2]`.

    Args:
        inside: whether the nodes reach the target, `[G, G]`.
        edges: the edges whose ends differ.
        centres: whether the centres of the crowded squares do, `[K]`: it decides which corners belong together.

    Source: Lorensen and Cline (1987), in the plane.
    """
    across, upward = numbered(edges, len(inside))
    full = crowded_squares(edges, len(inside))
    crowded = {(i, j): centre for (i, j), centre in zip(full.tolist(), centres.tolist(), strict=True)}
    joined, squares = [], []
    around = np.stack([across[:, :-1], upward[1:], across[:, 1:], upward[:-1]], axis=2)  # bottom, right, top, left
    for i, j in np.argwhere((around >= 0).any(axis=2)):
        bottom, right, top, left = around[i, j].tolist()
        if (i, j) not in crowded:
            pairs = [tuple(number for number in (bottom, right, top, left) if number >= 0)]
        elif crowded[i, j] == inside[i, j]:
            pairs = [(bottom, right), (left, top)]
        else:
            pairs = [(bottom, left), (right, top)]
        joined += pairs
        squares += [(i, j)] * len(pairs)
    return np.array(joined, np.int64).reshape(-1, 2), np.array(squares, np.int64).reshape(-1, 2)


def curves(joined: Whole) -> tuple[Whole, ...]:
    """The chords one after another: for every connected line the numbers of its points, a loop's first one twice."""
    beside: dict[int, list[int]] = {}
    for a, b in joined.tolist():
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    ends = [point for point, others in beside.items() if len(others) == 1]
    seen: set[int] = set()
    found = []
    for begin in [*ends, *beside]:
        if begin in seen:
            continue
        line, onward = [begin], begin
        while onward not in seen:
            seen.add(onward)
            ahead = [point for point in beside[onward] if point not in seen]
            if ahead:
                onward = ahead[0]
                line.append(onward)
        if len(beside[begin]) > 1:
            line.append(begin)
        found.append(np.array(line, np.int64))
    return tuple(found)


def distances(points: Floats, first: Floats, second: Floats, errors: Floats) -> tuple[Floats, Floats, Floats]:
    """How far each of N points lies from the nearest of S chords, and the bounds that errors of the chords leave.

    `value = min_s d_s`, between `min_s (d_s − e_s)` and `min_s (d_s + e_s)`; `[N]` each.
    """
    rows = max(1, _BLOCK // max(1, len(first)))
    parts = [_distances(points[k : k + rows], first, second) for k in range(0, len(points), rows)]
    bounds = [(d.min(axis=1), (d - errors).min(axis=1), (d + errors).min(axis=1)) for d in parts]
    value, low, high = (np.concatenate(own) for own in zip(*bounds, strict=True))
    return value, np.maximum(low, 0.0), high


def _distances(points: Floats, first: Floats, second: Floats) -> Floats:
    way = second - first
    length = np.maximum((way**2).sum(axis=1), np.finfo(np.float64).tiny)
    off = points[:, None] - first
    share = np.clip((off * way).sum(axis=2) / length, 0.0, 1.0)
    return np.asarray(np.linalg.norm(off - share[:, :, None] * way, axis=2))


def within(points: Floats, axis: Floats, inside: Flags, squares: Whole, ends: tuple[Floats, Floats]) -> Flags:
    """Whether points lie on the inner side of the chords, `[N]`.

    A chord cuts its square in two, so a point is on the side of the square's lower left corner unless an odd number of
    chords of that square separates the two.
    """
    size = len(axis)
    square = np.clip(np.searchsorted(axis, points, side="right") - 1, 0, size - 2)
    same = inside[square[:, 0], square[:, 1]].copy()
    corner = axis[square]
    ours = square[:, 0] * size + square[:, 1]
    theirs = squares[:, 0] * size + squares[:, 1]
    order = np.argsort(theirs, kind="stable")
    low = np.searchsorted(theirs[order], ours, side="left")
    count = np.searchsorted(theirs[order], ours, side="right") - low
    for k in range(2):
        mine = np.flatnonzero(count > k)
        chord = order[low[mine] + k]
        sides = [_side(where[mine], ends[0][chord], ends[1][chord]) for where in (points, corner)]
        same[mine] ^= sides[0] * sides[1] < 0
    return same


def _side(points: Floats, first: Floats, second: Floats) -> Floats:
    way, off = second - first, points - first
    return np.asarray(way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0])


def meetings(start: Floats, end: Floats, first: Floats, second: Floats) -> tuple[Whole, Floats, Floats]:
    """Where the straight line from `start` to `end` meets chords: their numbers, the share of the way, and the sine of
    the angle between the two."""
    way, chord = end - start, second - first
    turn = way[0] * chord[:, 1] - way[1] * chord[:, 0]
    off = first - start
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (off[:, 0] * chord[:, 1] - off[:, 1] * chord[:, 0]) / turn
        place = (off[:, 0] * way[1] - off[:, 1] * way[0]) / turn
        sine = np.abs(turn) / (np.linalg.norm(way) * np.linalg.norm(chord, axis=1))
    met = np.flatnonzero((share >= 0) & (share <= 1) & (place >= -TOUCHING) & (place <= 1 + TOUCHING))
    met = met[np.argsort(share[met], kind="stable")]
    # a line through the point where two chords meet is counted once
    apart = np.diff(share[met], prepend=-1.0) > TOUCHING
    return met[apart], share[met][apart], sine[met][apart]


def across_middle(first: Floats, second: Floats, width: float, limits: tuple[float, float]) -> tuple[Floats, Floats]:
    """Ends `[S, 2]` of short lines across the middle of chords, `width` to both sides, cut off at the limits."""
    way = second - first
    length = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    across = np.stack([-way[:, 1], way[:, 0]], axis=1) / length
    middle = (first + second) / 2
    return np.clip(middle - width * across, *limits), np.clip(middle + width * across, *limits)


def from_own_chord(points: Floats, first: Floats, second: Floats) -> Floats:
    """How far each of S points lies from the chord of the same number."""
    way, off = second - first, points - first
    length = np.maximum((way**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = np.clip((off * way).sum(axis=1) / length, 0.0, 1.0)
    return np.asarray(np.linalg.norm(off - share[:, None] * way, axis=1))
