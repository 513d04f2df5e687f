"""When cars are over the crossing, and best responses to when others are: recursions over the states of one car.

Until the first car is over the crossing neither sees the other, so that where one is tells nothing of the other. All
that a policy means for who meets it is then how likely its car is over it in each round, if the other is not before.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nashscape.environments.crossings.motion import Floats, Motion

Policy = npt.NDArray[np.int8]
"""Actions by pair of places at the start, round and own state, `[S, T, X]`."""

EQUAL = 1e-12
"""Of the largest cost: what is no further from the best is as good."""


@dataclass(frozen=True, eq=False)
class Drive:
    """What a policy means for both, by pair of places at the start and round, `[S, T]` each.

    Attributes:
        over: how likely its car is over the crossing in that round, if the other is not before.
        rest: how many rounds it takes in all, on average and in the part of cases in which it is not over yet, if the
            other is over in that round.
    """

    over: Floats
    rest: Floats

    @cached_property
    def behind(self) -> Floats:
        """How likely it is not over yet after that round."""
        made: Floats = 1.0 - np.cumsum(self.over, axis=1)
        return made


def driven(car: Motion, policy: Policy, starts: npt.NDArray[np.int64]) -> Drive:
    """What a policy means.

    Args:
        car: how it moves.
        policy: actions, `[S, T, X]`.
        starts: the state in which it begins, `[S]`.
    """
    (pairs, rounds, size), alone = policy.shape, car.alone(policy.shape[1])
    there, states = np.eye(size)[starts], np.arange(size)
    over, rest = np.zeros((pairs, rounds)), np.zeros((pairs, rounds))
    for t in range(rounds):
        after = np.einsum("sx,sxy->sy", there, car.moves[policy[:, t], states])
        there, over[:, t] = after[:, :-1], after[:, -1]
        rest[:, t] = there @ (t + 1 + alone[t + 1])
    return Drive(over, rest)


def costs(own: Drive, other: Drive, crash: float) -> Floats:
    """How many rounds a car takes on average, with what a crash costs, by pair of places at the start, `[S]`.

    With f how likely a car is over in round t, and F that it is not yet after it, the own car takes t rounds and the
    crash where both are, `f f'`; t rounds where it is first, `f F'`; where it is second, `f'`, what the rest of its way
    takes; and all rounds where nobody ever is.
    """
    rounds = np.arange(1, own.over.shape[1] + 1)
    ends_here = other.over * (own.over * (rounds + crash) + own.rest) + other.behind * own.over * rounds
    never = own.behind[:, -1] * other.behind[:, -1] * rounds[-1]
    made: Floats = ends_here.sum(axis=1) + never
    return made


def crashes(own: Drive, other: Drive) -> Floats:
    """How likely both are over the crossing in one round, by pair of places at the start, `[S]`."""
    made: Floats = (own.over * other.over).sum(axis=1)
    return made


def best_policy(
    car: Motion, over: Floats, starts: npt.NDArray[np.int64], crash: float, begin: Policy
) -> tuple[Policy, Floats]:
    """A policy that costs least, and what it costs by pair of places at the start, `[S]`.

    Backward induction over rounds and own states, each weighed by how likely the other is not over yet. Where several
    actions are as good, as where the other is surely over before, that of `begin` is kept if it is one of them.

    Args:
        car: how it moves.
        over: how likely the other is over the crossing in each round, `[S, T]`: of a mixture of others their mean.
        starts: the state in which the car begins, `[S]`.
        crash: what a crash costs.
        begin: the policy that learns.
    """
    (pairs, rounds, size), alone = begin.shape, car.alone(begin.shape[1])
    behind = 1.0 - np.cumsum(over, axis=1)
    policy, room = np.array(begin), EQUAL * (rounds + crash)
    ahead = np.repeat(rounds * behind[:, -1:], size, axis=1)
    for t in reversed(range(rounds)):
        now = over[:, t, None] * (t + 1 + crash) + behind[:, t, None] * (t + 1)
        later = over[:, t, None] * (t + 1 + alone[t + 1]) + ahead
        cost = np.einsum("axy,sy->sxa", car.moves, np.concatenate([later, now], axis=1))
        kept = np.take_along_axis(cost, policy[:, t, :, None].astype(np.int64), axis=2)[..., 0]
        ahead = cost.min(axis=2)
        policy[:, t] = np.where(kept <= ahead + room, policy[:, t], cost.argmin(axis=2))
    return policy, ahead[np.arange(pairs), starts]
