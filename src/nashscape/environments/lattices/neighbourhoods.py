"""Who stands beside whom: on a lattice whose edges are joined, or on any graph."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import choice, positive_integer
from nashscape.core.graphs import adjacency

Ints = npt.NDArray[np.int32]

_BESIDE = ((-1, 0), (0, 1), (1, 0), (0, -1))
STEPS: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {"von Neumann": _BESIDE, "Moore": (*_BESIDE, (-1, 1), (1, 1), (1, -1), (-1, -1))}
)
"""Rows down and columns right to every neighbour: above, right, below, left, and then across corners, clockwise."""


def on_lattice(rows: Any, columns: Any, neighbours: Any) -> Ints:
    """The neighbours of every place, `[rows · columns, 4 or 8]`, places being counted row by row.

    >>> on_lattice(3, 4, "von Neumann")[0].tolist()
    [8, 1, 4, 3]

    Raises:
        InputError: for fewer than three rows or columns, where two of the neighbours would be the same player, and
            an unknown name.
    """
    rows, columns = positive_integer(rows, "rows", at_least=3), positive_integer(columns, "columns", at_least=3)
    steps = STEPS[choice(neighbours, "neighbours", STEPS)]
    places = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    return np.stack([np.roll(places, (-down, -right), (0, 1)).ravel() for down, right in steps], axis=1)


def on_graph(graph: Any) -> Ints:
    """The neighbours of every node in their order, `[n, most]`; where there are fewer, n stands for nobody.

    >>> on_graph("path:3").tolist()
    [[1, 3], [0, 2], [1, 3]]

    Raises:
        InputError: for what is no graph; see `core.graphs.adjacency`.
    """
    beside = adjacency(graph)
    most = int(beside.sum(axis=1).max())
    # those who are neighbours come first, in their order
    order = np.argsort(~beside, axis=1, kind="stable")[:, :most]
    found: Ints = np.where(np.take_along_axis(beside, order, axis=1), order, len(beside)).astype(np.int32)
    return found
