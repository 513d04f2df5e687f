"""A population on a graph, whose members play with their neighbours and are replaced by them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.core.graphs import adjacency
from nashscape.evolution.finite_population import FITNESS, log_fitness, square_payoffs
from nashscape.evolution.type_names import type_names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GRAPH_PROCESSES = ("death_birth", "birth_death", "fermi")


class Neighbours(NamedTuple):
    """Of every node its neighbours, filled up with itself at no weight to the same number.

    Attributes:
        nodes: which they are, `[n, most]`.
        shares: of the node's own weight that of the edge to each, `w_ij/w_i`.
        back: of each neighbour's weight that of the edge, `w_ij/w_j`.
    """

    nodes: Ints
    shares: Floats
    back: Floats


@dataclass(frozen=True, eq=False)
class GraphPopulation:
    """A member of one type at each node of a graph; made by `graph_population`.

    Attributes:
        payoffs: of the type of the row against that of the column, `[types, types]`.
        weights: of the edges, `[n, n]`, symmetric; 0 where there is none.
        types: names.
        process: "death_birth", "birth_death", or "fermi", imitation by comparing payoffs.
        fitness: what becomes of a mean payoff; "" of "fermi".
        intensity: how much payoffs count.
    """

    payoffs: Floats
    weights: Floats
    types: tuple[str, ...]
    process: str
    fitness: str
    intensity: float

    @property
    def size(self) -> int:
        """How many members, n."""
        return len(self.weights)

    @property
    def values(self) -> Floats:
        """How likely the descendants of each node take over where types make no difference, `[n]`.

        In proportion to the weight of a node; with "birth_death" to one over it.
        """
        weight = self.weights.sum(1)
        own = 1.0 / weight if self.process == "birth_death" else weight
        made: Floats = own / own.sum()
        return made

    @cached_property
    def around(self) -> Neighbours:
        """Who is beside whom."""
        n, there = self.size, self.weights > 0
        nodes = np.repeat(np.arange(n)[:, None], there.sum(1).max(), axis=1)
        for i in range(n):
            found = np.flatnonzero(there[i])
            nodes[i, : len(found)] = found
        edges, weight = np.take_along_axis(self.weights, nodes, 1), self.weights.sum(1)
        return Neighbours(nodes, edges / weight[:, None], edges / weight[nodes])

    def log_fitness(self, payoffs: Floats) -> Floats:
        """The logarithms of the fitness of members with mean payoffs; −∞ for a fitness of 0.

        Raises:
            InputError: for a negative fitness.
        """
        return log_fitness(payoffs, True, self.fitness, self.intensity)

    def to_dict(self) -> dict[str, Any]:
        """What it is, for questions."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@public()
def graph_population(
    payoffs: npt.ArrayLike,
    graph: Any,
    *,
    types: Sequence[str] | None = None,
    process: Literal["death_birth", "birth_death", "fermi"] = "death_birth",
    fitness: Literal["payoff", "linear", "exponential"] = "exponential",
    intensity: float = 1.0,
) -> GraphPopulation:
    """A member at each node of an undirected graph, who plays with its neighbours, and is replaced by one of them.

    The payoff of a member is the mean over its neighbours, by the weights of the edges: `π_i = Σ_j w_ij A_ij / w_i`,
    `w_i = Σ_j w_ij`. "death_birth": one drawn evenly dies, and a neighbour drawn by `w_ij × fitness` has an offspring
    there. "birth_death": one drawn by fitness has an offspring, in the place of a neighbour drawn by `w_ij`. "fermi":
    one drawn evenly looks at a neighbour drawn by `w_ij`, and imitates it with probability
    `1/(1 + e^(−w (π_other − π_own)))`. Fitness is as of a `finite_population`, which is, with "moran" or "fermi", what
    "birth_death" or "fermi" on a complete graph is. There is no mutation.

    Args:
        payoffs: `[types, types]`, of the row against the column.
        graph: a name with a number of nodes, "ring:10", "path:4", "star:5" (node 0 is the centre), "complete:6"; edges,
            as `[(0, 1), (1, 2)]`; a symmetric matrix of weights; or a graph of networkx, whose nodes are numbered in
            its order, and edges weigh 1 unless they say otherwise. All nodes must be connected.
        types: names; by default A, B, ….
        process: how members are replaced.
        fitness: of the first two processes; usually "exponential", where that of a `finite_population` is usually
            "payoff".
        intensity: w, at least 0; of "linear" at most 1.

    Raises:
        InputError: for payoffs that are not square, what is no graph or falls into parts, and numbers out of their
            range.

    Example:
        >>> ring = graph_population([[3, -1], [4, 0]], "ring:6", types="CD", intensity=0.1)
        >>> ring.size, ring.values.round(4).tolist()[:2]
        (6, [0.1667, 0.1667])

    Source: Ohtsuki, Hauert, Lieberman and Nowak (2006); Allen et al. (2017) for weighted graphs.
    """
    table = square_payoffs(payoffs)
    replaced, fitness = graph_process(process), choice(fitness, "fitness", FITNESS)  # type: ignore[assignment]
    most = 1.0 if replaced != "fermi" and fitness == "linear" else None
    return GraphPopulation(
        payoffs=table,
        weights=edge_weights(graph),
        types=type_names(types, len(table)),
        process=replaced,
        fitness=fitness if replaced != "fermi" else "",
        intensity=finite_number(intensity, "intensity", low=0.0, high=most),
    )


