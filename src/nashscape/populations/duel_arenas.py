"""The arena of a duel: fighters learn by exact policy gradients against a mixture of opponents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.duels.duel_game import Duel
from nashscape.environments.duels.meetings import Meeting, best_response
from nashscape.populations.arenas import Opponents
from nashscape.populations.policy_steps import met_now, raised

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DuelArena:
    """Where policies of a duel learn and meet. Made by `duel_arena`.

    Attributes:
        duel: what is fought.
        updates: steps of one response.
        rate: of a step.
        rounds: how many duels a step is taken to see, which says how much it learns where it seldom is.
        drawn: opponents that a step looks at, at most.
    """

    duel: Duel
    updates: int
    rate: float
    rounds: float
    drawn: int

    name: ClassVar[str] = "duel"
    sides: ClassVar[tuple[str, str]] = Duel.players
    seats: ClassVar[tuple[int, int]] = (0, 0)

    @property
    def bounds(self) -> tuple[float, float]:
        """Of what is paid in a duel."""
        return self.duel.bounds

    def start(self, seat: int, random: np.random.Generator) -> Floats:
        """A policy whose logits are normal numbers."""
        powers = np.exp(random.normal(size=(self.duel.n_states, len(self.duel.actions))))
        made: Floats = powers / powers.sum(axis=1, keepdims=True)
        return made

    def respond(self, side: int, opponents: Opponents, begin: Any, random: np.random.Generator) -> Floats:
        """The policy after `updates` steps of `stepped` from `begin` on.

        Each step looks at all opponents, or at `drawn` of them, drawn by how often they are met. An opponent is drawn
        once for a duel, so that the best answer to several would remember what it has seen of the one it meets. A
        policy sees the state alone; the steps go up what it is worth on average over opponents, to where no small
        change is better, which need not be the best policy.
        """
        policy, others = begin, [next(own for own in one if own is not None) for one in opponents.profiles]
        for _ in range(self.updates):
            met, weights = met_now(others, opponents, policy, self.drawn, random)
            policy = stepped(self.duel, policy, met, weights, rate=self.rate, rounds=self.rounds)
        return policy

    def payoffs(self, members: Sequence[Any]) -> Floats:
        """What both get, exactly."""
        return Meeting(self.duel.tables, *members).values[:, 0].copy()

    def best(self, side: int, members: Sequence[Any]) -> float:
        """The most that anybody gets against the other's policy, exactly."""
        return float(best_response(self.duel.tables, members[1 - side])[1][0])


@public()
def duel_arena(duel: Duel, *, updates: int = 20, rate: float = 2.0, rounds: float = 100.0, drawn: int = 4) -> DuelArena:
    """A duel as an arena, in which policies grow by `grow` as `populations.Arena` says.

    Both sides take their policies from one pool. They learn by steps along the gradient of what they are worth on
    average over their opponents, computed exactly: as learners with very many duels per step would.

    Args:
        duel: what is fought.
        updates: steps of one response, which is what it may learn.
        rate: of a step, in logits per unit of pay.
        rounds: of a step: in a state that less than one duel in so many visits, a step is that much smaller.
        drawn: opponents that a step looks at, at most.

    Raises:
        InputError: for numbers that are none.

    Example:
        >>> from nashscape import environments, populations
        >>> arena = duel_arena(environments.duel(health=1), updates=5)
        >>> grown = populations.grow(arena, "self-play", generations=2)
        >>> grown.gains.shape, bool((grown.gains <= grown.limit + 1e-9).all())
        ((3, 2), True)

    Source: S. Kakade, A Natural Policy Gradient, NIPS 2001, for the direction.
    """
    return DuelArena(
        duel,
        positive_integer(updates, "updates"),
        finite_number(rate, "rate", low=0.0, low_open=True),
        finite_number(rounds, "rounds", low=0.0, low_open=True),
        positive_integer(drawn, "drawn"),
    )


def advantages(duel: Duel, policy: Floats, others: Sequence[Floats], weights: Floats) -> tuple[Floats, Floats]:
    """How often each state is visited, `[S]`, and what actions are worth more there than the policy, `[S, m]`.

    With `d_i` the visits and `A_i` the advantages against opponent i of weight w_i: `d = Σ w_i d_i` and
    `A = Σ w_i d_i A_i / d`, what is to be gained on average over whom one may be meeting, being in that state. The
    gradient of the mean value by logits is `d(s) σ(a|s) A(s, a)`.
    """
    visits, gained = np.zeros(duel.n_states), np.zeros(policy.shape)
    for other, weight in zip(others, weights, strict=True):
        meeting = Meeting(duel.tables, policy, other)
        visits += weight * meeting.visits
        gained += (weight * meeting.visits)[:, None] * (meeting.worth - meeting.values[0][:, None])
    made: Floats = gained / np.maximum(visits, 1e-300)[:, None]
    return visits, made


def stepped(
    duel: Duel, policy: Floats, others: Sequence[Floats], weights: Floats, *, rate: float, rounds: float
) -> Floats:
    """One natural gradient step where the fighter chooses, see `policy_steps.raised`."""
    visits, gained = advantages(duel, policy, others, weights)
    made = raised(policy, visits, gained, rate=rate, rounds=rounds, allowed=np.ones(policy.shape, bool))
    return np.where(duel.chooses[:, None], made, policy)
