"""Creatures who battle: types in a circle, health, speed and moves."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public

MOST_HEALTH = 8
"""Of a creature: battles of two against two have 130 states of either side then."""
MOST_MOVES = 4


class Move(NamedTuple):
    """An attack.

    Attributes:
        kind: its type, from 0.
        power: points of health that it takes from creatures of most types.
    """

    kind: int
    power: int


class Creature(NamedTuple):
    """Who battles.

    Attributes:
        name: its name.
        kind: its type, from 0.
        health: points that it can lose; at 0 it falls.
        speed: of two who attack the faster strikes first.
        moves: its attacks.
    """

    name: str
    kind: int
    health: int
    speed: int
    moves: tuple[Move, ...]


def damage(move: Move, kind: int, types: int) -> int:
    """The points that a move takes from a creature of a type: twice its power from the next type in the circle, half
    of it, rounded up, from the type before.

    >>> [damage(Move(0, 3), kind, 4) for kind in range(4)]
    [3, 6, 3, 2]
    """
    ahead = (kind - move.kind) % types
    return 2 * move.power if ahead == 1 else -(-move.power // 2) if ahead == types - 1 else move.power


def checked_roster(roster: Sequence[Creature], types: int) -> tuple[Creature, ...]:
    """Creatures that can battle.

    Raises:
        InputError: for what is no creature, names that two have, and numbers outside their limits.
    """
    found = tuple(roster)
    for one in found:
        if not all(hasattr(one, part) for part in Creature._fields):
            raise InputError(f"a roster is a list of games.Creature; got {one!r}")
        told = f"the creature {one.name!r}"
        if positive_integer(one.health, f"health of {told}") > MOST_HEALTH:
            raise InputError(f"creatures have a health of at most {MOST_HEALTH}; {told} has {one.health}")
        positive_integer(one.speed, f"speed of {told}", at_least=0)
        if not 1 <= len(one.moves) <= MOST_MOVES:
            raise InputError(f"creatures have from 1 to {MOST_MOVES} moves; {told} has {len(one.moves)}")
        for kind in (one.kind, *(move.kind for move in one.moves)):
            if positive_integer(kind, f"a type of {told}", at_least=0) >= types:
                raise InputError(f"types are numbered from 0 to {types - 1}; {told} has {kind}")
        for move in one.moves:
            positive_integer(move.power, f"power of a move of {told}")
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"creatures of a roster have different names; two are called {twice!r}")
    return found


@public()
def random_roster(
    count: int, *, types: int = 5, health: tuple[int, int] = (3, 4), power: tuple[int, int] = (1, 2), seed: int = 0
) -> tuple[Creature, ...]:
    """Creatures drawn at random, with two moves each: one of their own type, and one of another.

    Types follow each other in turn, so that each is as frequent; all else is drawn evenly. No two are equally fast.

    Args:
        count: how many creatures.
        types: of the circle, three or more.
        health: the least and the most.
        power: of moves, the least and the most.
        seed: of what is drawn.

    Raises:
        InputError: for limits out of order or below 1.

    Example:
        >>> ann, bob = random_roster(2, types=3, seed=1)
        >>> ann.name, ann.kind, bob.kind, len(bob.moves)
        ('c1', 0, 1, 2)
    """
    count, types = positive_integer(count, "count"), positive_integer(types, "types", at_least=3)
    for what, (low, high) in (("health", health), ("power", power)):
        if positive_integer(low, f"least {what}") > positive_integer(high, f"largest {what}"):
            raise InputError(f"{what} is drawn from the least to the largest, in order; got {low} and {high}")
    random = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
    speeds = random.permutation(count)
    made = []
    for k in range(count):
        kind = k % types
        other = (kind + int(random.integers(1, types))) % types
        moves = tuple(Move(one, int(random.integers(power[0], power[1] + 1))) for one in (kind, other))
        points = int(random.integers(health[0], health[1] + 1))
        made.append(Creature(f"c{k + 1}", kind, points, int(speeds[k]), moves))
    return tuple(made)
