"""Minimax policies of zero-sum Markov games, between bounds that the policies themselves make sure of."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number
from nashscape.core.calls import public
from nashscape.games import MarkovGame
from nashscape.games.matrix_values import matrix_values
from nashscape.theory.zero_sum.markov_policies import zero_sum_chain

Floats = npt.NDArray[np.float64]

QUICK_ROUNDS, MOST_ROUNDS = 30, 1000
"""Of Newton's method, which takes about a dozen, and of both."""


class MarkovMinimax(NamedTuple):
    """What a zero-sum Markov game is worth from each state on, and how both players make sure of it.

    Attributes:
        low: what the first player's policy gets at least, whatever the second does, `[S]`.
        high: what the second player's policy leaves at most, `[S]`; the value is between the two.
        policies: of both, `[S, a_i]`.
        value: what the game is worth to the first player from its first state on: the middle of both bounds.
    """

    low: Floats
    high: Floats
    policies: tuple[Floats, Floats]
    value: float


@public()
def markov_minimax(game: MarkovGame, *, tolerance: float = 1e-9) -> MarkovMinimax:
    """Policies of a zero-sum Markov game that are minimax from every state on, with the bounds that prove it.

    The values solve `V(s) = val_{a,b} [u(s, a, b) + γ Σ_t P(t|s, a, b) V(t)]`. With values V, both play best mixtures
    of these matrix games; then V becomes what these policies get against each other, and so on: Newton's method, which
    is quick and nearly always ends. If it does not, V becomes what the first one's policy gets against the best
    response, which is slow and always ends. It is over when best responses to both policies leave no more than the
    tolerance.

    Args:
        game: of two players, for ever, who get the opposite of each other.
        tolerance: how far both bounds of a state may be apart, in units of payoff.

    Returns:
        Bounds of all states, both policies, and the value.

    Raises:
        InputError: for more players, payoffs that do not sum to zero, and a horizon, with which policies would
            depend on the round.

    Example:
        >>> from nashscape import games
        >>> game = games.soccer(2, 3)
        >>> found = markov_minimax(game)
        >>> bool(abs(found.value) < 1e-9)                 # both sides are alike
        True
        >>> found.low[game.initial > 0].round(4).tolist() # at the kick-off, with the ball and without
        [0.2594, -0.2594]

    Source: Shapley (1953); M. Pollatschek, B. Avi-Itzhak, Management Science 15, 399–415 (1969); A. Hoffman, R. Karp,
    Management Science 12, 359–370 (1966).
    """
    tolerance = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    chain, values = zero_sum_chain(game, "find minimax policies"), np.zeros(game.n_states)
    for k in range(MOST_ROUNDS):
        found = matrix_values(chain.paid + chain.discount * chain.moves @ values)
        both = found.rows, found.columns
        low, high = chain.best_of_second(both[0], values)[1], chain.best_of_first(both[1], values)[1]
        if (high - low).max() <= tolerance:
            break
        values = chain.met(*both) if k < QUICK_ROUNDS else low
    return MarkovMinimax(low, high, both, float(np.asarray(game.initial) @ (low + high)) / 2)
