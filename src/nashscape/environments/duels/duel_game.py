"""A duel of two fighters: spacing, start-up, active and recovery frames, stun, guard and health."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.duels.duel_tables import Tables, tables
from nashscape.environments.duels.frame_data import ACTIONS, ATTACK, THROW, Blow, checked_actions, checked_blow, doings
from nashscape.environments.duels.meetings import Meeting, best_response
from nashscape.environments.duels.one_frame import Stage
from nashscape.environments.duels.rewards import ByWin, Reward, Shaped

Floats = npt.NDArray[np.float64]

MOST_STATES = 50_000
"""In which somebody chooses: more are not written out."""


@dataclass(frozen=True, eq=False, repr=False)
class Duel:
    """Two alike fighters, who see everything. Made by `duel`.

    A policy is `[S, m]`: what a fighter does in every state, in its own view; rows in which it cannot choose do not
    count. Either side can use it.

    Attributes:
        stage: frame data, and the largest distance.
        health: of both at the start.
        start: the distance at the start.
        discount: the chance that the bell does not ring after a frame.
        reward: what is paid.
        actions: names of what a fighter chooses from.
        tables: states, and what follows.
    """

    stage: Stage
    health: int
    start: int
    discount: float
    reward: Reward
    actions: tuple[str, ...]
    tables: Tables

    name: ClassVar[str] = "duel"
    players: ClassVar[tuple[str, str]] = ("left", "right")

    @property
    def n_states(self) -> int:
        """How many states there are in which somebody chooses."""
        return len(self.tables.states)

    @property
    def chooses(self) -> npt.NDArray[np.bool_]:
        """In which of them the own fighter does, `[S]`."""
        chosen: npt.NDArray[np.bool_] = self.tables.states[:, 0] < 2
        return chosen

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the pay of a duel lies."""
        return self.reward.bounds

    def state(self, number: int) -> str:
        """A state in words.

        >>> duel().state(0)
        'free, free, distance 2, health 3:3'
        """
        own, other, distance, *health = self.tables.states[number]
        names = self.stage.doings.names
        return f"{names[own]}, {names[other]}, distance {distance}, health {health[0]}:{health[1]}"

    def policy(self, given: Any, name: str = "the policy") -> Floats:
        """A policy, checked.

        Raises:
            InputError: for another shape, and rows that are no distributions.
        """
        found = finite_array(given, name, shape=(self.n_states, len(self.actions)))
        if found.min() < 0 or np.abs(found.sum(axis=1) - 1).max() > 1e-6:
            raise InputError(f"{name} has a distribution over {', '.join(self.actions)} in each of its rows")
        return found

    def meeting(self, own: Any, other: Any) -> Meeting:
        """One policy against another, solved: values, visits, and what actions are worth."""
        return Meeting(self.tables, self.policy(own, "the own policy"), self.policy(other, "the other policy"))

    def payoffs(self, own: Any, other: Any) -> Floats:
        """What both get from the start, `[2]`, exactly."""
        return self.meeting(own, other).values[:, 0].copy()

    def best_response(self, other: Any) -> tuple[float, Floats]:
        """The most that a fighter can get against a policy, and a policy that gets it; see `meetings.best_response`."""
        policy, values = best_response(self.tables, self.policy(other, "the other policy"))
        return float(values[0]), policy

    def to_dict(self) -> dict[str, Any]:
        """The rules, from which the tables follow."""
        return {"attack": self.stage.attack, "throw": self.stage.throw, "widest": self.stage.widest,
                "health": self.health, "start": self.start, "discount": self.discount, "reward": self.reward,
                "actions": self.actions}  # fmt: skip

    def __repr__(self) -> str:
        """Its size, as one line."""
        return f"<Duel: {self.n_states} states, {len(self.actions)} actions, health {self.health}>"


REWARDS: Mapping[str, Callable[..., Reward]] = MappingProxyType({"result": ByWin, "wins": Reward, "shaped": Shaped})


@public()
def duel(
    *,
    health: int = 3,
    start: int = 2,
    widest: int = 3,
    discount: float = 0.98,
    reward: str = "result",
    factor: float = 3.0,
    points: float = 176.0,
    unit: float = 1e-3,
    attack: Blow = ATTACK,
    throw: Blow = THROW,
    actions: Sequence[str] = ACTIONS,
) -> Duel:
    """A duel of two fighters, as tables over all its states, so that values and best policies are exact.

    In every frame whoever is free chooses: to step in (one frame) or out (two), to attack, to guard, or to throw. The
    frame in which an attack is chosen is the first of its start-up; in an active frame it meets whoever is in reach,
    and recovery begins. A guard is up from the second frame on in which it is chosen. Who is met takes damage and is
    stunned; who guards an attack is stunned for less, so that it may strike while the other recovers. Attacks go before
    throws, throws are not guarded against, and nobody is thrown while stunned. So near each other attack beats throw,
    throw beats guard, and guard beats attack, and none can be answered once it is seen.

    A duel ends when somebody has no health left. After every other frame the bell rings with probability 1 − γ, and who
    has more health wins; the same is a draw.

    What is paid: "result", 1 to the winner and −1 to the loser, which is zero-sum; "wins", 1 to the winner; "shaped",
    in every frame `unit (factor · dealt − taken)`, and at the end more for a clearer win, as published. With a factor
    other than 1 that is *not* zero-sum: two fighters who hit each other evenly both gain.

    Args:
        health: of both.
        start: the distance at the start.
        widest: the largest distance.
        discount: γ, below 1.
        reward: "result", "wins" or "shaped".
        factor: of what is good for oneself, if shaped.
        points: to which health is scaled in what is paid, if shaped.
        unit: of pay, if shaped.
        attack: its frame data, a `Blow`.
        throw: its frame data; `guarded` does not count.
        actions: what fighters choose from.

    Raises:
        InputError: for numbers that are none, unknown actions and rewards, and more than 50,000 states.

    Example:
        >>> made = duel(reward="shaped")
        >>> anything = np.full((made.n_states, 5), 0.2)
        >>> made, made.payoffs(anything, anything).round(3).tolist()
        (<Duel: 1494 states, 5 actions, health 3>, [0.161, 0.161])

    Source: W. Li et al., FightLadder, arXiv 2406.02081 (2024), for what is paid; the fighters are ours.
    """
    health, widest = positive_integer(health, "health"), positive_integer(widest, "widest", at_least=0)
    start = positive_integer(start, "start", at_least=0)
    if start > widest:
        raise InputError(f"fighters start no further apart than the widest distance, {widest}; got {start}")
    discount = finite_number(discount, "discount", low=0.0, high=1.0, high_open=True)
    numbers = {"points": finite_number(points, "points", low=1.0), "unit": finite_number(unit, "unit", low=0.0),
               "factor": finite_number(factor, "factor", low=0.0)}  # fmt: skip
    kind = choice(reward, "reward", REWARDS)
    paid = REWARDS[kind](health, **(numbers if kind == "shaped" else {}))
    attack, throw, known = checked_blow(attack, "attack"), checked_blow(throw, "throw"), checked_actions(actions)
    stage = Stage(attack, throw, doings(attack, throw, known), widest)
    most = 4 * len(stage.doings.names) * (widest + 1) * health**2
    if most > MOST_STATES:
        raise InputError(f"such a duel may have {most:,} states, more than {MOST_STATES:,}: take less health, shorter "
                         "attacks, or a smaller widest distance")  # fmt: skip
    return Duel(
        stage, health, start, discount, paid, known,
        tables(stage, health=health, start=start, discount=discount, reward=paid),
    )  # fmt: skip
