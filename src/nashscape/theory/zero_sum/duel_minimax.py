"""The minimax policy of a duel: by matrix games in every state where both choose, and best responses in between."""

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.environments.duels.duel_game import Duel
from nashscape.environments.duels.meetings import Meeting, best_response
from nashscape.theory.concepts.team_bounds import matrix_value

Floats = npt.NDArray[np.float64]

QUICK_ROUNDS, MOST_ROUNDS = 30, 3000
"""Of Newton's method, which takes about a dozen, and of both."""
DIGITS = 13
"""Of payoffs, after which two games are the same."""


@public()
def duel_minimax(duel: Duel, *, tolerance: float = 1e-7) -> Floats:
    """A policy against which nobody gains anything on average, from any state on: a minimax policy of a zero-sum duel.

    With values V, whoever chooses alone takes the best action, and where both choose the policy is a best mixture of
    the matrix game `r(s, a, b) + kept(s, a, b) V(s')`. Then V becomes what this policy gets against itself, and so on:
    Newton's method, which is quick and nearly always ends. If it does not, V becomes what the policy gets against the
    best response to it, which is slow and always ends. As both fighters are alike, from the start a duel is worth 0.

    Args:
        duel: with a reward of which what one gets the other loses.
        tolerance: by how much the value of a state may be off, in units of payoff.

    Returns:
        The policy, `[S, m]`.

    Raises:
        InputError: for rewards that are not zero-sum.

    Example:
        >>> from nashscape import environments
        >>> duel = environments.duel(health=1, widest=0, start=0, actions=["attack", "guard", "throw"], discount=0.9)
        >>> duel_minimax(duel)[0].round(4).tolist()   # ∝ (1, 1, γ³): the punished attack wins three frames later
        [0.3664, 0.3664, 0.2671]

    Source: M. Pollatschek, B. Avi-Itzhak, Management Science 15, 399–415 (1969); A. Hoffman, R. Karp, Management
    Science 12, 359–370 (1966).
    """
    tolerance = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    table = duel.tables
    if np.abs(table.paid.sum(axis=0)).max() > 1e-12:
        raise InputError('a minimax policy is of a duel where what one gets the other loses: take reward="result"')
    values = np.zeros(duel.n_states)
    for k in range(MOST_ROUNDS):
        policy = _best_mixtures(duel, table.paid[0] + table.kept * values[table.following])
        low = -best_response(table, policy)[1][table.mirror]
        # what it gets is at most V, and by symmetry V is at most the opposite of what it gets in the mirrored state
        if np.abs(low + low[table.mirror]).max() <= tolerance:
            break
        values = Meeting(table, policy, policy).values[0] if k < QUICK_ROUNDS else low
    return policy


def _best_mixtures(duel: Duel, games: Floats) -> Floats:
    """The best action against who cannot choose, and a best mixture of the matrix game against who can, `[S, m]`."""
    made = np.eye(len(duel.actions))[games[:, :, 0].argmax(axis=1)]
    both = duel.chooses & duel.chooses[duel.tables.mirror]
    # whether a guard is held before the choice often makes no difference, and the same game is solved once
    different, which = np.unique(games[both].round(DIGITS), axis=0, return_inverse=True)
    made[both] = np.array([matrix_value(own)[1] for own in different])[which.ravel()]
    return made
