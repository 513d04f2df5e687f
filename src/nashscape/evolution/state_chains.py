"""Populations as chains of states, of members who all meet and of those on a graph alike."""

from collections.abc import Callable
from functools import partial
from math import comb
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.evolution.mutation_laws import compositions
from nashscape.evolution.replacements import count_changes, node_changes

if TYPE_CHECKING:
    from nashscape.evolution.finite_population import FinitePopulation
    from nashscape.evolution.graph_populations import GraphPopulation

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Draw = Callable[[np.random.Generator, int], Ints]
"""From how many to states at the beginning."""


class Chain(NamedTuple):
    """The states of a population, and what can happen in them.

    Attributes:
        types: how many.
        states: how many there are.
        every: all of them, and their numbers for states.
        changes: from states `[S, …]` to how likely the next update makes each change, `[S, changes]`.
        changed: states after one change each.
        left: of states the type of all members, −1 where there are several.
        counts: how many members of each type, `[S, types]`.
        width: numbers that `changes` needs for one state.
    """

    types: int
    states: int
    every: Callable[[], tuple[Ints, Callable[[Ints], Ints]]]
    changes: Callable[[Ints], Floats]
    changed: Callable[[Ints, Ints], Ints]
    left: Callable[[Ints], Ints]
    counts: Callable[[Ints], Ints]
    width: int


def chain_of(population: Any) -> Chain:
    """The chain of a `finite_population` or a `graph_population`.

    Raises:
        InputError: for neither.
    """
    if hasattr(population, "around"):
        return _of_graph(population)
    if hasattr(population, "mean_payoffs"):
        return _of_counts(population)
    raise InputError(f"this is asked of a finite_population or a graph_population; got {type(population).__name__}")


def _of_counts(population: "FinitePopulation") -> Chain:
    n, types = population.size, len(population.types)

    def every() -> tuple[Ints, Callable[[Ints], Ints]]:
        states = compositions(n, types)
        number = {tuple(own): k for k, own in enumerate(states.tolist())}
        return states, lambda given: np.array([number[tuple(own)] for own in given.tolist()], np.int64)

    def changed(states: Ints, change: Ints) -> Ints:
        after, who = states.copy(), np.arange(len(states))
        after[who, change // types] -= 1
        after[who, change % types] += 1
        return after

    return Chain(
        types=types,
        states=comb(n + types - 1, types - 1),
        every=every,
        changes=lambda states: count_changes(population, states).reshape(len(states), -1),
        changed=changed,
        left=lambda states: np.where((states == n).any(1), states.argmax(1), -1),
        counts=lambda states: states,
        width=types**2,
    )


def _of_graph(population: "GraphPopulation") -> Chain:
    n, types = population.size, len(population.types)
    place = types ** np.arange(n) if types**n < 2**62 else np.zeros(n, np.int64)

    def changed(states: Ints, change: Ints) -> Ints:
        after = states.copy()
        after[np.arange(len(states)), change // types] = change % types
        return after

    return Chain(
        types=types,
        states=types**n,
        every=lambda: (np.arange(types**n)[:, None] // place % types, lambda given: given @ place),
        changes=lambda states: node_changes(population, states).reshape(len(states), -1),
        changed=changed,
        left=lambda states: np.where((states == states[:, :1]).all(1), states[:, 0], -1),
        counts=lambda states: (states[:, :, None] == np.arange(types)).sum(1),
        width=population.around.nodes.size * types,
    )


class Start(NamedTuple):
    """Where populations begin.

    Attributes:
        counts: of the members of each type, `[types]`.
        nodes: the type of each node; None where members are placed evenly at random, or meet everybody.
        draw: states at the beginning.
    """

    counts: Ints
    nodes: Ints | None
    draw: Draw


def start_of(population: Any, start: Any) -> Start:
    """What `fixation` takes as a start.

    Raises:
        InputError: for types that there are not, and numbers that do not add up.
    """
    names, n = population.types, population.size
    on_graph = hasattr(population, "around")
    if hasattr(start, "items"):
        unknown = [str(name) for name in start if name not in names]
        if unknown:
            raise InputError(f"no type {unknown[0]!r}; there are {', '.join(names)}")
        counts = finite_array([start.get(name, 0) for name in names], "start", ndim=1)
        if (counts < 0).any() or (counts != np.rint(counts)).any() or counts.sum() != n:
            raise InputError(f"start says how many of {n} members are of each type, together {n}; got {dict(start)}")
        whole = counts.astype(np.int64)
        return Start(whole, None, partial(_placed if on_graph else _repeated, whole))
    told = list(start) if hasattr(start, "__iter__") else []
    if not on_graph or len(told) != n or any(name not in names for name in told):
        wanted = f"or the types of its {n} nodes in a row" if on_graph else f"{n} in all"
        raise InputError(
            f"start is a mapping from types to numbers of members, as {{{names[0]!r}: 1, …}}, {wanted}; got {start!r}"
        )
    nodes = np.array([names.index(name) for name in told], np.int64)
    return Start(np.bincount(nodes, minlength=len(names)), nodes, partial(_repeated, nodes))


def _repeated(state: Ints, random: np.random.Generator, count: int) -> Ints:
    return np.repeat(state[None], count, axis=0)


def _placed(counts: Ints, random: np.random.Generator, count: int) -> Ints:
    """Members of the types at nodes drawn evenly."""
    members = np.repeat(np.arange(len(counts)), counts)
    return random.permuted(np.repeat(members[None], count, axis=0), axis=1)
