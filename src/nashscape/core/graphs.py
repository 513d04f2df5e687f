"""Graphs of who plays with whom: by name, as a list of edges, or as an adjacency matrix."""

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.checks import finite_array, positive_integer
from nashscape.core.errors import InputError, unknown
from nashscape.core.sizes import check_size

Adjacency = npt.NDArray[np.bool_]

MOST_PAIRS = 10_000_000
"""Of nodes, of a graph."""

EXAMPLES = 'give a name such as "ring:10", edges such as [(0, 1), (1, 2)], or a symmetric matrix of zeros and ones'

_NAMED: Mapping[str, tuple[int, Callable[[int], Iterable[tuple[int, int]]]]] = MappingProxyType(
    {
        "ring": (3, lambda n: [*pairwise(range(n)), (0, n - 1)]),
        "path": (2, lambda n: pairwise(range(n))),
        "star": (2, lambda n: ((0, leaf) for leaf in range(1, n))),
        "complete": (2, lambda n: combinations(range(n), 2)),
    }
)
"""For every named graph the smallest number of nodes, and its edges."""


def adjacency(graph: Any) -> Adjacency:
    """Which of n nodes are neighbours, a symmetric array of shape [n, n].

    `graph` is a name and a number of nodes, "ring:10", "path:4", "star:5" (of which node 0 is the centre) or
    "complete:6"; a list of edges, pairs of node numbers from 0; or an adjacency matrix of zeros and ones.

    >>> adjacency("star:3").astype(int).tolist() == adjacency([(0, 1), (0, 2)]).astype(int).tolist()
    True

    Raises `InputError` for a graph that is none of these, a node without neighbours, an edge from a node to itself or
    one that is listed twice.
    """
    found = _by_name(graph) if isinstance(graph, str) else _from_numbers(graph)
    lonely = np.flatnonzero(~found.any(axis=1))
    if lonely.size:
        raise InputError(f"node {lonely[0]} of the graph has no neighbour; leave it out or connect it")
    return found


def _by_name(text: str) -> Adjacency:
    name, sign, number = text.partition(":")
    name = name.strip().lower()
    if name not in _NAMED:
        raise unknown("graph", name, _NAMED)
    if not sign or not number.strip().isdecimal():
        raise InputError(f"a named graph needs its number of nodes, as {name}:6; got {text!r}")
    least, edges = _NAMED[name]
    nodes = positive_integer(int(number), f"the number of nodes of a {name}", at_least=least)
    check_size("pairs of nodes", nodes**2, 64.0, lambda most: f"{math.isqrt(most):,} nodes fit", most=MOST_PAIRS)
    return _from_edges(edges(nodes), nodes)


def _from_numbers(graph: Any) -> Adjacency:
    given = list(graph) if isinstance(graph, Iterable) else graph
    if not isinstance(given, list) or not given:
        raise InputError(f"{graph!r} is not a graph: {EXAMPLES}")
    array = finite_array(given, "the graph", ndim=2)
    if array.shape[1] == 2 and not np.array_equal(array, [[0, 1], [1, 0]]):
        if (array != np.floor(array)).any() or array.min() < 0:
            raise InputError(f"edges are pairs of node numbers from 0; got {given}")
        return _from_edges([(int(i), int(j)) for i, j in array], int(array.max()) + 1)
    if array.shape[0] != array.shape[1] or not np.isin(array, (0, 1)).all() or (array != array.T).any():
        raise InputError(f"an array of shape {array.shape} is not a graph: {EXAMPLES}")
    if array.diagonal().any():
        raise InputError("no node is its own neighbour: the diagonal of an adjacency matrix must be zero")
    return array.astype(bool)


def _from_edges(edges: Iterable[tuple[int, int]], nodes: int) -> Adjacency:
    found = np.zeros((nodes, nodes), dtype=bool)
    for i, j in edges:
        if i == j:
            raise InputError(f"the edge {(i, j)} joins a node to itself; edges join two different nodes")
        if found[i, j]:
            raise InputError(f"the edge {(i, j)} is listed twice; list every edge once")
        found[i, j] = found[j, i] = True
    return found
