"""Turns of battles: the states of a side, and what two choices lead to, of many battles at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.games.families.battle_creatures import Creature, damage

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

OVER = 0
"""The number of the state of a side all of whose members have fallen."""


@dataclass(frozen=True, eq=False)
class SideStates:
    """The states of a side of m members with at most h points of health each: points by member, and who is in play.

    Attributes:
        points: `[S, m]`.
        active: which member is in play, `[S]`.
        switched: the state after the r-th next member in the circle came in, `[S, m − 1]`; itself where that one fell.
        allowed: whether that member stands, `[S, m − 1]`.
        hit: the state after who is in play lost d points, `[S, d]`; who falls is followed by the next who stands.
        falls: whether it falls of that, `[S, d]`.
    """

    points: Ints
    active: Ints
    switched: Ints
    allowed: Bools
    hit: Ints
    falls: Bools

    @property
    def total(self) -> Ints:
        """All points, `[S]`."""
        made: Ints = self.points.sum(axis=1)
        return made

    def number(self, points: Sequence[int], active: int) -> int:
        """The number of a state."""
        return int(np.flatnonzero((self.points == points).all(axis=1) & (self.active == active))[0])

    def pairs(self) -> Iterator[tuple[Ints, Ints]]:
        """All states in which both sides stand, in groups of the same points together, the fewest first."""
        total = self.total
        both = total[:, None] + total
        both[OVER], both[:, OVER] = 0, 0
        for points in range(2, int(both.max()) + 1):
            one, two = np.nonzero(both == points)
            yield one, two


@cache
def side_states(members: int, health: int, most: int) -> SideStates:
    """The states of a side, where attacks take `most` points at most."""
    alive = [(points, k) for points in product(range(health + 1), repeat=members) for k in range(members) if points[k]]
    every = [((0,) * members, 0), *alive]
    numbers = {state: k for k, state in enumerate(every)}

    def switch(points: tuple[int, ...], active: int, ahead: int) -> int:
        return numbers.get((points, (active + ahead) % members), numbers[points, active])

    def struck(points: tuple[int, ...], active: int, lost: int) -> int:
        left = tuple(max(p - lost * (k == active), 0) for k, p in enumerate(points))
        standing = [k % members for k in range(active, active + members) if left[k % members]]
        return numbers[left, standing[0]] if standing else OVER

    ahead, lost = range(1, members), np.arange(most + 1)
    points, active = np.array([own for own, _ in every]), np.array([k for _, k in every])
    switched = np.array([[switch(*state, r) for r in ahead] for state in every], np.int64).reshape(len(every), -1)
    return SideStates(
        points=points,
        active=active,
        switched=switched,
        allowed=switched != np.arange(len(every))[:, None],
        hit=np.array([[struck(*state, int(d)) for d in lost] for state in every]),
        falls=points[np.arange(len(every)), active][:, None] <= lost,
    )


class Strength(NamedTuple):
    """What members of two sides do to each other, of n battles.

    Attributes:
        own: points that moves of members of the one side take from those of the other, `[n, m, m, k]`.
        other: the same the other way round.
        faster: 1 where a member of the one side is faster than one of the other, −1 if slower, `[n, m, m]`.
        luck: how many points more a strike may take, and how likely.
    """

    own: Ints
    other: Ints
    faster: Ints
    luck: tuple[tuple[int, float], ...] = ((0, 1.0),)


def damages(roster: Sequence[Creature], types: int) -> Ints:
    """Points that moves of a creature take from another, `[i, j, k]`; who has fewer moves has the first one again."""
    most = max(len(one.moves) for one in roster)
    return np.array([
        [[damage(move, other.kind, types) for move in (*one.moves, *one.moves[:1] * (most - len(one.moves)))]
         for other in roster] for one in roster
    ])  # fmt: skip


def outcomes(side: SideStates, strength: Strength, values: Floats, one: Ints, two: Ints) -> Floats:
    """What the values of the next states are by both choices, `[n, L, a, a]`: moves first, then switches.

    Args:
        side: the states of either side.
        strength: what members do to each other, of n battles.
        values: of pairs of states, `[n, S, S]`.
        one: states of the one side, `[L]`.
        two: states of the other, `[L]`.
    """
    moves, switches = strength.own.shape[3], side.switched.shape[1]
    made = np.zeros((len(values), len(one), moves + switches, moves + switches))
    mirror = values.transpose(0, 2, 1)
    for more, chance in strength.luck:
        for others, likely in strength.luck:
            lucky = strength._replace(own=strength.own + more, other=strength.other + others)
            made[:, :, :moves, :moves] += chance * likely * _both_attack(side, lucky, values, one, two)
        made[:, :, :moves, moves:] += chance * _who_comes_in(side, strength.own + more, values, one, two)
        mirrored = _who_comes_in(side, strength.other + more, mirror, two, one)
        made[:, :, moves:, :moves] += chance * mirrored.swapaxes(2, 3)
    if switches:
        # a turn without an attack costs both who come in a point, so that no battle goes on for ever
        in_one, in_two = (side.hit[side.switched[own], 1] for own in (one, two))
        made[:, :, moves:, moves:] = values[:, in_one[:, :, None], in_two[:, None, :]]
        # who has fallen cannot come in: the first move stands in its place, which changes no value
        made[:, :, moves:] = np.where(side.allowed[one][None, :, :, None], made[:, :, moves:], made[:, :, :1])
        made[..., moves:] = np.where(side.allowed[two][None, :, None, :], made[..., moves:], made[..., :1])
    return made


def _both_attack(side: SideStates, strength: Strength, values: Floats, one: Ints, two: Ints) -> Floats:
    """By moves of both, `[n, L, k, k]`: the faster strikes first, and who falls strikes no more; equals toss a coin."""
    i, j = side.active[one], side.active[two]
    mine, theirs = strength.own[:, i, j][:, :, :, None], strength.other[:, j, i][:, :, None, :]
    battle = np.arange(len(values))[:, None, None, None]
    s, t = one[None, :, None, None], two[None, :, None, None]
    struck_one = np.where(side.falls[t, mine], s, side.hit[s, theirs])
    struck_two = np.where(side.falls[s, theirs], t, side.hit[t, mine])
    first = values[battle, struck_one, side.hit[t, mine]]
    second = values[battle, side.hit[s, theirs], struck_two]
    ahead = strength.faster[:, i, j][:, :, None, None]
    made: Floats = np.where(ahead > 0, first, np.where(ahead < 0, second, (first + second) / 2))
    return made


def _who_comes_in(side: SideStates, taken: Ints, values: Floats, one: Ints, two: Ints) -> Floats:
    """By moves of the one and switches of the other, `[n, L, k, m − 1]`: who comes in is struck."""
    into = side.switched[two]
    lost = taken[:, side.active[one][:, None], side.active[into]]
    after = side.hit[into[None, :, :, None], lost]
    found: Floats = values[np.arange(len(values))[:, None, None, None], one[None, :, None, None], after]
    return found.swapaxes(2, 3)
