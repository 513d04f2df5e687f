"""How likely a chain of states ends at each type, exactly, and how long that takes.

States that come from each to each other are solved together, those first to which the others come.
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.evolution.first_exits import first_exits
from nashscape.evolution.state_chains import Chain

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_STATES = 8_192
"""States whose equations are solved: 13 nodes of two types, 8 of three."""

LOST = 1e-308
"""Smaller numbers are lost, once in an update."""

MOST_UPDATES = 1e150
"""Until one type is left; so what is lost changes chances by less than 10⁻¹⁵⁸."""


class Absorbed(NamedTuple):
    """How states end.

    Attributes:
        chances: how likely each type is the one that is left, and, last, that none ever is, `[states, types + 1]`; 0
            where it is so little that not all digits would be right.
        updates: how many it takes on average until that is settled, `[states]`; not a number where it is too large.
    """

    chances: Floats
    updates: Floats


def absorbed(chain: Chain, states: Ints, number: Any) -> Absorbed:
    """From every state how likely each type is left: `Σ_t rate(s, t) (h(t) − h(s)) = 0`.

    Args:
        chain: the chain.
        states: all from which it does not come to others.
        number: from states to their numbers in a row.
    """
    left = chain.left(states)
    made = np.zeros((len(states), chain.types + 2))
    made[left >= 0, left[left >= 0]] = 1.0
    going = np.flatnonzero(left < 0)
    if len(going):
        table = _rates(chain, states, number, going)
        with np.errstate(all="ignore"):
            for group in _groups(table, going):
                made[group] = _ends(table, group, made)
    chances, updates = made[:, :-1], made[:, -1]
    chances[chances < LOST / np.finfo(float).eps * np.maximum(updates, 1.0)[:, None]] = 0.0
    return Absorbed(chances, updates)


def _rates(chain: Chain, states: Ints, number: Any, going: Ints) -> Any:
    """A sparse table of the rates from all states in which something can happen."""
    from scipy.sparse import coo_array

    rates = chain.changes(states[going])
    source, change = np.nonzero(rates)
    target = number(chain.changed(states[going[source]], change))
    return coo_array((rates[source, change], (going[source], target)), shape=(len(states),) * 2).tocsr()


def _groups(table: Any, going: Ints) -> Iterator[Ints]:
    """States that come from each to each other, after all groups to which they come."""
    from scipy.sparse import csgraph

    inner = table[going][:, going]
    count, labels = csgraph.connected_components(inner, directed=True, connection="strong")
    source, target = (labels[ends] for ends in inner.nonzero())
    order = TopologicalSorter(dict.fromkeys(range(count), ()))
    for one, other in np.unique(np.stack([source, target], 1)[source != target], axis=0).tolist():
        order.add(one, other)
    members = np.split(going[np.argsort(labels, kind="stable")], np.bincount(labels).cumsum()[:-1])
    for k in order.static_order():
        yield members[k]


def _ends(table: Any, group: Ints, made: Floats) -> Floats:
    """How the states of one group end, by how those end to which they come: rows of `made`, in which theirs are 0."""
    rates, inner = table[group], table[group][:, group]
    if rates.nnz == inner.nnz:
        return np.repeat(np.eye(made.shape[1])[-2:-1], len(group), axis=0)
    out = np.asarray(rates @ made)
    out[:, -1] += 1.0
    return first_exits(inner, out)
