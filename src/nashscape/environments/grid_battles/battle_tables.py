"""A battle as tables: all states that can be reached, turn by turn, and where joint actions of both teams lead."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.environments.grid_battles.battle_turns import ACTIONS, HOLD, Bools, Field, Integers

Floats = npt.NDArray[np.float64]

MOST_ENTRIES = 2_000_000
"""Joint actions of both teams in all states together: more are not written out."""


@dataclass(frozen=True)
class BattleTables:
    """All states, and what follows.

    Joint actions of a team of N are numbered from 0 to `6^N − 1`, the first member's action the first digit. An entry
    is what both teams can do in a state: entries are in the order of states, of `own` and of `other`, states in that of
    turns.

    Attributes:
        field: the grid, and its rules.
        states: cells and points, `[S, 4 N]`.
        first: the number of the first state of each turn, and S, `[T + 2]`; those of the last turn are ends.
        mirror: the number of each state as the other team sees it, `[S]`.
        allowed: what members of the first team may do, `[N, S, 6]`.
        own: of every entry the state and the first team's joint action, `6^N s + a`, `[E]`.
        other: the state and the other team's joint action as that team sees it, `6^N s + b`, `[E]`.
        following: the state after it, `[E]`.
        entries: the first entry of each turn, and E, `[T + 1]`.
        ends: whether a battle is over in a state, `[S]`.
    """

    field: Field
    states: Integers
    first: Integers
    mirror: Integers
    allowed: Bools
    own: Integers
    other: Integers
    following: Integers
    entries: Integers
    ends: Bools

    @cached_property
    def holding(self) -> Floats:
        """How many standing members of the first team hold their ground by each joint action, `[S, 6^N]`."""
        n = self.field.members
        standing = self.states[:, 2 * n : 3 * n] > 0
        digits = np.stack(np.unravel_index(np.arange(len(ACTIONS) ** n), (len(ACTIONS),) * n))
        made: Floats = standing.astype(float) @ (digits == HOLD)
        return made * ~self.ends[:, None]

    @cached_property
    def lead(self) -> Integers:
        """By how many points the first team is ahead, `[S]`."""
        n = self.field.members
        points = self.states[:, 2 * n :]
        made: Integers = points[:, :n].sum(axis=1) - points[:, n:].sum(axis=1)
        return made

    @property
    def turns(self) -> list[tuple[slice, slice]]:
        """States and entries of every turn in which somebody acts."""
        states, entries = ([slice(*ends) for ends in pairwise(own.tolist())] for own in (self.first, self.entries))
        return list(zip(states, entries, strict=False))


def battle_tables(field: Field, health: int, turns: int) -> BattleTables:
    """All that can come of a battle, breadth first.

    Raises:
        InputError: where there is more than is written out.
    """
    n, joint = field.members, len(ACTIONS) ** field.members
    layers, parts, before, count = [field.start(health)], [], 0, 0
    for _ in range(turns):
        states = layers[-1]
        rows, actions = _choices(field, states, MOST_ENTRIES - count)
        now, there = _different(field.turn(states[rows], actions))
        own, other = (actions[:, team] @ _weights(n) for team in (slice(n), slice(n, None)))
        ahead = before + len(states)
        parts.append((joint * (before + rows) + own, joint * (before + rows) + other, ahead + there.ravel()))
        before, count = ahead, count + len(rows)
        layers.append(now)
    first = np.cumsum([0, *map(len, layers)])
    every = np.concatenate(layers)
    own, other, following = (np.concatenate(part) for part in zip(*parts, strict=True))
    ends = _over(field, every) | (np.arange(len(every)) >= first[-2])
    return BattleTables(
        field, every, first, _mirror(field, layers, first), field.allowed(every)[:, :n].transpose(1, 0, 2).copy(),
        own, other, following, np.cumsum([0, *(len(part[0]) for part in parts)]), ends,
    )  # fmt: skip


def _choices(field: Field, states: Integers, most: int) -> tuple[Integers, Integers]:
    """What all units can do in states that are no ends: the row of the state, and the actions, `[E, units]`."""
    allowed = field.allowed(states) & ~_over(field, states)[:, None, None]
    if allowed.sum(axis=2).prod(axis=1).sum() > most:
        raise InputError(f"battles have {MOST_ENTRIES:,} joint actions of both teams in all states together at most: "
                         "take a smaller grid, fewer members, less health or fewer turns")  # fmt: skip
    chosen = np.nonzero(allowed[:, 0])
    rows, actions = chosen[0], chosen[1][:, None]
    for unit in range(1, field.units):
        again, action = np.nonzero(allowed[rows, unit])
        rows, actions = rows[again], np.concatenate([actions[again], action[:, None]], axis=1)
    return rows, actions


def _different(states: Integers) -> tuple[Integers, Integers]:
    """Different states, and of every given one its number among them."""
    codes = np.zeros(len(states), np.int64)
    for column in states.T:
        # numbered anew after each column, so that they stay small
        codes = np.unique(codes * (int(column.max()) + 1) + column, return_inverse=True)[1].ravel()
    first, there = np.unique(codes, return_index=True, return_inverse=True)[1:]
    return states[first], there.ravel()


def _weights(members: int) -> Integers:
    """Of the digits of a joint action."""
    return np.array([len(ACTIONS) ** (members - 1 - k) for k in range(members)])


def _over(field: Field, states: Integers) -> Bools:
    """Whether nobody of a team stands."""
    standing = states[:, field.units :].reshape(-1, 2, field.members) > 0
    found: Bools = ~np.all(np.any(standing, axis=2), axis=1)
    return found


def _mirror(field: Field, layers: list[Integers], first: Integers) -> Integers:
    found = []
    for start, states in zip(first.tolist(), layers, strict=False):
        # both are the same states, in two orders
        order, other = (np.lexsort(own.T[::-1]) for own in (states, field.mirrored(states)))
        place = np.empty(len(states), np.int64)
        place[other] = order
        found.append(start + place)
    return np.concatenate(found)
