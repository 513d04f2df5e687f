"""What strategies do, whatever their states are called: the fewest states that do it, and lists of all there are."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.tournaments.strategies import Strategy, memory_one

MOST_AUTOMATA = 3
"""States of automata that are listed: of four there are more than a million."""


@public()
def minimised(given: Strategy, *, slips: bool = False) -> Strategy:
    """The same behaviour with the fewest states, numbered in the order in which play first reaches them.

    Two strategies behave alike exactly where these are equal.

    Args:
        given: a strategy.
        slips: whether an action can be another than was meant, so that it counts what follows on that too.

    Example:
        >>> from nashscape.tournaments import strategy
        >>> minimised(strategy("TFT")).text
        '1 0 1 0 1 / 0 0 1 0 1'
    """
    ways = [_ways(p, slips) for p in given.cooperates]
    reached = [0]
    for k in reached:
        reached += sorted({int(own) for way in ways[k] for own in given.moves[k][way]} - set(reached))
    group = {k: given.cooperates[k] for k in reached}
    while True:
        # a state stays with those that do the same, and go on to the same groups
        told = {k: (group[k], *(group[int(own)] for way in ways[k] for own in given.moves[k][way])) for k in reached}
        numbers = {one: number for number, one in enumerate(dict.fromkeys(told.values()))}
        finer = {k: Fraction(numbers[told[k]]) for k in reached}
        if len(set(finer.values())) == len(set(group.values())):
            break
        group = finer
    first = {int(finer[k]): k for k in reversed(reached)}
    order = sorted(first, key=lambda g: reached.index(first[g]))
    number = {g: k for k, g in enumerate(order)}
    moves = np.zeros((len(order), 2, 2), np.int64)
    for g, k in number.items():
        own = first[g]
        for way in range(2):
            used = way if way in ways[own] else ways[own][0]
            moves[k, way] = [number[int(finer[int(after)])] for after in given.moves[own][used]]
    return Strategy(given.name, tuple(given.cooperates[first[g]] for g in order), moves)


def _ways(p: Fraction, slips: bool) -> list[int]:
    """The own actions that can follow a probability of C."""
    return [0, 1] if slips or 0 < p < 1 else [int(p == 0)]


@public()
def distinct(strategies: Iterable[Strategy], *, slips: bool = False) -> list[Strategy]:
    """Of strategies that behave alike the first.

    Args:
        strategies: any.
        slips: whether an action can be another than was meant.

    Example:
        >>> len(distinct(all_memory_one())), len(distinct(all_memory_one(), slips=True))
        (26, 32)
    """
    found: dict[str, Strategy] = {}
    for one in strategies:
        found.setdefault(minimised(one, slips=slips).text, one)
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
    listed = dict.fromkeys(one.text for one in found)
    by_text = {one.text: one for one in found}
    return [by_text[text].named(_short(by_text[text])) for text in listed]


def _automata(size: int) -> Iterator[Strategy]:
    for outputs in product((0, 1), repeat=size):
        for after in product(range(size), repeat=2 * size):
            moves = np.repeat(np.array(after, np.int64).reshape(size, 1, 2), 2, axis=1)
            yield Strategy("", tuple(map(Fraction, outputs)), moves)


def _short(one: Strategy) -> str:
    """What each state plays, and what follows on C and D of the other."""
    told = zip(one.cooperates, one.moves[:, 0].tolist(), strict=True)
    return " / ".join(f"{'C' if p else 'D'} {c} {d}" for p, (c, d) in told)
