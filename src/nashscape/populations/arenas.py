"""Arenas: where members of any kind meet, such as policies, networks or programs, whose strategies cannot be listed."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.core.reprs import shown

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

    Example:
        >>> from nashscape import games
        >>> from nashscape.populations import sampled_game
        >>> arena = sampled_game(games.matching_pennies())
        >>> arena.sides, arena.seats, arena.bounds, arena.start(0, None).tolist()
        (('player 1', 'player 2'), (0, 1), (-1.0, 1.0), [0.5, 0.5])
    """

    @property
    def name(self) -> str:
        """Of the arena."""
        ...

    @property
    def sides(self) -> Sequence[str]:
        """Names of the k sides."""
        ...

    @property
    def seats(self) -> Sequence[int]:
        """Of every side the number of the pool from which it takes its members, from 0."""
        ...

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest payoff that a play can have."""
        ...

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
    for name, given in CALLED.items():
        _check_call(arena, name, given)
    seats = tuple(arena.seats)
    if len(arena.sides) < 2 or len(seats) != len(arena.sides) or sorted(set(seats)) != list(range(max(seats) + 1)):
        raise InputError(f"an arena has two sides or more, and of each the number of its pool, from 0; got sides "
                         f"{tuple(arena.sides)} and seats {seats}")  # fmt: skip
    ends = tuple(arena.bounds) if hasattr(arena.bounds, "__iter__") else ()
    if len(ends) != 2:
        raise InputError(f"bounds of payoffs are the least and the largest that a play can have; got {arena.bounds!r}")
    low, high = (finite_number(end, "bounds of payoffs") for end in ends)
    if not low < high:
        raise InputError(f"bounds of payoffs are a least and a larger one; got {low:g} and {high:g}")
    return arena


CALLED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "start": ("seat", "random"),
    "respond": ("side", "opponents", "begin", "random"),
    "payoffs": ("members",),
    "play": ("members", "count", "random"),
    "best": ("side", "members"),
})  # fmt: skip
"""What the methods of an arena are called with."""


def _check_call(arena: Any, name: str, given: tuple[str, ...]) -> None:
    """Whether a method that an arena has can be called as it will be."""
    method = getattr(arena, name, None)
    if method is None and name not in ("start", "respond"):
        return
    try:
        inspect.signature(method).bind(*given)  # type: ignore[arg-type]
    except TypeError:
        its = inspect.signature(method) if callable(method) else f" = {method!r}"
        raise InputError(f"an arena's {name} is called as {name}({', '.join(given)}); {type(arena).__name__} has "
                         f"{name}{its}") from None  # fmt: skip
    except ValueError:
        return  # of a function in C that says nothing


def begun(arena: Any, seat: int, random: np.random.Generator) -> Any:
    """A member that has learnt nothing, checked."""
    return checked_member(arena, arena.start(seat, random), "start gave")


def responded(arena: Any, side: int, opponents: Opponents, begin: Any, random: np.random.Generator) -> Any:
    """A member that has learnt against opponents, checked."""
    return checked_member(arena, arena.respond(side, opponents, begin, random), "respond gave")


def checked_member(arena: Any, member: Any, by: str) -> Any:
    """A member, or one error for what is none."""
    if not _is_member(member):
        raise InputError(f"members are arrays, numbers, texts or tuples of such; in {arena.name} {by} {shown(member)}")
    return member


def _is_member(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_member, value))
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return isinstance(value, (str, int, float, complex, Fraction)) if kind is None else kind in "biufcU"


def is_exact(arena: Any) -> bool:
    """Whether an arena gives mean payoffs exactly."""
    return callable(getattr(arena, "payoffs", None))


def mean_payoffs(arena: Any, members: Sequence[Any]) -> Floats:
    """What each side gets in the mean, `[k]`, checked."""
    return _checked(arena, arena.payoffs(tuple(members)), (len(arena.sides),))


def played(arena: Any, members: Sequence[Any], count: int, random: np.random.Generator) -> Floats:
    """What each side gets in so many plays, `[count, k]`, checked."""
    return _checked(arena, arena.play(tuple(members), count, random), (count, len(arena.sides)))


def _checked(arena: Any, given: Any, shape: tuple[int, ...]) -> Floats:
    low, high = arena.bounds
    room = 1e-9 * (high - low)
    try:
        found = np.asarray(given, float)
    except (TypeError, ValueError):
        found = np.zeros(0)
    # what is no number is not between them either
    outside = ~((found >= low - room) & (found <= high + room))
    if found.shape != shape or outside.any():
        got = f"shape {found.shape}" if found.shape != shape else f"{found[outside][0]:g}"
        raise InputError(f"{arena.name} must pay from {low:g} to {high:g}, an array of shape {shape}; got {got}: mend "
                         "its payoffs, or widen its bounds")  # fmt: skip
    return found
