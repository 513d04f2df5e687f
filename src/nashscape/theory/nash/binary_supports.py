"""All equilibria of several players with two actions each: boxes of profiles excluded or shown to hold exactly one."""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.theory.nash.response_vertices import TIE

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOST_PLAYERS = 6
MOST_BOXES = 4000
DEPTH = 60
WIDER = 0.05
"""How far beyond itself a box is searched, as a share of its width: no root is lost between two boxes."""


@dataclass(frozen=True)
class Searched:
    """What a search over all supports found.

    Attributes:
        profiles: probabilities of the first actions, `[n]` each.
        resolved: whether every box was excluded or proved to hold exactly one equilibrium.
        tie: whether some player is indifferent at a profile found without mixing, so that there may be others.
    """

    profiles: tuple[Floats, ...]
    resolved: bool
    tie: bool


def binary_equilibria(payoffs: Floats) -> Searched:
    """Every equilibrium of n players with two actions, up to rounding, unless `resolved` is False.

    Whoever mixes must gain nothing by the first action, `g_i(p_-i) = 0`; whoever does not must not gain by the other.
    Each g is linear in each probability, so that its bounds on a box are those at its corners. A box in which some
    condition fails throughout is dropped; in which Newton's method with bounds of the derivatives (Krawczyk's test)
    proves one root, it is solved; any other is halved.

    Args:
        payoffs: `[n, 2, …, 2]`.

    Example:
        >>> from nashscape import games
        >>> found = binary_equilibria(games.volunteers_dilemma().to_dense().payoffs)
        >>> len(found.profiles), found.resolved
        (7, True)

    Source: Krawczyk (1969); Moore (1977) for existence and uniqueness.
    """
    n = len(payoffs)
    units = [(float(np.ptp(own)) or 1.0) for own in payoffs]
    gains = [np.moveaxis(own, i, 0)[0] - np.moveaxis(own, i, 0)[1] for i, own in enumerate(payoffs)]
    gains = [own / unit for own, unit in zip(gains, units, strict=True)]
    profiles, resolved, tie = [], True, False
    for face in itertools.product((1.0, 0.0, None), repeat=n):
        tables = _Tables.of(gains, face)
        roots, finished = _roots(tables)
        resolved &= finished
        for root in roots:
            p = np.array([1.0 if side is None else side for side in face])
            p[list(tables.free)] = root
            values = [float(_corners(own, _point(root))[0, 0]) for own in tables.pure]
            rightly = [side * value for side, value in zip(tables.signs, values, strict=True)]
            if all(value >= -TIE for value in rightly):
                profiles.append(p)
                tie |= any(value <= TIE for value in rightly)
    return Searched(tuple(profiles), resolved, tie)


@dataclass(frozen=True)
class _Tables:
    """On one support: gains of those who mix against the other mixers, and of those who do not against all mixers."""

    free: tuple[int, ...]
    mixing: tuple[Floats, ...]
    pure: tuple[Floats, ...]
    signs: tuple[float, ...]

    @classmethod
    def of(cls, gains: list[Floats], face: tuple[float | None, ...]) -> "_Tables":
        pick = [slice(None) if side is None else int(side < 1) for side in face]
        cut = [own[tuple(pick[:i] + pick[i + 1 :])] for i, own in enumerate(gains)]
        fixed = [i for i, side in enumerate(face) if side is not None]
        return cls(
            free=tuple(i for i, side in enumerate(face) if side is None),
            mixing=tuple(own for own, side in zip(cut, face, strict=True) if side is None),
            pure=tuple(cut[i] for i in fixed),
            signs=tuple(1.0 if face[i] else -1.0 for i in fixed),
        )


def _point(p: Floats) -> Floats:
    return np.stack([p, p], axis=-1)[None]


def _corners(table: Floats, boxes: Floats) -> Floats:
    """Values of a gain `[2, …, 2]` at the corners of boxes `[N, k, 2]` of the k probabilities that it depends on."""
    count, k, _ = boxes.shape
    values = np.broadcast_to(table.reshape(1, 1, -1, 1), (count, 1, table.size, 1))
    weights = np.stack([boxes, 1.0 - boxes], axis=-1)
    for axis in range(k):
        values = values.reshape(count, 2**axis, 2, -1)
        values = np.einsum("nca,ndar->ndcr", weights[:, axis], values)
    return values.reshape(count, -1)


