"""`crossing`: two cars come to where their roads cross, and who goes first is what they have to settle."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.crossings.drives import Drive, Policy, best_policy, costs, crashes, driven
from nashscape.environments.crossings.motion import ACTIONS, Floats, Motion

SPEED = 1
"""Of every car at the start."""


@dataclass(frozen=True, eq=False, repr=False)
class Crossing:
    """Two cars that come to where their roads cross; made by `crossing`.

    It is an arena, in which `nashscape.populations.grow` grows policies: actions 0 to 2 (brake, keep, accelerate) by
    pair of places at the start, round and own state, `[S, T, X]`. Of the S pairs the own place is the slower number.

    Attributes:
        cars: how they move.
        places: cells in which each may start, from the first.
        rounds: T.
        crash: what a crash costs each, in rounds.
        seats: of each car the pool of its drivers.
    """

    cars: tuple[Motion, Motion]
    places: int
    rounds: int
    crash: float
    seats: tuple[int, int] = (0, 1)
    _known: dict[tuple[int, bytes], tuple[Drive, Drive]] = field(default_factory=dict)
    _best: dict[tuple[int, bytes], float] = field(default_factory=dict)

    name: ClassVar[str] = "crossing"
    sides: ClassVar[tuple[str, str]] = ("north", "west")

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest payoff."""
        return (-self.rounds - self.crash, 0.0)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """The states in which each car starts by pair of places, its own the slower number, `[2, S]`; all as likely."""
        own = np.arange(self.places**2) // self.places
        return np.array([[car.state(int(cell), SPEED) for cell in own] for car in self.cars], np.int64)

    def shape(self, side: int) -> tuple[int, int, int]:
        """Of a policy of one side, `S, T, X`."""
        return (self.places**2, self.rounds, self.cars[side].size)

    def start(self, seat: int, random: np.random.Generator) -> Policy:
        """A driver who has learnt nothing: an action drawn for each state of every round."""
        made: Policy = random.integers(0, len(ACTIONS), self.shape(seat)).astype(np.int8)
        return made

    def respond(self, side: int, opponents: Any, begin: Policy, random: np.random.Generator) -> Policy:
        """A best response to a mixture of others, exactly; where actions are as good, that of `begin`.

        No driver does better who remembers more: until one car is over the crossing, nothing is seen of the other.
        """
        met = [one[1 - side] for one in opponents.profiles]
        weights = np.asarray(opponents.weights, float) * (1.0 - opponents.oneself)
        if opponents.oneself:
            met, weights = [*met, begin], np.append(weights, opponents.oneself)
        over = [self._both(1 - side, own)[1].over for own in met]
        mean = np.tensordot(weights, np.array(over), 1)
        return best_policy(self.cars[side], mean, self.starts[side], self.crash, self.policy(side, begin))[0]

    def payoffs(self, members: Sequence[Any]) -> Floats:
        """What each car gets on average, `[2]`, exactly: rounds and crashes, as negative numbers."""
        (one, first), (other, second) = (self._both(side, own) for side, own in enumerate(members))
        return -np.array([costs(one, second, self.crash).mean(), costs(other, first, self.crash).mean()])

    def best(self, side: int, members: Sequence[Any]) -> float:
        """The most that a car can get against the other's policy, exactly."""
        met = self.policy(1 - side, members[1 - side])
        key = (side, met.tobytes())
        if key not in self._best:
            over, begin = self._both(1 - side, met)[1].over, np.zeros(self.shape(side), np.int8)
            found = best_policy(self.cars[side], over, self.starts[side], self.crash, begin)[1]
            self._best[key] = -float(found.mean())
        return self._best[key]

    def crashes(self, members: Sequence[Any]) -> float:
        """How likely two policies crash, exactly."""
        (one, _), (_, other) = (self._both(side, own) for side, own in enumerate(members))
        return float(crashes(one, other).mean())

    def seen(self, drive: Drive) -> Drive:
        """What a drive is for the other car, which has its own place as the slower number of pairs of places."""
        turned = np.arange(self.places**2).reshape(self.places, self.places).T.ravel()
        return Drive(drive.over[turned], drive.rest[turned])

    def drive(self, side: int, policy: Any) -> Drive:
        """When a policy's car is over the crossing, by pair of places as it sees them; what was computed is kept."""
        return self._both(side, policy)[0]

    def _both(self, side: int, policy: Any) -> tuple[Drive, Drive]:
        """A policy's drive as its own car and as the other sees pairs of places."""
        given = self.policy(side, policy)
        key = (side, given.tobytes())
        if key not in self._known:
            found = driven(self.cars[side], given, self.starts[side])
            self._known[key] = (found, self.seen(found))
        return self._known[key]

    def policy(self, side: int, given: Any) -> Policy:
        """A policy of one side, checked.

        Raises:
            InputError: for another shape, and what are no actions.
        """
        found = np.asarray(given)
        acts = found.astype(np.int8)
        if found.shape != self.shape(side) or (acts != found).any() or acts.min() < 0 or acts.max() >= len(ACTIONS):
            raise InputError(f"a policy of the {self.sides[side]} car is an array of actions 0, 1 and 2, of shape "
                             f"{self.shape(side)}; got shape {found.shape}")  # fmt: skip
        return acts

    def to_dict(self) -> dict[str, Any]:
        """The numbers from which all else follows."""
        return {name: getattr(self, name) for name in ("cars", "places", "rounds", "crash", "seats")}

    def __repr__(self) -> str:
        """Its size, as one line."""
        one, other = self.cars
        return f"<Crossing: roads of {one.cells} and {other.cells} cells, {self.rounds} rounds, crash {self.crash:g}>"


