"""The arena of a battle on a grid: members of a team learn by exact policy gradients, each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.grid_battles.battle_meetings import Meeting, alone, best_response
from nashscape.environments.grid_battles.grid_battle import GridBattle
from nashscape.populations.arenas import Opponents
from nashscape.populations.policy_steps import met_now, raised

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GridBattleArena:
    """Where policies of teams learn and meet. Made by `grid_battle_arena`.

    Attributes:
        battle: what is fought.
        updates: steps of one response.
        rate: of a step.
        rounds: how many battles a step is taken to see, which says how much it learns where it seldom is.
        drawn: opponents that a step looks at, at most.
        spread: of the logits of who has learnt nothing.
    """

    battle: GridBattle
    updates: int
    rate: float
    rounds: float
    drawn: int
    spread: float

    name: ClassVar[str] = "grid battle"
    sides: ClassVar[tuple[str, str]] = GridBattle.players
    seats: ClassVar[tuple[int, int]] = (0, 0)

    @property
    def bounds(self) -> tuple[float, float]:
        """Of what is paid in a battle."""
        return self.battle.bounds

    def start(self, seat: int, random: np.random.Generator) -> Floats:
        """A policy whose logits are normal numbers, among what is allowed."""
        powers = self.battle.allowed * np.exp(self.spread * random.normal(size=self.battle.allowed.shape))
        made: Floats = powers / powers.sum(axis=-1, keepdims=True)
        return made

    def respond(self, side: int, opponents: Opponents, begin: Any, random: np.random.Generator) -> Floats:
        """The policy after `updates` steps of all members at once from `begin` on, each along its own gradient."""
        policy, others = begin, [next(own for own in one if own is not None) for one in opponents.profiles]
        for _ in range(self.updates):
            met, weights = met_now(others, opponents, policy, self.drawn, random)
            policy = stepped(self.battle, policy, met, weights, rate=self.rate, rounds=self.rounds)
        return policy

    def payoffs(self, members: Sequence[Any]) -> Floats:
        """What both get, exactly."""
        value = float(self._meeting(*members).values[0])
        return np.array([value, -value])

    def best(self, side: int, members: Sequence[Any]) -> float:
        """The most that a team gets against the other's policy by whatever it does together, exactly."""
        return best_response(self.battle.tables, members[1 - side], self.battle.ground).value

    def _meeting(self, own: Floats, other: Floats) -> Meeting:
        return Meeting(self.battle.tables, own, other, self.battle.ground)


@public()
def grid_battle_arena(
    battle: GridBattle,
    *,
    updates: int = 30,
    rate: float = 4.0,
    rounds: float = 300.0,
    drawn: int = 2,
    spread: float = 0.3,
) -> GridBattleArena:
    """A battle on a grid as an arena, in which policies of teams grow by `grow` as `populations.Arena` says.

    Both sides take their policies from one pool. Members of a team learn at once, each along the gradient of what the
    team is worth by its own policy, computed exactly, as independent learners with very many battles per step would.
    What they find is what no member improves alone; the most that a team gains together is the limit that `grow` tells.

    Args:
        battle: what is fought.
        updates: steps of one response, which is what it may learn.
        rate: of a step, in logits per unit of pay.
        rounds: of a step: in a state that less than one battle in so many visits, a step is that much smaller.
        drawn: opponents that a step looks at, at most.
        spread: deviation of the normal logits of who has learnt nothing; 0 for all that is allowed alike.

    Raises:
        InputError: for numbers that are none.

    Example:
        >>> from nashscape import environments, populations
        >>> arena = grid_battle_arena(environments.grid_battle())
        >>> grown = populations.grow(arena, "self-play", generations=1, until=None)
        >>> newest = grown.members[0][-1]
        >>> alone = [arena.battle.best_alone(newest, newest, k).value for k in range(2)]
        >>> bool(max(alone) < 0.05 < 0.2 < grown.limit[-1].min())
        True

    Source: S. Kakade, A Natural Policy Gradient, NIPS 2001, for the direction.
    """
    return GridBattleArena(
        battle,
        positive_integer(updates, "updates"),
        finite_number(rate, "rate", low=0.0, low_open=True),
        finite_number(rounds, "rounds", low=0.0, low_open=True),
        positive_integer(drawn, "drawn"),
        finite_number(spread, "spread", low=0.0),
    )


def advantages(battle: GridBattle, policy: Floats, others: Sequence[Floats], weights: Floats) -> tuple[Floats, Floats]:
    """How often each state is visited, `[S]`, and what actions of each member are worth more there, `[N, S, 6]`.

    As in a duel, on average over whom one may be meeting, being in that state; mates go on with their policies.
    """
    visits, gained = np.zeros(battle.n_states), np.zeros((battle.n_states, policy.shape[2] ** len(policy)))
    for other, weight in zip(others, weights, strict=True):
        meeting = Meeting(battle.tables, policy, other, battle.ground)
        visits += weight * meeting.visits
        gained += (weight * meeting.visits)[:, None] * meeting.advantages
    gained /= np.maximum(visits, 1e-300)[:, None]
    return visits, np.stack([alone(gained, policy, member) for member in range(len(policy))])


def stepped(
    battle: GridBattle, policy: Floats, others: Sequence[Floats], weights: Floats, *, rate: float, rounds: float
) -> Floats:
    """One natural gradient step of every member, see `policy_steps.raised`."""
    visits, gained = advantages(battle, policy, others, weights)
    return raised(policy, visits, gained, rate=rate, rounds=rounds, allowed=battle.allowed)