def _roots(tables: _Tables) -> tuple[list[Floats], bool]:
    """Interior profiles at which nobody who mixes gains by either action, and whether those are proved to be all."""
    k = len(tables.free)
    if k == 0:
        return [np.zeros(0)], True
    boxes, roots = np.broadcast_to(np.array([0.0, 1.0]), (1, k, 2)), []
    for _ in range(DEPTH):
        boxes = boxes[_possible(tables, boxes)]
        if not len(boxes) or len(boxes) > MOST_BOXES:
            break
        one, none, near = _tested(tables, boxes)
        roots += [_polished(tables, start) for start in near[one]]
        boxes = _halved(boxes[~one & ~none])
        if not len(boxes):
            break
    inside = [root for root in roots if (root > TIE).all() and (root < 1 - TIE).all()]
    different = [root for i, root in enumerate(inside) if not any(np.abs(root - o).max() < 1e-9 for o in inside[:i])]
    return different, not len(boxes)


def _possible(tables: _Tables, boxes: Floats) -> Flags:
    """Boxes in which no condition fails at all corners, and so throughout."""
    fine = np.ones(len(boxes), bool)
    for i, own in enumerate(tables.mixing):
        at = _corners(own, np.delete(boxes, i, axis=1))
        fine &= (at.min(axis=1) <= TIE) & (at.max(axis=1) >= -TIE)
    for own, sign in zip(tables.pure, tables.signs, strict=True):
        fine &= (sign * _corners(own, boxes)).max(axis=1) >= -TIE
    return fine


def _tested(tables: _Tables, boxes: Floats) -> tuple[Flags, Flags, Floats]:
    """In which boxes, made a little wider, there is exactly one root; in which none; and where to look for it."""
    middle, radius = boxes.mean(axis=2), (0.5 + WIDER) * (boxes[..., 1] - boxes[..., 0])
    wider = np.stack([middle - radius, middle + radius], axis=-1)
    low, high = _slopes(tables, wider)
    centre = (low + high) / 2
    scale = np.linalg.svd(centre, compute_uv=False)
    regular = scale[:, -1] > 1e-9
    inverse = np.zeros_like(centre)
    inverse[regular] = np.linalg.inv(centre[regular])
    shift = -np.einsum("nij,nj->ni", inverse, _values(tables, middle))
    # centre is the middle of the bounds of the derivatives: what is left of Krawczyk's operator is their radius
    spread = np.einsum("nij,njk,nk->ni", np.abs(inverse), (high - low) / 2, radius)
    one = regular & (np.abs(shift) + spread < radius).all(axis=1)
    none = regular & (np.abs(shift) - spread > radius).any(axis=1)
    return one, none, middle + shift


def _values(tables: _Tables, points: Floats) -> Floats:
    boxes = np.stack([points, points], axis=-1)
    each = [_corners(own, np.delete(boxes, i, axis=1))[:, 0] for i, own in enumerate(tables.mixing)]
    return np.stack(each, axis=1)


def _slopes(tables: _Tables, boxes: Floats) -> tuple[Floats, Floats]:
    """Bounds of `∂g_i/∂p_j` over boxes, `[N, k, k]` each: linear in each other probability, so found at corners."""
    count, k, _ = boxes.shape
    low, high = np.zeros((count, k, k)), np.zeros((count, k, k))
    for i, j in itertools.permutations(range(k), 2):
        axis = j - (j > i)
        change = np.take(tables.mixing[i], 0, axis) - np.take(tables.mixing[i], 1, axis)
        at = _corners(change, np.delete(boxes, [i, j], axis=1))
        low[:, i, j], high[:, i, j] = at.min(axis=1), at.max(axis=1)
    return low, high


def _polished(tables: _Tables, start: Floats) -> Floats:
    p = start
    for _ in range(20):
        slope = _slopes(tables, _point(p))[0][0]
        p = p - np.linalg.solve(slope, _values(tables, p[None])[0])
    return p


def _halved(boxes: Floats) -> Floats:
    """Each box in two along its widest side."""
    widest = (boxes[..., 1] - boxes[..., 0]).argmax(axis=1)
    rows, middle = np.arange(len(boxes)), boxes.mean(axis=2)
    left, right = boxes.copy(), boxes.copy()
    left[rows, widest, 1] = right[rows, widest, 0] = middle[rows, widest]
    return np.concatenate([left, right])