@public()
def crossing(
    *, cells: Any = 5, fastest: Any = 2, places: int = 3, rounds: int = 10, slip: float = 0.1, crash: float = 20.0,
    pool: str = "each",
) -> Crossing:  # fmt: skip
    """Two cars come to a crossing: who waits loses time, and if both go at once they crash.

    Each car starts in one of the first `places` cells of its own road, all as likely, at one cell a round. In each
    round both brake, keep their speed or accelerate by one cell a round, which fails with the probability `slip`, and
    then drive. They crash where both are over the crossing in the same round; then all is over. Every round that a car
    begins before it is over costs it 1, a crash costs each `crash` more. Payoffs are what that comes to, as negative
    numbers: mixed motives, since both want to go first and nobody wants to crash.

    What drivers see: where both started; the round; their own place and speed; and nothing of the other until one is
    over the crossing, as if houses stood in between. Who then sees that the other is over takes the fastest way, so
    policies say only what is done before.

    Payoffs, crashes and best responses to mixtures of policies are exact, by dynamic programming.

    Args:
        cells: of the roads, at whose ends is the crossing: one number, or one for each road.
        fastest: cells a round, one number, or one for each car.
        places: cells in which cars may start.
        rounds: after which it is over.
        slip: how likely a change of speed fails.
        crash: what a crash costs, in rounds; not negative.
        pool: "each", where the drivers of each car are a pool of their own; "one", where both cars, which are alike,
            take their drivers from one pool, so that nothing tells a driver which car it has.

    Raises:
        InputError: for numbers outside these limits, more places than cells, and one pool for cars that differ.

    Example:
        >>> roads = crossing(cells=(3, 5), slip=0.0)
        >>> keep = [np.ones(roads.shape(side), int) for side in (0, 1)]  # one cell a round
        >>> round(roads.crashes(keep), 3), roads.payoffs(keep).round(3).tolist()
        (0.111, [-4.222, -5.444])
    """
    (long, longer), (fast, faster) = _each(cells, "cells"), _each(fastest, "fastest")
    places = positive_integer(places, "places")
    if places > min(long, longer):
        raise InputError(f"cars start on their roads, of {min(long, longer)} cells or more; got {places} places")
    slip = finite_number(slip, "slip", low=0.0, high=1.0)
    cars = (Motion(long, fast, slip), Motion(longer, faster, slip))
    if choice(pool, "pool", ("each", "one")) == "one" and cars[0] != cars[1]:
        raise InputError('cars that take their drivers from one pool are alike; give both the same cells and speed, or '
                         'pool="each"')  # fmt: skip
    seats = (0, 0) if pool == "one" else (0, 1)
    return Crossing(cars, places, positive_integer(rounds, "rounds"), finite_number(crash, "crash", low=0.0), seats)


def _each(given: Any, name: str) -> tuple[int, int]:
    """One number for both, or one for each."""
    each = (given, given) if np.ndim(given) == 0 else tuple(given)
    if len(each) != 2:
        raise InputError(f"{name} is one number, or one for each of two cars; got {given!r}")
    one, other = (positive_integer(own, name) for own in each)
    return one, other
