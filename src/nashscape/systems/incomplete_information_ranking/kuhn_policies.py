"""Kuhn's poker between a few fixed policies of either seat, exactly."""

from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class First(NamedTuple):
    """How often the first bets, and calls a bet after a check, with each of three cards, the lowest first."""

    bets: Sequence[float]
    calls: Sequence[float]


class Second(NamedTuple):
    """How often the second calls a bet, and bets after a check."""

    calls: Sequence[float]
    bets: Sequence[float]


FIRST = {
    "equilibrium": First((1 / 3, 0, 1), (0, 2 / 3, 1)),
    "bold": First((1, 1, 1), (1, 1, 1)),
    "shy": First((0, 0, 0), (0, 0, 1)),
    "honest": First((0, 0, 1), (0, 1, 1)),
}
SECOND = {
    "equilibrium": Second((0, 1 / 3, 1), (1 / 3, 0, 1)),
    "bold": Second((1, 1, 1), (1, 1, 1)),
    "shy": Second((0, 0, 1), (0, 0, 0)),
}


def worth(one: First, other: Second) -> float:
    """What the first gets on average of all six deals; the second gets the opposite.

    The value of the game is −1/18, which the equilibrium of the second makes sure of.

    >>> round(18 * worth(FIRST["equilibrium"], SECOND["equilibrium"]), 12)
    -1.0
    """
    total = 0.0
    for mine, theirs in permutations(range(3), 2):
        sign = 1.0 if mine > theirs else -1.0
        bet, call = one.bets[mine], one.calls[mine]
        called, raised = other.calls[theirs], other.bets[theirs]
        after_bet = called * 2 * sign + (1 - called)
        after_check = raised * (call * 2 * sign - (1 - call)) + (1 - raised) * sign
        total += bet * after_bet + (1 - bet) * after_check
    return total / 6


def chances() -> Floats:
    """The payoffs of both seats as chances, from −2 to 2 on from 0 to 1, `[2, 4, 3]`."""
    table = np.array([[worth(one, other) for other in SECOND.values()] for one in FIRST.values()])
    return (np.stack([table, -table]) + 2) / 4
