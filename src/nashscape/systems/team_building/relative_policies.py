"""Policies of battles that see states relative to types, learnt from battles of some teams, played with any."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.games import TeamBattles
from nashscape.games.families.battle_teams import Pair
from nashscape.games.families.battle_turns import OVER, SideStates, Strength, outcomes
from nashscape.games.families.battle_values import met_values, solve, worst_values
from nashscape.games.matrix_values import matrix_values

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STRIKES = 3
"""So many strikes or more until one falls look alike."""
FALLEN = 2 * STRIKES * STRIKES + STRIKES * STRIKES
"""How a meeting looks with one who has fallen; all others have smaller numbers."""
LOOKS = {"coarse": 2, "fine": 4}
"""How many meetings a policy sees: of both in play, of its other member with who is in play, and the two others."""


class Seen(NamedTuple):
    """What a policy sees of all pairs of states of battles of two against two.

    Attributes:
        codes: how a state looks, `[n, S, S]`.
        own: the numbers of its choices, the strongest move against who is in play first, then other moves, then the
            switch, or the strongest move again where there is none, `[n, S, S, a]`.
        other: the same of the other side.
    """

    codes: Ints
    own: Ints
    other: Ints


class Lesson(NamedTuple):
    """States of some battles, and what choices lead to there.

    Attributes:
        side: the states of a side.
        strength: of the battles.
        one: states of the one side, `[L]`.
        two: states of the other side, `[L]`.
        there: which of them can occur, `[n, L]`.
        ahead: of these the values of what choices lead to, in the order of `Seen`, `[N, a, a]`.
    """

    side: SideStates
    strength: Strength
    one: Ints
    two: Ints
    there: npt.NDArray[np.bool_]
    ahead: Floats


class Learnt(NamedTuple):
    """A policy: how each state looks that was met, and what it does there.

    Attributes:
        codes: in order, `[d]`.
        plays: how likely each choice is, in the order of `Seen`, `[d, a]`.
    """

    codes: Ints
    plays: Floats


def seen(side: SideStates, strength: Strength, meetings: int) -> Seen:
    """What a policy sees that looks at so many meetings."""
    active, rows = side.active, np.arange(len(side.active))
    members = [(k, side.points[rows, k]) for k in (active, 1 - active)]
    pairs = [(0, 0), (1, 0), (0, 1), (1, 1)][:meetings]
    codes = np.zeros((len(strength.own), len(rows), len(rows)), np.int64)
    for mine, theirs in pairs:
        codes = codes * (FALLEN + 1) + _meeting(strength, members[mine], members[theirs])
    taken = strength.own[:, active[:, None], active], strength.other[:, active[None, :], active[:, None]]
    allowed = side.allowed[:, 0]
    return Seen(codes, _in_order(taken[0], allowed[:, None]), _in_order(taken[1], allowed[None, :]))


def _meeting(strength: Strength, mine: tuple[Ints, Ints], theirs: tuple[Ints, Ints]) -> Ints:
    """How two members look to each other: who falls after how many strikes of the other, and who is faster."""
    (i, had), (j, has) = mine, theirs
    given = strength.own.max(axis=3)[:, i[:, None], j]
    taken = strength.other.max(axis=3)[:, j[None, :], i[:, None]]
    falls, fall = (np.minimum(-(-points // lost), STRIKES) - 1
                   for points, lost in ((has[None, :], given), (had[:, None], taken)))  # fmt: skip
    ahead = strength.faster[:, i[:, None], j] + 1
    made: Ints = np.where((had[:, None] == 0) | (has[None, :] == 0), FALLEN, (falls * STRIKES + fall) * 3 + ahead)
    return made


def _in_order(taken: Ints, allowed: npt.NDArray[np.bool_]) -> Ints:
    """The numbers of choices, the move that takes most first."""
    moves = np.argsort(-taken, axis=3, kind="stable")
    switch = np.where(allowed, taken.shape[3], moves[..., 0])[..., None]
    return np.concatenate([moves, switch], axis=3)


def lesson(battles: TeamBattles, pairs: Sequence[Pair]) -> Lesson:
    """All states of the battles of some pairs of teams that can occur."""
    strength, side = battles.strength(pairs), battles.side
    values = solve(side, strength).values
    standing = np.flatnonzero(np.arange(len(side.active)) != OVER)
    one, two = (own.ravel() for own in np.meshgrid(standing, standing, indexing="ij"))
    orders = seen(side, strength, 0)
    ahead = outcomes(side, strength, values, one, two)
    ahead = np.take_along_axis(ahead, orders.own[:, one, two][..., None], axis=2)
    ahead = np.take_along_axis(ahead, orders.other[:, one, two][..., None, :], axis=3)
    there = _possible(battles, pairs)[:, one, two]
    return Lesson(side, strength, one, two, there, ahead[there])


def learnt(taught: Lesson, meetings: int) -> Learnt:
    """A policy from battles of some pairs of teams: what choices lead to on average where states look alike.

    Of every state that looks so the values of what both choices lead to, which are exact, are averaged; the policy
    plays that table as the matrix game that it is. It is minimax-Q (Littman 1994) on an aggregation of states, fitted
    to the values that it would have to learn.
    """
    looks = seen(taught.side, taught.strength, meetings).codes[:, taught.one, taught.two][taught.there]
    codes, place = np.unique(looks, return_inverse=True)
    tables = np.zeros((len(codes), *taught.ahead.shape[1:]))
    np.add.at(tables, place, taught.ahead)
    return Learnt(codes, matrix_values(tables / np.bincount(place)[:, None, None]).rows)


def _possible(battles: TeamBattles, pairs: Sequence[Pair]) -> npt.NDArray[np.bool_]:
    """Whether no member has more points than it began with, `[n, S, S]`."""
    health = np.array([one.health for one in battles.roster])
    own, other = ((battles.side.points <= health[np.array(teams)][:, None, :]).all(axis=2)
                  for teams in zip(*pairs, strict=True))  # fmt: skip
    made: npt.NDArray[np.bool_] = own[:, :, None] & other[:, None, :]
    return made


def played(battles: TeamBattles, strength: Strength, found: Learnt, meetings: int, unknown: Floats) -> Floats:
    """What a policy does in all pairs of states, `[n, S, S, a]`; what looks like nothing it met, it plays as told."""
    look = seen(battles.side, strength, meetings)
    place = np.searchsorted(found.codes, look.codes).clip(0, max(len(found.codes) - 1, 0))
    known = found.codes[place] == look.codes if len(found.codes) else np.zeros(look.codes.shape, bool)
    plays = found.plays[place] if len(found.codes) else unknown
    chances = np.where(known[..., None], plays, unknown)
    made: Floats = (chances[..., None] * (look.own[..., None] == np.arange(look.own.shape[3]))).sum(axis=3)
    return made


class Left(NamedTuple):
    """What a policy leaves to be gained, by pair of teams, `[n]` each; means over who of both teams leads at first.

    Attributes:
        to_best: the value less what it gets against the best reply.
        to_exact: the value less what it gets against exact play.
    """

    to_best: Floats
    to_exact: Floats


def left(battles: TeamBattles, pairs: Sequence[Pair], found: Learnt, meetings: int, unknown: Floats) -> Left:
    """What a policy leaves to be gained in battles of pairs of teams; see `played` for the rest."""
    strength, side = battles.strength(pairs), battles.side
    exact, plays = solve(side, strength), played(battles, strength, found, meetings, unknown)
    starts = [[[battles.begins(team, lead) for lead in range(2)] for team in pair] for pair in pairs]

    def lost(values: Floats) -> Floats:
        each = zip(exact.values - values, starts, strict=True)
        return np.array([own[np.ix_(*both)].mean() for own, both in each])

    return Left(lost(worst_values(side, strength, plays)), lost(met_values(side, strength, plays, exact.two)))
