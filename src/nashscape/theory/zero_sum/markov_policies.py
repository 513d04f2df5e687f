"""What policies of a zero-sum Markov game of two players get from every state on, and best responses to them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import needs

Floats = npt.NDArray[np.float64]

ZERO = 1e-12
"""Of the largest payoff: what payoffs of both may sum to, and by how much an action must be better to be taken."""
MOST_IMPROVEMENTS = 1000
"""Of policy iteration, which takes a dozen."""


class ZeroSumChain(NamedTuple):
    """A zero-sum Markov game of two players as arrays.

    Attributes:
        paid: to the first player, `[S, a, b]`.
        moves: chances of the next state, `[S, a, b, S]`.
        discount: γ.
    """

    paid: Floats
    moves: Floats
    discount: float

    def met(self, one: Floats, two: Floats) -> Floats:
        """What the first player gets from each state on where both play policies, `[S]`."""
        paid, there = self._against(two)
        return _worth(np.einsum("sa,sa->s", paid, one), np.einsum("sa,sat->st", one, there), self.discount)

    def best_of_first(self, two: Floats, about: Floats | None = None) -> tuple[Floats, Floats]:
        """A best response to the second player's policy, `[S, a]`, and what it gets from each state on, `[S]`.

        Args:
            two: the policy, `[S, b]`.
            about: what the first may get, `[S]`; the closer the sooner it is found.
        """
        return _best(*self._against(two), self.discount, np.zeros(len(two)) if about is None else about)

    def best_of_second(self, one: Floats, about: Floats | None = None) -> tuple[Floats, Floats]:
        """A best response to the first player's policy, `[S, b]`, and what that leaves to the first, `[S]`."""
        there = np.einsum("sa,sabt->sbt", one, self.moves, optimize=True)
        about = np.zeros(len(one)) if about is None else about
        policy, values = _best(-np.einsum("sa,sab->sb", one, self.paid), there, self.discount, -about)
        return policy, -values

    def _against(self, two: Floats) -> tuple[Floats, Floats]:
        """What the first player is paid against a policy, `[S, a]`, and where that leads, `[S, a, S]`."""
        paid = np.einsum("sab,sb->sa", self.paid, two)
        return paid, np.einsum("sabt,sb->sat", self.moves, two, optimize=True)


def zero_sum_chain(game: Any, to: str) -> ZeroSumChain:
    """A game as arrays, checked.

    Args:
        game: a Markov game of two players, for ever, who get the opposite of each other.
        to: what it is for.

    Raises:
        InputError: for another game.
    """
    needs(game, "chain", to=to)
    if game.n_players != 2:
        raise InputError(f"to {to} takes two players; {game.name} has {game.n_players}")
    if game.horizon is not None:
        raise InputError(f"to {to} takes a game without a horizon, with which policies would depend on the round; make "
                         f"{game.name} with a discount alone")  # fmt: skip
    own = np.asarray(game.payoffs, float)
    if np.abs(own.sum(axis=0)).max() > ZERO * np.abs(own).max():
        raise InputError(f"to {to} takes a game where one gets what the other loses; payoffs of {game.name} do not sum "
                         "to zero")  # fmt: skip
    shape, states = game.shape, game.n_states
    moves = np.asarray(game.kernel(), float).reshape(states, *shape, states)
    return ZeroSumChain(np.broadcast_to(own[0], (states, *shape)), moves, float(game.discount))


def _worth(paid: Floats, there: Floats, discount: float) -> Floats:
    """What is got from each state on, `(1 − γ P)⁻¹ u`; few states follow on each, so that the system is sparse."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    system = sparse.identity(len(paid), format="csc") - discount * sparse.csc_matrix(there)
    made: Floats = splu(system).solve(paid)
    return made


def _best(paid: Floats, moves: Floats, discount: float, about: Floats) -> tuple[Floats, Floats]:
    """A policy that gets most from every state on, and what it gets, by policy iteration (Howard 1960).

    An action is left for a better one alone: of actions that are as good, of which such games are full, none is left
    for another.
    """
    every, room = np.arange(len(paid)), ZERO * max(np.abs(paid).max(), 1e-300) / (1.0 - discount)
    chosen = (paid + discount * moves @ about).argmax(axis=1)
    for _ in range(MOST_IMPROVEMENTS):
        values = _worth(paid[every, chosen], moves[every, chosen], discount)
        ahead = paid + discount * moves @ values
        better = ahead.max(axis=1) > ahead[every, chosen] + room
        if not better.any():
            break
        chosen = np.where(better, ahead.argmax(axis=1), chosen)
    return np.eye(paid.shape[1])[chosen], np.maximum(values, ahead.max(axis=1))