def graph_process(process: Any) -> str:
    """How members of a graph are replaced, by name.

    Raises:
        InputError: for an unknown one, and for "moran", which on graphs is one of two.
    """
    if process == "moran":
        raise InputError(
            'the Moran process on a graph is process="birth_death", or "death_birth" where the place comes free first'
        )
    return choice(process, "process", GRAPH_PROCESSES)


def edge_weights(graph: Any) -> Floats:
    """The weights of the edges of a connected graph, `[n, n]`; see `graph_population`.

    >>> edge_weights([[0, 2.5], [2.5, 0]]).tolist(), edge_weights("path:2").tolist()
    ([[0.0, 2.5], [2.5, 0.0]], [[0.0, 1.0], [1.0, 0.0]])

    Raises:
        InputError: for what is no graph, and one that falls into parts.
    """
    found = _matrix(_of_networkx(graph) if hasattr(graph, "nodes") and hasattr(graph, "edges") else graph)
    if found is None:
        found = adjacency(graph).astype(float)
    reached = np.eye(len(found), dtype=bool)[0]
    for _ in range(len(found)):
        reached = reached | (found[reached] > 0).any(0)
    if not reached.all():
        raise InputError(f"the graph falls into parts: no way leads from node 0 to node {np.flatnonzero(~reached)[0]}; "
                         "nobody takes over all of it: take each part by itself")  # fmt: skip
    return found


def _of_networkx(graph: Any) -> Floats:
    """The weights of the edges of a graph of networkx."""
    number = {node: k for k, node in enumerate(graph.nodes)}
    made = np.zeros((len(number), len(number)))
    try:
        edges = list(graph.edges(data="weight", default=1.0))
    except TypeError as error:
        raise InputError("a graph with nodes and edges is one of networkx, or say what it is: edges, as "
                         "[(0, 1), (1, 2)], or a symmetric matrix of weights") from error  # fmt: skip
    if len(number) < 2 or graph.is_directed() or any(one == other for one, other, _ in edges):
        raise InputError("a graph has two nodes or more, edges that go both ways, and none from a node to itself; got "
                         f"{graph}: take graph.to_undirected(), or leave loops out")  # fmt: skip
    for one, other, weight in edges:
        made[number[one], number[other]] += finite_number(weight, f"the weight of the edge from {one} to {other}")
    return made + made.T


def _matrix(graph: Any) -> Floats | None:
    """A matrix of weights; None for a name or edges."""
    given = list(graph) if isinstance(graph, Iterable) and not isinstance(graph, str) else None
    rows = None if given is None or not all(hasattr(row, "__len__") for row in given) else given
    if not rows or len(rows) < 2 or {len(row) for row in rows} != {len(rows)}:
        return None
    array = finite_array(rows, "the graph", ndim=2)
    if array.diagonal().any() or (len(array) == 2 and (array != array.T).any()):
        return None  # two edges, as [(0, 1), (1, 2)] or [(0, 2), (1, 0)]; or what `adjacency` refuses
    if (array < 0).any() or (array != array.T).any():
        raise InputError("the weights of edges must not be negative, and as large both ways: give a symmetric matrix")
    return array
