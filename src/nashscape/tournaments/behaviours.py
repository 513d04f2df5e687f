"""What strategies do, whatever their states are called: the fewest states that do it, and lists of all there are."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product

import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.tournaments.named import strategy
from nashscape.tournaments.strategies import Strategy, memory_one

MOST_AUTOMATA = 3
"""States of automata that are listed: of four there are more than a million."""


@public()
def minimised(given: Strategy | str, *, slips: bool = False) -> Strategy:
    """The same behaviour with the fewest states, numbered in the order in which play first reaches them.

    Two strategies behave alike exactly where these are equal.

    Args:
        given: a strategy, or its name.
        slips: whether an action can be another than was meant, so that it counts what follows on that too.

    Example:
        >>> minimised("TFT").definition
        'C 0 1 / D 0 1'
    """
    given = strategy(given)
    ways = [_ways(p, slips) for p in given.cooperates]
    group = _groups(given, ways)
    first = {own: k for k, own in reversed(group.items())}
    moves = np.zeros((len(first), 2, 2), np.int64)
    for own, k in first.items():
        for way in range(2):
            # what no play comes to is as what it does come to, so that it makes no difference
            used = way if way in ways[k] else ways[k][0]
            moves[own, way] = [group[after] for after in given.moves[k][used].tolist()]
    return Strategy(given.name, tuple(given.cooperates[first[own]] for own in range(len(first))), moves)


def _groups(given: Strategy, ways: list[list[int]]) -> dict[int, int]:
    """The states that play reaches, each with the number of those that do the same, in the order of being reached."""
    after = [[int(own) for way in ways[k] for own in given.moves[k][way]] for k in range(len(ways))]
    reached = [0]
    for k in reached:
        reached += [own for own in dict.fromkeys(after[k]) if own not in reached]
    group = _numbered({k: given.cooperates[k] for k in reached})
    while True:
        # those stay together that go on to the same groups
        finer = _numbered({k: (group[k], *(group[own] for own in after[k])) for k in reached})
        if finer == group:
            return group
        group = finer


def _numbered(told: Mapping[int, Hashable]) -> dict[int, int]:
    numbers = {one: number for number, one in enumerate(dict.fromkeys(told.values()))}
    return {k: numbers[one] for k, one in told.items()}


def _ways(p: Fraction, slips: bool) -> list[int]:
    """The own actions that can follow a probability of C."""
    return [0, 1] if slips or 0 < p < 1 else [int(p == 0)]


@public()
def distinct(strategies: Iterable[Strategy | str], *, slips: bool = False) -> list[Strategy]:
    """Of strategies that behave alike the first.

    Args:
        strategies: any, or their names.
        slips: whether an action can be another than was meant.

    Example:
        >>> len(distinct(all_memory_one())), len(distinct(all_memory_one(), slips=True))
        (26, 32)
    """
    found: dict[str, Strategy] = {}
    for one in strategies:
        found.setdefault(minimised(one, slips=slips).definition, strategy(one))
    return list(found.values())


@public()
def all_memory_one() -> list[Strategy]:
    """The 32 strategies that remember one round and leave nothing to chance, `first: CC CD DC DD`.

    Some do the same as others unless actions slip: 26 are left by `distinct`.

    Example:
        >>> all_memory_one()[5].name
        '0: 0 1 0 1'
    """
    return [memory_one(rest, first=first) for first, *rest in product((0, 1), repeat=5)]


@public()
def all_automata(states: int = 2) -> list[Strategy]:
    """Every behaviour of automata with at most so many states that see the other's actions, each once.

    Args:
        states: from 1 to 3.

    Raises:
        InputError: for more.

    Example:
        >>> [len(all_automata(k)) for k in (1, 2)]
        [2, 26]

    Source: Linster: Evolutionary Stability in the Infinitely Repeated Prisoners' Dilemma Played by Two-State Moore
    Machines. Southern Economic Journal 58, 880–903, 1992, for the 26 of two states.
    """
    most = positive_integer(states, "states")
    if most > MOST_AUTOMATA:
        raise InputError(f"automata of at most {MOST_AUTOMATA} states are listed; got {most}: there are too many")
    found = [minimised(one) for size in range(1, most + 1) for one in _automata(size)]
    return [one.named(text) for text, one in {own.definition: own for own in found}.items()]


def _automata(size: int) -> Iterator[Strategy]:
    for outputs in product((0, 1), repeat=size):
        for after in product(range(size), repeat=2 * size):
            moves = np.repeat(np.array(after, np.int64).reshape(size, 1, 2), 2, axis=1)
            yield Strategy("", tuple(map(Fraction, outputs)), moves)
