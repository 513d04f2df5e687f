"""What policies of a duel are worth against each other, exactly, and the best policy against one."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.environments.duels.duel_tables import Tables

Floats = npt.NDArray[np.float64]

GAIN = 1e-12
"""Pay below which another action is no better: more than rounding leaves."""
MOST_ROUNDS = 1000
"""Of policy iteration, which takes a dozen."""


class Meeting:
    """One policy against another: a chain over the states, solved exactly.

    `V = r + M V` with `M` the chances of the next state, both policies and the bell counted, and `r` what is paid till
    then. `visits` solve the transposed equation.

    Args:
        tables: of the duel.
        own: policy of the fighter whose view it is, `[S, m]`.
        other: that of the other, in its own view, `[S, m]`.
    """

    def __init__(self, tables: Tables, own: Floats, other: Floats) -> None:
        from scipy import sparse
        from scipy.sparse.linalg import splu

        self.tables, size = tables, len(own)
        self.against = settled(tables, other)[tables.mirror]
        weights = settled(tables, own)[:, :, None] * self.against[:, None, :]
        state, _, _ = there = np.nonzero(weights * tables.kept)
        places = (state, tables.following[there])
        moves = sparse.coo_matrix(((weights * tables.kept)[there], places), shape=(size, size))
        self._solved = splu((sparse.identity(size, format="csc") - moves.tocsc()).tocsc())
        self._paid: Floats = np.einsum("psab,sab->ps", tables.paid, weights)

    @cached_property
    def values(self) -> Floats:
        """What both get from every state on, `[2, S]`, in the view of the own fighter."""
        found: Floats = self._solved.solve(self._paid.T).T
        return found

    @cached_property
    def visits(self) -> Floats:
        """How often every state is met in a duel, `[S]`, on average."""
        first = np.zeros(len(self.against))
        first[0] = 1.0
        found: Floats = self._solved.solve(first, trans="T")
        return found

    @cached_property
    def worth(self) -> Floats:
        """What every action is worth to the own fighter, both going on with their policies, `[S, m]`."""
        return worth(self.tables, self.against, self.values[0])


def settled(tables: Tables, policy: Floats) -> Floats:
    """The policy with the first action wherever its fighter cannot choose, where it does not count."""
    return np.where((tables.states[:, 0] < 2)[:, None], policy, np.eye(policy.shape[1])[0])


def worth(tables: Tables, against: Floats, values: Floats) -> Floats:
    """`Q(s, a) = Σ_b σ(b|s) (r(s, a, b) + kept(s, a, b) V(s'))`, `[S, m]`.

    Args:
        tables: of the duel.
        against: what the other does in every state as the own fighter sees it, `[S, m]`.
        values: V of the own fighter, `[S]`.
    """
    made: Floats = np.einsum("sab,sb->sa", tables.paid[0] + tables.kept * values[tables.following], against)
    return made


def best_response(tables: Tables, other: Floats, begin: Any = None) -> tuple[Floats, Floats]:
    """A best policy against one, `[S, m]`, and what it gets from every state on, `[S]`: by policy iteration.

    It is a best one among all that there are, remembering everything or not: against a fixed policy a duel is a Markov
    decision process.

    Args:
        tables: of the duel.
        other: the policy, in its own view, `[S, m]`.
        begin: a policy to begin with.
    """
    states, size = np.arange(len(other)), other.shape[1]
    actions = np.zeros(len(other), np.int64) if begin is None else np.argmax(begin, axis=1)
    for _ in range(MOST_ROUNDS):
        meeting = Meeting(tables, np.eye(size)[actions], other)
        found = meeting.worth
        better = found.max(axis=1) > found[states, actions] + GAIN
        if not better.any():
            break
        actions = np.where(better, found.argmax(axis=1), actions)
    return np.eye(size)[actions], meeting.values[0]
