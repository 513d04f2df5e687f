"""Runs of the card: shares of cooperation at the end, by payoffs, exploration, and how players learn."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.brackets import Answer
from nashscape.core.searching import Search, axis_of, search
from nashscape.dynamics import lattice_q_learning
from nashscape.environments import lattice_dilemma
from nashscape.systems.agreement import Spread
from nashscape.systems.exploration_and_cooperation.stage_games import payoffs

Floats = npt.NDArray[np.float64]
Ends = Callable[..., Floats]
"""From payoffs, exploration and options to cooperation at the end of every run."""

SIDE, ROUNDS, GROUPS = 20, 20_000, 10
RATE, LOOKAHEAD, DISCOUNT = 0.5, 5, 0.99
AGREED = ((1.0, 1.0), (0.0, 0.0))
"""A game in which cooperation pays 1 and defection nothing, whatever others do."""
LEAST, MOST = 0.25, 8.0
"""Budgets between which a collapse is searched for."""
STEPS = 0.7
"""Doublings of the budget, the widest gap between two values of the search."""
FRESH = 1000
"""Added to seeds: random numbers that no pilot run had."""
LOST = 0.75
"""Mean cooperation below which it has collapsed."""


def ends_of(runs: int, seed: int, *, side: int = SIDE, rounds: int = ROUNDS) -> Ends:
    """Cooperation at the end, `[runs]`, remembered: all of it is of the same random numbers.

    Tables begin at the largest payoff over 1 − γ, so that everything is tried, unless something else is said.
    """

    @cache
    def ends(dilemma: float | None, budget: float, sharing: Any = "shared", *, rate: float = RATE,
             lookahead: int = LOOKAHEAD, begun: float | None = None) -> Floats:  # fmt: skip
        game = AGREED if dilemma is None else payoffs(dilemma)
        env = lattice_dilemma(side, side, game=game, discount=DISCOUNT)
        most = float(np.max(game)) / (1 - DISCOUNT)
        found = lattice_q_learning(
            env, sharing, budgets=[budget], runs=runs, rounds=rounds, learning_rate=rate, lookahead=lookahead,
            values=most if begun is None else begun, seed=FRESH + seed,
        )  # fmt: skip
        return found.final[0]

    return ends


def spread(values: Floats) -> Spread:
    """Mean, standard deviation and number of independent runs."""
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


def collapse(ends: Ends, dilemma: float) -> Search:
    """Where mean cooperation of shared tables falls below `LOST`, along the doublings of the budget.

    An answer is given where the 95 % interval of the mean lies on one side, by Student's t, so that both ends of a
    bracket are shown, each with that error, and in between it is open. Bisection is that of `steer`, which itself runs
    games and rules, and no players of environments.
    """

    def falls(doublings: float) -> Answer:
        own = spread(ends(dilemma, 2.0**doublings))
        half = (own.middle(own.count)[1] - own.mean) / np.sqrt(2)
        return None if abs(own.mean - LOST) <= half else own.mean < LOST

    return search(falls, axis_of(float(np.log2(LEAST)), float(np.log2(MOST)), 2, STEPS))
