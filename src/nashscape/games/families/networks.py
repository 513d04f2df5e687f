"""Directed networks whose edges cost more the more they carry: checked, and all ways through them."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nashscape.core import InputError
from nashscape.core.exact_numbers import exact_number

MOST_PATHS = 500
"""Ways from one node to another that are listed, at most."""

Path = tuple[int, ...]
"""A way as the numbers of its edges, in order."""


@dataclass(frozen=True)
class Network:
    """A directed network, what its edges cost, and who wants to go where. Made by `network`.

    Attributes:
        edges: (tail, head) of every edge.
        costs: of every edge the coefficients of `c_e(x) = Σ_k c_ek x^k`, none negative.
        trips: (origin, destination) of everybody, or of every population.
        amounts: how much goes on each trip; one for single travellers.
        paths: of every trip the ways without a node that is met twice, by numbers of edges.
    """

    edges: tuple[tuple[Hashable, Hashable], ...]
    costs: tuple[tuple[Fraction, ...], ...]
    trips: tuple[tuple[Hashable, Hashable], ...]
    amounts: tuple[Fraction, ...]
    paths: tuple[tuple[Path, ...], ...]

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Every way as its nodes, "s-v-t"; of ways through the same nodes numbered, "s-t.1" and "s-t.2"."""
        return tuple(_numbered([self._nodes(path) for path in own]) for own in self.paths)

    def _nodes(self, path: Path) -> str:
        return "-".join(map(str, (self.edges[path[0]][0], *(self.edges[e][1] for e in path))))

    def cost(self, edge: int, load: Fraction) -> Fraction:
        """What an edge costs each of those on it."""
        return sum((own * load**k for k, own in enumerate(self.costs[edge])), Fraction(0))


def network(
    edges: Sequence[Sequence[Hashable]],
    costs: Sequence[Any],
    trips: Sequence[Sequence[Hashable]],
    amounts: Sequence[Any],
) -> Network:
    """A network from its edges, costs and trips.

    Raises:
        InputError: for what is no edge, costs that are negative or fall with the load, unknown nodes, and trips without
            a way.

    >>> made = network(["sv", "vt", "st"], [[0, 1], 1, 2], ["st"], [1])
    >>> made.names
    (('s-v-t', 's-t'),)
    """
    pairs = tuple(_pair(edge, "an edge", "(tail, head)") for edge in edges)
    if not pairs:
        raise InputError('a network has at least one edge, such as ("s", "t")')
    if len(costs) != len(pairs):
        raise InputError(f"{len(pairs)} edges need as many costs; got {len(costs)}")
    tables = tuple(_coefficients(own, pair) for own, pair in zip(costs, pairs, strict=True))
    wanted = tuple(_pair(trip, "a trip", "(origin, destination)") for trip in trips)
    sizes = tuple(exact_number(own, "the amount of a trip") for own in amounts)
    if any(own <= 0 for own in sizes):
        raise InputError(f"amounts that travel must be above 0; got {[float(own) for own in sizes]}")
    ways = tuple(tuple(_ways(pairs, *trip)) for trip in wanted)
    return Network(pairs, tables, wanted, sizes, ways)


def _pair(value: Any, what: str, form: str) -> tuple[Hashable, Hashable]:
    if not isinstance(value, Sequence) or len(value) != 2 or value[0] == value[1]:
        raise InputError(f"{what} is {form}, two different nodes; got {value!r}")
    return value[0], value[1]


def _coefficients(value: Any, edge: tuple[Hashable, Hashable]) -> tuple[Fraction, ...]:
    """The coefficients of one edge, of which a single number stands for a constant cost."""
    alone = isinstance(value, str) or not hasattr(value, "__iter__")
    where = f"the cost of the edge from {edge[0]} to {edge[1]}"
    made = tuple(exact_number(own, where) for own in ([value] if alone else value))
    if not made or made[0] < 0:
        raise InputError(f"{where} must not be negative where nobody travels; got {value!r}")
    if any(own < 0 for own in made):
        raise InputError(
            f"{where} must not fall with the load: the coefficients of 1, x, x², … must not be negative; got {value!r}"
        )
    return made


def _ways(edges: Sequence[tuple[Hashable, Hashable]], origin: Hashable, goal: Hashable) -> Iterator[Path]:
    """All ways from one node to another that meet no node twice."""
    nodes = list(dict.fromkeys(node for edge in edges for node in edge))
    for node in (origin, goal):
        if node not in nodes:
            raise InputError(f"there is no node {node!r}; nodes are {', '.join(map(str, nodes))}")
    found = 0
    left: list[tuple[Hashable, Path, frozenset[Hashable]]] = [(origin, (), frozenset({origin}))]
    while left:
        at, path, met = left.pop()
        if at == goal:
            found += 1
            if found > MOST_PATHS:
                raise InputError(f"there are more than {MOST_PATHS} ways from {origin} to {goal}; take fewer edges")
            yield path
            continue
        onward = [(e, head) for e, (tail, head) in enumerate(edges) if tail == at and head not in met]
        left += [(head, (*path, e), met | {head}) for e, head in reversed(onward)]
    if not found:
        raise InputError(f"there is no path from {origin} to {goal}: edges lead from tail to head only")


def _numbered(names: Sequence[str]) -> tuple[str, ...]:
    made, seen = [], dict.fromkeys(names, 0)
    for name in names:
        seen[name] += 1
        made.append(name if names.count(name) == 1 else f"{name}.{seen[name]}")
    return tuple(made)
