"""What policies of teams are worth against each other, exactly, and the best that a team, or one member, can do."""

from collections.abc import Callable
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.environments.grid_battles.battle_tables import BattleTables

Floats = npt.NDArray[np.float64]

Choose = Callable[[slice, Floats], Floats]
"""From states of a turn and what joint actions are worth there, `[s, 6^N]`, to what those states are worth, `[s]`."""


def together(policy: Floats) -> Floats:
    """The chances of joint actions where every member plays its own policy, `[N, S, 6]` to `[S, 6^N]`."""
    return reduce(lambda own, more: (own[:, :, None] * more[:, None, :]).reshape(len(own), -1), policy)


class Meeting:
    """A policy of a team against another's: all values, turn by turn from the last.

    Args:
        tables: of the battle.
        own: members' policies of the team whose view it is, `[N, S, 6]`.
        other: those of the other team, in its own view.
        ground: what it is worth that a unit holds its ground for a turn.
    """

    def __init__(self, tables: BattleTables, own: Floats, other: Floats, ground: float) -> None:
        self.tables, self.own, self.ground = tables, own, ground
        self.chances, self.against = together(own), together(other)[tables.mirror]

    @cached_property
    def _solved(self) -> tuple[Floats, Floats]:
        return backwards(
            self.tables, self.against, self.ground, lambda here, worth: np.einsum("sj,sj->s", worth, self.chances[here])
        )

    @property
    def values(self) -> Floats:
        """What the own team gets from every state on, `[S]`."""
        return self._solved[0]

    @cached_property
    def visits(self) -> Floats:
        """How likely each state is met in a battle, `[S]`."""
        tables = self.tables
        found = np.zeros(len(tables.states))
        found[0] = 1.0
        here = np.zeros(self.chances.shape)
        for states, entries in tables.turns:
            here[states] = found[states, None] * self.chances[states]
            own, other, ahead = (part[entries] for part in (tables.own, tables.other, tables.following))
            if len(ahead):
                flow = here.ravel()[own] * self.against.ravel()[other]
                found += np.bincount(ahead, flow, len(found))
        return found

    @property
    def worth(self) -> Floats:
        """What joint actions of the own team are worth, both teams going on with their policies, `[S, 6^N]`."""
        return self._solved[1]

    @property
    def advantages(self) -> Floats:
        """What joint actions are worth more than the own policy, `[S, 6^N]`; 0 where a battle is over."""
        found: Floats = (self.worth - self.values[:, None]) * ~self.tables.ends[:, None]
        return found


def alone(worth: Floats, policy: Floats, member: int) -> Floats:
    """What actions of one member are worth, `[s, 6]`, of the worth of joint actions, where its mates play a policy."""
    n, size, a = policy.shape
    made = worth.reshape(size, *[a] * n)
    for mate in reversed([k for k in range(n) if k != member]):
        # axes after that of the mate are those of members that come later and are still there
        made = np.einsum("sa...,sa->s...", np.moveaxis(made, mate + 1, 1), policy[mate])
    return made


def backwards(tables: BattleTables, against: Floats, ground: float, choose: Choose) -> tuple[Floats, Floats]:
    """What states are worth, `[S]`, and joint actions in them, `[S, 6^N]`, from the last turn on.

    `Q(s, a) = Σ_b σ(b|s) (g (h(s, a) − h(s, b)) + V(s'))` with h who hold their ground, and V at an end the lead.

    Args:
        tables: of the battle.
        against: chances of the other team's joint actions in every state of the own view, `[S, 6^N]`.
        ground: g.
        choose: what the own team makes of it.
    """
    values, worth = tables.lead.astype(float), np.zeros(against.shape)
    size = against.shape[1]
    scored = ground * (tables.holding - (tables.holding[tables.mirror] * against).sum(axis=1, keepdims=True))
    for states, entries in reversed(tables.turns):
        own, other, ahead = (part[entries] for part in (tables.own, tables.other, tables.following))
        paid = np.bincount(own - size * states.start, values[ahead] * against.ravel()[other],
                           size * (states.stop - states.start))  # fmt: skip
        worth[states] = paid.reshape(-1, size) + scored[states]
        going = ~tables.ends[states]
        values[states] = np.where(going, choose(states, worth[states]), values[states])
    return values, worth


class Best(NamedTuple):
    """A best response: what it gets from the start on, and a policy that gets it, `[N, S, 6]`."""

    value: float
    policy: Floats


def best_response(tables: BattleTables, other: Floats, ground: float) -> Best:
    """The best joint policy of a whole team against another's: a Markov decision process of joint actions."""
    n, size, a = other.shape
    against, possible = together(other)[tables.mirror], together(tables.allowed.astype(float)) > 0
    chosen = np.zeros(size, np.int64)

    def choose(here: slice, worth: Floats) -> Floats:
        found = np.where(possible[here], worth, -np.inf)
        chosen[here] = found.argmax(axis=1)
        most: Floats = found.max(axis=1)
        return most

    values = backwards(tables, against, ground, choose)[0]
    digits = np.unravel_index(chosen, (a,) * n)
    return Best(float(values[0]), np.stack([np.eye(a)[own] for own in digits]))


def best_member(tables: BattleTables, own: Floats, other: Floats, member: int, ground: float) -> Best:
    """The best policy of one member of a team whose others do not change theirs."""
    chosen = np.zeros(own.shape[1], np.int64)

    def choose(here: slice, worth: Floats) -> Floats:
        found = np.where(tables.allowed[member, here], alone(worth, own[:, here], member), -np.inf)
        chosen[here] = found.argmax(axis=1)
        most: Floats = found.max(axis=1)
        return most

    values = backwards(tables, together(other)[tables.mirror], ground, choose)[0]
    made = own.copy()
    made[member] = np.eye(own.shape[2])[chosen]
    return Best(float(values[0]), made)
