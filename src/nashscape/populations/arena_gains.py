"""What a side of an arena gains against an answer: by a member that learns afresh, and at most."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core.statistics.bounded_means import bounded_mean
from nashscape.populations.arenas import Opponents, is_exact, mean_payoffs, played, responded

Floats = npt.NDArray[np.float64]
Parts = Sequence[tuple[Sequence[Any], Floats]]
"""Of every side its members, and how likely each is in the answer."""


class Gains(NamedTuple):
    """What sides gain, `[k]` each.

    Attributes:
        found: by members that learnt afresh against the answer.
        low: lower ends of their intervals; `found` itself where payoffs are exact.
        high: upper ends.
        limit: what no member can gain more than, infinite where the arena does not say the best.
    """

    found: Floats
    low: Floats
    high: Floats
    limit: Floats


def gains_of(
    arena: Any,
    parts: Parts,
    begin: Sequence[Any],
    tries: int,
    error: float,
    random: Callable[..., np.random.Generator],
) -> Gains:
    """What each side gains against an answer.

    A member learns from `begin` on against the others' part of the answer, and plays in its side's place. `limit` is
    what a side would gain that is told which members it meets, `Σ w best − value`: no less than what any member gains
    that is not told, and the most that one gains where the answer is one member for each side.

    Args:
        arena: where members meet.
        parts: the answer.
        begin: a member that has learnt nothing, by side.
        tries: plays, where payoffs are not exact.
        error: that an interval may miss what it is of.
        random: numbers of a purpose.
    """
    rows = []
    for side in range(len(parts)):
        met = others_of(parts, side)
        fresh = responded(arena, side, met, begin[side], random(0, side))
        if is_exact(arena):
            value, gain = _exact(arena, parts, side, met, fresh)
            ends = (gain, gain, gain)
        else:
            value, ends = _measured(arena, parts, side, fresh, tries, error, random(1, side))
        limit = np.inf
        if callable(getattr(arena, "best", None)):
            best = [arena.best(side, members) for members in met.profiles]
            limit = float(met.weights @ np.array(best)) - value
        rows.append((*ends, limit))
    return Gains(*np.array(rows).T)


def others_of(parts: Parts, side: int) -> Opponents:
    """The profiles of members that the others of a side are in the answer."""
    each = [[(None, 1.0)] if j == side else _likely(own) for j, own in enumerate(parts)]
    every = list(product(*each))
    weights = np.array([np.prod([chance for _, chance in one]) for one in every])
    return Opponents(tuple(tuple(member for member, _ in one) for one in every), weights / weights.sum())


def _likely(own: tuple[Sequence[Any], Floats]) -> list[tuple[Any, float]]:
    members, weights = own
    return [(members[int(k)], float(weights[k])) for k in np.flatnonzero(weights)]


def _in_place(members: Sequence[Any], side: int, own: Any) -> tuple[Any, ...]:
    return tuple(own if j == side else member for j, member in enumerate(members))


def _exact(arena: Any, parts: Parts, side: int, met: Opponents, fresh: Any) -> tuple[float, float]:
    """What the answer gets, and what the fresh member gets more."""

    def worth(own: Any) -> float:
        paid = [mean_payoffs(arena, _in_place(members, side, own))[side] for members in met.profiles]
        return float(met.weights @ np.array(paid))

    value = sum(chance * worth(own) for own, chance in _likely(parts[side]))
    return value, worth(fresh) - value


def _measured(
    arena: Any, parts: Parts, side: int, fresh: Any, tries: int, error: float, random: np.random.Generator
) -> tuple[float, tuple[float, float, float]]:
    """The least that the answer gets, and the mean difference with its ends; half of the error is for each."""
    profiles = [random.choice(len(members), size=tries, p=weights / weights.sum()) for members, weights in parts]
    drawn = np.stack(profiles, axis=1)
    had, has = np.zeros(tries), np.zeros(tries)
    for profile in np.unique(drawn, axis=0):
        there = np.flatnonzero((drawn == profile).all(axis=1))
        members = [own[0][int(number)] for own, number in zip(parts, profile, strict=True)]
        had[there] = played(arena, members, len(there), random)[:, side]
        has[there] = played(arena, _in_place(members, side, fresh), len(there), random)[:, side]
    low, high = arena.bounds
    gain = bounded_mean(np.clip(has - had, low - high, high - low), low - high, high - low, 1.0 - error / 2)
    value = bounded_mean(np.clip(had, low, high), low, high, 1.0 - error / 2)
    return value.low, (gain.value, gain.low, gain.high)
