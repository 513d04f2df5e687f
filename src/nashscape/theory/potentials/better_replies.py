"""Ordinal potentials: whether better replies ever lead back, decided by the order of payoffs alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Replies:
    """Changes of one player's action, as edges between profiles, or between these and helping nodes.

    Attributes:
        profiles: how many profiles there are; nodes from there on are helpers.
        nodes: of the graph.
        tails: where edges begin.
        heads: where they end.
        better: whether the player who moves gains.
    """

    profiles: int
    nodes: int
    tails: Integers
    heads: Integers
    better: npt.NDArray[np.bool_]

    @cached_property
    def groups(self) -> Integers:
        """For every node the number of the strongly connected part that it is in."""
        found: Integers = connected_components(self._graph, directed=True, connection="strong")[1]
        return found

    @property
    def _graph(self) -> Any:
        ones = np.ones(len(self.tails), dtype=np.int8)
        return coo_array((ones, (self.tails, self.heads)), shape=(self.nodes, self.nodes)).tocsr()

    def cycle(self) -> list[int] | None:
        """The profiles of a cycle in which somebody gains; None if there is none."""
        inside = np.flatnonzero(self.better & (self.groups[self.tails] == self.groups[self.heads]))
        if not len(inside):
            return None
        start, end = int(self.heads[inside[0]]), int(self.tails[inside[0]])
        before = breadth_first_order(self._graph, start, return_predecessors=True)[1]
        back = [end]
        while back[-1] != start:
            back.append(int(before[back[-1]]))
        return [node for node in reversed(back) if node < self.profiles]

    def levels(self) -> Integers:
        """For every profile the most gains on a way to it; a potential where there is no cycle with a gain."""
        between = self.groups[self.tails] != self.groups[self.heads]
        tails, heads = self.groups[self.tails[between]], self.groups[self.heads[between]]
        gains = self.better[between].astype(np.int64)
        count = int(self.groups.max()) + 1
        waiting, level = np.bincount(heads, minlength=count), np.zeros(count, dtype=np.int64)
        order = np.argsort(tails, kind="stable")
        begins = np.searchsorted(tails[order], np.arange(count + 1))
        left = np.flatnonzero(waiting == 0).tolist()
        while left:
            one = left.pop()
            for edge in order[begins[one] : begins[one + 1]]:
                head = heads[edge]
                level[head] = max(level[head], level[one] + gains[edge])
                waiting[head] -= 1
                if waiting[head] == 0:
                    left.append(int(head))
        made: Integers = level[self.groups[: self.profiles]]
        return made


def ranks(own: npt.NDArray[Any]) -> Integers:
    """The order of a player's payoffs as whole numbers, equal ones alike."""
    found: Integers = np.unique(own, return_inverse=True)[1].reshape(own.shape)
    return found


def weak_replies(order: Integers) -> Replies:
    """Changes of action by which the mover does not lose: to the next of its payoffs in order, both ways at ties.

    Args:
        order: ranks of payoffs, `[n, a_1, …, a_n]`.

    Example:
        >>> from nashscape import games
        >>> weak_replies(np.stack([ranks(own) for own in games.stag_hunt().payoffs])).cycle() is None
        True
    """
    tails, heads, better = [], [], []
    for _, line, sorted_ in _lines(order):
        rises = sorted_[:, 1:] > sorted_[:, :-1]
        tails += [line[:, :-1].ravel(), line[:, 1:][~rises]]
        heads += [line[:, 1:].ravel(), line[:, :-1][~rises]]
        better += [rises.ravel(), np.zeros(np.count_nonzero(~rises), dtype=bool)]
    size = order[0].size
    return Replies(size, size, np.concatenate(tails), np.concatenate(heads), np.concatenate(better))


def strict_replies(order: Integers) -> Replies:
    """Changes of action by which the mover gains, through a helper between one level of its payoffs and the next.

    Args:
        order: ranks of payoffs, `[n, a_1, …, a_n]`.

    Example:
        >>> from nashscape import games
        >>> strict_replies(np.stack([ranks(own) for own in games.matching_pennies().payoffs])).cycle()
        [0, 1, 3, 2]
    """
    size = order[0].size
    tails, heads, better = [], [], []
    for i, line, sorted_ in _lines(order):
        steps = np.zeros_like(sorted_)
        steps[:, 1:] = np.cumsum(sorted_[:, 1:] > sorted_[:, :-1], axis=1)
        # one helper below each level of each line
        helpers = size * (i + 1) + np.arange(len(line))[:, None] * line.shape[1] + steps
        last = steps == steps[:, -1:]
        tails += [line[~last], helpers[steps > 0]]
        heads += [helpers[~last] + 1, line[steps > 0]]
        better += [np.ones(np.count_nonzero(~last), dtype=bool), np.zeros(np.count_nonzero(steps > 0), dtype=bool)]
    nodes = size * (len(order) + 1)
    return Replies(size, nodes, np.concatenate(tails), np.concatenate(heads), np.concatenate(better))


def _lines(order: Integers) -> Iterator[tuple[int, Integers, Integers]]:
    """For every player the numbers of profiles along its own action, `[others, a_i]`, by its payoff, and its ranks."""
    numbers = np.arange(order[0].size).reshape(order[0].shape)
    for i, own in enumerate(order):
        line, values = (np.moveaxis(one, i, -1).reshape(-1, own.shape[i]) for one in (numbers, own))
        by = np.argsort(values, axis=1, kind="stable")
        yield i, np.take_along_axis(line, by, axis=1), np.take_along_axis(values, by, axis=1)
