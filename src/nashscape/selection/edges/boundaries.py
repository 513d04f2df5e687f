"""Finding the boundary of a basin on a grid: nodes, crossed edges, chords and how far off they are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import Status, target_code
from nashscape.dynamics.runs import Labels
from nashscape.selection.edges import contours
from nashscape.selection.edges.bisection import Brackets, Floats, Prober, narrowed

Whole = npt.NDArray[np.int64]
WIDTHS = (1 / 16, 1 / 4, 1 / 2)
"""How far from the middle of a chord the boundary is looked for, in cells, from near to far."""


@dataclass(frozen=True, eq=False)
class Boundary:
    """What was found on a grid; the fields are those of `Separatrix`."""

    labels: Labels
    inner: Floats
    outer: Floats
    outer_labels: Labels
    chords: Whole
    squares: Whole
    chord_errors: Floats
    status: Status


def find_boundary(prober: Prober, axis: Floats, players: int, tolerance: float) -> Boundary:
    """Run the nodes, bisect the crossed edges and, for two players, join the points and measure the chords."""
    nodes = np.stack(np.meshgrid(*[axis] * players, indexing="ij"), axis=-1)
    labels = labels_at(prober, nodes)
    inside = labels == target_code(0)
    edges = contours.differing_edges(inside)
    swapped = ~inside[tuple(edges.first.T)]
    within = np.where(swapped[:, None], edges.second, edges.first)
    without = np.where(swapped[:, None], edges.first, edges.second)
    inner, outer, found = _bisected(prober, axis[within], axis[without], labels[tuple(without.T)], tolerance)
    chords = squares = np.zeros((0, 2), np.int64)
    errors = np.zeros(0)
    status = found.status
    if players == 2 and len(edges.axis) and status is not Status.INTERRUPTED:
        crowded = contours.crowded_squares(edges, len(axis))
        centres = (axis[crowded] + axis[crowded + 1]) / 2
        chords, squares = contours.chords(inside, edges, labels_at(prober, centres) == target_code(0))
        points = (inner + outer) / 2
        errors, whole = _chord_errors(prober, points[chords[:, 0]], points[chords[:, 1]], axis, tolerance)
        status = status if whole else Status.INTERRUPTED
    return Boundary(labels, inner, outer, found.labels, chords, squares, errors, status)


def labels_at(prober: Prober, points: Floats) -> Labels:
    """Outcome codes of runs from probabilities of the first actions, `[…, n]`."""
    first = points.reshape(-1, points.shape[-1])
    if not len(first):
        return np.zeros(points.shape[:-1], np.int8)
    codes = prober.labels(np.stack([first, 1.0 - first], axis=2).reshape(len(first), -1))
    return codes.reshape(points.shape[:-1])


def _bisected(
    prober: Prober, within: Floats, without: Floats, labels: Labels, tolerance: float
) -> tuple[Floats, Floats, Brackets]:
    """Brackets of the switches on the lines between starts `[E, n]`, as starts."""
    way = without - within

    def ask(shares: Floats) -> Labels:
        return labels_at(prober, within[:, None] + shares[:, :, None] * way[:, None])

    none, length = np.zeros(len(way)), np.linalg.norm(way, axis=1)
    found = narrowed(ask, none, none + 1.0, labels, tolerance / np.maximum(length, tolerance))
    return within + found.inner[:, None] * way, within + found.outer[:, None] * way, found


def _chord_errors(prober: Prober, first: Floats, second: Floats, axis: Floats, tolerance: float) -> tuple[Floats, bool]:
    """How far from the middle of every chord the boundary is, measured across it, and whether that was finished."""
    cell, limits = float(axis[1] - axis[0]), (float(axis[0]), float(axis[-1]))
    lines = np.stack([contours.across_middle(first, second, width * cell, limits) for width in WIDTHS])  # [W, 2, S, 2]
    codes = labels_at(prober, lines)
    reached = codes == target_code(0)
    differ = reached[:, 0] != reached[:, 1]
    errors = np.full(len(first), np.sqrt(2.0) * cell)
    mine = np.flatnonzero(differ.any(axis=0))
    width = differ.argmax(axis=0)[mine]
    left, right, swapped = lines[width, 0, mine], lines[width, 1, mine], ~reached[width, 0, mine]
    within, without = np.where(swapped[:, None], right, left), np.where(swapped[:, None], left, right)
    beyond = codes[width, np.where(swapped, 0, 1), mine]
    inner, outer, found = _bisected(prober, within, without, beyond, tolerance)
    chord = np.stack([first[mine], second[mine]])
    errors[mine] = contours.from_own_chord((inner + outer) / 2, *chord) + np.linalg.norm(outer - inner, axis=1) / 2
    return errors, found.status is not Status.INTERRUPTED
