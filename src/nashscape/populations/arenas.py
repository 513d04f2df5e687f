"""Arenas: where members of any kind meet, such as policies, networks or programs, whose strategies cannot be listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Opponents:
    """Whom a member learns against: profiles of members, one of which is drawn for every play.

    Attributes:
        profiles: members by side, None at the side of who learns.
        weights: how often each is met, `[n]`; they sum to 1 where there are any.
        oneself: how often the others are who learns itself, as it is at the time, where sides share a pool.
    """

    profiles: tuple[tuple[Any, ...], ...]
    weights: Floats
    oneself: float = 0.0

    def draw(self, random: np.random.Generator) -> tuple[Any, ...]:
        """One of the profiles."""
        return self.profiles[int(random.choice(len(self.profiles), p=self.weights))]


class Arena(Protocol):
    """Where members meet; any object that has these. Members are arrays, numbers, texts, or tuples of such.

    An arena also has one of two: `payoffs(members)`, what each side gets in the mean, `[k]`, exactly; or
    `play(members, count, random)`, what each gets in so many plays, `[count, k]`. It may have `best(side, members)`,
    the most that a side can get where the others play those members, exactly.

    Attributes:
        name: of the arena.
        sides: names of the k sides.
        seats: of every side the number of the pool from which it takes its members, from 0.
        bounds: the least and the largest payoff that a play can have.
    """

    name: str
    sides: Sequence[str]
    seats: Sequence[int]
    bounds: tuple[float, float]

    def start(self, seat: int, random: np.random.Generator) -> Any:
        """A member that has learnt nothing."""
        ...

    def respond(self, side: int, opponents: Opponents, begin: Any, random: np.random.Generator) -> Any:
        """A member that has learnt from `begin` on, as a side, against opponents."""
        ...


def is_arena(value: Any) -> bool:
    """Whether something says how to respond, as games do not."""
    return callable(getattr(value, "respond", None))


def checked_arena(arena: Any) -> Any:
    """An arena that has all it must.

    Raises:
        InputError: with what is missing.
    """
    told = (
        "an arena has name, sides, seats, bounds, start, respond, and payoffs or play; see nashscape.populations.Arena"
    )
    for name in ("name", "sides", "seats", "bounds", "start", "respond"):
        if not hasattr(arena, name):
            raise InputError(f"{told}; {type(arena).__name__} has no {name}")
    if not (is_exact(arena) or callable(getattr(arena, "play", None))):
        raise InputError(f"{told}; {type(arena).__name__} has neither payoffs nor play")
    seats = tuple(arena.seats)
    if len(arena.sides) < 2 or len(seats) != len(arena.sides) or sorted(set(seats)) != list(range(max(seats) + 1)):
        raise InputError(f"an arena has two sides or more, and of each the number of its pool, from 0; got sides "
                         f"{tuple(arena.sides)} and seats {seats}")  # fmt: skip
    low, high = (finite_number(end, "bounds of payoffs") for end in arena.bounds)
    if not low < high:
        raise InputError(f"bounds of payoffs are a least and a larger one; got {low:g} and {high:g}")
    return arena


def is_exact(arena: Any) -> bool:
    """Whether an arena gives mean payoffs exactly."""
    return callable(getattr(arena, "payoffs", None))


def mean_payoffs(arena: Any, members: Sequence[Any]) -> Floats:
    """What each side gets in the mean, `[k]`, checked."""
    return _checked(arena, np.asarray(arena.payoffs(tuple(members)), float), (len(arena.sides),))


def played(arena: Any, members: Sequence[Any], count: int, random: np.random.Generator) -> Floats:
    """What each side gets in so many plays, `[count, k]`, checked."""
    return _checked(arena, np.asarray(arena.play(tuple(members), count, random), float), (count, len(arena.sides)))


def _checked(arena: Any, found: Floats, shape: tuple[int, ...]) -> Floats:
    low, high = arena.bounds
    room = 1e-9 * (high - low)
    # what is no number is not between them either
    within = found.shape == shape and bool(((found >= low - room) & (found <= high + room)).all())
    if not within:
        got = found.shape if found.shape != shape else found.tolist()
        raise InputError(f"{arena.name} must pay from {low:g} to {high:g}, an array of shape {shape}; got {got}: mend "
                         "its payoffs, or widen its bounds")  # fmt: skip
    return found
